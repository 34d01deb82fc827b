"""The wall: what it shows, that it can only show, and that it never looks alive when it is not."""

import re
import shutil
import string
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casetui.cli.root import CRASHED, run
from casetui.cli.session import Session
from casetui.desk.days import Day
from casetui.desk.demo import fill
from casetui.desk.wallboard import Wallboard
from casetui.desk.watch import Watch
from casetui.domain.clocks import SystemClock
from casetui.domain.looks import Looks
from casetui.domain.records import Facts, Priority, Request
from casetui.domain.workflow import CommentKind, Group, Status
from casetui.tui.keyboard import DECLARED
from casetui.tui.keynames import read
from casetui.tui.legible import LEAST
from casetui.tui.screens.wall import PAGES
from casetui.tui.wall.app import WallApp
from casetui.tui.wall.days import painter
from casetui.tui.wall.numerals import drawn
from casetui.tui.wall.rows import told
from tests.desks import START, HandClock, TestDesk
from tests.sittings import hung, wall
from tests.test_hostile_text import OBEYED, WORST
from tests.tours import Stop, furnish, home, least_contrast
from tests.ttys import tty

SIZES = ((80, 24), (60, 15), (100, 18), (200, 60), (300, 100), (20, 8))


def taken(desk: TestDesk, most: int) -> Wallboard:
    """Read the board; the day has 14 hours to go."""
    until = desk.clock.now() + timedelta(hours=14)
    days = [until - timedelta(days=back) for back in range(14, 0, -1)]
    return Wallboard.take(desk.board, days=days, until=until, most=most)


def furnished(desk: TestDesk) -> None:
    """Give a desk cases of several ages and queues, one overdue, one that is to be reminded today."""
    late = desk.open("Proxy error")
    desk.answer(late)
    asked = desk.open("Labels print twice")
    desk.ask(asked)
    desk.clock.advance(days=6, hours=20)
    reopened = desk.open("Export hangs")
    desk.verbs.edit(reopened, {"priority": Priority.DOWN})
    desk.answer(reopened)
    desk.customer(reopened)
    desk.clock.advance(hours=1)
    desk.verbs.assign(desk.open("Fines"), "ben")


def test_the_board_counts_what_an_agent_would_count(desk: TestDesk) -> None:
    """Queues with the age of their first case, what is due today and late, what is nobody's, urgent, reopened."""
    furnished(desk)
    now = desk.clock.now()
    board = taken(desk, most=9)
    new, reopened = board.queues[Status.NEW], board.queues[Status.REOPENED]
    assert (new.total, new.since) == (1, now)
    assert (reopened.total, reopened.unread, reopened.since) == (1, 1, now - timedelta(hours=1))
    assert board.total(Group.WAITS_ON_US).total == 2
    assert board.total(Group.WAITS_ON_US).since == reopened.since
    assert (board.all_open.total, board.overdue) == (4, 0)
    assert (board.reminders.today, board.closures.today) == (1, 0)
    assert board.reminders.next_at == now + timedelta(hours=3)
    assert (board.unassigned.total, board.unassigned.marked) == (3, 1)
    assert (board.urgent.total, board.urgent.marked) == (1, 1)
    assert (board.reopened.total, board.reopened.marked) == (1, 1)
    desk.clock.advance(days=8)
    board = taken(desk, most=1)
    assert board.overdue == 2
    assert [act.case.subject for act in board.acts] == ["Labels print twice"]


def test_days_are_counted_as_they_were(desk: TestDesk) -> None:
    """What was opened, wherever it is now, and what was closed; one that came to its status later counts once."""
    for _ in range(3):
        desk.ask(desk.open())
        desk.verbs.move(desk.open(), Request(Status.CLOSED))
        desk.clock.advance(days=1)
    desk.customer(1)
    desk.verbs.move(3, Request(Status.CLOSED))
    told = [(day.opened, day.closed) for day in taken(desk, most=1).days]
    assert told == [(0, 0)] * 10 + [(2, 1), (2, 1), (2, 1), (0, 1)]
    desk.clock.advance(days=12)
    assert [(day.opened, day.closed) for day in taken(desk, most=1).days] == [(2, 1), (0, 1), *[(0, 0)] * 12]


