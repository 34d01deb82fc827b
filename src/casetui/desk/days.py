"""How many cases were opened, and how many closed, on each of the last days."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

from msgspec import Struct
from peewee import SQL, Select, fn

from casetui.storage.search import OPEN
from casetui.storage.store import Store
from casetui.storage.tables import Cases

_CLOSED = Cases.closed_at.is_null(False)


class Day(Struct, frozen=True):
    """A day in numbers."""

    begins: datetime
    opened: int
    closed: int


def count_days(store: Store, begins: Sequence[datetime], until: datetime) -> list[Day]:
    """Return the days that begin then, one after the other, the last of which ends ``until`` then.

    What is open is counted by the index of when it was opened, what was closed by that of when: no case of another
    day is looked at. What was opened and closed on these days is few.
    """
    spans = list(pairwise([*begins, until]))
    still = _counted(store, Cases.opened_at, OPEN, spans)
    closed = _counted(store, Cases.closed_at, _CLOSED, spans)
    gone = _gone(store, begins)
    return [Day(begin, still[at] + gone.get(at + 1, 0), closed[at]) for at, begin in enumerate(begins)]


def _counted(
    store: Store, column: Any, wanted: Any, spans: Sequence[tuple[datetime, datetime]]
) -> tuple[int, ...]:
    """Return how many cases there are with an instant in each span."""
    number = fn.COUNT(SQL("*"))
    counts = [Cases.select(number).where(wanted & (column >= begin) & (column < end)) for begin, end in spans]
    return store.rows(Select(columns=counts))[0]


def _gone(store: Store, begins: Sequence[datetime]) -> dict[int, int]:
    """Return how many of those that were closed since the first day were opened on each day, counted from 1."""
    day = reduce(add, (Cases.opened_at >= begin for begin in begins))
    wanted = _CLOSED & (Cases.closed_at >= begins[0]) & (Cases.opened_at >= begins[0])
    return dict(store.rows(Cases.select(day, fn.COUNT(SQL("*"))).where(wanted).group_by(SQL("1"))))
