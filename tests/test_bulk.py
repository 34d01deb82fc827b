"""What is done to many cases at once: counted and asked, left out and named, shown, stopped, taken back as one."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from casetui.desk.check import problems
from casetui.domain.records import Facts
from casetui.domain.workflow import Status
from casetui.tui import bulk
from casetui.tui.bulk import AT_ONCE
from casetui.tui.commands import COMMANDS, Place
from casetui.tui.drawing import glyphs
from casetui.tui.many import DEEDS
from casetui.tui.screens.search import AT_ONCE as AT_ONCE_FOUND
from tests.desks import TestDesk
from tests.sittings import PATIENCE, Sitting, sitting

DAY = timedelta(days=1)


async def mark(sat: Sitting, many: int) -> None:
    """Mark all open cases."""
    await sat.press("5", "V")
    await sat.sees(f"{many} marked")


async def answer(sat: Sitting, *lines: str) -> None:
    """Type lines into the fields of a dialog, Enter after each."""
    for line in lines:
        await sat.type(line)
        await sat.press("enter")


def test_every_deed_on_many_cases_has_a_key_and_every_key_a_deed() -> None:
    """The commands that say they are done to all marked cases are those that can be."""
    actions = {command.action for command in COMMANDS if command.many}
    assert {action.partition("'")[2].rstrip("')") for action in actions} == set(DEEDS)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("r", "one customer at a time"),
        ("M", "one customer at a time"),
        ("C", "belongs to one case"),
        ("E", "its own"),
        ("O", "on its own"),
    ],
)
async def test_a_key_that_cannot_act_on_marks_says_why(desk: TestDesk, key: str, why: str) -> None:
    """And opens nothing, also where the case under the cursor could be meant; keys that only look do look."""
    desk.open()
    desk.open()
    async with sitting(desk) as sat:
        await mark(sat, 2)
        await sat.press(key)
        await sat.hears(f"{why}: Esc takes the marks off first.")
        assert sat.app.screen_stack == [sat.screen]
        await sat.press("y")
        await sat.hears("The numbers of 2 cases:")
        await sat.press("w")
        await sat.opens("Tell")


async def test_a_deed_that_no_marked_case_can_take_says_why(desk: TestDesk) -> None:
    """It is the marks that are asked, and not the case under the cursor."""
    plain, clocked = desk.open(), desk.open()
    desk.ask(clocked)
    async with sitting(desk) as sat:
        await sat.press("5")
        await sat.until(lambda: sat.list.total == 2)
        sat.list.mark([desk.case(plain)])
        await sat.press("G")
        await sat.until(lambda: sat.number == clocked)
        await sat.press("e")
        await sat.hears(f"None of the marked cases can: No clock runs while case {plain} is New.")
        sat.list.mark([desk.case(clocked)])
        await sat.press("g", "e")
        await sat.opens("ExtendDialog")


async def test_clocks_are_extended_each_from_where_it_is(desk: TestDesk) -> None:
    """What comes of it is seen before; who has no clock stays out by name, and one undo takes all back."""
    asked, waiting, plain = desk.open(), desk.open(), desk.open()
    desk.ask(asked)
    desk.answer(waiting)
    before = {number: desk.case(number).close_at for number in (asked, waiting)}
    async with sitting(desk) as sat:
        await mark(sat, 3)
        await sat.press("e")
        await sat.opens("ExtendDialog")
        await sat.sees("2 of 3 have a clock")
        await sat.type("7d")
        await sat.sees("2 of 3 close between")
        await sat.sees("1 without a clock.")
        await answer(sat, "", "holidays")
        await sat.opens("Confirm")
        await sat.sees("Extend the clocks of 2 of 3 cases: 7d?")
        await sat.sees(f"Left out, still marked: 1 without a clock (#{plain}).")
        await sat.press("y")
        await sat.hears("Done on 2 of 3 cases. u takes it back.")
        await sat.sees("1 marked")
        for number, close in before.items():
            assert close is not None
            assert desk.case(number).close_at == close + 7 * DAY
        await sat.press("escape", "u")
        await sat.opens("Confirm")
        await sat.press("y")
        await sat.hears("Taken back")
        assert {number: desk.case(number).close_at for number in before} == before
    assert not list(problems(desk.store))


async def test_an_extension_says_whom_it_would_give_nothing(desk: TestDesk) -> None:
    """A date moves only those that close before it; where it moves none, it cannot be accepted."""
    soon, late = desk.open(), desk.open()
    desk.answer(soon)
    desk.test(late)
    async with sitting(desk) as sat:
        await mark(sat, 2)
        await sat.press("e")
        await sat.opens("ExtendDialog")
        await sat.type("2026-02-20")
        await sat.sees("1 of 2 close")
        await sat.sees("1 closing that")
        await sat.press(*["backspace"] * 10)
        await sat.type("2026-01-06")
        await sat.sees("That gives none of them more time: 2 closing")
        await answer(sat, "", "late")
        await sat.opens("ExtendDialog")


async def test_timers_are_held_and_released_together(desk: TestDesk) -> None:
    """Where some are held and some run, it is asked which is meant; each way is one act."""
    numbers = [desk.open() for _ in range(3)]
    for number in numbers:
        desk.ask(number)
    desk.verbs.hold(numbers[0], None, "asked")
    async with sitting(desk) as sat:
        await mark(sat, 3)
        await sat.press("t")
        await sat.opens("Choose")
        await sat.sees("Hold 2 whose timer runs")
        await sat.press("1")
        await sat.opens("HoldDialog")
        await answer(sat, "2d", "holidays")
        await sat.opens("Confirm")
        await sat.sees("Hold 2 of 3 cases until 07 Jan 09:00?")
        await sat.sees(f"1 held already (#{numbers[0]})")
        await sat.press("y")
        await sat.hears("Done on 2 of 3 cases.")
        await sat.at_rest()
        assert [desk.case(number).hold_reason for number in numbers] == ["asked", "holidays", "holidays"]
        await sat.press("V", "V")
        await sat.sees("3 marked")
        await sat.press("t")
        await sat.opens("Confirm")
        await sat.sees("Let the timer run again for 3 cases?")
        await sat.press("y")
        await sat.hears("Done on 3 of 3 cases.")
        assert not any(desk.case(number).hold_reason for number in numbers)
        await sat.press("u", "y")
        await sat.hears("Taken back: released (3 cases)")
        assert all(desk.case(number).hold_reason for number in numbers)


async def test_many_reminders_say_that_nothing_takes_them_back(desk: TestDesk) -> None:
    """Who cannot be reminded is named with the reason; the others get their letters, and no undo is offered."""
    asked, silent, plain = desk.open(), desk.open(email=None), desk.open()
    late = desk.open()
    for number in (late, asked, silent):
        desk.ask(number)
    async with sitting(desk) as sat:
        await mark(sat, 4)
        await sat.press("b")
        await sat.opens("Confirm")
        await sat.sees("Remind the customers of 2 of 4 cases now?")
        await sat.sees(f"1 without an address (#{silent})")
        await sat.sees(f"1 in New, where nobody is reminded (#{plain})")
        await sat.sees("This cannot be undone.")
        assert "takes it all back" not in sat.text
        await sat.press("y")
        await sat.hears("Done on 2 of 4 cases.")
        assert "takes it back" not in sat.toasts
    assert [desk.case(number).reminded_at is not None for number in (asked, late, silent)] == [True, True, False]
    assert desk.board.letters()[0] == 2


async def test_what_is_so_already_is_left_alone(desk: TestDesk) -> None:
    """Who owns a case or has the priority already is no part of the act; where none is left, nothing is asked."""
    mine, free = desk.open(), desk.open()
    desk.verbs.assign(mine, "ana")
    async with sitting(desk) as sat:
        await mark(sat, 2)
        await sat.press("a")
        await sat.opens("AssignDialog")
        await sat.sees("me, owns 1 now")
        await sat.press("enter")
        await sat.sees("Give 1 of 2 cases to ana?")
        await sat.sees(f"1 ana's already (#{mine})")
        await sat.press("y")
        await sat.hears("Done on 1 of 2 cases.")
        await sat.at_rest()
        await sat.press("V", "V", "p")
        await sat.opens("PriorityDialog")
        await sat.sees("2 now")
        await sat.press("3")
        await sat.sees("Nothing to be done")
        await sat.sees("2 P3 already")
    assert desk.case(free).owner == "ana"


async def test_an_owner_of_braces_is_only_a_name(desk: TestDesk) -> None:
    """Text from outside stands in the question as it is."""
    number = desk.open()
    async with sitting(desk) as sat:
        await mark(sat, 1)
        await sat.press("a")
        await sat.opens("AssignDialog")
        await sat.type("{0} {}")
        await sat.press("enter")
        await sat.sees("Give 1 case to {0} {}?")
        await sat.press("y")
        await sat.hears("Done on 1 of 1 case.")
    assert desk.case(number).owner == "{0} {}"


async def test_one_marked_case_can_have_a_public_comment_with_its_move(desk: TestDesk) -> None:
    """Then the composer opens as for any case, wherever the cursor is; the mark goes with the move."""
    first = desk.open("One")
    desk.open("Other")
    async with sitting(desk) as sat:
        await sat.press("space")
        await sat.sees("1 marked")
        await sat.press("s")
        await sat.opens("Picker")
        await sat.type("customer input")
        await sat.press("enter")
        await sat.opens("Composer")
        await sat.type("Which version?")
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.until(lambda: not sat.list.marks, "no marks")
    assert desk.case(first).status is Status.CUSTOMER_INPUT


async def test_a_long_deed_is_shown_and_stopped_in_the_middle(desk: TestDesk) -> None:
    """What is done stays and is one undo; how many of how many is said; the rest has its marks still."""
    numbers = [desk.open(f"Question {at}") for at in range(2 * AT_ONCE + 5)]
    many = len(numbers)
    async with sitting(desk) as sat:
        await mark(sat, many)
        await sat.press("p", "1")
        await sat.sees(f"Set {many} cases to P1")
        with desk.store.write():  # somebody else writes, and the first of them have to wait
            await sat.press("y")
            await sat.opens("Progress")
            await sat.press("escape")
        await sat.hears(f"Stopped. Done on {AT_ONCE} of {many} cases; {AT_ONCE + 5} whose turn had not come")
        await sat.opens("Queues")
        await sat.sees(f"{AT_ONCE + 5} marked")
        done = [number for number in numbers if desk.case(number).priority == 1]
        assert len(done) == AT_ONCE
        assert not set(done) & set(sat.list.marks)
        await sat.press("escape", "u")
        await sat.sees(f"what you did to {AT_ONCE} cases")
        await sat.press("y")
        await sat.hears("Taken back")
        assert not any(desk.case(number).priority == 1 for number in numbers)


async def test_a_deed_that_loses_the_database_says_how_far_it_came(desk: TestDesk) -> None:
    """What was written stays and is counted; the rest keeps its marks, and why is said."""
    many = AT_ONCE + 2
    for at in range(many):
        desk.open(f"Question {at}")
    path = desk.store.path
    async with sitting(desk) as sat:
        await mark(sat, many)
        await sat.press("p", "1")
        await sat.opens("Confirm")
        with desk.store.write():
            await sat.press("y")
            await sat.opens("Progress")
            path.rename(path.with_suffix(".away"))
        await sat.hears(f"Done on {AT_ONCE} of {many} cases; 2 whose turn had not come stay marked.")
        assert "Stopped. " in sat.toasts
        assert str(path) in sat.toasts
        path.with_suffix(".away").rename(path)
        assert len(sat.list.marks) == 2


async def test_refusals_take_nothing_of_the_others_back(desk: TestDesk) -> None:
    """Cases are written some at a time, each all or not at all: what is refused between two leaves both done."""
    numbers = [desk.open(f"Question {at}") for at in range(4)]
    async with sitting(desk) as sat:
        await mark(sat, 4)
        await sat.press("i")
        await sat.opens("TextPrompt")
        await answer(sat, "seen")
        await sat.opens("Confirm")
        take(desk, (numbers[0], numbers[2]))
        await sat.press("y")
        await sat.hears("Done on 2 of 4 cases. u takes it back.")
        await sat.press("escape", "escape", "u")
        await sat.sees("what you did to 2 cases")
    assert [desk.board.newest(number, 1)[0].body for number in numbers] == [None, "seen", None, "seen"]
    assert not list(problems(desk.store))


async def test_a_deed_that_is_done_at_once_shows_no_bar(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that come meanwhile wait until it is done."""
    desk.open()
    desk.open()
    seen: list[str] = []
    monkeypatch.setattr(bulk, "SHOWN_AFTER", PATIENCE)  # a machine that is busy with other tests is none at work
    async with sitting(desk) as sat:
        await mark(sat, 2)
        await sat.press("p", "1")
        await sat.opens("Confirm")
        sat.app.screen_change_signal.subscribe(
            sat.app.screen_stack[0], lambda screen: seen.append(type(screen).__name__)
        )
        sat.rush("y", "u")
        await sat.sees("Take back what you did to 2 cases")
    assert "Progress" not in seen
    assert seen[-1] == "Confirm"


