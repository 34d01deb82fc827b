"""What the dashboard promises, pressed and read through Pilot on a real file."""

import asyncio
import gc
import threading
import time
import weakref
from datetime import timedelta

import pytest
from rich.console import RenderableType
from textual.geometry import Size
from textual.screen import Screen
from textual.selection import SELECT_ALL
from textual.widgets._toast import Toast as Drawn
from textual.widgets._toast import ToastHolder

from casetui import crash
from casetui.desk.board import Board
from casetui.desk.check import problems
from casetui.desk.drafts import Drafts
from casetui.desk.lists import View, queue
from casetui.desk.undo import Undo
from casetui.domain.records import Case, Priority, Request
from casetui.domain.workflow import CommentKind, Status
from casetui.tui.app import CRASHED
from casetui.tui.dialogs.composer import Composer
from casetui.tui.dialogs.frame import Dialog, Words
from casetui.tui.screens.case import CaseScreen
from casetui.tui.session import Pages
from casetui.tui.toasts import Toast
from casetui.tui.widgets.timeline import Timeline
from casetui.tui.widgets.window import PAGE, Window
from tests.desks import HandClock, TestDesk
from tests.sittings import PATIENCE, Sitting, sitting
from tests.test_widgets import HOSTILE

MANY = 2 * PAGE + 50
"""Cases of which a list has read only some when it is shown."""


async def test_a_case_is_triaged_by_keys(desk: TestDesk) -> None:
    """The picker, the composer, a last look: then the case is moved with its question, in one act."""
    first, second = desk.open("Proxy times out"), desk.open("Labels print twice")
    async with sitting(desk) as sat:
        assert sat.number == first
        await sat.press("s")
        await sat.opens("Picker")
        await sat.type("customer input")
        await sat.press("enter")
        await sat.opens("Composer")
        await sat.type("Which version?")
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.hears(f"Case {first} is Pending Customer Input: reminder 12 Jan 09:00, closes 02 Feb 09:00.")
        case = desk.case(first)
        assert case.status is Status.CUSTOMER_INPUT
        moved, asked = desk.board.newest(first, 2)
        assert (asked.body, asked.kind) == ("Which version?", CommentKind.PUBLIC)
        assert moved.target is Status.CUSTOMER_INPUT
        await sat.until(lambda: sat.number == second, "the cursor on the next case")


async def test_keys_typed_ahead_reach_the_dialogs_that_they_open(desk: TestDesk) -> None:
    """Whoever types faster than screens open loses nothing and does nothing else."""
    first, second = desk.open(), desk.open("Labels print twice")
    async with sitting(desk) as sat:
        sat.rush("s", "5", *"Why?", "ctrl+s", "y", "i", *"seen", "ctrl+s", "enter", "w")
        await sat.opens("Tell")
        await sat.sees(f"Why, case {second}")
        assert desk.board.newest(first, 2)[1].body == "Why?"
        assert desk.board.newest(second, 1)[0].body == "seen"
        assert type(sat.app.screen_stack[1]).__name__ == "CaseScreen"


@pytest.mark.parametrize(("key", "kind"), [("r", CommentKind.PUBLIC), ("i", CommentKind.INTERNAL)])
async def test_a_reply_or_a_note_is_written_and_moves_nothing(desk: TestDesk, key: str, kind: CommentKind) -> None:
    """A reply is looked at once more; a note is saved at once."""
    number = desk.open()
    async with sitting(desk) as sat:
        await sat.press(key)
        await sat.opens("Composer")
        await sat.type("Noted.")
        await sat.press("ctrl+s")
        if kind is CommentKind.PUBLIC:
            await sat.opens("LastLook")
            await sat.press("y")
        await sat.hears(f"is on case {number}")
        assert desk.case(number).status is Status.NEW
        assert (desk.board.newest(number, 1)[0].kind, desk.board.newest(number, 1)[0].body) == (kind, "Noted.")


async def test_what_the_customer_said_moves_the_case(desk: TestDesk) -> None:
    """It is recorded as theirs, and the case is unread."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("C")
        await sat.opens("Composer")
        await sat.type("Version 4.")
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.hears("is Update Received")
        case = desk.case(number)
        assert (case.status, case.unread) == (Status.UPDATE_RECEIVED, True)


async def test_owner_priority_clock_and_new_cases(desk: TestDesk) -> None:
    """Each has its dialog, and says what came of it."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("a")
        await sat.opens("AssignDialog")
        await sat.press("enter")
        await sat.hears(f"Case {number} belongs to ana.")
        await sat.press("p")
        await sat.opens("PriorityDialog")
        await sat.press("1")
        await sat.hears("has priority P1 System Down")
        await sat.press("e")
        await sat.opens("ExtendDialog")
        await sat.type("7d")
        await sat.press("enter")
        await sat.at_rest()
        await sat.type("on holiday")
        await sat.press("enter")
        await sat.hears("closes 09 Feb 09:00")
        await sat.press("t")
        await sat.opens("HoldDialog")
        await sat.press("enter")
        await sat.at_rest()
        await sat.type("asked for it")
        await sat.press("enter")
        await sat.hears("is held until it is released")
        case = desk.case(number)
        assert (case.owner, case.priority, case.hold_reason) == ("ana", Priority.DOWN, "asked for it")
        await sat.press("t")
        await sat.opens("Confirm")
        await sat.press("y")
        await sat.until(lambda: desk.case(number).hold_reason is None, "the release")
        await sat.press("ctrl+n")
        await sat.opens("NewCaseDialog")
        await sat.type("A new one")
        await sat.press("ctrl+s")
        await sat.hears("is opened, in New")
        assert desk.case(number + 1).subject == "A new one"


