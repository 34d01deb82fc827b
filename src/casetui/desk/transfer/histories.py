"""Builds a case from its rows in a mapped file: the versions of a log, or the one row of a table."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from casetui.desk.transfer.built import IMPORT, Built, Deadlines, EntryRow, actor, encoded
from casetui.desk.transfer.cells import Staged
from casetui.desk.transfer.mapping import Rows, Versions
from casetui.desk.transfer.report import Tally
from casetui.desk.transfer.states import UNKNOWN, States
from casetui.domain.records import CUSTOMER, Priority, What
from casetui.domain.workflow import CommentKind, Status, has_clock

_FACTS = Staged._fields[8:18]
"""The names of a case's facts, in the order in which they are staged."""


class Histories:
    """Builds cases from rows; all times are moved by ``shift`` seconds."""

    def __init__(self, mapping: Rows, deadlines: Deadlines, tally: Tally, shift: int) -> None:
        self.log = isinstance(mapping, Versions)
        self.states = States(mapping.statuses)
        self.deadlines = deadlines
        self.tally = tally
        self.shift = shift

    def build(self, rows: Iterable[Staged]) -> Built | None:
        """Return a case from its rows in their order, or None where they say nothing of it."""
        story = _Story(self)
        known = list(rows)
        if len(known) > 1 and not self.log:
            self.tally.wonder("a case that stands twice, whose latest row counts", known[-1].line, known[-1].key)
            known = known[-1:]
        for row in known:
            story.tell(row)
        return story.built()

    def status(self, last: str | None, row: Staged) -> Status | None:
        """Return the status that a row enters, or None where its state says nothing; what is odd is counted."""
        status, warning = self.states.after(last, row.state)
        if warning == UNKNOWN and not self.log:
            status, warning = Status.NEW, f"{UNKNOWN}, taken as New"
        if warning:
            self.tally.wonder(warning, row.line, row.state)
        return status


class _Story:
    """One case while its rows are read."""

    def __init__(self, house: Histories) -> None:
        self.house = house
        self.entries: list[list[Any]] = []
        self.state: str | None = None
        self.status: Status | None = None
        self.stay = 0
        self.since = 0
        self.entered = 0
        self.opened = 0
        self.updated = 0
        self.facts: tuple[Any, ...] = ()
        self.key = ""

    def tell(self, row: Staged) -> None:
        """Add what a row says; the same state as before is no change of status."""
        status = None
        if row.state != self.state:
            status = self.house.status(self.state, row)
            if status is None:
                return
        facts = row[8:18]
        if self.status is None and status is not None:
            self._open(row, status)
        elif facts != self.facts:
            self._edit(row, facts)
        self.facts = facts
        self.updated = row.time + self.house.shift
        if status is not None:
            self._enter(row, status)
            self.state = row.state

    def built(self) -> Built | None:
        """Return the case as its rows leave it; only its present stay has deadlines."""
        if self.status is None:
            return None
        due = self._deadlines(self.status)
        remind, close = (None if due.get(name) is None else int(due[name].timestamp()) for name in _DUE)
        priority, subject, account, contact, email, product, installation, owner, release, provider = self.facts
        case = (
            1, self.key, subject, self.status.value, self.stay, self.since, remind, close, None, None, None, 0,
            owner, account, contact, email, product, priority, installation, None, release, provider, None,
            self.opened, self.updated, self.since if self.status is Status.CLOSED else None,
        )  # fmt: skip
        for entry in self.entries:
            entry[11] = encoded(entry[11])
        return Built(self.key, case, [EntryRow(*entry) for entry in self.entries])

    def _deadlines(self, status: Status) -> dict[str, datetime]:
        """Give the present stay its deadlines, and return them; a policy changed since is told by an entry."""
        if not has_clock(status):
            return {}
        since = datetime.fromtimestamp(self.since, UTC)
        then, now = self.house.deadlines.then(status, since), self.house.deadlines.now(status, since)
        self.entries[self.entered][11].update(then)
        if now != then:
            self._add(max(self.since, self.updated), What.RESCHEDULED, IMPORT, now)
            self.entries[-1][7] = "the desk's policy at the import"
        return now

    def _open(self, row: Staged, status: Status) -> None:
        """Open the case, in a log with the status of its first row; in a table the status comes by itself."""
        since = row.since + self.house.shift
        opened = since if row.opened is None else row.opened + self.house.shift
        if opened > since:
            self.house.tally.wonder(
                "a case opened later than its first event, whose time is taken", row.line, row.key
            )
            opened = since
        self.key, self.opened = row.key, opened
        pairs = zip(_FACTS, row[8:18], strict=True)
        facts: dict[str, Any] = {name: value for name, value in pairs if value is not None}
        facts["external_id"] = row.key
        if self.house.log and opened < since:
            facts["opened_at"] = datetime.fromtimestamp(opened, UTC)
        at = since if self.house.log else opened
        self._add(at, What.OPENED, actor(row.opener or row.by), facts)
        if at == since:
            self.entries[-1][5] = status.value
        if row.opening is not None:
            self._add(at, What.COMMENTED, CUSTOMER)
            self.entries[-1][8:11] = [CommentKind.CUSTOMER.value, row.contact or CUSTOMER, row.opening]

    def _enter(self, row: Staged, status: Status) -> None:
        """Begin a stay."""
        self.stay += 1
        self.since = row.since + self.house.shift
        self.entered = 0
        if self.status is not None or self.entries[0][5] is None:
            start = None if self.status is None else self.status.value
            self._add(self.since, What.MOVED, actor(row.by))
            self.entries[-1][4:6] = [start, status.value]
            self.entered = len(self.entries) - 1
        self.status = status

    def _edit(self, row: Staged, facts: tuple[Any, ...]) -> None:
        """Note which facts are others than before."""
        pairs = zip(_FACTS, self.facts, facts, strict=True)
        changes = {name: (old, new) for name, old, new in pairs if old != new}
        if "owner" in changes:
            old, new = changes.pop("owner")
            self._add(row.time + self.house.shift, What.ASSIGNED, actor(row.by), {"owner": new})
            self.entries[-1][7] = f"{old or 'nobody'} -> {new or 'nobody'}"
        if changes:
            set_now = {name: new for name, (_, new) in changes.items()}
            self._add(row.time + self.house.shift, What.EDITED, actor(row.by), set_now)
            self.entries[-1][7] = "; ".join(
                f"{name}: {_word(name, old)} -> {_word(name, new)}" for name, (old, new) in changes.items()
            )

    def _add(self, at: int, what: What, by: str, changes: dict[str, Any] | None = None) -> None:
        row = [at, what.value, by, max(1, self.stay), None, None, None, None, None, None, None, changes or {}]
        self.entries.append([*row, None])


_DUE = ("remind_at", "close_at")


def _word(name: str, value: Any) -> str:
    if name == "priority":
        return Priority(value).slug
    return str(value) if value else "nothing"
