"""The fields of the query language: what each compares, how its values are read, and which can be offered."""

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from casetui.domain.errors import Misused
from casetui.domain.records import INSTALLATIONS, Priority
from casetui.domain.words import closest
from casetui.domain.workflow import TABLE, Party, Status, read_status

FLAGS = {
    "changed": "changed since you last looked",
    "draft": "you have begun a comment there",
    "unread": "a customer's comment has not been read",
    "due": "the timer has something to do now",
    "held": "an agent's hold stops the timer",
    "unassigned": "open, and nobody's",
    "open": "not closed",
    "closed": "closed",
    "unreminded": "to be reminded, but without an address",
}
"""Terms that stand alone, and when they hold."""
MEASURES = {
    "age": "since it was opened",
    "for": "in this status",
    "idle": "since the last change",
    "due": "until the timer's next act",
}
"""Terms that measure a period, and what is measured."""
_LONGEST_NUMBER = 18
"""Digits of the greatest case number that a database holds."""
_OTHERS = (Party.DEVELOPMENT, Party.CONTENT, Party.THIRD_PARTY)
_WAITS = {"others": _OTHERS, **{party.value.replace(" ", "_"): (party,) for party in Party}}


class Offer(Enum):
    """Whose names can be offered for a field, where the values are the desk's own."""

    OWNERS = "owners"
    ACCOUNTS = "accounts"
    VIEWS = "views"


class Exactly(Struct, frozen=True):
    """A fact that is this and no more, small and capital letters of ASCII alike: ``account:="Uni Ghent"``."""

    text: str


class Field(Struct, frozen=True):
    """A field: what it is about in a few words, how a value is read, and values to offer."""

    does: str
    read: Callable[[str], tuple[object, ...]]
    offers: tuple[str, ...] | Offer = ()
    column: str = ""
    """The fact of a case that it compares, where that has another name."""


def _status(text: str) -> tuple[object, ...]:
    try:
        return (read_status(text)[0],)
    except Misused:
        raise Misused(f"'{text}' is not a status{_or(text, _STATUSES)}") from None


def _waits(text: str) -> tuple[object, ...]:
    parties = _WAITS.get(text.lower().replace(" ", "_"))
    if parties is None:
        raise Misused(f"Nothing waits on '{text}'; a case waits on {', '.join(_WAITS)}.")
    return tuple(status for status in Status if status.row.whose_move in parties)


def _priority(text: str) -> tuple[object, ...]:
    return (Priority.read(text),)


def _installation(text: str) -> tuple[object, ...]:
    if text.lower() == "none":
        return (None,)
    for kind in INSTALLATIONS:
        if kind.lower() == text.lower():
            return (kind,)
    raise Misused(f"'{text}' is not a kind of installation; they are {', '.join(INSTALLATIONS)} and none.")


def _number(text: str) -> tuple[object, ...]:
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise Misused(f"'{text}' is not a case number.")
    return (int(text),)


def _fact(text: str) -> tuple[object, ...]:
    return (None if text.lower() == "none" else text.removeprefix("="),)


def _name(text: str) -> tuple[object, ...]:
    return (None if text.lower() in ("nobody", "none") else text.removeprefix("="),)


def _words(text: str) -> tuple[object, ...]:
    if text.startswith("=") and text.strip("="):
        return (Exactly(text[1:].strip()),)
    return _fact(text)


def _text(text: str) -> tuple[object, ...]:
    return (text,)


_STATUSES = {
    **{status.value: status for status in Status},
    **{row.label.lower(): status for status, row in TABLE.items()},
}
_REASONS = tuple(reason for row in TABLE.values() for reason in row.reasons)

FIELDS = {
    "status": Field("where it stands", _status, tuple(status.value for status in Status)),
    "waits": Field("whose move it is", _waits, tuple(_WAITS), "status"),
    "owner": Field("whose it is; me, nobody", _name, Offer.OWNERS),
    "priority": Field("how urgent it is", _priority, tuple(priority.slug for priority in Priority)),
    "account": Field("words of the institution's name; none", _words, Offer.ACCOUNTS),
    "contact": Field("words of the customer's name; none", _words),
    "email": Field("the beginning of the address, or of its parts; none", _words),
    "product": Field("words of the product; none", _words),
    "installation": Field("the kind of installation", _installation, (*INSTALLATIONS, "none")),
    "reason": Field("why others have it", _fact, (*_REASONS, "none")),
    "release": Field("the release that brings the fix", _fact),
    "provider": Field("the third party", _fact),
    "number": Field("the case's number", _number),
    "view": Field("a view, by its name", _text, Offer.VIEWS),
}
"""What a query compares, by the word before the colon; ``p1`` to ``p4`` stand alone."""


def _or(text: str, known: dict[str, Status]) -> str:
    close = closest(text.lower(), known)
    return f"; did you mean '{close}'?" if close else "; 'casetui statuses' lists them."


def is_begun(text: str, field: str) -> bool:
    """Say whether a value that cannot be read is the beginning of one that can."""
    offers = _STATUSES if field == "status" else FIELDS[field].offers
    return not isinstance(offers, Offer) and any(word.lower().startswith(text.lower()) for word in offers)