async def test_what_another_client_does_appears(desk: TestDesk) -> None:
    """Nobody touches a key, and the cursor stays where it was."""
    first = desk.open("Proxy times out")
    async with sitting(desk) as sat:
        second = desk.open("Labels print twice")
        desk.agent("ben").edit(second, {"priority": Priority.DOWN})
        await sat.beat()
        await sat.sees("Labels print twice")
        assert sat.number == first
        assert sat.list.index == 1


async def test_what_was_typed_survives_being_overtaken(desk: TestDesk) -> None:
    """The composer is there again with the text and the reason; the second time it is written."""
    number = desk.open()
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("Please wait.")
        desk.agent("ben").assign(number, "ben")
        await sat.beat()
        await sat.sees("Meanwhile ben assigned it (05 Jan 09:00).")
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.opens("Composer")
        await sat.sees("ben assigned it at")
        composer = sat.screen
        assert isinstance(composer, Composer)
        assert composer.text == "Please wait."
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.hears("Your reply is on case")
        assert desk.board.newest(number, 1)[0].body == "Please wait."


async def test_what_the_customer_writes_meanwhile_is_read_before_anything_is_sent(desk: TestDesk) -> None:
    """Their words stand above the text and among what was said last, whatever else has happened since."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("Any news?")
        desk.clock.advance(minutes=5)
        desk.agent("ben").comment(number, CommentKind.CUSTOMER, "It is version\n7.2 \x1b[31m")
        desk.agent("ben").edit(number, {"priority": Priority.DOWN})
        await sat.beat()
        await sat.sees('Meanwhile J. Peeters wrote (05 Jan 09:05): "It is version 7.2 <U+001B>[31m"')
        await sat.sees("CUSTOMER 05 Jan 09:05 J. Peeters")
        composer = sat.screen
        assert isinstance(composer, Composer)
        assert composer.text == "Any news?"
        await sat.press("escape")


async def test_the_last_look_says_what_happened_meanwhile(desk: TestDesk) -> None:
    """What it shows is refused then, and the composer has the customer's words beside the text."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("Any news?")
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        desk.agent("ben").comment(number, CommentKind.CUSTOMER, "It is version 7.2")
        await sat.beat()
        await sat.sees('Meanwhile J. Peeters wrote (05 Jan 09:00): "It is version 7.2"')
        await sat.press("y")
        await sat.opens("Composer")
        await sat.sees("CUSTOMER 05 Jan 09:00 J. Peeters")
        assert "Any news?" in sat.text
        await sat.press("escape")
        await sat.hears("The draft on case 1 is kept; r resumes it.")
    assert all(entry.body != "Any news?" for entry in desk.board.history(number))


async def test_a_toast_that_runs_out_while_it_is_drawn_hangs_nothing(desk: TestDesk) -> None:
    """Textual would wait for less than no time, for ever."""
    over = Toast("It is over", timeout=5, raised_at=time.time() - 5.0001)
    assert over.has_expired
    assert over.time_left > 0
    async with sitting(desk) as sat:
        sat.app.notify("It is said")
        await sat.hears("It is said")
        assert all(isinstance(note, Toast) for note in sat.app._notifications)  # noqa: SLF001 - as above
        drawn = Drawn(over)
        await sat.screen.mount(drawn)
        await sat.until(lambda: not drawn.is_attached, "the toast to go")


async def test_toasts_do_not_pile_up(desk: TestDesk) -> None:
    """Of what an agent's own keys have said the last is seen; what the timer said stands beside it."""
    async with sitting(desk) as sat:
        sat.app.notify("It closed 2 cases.", title="Timer")
        for number in range(1, 4):
            sat.app.notify(f"Case {number} is moved.")
        sat.app.notify("Nothing can be changed here.", severity="warning")
        await sat.sees("Nothing can be changed here.")
        await sat.sees("It closed 2 cases.")
        await sat.until(lambda: "is moved." not in sat.text, "the others to go")


async def test_a_day_of_toasts_and_comments_leaves_nothing_behind(desk: TestDesk) -> None:
    """Neither what held a toast, nor the box that a comment was written in, is kept by what goes on."""
    desk.open()
    async with sitting(desk) as sat:
        boxes: weakref.WeakSet[Words] = weakref.WeakSet()
        for at in range(8):
            await sat.press("i")
            await sat.opens("Composer")
            boxes.add(sat.screen.query_one(Words))
            await sat.type(f"note {at}")
            await sat.press("ctrl+s")
            await sat.opens("Queues")
            sat.app.notify(f"toast {at}")
            await sat.at_rest()
        assert len(sat.screen.query(ToastHolder)) <= 3
        gc.collect()
        assert len(boxes) <= 3


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_no_toast_hides_what_a_comment_leads_to(desk: TestDesk, size: tuple[int, int]) -> None:
    """It stands above the status that follows, the clock and the keys."""
    desk.open()
    async with sitting(desk, size=size) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        sat.app.notify("The timer did\nsomething")
        await sat.sees("something")
        rows = sat.text.splitlines()
        toast, then = (next(at for at, row in enumerate(rows) if word in row) for word in ("something", " Then "))
        assert toast < then


