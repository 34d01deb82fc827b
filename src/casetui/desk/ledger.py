"""Writes a case and its history together: one act, one instant, one new version."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from peewee import JOIN

from casetui.desk.news import note_seen
from casetui.domain.errors import Overtaken
from casetui.domain.history import written
from casetui.domain.records import Case, Entry, What
from casetui.domain.workflow import CommentKind, Status
from casetui.storage.reading import CASE, ENTRY, among
from casetui.storage.store import Store
from casetui.storage.tables import Acts, Cases, Entries

Undos = Acts.alias("undo")
STANDS = Acts.undone_by.is_null() | Undos.undone_by.is_null(False)
"""The condition of an act, beside the one that took it back: none did, or that was taken back in turn."""


class Ledger:
    """One act of an agent on the desk, or a part of the ``act`` that is named; what it writes bears one instant.

    To be used inside ``store.write()``.
    """

    def __init__(self, store: Store, now: datetime, by: str, act: int | None = None) -> None:
        self.store = store
        self.now = now
        self.by = by
        self.act = act or int(store.execute(Acts.insert(agent=by, at=now)))

    def insert(self, columns: dict[str, Any]) -> int:
        """Add a case, in the first version of its first stay, and return its number."""
        beginning = {
            "version": 1,
            "stay": 1,
            "status": Status.NEW,
            "unread": False,
            "status_since": self.now,
            "opened_at": self.now,
            "updated_at": self.now,
        }
        number = int(self.store.execute(Cases.insert({**beginning, **columns})))
        note_seen(self.store, self.by, number, 1)
        return number

    def update(self, case: Case, columns: dict[str, Any]) -> None:
        """Set columns of a case, and its next version; raise Overtaken where it is not the one that was read.

        That is never so while the database holds the lock that ``store.write()`` took.
        """
        columns = {**columns, "version": case.version + 1, "updated_at": self.now}
        unchanged = (Cases.id == case.number) & (Cases.version == case.version)
        if not self.store.execute(Cases.update(columns).where(unchanged)):
            raise Overtaken(f"Case {case.number} has changed meanwhile; nothing was done. Look again first.")
        note_seen(self.store, self.by, case.number, case.version + 1)

    def enter(self, case: Case, what: What, changes: dict[str, Any] | None = None, **facts: Any) -> int:
        """Add an entry to a case's history and return its id; ``changes`` are the columns that it set."""
        row = {
            "number": case.number,
            "at": self.now,
            "what": what,
            "by": self.by,
            "stay": case.stay,
            "act": self.act,
            "changes": written(changes or {}),
        }
        return int(self.store.execute(Entries.insert({**row, **facts})))

    def comment(
        self, case: Case, kind: CommentKind, body: str, changes: dict[str, Any], note: str | None = None
    ) -> None:
        """Add a comment to a case's history; a customer's bears the contact's name."""
        customer = kind is CommentKind.CUSTOMER
        author = (case.contact or "customer") if customer else self.by
        by = "customer" if customer else self.by
        self.enter(case, What.COMMENTED, changes, kind=kind, author=author, body=body, note=note, by=by)


def case_of(store: Store, number: int) -> Case | None:
    """Return a case without its clones, or None."""
    return CASE.first(store, CASE.select().where(Cases.id == number))


def with_clones(store: Store, cases: Iterable[Case]) -> list[Case]:
    """Return the same cases, each knowing the cases that were cloned from it."""
    cases = list(cases)
    clones: dict[int, list[int]] = {}
    for start in range(0, len(cases), 500):
        numbers = [case.number for case in cases[start : start + 500]]
        query = Cases.select(Cases.cloned_from, Cases.id).where(Cases.cloned_from.in_(numbers))
        for parent, number in sorted(store.rows(query)):
            clones.setdefault(parent, []).append(number)
    return [replace(case, clones=tuple(clones.get(case.number, ()))) for case in cases] if clones else cases


def entries_of(store: Store, number: int, *, newest: int | None = None) -> list[Entry]:
    """Return a case's history, oldest entry first, or its ``newest`` ones, newest first."""
    query = ENTRY.select().where(Entries.number == number)
    ordered = query.order_by(Entries.id) if newest is None else query.order_by(Entries.id.desc()).limit(newest)
    return ENTRY.read(store, ordered)


def entries_with(store: Store, ids: Sequence[int]) -> list[Entry]:
    """Return entries by their ids, in no order."""
    return ENTRY.read(store, ENTRY.select().where(Entries.id.in_(among(ids))))


def newest_comment(store: Store, number: int) -> CommentKind | None:
    """Return the kind of a case's newest comment that was not taken back, or None where it has none."""
    found: CommentKind | None = store.value(_newest_kind(number))
    return found


def answered(store: Store, numbers: Sequence[int]) -> set[int]:
    """Return those of some cases whose newest comment is a public one, by one question.

    A thousand questions took half a second.
    """
    newest = _newest_kind(Cases.id)
    query = Cases.select(Cases.id).where(Cases.id.in_(among(numbers)) & (newest == CommentKind.PUBLIC))
    return {number for (number,) in store.rows(query)}


def taken_back(store: Store, number: int) -> set[int]:
    """Return the comments of a case that were taken back, and not written again since."""
    comments = Entries.select(Entries.id).join(Acts, on=Acts.id == Entries.act)
    undone = comments.join(Undos, on=Acts.undone_by == Undos.id).where(Undos.undone_by.is_null())
    rows = store.rows(undone.where((Entries.number == number) & Entries.kind.is_null(False)))
    return {entry for (entry,) in rows}


def _newest_kind(number: Any) -> Any:
    """Return the query of the kind of a case's newest comment that stands."""
    comments = standing(Entries.kind).where((Entries.number == number) & Entries.kind.is_null(False))
    return comments.order_by(Entries.id.desc()).limit(1)


def standing(*columns: Any) -> Any:
    """Return the query of all entries that stand: by no act, or by one that was not taken back."""
    beside = Entries.select(*columns).join(Acts, JOIN.LEFT_OUTER, on=Acts.id == Entries.act)
    return beside.join(Undos, JOIN.LEFT_OUTER, on=Acts.undone_by == Undos.id).where(STANDS)
