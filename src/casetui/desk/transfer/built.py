"""A case and its history as rows of the tables, all but their numbers; and what of it the rows must hold to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from casetui.desk.facts import policy_of
from casetui.desk.transfer.report import BadCellError
from casetui.domain.clocks import rfc3339
from casetui.domain.errors import Misused
from casetui.domain.policy import Policy
from casetui.domain.records import CUSTOMER, TIMER, Case, Entry
from casetui.domain.workflow import Rule, Status, has_clock
from casetui.storage.store import Store
from casetui.storage.tables import CASE_COLUMNS, ENTRY_COLUMNS, Policies

IMPORT = "import"
"""Who did what the file does not say of anybody."""
_MEMORY = 10_000
_RULES = {"remind_at": Rule.REMINDER, "close_at": Rule.CLOSURE}

CASE_NAMES = tuple(column.column_name for column in CASE_COLUMNS)
ENTRY_NAMES = ("case_id", *(column.column_name for column in ENTRY_COLUMNS[2:]), "rule")
"""The columns of an entry's row, without its id."""


class EntryRow(NamedTuple):
    """An entry in the order of `ENTRY_NAMES`, without the case's number."""

    at: int
    what: str
    by: str
    stay: int
    start: str | None = None
    target: str | None = None
    planned_at: int | None = None
    note: str | None = None
    kind: str | None = None
    author: str | None = None
    body: str | None = None
    changes: str | None = None
    rule: str | None = None


class Built(Struct, frozen=True):
    """A case in the order of `CASE_NAMES` without its number, and its entries, oldest first."""

    external_id: str | None
    case: Sequence[object]
    entries: Sequence[EntryRow]


class Deadlines:
    """The desk's deadlines; most stays begin with others in the same minute, so each is worked out once.

    Raises BadCellError for a stay that begins so late that they would lead beyond all times.
    """

    def __init__(self, store: Store) -> None:
        columns = (Policies.at, Policies.key, Policies.value)
        self._changes = store.rows(Policies.select(*columns).order_by(Policies.id))
        self._policies = [self._policy(count) for count in range(len(self._changes) + 1)]
        self._known: dict[tuple[int, Status, datetime], dict[str, datetime]] = {}

    def now(self, status: Status, since: datetime) -> dict[str, datetime]:
        """Return the deadlines of a stay by column, by the policy in force now; those that are none left out."""
        return self._of(len(self._changes), status, since)

    def then(self, status: Status, since: datetime) -> dict[str, datetime]:
        """Return the same by the policy in force when the stay began, which stays in force for it (SPEC 5)."""
        return self._of(sum(1 for at, _, _ in self._changes if at <= since), status, since)

    def _policy(self, count: int) -> Policy:
        return policy_of((key, value) for _, key, value in self._changes[:count])

    def _of(self, count: int, status: Status, since: datetime) -> dict[str, datetime]:
        if not has_clock(status):
            return {}
        key = count, status, since
        if key not in self._known:
            if len(self._known) > _MEMORY:
                self._known.clear()
            policy = self._policies[count]
            try:
                found = {name: policy.deadline(status, rule, since) for name, rule in _RULES.items()}
            except Misused as error:
                raise BadCellError("status_since", rfc3339(since), f"is too late: {error}".rstrip(".")) from None
            self._known[key] = {name: at for name, at in found.items() if at is not None}
        return self._known[key]


def encoded(changes: dict[str, Any]) -> str | None:
    """Return the columns that an entry set as its row keeps them; instants in UTC come out as RFC 3339."""
    return msgspec.json.encode(changes).decode() if changes else None


def actor(name: str | None) -> str:
    """Return who did something: never the customer or the timer, whose names a file may use for its own."""
    if name is None:
        return IMPORT
    return f"{IMPORT}: {name}" if name == CUSTOMER or name.startswith(TIMER) else name


def case_row(case: Case) -> list[object]:
    """Return a case as its row keeps it, without its number."""
    return [column.db_value(getattr(case, column.name)) for column in CASE_COLUMNS[1:]]


def entry_row(entry: Entry, rule: Rule | None) -> EntryRow:
    """Return an entry as its row keeps it."""
    kept = [column.db_value(getattr(entry, column.name)) for column in ENTRY_COLUMNS[2:]]
    return EntryRow._make([*kept, None if rule is None else rule.value])
