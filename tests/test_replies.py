"""Canned replies: their files, what the facts of a case make of them, and one key from list to composer."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetui import canned
from casetui.cli.root import run
from casetui.domain.policy import Policy
from casetui.domain.records import Request
from casetui.domain.replies import PLACES, SHIPPED, Reply, faults
from casetui.domain.workflow import CommentKind, Status
from casetui.settings import Chosen, Settings
from casetui.tui.dialogs.composer import Composer
from tests.desks import START, TestDesk
from tests.sittings import Sitting, sitting
from tests.test_widgets import a_case

LOGS = "Title: Ask for logs\nStatus: pending_customer_input\n\nPlease send the logs of {product}.\n"
AT_WORK = "Title: At work\n\nWe are at work on {number}.\n"

Write = Callable[[str, str], Path]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose file would lie in a folder of its own."""
    nobody = Chosen("", "")
    return Settings(nobody, nobody, tmp_path / "home" / "config.toml", file_exists=False)


@pytest.fixture
def write(settings: Settings) -> Write:
    """Return what writes a reply beside the settings."""

    def written(name: str, text: str) -> Path:
        file = settings.file.parent / "replies" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return written


# Texts


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "no 'Title: '"),
        ("Title:\n\nText", 1, "no 'Title: '"),
        ("Title: A", 2, "no reply below the title"),
        ("Title: A\n\n \n", 2, "no reply below the title"),
        ("Title: A\nText", 2, "are 'Title: ' and, if wanted, 'Status: '"),
        ("Title: A\ntitle: B\n\nText", 2, "'title' is said twice"),
        ("Title: A\nStatus: waiting\n\nText", 2, "'waiting' is not a status"),
        ("Title: A\nStatus: Reopened\n\nText", 2, "a reply alone cannot lead to Reopened"),
        ("Title: A\nStatus: pending_release\n\nText", 2, "a reply alone cannot lead to Pending Release"),
        ("Title: A\n\nText\n{nmber}", 4, "the placeholder {nmber} is unknown; there are {number}, {subject}"),
        ("Title: A\n\nIt closes on {closes}.", 3, "{closes} wants a Status that closes by the clock"),
        ("Title: A\nStatus: in_progress\n\nIt closes on {closes}.", 4, "{closes} wants a Status that closes"),
        ("Title: A\n\n{number.real}", 3, "{number.real} is unknown"),
        ("Title: A\n\n{number!r:>9}", 3, "{number} takes nothing behind its name"),
        ("Title: A\n\n{", 3, "a brace stands alone"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, said: str) -> None:
    """Whether in the head or in the text."""
    found = faults(text)
    assert any(at == line and said in sentence for at, sentence in found), found


def test_a_text_without_mistakes_is_a_reply() -> None:
    """In any order and case of the heads, with any line ends, with a byte order mark."""
    assert faults(LOGS) == faults(AT_WORK) == []
    logs = Reply("Ask for logs", Status.CUSTOMER_INPUT, "Please send the logs of {product}.")
    assert Reply.read(LOGS) == logs
    windows = "\ufeffSTATUS: Pending Customer Input\ntitle: Ask for logs\n\nPlease send the logs of {product}."
    assert Reply.read(windows.replace("\n", "\r\n")) == logs
    assert Reply.read("Title: A\n\nOne.\n\nTwo: three.").text == "One.\n\nTwo: three."


@given(st.text(alphabet="TitleSau :\n{}numberco\r\ufeff", max_size=60))
def test_any_text_is_a_reply_or_has_faults(text: str) -> None:
    """What has no fault can be read and filled."""
    for head in ("", "Title: A\n\n", "Title: A\nStatus: closed\n\n"):
        if not faults(head + text):
            Reply.read(head + text).filled(a_case(1), "ana", Policy(), START)


def test_the_replies_that_casetui_brings_are_right() -> None:
    """They would pass as files, and every one has a status that a reply can lead to, or none."""
    for reply in SHIPPED:
        status = f"\nStatus: {reply.status.value}" if reply.status else ""
        text = f"Title: {reply.title}{status}\n\n{reply.text}\n"
        assert faults(text) == []
        assert Reply.read(text) == reply
        for status_ in Status:
            filled = reply.filled(a_case(1, status=status_), "ana", Policy(), START)
            assert filled
            assert "{" not in filled


def test_facts_come_in_as_text_and_missing_ones_leave_no_gap() -> None:
    """Braces in a customer's words are no placeholders, and their line breaks are blanks."""
    places = "|".join(f"{{{name}}}" for name in PLACES)
    reply = Reply("All", Status.CUSTOMER_INPUT, f"{places}|{{{{x}}}}")
    case = a_case(7, subject="{agent}\n{0} {", contact="Ann\r\nLee", account=None, product=None)
    closes = (START + timedelta(days=28)).strftime("%a %d %b %Y %H:%M UTC")
    assert reply.filled(case, "ana", Policy(), START) == f"7|{{agent}} {{0}} {{|Ann Lee|||ana|{closes}|{{x}}"
    assert Reply("A", None, "Dear {product}, hello").filled(case, "ana", Policy(), START) == "Dear, hello"


