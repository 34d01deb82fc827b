"""Promises to the second: in the nights when clocks change, at the ends of months, when the clock itself moves.

The expected instants are written out by hand from the calendars of the zones, in UTC.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from casetui.desk.check import problems
from casetui.desk.outbox import CommentPost
from casetui.desk.policies import PolicyBook
from casetui.desk.stops import Stops
from casetui.desk.sweep import BATCH
from casetui.domain.records import Case, Request
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Status
from tests.desks import HandClock, TestDesk

BERLIN, NEW_YORK, SYDNEY, UTC_ITSELF = "Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC"
SECOND = timedelta(seconds=1)
ENTER: dict[str, Callable[[TestDesk, int], Case]] = {
    "reminder": TestDesk.ask, "28 days": TestDesk.ask, "14 days": TestDesk.answer, "3 months": TestDesk.test,
}  # fmt: skip
"""How a case enters the stay that makes a promise."""


def utc(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHTS = [
    # Berlin: 29 March 2026 at 01:00 UTC (02:00 becomes 03:00), back on 25 October at 01:00 UTC.
    (BERLIN, "reminder", "2026-03-22T00:59:59", "2026-03-29T00:59:59"),  # 01:59:59, the last second of winter
    (BERLIN, "reminder", "2026-03-22T01:00:00", "2026-03-29T01:00:00"),  # 02:00:00 does not exist: 03:00:00
    (BERLIN, "reminder", "2026-03-22T01:30:00", "2026-03-29T01:30:00"),  # 02:30 does not exist: 03:30
    (BERLIN, "reminder", "2026-03-22T02:00:00", "2026-03-29T01:00:00"),  # 03:00 exists, an hour sooner in UTC
    (BERLIN, "reminder", "2026-03-25T08:00:00", "2026-04-01T07:00:00"),  # 09:00 stays 09:00
    (
        BERLIN,
        "reminder",
        "2026-10-17T23:59:59",
        "2026-10-24T23:59:59",
    ),  # 01:59:59, which comes once
    (BERLIN, "reminder", "2026-10-18T00:30:00", "2026-10-25T01:30:00"),  # 02:30 comes twice: the later
    (BERLIN, "reminder", "2026-10-18T01:00:00", "2026-10-25T02:00:00"),  # 03:00 comes once
    (BERLIN, "reminder", "2026-10-25T00:30:00", "2026-11-01T01:30:00"),  # begun in the first 02:30
    (BERLIN, "reminder", "2026-10-25T01:30:00", "2026-11-01T01:30:00"),  # begun in the second 02:30
    (BERLIN, "28 days", "2026-03-01T01:30:00", "2026-03-29T01:30:00"),
    (BERLIN, "28 days", "2026-10-20T07:00:00", "2026-11-17T08:00:00"),
    (BERLIN, "14 days", "2026-03-20T09:00:00", "2026-04-03T08:00:00"),
    (BERLIN, "14 days", "2026-10-11T00:30:00", "2026-10-25T01:30:00"),
    (BERLIN, "3 months", "2025-12-29T01:30:00", "2026-03-29T01:30:00"),
    (BERLIN, "3 months", "2026-07-25T00:30:00", "2026-10-25T01:30:00"),
    # New York: 8 March 2026 at 07:00 UTC (02:00 becomes 03:00), back on 1 November at 06:00 UTC.
    (NEW_YORK, "reminder", "2026-03-01T06:59:59", "2026-03-08T06:59:59"),
    (NEW_YORK, "reminder", "2026-03-01T07:30:00", "2026-03-08T07:30:00"),  # 02:30 does not exist: 03:30
    (NEW_YORK, "reminder", "2026-03-05T14:00:00", "2026-03-12T13:00:00"),
    (NEW_YORK, "reminder", "2026-10-25T05:30:00", "2026-11-01T06:30:00"),  # 01:30 comes twice: the later
    (NEW_YORK, "28 days", "2026-03-01T14:00:00", "2026-03-29T13:00:00"),
    (NEW_YORK, "14 days", "2026-10-25T14:00:00", "2026-11-08T15:00:00"),
    (NEW_YORK, "3 months", "2025-12-08T07:30:00", "2026-03-08T07:30:00"),
    (NEW_YORK, "3 months", "2026-08-15T14:00:00", "2026-11-15T15:00:00"),
    # Sydney, south of the equator: back on 5 April 2026 at 16:00 UTC of the 4th, forward on 4 October.
    (SYDNEY, "reminder", "2026-03-28T15:30:00", "2026-04-04T16:30:00"),  # 02:30 comes twice: the later
    (SYDNEY, "reminder", "2026-04-01T22:00:00", "2026-04-08T23:00:00"),
    (SYDNEY, "reminder", "2026-09-26T16:30:00", "2026-10-03T16:30:00"),  # 02:30 does not exist: 03:30
    (SYDNEY, "28 days", "2026-03-25T09:00:00", "2026-04-22T10:00:00"),
    (SYDNEY, "14 days", "2026-09-25T23:00:00", "2026-10-09T22:00:00"),
    (SYDNEY, "3 months", "2026-01-31T23:00:00", "2026-05-01T00:00:00"),  # 1 February 10:00 to 1 May 10:00
]
MONTHS = [
    (UTC_ITSELF, "3 months", "2025-11-29T12:00:00", "2026-02-28T12:00:00"),
    (UTC_ITSELF, "3 months", "2025-11-30T12:00:00", "2026-02-28T12:00:00"),
    (UTC_ITSELF, "3 months", "2023-11-29T12:00:00", "2024-02-29T12:00:00"),
    (UTC_ITSELF, "3 months", "2023-11-30T12:00:00", "2024-02-29T12:00:00"),
    (UTC_ITSELF, "3 months", "2024-02-29T12:00:00", "2024-05-29T12:00:00"),
    (UTC_ITSELF, "3 months", "2026-01-31T12:00:00", "2026-04-30T12:00:00"),
    (UTC_ITSELF, "3 months", "2026-03-31T12:00:00", "2026-06-30T12:00:00"),
    (UTC_ITSELF, "3 months", "2026-05-31T12:00:00", "2026-08-31T12:00:00"),
    (UTC_ITSELF, "3 months", "2026-10-01T00:00:00", "2027-01-01T00:00:00"),
    (UTC_ITSELF, "reminder", "2024-02-26T12:00:00", "2024-03-04T12:00:00"),  # through 29 February
    (UTC_ITSELF, "reminder", "2026-12-28T23:59:59", "2027-01-04T23:59:59"),
    (UTC_ITSELF, "28 days", "2024-02-01T00:00:00", "2024-02-29T00:00:00"),
    (UTC_ITSELF, "28 days", "2026-02-01T00:00:00", "2026-03-01T00:00:00"),
    (UTC_ITSELF, "14 days", "2026-12-25T08:00:00", "2027-01-08T08:00:00"),
    # 23:30 UTC of 30 November is 1 December in Berlin already: no month is clamped there.
    (BERLIN, "3 months", "2025-11-30T23:30:00", "2026-02-28T23:30:00"),
    (BERLIN, "3 months", "2025-11-30T22:30:00", "2026-02-28T22:30:00"),
    (NEW_YORK, "3 months", "2025-12-01T03:00:00", "2026-03-01T03:00:00"),  # 30 November there: 28 February, 22:00
]


@pytest.mark.parametrize(("zone", "promise", "begins", "due"), NIGHTS + MONTHS)
def test_a_promise_is_kept_at_its_second(
    desk: TestDesk, clock: HandClock, zone: str, promise: str, begins: str, due: str
) -> None:
    """Not one second before it, and at it."""
    clock.instant = utc(begins)
    PolicyBook(desk.store, clock, "ana").set(f"zone={zone}")
    number = desk.open()
    ENTER[promise](desk, number)
    if promise == "28 days":
        clock.instant = utc(begins) + timedelta(days=8)
        assert desk.sweeper.sweep().reminded == (number,)
    clock.instant = utc(due) - SECOND
    early = desk.sweeper.sweep()
    assert (early.reminded, early.closed) == ((), ())
    clock.instant = utc(due)
    kept = desk.sweeper.sweep()
    assert (kept.reminded if promise == "reminder" else kept.closed) == (number,)
    clock.instant += SECOND
    again = desk.sweeper.sweep()
    assert (again.reminded, again.closed) == ((), ())
    assert desk.board.history(number)[-1].planned_at == utc(due)
    assert not list(problems(desk.store))


@pytest.mark.parametrize(("zone", "promise", "begins", "due"), [NIGHTS[0], NIGHTS[6], NIGHTS[24], MONTHS[3]])
def test_a_second_late_is_soon_enough(
    desk: TestDesk, clock: HandClock, zone: str, promise: str, begins: str, due: str
) -> None:
    """A sweep that missed the second itself does the same, and notes the time that was planned."""
    clock.instant = utc(begins)
    PolicyBook(desk.store, clock, "ana").set(f"zone={zone}")
    number = desk.open()
    ENTER[promise](desk, number)
    clock.instant = utc(due) + SECOND
    kept = desk.sweeper.sweep()
    assert (kept.reminded if promise == "reminder" else kept.closed) == (number,)
    entry = desk.board.history(number)[-1]
    assert (entry.planned_at, entry.at) == (utc(due), utc(due) + SECOND)


def test_a_clock_that_is_set_back_and_forth_repeats_nothing(desk: TestDesk, clock: HandClock) -> None:
    """What was done stays done, once, whatever the clock says afterwards."""
    number, closed = desk.open(), desk.open()
    desk.ask(number)
    desk.answer(closed)
    clock.advance(days=14)
    first = desk.sweeper.sweep()
    assert (first.reminded, first.closed) == ((number,), (closed,))
    for days in (-14, 7, -3, 10, -20, 20):
        clock.advance(days=days)
        again = desk.sweeper.sweep()
        assert (again.reminded, again.closed) == ((), ())
    assert desk.case(closed).status is Status.CLOSED
    assert desk.board.letters() == (2, 0)
    assert not list(problems(desk.store))


@pytest.mark.parametrize("promise", ["28 days", "14 days", "3 months"])
def test_an_answer_that_lands_in_the_middle_of_a_sweep_wins(
    desk: TestDesk, clock: HandClock, promise: str
) -> None:
    """The case that the sweep was about to close is read again when its turn comes."""
    for _ in range(BATCH):
        desk.answer(desk.open())
    late = desk.open()
    ENTER[promise](desk, late)
    clock.advance(days=93)
    steps = desk.sweeper.steps(Missed.APPLY)
    next(steps)
    after = desk.customer(late, "Here I am.")
    assert late not in [number for step in steps for number in step.closed]
    assert desk.case(late).status is after.status is not Status.CLOSED
    assert desk.case(late).unread
    assert not list(problems(desk.store))


ACTS: dict[str, tuple[int, Callable[[TestDesk, Stops, int], object]]] = {
    "the timer reminds": (7, lambda desk, _, __: desk.sweeper.sweep()),
    "the timer closes": (28, lambda desk, _, __: desk.sweeper.sweep()),
    "an agent reminds": (0, lambda _, verbs, number: verbs.remind(number)),
    "an agent asks": (0, lambda _, verbs, number: verbs.move(number, Request(Status.CUSTOMER_INPUT, "And?"))),
    "an agent answers": (0, lambda _, verbs, number: verbs.comment(number, CommentKind.PUBLIC, "Any news?")),
}
"""What writes a letter, after so many days of silence."""


@pytest.mark.parametrize("table", ["cases", "entries", "letters"])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_its_entry_and_its_letter_are_one(desk: TestDesk, act: str, table: str) -> None:
    """Where one of them cannot be written, none is: no status without its letter, no letter without its entry."""
    number = desk.open()
    desk.ask(number)
    verbs = Stops(desk.store, desk.clock, "ana", CommentPost(desk.store))
    days, do = ACTS[act]
    desk.clock.advance(days=days)
    writes = "UPDATE OF version" if table == "cases" else "INSERT"
    desk.store.database.execute_sql(
        f"CREATE TRIGGER full AFTER {writes} ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    before = desk.case(number), desk.board.history(number), desk.board.letters()
    with pytest.raises((peewee.IntegrityError, sqlite3.IntegrityError)):
        do(desk, verbs, number)
    assert (desk.case(number), desk.board.history(number), desk.board.letters()) == before
    desk.store.database.execute_sql("DROP TRIGGER full")
    do(desk, verbs, number)
    assert desk.board.letters() == (1, 0)
    assert len(desk.board.history(number)) > len(before[1])
