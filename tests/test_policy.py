"""The desk's periods: what holds from when, and what a change would do."""

from datetime import timedelta

import pytest

from casetui.desk.check import problems
from casetui.desk.policies import Effect, PolicyBook
from casetui.desk.stays import why
from casetui.desk.undo import Undo
from casetui.domain.errors import Misused, Refused
from casetui.domain.records import What
from casetui.domain.workflow import Status
from tests.desks import TestDesk


@pytest.fixture
def book(desk: TestDesk) -> PolicyBook:
    """Give the desk's policy to an agent."""
    return PolicyBook(desk.store, desk.clock, "ana")


def days(desk: TestDesk, number: int) -> tuple[int | None, int | None]:
    """Return after how many days a case is reminded and closed."""
    case = desk.case(number)
    ends = (case.remind_at, case.close_at)
    remind, close = (None if end is None else (end - case.status_since).days for end in ends)
    return remind, close


def test_a_stay_keeps_the_deadline_that_it_began_with(desk: TestDesk, book: PolicyBook) -> None:
    """A change holds for stays that begin after it."""
    old, new = desk.open(), desk.open()
    desk.ask(old)
    desk.clock.advance(days=1)
    book.set("pending_customer_input.close=21d")
    book.set("pending_customer_input.remind=3d")
    desk.clock.advance(days=1)
    desk.ask(new)
    assert (days(desk, old), days(desk, new)) == ((7, 28), (3, 21))
    assert list(problems(desk.store)) == []
    assert [(key, value) for _, _, key, value in book.history()] == [
        ("pending_customer_input.closure", "21d"),
        ("pending_customer_input.reminder", "3d"),
    ]


def test_running_stays_are_moved_when_told_and_the_history_says_so(desk: TestDesk, book: PolicyBook) -> None:
    """But not those that an agent extended."""
    one, extended = desk.open(), desk.open()
    desk.ask(one)
    desk.ask(extended)
    desk.verbs.extend(extended, "7d", "holidays")
    desk.clock.advance(days=1)
    assert book.set("pending_customer_input.close=14d", move_running=True).moved == 1
    assert (days(desk, one), days(desk, extended)) == ((7, 14), (7, 35))
    last = desk.board.history(one)[-1]
    assert (last.what, last.by) == (What.RESCHEDULED, "ana")
    desk.clock.advance(days=13)
    assert desk.sweeper.sweep().closed == (one,)
    assert list(problems(desk.store)) == []


def test_a_change_moves_no_stay_but_those_it_speaks_of(desk: TestDesk, book: PolicyBook) -> None:
    """Stays of another status keep what they began with, though that was changed since."""
    other, same = desk.open(), desk.open()
    desk.answer(other)
    desk.ask(same)
    book.set("awaiting_customer_confirmation.close=30d")
    book.set("pending_customer_input.remind=3d")
    assert book.set("pending_customer_input.close=21d", move_running=True).moved == 1
    assert (days(desk, other), days(desk, same)) == ((None, 14), (7, 21))
    assert list(problems(desk.store)) == []


def test_another_zone_moves_each_stay_by_its_own_period(desk: TestDesk, book: PolicyBook) -> None:
    """The stay that began with 14 days has 14 days of the new calendar."""
    desk.clock.advance(days=80)
    number = desk.open()
    desk.answer(number)
    book.set("awaiting_customer_confirmation.close=30d")
    assert book.set("zone=Europe/Berlin", move_running=True).moved == 1
    case = desk.case(number)
    assert case.close_at is not None
    assert case.close_at - case.status_since == timedelta(days=14, hours=-1)
    assert "14 days after the stay began" in " ".join(why(desk.store, desk.clock, case))
    assert list(problems(desk.store)) == []


def test_an_extension_that_was_taken_back_is_none(desk: TestDesk, book: PolicyBook) -> None:
    """The stay moves with the others, and its clock is explained without it."""
    number = desk.open()
    desk.answer(number)
    book.set("awaiting_customer_confirmation.close=20d")
    desk.verbs.extend(number, "7d", "holidays")
    assert "as ana extended it: holidays" in " ".join(why(desk.store, desk.clock, desk.case(number)))
    Undo(desk.store, desk.clock, "ana").undo(number)
    assert "14 days after the stay began" in " ".join(why(desk.store, desk.clock, desk.case(number)))
    assert book.set("awaiting_customer_confirmation.close=30d", move_running=True).moved == 1
    assert days(desk, number) == (None, 30)


