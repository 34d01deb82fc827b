"""A case as casetui exports it, read back: every value checked, every wrong one named."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

import msgspec

from casetui.desk.transfer.columns import GREATEST, ITSELF, RIGHT, Value, changed, cleaned
from casetui.desk.transfer.origins import Origin
from casetui.desk.transfer.report import BadCellError
from casetui.domain.clocks import FIRST, LAST
from casetui.domain.errors import Misused
from casetui.domain.records import Case, Entry, Priority, What
from casetui.domain.workflow import CommentKind, Rule, Status, has_clock, read_status

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Number = Annotated[int, msgspec.Meta(ge=1, le=GREATEST)]
_Read = TypeVar("_Read")
_AT = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?")
_HALF = "it holds half a character, which is no text"


class KeptComment(msgspec.Struct, frozen=True):
    """A comment of an exported case."""

    kind: CommentKind
    body: str
    author: str | None = None


class KeptEntry(msgspec.Struct, frozen=True, rename={"start": "from", "target": "to"}):
    """An entry of an exported case; ``comment`` is the place of its comment among the case's."""

    what: What
    by: str
    at: Instant
    stay: Number
    start: Status | None = None
    target: Status | None = None
    planned_at: Instant | None = None
    note: str | None = None
    comment: int | None = None
    changes: dict[str, Value] = {}
    rule: Rule | None = None


class Kept(msgspec.Struct, frozen=True):
    """An exported case; CSV and lists have neither its comments nor its history."""

    subject: str
    status: str
    status_since: Instant
    opened_at: Instant
    number: Number | None = None
    version: Number = 1
    stay: Number = 1
    priority: str = "normal"
    unread: bool = False
    external_id: str | None = None
    remind_at: Instant | None = None
    close_at: Instant | None = None
    reminded_at: Instant | None = None
    held_until: Instant | None = None
    hold_reason: str | None = None
    owner: str | None = None
    account: str | None = None
    contact: str | None = None
    email: str | None = None
    product: str | None = None
    installation: str | None = None
    reason: str | None = None
    release: str | None = None
    provider: str | None = None
    cloned_from: Number | None = None
    updated_at: Instant | None = None
    closed_at: Instant | None = None
    origin: str | None = None
    comments: list[KeptComment] = []
    history: list[KeptEntry] = []

    @property
    def latest(self) -> datetime:
        """The time of the last thing that happened to it."""
        happened = (entry.at for entry in self.history)
        return max(self.opened_at, self.status_since, self.updated_at or self.opened_at, *happened)


def packed(found: Kept) -> bytes:
    """Return an exported case as it is staged; raise BadCellError for text that is none."""
    try:
        return msgspec.json.encode(found)
    except UnicodeEncodeError:
        raise BadCellError(None, None, _HALF) from None


def unpacked(body: bytes) -> Kept:
    """Return a staged case."""
    return msgspec.json.decode(body, type=Kept)


def kept(document: dict[str, Any], *, is_text: bool) -> Kept:
    """Return a document as a case; ``is_text`` says that its values are a table's. Raises BadCellError."""
    try:
        found = msgspec.convert(document, type=Kept, strict=not is_text)
    except msgspec.ValidationError as error:
        raise _bad(document, str(error)) from None
    except UnicodeEncodeError:
        raise BadCellError(None, None, _HALF) from None
    for name, instant in _instants(found):
        if not FIRST <= instant < LAST:
            raise BadCellError(name, instant.isoformat(), "is not between the years 1970 and 2999")
    return found


def case_of(found: Kept) -> Case:
    """Return an exported case as a record; raise BadCellError for what cannot be so."""
    columns = {name: getattr(found, name) for name in Case.__struct_fields__ if name != "clones"}
    for name, value in columns.items():
        if isinstance(value, datetime):
            columns[name] = _whole(value)
        elif isinstance(value, str):
            columns[name] = cleaned(name, value)
    columns["status"], _ = _word("status", found.status, read_status)
    columns["priority"] = _word("priority", found.priority, Priority.read)
    if found.origin is not None and Origin.read(found.origin) is None:
        raise BadCellError("origin", found.origin, "is not the name of a desk, a stroke and a number")
    columns["number"] = found.number or 0
    columns["updated_at"] = _whole(found.updated_at or found.latest)
    case = Case(**columns)
    if case.cloned_from is not None and case.cloned_from == found.number:
        raise BadCellError("cloned_from", str(case.cloned_from), ITSELF)
    if wrong := next(contradictions(case), None):
        raise BadCellError(*wrong)
    return case