async def test_a_draft_comes_back_with_the_status_that_it_leads_to(desk: TestDesk) -> None:
    """What its text promises is what the last look says; a status that the case has by now is not taken."""
    number = desk.open()
    desk.verbs.move(number, Request(Status.UNDER_REVIEW))
    async with sitting(desk) as sat:
        for leave in ("escape", "ctrl+q"):
            await sat.press("r")
            await sat.opens("Composer")
            if leave == "escape":
                await sat.type("Try it now; it closes in a fortnight.")
                await sat.press("ctrl+o", "ctrl+o")
            wanted = composer_of(sat).target
            await sat.press(leave)
    assert wanted is not None
    assert desk_drafts(desk).leads_to(number) is wanted
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        assert composer_of(sat).target is wanted
        await sat.press("escape")
        await sat.opens("Queues")
        desk.agent("ben").move(number, Request(wanted))
        await sat.press("5")
        await sat.sees("All open (1)")
        await sat.press("r")
        await sat.opens("Composer")
        assert composer_of(sat).target is None


def composer_of(sat: Sitting) -> Composer:
    """Return the composer that is open."""
    assert isinstance(sat.screen, Composer)
    return sat.screen


def desk_drafts(desk: TestDesk) -> Drafts:
    """Return the drafts of the agent who sits at the screen."""
    return Drafts(desk.store, desk.clock, "ana")


async def test_what_is_typed_goes_through_the_kinds_and_drafts_stay_with_theirs(desk: TestDesk) -> None:
    """A note that walks past a reply begun before comes home, and neither becomes what the customer said."""
    number = desk.open()
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("what they read")
        await sat.press("escape")
        await sat.opens("Queues")
        await sat.press("i")
        await sat.opens("Composer")
        await sat.type("what we know")
        await sat.press("ctrl+t")
        assert (composer_of(sat).kind, composer_of(sat).text) == (CommentKind.CUSTOMER, "what we know")
        await sat.press("ctrl+t")
        assert (composer_of(sat).kind, composer_of(sat).text) == (CommentKind.PUBLIC, "what they read")
        await sat.press("ctrl+t")
        assert (composer_of(sat).kind, composer_of(sat).text) == (CommentKind.INTERNAL, "what we know")
        await sat.press("escape")
        await sat.opens("Queues")
        await sat.at_rest()
    kept = desk_drafts(desk).of(number)
    assert kept == {CommentKind.PUBLIC: "what they read", CommentKind.INTERNAL: "what we know"}


async def test_a_note_that_is_refused_leaves_the_reply_where_it_leads(desk: TestDesk) -> None:
    """Somebody was faster than the note; what was begun as a reply is kept with its status all the same."""
    number = desk.open()
    desk.verbs.move(number, Request(Status.UNDER_REVIEW))
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("We are at it.")
        await sat.press("ctrl+o")
        wanted = composer_of(sat).target
        await sat.press("escape", "i")
        await sat.opens("Composer")
        await sat.type("Look at it.")
        desk.agent("ben").comment(number, CommentKind.INTERNAL, "Mine.")
        await sat.press("ctrl+s")
        await sat.sees("has changed: ben")
        await sat.press("escape")
        await sat.opens("Queues")
        await sat.at_rest()
    assert wanted is not None
    assert desk_drafts(desk).leads_to(number) is wanted


async def test_no_move_is_offered_to_where_a_case_is_by_now(desk: TestDesk) -> None:
    """Somebody was faster with the same move: what is left is the reply, and it can be sent."""
    number = desk.open()
    desk.verbs.move(number, Request(Status.UNDER_REVIEW))
    async with sitting(desk) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.type("We are at it.")
        await sat.press("ctrl+o", "ctrl+o")
        wanted = composer_of(sat).target
        assert wanted is not None
        desk.agent("ben").move(number, Request(wanted))
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.opens("Composer")
        await sat.sees("has changed: ben")
        assert composer_of(sat).target is None
        await sat.press("ctrl+s")
        await sat.opens("LastLook")
        await sat.press("y")
        await sat.hears("Your reply is on case")
    assert desk.case(number).status is wanted


async def test_reminding_a_held_case_says_that_it_is_held(desk: TestDesk) -> None:
    """And that reminding does not end the hold."""
    number = desk.open()
    desk.ask(number)
    desk.verbs.hold(number, None, "agreed by phone")
    async with sitting(desk) as sat:
        await sat.press("b")
        await sat.opens("Confirm")
        await sat.sees("The timer was to do it")
        await sat.sees("It is held (agreed by phone), and stays so.")


async def test_a_comment_that_was_taken_back_is_not_what_was_said_last(desk: TestDesk) -> None:
    """Whoever writes the next one does not answer it; one that was done again is back."""
    number = desk.open()
    desk.verbs.comment(number, CommentKind.PUBLIC, "We look into it.")
    desk.verbs.comment(number, CommentKind.PUBLIC, "Oops, wrong case.")
    undo = Undo(desk.store, desk.clock, "ana")
    undo.undo(number)
    async with sitting(desk) as sat:
        await sat.press("i")
        await sat.opens("Composer")
        await sat.sees("We look into it.")
        assert "Oops" not in sat.text
        await sat.press("escape")
        undo.redo(number)
        await sat.press("i")
        await sat.sees("Oops, wrong case.")