def test_no_reminder_is_moved_behind_its_closure(desk: TestDesk, book: PolicyBook) -> None:
    """Where the closure comes forward the reminder goes by today's period, and still comes first."""
    number = desk.open()
    desk.ask(number)
    book.set("pending_customer_input.remind=2d")
    book.set("pending_customer_input.close=5d", move_running=True)
    assert days(desk, number) == (2, 5)
    desk.clock.advance(days=2)
    assert desk.sweeper.sweep().reminded == (number,)


def test_what_a_policy_moved_is_not_taken_back_by_undo(desk: TestDesk, book: PolicyBook) -> None:
    """Neither the deadlines, which would leave the policy where it is, nor what was done before."""
    number = desk.open()
    desk.answer(number)
    book.set("awaiting_customer_confirmation.close=30d", move_running=True)
    with pytest.raises(Refused, match="too late"):
        Undo(desk.store, desk.clock, "ana").undo()
    assert days(desk, number) == (None, 30)


def test_a_clock_set_back_between_changes_is_no_contradiction(desk: TestDesk, book: PolicyBook) -> None:
    """A stay that began under a policy of the future, as it looks, is as sound as any."""
    number = desk.open()
    book.set("awaiting_customer_confirmation.close=30d")
    desk.clock.advance(days=-3)
    desk.answer(number)
    assert days(desk, number) == (None, 30)
    assert list(problems(desk.store)) == []


def test_a_dry_run_says_what_would_happen_today_and_changes_nothing(desk: TestDesk, book: PolicyBook) -> None:
    """How many would close, how many of them never reminded; and the change does just that."""
    reminded, missed = desk.open(), desk.open()
    desk.ask(reminded)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.clock.advance(days=-2)
    desk.ask(missed)
    desk.answer(desk.open())
    desk.clock.advance(days=6)
    before = [desk.case(number) for number in (reminded, missed)]
    expected = Effect(moved=2, closed=2, never_reminded=1, reminded=0)
    change = "pending_customer_input.remind=1d"
    book.set(change)
    assert book.set("pending_customer_input.close=5d", move_running=True, dry_run=True) == expected
    assert [desk.case(number) for number in (reminded, missed)] == before
    assert book.set("pending_customer_input.close=5d", move_running=True) == expected
    assert len(desk.sweeper.sweep().closed) == 2


def test_the_zone_decides_on_whose_calendar_periods_are_counted(desk: TestDesk, book: PolicyBook) -> None:
    """Over a change to summer time the time of day stays."""
    book.set("zone=Europe/Berlin")
    desk.clock.advance(days=75, hours=3)
    number = desk.open()
    case = desk.answer(number)
    assert case.close_at is not None
    assert (case.close_at - case.status_since).total_seconds() == 14 * 86_400 - 3600
    assert list(problems(desk.store)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("new.close=7d", "New has no closure"),
        ("pending_customer_testing.remind=7d", "has no reminder"),
        ("pending_customer_input.close", "is no change"),
        ("pending_customer_input.close=soon", "is not a period"),
        ("solved.close=7d", "is not a status"),
        ("zone=Europe/Gent", "is not a time zone"),
        ("zone=", "is not a time zone"),
        ("zone=../../etc/passwd", "is not a time zone"),
        ("zone=localtime", "is not a time zone"),
        ("zone=Factory", "is not a time zone"),
        ("zone=right/UTC", "is not a time zone"),
        ("pending_customer_testing.close=9999w", "too long"),
        ("pending_customer_input.close=7d", "reminder comes first"),
        ("pending_customer_testing.close=9999mo", "ten years"),
    ],
)
def test_what_is_no_policy_is_refused_in_a_sentence(book: PolicyBook, change: str, words: str) -> None:
    """Unknown keys, periods and zones, and a closure before its reminder."""
    with pytest.raises((Misused, Refused), match=words):
        book.set(change)
    assert book.history() == []


def test_every_rule_of_the_table_can_be_changed(desk: TestDesk, book: PolicyBook) -> None:
    """Three closures and a reminder."""
    book.set("pending_customer_testing.close=2mo")
    number = desk.open()
    case = desk.test(number)
    assert case.status is Status.CUSTOMER_TESTING
    assert case.close_at is not None
    assert (case.close_at.month, case.close_at.day) == (3, 5)