async def test_cases_that_changed_meanwhile_are_left_out_and_named(desk: TestDesk) -> None:
    """Twelve by name and the others by their number; all stay marked, and those that were not touched are done."""
    numbers = [desk.open(f"Question {at}") for at in range(16)]
    async with sitting(desk) as sat:
        await mark(sat, 16)
        await sat.press("p", "1")
        await sat.opens("Confirm")
        theirs = numbers[:14]
        take(desk, theirs)
        await sat.press("y")
        await sat.opens("Tell")
        await sat.sees("14 left out, still marked")
        named = [number for number in theirs if f"#{number}: Case {number} has changed: ben" in sat.text]
        assert len(named) in range(5, 13)  # as many as the dialog has room for at once
        await sat.press("escape")
        await sat.hears("Done on 2 of 16 cases.")
        await sat.sees("14 marked")
        assert set(sat.list.marks) == set(theirs)
    assert {number for number in numbers if desk.case(number).priority == 1} == set(numbers[14:])


def take(desk: TestDesk, numbers: Sequence[int]) -> None:
    """Let somebody else take cases."""
    for number in numbers:
        desk.agent("ben").assign(number, "ben")


@pytest.mark.parametrize("width", [80, 100, 120, 200])
async def test_the_title_of_a_marked_list_is_whole(desk: TestDesk, width: int) -> None:
    """How many are marked, the keys that act on them, and the one that takes the marks off: at every width."""
    number = desk.verbs.open(Facts("One")).number
    desk.answer(number)
    keys = [command.keys.split(",")[0] for command in COMMANDS if command.many and Place.QUEUES in command.places]
    async with sitting(desk, size=(width, 34)) as sat:
        await sat.press("5", "V")
        await sat.sees("1 marked: ")
        title = sat.text[sat.text.index("1 marked: ") :].split("\n")[0]
        assert title.startswith(f"1 marked: {' '.join(keys)}"), title
        assert "Esc" in title


