"""Proves the database sound: every history replays to its case, every deadline fits its stay."""

from collections.abc import Iterator
from itertools import groupby

from peewee import fn

from casetui.desk.stays import Stays
from casetui.domain.history import differences
from casetui.domain.records import RESTORING, Case, Entry, What
from casetui.domain.workflow import Rule, has_clock
from casetui.storage import fulltext
from casetui.storage.reading import CASE, ENTRY
from casetui.storage.store import Store
from casetui.storage.tables import Cases, Entries

_AT_ONCE = 2_000


def problems(store: Store) -> Iterator[str]:
    """Yield a sentence for everything in the database that contradicts something else in it."""
    yield from _damage(store)
    stays = Stays(store)
    for case, history in _cases(store):
        if not history:
            yield f"case {case.number}: it has no history"
            continue
        yield from differences(case, history)
        yield from _deadlines(case, history, stays)
        yield from _stays(case, history)


def rebuild_search(store: Store) -> None:
    """Read all that was said into the search indexes again."""
    fulltext.rebuild(store)


def count(store: Store) -> tuple[int, int]:
    """Return how many cases and entries there are."""
    return (
        int(store.value(Cases.select(fn.COUNT(Cases.id)))),
        int(store.value(Entries.select(fn.COUNT(Entries.id)))),
    )


def _damage(store: Store) -> Iterator[str]:
    """Yield what the database itself says of its pages and its references."""
    for (said,) in store.database.execute_sql("PRAGMA integrity_check"):
        if said != "ok":
            yield f"the file: {said}"
    for table, row, parent, _ in store.database.execute_sql("PRAGMA foreign_key_check"):
        yield f"{table} {row}: it belongs to one of {parent} that is not there"
    yield from fulltext.damage(store)


def _cases(store: Store) -> Iterator[tuple[Case, list[Entry]]]:
    """Yield every case with its history, some thousands read at a time."""
    last = 0
    in_order = CASE.select().order_by(Cases.id).limit(_AT_ONCE)
    while cases := CASE.read(store, in_order.where(Cases.id > last)):
        first, last = cases[0].number, cases[-1].number
        query = ENTRY.select().where(Entries.number.between(first, last)).order_by(Entries.number, Entries.id)
        entries = ENTRY.read(store, query)
        histories = {number: list(some) for number, some in groupby(entries, lambda entry: entry.number)}
        for case in cases:
            yield case, histories.get(case.number, [])


def _deadlines(case: Case, history: list[Entry], stays: Stays) -> Iterator[str]:
    """Yield what does not fit between a case's deadlines and the stay that they belong to."""
    if not has_clock(case.status):
        return
    stay = [entry for entry in history if entry.stay == case.stay and entry.what not in (What.OPENED, What.MOVED)]
    for rule, name in ((Rule.REMINDER, "remind_at"), (Rule.CLOSURE, "close_at")):
        moved = any(name in entry.changes for entry in stay)
        if not moved and not stays.explains(case, rule):
            yield f"case {case.number}: no period leads to its {rule.value} at {getattr(case, name)}"


def _stays(case: Case, history: list[Entry]) -> Iterator[str]:
    """Yield where the stays of a history do not follow each other."""
    stay, status = 0, None
    for entry in history:
        if entry.target is None:
            continue
        if entry.stay != stay + 1 and entry.what not in RESTORING:
            yield f"case {case.number}: stay {entry.stay} follows stay {stay}"
        if entry.start is not status:
            yield f"case {case.number}: entry {entry.id} leaves {entry.start}, but the case was {status}"
        stay, status = entry.stay, entry.target
