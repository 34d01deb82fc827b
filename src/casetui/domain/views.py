"""The views: queries that have a name and an order; five are fixed, the others are an agent's own."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from casetui.domain.errors import BadQuery
from casetui.domain.query import parse, slug
from casetui.domain.sorts import Sort
from casetui.domain.words import closest

MOST = 9
"""How many views have a digit."""
_KEYS = ("name", "query", "sort")


class Saved(Struct, frozen=True):
    """A query under a name, in an order."""

    name: str
    query: str
    sort: Sort = Sort.URGENCY
    word: str = ""
    """What a query calls it, where that is not its name."""

    @property
    def key(self) -> str:
        """The name as a query says it."""
        return self.word or slug(self.name)

    @property
    def short(self) -> str:
        """The name where there is little room."""
        return self.word.capitalize() or self.name


WAITS_ON_ME = Saved("Waits on me", "waits:us owner:me", word="mine")
DUE = Saved("Due", "due<1d", Sort.DEADLINE)
HELD = Saved("Held", "held", Sort.DEADLINE)
FIXED = (
    Saved("Changed", "changed", Sort.NEWEST),
    DUE,
    WAITS_ON_ME,
    Saved("Unassigned", "unassigned"),
    Saved("All open", "open", word="open"),
)
"""The views that everybody has, in the order of their digits."""
DRAFTS = Saved("Drafts", "draft", Sort.NEWEST)
ASIDE = (Saved("Unread", "unread"), HELD, DRAFTS)
"""Views that everybody has and no digit chooses."""


class Views(Struct, frozen=True):
    """All views of one agent."""

    own: tuple[Saved, ...] = ()

    def __iter__(self) -> Iterator[Saved]:
        """Go through them, those with a digit first."""
        return iter((*FIXED, *self.own, *ASIDE))

    @property
    def numbered(self) -> tuple[Saved, ...]:
        """Those that digits choose, the first one by 1."""
        return (*FIXED, *self.own)[:MOST]

    @property
    def queries(self) -> dict[str, str]:
        """Their queries, by the names that a query says."""
        return {view.key: view.query for view in self}

    def find(self, key: str) -> Saved | None:
        """Return the one that a query calls so."""
        return next((view for view in self if view.key == key), None)

    def with_own(self, saved: Saved) -> "Views":
        """Return them with one more, or with another query under a name that is there already."""
        if saved.key in [view.key for view in self.own]:
            return Views(tuple(saved if view.key == saved.key else view for view in self.own))
        return Views((*self.own, saved))

    def without(self, key: str) -> "Views":
        """Return them without one of one's own."""
        return Views(tuple(view for view in self.own if view.key != key))


def read(rows: Sequence[Mapping[str, str]]) -> tuple[Saved, ...]:
    """Return the views of settings that are as they should be."""
    return tuple(
        Saved(row["name"].strip(), row["query"].strip(), Sort(row.get("sort", "urgency"))) for row in rows
    )


def faults(rows: object) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the views of settings: which one, counted from 0, the key, and a sentence."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield 0, "", "the settings want a list of tables for 'views'; begin each with [[views]]"
        return
    for at, row in enumerate(rows):
        for key in row:
            if key not in _KEYS:
                close = closest(key, _KEYS)
                meant = f"did you mean '{close}'?" if close else f"the keys are {', '.join(_KEYS)}"
                yield at, key, f"a view has no '{key}'; {meant}"
        for key in ("name", "query"):
            if not isinstance(row.get(key), str) or not row[key].strip():
                yield at, key, f"a view wants a text for '{key}'"
    texts = [{key: value for key, value in row.items() if isinstance(value, str)} for row in rows]
    yield from _names(texts)
    yield from _meanings(texts)


def name_fault(name: str, own: Sequence[str] = ()) -> str | None:
    """Return what is wrong with a name for a view of one's own, where ``own`` are names that are taken."""
    key = slug(name)
    if not key:
        return "a view's name has a letter or a digit in it"
    fixed = next((view for view in (*FIXED, *ASIDE) if key in (view.key, slug(view.name))), None)
    if fixed is not None:
        return f"the view '{fixed.name}' is everybody's; choose another name"
    return f"there are two views called '{key}'" if key in map(slug, own) else None


def _names(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[int, str, str]]:
    names = [row.get("name", "") for row in rows]
    for at, name in enumerate(names):
        if name.strip() and (fault := name_fault(name, names[:at])):
            yield at, "name", fault


def _meanings(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[int, str, str]]:
    own = {slug(row.get("name", "")): row.get("query", "") for row in rows}
    known = {view.key: view.query for view in (*FIXED, *ASIDE)} | own
    for at, row in enumerate(rows):
        if row.get("sort", "urgency") not in list(Sort):
            close = closest(row["sort"], list(Sort))
            meant = f"did you mean '{close}'?" if close else f"there are {', '.join(Sort)}"
            yield at, "sort", f"no list is sorted by '{row['sort']}'; {meant}"
        others = {key: query for key, query in known.items() if key != slug(row.get("name", ""))}
        try:
            parse(row.get("query", ""), me="me", views=others)
        except BadQuery as error:
            wrong = error.query[error.start : error.stop]
            yield at, "query", f"the query of '{row.get('name', '')}' cannot be read at '{wrong}': {error}"