@pytest.mark.parametrize(("before", "after"), [(80, 200), (200, 80)])
async def test_the_title_of_a_marked_list_fits_a_new_width(desk: TestDesk, before: int, after: int) -> None:
    """As much of it is said as there is room for, also when that changes."""
    words = {80: "p, Esc \N{BOX DRAWINGS LIGHT HORIZONTAL}", 200: "p act on them, Esc takes the marks off "}
    desk.ask(desk.open())
    async with sitting(desk, size=(before, 34)) as sat:
        await sat.press("d", "V")
        await sat.sees(words[before])
        await sat.at_rest()
        await sat.pilot.resize_terminal(after, 34)
        await sat.sees(words[after])


async def test_what_is_due_can_be_marked_and_reminded_together(desk: TestDesk) -> None:
    """A case is marked in all its lines and counts once; Escape takes the marks off before it goes back."""
    numbers = [desk.open(f"Question {at}") for at in range(3)]
    for number in numbers:
        desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("LATER")
        await sat.press("space", "shift+down")
        await sat.sees("2 marked: ")
        assert sat.text.count(glyphs.mark) == 4  # a reminder and a closure each
        await sat.press("r")
        await sat.hears("one customer at a time: Esc takes the marks off first.")
        await sat.press("escape")
        await sat.until(lambda: "marked" not in sat.text, "no marks")
        await sat.opens("Due")
        await sat.press("V")
        await sat.sees("3 marked: ")
        desk.agent("ben").assign(numbers[0], "ben")
        await sat.press("b")
        await sat.sees("Remind the customers of 3 cases now?")
        await sat.press("y")
        await sat.opens("Tell")
        await sat.sees(f"#{numbers[0]}: Case {numbers[0]} has changed: ben")
        await sat.press("escape")
        await sat.sees("1 marked: ")
        await sat.at_rest()  # what the list shows by now has been seen
        await sat.press("b", "y")
        await sat.hears("Done on 1 of 1 case.")
    assert all(desk.case(number).reminded_at for number in numbers)
    assert desk.board.letters()[0] == 3


