"""Every key in every place: none writes by itself, none quits, and where one types it is text."""

import string
from collections.abc import Iterable
from functools import partial

import pytest
from textual.widget import Widget
from textual.widgets import Input, TextArea

from casetui.tui.keyboard import DECLARED
from casetui.tui.keynames import read
from tests.desks import TestDesk
from tests.sittings import Sitting, sitting
from tests.tours import STOPS, Stop, furnish, home, reach, walk

PRINTED = string.ascii_letters + string.digits + string.punctuation
LEAVES = {"ctrl+q"}
"""What is meant to end the program at once."""
BRAKES = {"ctrl+z"}
"""What would stop the process that runs the tests."""
OTHERS = (
    *("backspace", "delete", "insert", "enter", "escape", "tab", "shift+tab", "space", "pageup", "pagedown"),
    *(f"f{at}" for at in range(1, 13)), *(f"ctrl+{letter}" for letter in string.ascii_lowercase),
    *(f"{held}{way}" for held in ("", "shift+", "ctrl+") for way in ("up", "down", "left", "right", "home")),
)  # fmt: skip
WRITTEN = ("cases", "acts", "entries", "letters", "policies")
"""The tables of what is kept: where one has been and what one is typing is no change."""
ALIKE = (
    "help statuses", "help clocks", "help screens", "palette", "letter", "picker why", "edit", "customer said",
    "note", "clone", "unassign", "remind", "bulk", "marks in the agenda", "marks in the search",
)  # fmt: skip
"""Places in which keys do what they do in a place of the same kind."""
ACCEPTED = frozenset({"enter", "y", "ctrl+s", *string.digits})
"""Keys that answer a dialog, which is meant to write then."""


def places(*, writes: bool) -> list[Stop]:
    """Return the places in which keys are pressed: those that a dialog of a deed has opened, or the others."""
    asks = {stop.name for stop in STOPS if stop.writes and stop.name != "marks"}
    return [stop for stop in STOPS if stop.name not in ALIKE and (stop.name in asks) is writes]


def keys(*, printed: bool) -> set[str]:
    """Return all keys that anything is declared for, and the others of a keyboard, also those that type."""
    declared = {key for command in DECLARED for key in command.keys.split(",")}
    return {*declared, *OTHERS, *(map(read, PRINTED) if printed else ())} - LEAVES - BRAKES


def kept(desk: TestDesk) -> list[object]:
    """Return all that the desk keeps."""
    return [desk.store.database.execute_sql(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in WRITTEN]


def fields(sat: Sitting) -> list[Input | TextArea]:
    """Return where one can type on the screen that is on top."""
    found = (each for each in sat.screen.query(Widget) if isinstance(each, Input | TextArea))
    return [each for each in found if each.focusable and each.display]


def holds(field: Input | TextArea, text: str) -> bool:
    """Say whether a text stands in a field."""
    return text in (field.value if isinstance(field, Input) else field.text)


async def press_each(sat: Sitting, desk: TestDesk, stop: Stop, pressed: Iterable[str]) -> None:
    """Press keys in a place, each as the first one there, and see that the desk stays as it is."""
    before = kept(desk)
    await reach(sat, stop)
    there, last = (sat.screen, sat.app.focused), ""
    for key in sorted(pressed):
        await sat.press(key)
        if sat.waiting:
            await sat.at_rest()
        assert sat.app.is_running, (stop.name, key)
        assert kept(desk) == before, (stop.name, f"{key}, or {last} before it")
        if (sat.screen, sat.app.focused) != there:
            await home(sat)
            await reach(sat, stop)
            there = sat.screen, sat.app.focused
        last = key
    await home(sat)
    assert kept(desk) == before, (stop.name, last)


@pytest.mark.parametrize("stop", places(writes=False), ids=lambda stop: stop.name)
async def test_no_key_writes_by_itself(desk: TestDesk, stop: Stop) -> None:
    """Every key of the keymap, and every other key, pressed on each screen: the desk holds what it held."""
    furnish(desk, "Labels")
    async with sitting(desk) as sat:
        await press_each(sat, desk, stop, keys(printed=True) - ({"y"} if stop.name == "quit" else set()))


async def test_in_a_dialog_only_an_answer_writes(desk: TestDesk) -> None:
    """Every key of the keymap but those that accept, pressed in each dialog: the desk holds what it held."""
    furnish(desk, "Labels")
    async with sitting(desk) as sat:
        for stop in places(writes=True):
            await press_each(sat, desk, stop, keys(printed=False) - ACCEPTED)


@pytest.mark.parametrize("name", ["dashboard", "case"])
async def test_a_read_only_session_hears_every_key_and_writes_no_byte(desk: TestDesk, name: str) -> None:
    """Keys that would write say that they do not; the file stays as it is."""
    furnish(desk, "Labels")
    desk.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before = desk.store.path.read_bytes()
    async with sitting(desk, read_only=True) as sat:
        await press_each(sat, desk, next(stop for stop in STOPS if stop.name == name), keys(printed=True))
        await sat.hears("read-only session")
    assert desk.store.path.read_bytes() == before


async def test_what_is_typed_is_text_and_no_focus_lets_copying_quit(desk: TestDesk) -> None:
    """The alphabet in each field of each screen and dialog only becomes text; ^c quits nowhere, also in fields."""
    furnish(desk, "Labels")
    typed = 0
    async with sitting(desk) as sat:
        async for stop in walk(sat):
            screen, before = sat.screen, kept(desk)
            await sat.press("ctrl+c")
            for field in fields(sat):
                field.focus()
                await sat.seen()
                letters = string.ascii_letters if field.id == "narrow" else PRINTED  # where digits choose
                await sat.type(letters)
                await sat.until(partial(holds, field, letters), f"the alphabet in {stop.name}")
                typed += 1
                await sat.press("ctrl+c")
            assert (sat.screen, sat.app.is_running, kept(desk)) == (screen, True, before), stop.name
    assert typed > len(STOPS) // 2
