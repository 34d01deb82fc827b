"""Turns a query into what the database is asked: indexes for fields, the full-text index for words."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from peewee import JOIN, SQL, NodeList, fn
from peewee import Case as CaseWhen

from casetui.domain.fields import Exactly
from casetui.domain.query import (
    All,
    Changed,
    Drafted,
    Either,
    Flag,
    Is,
    Measure,
    Not,
    Term,
    Word,
    is_searchable,
    words_of,
)
from casetui.domain.workflow import Status
from casetui.storage.tables import Cases, CaseWords, Drafts, Entries, LastLooks, Seen, Texts

UNFINISHED = 3
"""Letters from which on the last word of a query may be unfinished: shorter ones begin half of all words."""

_WORD = re.compile(r"\w+")
_LAST = re.compile(r"[^\W_]+$")

IN_WORDS = ("account", "contact", "email", "product")
"""Facts of which a query says some words."""
_FOUND_BY_NAME = (*IN_WORDS, "number")
OPEN = Cases.closed_at.is_null()
"""Written as the partial indexes of the open cases are, so that the planner sees that they fit."""
NEVER = 9_000_000_000_000_000_000
"""The instant of what does not happen, later than all others."""
_REMINDER_FIRST = Cases.reminded_at.is_null() & (Cases.remind_at < Cases.close_at)
NEXT_ACT = fn.COALESCE(CaseWhen(None, ((_REMINDER_FIRST, Cases.remind_at),), Cases.close_at), SQL(str(NEVER)))
"""When the timer acts next, or never; written as its index is."""
Common = Callable[[str], bool]
"""Says of what the index of facts is asked whether so many cases hold it that a list is walked sooner."""


def condition(term: Term, now: datetime, is_common: Common = lambda _: False) -> Any:
    """Return a query as a Peewee expression over the cases, at ``now``."""
    match term:
        case Word(text, everywhere):
            return _said((text,)) if everywhere else _word(text, is_common)
        case Is(field, values):
            return _is(field, values, is_common)
        case Flag(name):
            return _FLAGS[name](now)
        case Changed(agent):
            return _changed(agent)
        case Drafted(agent):
            return Cases.id.in_(Drafts.select(Drafts.number).where(Drafts.agent == agent))
        case Measure():
            return _measure(term, now)
        case Not(inner):
            return ~_certain(condition(inner, now, is_common))
        case All():
            words, rest = words_of(term)
            asked = [(each, asked_of(each)) for each in rest.terms]
            facts = " AND ".join(fact for _, fact in asked if fact)
            others = (condition(each, now, is_common) for each, fact in asked if not fact)
            said = [_said(words)] if words else []
            held = [_matching(facts, is_common)] if facts else []
            return reduce(and_, (*said, *held, *others), SQL("1 = 1"))
        case Either(terms):
            return reduce(or_, (condition(each, now, is_common) for each in terms))


def is_open(term: Term) -> bool:
    """Say whether a query is of open cases only, in a way that the planner sees too."""
    match term:
        case All(terms):
            return any(map(is_open, terms))
        case Is(field, values):
            return field == "status" and Status.CLOSED not in values
        case _:
            return term in (Flag("open"), Flag("unassigned"))


def is_closed(term: Term) -> bool:
    """Say whether a query is of closed cases only, in a way that the planner sees too."""
    if isinstance(term, All):
        return any(map(is_closed, term.terms))
    return term in (Flag("closed"), Is("status", (Status.CLOSED,)))


def walks_closed(term: Term) -> bool:
    """Say whether a query may find so many of the closed cases that they cannot be put in any order at once."""
    match term:
        case All(terms):
            return not is_open(term) and all(map(walks_closed, terms))
        case Either(terms):
            return any(map(walks_closed, terms))
        case Is(field, values):
            return field not in _FOUND_BY_NAME and (field != "status" or Status.CLOSED in values)
        case Flag(name):
            return name == "closed"
        case Measure(name):
            return name != "due"
        case _:
            return isinstance(term, Not)


def _certain(expression: Any) -> Any:
    """Make an unknown (a missing owner, say) a plain no, so that its negation is a yes."""
    return fn.COALESCE(expression, SQL("0"))


def asked_of(term: Term) -> str | None:
    """Return what the index of facts is asked for a query that it answers alone; None where it does not."""
    match term:
        case Word(text, False) if is_searchable(text) and not _is_number(text):
            return _facts(text)
        case Is(field, (str(text),)) if field in IN_WORDS and is_searchable(text):
            return f"({field} : {_facts(text)})"
        case All(terms) if terms:
            facts = [asked for asked in map(asked_of, terms) if asked]
            return " AND ".join(facts) if len(facts) == len(terms) else None
    return None


def _word(text: str, is_common: Common) -> Any:
    """Return that the facts of a case hold some words; a number may be its own too."""
    if not is_searchable(text):
        return SQL("1 = 1")
    found = _matching(_facts(text), is_common)
    return (Cases.id == int(text)) | found if _is_number(text) else found


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < len("9000000000000000000")


def _said(words: Iterable[str]) -> Any:
    """Return that one text of a case holds all these words; those that are long enough may be unfinished."""
    asked = " AND ".join(f"{phrase(text)}{' *' if is_unfinished(text) else ''}" for text in words)
    if not is_searchable(asked):
        return SQL("1 = 1")
    said = Texts.select(Entries.number).join(Entries, JOIN.CROSS)
    return Cases.id.in_(said.where(SQL("texts MATCH ?", [asked]) & (Entries.id == Texts.rowid)))


def is_unfinished(text: str) -> bool:
    """Say whether the last word of a text may be only the beginning of one."""
    last = _LAST.search(text)
    return last is not None and len(last[0]) >= UNFINISHED


def phrase(text: str) -> str:
    """Return a text as the index of words is asked for it, word after word."""
    clean = text.replace('"', " ").replace("\0", " ")
    return f'"{clean}"'


def _facts(text: str) -> str:
    """Return what the index of facts is asked for a text: all its words, of which the last may be unfinished."""
    return f"({' '.join(map(phrase, _WORD.findall(text)))} *)"


def _matching(match: str, is_common: Common) -> Any:
    found = CaseWords.select(CaseWords.rowid).where(holding(match))
    # The plus keeps SQLite from looking up each of them, half a million, for the first 200 of a list's order.
    number = NodeList((SQL("+"), Cases.id)) if is_common(match) else Cases.id
    return number.in_(found)


def holding(match: str) -> Any:
    """Return the condition over `CaseWords` of holding what the index is asked for."""
    return SQL("case_words MATCH ?", [match])


def _is(field: str, values: tuple[Any, ...], is_common: Common) -> Any:
    column = getattr(Cases, "id" if field == "number" else field)
    if field in IN_WORDS:
        return reduce(or_, (_in_words(field, value, is_common) for value in values))
    if field == "status" and Status.CLOSED not in values:
        return OPEN & column.in_(values)  # said, so that the planner sees that the indexes of the open cases fit
    if is_closed(Is(field, values)):
        return Cases.closed_at.is_null(False)  # as above, for those of the closed ones
    named = [value for value in values if value is not None]
    found = column == named[0] if len(named) == 1 else column.in_(named)
    if len(named) == len(values):
        return found
    return column.is_null() | found if named else column.is_null()


def _in_words(field: str, value: object, is_common: Common) -> Any:
    column = getattr(Cases, field)
    if value is None:
        return column.is_null()
    if isinstance(value, Exactly):
        same = column.collate("NOCASE") == value.text
        # The index takes the text apart by itself: what a word is in Python differs in signs that are not seen.
        asked = f"{field} : {phrase(value.text)}"
        return _matching(asked, is_common) & same if is_searchable(value.text) else same
    text = str(value)
    return _matching(f"{field} : {_facts(text)}", is_common) if is_searchable(text) else SQL("1 = 0")


def _changed(agent: str) -> Any:
    since = LastLooks.select(LastLooks.since).where(LastLooks.agent == agent)
    known = (Seen.agent == agent) & (Seen.number == Cases.id) & (Seen.version >= Cases.version)
    return (Cases.updated_at > since) & ~fn.EXISTS(Seen.select(SQL("1")).where(known))


# Few cases are looked for first, through their own index: the planner would rather walk all those of an order.
_Few = Cases.alias()


def _held(now: datetime) -> Any:
    wanted = _Few.hold_reason.is_null(False) & (_Few.held_until.is_null() | (_Few.held_until > now))
    return Cases.id.in_(_Few.select(_Few.id).where(wanted))


def _due(now: datetime) -> Any:
    reminder = (_Few.remind_at <= now) & _Few.reminded_at.is_null()
    return Cases.id.in_(_Few.select(_Few.id).where((_Few.close_at <= now) | reminder))


_FLAGS: dict[str, Callable[[datetime], Any]] = {
    "unread": lambda _now: Cases.unread == True,  # noqa: E712 - an expression, not a comparison
    "held": _held,
    "open": lambda _now: OPEN,
    "closed": lambda _now: Cases.closed_at.is_null(False),
    "due": _due,
    "unassigned": lambda _now: OPEN & Cases.owner.is_null(),
    "unreminded": lambda _now: Cases.remind_at.is_null(False) & Cases.email.is_null(),
}


def _measure(term: Measure, now: datetime) -> Any:
    if term.name == "due":
        limit = term.period.after(now, "UTC")
        if term.more:
            return (Cases.close_at > limit) & (
                Cases.remind_at.is_null() | Cases.reminded_at.is_null(False) | (Cases.remind_at > limit)
            )
        return _due(limit)
    column = {"age": Cases.opened_at, "for": Cases.status_since, "idle": Cases.updated_at}[term.name]
    limit = term.period.before(now)
    return column < limit if term.more else column > limit
