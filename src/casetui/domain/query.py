"""The query language of lists, views and filters: text to a small tree.

``status:new,reopened owner:me unread age>7d due<2d account:"Uni Ghent" proxy -printer (p1 or p2)``: terms side by
side must all hold, ``or`` joins alternatives, ``-`` or ``not`` negates, and a bare word is looked for in subject,
names and numbers. ``p1`` to ``p4`` are priorities, ``account:="Uni Ghent"`` is that account and no other, and
``view:ghent`` is a query that has a name.
"""

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from casetui.domain.clocks import Period
from casetui.domain.errors import BadQuery, Misused
from casetui.domain.fields import FIELDS, FLAGS, MEASURES, is_begun
from casetui.domain.records import Priority
from casetui.domain.words import closest
from casetui.domain.workflow import Status


class Word(Struct, frozen=True):
    """A word, or the words of a phrase, looked for in a case's facts; the last one may be unfinished."""

    text: str
    everywhere: bool = False
    """Whether it is looked for in the comments too."""


class Is(Struct, frozen=True):
    """A field that has one of several values."""

    field: str
    values: tuple[object, ...]


class Flag(Struct, frozen=True):
    """Something that is so or not."""

    name: str


class Changed(Struct, frozen=True):
    """What others have done to a case since this agent last looked at it."""

    agent: str


class Drafted(Struct, frozen=True):
    """A comment on a case that this agent has begun and not written."""

    agent: str


class Measure(Struct, frozen=True):
    """A period compared: ``more`` than it, or less."""

    name: str
    more: bool
    period: Period


class Not(Struct, frozen=True):
    """What must not hold."""

    term: "Term"


class All(Struct, frozen=True):
    """What must all hold; the empty one always does."""

    terms: tuple["Term", ...] = ()


class Either(Struct, frozen=True):
    """What must hold in part."""

    terms: tuple["Term", ...]


_MINE: dict[str, Callable[[str], Changed | Drafted]] = {"changed": Changed, "draft": Drafted}
"""The flags that are about the agent who asks."""
Term = Word | Is | Flag | Changed | Drafted | Measure | Not | All | Either
EVERYTHING = All()

_TOKEN = re.compile(r"""\s*(?:(\()|(\))|((?:[^\s()"]|"[^"]*"?)+))""")
_VALUE = re.compile(r"""(?:[^,"]|"[^"]*"?)+""")
_PRIORITY = re.compile(r"[pP][1-4]")
_COMPARED = re.compile(r"(\w+)([<>])=?(.*)", re.DOTALL)
_SCOPED = re.compile(r"(\w+):(.*)", re.DOTALL)
_SHORT = {"p": "priority"}
_OPPOSITES = {"open": "closed", "closed": "open"}


def parse(text: str, *, me: str = "", everywhere: bool = False, views: Mapping[str, str] | None = None) -> Term:
    """Read a query; ``me`` is who ``owner:me`` means, ``everywhere`` has words looked for in comments too.

    ``views`` are the queries that have a name. Raises BadQuery with the word that cannot be read.
    """
    reader = _Reader(text, me, everywhere=everywhere, views=views or {})
    term = reader.alternatives()
    if reader.tokens:
        raise reader.wrong("The query has a ')' too many.", reader.tokens[0])
    return term


def words_of(term: Term) -> tuple[tuple[str, ...], All]:
    """Split a query into the words that one text must hold, whoever said it, and what else must hold."""
    terms = term.terms if isinstance(term, All) else (term,)
    said = [each for each in terms if isinstance(each, Word) and each.everywhere and is_searchable(each.text)]
    return tuple(each.text for each in said), All(tuple(each for each in terms if each not in said))


def joined(*queries: str) -> str:
    """Return the query of what some queries all find; each is one that can be read."""
    said = [query.strip() for query in queries if query.strip()]
    return " ".join(f"({query})" if len(said) > 1 and _has_or(query) else query for query in said)


def _has_or(query: str) -> bool:
    return any(match[0].strip().lower() == "or" for match in _TOKEN.finditer(query))


def open_unless_said(term: Term) -> Term:
    """Return a query of open cases, unless it says itself which: closed, changed, drafted, or some by number."""
    return term if _says_which(term) else All((Flag("open"), term))


def sought(term: Term) -> tuple[str, ...]:
    """Return every word that a query asks for, and none of those that it excludes."""
    if isinstance(term, Word):
        return (term.text,)
    inner = term.terms if isinstance(term, (All, Either)) else ()
    return tuple(word for each in inner for word in sought(each))


def is_searchable(text: str) -> bool:
    """Say whether there is anything in a text that an index of words could hold."""
    return any(character.isalnum() for character in text)


class _Token(Struct, frozen=True):
    """A piece of a query, and where it begins."""

    text: str
    start: int

    def part(self, at: int, text: str) -> "_Token":
        return _Token(text, self.start + at)