@pytest.mark.parametrize(("keys", "typed"), [("ctrl+n", "A new question"), ("e", "7d")])
async def test_no_typed_word_is_left_behind(desk: TestDesk, keys: str, typed: str) -> None:
    """A new case and a reason are kept by nothing: Escape asks, and quitting at once says so first."""
    desk.ask(desk.open())
    async with sitting(desk) as sat:
        await sat.press(keys)
        await sat.until(lambda: isinstance(sat.screen, Dialog), "a dialog")
        dialog = sat.screen
        await sat.type(typed)
        if keys == "e":
            await sat.press("tab")
            await sat.type("they are away")
        await sat.press("ctrl+q")
        await sat.hears("What you typed is not saved yet")
        await sat.press("escape")
        await sat.opens("Confirm")
        await sat.press("ctrl+q")
        await sat.press("n")
        await sat.until(lambda: sat.screen is dialog, "the dialog again")
        await sat.sees(typed)
        await sat.press("escape", "y")
        await sat.opens("Queues")


async def test_drafts_are_kept_and_come_back(desk: TestDesk) -> None:
    """Escape throws nothing away, nor does quitting at once; what is written is no draft any more."""
    desk.open()
    async with sitting(desk) as sat:
        await sat.press("i")
        await sat.opens("Composer")
        await sat.type("half a thought")
        await sat.press("escape")
        await sat.hears("The draft on case 1 is kept")
        await sat.press("i")
        await sat.opens("Composer")
        await sat.sees("half a thought")
        await sat.type(" more")
        await sat.press("ctrl+q")
    async with sitting(desk) as sat:
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.sees("Draft kept: internal note, 1 line: i resumes it.")
        await sat.press("i")
        await sat.opens("Composer")
        await sat.sees("half a thought more")
        await sat.press("ctrl+s")
        await sat.hears("Your note is on case")
        await sat.at_rest()
        await sat.until(lambda: "Draft kept" not in sat.text, "the draft to be gone")


async def test_the_timer_reminds_when_the_time_has_come(desk: TestDesk, clock: HandClock) -> None:
    """The top line says that it is alive, a toast what it did."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.sees("timer on, last 09:00, next 09:01")
        clock.advance(days=7)
        await sat.beat()
        await sat.hears(f"The timer reminded case {number}.")
        assert desk.case(number).reminded_at == clock.now()
        clock.advance(days=21)
        await sat.beat()
        await sat.hears(f"The timer closed case {number}.")
        assert desk.case(number).status is Status.CLOSED


async def test_the_one_question_is_asked_once(desk: TestDesk, clock: HandClock) -> None:
    """Nothing is closed that was never reminded before somebody said so; later ! asks again."""
    number = desk.open()
    desk.ask(number)
    clock.advance(days=40)
    async with sitting(desk) as sat:
        await sat.opens("MissedDialog")
        await sat.press("escape")
        await sat.opens("Queues")
        clock.advance(minutes=1)
        await sat.beat()
        await sat.sees("1 waits for your answer")
        await sat.opens("Queues")
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("CLOSE")
        await sat.press("exclamation_mark")
        await sat.opens("MissedDialog")
        await sat.press("1")
        await sat.opens("Confirm")
        await sat.press("y")
        await sat.hears(f"The timer reminded case {number}.")
        case = desk.case(number)
        assert (case.status, case.close_at) == (Status.CUSTOMER_INPUT, clock.now() + timedelta(days=7))


async def test_a_held_closure_is_shown_with_its_reason(desk: TestDesk, clock: HandClock) -> None:
    """An unread comment holds the closure, and the due screen says so."""
    number = desk.open()
    desk.test(number)
    desk.customer(number, "Still testing.")
    clock.advance(days=100)
    async with sitting(desk) as sat:
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("unread")
        await sat.sees("A customer's comment is unread")
        assert desk.case(number).status is Status.CUSTOMER_TESTING


async def test_a_busy_database_stops_neither_the_timer_nor_the_screen(desk: TestDesk, clock: HandClock) -> None:
    """It is said in the top line, and tried again a minute later."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        clock.advance(days=7)
        sat.app.heart.timer.trouble = "database busy"
        sat.app.heart.timer.tell()
        await sat.sees("timer waits")
        await sat.beat()
        await sat.hears("The timer reminded")
        await sat.until(lambda: not sat.app.heart.timer.trouble, "the end of the trouble")
        await sat.sees("timer on")


async def test_opening_a_case_is_reading_it(desk: TestDesk) -> None:
    """The mark goes away, J goes on to the next of the list, and the list goes on from there."""
    numbers = [desk.open(f"Question {at}") for at in range(3)]
    for number in numbers:
        desk.customer(number)
    async with sitting(desk) as sat:
        await sat.sees("New (3)")
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.until(lambda: not desk.case(numbers[0]).unread, "the reading")
        await sat.press("J")
        await sat.sees("Question 1")
        await sat.until(lambda: not desk.case(numbers[1]).unread, "the reading")
        await sat.press("escape")
        await sat.opens("Queues")
        await sat.until(lambda: sat.number == numbers[1], "the case that was shown last")


async def test_the_filter_narrows_as_one_types(desk: TestDesk) -> None:
    """The title counts, a bad query says what is wrong, Escape clears."""
    for subject in ("Proxy times out", "Labels print twice", "Proxy is slow"):
        desk.open(subject)
    async with sitting(desk) as sat:
        await sat.press("slash")
        await sat.type("proxy")
        await sat.sees("/proxy 2 of 3")
        await sat.type(" ownr:")
        await sat.sees("A query knows no 'ownr:'; did you mean 'owner:'?")
        await sat.press("escape")
        await sat.sees("New (3)")
        await sat.until(lambda: sat.list.total == len("all"), "all of them")


