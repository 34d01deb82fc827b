"""The facets of a list of cases: the values that they have, how many have each, and the query that finds those."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from casetui.domain.completion import quoted
from casetui.domain.records import Priority
from casetui.domain.workflow import Status

FIELDS = ("status", "owner", "priority", "account", "product", "installation")
"""The fields of the query language by which a list is counted, in the order in which they are shown."""
_NOTHING = {"owner": "nobody"}
_SAME_LETTERS = ("account", "product")
"""Fields in which a query takes small and capital letters of ASCII for the same."""
_SMALL = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
_MEANT = frozenset({"me", "nobody", "none"})
"""Names that mean something else in a query unless it says that they are names."""


class Facet(Struct, frozen=True):
    """A value of a field, and how many cases have it; None is that it is not known."""

    field: str
    value: str | None
    many: int

    @property
    def says(self) -> str:
        """The value as a person reads it."""
        if self.value is None:
            return _NOTHING.get(self.field, "none")
        if self.field == "status":
            return Status(self.value).label
        if self.field == "priority":
            priority = Priority.read(self.value)
            return f"{priority.short} {priority.label}"
        return self.value

    @property
    def query(self) -> str | None:
        """The query that finds these cases; None for a name that no query can say, as one with a quote in it."""
        if self.value is None:
            return f"{self.field}:{_NOTHING.get(self.field, 'none')}"
        if '"' in self.value or not self.value.strip("="):
            return None
        exactly = self.field in _SAME_LETTERS or self.value.lower() in _MEANT or self.value.startswith("=")
        return f"{self.field}:{'=' * exactly}{quoted(self.value)}"


class Facets(Struct, frozen=True):
    """The facets of a list: of how many cases they were counted, and of how many it has."""

    counted: int
    total: int
    found: tuple[Facet, ...] = ()
    """Those of one field together, the one that most cases have first."""

    @property
    def narrowing(self) -> tuple[Facet, ...]:
        """Those that not all cases have."""
        return tuple(facet for facet in self.found if facet.many < self.counted or self.counted < self.total)


def counted(rows: Iterable[tuple[Any, ...]], total: int) -> Facets:
    """Count the values of cases, each a row of the values of ``FIELDS`` as the database keeps them."""
    known = list(rows)
    columns = zip(*known, strict=True)
    found = (facet for field, values in zip(FIELDS, columns, strict=False) for facet in _count(field, values))
    return Facets(len(known), total, tuple(found))


def _count(field: str, values: Iterable[Any]) -> Iterator[Facet]:
    if field == "priority":
        values = (Priority(value).slug for value in values)
    spelt: dict[str | None, str | None] = {}
    many: Counter[str | None] = Counter()
    for value, times in Counter(values).items():
        same = value.translate(_SMALL) if value is not None and field in _SAME_LETTERS else value
        spelt.setdefault(same, value)
        many[same] += times
    for same, times in sorted(many.items(), key=lambda each: (-each[1], each[0] or "")):
        yield Facet(field, spelt[same], times)