class _Reader:
    """Reads tokens from the left, by recursive descent."""

    def __init__(self, text: str, me: str, *, everywhere: bool, views: Mapping[str, str]) -> None:
        self.text = text
        self.me = me
        self.everywhere = everywhere
        self.views = views
        self.tokens = [_Token(match[match.lastindex or 0], match.start(match.lastindex or 0))
                       for match in _TOKEN.finditer(text)]  # fmt: skip

    def wrong(self, says: str, token: _Token, *, unfinished: bool = False) -> BadQuery:
        """Return what is to be raised over a piece; one that is unfinished stands at the end."""
        stop = token.start + len(token.text)
        return BadQuery(
            says, self.text, token.start, stop, unfinished=unfinished and stop == len(self.text.rstrip())
        )

    def alternatives(self) -> Term:
        terms = [self.together()]
        while self.tokens and self.tokens[0].text.lower() == "or":
            token = self.tokens.pop(0)
            terms.append(self.together())
            if All() in terms[-2:]:
                raise self.wrong(
                    "An 'or' stands between two things, and here it does not.", token, unfinished=True
                )
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def together(self) -> Term:
        terms = []
        while self.tokens and self.tokens[0].text != ")" and self.tokens[0].text.lower() != "or":
            terms.append(self.one())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def one(self) -> Term:
        token = self.tokens.pop(0)
        if token.text == "-" or token.text.lower() == "not":
            if not self.tokens or self.tokens[0].text == ")":
                says = f"After '{token.text}' the query says nothing; say what must not be."
                raise self.wrong(says, token, unfinished=True)
            return _negated(self.one())
        if token.text == "(":
            term = self.alternatives()
            if not self.tokens:
                says = "This '(' is never closed."
                raise BadQuery(says, self.text, token.start, token.start + 1, unfinished=True)
            self.tokens.pop(0)
            return term
        if token.text.startswith("-"):
            return _negated(self.term(token.part(1, token.text[1:])))
        return self.term(token)

    def term(self, token: _Token) -> Term:
        word = token.text.lower()
        if word in FLAGS:
            return _MINE[word](self.me) if word in _MINE else Flag(word)
        if _PRIORITY.fullmatch(word):
            return Is("priority", (Priority.read(word),))
        if compared := _COMPARED.fullmatch(token.text):
            period = token.part(compared.start(3), compared[3])
            return self.measure(token.part(0, compared[1]), period, more=compared[2] == ">")
        if scoped := _SCOPED.fullmatch(token.text):
            return self.scoped(token.part(0, scoped[1]), token.part(scoped.start(2), scoped[2]))
        return Word(_unquoted(token.text), self.everywhere)

    def measure(self, name: _Token, period: _Token, *, more: bool) -> Term:
        word = name.text.lower()
        if word not in MEASURES:
            raise self.wrong(f"A query measures no '{word}'{_or(word, MEASURES)}", name)
        if not period.text:
            says = f"'{word}' is compared with nothing; write a period such as 12h, 7d, 2w or 3mo."
            raise self.wrong(says, name.part(0, self.text[name.start : period.start]), unfinished=True)
        try:
            return Measure(word, more, Period.parse(period.text))
        except Misused as error:
            raise self.wrong(str(error), period, unfinished=period.text.isdecimal()) from None

    def scoped(self, name: _Token, values: _Token) -> Term:
        word = name.text.lower()
        field = FIELDS.get(_SHORT.get(word, word))
        named = name.part(0, f"{name.text}:")
        if field is None:
            raise self.wrong(f"A query knows no '{word}:'{_or(word, FIELDS, ':')}", named)
        word = _SHORT.get(word, word)
        parts = [values.part(match.start(), match[0]) for match in _VALUE.finditer(values.text)]
        parts = [part for part in parts if _unquoted(part.text).strip("=")]
        if not parts:
            raise self.wrong(f"The query says '{word}:' and then nothing.", named, unfinished=True)
        if word == "view":
            found = [self.view(part) for part in parts]
            return found[0] if len(found) == 1 else Either(tuple(found))
        read = [each for part in parts for each in self.read(word, part)]
        return Is(field.column or word, tuple(read))

    def read(self, word: str, part: _Token) -> tuple[object, ...]:
        text = _unquoted(part.text)
        if word == "owner" and text.lower() == "me" and self.me:
            return (self.me,)
        try:
            return FIELDS[word].read(text)
        except Misused as error:
            raise self.wrong(str(error), part, unfinished=is_begun(text, word)) from None

    def view(self, part: _Token) -> Term:
        name = slug(_unquoted(part.text))
        if name not in self.views:
            close = closest(name, self.views)
            known = f"did you mean '{close}'?" if close else f"there are {', '.join(self.views)}."
            begun = any(each.startswith(name) for each in self.views)
            raise self.wrong(f"No view is called '{name}'; {known}", part, unfinished=begun)
        others = {each: query for each, query in self.views.items() if each != name}
        try:
            term = parse(self.views[name], me=self.me, views=others)  # its words are those that a list shows
        except BadQuery as error:
            raise self.wrong(f"The view '{name}' cannot be read: {error}", part) from None
        return open_unless_said(term)


def slug(name: str) -> str:
    """Return a view's name as a query says it: small letters, and one dash where anything else stands."""
    return "-".join(re.findall(r"\w+", name.lower()))


def _negated(term: Term) -> Term:
    """Return what holds where a term does not; ``-closed`` is ``open``, for which there are indexes."""
    return Flag(_OPPOSITES[term.name]) if isinstance(term, Flag) and term.name in _OPPOSITES else Not(term)


def _says_which(term: Term) -> bool:
    match term:
        case All(terms) | Either(terms):
            return any(map(_says_which, terms))
        case Not(inner):
            return _says_which(inner)
        case Flag(name):
            return name != "unread"
        case Measure(name):
            return name == "due"
        case Is(field, values):
            return field == "number" or (field == "status" and Status.CLOSED in values)
        case _:
            return isinstance(term, (Changed, Drafted))


def _or(word: str, known: Mapping[str, object], end: str = "") -> str:
    close = closest(word, known)
    return f"; did you mean '{close}{end}'?" if close else ". To find the word itself, put it in quotes."


def _unquoted(token: str) -> str:
    return token.replace('"', "").strip()