async def test_what_is_pressed_after_a_filter_is_cleared_waits_for_the_list(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the line was left before, and where nothing matched what stood in it."""
    after = Board.after
    desk.open("Proxy times out")

    def slowly(board: Board, view: View, case: Case | None, limit: int) -> list[Case]:
        time.sleep(0.1)
        return after(board, view, case, limit)

    async with sitting(desk) as sat:
        for leave in ([], ["enter"]):
            await sat.press("slash")
            await sat.type("xyzzy")
            await sat.sees("No match for /xyzzy")
            await sat.press(*leave)
            monkeypatch.setattr(Board, "after", slowly)
            sat.rush("escape", "enter")
            await sat.opens("CaseScreen")
            monkeypatch.setattr(Board, "after", after)
            await sat.sees("WHAT YOU CAN DO NOW")
            await sat.press("escape")
            await sat.opens("Queues")
        assert "There is no case" not in sat.toasts


@pytest.fixture
def counting(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Fill a desk with more cases than a page of rows holds; their number is not counted until this is set."""
    for _ in range(MANY):
        desk.open("Proxy times out")
    desk.open("Labels print twice")
    may_count, counts = threading.Event(), Board.count

    def count(board: Board, view: View) -> int:
        assert "proxy" not in str(view.term) or may_count.wait(PATIENCE)
        return counts(board, view)

    monkeypatch.setattr(Board, "count", count)
    return may_count


async def test_a_filter_shows_its_first_cases_before_it_has_counted_them(
    desk: TestDesk, counting: threading.Event
) -> None:
    """Among a million counting takes as long as finding; what is pressed after the filter waits for both."""
    async with sitting(desk) as sat:
        await sat.press("slash")
        sat.rush(*"proxy")
        await sat.sees(f"/proxy {PAGE}+ of {MANY + 1}")
        sat.rush("enter", "G")
        counting.set()
        await sat.sees(f"/proxy {MANY} of {MANY + 1}")
        await sat.until(lambda: sat.list.index == MANY - 1, "the last of all")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("G", f"/proxy {MANY} of {MANY + 1}"),
        ("f", f"Counted: all {MANY} cases."),
        ("enter", f"New 1 of {MANY}"),
    ],
)
async def test_a_list_that_is_not_counted_yet_is_not_taken_for_a_short_one(
    desk: TestDesk, counting: threading.Event, key: str, shown: str
) -> None:
    """Keys wait for a count only so long; what needs to know how many there are waits as long as it takes."""
    async with sitting(desk) as sat:
        sat.app.keys.moment = 0.05
        await sat.press("slash")
        sat.rush(*"proxy")
        await sat.sees(f"/proxy {PAGE}+ of {MANY + 1}")
        sat.rush("enter", key)
        await asyncio.sleep(4 * sat.app.keys.moment)
        counting.set()
        await sat.sees(shown)
        if key == "G":
            await sat.until(lambda: sat.list.index == MANY - 1, "the last of all")


async def test_what_two_ask_for_at_once_is_counted_once(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list counts by itself when typing rests, and a key may want the number just then."""
    desk.open()
    asked: list[int] = []

    async def count(_: Pages) -> int:
        asked.append(1)
        await asyncio.sleep(0.01)
        return MANY

    monkeypatch.setattr(Pages, "count", count)
    async with sitting(desk) as sat:
        asked.clear()
        window = Window(Pages(sat.app.session, queue(Status.NEW)), total=PAGE, counted=False)
        await asyncio.gather(window.count(), window.count())
        assert (window.total, len(asked)) == (MANY, 1)


async def test_escape_leads_to_the_dashboard_and_never_out(desk: TestDesk) -> None:
    """Wherever one is."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        for key in ("enter", "d", "question_mark", "s", "r", "i", "C", "a", "p", "e", "t", "ctrl+n", "w", "E",
                    "slash", "colon", "ctrl+f", "q"):  # fmt: skip
            await sat.press(key)
            await sat.at_rest()
            for _ in range(4):
                await sat.press("escape")
                await sat.at_rest()
            await sat.opens("Queues")
        assert sat.app.is_running


async def test_a_read_only_session_changes_no_byte(desk: TestDesk, clock: HandClock) -> None:
    """Every key is pressed; the file stays as it is, and what others do is followed."""
    number = desk.open()
    desk.ask(number)
    desk.customer(number)
    held = desk.open("Held")
    desk.ask(held)
    clock.advance(days=60)
    desk.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before = desk.store.path.read_bytes()
    async with sitting(desk, read_only=True) as sat:
        await sat.sees("READ-ONLY")
        await sat.sees("timer off (read-only)")
        assert "Status" not in sat.text.splitlines()[-1]
        for key in "smrciCaApetwEzuUbxVXDHL!J KnNdR[]123456789SvyjkgG0":
            await sat.press({"[": "left_square_bracket", "]": "right_square_bracket", "!": "exclamation_mark",
                             " ": "space"}.get(key, key))  # fmt: skip
            await sat.press("escape")
        for key in ("ctrl+n", "enter", "r", "s", "i", "escape", "delete", "backspace", "ctrl+s"):
            await sat.press(key)
        await sat.hears("read-only session")
        await sat.press("escape", "escape")
        await sat.at_rest()
        assert desk.store.path.read_bytes() == before
        desk.agent("ben").assign(held, "ben")
        await sat.beat()
        await sat.sees("4 Unassigned 1")


