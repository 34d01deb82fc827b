"""How a history replays to its case: what each entry sets, folded in order."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from casetui.domain.clocks import rfc3339
from casetui.domain.records import Case, Entry, Priority, What
from casetui.domain.workflow import Status

_INSTANTS = frozenset(
    {"remind_at", "close_at", "reminded_at", "held_until", "status_since", "opened_at", "closed_at"}
)
_OF_A_STAY = ("remind_at", "close_at", "reminded_at", "held_until", "hold_reason")
_FACTS = (
    "external_id", "subject", "owner", "account", "contact", "email", "product", "priority", "installation",
    "reason", "release", "provider", "cloned_from",
)  # fmt: skip
REPLAYED = ("status", "stay", "status_since", "unread", "opened_at", "closed_at", *_OF_A_STAY, *_FACTS)
"""The names of a case that its history accounts for: all but its number, its version and its last change."""


def written(changes: Mapping[str, Any]) -> dict[str, object]:
    """Return columns as an entry keeps them: instants as RFC 3339, enumerations by value."""
    return {name: _plain(value) for name, value in changes.items()}


def read_back(changes: Mapping[str, object]) -> dict[str, object]:
    """Return the columns that an entry kept, as a case has them."""
    return {name: _rich(name, value) for name, value in changes.items()}


def given(entry: Entry) -> dict[str, str]:
    """Return what a move was given on its way, by name: its reason, release and provider."""
    changes = entry.changes if entry.what is What.MOVED else {}
    return {name: str(changes[name]) for name in ("reason", "release", "provider") if changes.get(name)}


def replay(entries: Iterable[Entry]) -> dict[str, object]:
    """Fold a history, oldest entry first, into the columns of `REPLAYED`."""
    state: dict[str, object] = dict.fromkeys(REPLAYED)
    state.update(unread=False, priority=Priority.NORMAL)
    for entry in entries:
        if entry.what is What.OPENED:
            state["opened_at"] = entry.at
        if entry.target is not None:
            state.update(dict.fromkeys(_OF_A_STAY))
            closed_at = entry.at if entry.target is Status.CLOSED else None
            state.update(status=entry.target, stay=entry.stay, status_since=entry.at, closed_at=closed_at)
        if entry.what is What.REMINDED:
            state["reminded_at"] = entry.at
        state.update(read_back(entry.changes))
    return state


def differences(case: Case, entries: Iterable[Entry]) -> list[str]:
    """Return a sentence for each column in which a case is not what its history says."""
    state = replay(entries)
    return [
        f"case {case.number}: {name} is {_shown(getattr(case, name))}, its history says {_shown(state[name])}"
        for name in REPLAYED
        if getattr(case, name) != state[name]
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.value if isinstance(value, Enum) else value


def _rich(name: str, value: object) -> object:
    if name == "priority" and isinstance(value, int):
        return Priority(value)
    if name in _INSTANTS and isinstance(value, str):
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return value


def _shown(value: object) -> object:
    return "nothing" if value is None else _plain(value)