def test_the_example_of_readme_is_right() -> None:
    """It has no mistake, and names every placeholder that there is."""
    text = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    example = text.split("<!-- reply -->\n```\n")[1].split("```")[0]
    assert faults(example) == []
    assert Reply.read(example).status is Status.CUSTOMER_INPUT
    assert all(f"`{{{name}}}`" in text for name in PLACES)
    assert "casetui brings five" in text
    assert len(SHIPPED) == 5


# Files


def test_a_wrong_file_spoils_no_other(settings: Settings, write: Write) -> None:
    """It is named; without a folder there are the shipped ones, in an empty one there is none."""
    assert canned.read(settings.file).replies == SHIPPED
    second, bad = write("2-work.txt", AT_WORK), write("1-bad.txt", "Title: Bad\n\n{x} {y}")
    write("3-logs.txt", LOGS)
    write("notes.md", "no reply")
    bytes_ = write("4-bytes.txt", "")
    bytes_.write_bytes(b"Title: \xff\n\nText")
    found = canned.read(settings.file)
    assert [reply.title for reply in found.replies] == ["At work", "Ask for logs"]
    assert [(fault.file, fault.line) for fault in found.wrong] == [(bad, 3), (bad, 3), (bytes_, 1)]
    for file in second.parent.iterdir():
        file.unlink()
    assert canned.read(settings.file) == canned.Canned((), ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_is_no_traceback(settings: Settings, write: Write) -> None:
    """There is then no reply."""
    folder = write("1.txt", AT_WORK).parent
    folder.chmod(0)
    try:
        assert canned.read(settings.file).replies == ()
    finally:
        folder.chmod(0o700)


def test_config_check_reads_the_replies_too(
    settings: Settings, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """By file and line."""
    bad = write("bad.txt", "Title: Bad\n\n{x}")
    settings.file.write_text("")
    assert run(["--config", str(settings.file), "config", "check"]) == 2
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{bad}, line 3: the placeholder {{x}} is unknown")
    assert "1 mistake in the settings." in printed.err
    assert run(["--config", str(settings.file), "paths"]) == 0
    assert str(bad.parent) in capsys.readouterr().out


# The screen


def composer(sat: Sitting) -> Composer:
    """Return the composer on top."""
    assert isinstance(sat.screen, Composer)
    return sat.screen


async def test_asking_for_logs_is_one_key_and_a_digit(desk: TestDesk, settings: Settings, write: Write) -> None:
    """Text, Pending Customer Input and the clock, in one act, after a last look."""
    write("1-logs.txt", LOGS)
    number = desk.open()
    desk.verbs.edit(number, {"product": "Alma"})
    async with sitting(desk, settings=settings) as sat:
        await sat.press("M")
        await sat.opens("Replies")
        await sat.sees("Please send the logs of Alma.")
        await sat.press("1")
        await sat.opens("Composer")
        await sat.sees("Please send the logs of Alma.")
        assert composer(sat).target is Status.CUSTOMER_INPUT
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.sees("reminder")
        await sat.press("y")
        await sat.hears("is Pending Customer Input: reminder 12 Jan 09:00, closes 02 Feb 09:00")
    case = desk.case(number)
    assert (case.status, case.close_at) == (Status.CUSTOMER_INPUT, START + timedelta(days=28))
    comments = [entry.body for entry in desk.board.history(number) if entry.kind is CommentKind.PUBLIC]
    assert comments == ["Please send the logs of Alma."]


async def test_the_list_says_where_each_reply_leads(desk: TestDesk, settings: Settings) -> None:
    """Also where none of the moves leads there; typing finds the words of a text, Escape changes nothing."""
    desk.open()
    async with sitting(desk, settings=settings, size=(80, 24)) as sat:
        await sat.press("M")
        await sat.opens("Replies")
        for words in ("Pending Customer Input", "stays New", "stays: no move to Pend. Cust. Testing"):
            await sat.sees(words)
        await sat.type("whether it happens every time")
        await sat.until(lambda: "Ask for logs" not in sat.text, "one reply to be left")
        await sat.press("enter")
        await sat.opens("Composer")
        await sat.sees("step by step")
        await sat.press("escape")
        await sat.hears("The draft on case 1 is kept")
    assert desk.case(1).status is Status.NEW
    assert len(desk.board.history(1)) == 1


async def test_a_reply_whose_move_is_not_legal_moves_nothing(desk: TestDesk, settings: Settings) -> None:
    """Its text is there, the composer says why the case stays, and what is sent is a comment only."""
    number = desk.open()
    async with sitting(desk, settings=settings) as sat:
        await sat.press("M", "4")
        await sat.opens("Composer")
        await sat.sees("No move leads from New to Pending Customer Testing")
        assert composer(sat).target is None
        await sat.press("ctrl+s", "y")
        await sat.hears("Your reply is on case 1; the customer sees it.")
    assert desk.case(number).status is Status.NEW


async def test_in_the_composer_a_reply_goes_where_the_cursor_is(
    desk: TestDesk, settings: Settings, write: Write
) -> None:
    """Between what stands there; the text's own undo takes it back, and the status that was chosen stays."""
    write("1.txt", AT_WORK)
    write("2.txt", LOGS)
    desk.open()
    async with sitting(desk, settings=settings) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("AB")
        await sat.press("left", "ctrl+o", "ctrl+r")
        chosen = sat.app.screen_stack[-2]
        assert isinstance(chosen, Composer)
        target = chosen.target
        assert target is not None
        await sat.opens("Replies")
        await sat.press("1")
        await sat.opens("Composer")
        assert composer(sat).text == "AWe are at work on 1.B"
        assert composer(sat).target is target
        await sat.type("!")
        assert composer(sat).text == "AWe are at work on 1.!B"
        await sat.press("ctrl+z", "ctrl+z")
        assert composer(sat).text == "AB"
        await sat.press("ctrl+r", "escape")
        await sat.opens("Composer")
        assert composer(sat).text == "AB"
        await sat.press("ctrl+t", "ctrl+r")
        await sat.sees("Canned replies are for the customer; ^t makes this a public reply.")


async def test_the_composer_reads_the_replies_when_they_are_asked_for(
    desk: TestDesk, settings: Settings, write: Write
) -> None:
    """Opening it reads no file, and what a colleague has written since is there."""
    write("1.txt", AT_WORK)
    desk.open()
    async with sitting(desk, settings=settings) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        write("2.txt", LOGS)
        await sat.press("ctrl+r", "2")
        await sat.opens("Composer")
        await sat.sees("Please send the logs of.")
        await sat.press("escape")


async def test_a_draft_stays_above_the_reply(desk: TestDesk, settings: Settings, write: Write) -> None:
    """Nothing that was typed is lost to a canned text."""
    write("1.txt", AT_WORK)
    desk.open()
    async with sitting(desk, settings=settings) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("half a thought")
        await sat.press("escape")
        await sat.hears("The draft on case 1 is kept")
        await sat.press("M", "1")
        await sat.opens("Composer")
        assert composer(sat).text == "half a thought\n\nWe are at work on 1."


async def test_a_refused_reply_stays_in_the_composer_once(
    desk: TestDesk, settings: Settings, write: Write
) -> None:
    """Whoever was slower sees the text again, and not twice."""
    write("1.txt", LOGS)
    number = desk.open()
    async with sitting(desk, settings=settings) as sat:
        await sat.press("M", "1")
        await sat.opens("Composer")
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        desk.agent("bo").move(number, Request(Status.UNDER_REVIEW))
        await sat.press("y")
        await sat.opens("Composer")
        await sat.sees("bo")
        assert composer(sat).text == "Please send the logs of."
        assert composer(sat).target is Status.CUSTOMER_INPUT
        await sat.press("ctrl+s", "y")
        await sat.hears("is Pending Customer Input")
    assert len([entry for entry in desk.board.history(number) if entry.body]) == 1


async def test_files_are_read_anew_and_mistakes_are_named(
    desk: TestDesk, settings: Settings, write: Write
) -> None:
    """A reply that a colleague has just written is there; one with a mistake says so by file and line."""
    folder = write("1.txt", AT_WORK).parent
    desk.open()
    async with sitting(desk, settings=settings, size=(140, 40)) as sat:
        await sat.press("M")
        await sat.opens("Replies")
        await sat.sees("At work")
        await sat.type("nowhere")
        await sat.sees("No canned reply has these words.")
        await sat.press("escape")
        bad = write("2.txt", "Title: Bad\n\n{x}")
        (folder / "1.txt").unlink()
        await sat.press("M")
        await sat.sees("Left out: 2.txt, line 3: the placeholder {x} is unknown")
        await sat.press("escape")
        bad.unlink()
        await sat.press("M")
        await sat.sees("There is no canned reply yet: each is a .txt file in the folder 'replies'")


async def test_a_monitor_writes_no_reply(desk: TestDesk, settings: Settings) -> None:
    """As with every other key that writes."""
    desk.open()
    async with sitting(desk, settings=settings, read_only=True) as sat:
        await sat.press("M")
        await sat.hears("This is a read-only session")