async def test_hostile_subjects_neither_crash_nor_act(desk: TestDesk) -> None:
    """They are drawn on every screen."""
    for subject in HOSTILE:
        if subject.strip("\0 \n"):
            desk.open(subject[:1000])
    async with sitting(desk, size=(160, 40)) as sat:
        for _ in range(len(HOSTILE)):
            await sat.press("enter")
            await sat.opens("CaseScreen")
            await sat.press("s")
            await sat.opens("Picker")
            await sat.press("escape")
            await sat.opens("CaseScreen")
            await sat.press("r")
            await sat.opens("Composer")
            await sat.press("escape")
            await sat.opens("CaseScreen")
            await sat.press("escape")
            await sat.opens("Queues")
            await sat.press("j")
        await sat.press("slash")
        await sat.type("[/x] [@click=app.quit]")
        await sat.at_rest()
        assert "\x1b" not in sat.text


async def test_any_size_is_good_enough(desk: TestDesk) -> None:
    """With every dialog open, smaller and larger; nothing refuses and nothing crashes."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        for key in ("enter", "d", "question_mark", "s", "r", "a", "p", "e", "t", "ctrl+n", "slash"):
            await sat.press(key)
            for size in ((40, 10), (200, 60), (80, 24), (20, 5)):
                await sat.pilot.resize_terminal(*size)
                await sat.pilot.pause()
                assert sat.text.strip()
            for _ in range(3):
                await sat.press("escape")
            await sat.opens("Queues")


async def test_the_palette_opens_a_case_by_its_number(desk: TestDesk) -> None:
    """``:2`` and Enter."""
    desk.open("Proxy times out")
    desk.open("Labels print twice")
    async with sitting(desk) as sat:
        await sat.press("colon")
        await sat.type("2")
        await sat.sees("Open case 2")
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.sees("Labels print twice")


async def test_a_case_by_its_number_stands_in_its_own_queue(desk: TestDesk) -> None:
    """The list that one looks at may not have it: it would be the ninth of eight there."""
    number = [desk.open(f"Question {at}") for at in range(3)][-1]
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.sees("New (2)")
        await sat.press("colon")
        await sat.type(str(number))
        await sat.sees(f"Open case {number}")
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.sees("Pending Customer Input 1 of 1")


@pytest.mark.parametrize("typed", ["q", ":q"])
async def test_the_palette_quits_as_other_programs_do(desk: TestDesk, typed: str) -> None:
    """``:q`` asks on the first screen, and goes back from all others."""
    desk.open()
    async with sitting(desk) as sat:
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.press("colon")
        await sat.type(typed)
        await sat.sees("Leave")
        await sat.press("enter")
        await sat.opens("Queues")
        await sat.press("colon")
        await sat.type(typed)
        await sat.sees("Quit, after asking")
        await sat.press("enter")
        await sat.opens("Confirm")
        await sat.sees("Quit casetui?")


async def test_the_nine_views_are_one_line_of_the_help(desk: TestDesk) -> None:
    """Where nobody has given one of them another key."""
    async with sitting(desk) as sat:
        await sat.press("question_mark")
        await sat.opens("Help")
        await sat.press("G")
        await sat.press(*["pageup"] * 1)
        await sat.sees("1-9")
        assert sat.text.count("line above the list") == 1


async def test_the_help_lists_the_live_keys_and_runs_them(desk: TestDesk) -> None:
    """Statuses and clocks stand beside them, and all of it can be searched."""
    desk.open()
    async with sitting(desk) as sat:
        await sat.press("question_mark")
        await sat.opens("Help")
        await sat.sees("Move the case to another status")
        await sat.press("2")
        await sat.sees("Just opened; nobody")
        await sat.press("slash")
        await sat.type("what the timer will do")
        await sat.sees("Show what the timer will do, and when.")
        await sat.press("enter")
        await sat.at_rest()
        await sat.press("enter")
        await sat.opens("Due")


async def test_a_mistake_of_ours_ends_with_a_sentence_and_no_customers_words(
    desk: TestDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is not 0, and a file says where, without what was in the variables."""
    desk.open("a secret subject")
    with pytest.raises(ZeroDivisionError):
        await _crash(desk)
    said = "".join(capsys.readouterr().err.split())
    assert said.startswith("casetuimadeamistake(ZeroDivisionError)")
    written = next(crash.folder().iterdir()).read_text()
    assert "ZeroDivisionError" in written
    assert "secret" not in written + said