async def test_an_agenda_that_is_cut_says_so_and_is_marked_whole(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each day it says how many there are beside how many are listed; V marks those below the cut too."""
    monkeypatch.setattr("casetui.tui.screens.due._MOST", 2)
    numbers = [desk.open(f"Question {at}") for at in range(5)]
    for number in numbers:
        desk.ask(number)
    desk.verbs.assign(numbers[4], "ana")
    async with sitting(desk, size=(120, 34)) as sat:
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("LATER 2 of 10")
        await sat.sees("10 later")
        await sat.sees("the first 2 are listed")
        await sat.press("V")
        await sat.sees("5 marked: ")
        await sat.press("escape", "f", "f", "f")
        await sat.sees("What the timer will do: mine")
        await sat.sees("2 later")
        await sat.sees("LATER 2 ")
        await sat.sees("Why #5")
        assert "Question 0" not in sat.text


async def test_only_the_acts_that_are_shown_are_marked(desk: TestDesk) -> None:
    """V marks what stands in the agenda: of reminders alone, the cases of the reminders."""
    asked, waiting = desk.open(), desk.open()
    desk.ask(asked)
    desk.answer(waiting)
    async with sitting(desk) as sat:
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("LATER")
        await sat.press("f", "V")
        await sat.sees("What the timer will do: reminders  1 marked: ")


async def test_what_was_found_can_be_marked(desk: TestDesk) -> None:
    """V marks all that the search finds, also what was not listed yet; they are acted on where they were found."""
    numbers = [desk.open(f"Labels {at}") for at in range(AT_ONCE_FOUND + 5)]
    desk.open("Proxy")
    async with sitting(desk) as sat:
        await sat.press("ctrl+f")
        await sat.opens("Search")
        await sat.type("labels")
        await sat.press("enter", "space", "space")
        await sat.sees("Found: the first 50  2 marked: ")
        await sat.press("V", "V")
        await sat.sees(f"{len(numbers)} marked: ")
        await sat.press("a")
        await sat.opens("AssignDialog")
        await sat.press("enter")
        await sat.sees(f"Give {len(numbers)} cases to ana?")
        await sat.press("y")
        await sat.hears(f"Done on {len(numbers)} of {len(numbers)} cases.")
        await sat.sees("Found: 55  the last said first")
        await sat.press("V", "escape")
        await sat.until(lambda: "marked" not in sat.text, "no marks")
        await sat.opens("Search")
        await sat.press("escape")
        await sat.opens("Queues")
    assert {desk.case(number).owner for number in numbers} == {"ana"}
