"""What all screens keep to: rest, places that stay, keys that are named, words where there is nothing."""

import re
from pathlib import Path

import pytest

from casetui.domain.records import Facts, Priority, Request
from casetui.domain.workflow import Status
from casetui.tui.widgets.keyline import KeyLine
from casetui.tui.widgets.queuelist import QueueList
from tests.desks import TestDesk, desk_in
from tests.sittings import Sitting, sitting
from tests.tours import STOPS, Stop, furnish, home, reach

SCREENS = tuple(stop for stop in STOPS if stop.name in ("dashboard", "case", "due", "search"))


def footer(sat: Sitting) -> KeyLine:
    """Return the last line of the screen that is on top."""
    return sat.screen.query_one(KeyLine)


async def test_at_rest_nothing_is_drawn(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between minutes no beat of the clock draws anything, although deadlines come nearer; a minute does."""
    desk.ask(desk.open())
    desk.verbs.move(desk.open("Labels"), Request(Status.CLOSED))
    frames: list[object] = []
    async with sitting(desk) as sat:
        await sat.until(lambda: re.search(r"Closed +1", sat.text), "the closed cases, which are counted last")
        await sat.at_rest()
        await sat.until(lambda: not sat.screen._dirty_widgets, "the last paint")  # noqa: SLF001 - nothing else tells
        monkeypatch.setattr(sat.app, "_display", lambda *drawn: frames.append(drawn))  # where frames are written
        for _ in range(58):
            desk.clock.advance(seconds=1)
            await sat.beat()
        assert not frames
        desk.clock.advance(seconds=2)
        await sat.beat()
        assert frames


async def test_a_refresh_moves_nothing_that_an_agent_has_chosen(desk: TestDesk) -> None:
    """Cases of others come in above, below and out of the list: cursor, its line, marks and focus stay."""
    for at in range(40):
        desk.open(f"Case of ours {at}")
    async with sitting(desk, size=(110, 24)) as sat:
        await sat.press(*["j"] * 20, "space", "space", "k", "k", "k")
        await sat.press("shift+tab")
        number, marks, focused = sat.number, set(sat.list.marks), sat.app.focused
        assert (len(marks), focused) == (2, sat.screen.query_one(QueueList))
        at = shown_at(sat)
        others = desk.agent("ben")
        for _ in range(7):
            others.open(Facts("Everything is down", priority=Priority.DOWN))
        others.open(Facts("A wish", priority=Priority.LOW))
        await sat.beat()
        await sat.sees("All open 48")
        assert (sat.number, set(sat.list.marks), sat.app.focused) == (number, marks, focused)
        assert shown_at(sat) == at


def shown_at(sat: Sitting) -> int:
    """Return the line of the screen on which the case under the cursor stands."""
    mark = f" {sat.number} "
    return next(at for at, words in enumerate(sat.text.splitlines()) if mark in words and "Case of ours" in words)


@pytest.mark.parametrize("stop", SCREENS, ids=lambda stop: stop.name)
async def test_help_is_named_at_every_width_and_no_word_is_cut(desk: TestDesk, stop: Stop) -> None:
    """The last line begins with the help; each entry of it stands there whole or not at all."""
    furnish(desk, "Labels")
    async with sitting(desk) as sat:
        await reach(sat, stop)
        for width in (20, 40, 60, 80, 100, 120, 160, 200, 300):
            await sat.pilot.resize_terminal(width, 24)
            await sat.pilot.pause()
            words = sat.text.splitlines()[-1]
            assert words.startswith(" ? Help"), (width, words)
            known = {f"{each.shown} {each.word}" for each in footer(sat)._words} | {"^p Commands"}  # noqa: SLF001
            assert {each.strip() for each in words.split("  ") if each.strip()} <= known, (width, words)


@pytest.mark.parametrize("stop", SCREENS[1:], ids=lambda stop: stop.name)
async def test_a_beat_while_the_program_ends_is_no_mistake(desk: TestDesk, stop: Stop) -> None:
    """What a screen shows is taken down before the screen: there is nothing left to tell."""
    furnish(desk, "Labels")
    async with sitting(desk) as sat:
        await reach(sat, stop)
        if stop.name == "due":
            await sat.sees("Why #")  # which is read a little later
        await sat.screen.remove_children()
        desk.clock.advance(minutes=1)
        desk.open()
        await sat.beat()


async def test_the_composer_names_no_key_that_it_has_no_room_for(desk: TestDesk) -> None:
    """The last of its line is how to leave; each entry stands there whole or not at all."""
    desk.open()
    async with sitting(desk, size=(120, 30)) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        entries = {each.strip() for each in sat.text.splitlines()[-1].split("   ") if each.strip()}
        assert "^s Last look" in entries
        for width in (40, 50, 60, 70, 80):
            await sat.pilot.resize_terminal(width, 15)
            await sat.at_rest()
            shown = [each.strip() for each in re.split(" {2,}", sat.text.splitlines()[-1]) if each.strip()]
            assert set(shown) <= entries, (width, shown)
            assert shown[-1] == "Esc Keep draft", width


async def test_everything_in_the_footer_can_be_clicked(desk: TestDesk) -> None:
    """A click leads where the key leads."""
    furnish(desk, "Labels")
    async with sitting(desk, size=(100, 30)) as sat:
        places = list(footer(sat)._places)  # noqa: SLF001 - nothing else tells where entries stand
        assert len(places) > len(SCREENS)
        for start, _, key in places:
            await sat.pilot.click(KeyLine, offset=(start, 0))
            await sat.at_rest()
            clicked = where(sat)
            await home(sat)
            await sat.press(key)
            await sat.at_rest()
            assert where(sat) == clicked, key
            await home(sat)
            sat.list.focus()


def where(sat: Sitting) -> tuple[str, str, str]:
    """Return what is on top, what has the focus, and the title of the list."""
    return type(sat.screen).__name__, type(sat.app.focused).__name__, str(sat.list.border_title)


async def test_what_is_empty_says_so_and_which_key_helps(desk: TestDesk) -> None:
    """An empty desk, queue, view, agenda, search and history; a filter, and a page of the help."""
    async with sitting(desk) as sat:
        await sat.sees("No cases yet. ^n opens one.")
        await sat.press("d")
        await sat.sees("Nothing will fall due: no case has a clock. Esc goes back.")
        await sat.press("f")
        await sat.sees("Nothing of this kind (reminders) will fall due. f shows another kind.")
        await sat.press("escape", "ctrl+f")
        await sat.sees("Type words that were said")
        await sat.type("labels")
        await sat.sees("No case has /labels. Fewer words find more: / goes to the line with them.")
        await sat.press("escape", "escape", "question_mark", "slash")
        await sat.type("xyzzy")
        await sat.sees("Nothing is said of that. Esc shows the pages.")
        await sat.press("escape", "escape")
        desk.open("Labels")
        await sat.beat()
        await sat.press("1")
        await sat.sees("Nothing in Changed. ] goes on; the next queue with cases is New.")
        await sat.press("5", "slash")
        await sat.type("xyzzy")
        await sat.sees("No match for /xyzzy in All open. Esc clears the filter; ^f searches")
        await sat.press("escape", "enter")
        await sat.opens("CaseScreen")
        await sat.press("f", "f", "f")
        await sat.sees("No entry is of this kind. f shows another kind.")


async def test_a_database_that_is_lost_is_said_with_the_key_that_tries_again(desk: TestDesk) -> None:
    """What was read stays on the screen, as stale: since when, what to press, and why."""
    desk.open("Labels")
    async with sitting(desk) as sat:
        desk.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        desk.store.path.write_bytes(b"no database" * 10_000)
        await sat.press("R")
        await sat.sees("STALE since 09:00:00, R tries again: ")
        assert "Labels" in sat.text
        await sat.press("slash")
        await sat.type("lab")
        await sat.at_rest()
        assert "Labels" in sat.text
        assert sat.app.is_running


@pytest.mark.parametrize("read_only", [True, False], ids=["monitor", "dashboard"])
async def test_a_database_that_was_moved_or_replaced_is_said_and_never_made_anew(
    desk: TestDesk, tmp_path: Path, *, read_only: bool
) -> None:
    """A file that is no longer the desk is neither read nor written; what takes its place is opened."""
    desk.open("Labels print twice")
    path, aside, other = desk.store.path, tmp_path / "aside.db", tmp_path / "other.db"
    with desk_in(tmp_path, desk.clock, other.name) as second:
        second.open("Proxy error")
    desk.store.close()
    async with sitting(desk, read_only=read_only) as sat:
        path.rename(aside)
        desk.clock.advance(seconds=2)
        await sat.app.heart.beat()
        await sat.sees("STALE since 09:00:00, R tries again: ")
        await sat.app.heart.beat()
        since = "STALE since 09:00:00, R tries again: "
        assert sat.app.session.stale == f"{since}There is no database at {path} any more."
        assert not path.exists()
        other.rename(path)
        await sat.app.heart.beat()
        await sat.sees("Proxy error")
        assert "STALE" not in sat.text
        aside.replace(path)
        await sat.app.heart.beat()
        await sat.app.heart.beat()
        await sat.sees("Labels print twice")