async def _crash(desk: TestDesk) -> None:
    async with sitting(desk) as sat:
        sat.app.call_later(lambda: 1 // 0)
        await sat.until(lambda: sat.app.return_code == CRASHED, "the end")


async def test_quitting_waits_for_keys_that_wait_for_a_dialog(desk: TestDesk) -> None:
    """On a busy machine a composer comes late: the letters for it are not left behind meanwhile."""
    desk.open()
    async with sitting(desk) as sat:
        sat.app.keys.hold("a composer that comes late")
        sat.rush("j")
        caught_up = asyncio.create_task(sat.app.keys.caught_up())
        await asyncio.sleep(0.1)
        assert not caught_up.done()
        sat.app.keys.release("a composer that comes late")
        await caught_up
        assert not sat.waiting


async def test_leaving_while_a_screen_is_built_is_no_mistake(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is taken down looks in vain for its parts; nobody hears of it."""
    desk.open()
    reports: list[BaseException] = []

    def report(error: BaseException) -> str:
        reports.append(error)
        return "a mistake"

    monkeypatch.setattr(crash, "report", report)
    async with sitting(desk) as sat:

        def leave() -> None:
            sat.app.exit()
            sat.app.screen.query_one("#no-more")

        sat.app.call_later(leave)
    for rounds in range(0, 60, 6):
        async with sitting(desk) as sat:
            sat.app.simulate_key("d")
            for _ in range(rounds):
                await asyncio.sleep(0)
            sat.app.exit()
    assert not reports


async def test_nothing_quits_but_those_who_are_meant_to(desk: TestDesk) -> None:
    """``^c`` says how, ``q`` asks, and its safe answer has the focus."""
    desk.open()
    async with sitting(desk) as sat:
        await sat.press("ctrl+c")
        await sat.hears("^q quits at once")
        await sat.press("q")
        await sat.opens("Confirm")
        await sat.press("enter")
        await sat.opens("Queues")
        await sat.press("q", "y")
        await sat.until(lambda: not sat.app.is_running or sat.app._exit, "the end")  # noqa: SLF001 - nothing else tells


async def test_a_long_history_opens_at_its_newest_entry_and_goes_on_to_its_oldest(desk: TestDesk) -> None:
    """What came since we last had the case in hands is marked as new, however far back that is."""
    number = desk.open()
    desk.verbs.comment(number, CommentKind.INTERNAL, "the last of ours")
    for at in range(100):
        desk.clock.advance(minutes=1)
        desk.customer(number, f"word {at} of mine")
    async with sitting(desk, read_only=True) as sat:
        await sat.press("enter")
        await sat.opens("CaseScreen")
        timeline = sat.screen.query_one(Timeline)
        await sat.until(lambda: timeline.virtual_size.height > 300, "the whole history")
        await sat.sees("word 99 of mine")
        await sat.press("G")
        await sat.sees("the last of ours")
        new = [line for line in sat.text.splitlines() if "NEW" in line]
        assert new
        assert sat.text.index("NEW") < sat.text.index("the last of ours")
        assert "NEW" not in sat.text[sat.text.index("the last of ours") :]


async def test_a_case_that_was_left_takes_no_memory_and_opens_again(desk: TestDesk) -> None:
    """What a history was drawn from is let go with its screen, which shows it all when it comes back."""
    number = desk.open("A long talk")
    for at in range(100):
        desk.verbs.comment(number, CommentKind.INTERNAL, f"Note {at} of ours")
    async with sitting(desk) as sat:
        for _ in range(2):
            await sat.press("enter")
            await sat.opens("CaseScreen")
            timeline = sat.screen.query_one(Timeline)
            await sat.until(lambda: "Note 0 of ours" in said_in(timeline), "the oldest comment")  # noqa: B023 - at once
            await sat.press("escape")
            await sat.opens("Queues")
            assert said_in(timeline) == ""


def said_in(timeline: Timeline) -> str:
    """Return the whole text of a history, seen or not."""
    text, _ = timeline.get_selection(SELECT_ALL) or ("", "")
    return text


async def test_a_case_is_opened_in_one_frame(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an empty screen comes before it, nor the same picture after it; a covered screen paints nothing."""
    for _ in range(3):
        desk.open()
    async with sitting(desk) as sat:
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.press("escape")  # the screen is built by now, and is shown again
        await sat.opens("Queues")
        await sat.at_rest()
        frames: list[str] = []
        show = sat.app._display  # noqa: SLF001 - what goes to the terminal

        def note(screen: Screen[object], frame: RenderableType | None) -> None:
            if frame is not None:
                frames.append(type(screen).__name__)
            show(screen, frame)

        monkeypatch.setattr(sat.app, "_display", note)
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.at_rest()
        await sat.pilot.pause(0.1)
        assert frames[frames.index("CaseScreen") :] == ["CaseScreen"]


async def test_a_screen_is_laid_out_once_for_its_size(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual tells a screen its size several times as it opens; another size is another layout."""
    laid: list[Size] = []
    lay = Screen._refresh_layout  # noqa: SLF001 - which takes a size where one was told

    def note(screen: Screen[object], size: Size | None = None, **how: bool) -> None:
        if size is not None:
            laid.append(size)
        lay(screen, size, **how)

    monkeypatch.setattr(Screen, "_refresh_layout", note)
    desk.open()
    async with sitting(desk) as sat:
        await sat.at_rest()
        assert len(laid) == 1
        await sat.pilot.resize_terminal(90, 30)
        await sat.at_rest()
        assert laid[1:] == [Size(90, 30)]
        assert sat.screen.size == Size(90, 30)


async def test_a_minute_may_pass_while_a_screen_is_being_built(desk: TestDesk) -> None:
    """The timer tells every screen the news; one without its widgets yet is not asked to draw them."""
    number = desk.open()
    async with sitting(desk) as sat:
        sat.app.push_screen(CaseScreen(sat.app.session, sat.app.hands, desk.case(number), queue(Status.NEW)))
        sat.app.heart._passed()  # noqa: SLF001 - what happens when a minute passes in this very moment
        await sat.opens("CaseScreen")
        await sat.sees("Search times out")


async def test_the_last_act_is_taken_back_by_a_key(desk: TestDesk) -> None:
    """It is named before, and somebody else's or none is said to be none."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("u")
        await sat.opens("Confirm")
        await sat.sees(f"case {number}")
        await sat.press("y")
        await sat.hears("Taken back")
        case = desk.case(number)
        assert (case.status, case.close_at) == (Status.NEW, None)
        desk.clock.advance(seconds=20)
        await sat.press("U")
        await sat.opens("Confirm")
        await sat.sees("Do again what you took back on case 1: replied, moved to Pending")
        await sat.sees("Taken back 20 seconds ago, with 40 seconds left to change your mind.")
        await sat.press("y")
        await sat.hears("Done again")
        assert desk.case(number).status is Status.CUSTOMER_INPUT
        desk.clock.advance(minutes=2)
        await sat.press("u")
        await sat.hears("You did nothing in the last")


async def test_a_clock_is_explained_by_a_key(desk: TestDesk) -> None:
    """Since when, by which period, what comes and what would stop it."""
    number = desk.open()
    desk.ask(number)
    async with sitting(desk) as sat:
        await sat.press("w")
        await sat.opens("Tell")
        await sat.sees("02 Feb 2026 09:00")
        await sat.press("escape")
        await sat.opens("Queues")
        sat.rush("w", "escape")
        await sat.at_rest()
        await sat.opens("Queues")


async def test_letters_that_do_not_go_are_said(desk: TestDesk, clock: HandClock) -> None:
    """Without a mail server they wait, and the top line says so where there is room."""
    desk.ask(desk.open())
    async with sitting(desk, size=(160, 40)) as sat:
        clock.advance(days=7)
        await sat.beat()
        await sat.sees("1 letter waits: no mail server set")
    async with sitting(desk, size=(80, 24)) as sat:
        await sat.sees("timer on; 1 letter waits")


async def test_marked_cases_are_moved_by_one_act_and_taken_back_by_one(desk: TestDesk) -> None:
    """Confirmed with their number; what somebody has changed meanwhile is left out, named, and stays marked."""
    numbers = [desk.open(f"Question {at}") for at in range(5)]
    async with sitting(desk) as sat:
        await sat.press("space", "space", "shift+down", "space")
        await sat.sees("4 marked")
        desk.agent("ben").assign(numbers[1], "ben")
        await sat.press("s")
        await sat.opens("Picker")
        await sat.sees("Move 4 cases")
        await sat.type("tier 2")
        await sat.press("enter")
        await sat.opens("Confirm")
        await sat.sees("Move 4 cases to In Progress - Tier 2?")
        await sat.press("y")
        await sat.opens("Tell")
        await sat.sees(f"#{numbers[1]}: Case {numbers[1]} has changed")
        await sat.press("escape")
        await sat.opens("Queues")
        await sat.sees("1 marked")
        statuses = [desk.case(number).status for number in numbers]
        tier2 = Status.TIER_2
        assert statuses == [tier2, Status.NEW, tier2, tier2, Status.NEW]
        await sat.press("escape", "u")
        await sat.opens("Confirm")
        await sat.sees("3 cases")
        await sat.press("y")
        await sat.hears("Taken back")
        assert {desk.case(number).status for number in numbers} == {Status.NEW}
        assert not list(problems(desk.store))


async def test_marked_cases_that_may_not_make_a_move_are_named_and_left_out(desk: TestDesk) -> None:
    """The picker says for how many it is legal, the question how many go and which stay; these stay marked."""
    numbers = [desk.open(f"Question {at}") for at in range(3)]
    for number in numbers[:2]:
        desk.verbs.move(number, Request(Status.TIER_2))
    async with sitting(desk) as sat:
        await sat.press("5", "V")
        await sat.sees("3 marked")
        await sat.press("s")
        await sat.opens("Picker")
        await sat.type("development")
        await sat.sees("2 of 3")
        await sat.press("enter")
        await sat.opens("Choose")
        await sat.press("1")
        await sat.opens("Confirm")
        await sat.sees("Move 2 of 3 cases to Pending Development?")
        await sat.sees(f"1 in New (#{numbers[2]})")
        await sat.press("y")
        await sat.hears("Done on 2 of 3 cases")
        await sat.sees("1 marked")
        assert [desk.case(number).status for number in numbers] == [Status.DEVELOPMENT] * 2 + [Status.NEW]


async def test_marks_take_an_owner_a_priority_and_a_note(desk: TestDesk) -> None:
    """V marks all and none; what is done case by case says so."""
    numbers = [desk.open(f"Question {at}") for at in range(3)]
    async with sitting(desk) as sat:
        await sat.press("V")
        await sat.sees("3 marked")
        await sat.press("r")
        await sat.hears("written to one customer at a time: Esc takes the marks off first")
        await sat.press("a")
        await sat.opens("AssignDialog")
        await sat.press("enter", "y")
        await sat.hears("Done on 3 of 3 cases")
        assert {desk.case(number).owner for number in numbers} == {"ana"}
        await sat.at_rest()
        await sat.press("V")
        await sat.sees("3 marked")
        await sat.press("i")
        await sat.opens("TextPrompt")
        await sat.type("seen by all")
        await sat.press("enter", "y")
        await sat.until(lambda: all(desk.board.newest(number, 1)[0].body for number in numbers), "the notes")
        await sat.opens("Queues")
        await sat.press("V", "V")
        await sat.until(lambda: not sat.list.marks, "no marks")