def origin_of(found: Kept) -> Origin:
    """Return where an exported case comes from."""
    said = Origin.read(found.origin) if found.origin else None
    return said or Origin.of_file(found.number, found.opened_at, found.subject)


def entries_of(found: Kept) -> list[tuple[Entry, Rule | None]]:
    """Return an exported history as records, each with its rule; raise BadCellError."""
    return [_entry(found, place) for place in range(len(found.history))]


def contradictions(case: Case) -> Iterator[tuple[str, str | None, str]]:
    """Yield column, value and sentence where a case contradicts itself; the tables would not take it."""
    closed = case.status is Status.CLOSED
    if not case.subject:
        yield "subject", None, "a case needs one"
    if closed != (case.closed_at is not None):
        yield "closed_at", str(case.closed_at), f"does not fit a case in {case.status.label}"
    if case.close_at is not None and not has_clock(case.status):
        yield "close_at", str(case.close_at), f"does not fit {case.status.label}, where no clock runs"
    if case.remind_at is not None and case.status.row.reminder is None:
        yield "remind_at", str(case.remind_at), f"does not fit {case.status.label}, which has no reminder"
    if case.reminded_at is not None and case.status.row.reminder is None:
        yield "reminded_at", str(case.reminded_at), f"does not fit {case.status.label}, which has no reminder"
    if case.hold_reason is not None and not has_clock(case.status):
        yield "hold_reason", case.hold_reason, f"does not fit {case.status.label}, where no clock runs"
    if case.held_until is not None and case.hold_reason is None:
        yield "held_until", str(case.held_until), "a hold has a reason"


def _entry(found: Kept, place: int) -> tuple[Entry, Rule | None]:
    given = found.history[place]
    where = f"history[{place}]"
    comment = None
    if given.comment is not None:
        if not 0 <= given.comment < len(found.comments):
            raise BadCellError(f"{where}.comment", str(given.comment), "is the place of no comment")
        comment = found.comments[given.comment]
    entry = Entry(
        id=0,
        number=found.number or 0,
        at=_whole(given.at),
        what=given.what,
        by=cleaned("by", given.by) or "",
        stay=given.stay,
        start=given.start,
        target=given.target,
        planned_at=None if given.planned_at is None else _whole(given.planned_at),
        note=cleaned("note", given.note),
        kind=None if comment is None else comment.kind,
        author=None if comment is None else cleaned("author", comment.author),
        body=None if comment is None else cleaned("body", comment.body) or "",
        changes=changed(given.changes, where, found.number),
    )
    return entry, given.rule


def _word(name: str, text: str, read: Callable[[str], _Read]) -> _Read:
    try:
        return read(text)
    except Misused as error:
        raise BadCellError(name, text, str(error).removeprefix(f"'{text}' ").rstrip(".")) from None


def _whole(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)


def _instants(found: Kept) -> Iterator[tuple[str, datetime]]:
    for name in Kept.__struct_fields__:
        value = getattr(found, name)
        if isinstance(value, datetime):
            yield name, value
    for place, entry in enumerate(found.history):
        yield f"history[{place}].at", entry.at
        if entry.planned_at is not None:
            yield f"history[{place}].planned_at", entry.planned_at


def _bad(document: dict[str, Any], error: str) -> BadCellError:
    """Turn msgspec's words about a value into the column, the value and a sentence."""
    found = _AT.fullmatch(error)
    said, path = (found[1], found[2]) if found else (error, None)
    missing = re.search("missing required field `(.*)`", said)
    if missing:
        column = f"{path}.{missing[1]}" if path else missing[1]
        return BadCellError(column, None, "it is missing")
    wanted = re.match(r"Expected `([a-z]+)", said)
    right = (
        RIGHT["datetime"] if "datetime" in said or "RFC3339" in said else RIGHT.get(wanted[1] if wanted else "")
    )
    sentence = f"is not {right}" if right else "is nothing that casetui knows there"
    return BadCellError(path, _at(document, path or ""), sentence)


def _at(document: dict[str, Any], path: str) -> str | None:
    """Return the value at a path such as ``history[2].at``, as text."""
    here: Any = document
    for key, place in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        try:
            here = here[int(place)] if place else cast("dict[str, Any]", here)[key]
        except (KeyError, IndexError, TypeError):
            return None
    try:
        return None if here is None else str(here)
    except RecursionError:
        return None
