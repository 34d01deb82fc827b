"""A desk to test with: a real SQLite file, and a clock that moves when it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casetui.desk.board import Board
from casetui.desk.stops import Stops
from casetui.desk.sweep import Sweeper
from casetui.domain.records import Case, Facts, Request
from casetui.domain.workflow import CommentKind, Status
from casetui.storage.store import Store

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class HandClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, instant: datetime = START) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return the instant that it stands at."""
        return self.instant

    def advance(self, **length: float) -> None:
        """Move on by days, hours, minutes or seconds; a negative length sets it back."""
        self.instant += timedelta(**length)


class TestDesk:
    """A store with its verbs, reads and sweep, for one agent and one clock."""

    __test__ = False

    def __init__(self, store: Store, clock: HandClock) -> None:
        self.store = store
        self.clock = clock
        self.verbs = Stops(store, clock, "ana")
        self.board = Board(store, clock)
        self.sweeper = Sweeper(store, clock)

    def agent(self, name: str) -> Stops:
        """Return the verbs in another agent's hands."""
        return Stops(self.store, self.clock, name)

    def case(self, number: int) -> Case:
        """Return a case as it stands."""
        return self.board.case(number)

    def open(self, subject: str = "Search times out", email: str | None = "j.peeters@example.org") -> int:
        """Open a case and return its number."""
        return self.verbs.open(Facts(subject, account="Uni Ghent", contact="J. Peeters", email=email)).number

    def ask(self, number: int) -> Case:
        """Move a case to Pending Customer Input."""
        return self.verbs.move(number, Request(Status.CUSTOMER_INPUT, comment="Which version is it?"))

    def answer(self, number: int) -> Case:
        """Move a case to Awaiting Customer Confirmation."""
        return self.verbs.move(number, Request(Status.CONFIRMATION, comment="Please clear the cache."))

    def test(self, number: int) -> Case:
        """Move a case to Pending Customer Testing, by override."""
        return self.verbs.move(number, Request(Status.CUSTOMER_TESTING, override="the fix is out"))

    def customer(self, number: int, words: str = "It still fails.") -> Case:
        """Record what the customer said."""
        return self.verbs.comment(number, CommentKind.CUSTOMER, words)


@contextmanager
def desk_in(folder: Path, clock: HandClock | None = None, name: str = "desk.db") -> Iterator[TestDesk]:
    """Open a desk in a folder for as long as it is needed."""
    store = Store.open(folder / name)
    try:
        yield TestDesk(store, clock or HandClock())
    finally:
        store.close()
