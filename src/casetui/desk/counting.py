"""How many cases each queue has, how many of them are unread or due, and since when the first of them waits."""

from datetime import datetime

from peewee import SQL, fn

from casetui.domain.query import Flag
from casetui.domain.records import Count
from casetui.domain.workflow import Status
from casetui.storage.search import OPEN, condition
from casetui.storage.store import Store
from casetui.storage.tables import Cases


def count_queues(store: Store, now: datetime, *, ages: bool = False) -> dict[Status, Count]:
    """Return each queue in numbers, with ``ages`` since when its first case waits too; Closed is left out."""
    due = _due(store, now)
    counts: dict[Status, Count] = {
        status: Count(due=due.get(status, 0)) for status in Status if status is not Status.CLOSED
    }
    # In the order of the index of the queues: 3 ms of a million cases, and 4 with the ages.
    queue, oldest = (Cases.status, Cases.unread), fn.MIN(Cases.status_since) if ages else SQL("NULL")
    query = Cases.select(*queue, fn.COUNT(SQL("*")), oldest).where(OPEN).group_by(*queue)
    for status, unread, total, since in store.rows(query):
        known = counts[status]
        first = min(known.since or since, since) if ages else None
        counts[status] = Count(known.total + total, known.unread + total * unread, known.due, first)
    return counts


def _due(store: Store, now: datetime) -> dict[Status, int]:
    wanted = Cases.close_at.is_null(False) & condition(Flag("due"), now)
    query = Cases.select(Cases.status, fn.COUNT(Cases.id)).where(wanted).group_by(Cases.status)
    return dict(store.rows(query))
