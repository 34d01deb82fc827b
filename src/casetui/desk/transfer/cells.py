"""Turns a row of a mapped file into what is staged: its key, its time, its state, its facts."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from casetui.desk.transfer.mapping import FACTS, Columns, Rows, Versions
from casetui.desk.transfer.report import BadCellError, Tally
from casetui.desk.transfer.states import States
from casetui.desk.transfer.times import Times
from casetui.domain import words
from casetui.domain.errors import Misused, Refused
from casetui.domain.records import INSTALLATIONS, Priority
from casetui.domain.workflow import Status, read_status

_MEMORY = 5_000
"""How many texts are remembered: most stand in many rows."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_INSTALLED = {kind.lower(): kind for kind in INSTALLATIONS}
_Cells = Sequence[str | None]
_Fill = Callable[[_Cells], str | None]


class Staged(NamedTuple):
    """A row as it is staged; times are seconds since 1970, facts are ready to be kept."""

    key: str
    time: int
    line: int
    since: int
    opened: int | None
    state: str
    by: str | None
    opener: str | None
    priority: int
    subject: str | None
    account: str | None
    contact: str | None
    email: str | None
    product: str | None
    installation: str | None
    owner: str | None
    release: str | None
    provider: str | None
    opening: str | None


class Reader:
    """Reads rows by a mapping; raises BadCellError for a value that cannot be read."""

    def __init__(self, mapping: Rows, tally: Tally) -> None:
        self.columns = mapping.columns
        self._mapping = mapping
        self._tally = tally
        self._nothing = frozenset(("", *mapping.nothing))
        self._times = Times(mapping.dates)
        self._at = {name: place for place, name in enumerate(self.columns)}
        self._facts = [self._filler(getattr(mapping.case, name)) for name in FACTS[:-1]]
        self._opening = self._filler(mapping.case.opening)
        self._state = self._filler(mapping.statuses.column)
        self._by = self._filler(mapping.by)
        self._opener = self._filler(mapping.opened_by)
        self._priority = self._filler(mapping.priorities.column if mapping.priorities else None)
        self._of_facts = self._places(mapping.fact_columns)
        self._of_rows = self._places(mapping.row_columns)
        self._facts_of = lru_cache(_MEMORY)(self._told)
        self._line_of = lru_cache(_MEMORY)(words.line)
        self._states = States(mapping.statuses)
        self._since_of = {read_status(word)[0]: column for word, column in mapping.statuses.since.items()}
        self._priorities = _known(mapping)
        self._column_of = dict(zip(FACTS, (getattr(mapping.case, name) for name in FACTS), strict=True))

    def read(self, line: int, row: Sequence[str]) -> Staged:
        """Return a row as it is staged; what is odd in it is counted."""
        cells = self._cells(self._of_rows, [row[place] for place in self._of_rows])
        key = self._text(self._mapping.key, cells[self._at[self._mapping.key]])
        if key is None:
            raise BadCellError(self._mapping.key, None, "it has no number")
        time = self._time(self._mapping.time, cells)
        if time is None:
            raise BadCellError(self._mapping.time, None, f"it has no time; one is written {self._times.example}")
        state = self._text("state", self._state(cells)) or ""
        opened = self._time(self._mapping.opened, cells)
        by, opener = self._text("by", self._by(cells)), self._text("by", self._opener(cells))
        since = self._since(state, time, opened, cells)
        opening = self._long(self._opening(cells))
        facts, odd = self._facts_of(tuple([row[place] for place in self._of_facts]))
        for kind, value in odd:
            self._tally.wonder(kind, line, value)
        if facts[1] is None:
            self._tally.wonder("a row without a subject", line)
            facts = (facts[0], f"Case {key}", *facts[2:])
        return Staged._make((key, time, line, since, opened, state, by, opener, *facts, opening))

    def _told(self, row: tuple[str, ...]) -> tuple[tuple[Any, ...], list[tuple[str, str]]]:
        """Return priority and facts, in the order of `Staged`, and what is odd; most rows repeat another."""
        cells = self._cells(self._of_facts, row)
        facts = [self._text(name, fill(cells)) for name, fill in zip(FACTS, self._facts, strict=False)]
        odd: list[tuple[str, str]] = []
        place = FACTS.index("installation")
        if (kind := facts[place]) is not None:
            facts[place] = _INSTALLED.get(kind.lower())
            if facts[place] is None:
                odd.append((f"a kind of installation other than {', '.join(INSTALLATIONS)}", kind))
        priority: int | None = Priority.NORMAL.value
        if (text := self._text("priority", self._priority(cells))) is not None:
            priority = self._priorities.get(text.casefold()) or _read(text)
            if priority is None:
                odd.append(("an unknown priority, taken as normal", text))
        return (priority or Priority.NORMAL.value, *facts), odd

    def _places(self, columns: Iterable[str]) -> list[int]:
        return [self._at[name] for name in dict.fromkeys(columns)]

    def _cells(self, places: Sequence[int], row: Sequence[str]) -> list[str | None]:
        """Return some cells at their places, without those that stand for nothing."""
        cells: list[str | None] = [None] * len(self.columns)
        for place, cell in zip(places, row, strict=True):
            if cell.strip() not in self._nothing:
                cells[place] = cell
        return cells

    def _filler(self, columns: Columns | None) -> _Fill:
        """Return what fills a column, a template, or the first of several of them that is something."""
        texts = [columns] if isinstance(columns, str) else columns or []
        fills = [self._template(text) if "{" in text else self._plain(text) for text in texts]
        if len(fills) == 1:
            return fills[0]
        return lambda cells: next((found for fill in fills if (found := fill(cells)) is not None), None)

    def _plain(self, column: str) -> _Fill:
        at = self._at[column]
        return lambda cells: cells[at]

    def _template(self, text: str) -> _Fill:
        """Return what fills a template; before a column that is nothing, the words are left out."""
        parts = _PLACE.split(text)
        places = [self._at[name] for name in parts[1::2]]
        between = parts[0::2]

        def fill(cells: _Cells) -> str | None:
            said = ""
            for number, place in enumerate(places):
                cell = cells[place]
                if cell is not None:
                    said += between[number if said else 0] + cell
            return said + between[-1] if said else None

        return fill

    def _text(self, name: str, cell: str | None) -> str | None:
        if cell is None:
            return None
        try:
            return self._line_of(cell)
        except Refused as error:
            raise self._long_one(name, cell, error) from None

    def _long(self, cell: str | None) -> str | None:
        try:
            return words.text(cell)
        except Refused as error:
            raise self._long_one("opening", cell, error) from None

    def _long_one(self, name: str, cell: str | None, error: Refused) -> BadCellError:
        columns = self._column_of.get(name) or name
        said = str(error).removeprefix("The line ").removeprefix("The text ").rstrip(".")
        return BadCellError(columns if isinstance(columns, str) else columns[0], cell, said)

    def _time(self, column: str | None, cells: _Cells) -> int | None:
        """Return the time of a column in seconds since 1970, or None where there is none."""
        cell = None if column is None else cells[self._at[column]]
        if cell is None:
            return None
        try:
            return self._times.read(cell.strip())
        except ValueError as error:
            raise BadCellError(column, cell, str(error)) from None

    def _since(self, state: str, time: int, opened: int | None, cells: _Cells) -> int:
        """Return since when a row's status holds: its event in a log, what the mapping says in a table."""
        if isinstance(self._mapping, Versions):
            return time
        status = self._states.alone(state)[0]
        if status is Status.NEW and opened is not None:
            return opened
        since = None if status is None else self._time(self._since_of.get(status), cells)
        return time if since is None else since


def _read(text: str) -> int | None:
    try:
        return Priority.read(text).value
    except Misused:
        return None


def _known(mapping: Rows) -> dict[str, int]:
    values = mapping.priorities.values if mapping.priorities else {}
    return {" ".join(value.split()).casefold(): Priority.read(word).value for value, word in values.items()}