def test_what_was_done_at_once_is_told_once_and_reading_is_no_news(desk: TestDesk) -> None:
    """The newest first; a comment that moves its case is told as the move."""
    number = desk.open()
    desk.clock.advance(minutes=1)
    desk.ask(number)
    desk.clock.advance(minutes=1)
    desk.customer(number)
    desk.clock.advance(minutes=1)
    desk.verbs.read(number)
    changes = taken(desk, most=9).changes
    moves = [(change.entry.start, change.entry.target) for change in changes]
    assert moves == [
        (Status.CUSTOMER_INPUT, Status.UPDATE_RECEIVED), (Status.NEW, Status.CUSTOMER_INPUT), (None, Status.NEW),
    ]  # fmt: skip


async def test_all_is_there_at_one_glance(desk: TestDesk) -> None:
    """Numbers, queues with count and age, what comes, what changed, who runs the timer, how fresh it all is."""
    furnished(desk)
    watch = Watch(desk.store, desk.clock, "ben")
    watch.take()
    desk.sweeper.sweep()
    async with hung(desk, name="support") as sat:
        first, *_ = sat.text.splitlines()
        state = "WALL READ-ONLY fresh 06:00:00 db:support timer with ben, last 06:00 Mon 12 Jan 2026 06:00 UTC"
        assert " ".join(first.split()) == state
        for title in ("WAITS ON US", "OVERDUE", "UNASSIGNED", "REOPENED", "REMIND TODAY", "CLOSE TODAY"):
            assert f"─ {title} ─" in sat.text
        assert "next +3h" in sat.text
        assert re.search(r"│ Reopened +1 +1h +●1 +█", sat.text)
        assert re.search(r"\+3h remind +#2 Uni Ghent", sat.text)
        assert re.search(r"05:00 +#3 customer replied → REOPENED  Uni Ghent", sat.text)
        assert re.search(r"06:00 +#4 NEW P3  Uni Ghent", sat.text)
        assert sat.text.splitlines()[-1].startswith(" ? Help  P Pause  ] Next page  q Quit")
        assert "no key changes anything" in sat.text.splitlines()[-1]


async def test_what_others_do_is_shown_by_itself(desk: TestDesk, clock: HandClock) -> None:
    """At the next beat, with how many more it is since the day began here."""
    desk.open()
    async with hung(desk) as sat:
        await sat.sees("+0 since 09:00")
        clock.advance(minutes=30)
        desk.agent("ben").open(Facts("Everything is down", account="HU Berlin", priority=Priority.DOWN))
        await sat.beat()
        await sat.sees("+1 since 09:00")
        await sat.sees("NEW P1  HU Berlin")
        clock.advance(days=1)
        await sat.beat()
        await sat.sees("+0 since 09:30")
        assert re.search(r"New +2  24h", sat.text)


async def test_every_size_shows_every_queue_and_every_page(desk: TestDesk) -> None:
    """No number is cut, nothing is asked of the size, and a resize shows what the first paint would."""
    fill(desk.store, desk.clock.now(), cases=120, agent="ana")
    async with hung(desk, size=SIZES[0]) as sat:
        at_first, board = sat.text, wall(sat).board
        assert board is not None
        for size in (*SIZES[1:], SIZES[0]):
            await sat.pilot.resize_terminal(*size)
            await sat.at_rest()
            for page in PAGES:
                assert wall(sat).page == page
                assert len(sat.text.splitlines()) == size[1]
                if page == "all" and size[0] >= 60:
                    for status in (Status.NEW, Status.CONFIRMATION, Status.THIRD_PARTY):
                        label, short = re.escape(status.label), re.escape(status.row.short)
                        found = re.search(rf"(?:{label}|{short}) +(\d+)", sat.text)
                        assert found, (size, status, sat.text)
                        assert int(found[1]) == board.queues[status].total
                await sat.press("right_square_bracket")
        await sat.until(lambda: sat.text == at_first, "what the first paint showed")


