"""The few rows of a long list that are in memory: one unbroken run of them, read in keyset pages."""

import asyncio
from typing import Protocol

from msgspec import Struct, field

from casetui.domain.records import Case

PAGE = 200
MOST = 3 * PAGE
"""Rows kept, beside twice what is wanted at once; the far end is forgotten beyond that."""


class Source(Protocol):
    """An ordered view of cases, read in pages; ``after`` and ``before`` stand on the case's own keys."""

    async def count(self) -> int:
        """Return how many cases the view has."""
        ...

    async def after(self, case: Case | None, limit: int) -> list[Case]:
        """Return the rows that follow a case in order; of None, the first ones."""
        ...

    async def before(self, case: Case | None, limit: int) -> list[Case]:
        """Return the rows that precede a case, in the order of the list; of None, the last ones."""
        ...

    async def at(self, index: int, limit: int) -> list[Case]:
        """Return the rows from an index on."""
        ...

    async def rank(self, case: Case) -> int:
        """Return how many rows stand before a case's place."""
        ...


class Window(Struct, eq=False):
    """The rows ``first`` to ``first + len(rows)`` of a view of ``total`` rows."""

    source: Source
    first: int = 0
    rows: list[Case] = field(default_factory=list)
    total: int = 0
    counted: bool = True
    """Whether ``total`` is how many rows the view has; until they are counted, it is how many are known."""
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def opening(cls, source: Source, *, counted: bool = True) -> "Window":
        """Return the first page of a view, ``counted`` at once or by `count`; one page alone needs no count."""
        rows = await source.after(None, PAGE)
        window = cls(source, 0, rows, len(rows), len(rows) < PAGE)
        if counted:
            await window.count()
        return window

    async def count(self) -> None:
        """Count the rows of the view, unless they are counted; whoever else asks meanwhile waits for the same."""
        async with self._counting:
            if not self.counted:
                total = await self.source.count()
                self.total, self.counted = max(total, self.end), True

    @classmethod
    async def around(cls, source: Source, case: Case, above: int, below: int) -> tuple["Window", int]:
        """Return the rows around a case, and the index of the case, or of what took its place."""
        rows = await source.before(case, above)
        rank = await source.rank(case) if len(rows) == above else len(rows)
        first = max(0, rank - len(rows))
        more = await source.after(rows[-1] if rows else None, below)
        end = first + len(rows) + len(more)
        total = end if len(more) < below else max(await source.count(), end)
        window = cls(source, first, rows + more, total)
        found = window.find(case.number)
        return window, min(rank, max(0, total - 1)) if found is None else found

    @property
    def end(self) -> int:
        """The index behind the last row in memory."""
        return self.first + len(self.rows)

    def row(self, index: int) -> Case | None:
        """Return the row of an index, or None where it is not in memory."""
        at = index - self.first
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def find(self, number: int) -> int | None:
        """Return the index of a case that is in memory."""
        for index, case in enumerate(self.rows, self.first):
            if case.number == number:
                return index
        return None

    def lacks(self, start: int, stop: int) -> bool:
        """Say whether a range of rows, as far as the view has them, is not all in memory."""
        start, stop = max(0, start), min(stop, self.total)
        return start < stop and (start < self.first or stop > self.end)

    async def load(self, start: int, stop: int) -> int:
        """Read one page towards a range of rows; return by how much the indexes of all rows have changed.

        They change when rows have come or gone at the top since they were counted.
        """
        start, stop = max(0, start), min(stop, self.total)
        if not self.rows or start > self.end or stop < self.first:
            return await self._jump(start, stop)
        most = MOST + 2 * (stop - start)
        return await (self._down(most) if stop > self.end else self._up(most))

    async def _jump(self, start: int, stop: int) -> int:
        if start < PAGE // 2:
            self.first, self.rows = 0, await self.source.after(None, PAGE)
        elif stop > self.total - PAGE // 2:
            self.rows = await self.source.before(None, PAGE)
            self.first = max(0, self.total - len(self.rows))
        else:
            at = max(0, (start + stop - PAGE) // 2)
            self.rows = await self.source.at(at, PAGE)
            self.first = at
        if len(self.rows) < PAGE:
            self.total = self.end
        return 0

    async def _down(self, most: int) -> int:
        more = await self.source.after(self.rows[-1], PAGE)
        self.rows += more
        self.total = self.end if len(more) < PAGE else max(self.total, self.end)
        spare = max(0, len(self.rows) - most)
        del self.rows[:spare]
        self.first += spare
        return 0

    async def _up(self, most: int) -> int:
        more = await self.source.before(self.rows[0], PAGE)
        at_top = len(more) < PAGE
        shift = len(more) - self.first if at_top or len(more) > self.first else 0
        self.rows = (more + self.rows)[:most]
        self.first += shift - len(more)
        self.total += shift
        return shift
