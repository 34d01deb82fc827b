"""What an exported entry set: columns that a history accounts for, each with a value that it can have."""

from datetime import UTC, datetime

from casetui.desk.transfer.report import BadCellError
from casetui.domain import words
from casetui.domain.clocks import FIRST, LAST
from casetui.domain.errors import Refused
from casetui.domain.history import REPLAYED
from casetui.domain.records import Priority

Value = str | int | bool | None
GREATEST = 2**53
"""The greatest whole number that every reader of JSON takes for itself."""
ITSELF = "is the case itself"
RIGHT = {
    "int": "a whole number from 1 up", "datetime": "a time such as 2026-01-31T12:00:00Z", "bool": "true or false",
    "str": "a text", "object": "an object", "array": "an array",
}  # fmt: skip
"""What is right, by the names that msgspec has for types."""
_TEXTS = ("hold_reason", "note", "body")
_INSTANT_NAMES = (
    "remind_at", "close_at", "reminded_at", "held_until", "status_since", "opened_at", "closed_at",
)  # fmt: skip


def changed(changes: dict[str, Value], where: str, number: int | None) -> dict[str, object]:
    """Return the columns that an entry set; raise BadCellError for one that there is not, or for a wrong value."""
    for name, value in changes.items():
        column = f"{where}.changes.{name}"
        if name not in REPLAYED or name in ("status", "stay"):
            raise BadCellError(column, _shown(value), "is nothing that a history sets")
        if right := _unlike(name, value):
            raise BadCellError(column, _shown(value), f"is not {right}")
        if name == "cloned_from" and value is not None and value == number:
            raise BadCellError(column, _shown(value), ITSELF)
    return {name: cleaned(name, value) if isinstance(value, str) else value for name, value in changes.items()}


def _unlike(name: str, value: Value) -> str | None:
    """Return what a column's value would be, or None where it is that."""
    if name == "unread":
        return None if isinstance(value, bool) else RIGHT["bool"]
    if name == "priority":
        return None if type(value) is int and value in list(Priority) else "a priority from 1 to 4"
    if value is None:
        return RIGHT["datetime"] if name in ("opened_at", "status_since") else None
    if name in _INSTANT_NAMES:
        return None if _is_instant(value) else RIGHT["datetime"]
    if name == "cloned_from":
        return None if type(value) is int and 1 <= value <= GREATEST else RIGHT["int"]
    return None if isinstance(value, str) else RIGHT["str"]


def _shown(value: Value) -> str | None:
    return None if value is None else str(value)


def _is_instant(value: object) -> bool:
    try:
        found = datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return FIRST <= found < LAST


def cleaned(name: str, value: str | None) -> str | None:
    """Return a text of a file as it is kept; raise BadCellError for one that is too long."""
    try:
        return words.text(value, name) if name in _TEXTS else words.line(value, name)
    except Refused as error:
        raise BadCellError(name, value, str(error).rstrip(".")) from None