async def test_a_board_that_stands_still_says_so(desk: TestDesk, clock: HandClock) -> None:
    """Lost: stale, since when, and why. Silent: stale too. Paused: since when, and which key goes on."""
    desk.open("Labels print twice")
    desk.store.close()
    path = desk.store.path
    async with hung(desk) as sat:
        await sat.press("P")
        await sat.sees("PAUSED since 09:00:00, P goes on")
        clock.advance(minutes=2)
        await sat.app.heart.beat()
        assert "fresh 09" not in sat.text
        await sat.press("P")
        await sat.sees("fresh 09:02:00")
        aside = path.with_name("aside.db")
        path.rename(aside)
        clock.advance(seconds=5)
        await sat.app.heart.beat()
        await sat.app.heart.beat()
        line = "STALE since 09:02:00, R tries again: There is no database at"
        await sat.until(lambda: sat.text.startswith(f" {line}"), line)
        assert "WALL" not in sat.text
        aside.rename(path)
        await sat.app.heart.beat()
        await sat.sees("fresh 09:02:05")
        clock.advance(seconds=20)
        wall(sat).tell()
        await sat.sees("STALE since 09:02:05: the database does not answer.")
        await sat.beat()
        wall(sat).tell()
        await sat.sees("fresh 09:02:25")


async def test_a_copy_that_is_copied_anew_is_read_anew(desk: TestDesk, tmp_path: Path) -> None:
    """Written past the database, which then tells nobody that it has changed."""
    desk.open("Labels print twice")
    copy = tmp_path / "copy.db"
    desk.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(desk.store.path, copy)
    original, desk.store.path = desk.store.path, copy
    async with hung(desk) as sat:
        assert "Everything is down" not in sat.text
        desk.verbs.open(Facts("Everything is down", account="HU Berlin"))
        desk.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(original, copy)
        await sat.beat()
        await sat.sees("NEW P3  HU Berlin")
        assert "STALE" not in sat.text


async def test_a_beat_while_the_program_ends_is_no_mistake(desk: TestDesk) -> None:
    """When what the wall shows is gone already, there is nothing to stamp or to paint."""
    desk.open()
    async with hung(desk) as sat:
        screen = wall(sat)
        await screen.remove_children()
        screen.tell()
        screen.on_resize()
        await sat.seen()


async def test_pages_turn_by_themselves_where_that_is_wanted(desk: TestDesk) -> None:
    """One after the other, but not behind the help, and not while the board is to stand still."""
    desk.open()
    async with hung(desk, rotate=3600) as sat:
        screen = wall(sat)
        turn = screen._turn  # noqa: SLF001 - which an interval calls
        turn()
        assert screen.page == PAGES[1]
        await sat.press("P")
        turn()
        await sat.press("P", "question_mark")
        await sat.opens("Help")
        turn()
        assert screen.page == PAGES[1]
        await sat.press("escape", "left_square_bracket")
        await sat.at_rest()
        assert screen.page == PAGES[0]


