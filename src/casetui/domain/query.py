"""The query language of lists, views and filters: text to a small tree.

``status:new owner:me unread age>7d due<2d account:"Uni Ghent" proxy -printer (p1 or p2)``: terms side by side
must all hold, ``or`` joins alternatives, ``-`` or ``not`` negates, and a bare word is looked for in subject,
names and numbers. ``p1`` to ``p4`` are priorities.
"""

import re
from dataclasses import dataclass

from casetui.domain.clocks import Period
from casetui.domain.errors import Misused
from casetui.domain.records import Priority
from casetui.domain.workflow import Status, read_status

NAMED = ("account", "contact", "email", "product", "installation", "release", "provider", "reason")
"""The facts of a case that a term names by their own name."""
FLAGS = ("unread", "held", "open", "closed", "due", "unassigned", "unreminded")
"""Terms that stand alone."""
MEASURES = ("age", "for", "idle", "due")
"""Terms that measure a period: since opened, in this status, since the last change, until the next deadline."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the words of a phrase, looked for in a case's facts; the last one may be unfinished."""

    text: str
    everywhere: bool = False
    """Whether it is looked for in the comments too."""


@dataclass(frozen=True, slots=True)
class Is:
    """A field that has one of several values."""

    field: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is so or not."""

    name: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A period compared: ``more`` than it, or less."""

    name: str
    more: bool
    period: Period


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class All:
    """What must all hold; the empty one always does."""

    terms: tuple["Term", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """What must hold in part."""

    terms: tuple["Term", ...]


Term = Word | Is | Flag | Measure | Not | All | Either
EVERYTHING = All()

_TOKEN = re.compile(r"""\s*(?:(\()|(\))|((?:[^\s()"]|"[^"]*"?)+))""")
_PRIORITY = re.compile(r"[pP][1-4]")
_COMPARED = re.compile(r"(\w+)([<>])(.+)")
_SCOPED = re.compile(r"(\w+):(.*)", re.DOTALL)


def parse(text: str, *, me: str = "", everywhere: bool = False) -> Term:
    """Read a query; ``me`` is who ``owner:me`` means, ``everywhere`` has words looked for in comments too.

    Raises Misused with the word that cannot be read.
    """
    tokens = [next(group for group in match.groups() if group) for match in _TOKEN.finditer(text)]
    reader = _Reader(tokens, me, everywhere=everywhere)
    term = reader.alternatives()
    if reader.tokens:
        raise Misused(f"The query has a '{reader.tokens[0]}' too many.")
    return term


def words_of(term: Term) -> tuple[tuple[str, ...], All]:
    """Split a query into the words that one text must hold, whoever said it, and what else must hold."""
    terms = term.terms if isinstance(term, All) else (term,)
    said = [each for each in terms if isinstance(each, Word) and each.everywhere and is_searchable(each.text)]
    return tuple(each.text for each in said), All(tuple(each for each in terms if each not in said))


def sought(term: Term) -> tuple[str, ...]:
    """Return every word that a query asks for, and none of those that it excludes."""
    if isinstance(term, Word):
        return (term.text,)
    inner = term.terms if isinstance(term, (All, Either)) else ()
    return tuple(word for each in inner for word in sought(each))


def is_searchable(text: str) -> bool:
    """Say whether there is anything in a text that an index of words could hold."""
    return any(character.isalnum() for character in text)


class _Reader:
    """Reads tokens from the left, by recursive descent."""

    def __init__(self, tokens: list[str], me: str, *, everywhere: bool) -> None:
        self.tokens = tokens
        self.me = me
        self.everywhere = everywhere

    def alternatives(self) -> Term:
        terms = [self.together()]
        while self.tokens and self.tokens[0].lower() == "or":
            self.tokens.pop(0)
            terms.append(self.together())
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def together(self) -> Term:
        terms = []
        while self.tokens and self.tokens[0] != ")" and self.tokens[0].lower() != "or":
            terms.append(self.one())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def one(self) -> Term:
        token = self.tokens.pop(0)
        if token == "-" or token.lower() == "not":
            if not self.tokens:
                raise Misused(f"The query ends after '{token}'; say what must not be.")
            return Not(self.one())
        if token == "(":
            term = self.alternatives()
            if not self.tokens:
                raise Misused("The query has a '(' that is never closed.")
            self.tokens.pop(0)
            return term
        if token.startswith("-") and len(token) > 1:
            return Not(self.term(token[1:]))
        return self.term(token)

    def term(self, token: str) -> Term:
        if token.lower() in FLAGS:
            return Flag(token.lower())
        if _PRIORITY.fullmatch(token):
            return Is("priority", (Priority.read(token),))
        if compared := _COMPARED.fullmatch(token):
            return self.measure(compared[1].lower(), more=compared[2] == ">", period=compared[3])
        if scoped := _SCOPED.fullmatch(token):
            return self.scoped(scoped[1].lower(), scoped[2])
        return Word(_unquoted(token), self.everywhere)

    def measure(self, name: str, *, more: bool, period: str) -> Term:
        if name not in MEASURES:
            raise Misused(f"'{name}' is not measured in a query; {', '.join(MEASURES)} are.")
        return Measure(name, more, Period.parse(period))

    def scoped(self, field: str, text: str) -> Term:
        values = tuple(part for part in (_unquoted(part) for part in text.split(",")) if part)
        if not values:
            raise Misused(f"The query says '{field}:' and then nothing.")
        if field == "status":
            return Is(field, tuple(_status(value) for value in values))
        if field in ("priority", "p"):
            return Is("priority", tuple(Priority.read(value) for value in values))
        if field == "owner":
            return Is(field, tuple(self.owner(value) for value in values))
        if field == "number":
            return Is(field, tuple(_number(value) for value in values))
        if field in NAMED:
            return Is(field, values)
        known = ", ".join(("status", "priority", "owner", "number", *NAMED))
        raise Misused(f"'{field}:' is nothing that a query knows; it knows {known}.")

    def owner(self, name: str) -> str | None:
        if name.lower() == "nobody":
            return None
        return self.me if name.lower() == "me" and self.me else name


def _status(text: str) -> Status:
    return read_status(text)[0]


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > len("9000000000000000000") - 1:
        raise Misused(f"'{text}' is not a case number.")
    return int(text)


def _unquoted(token: str) -> str:
    return token.replace('"', "").strip()