async def test_at_rest_nothing_but_the_stamp_is_drawn(
    desk: TestDesk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A beat draws nothing; the stamp, every few seconds, no line but the first."""
    desk.ask(desk.open())
    async with hung(desk) as sat:
        await sat.until(lambda: not sat.screen._dirty_widgets, "the last paint")  # noqa: SLF001 - nothing else tells
        frames: list[Any] = []
        monkeypatch.setattr(sat.app, "_display", lambda _, frame: frames.append(frame))
        for _ in range(50):
            clock.advance(seconds=1)
            await sat.beat()
        assert not frames
        wall(sat).tell()
        await sat.until(lambda: frames)
        assert {span[0] for frame in frames for span in frame.spans} == {0}


async def test_no_key_writes_or_opens_a_case(desk: TestDesk) -> None:
    """Of all keys none changes a byte or shows more than the wall; those that write elsewhere say why not."""
    furnish(desk, "Labels")
    desk.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before = desk.store.path.read_bytes()
    declared = {key for command in DECLARED for key in command.keys.split(",")}
    async with hung(desk) as sat:
        for key in sorted({*declared, *map(read, string.printable[:94])} - {"ctrl+q", "ctrl+z"}):
            await sat.press(key)
            if sat.waiting:
                await sat.at_rest()
            assert type(sat.screen).__name__ in ("Wall", "Help", "Confirm", "CommandPalette"), key
            if len(sat.app.screen_stack) > 1:
                await home(sat)
        await sat.hears("This is a read-only session: nothing can be changed here.")
        await sat.press("colon", "1")
        await sat.opens("CommandPalette")
        await sat.at_rest()
        assert "Open case" not in sat.text
        await sat.press("escape", "q")
        await sat.opens("Confirm")
        await sat.press("y")
    assert desk.store.path.read_bytes() == before


@pytest.mark.parametrize("theme", ["dark", "contrast", "ansi-light"])
async def test_it_is_legible_text_in_every_theme(desk: TestDesk, theme: str) -> None:
    """The worst that a customer can write neither acts nor styles nor hides on any page, and frames are ASCII."""
    furnish(desk, WORST)
    contrasted = not theme.startswith("ansi")
    async with hung(desk, name=WORST, size=(200, 50), looks=Looks(theme, ascii=True)) as sat:
        for page in PAGES:
            assert not OBEYED & set(sat.text)
            beyond = {sign for sign in sat.text if sign > "\x7e"} - set(WORST)
            assert not beyond, (page, beyond)
            if contrasted:
                assert least_contrast(sat, Stop(page, (), "Wall")) >= LEAST
            await sat.press("right_square_bracket")
        await sat.press("question_mark")
        await sat.opens("Help")
        await sat.sees("Have the wall stand still")


async def test_subjects_can_be_left_out(desk: TestDesk) -> None:
    """For rooms with visitors: none on any page, not in the place of an account either."""
    desk.ask(desk.verbs.open(Facts("The password is swordfish", email="a@example.org")).number)
    for subjects in (True, False):
        async with hung(desk, size=(200, 60), subjects=subjects) as sat:
            assert ("swordfish" in sat.text) is subjects


def test_bars_are_as_high_as_they_count() -> None:
    """The highest fills the room, the others are in proportion, and nothing but nothing has no bar."""
    counts = ((0, 8), (4, 1), (8, 0))
    days = [Day(START + timedelta(days=at), *each) for at, each in enumerate(counts)]
    lines = ["".join(text for text, _ in parts).rstrip() for parts in painter(days, "UTC")(16, 6)]
    assert lines == [
        "   ▒▒      ██", "   ▒▒      ██", "   ▒▒ ██   ██", "   ▒▒ ██▒▒ ██",
        " 05   06   07", " █ opened   ▒ closed   the highest is 8",
    ]  # fmt: skip
    assert "05" not in "".join(text for parts in painter(days, "UTC")(7, 6) for text, _ in parts)


def test_numbers_are_as_large_as_there_is_room_for() -> None:
    """In blocks, twice as wide as high; what does not fit is told in thousands, or in plain digits."""
    assert drawn(7, 6, 5) == ["██████", "    ██", "    ██", "  ██  ", "  ██  "]
    assert len(drawn(7, 40, 40)) == 30
    assert drawn(7, 40, 40, digits=3) == drawn(7, 40, 15, digits=3)
    assert len(drawn(50_123, 19, 5)[0]) == 19
    assert drawn(50_123, 11, 5) == drawn(50_999, 11, 5)
    assert drawn(50_123, 11, 5)[0] == "███ ███ █  "
    assert drawn(1_500_000, 7, 5)[0] == " █  █ █"
    assert drawn(50_123, 7, 5) == ["50123"]
    assert drawn(12, 40, 4) == ["12"]


def test_the_command_opens_it_without_colour_or_mouse_and_leaves_the_terminal_as_it_was(desk: TestDesk) -> None:
    """A real terminal; no account is needed, and the exit code is that of the ending."""
    desk.clock.instant = SystemClock().now()
    desk.customer(desk.open("Labels print twice"))
    with tty("--database", str(desk.store.path), "wall", "--no-subjects", environment={"NO_COLOR": "1"}) as run:
        run.sees("Uni Ghent")
        run.send("q")
        run.sees("Quit casetui?")
        run.send("y")
        assert run.ends() == 0
        assert run.is_restored
        assert not {1000, 1002, 1003, 1006} & set(run.modes)
        assert "Labels" not in run.words
    assert not [pen for pen in run.pens if re.search(r"(?:^|;)(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;|$)", pen)]


@pytest.mark.parametrize(("steady", "endings"), [(0.0, [CRASHED, CRASHED, 0]), (60.0, [CRASHED])])
def test_a_mistake_of_ours_does_not_darken_it(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, steady: float, endings: list[int]
) -> None:
    """It begins anew; but one that ends at once would do so again, and leaves with that exit code."""
    ended: list[int] = []

    def end(app: WallApp, *, mouse: bool) -> None:
        assert not mouse
        app._return_code = endings[len(ended)]  # noqa: SLF001 - as Textual's own run does
        ended.append(endings[len(ended)])

    monkeypatch.setattr(WallApp, "run", end)
    monkeypatch.setattr("casetui.cli.screens._want_terminal", lambda: None)
    monkeypatch.setattr("casetui.cli.screens.STEADY", steady)
    assert run(["--database", str(desk.store.path), "wall"]) == endings[-1]
    assert ended == endings


def test_without_a_desk_or_a_screen_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A desk that is not there is not made; where no screen can be read, the desk is told in words."""
    missing = tmp_path / "no.db"
    assert run(["--database", str(missing), "wall"]) == 3
    assert not missing.exists()
    assert "There is no database at" in capsys.readouterr().err
    assert run(["--database", str(missing), "wall", "--rotate", "1"]) == 2
    assert run(["--database", str(missing), "new", "--subject", "S"], Session()) == 0
    assert run(["--database", str(missing), "--plain", "wall"]) == 0
    assert "New: 1." in capsys.readouterr().out


def test_a_change_is_told_in_a_few_words(desk: TestDesk) -> None:
    """Each kind of entry, without a word that anybody wrote."""
    number = desk.open("Secret")
    acts: tuple[Callable[[], object], ...] = (
        lambda: desk.verbs.comment(number, CommentKind.INTERNAL, "secret"),
        lambda: desk.verbs.comment(number, CommentKind.PUBLIC, "secret"),
        lambda: desk.customer(number, "secret"),
        lambda: desk.ask(number),
        lambda: desk.verbs.extend(number, "40d", "secret"),
        lambda: desk.verbs.hold(number, None, "secret"),
        lambda: desk.verbs.release(number),
        lambda: desk.verbs.move(number, Request(Status.CLOSED)),
    )
    for act in acts:
        desk.clock.advance(minutes=1)
        act()
    changes = taken(desk, most=20).changes
    words = [told(change)[0] for change in reversed(changes)]
    assert words == [
        "NEW P3", "note by ana", "answered by ana", "customer replied", "→ Pend. Cust. Input by ana",
        "extended by ana", "held by ana", "released by ana", "closed by ana",
    ]  # fmt: skip
