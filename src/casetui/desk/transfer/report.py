"""What an import did: counts, bad rows and oddities, gathered while it reads and frozen when it is done."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from casetui.domain.errors import Unreadable
from casetui.domain.safe import clean
from casetui.domain.workflow import Status

MOST = 20
"""How many bad rows are kept to be named; all are counted."""
_LONGEST_VALUE = 60
BEYOND = "is moved out of the years 1970 to 2999 by --shift-to-now"
"""What is said of a time that cannot be moved as far as the others."""


class BadRow(Struct, frozen=True):
    """A row that cannot be read: where, which value of which column, and what is wrong with it."""

    line: int
    column: str | None
    value: str | None
    sentence: str

    def __str__(self) -> str:
        """Return it as a person reads it: ``line 3, column opened_at: 'soon' is not a time such as ...``."""
        place = f"line {self.line}" + (f", column {shown(self.column)}" if self.column else "")
        value = "" if self.value is None else f"'{shown(self.value)}' "
        return f"{place}: {value}{clean(self.sentence)}"


class Oddity(Struct, frozen=True):
    """A kind of warning, how often it came up, and where first."""

    kind: str
    count: int
    first: str


class Imported(Struct, frozen=True):
    """What an import did, or would do: ``entered`` counts the entries into each status of the cases added.

    ``bad`` holds the first bad rows, ``bad_total`` how many there are. ``as_of`` is the instant at which the
    cases stand as they do, after any shift; None where the file has none.
    """

    mapping: str
    cases: int
    present: int
    entries: int
    entered: Mapping[Status, int]
    warnings: tuple[Oddity, ...]
    bad: tuple[BadRow, ...]
    bad_total: int
    as_of: datetime | None


class BadCellError(Exception):
    """A value that cannot be read; the reader of the row knows the line."""

    def __init__(self, column: str | None, value: str | None, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column
        self.value = value
        self.sentence = sentence


class Tally:
    """The bad rows and the oddities of one file, counted as they come up."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.bad: list[BadRow] = []
        self.bad_total = 0
        self._odd: dict[str, tuple[int, str]] = {}

    @property
    def warnings(self) -> tuple[Oddity, ...]:
        """The oddities so far, by kind, in the order in which they came up first."""
        return tuple(Oddity(kind, count, first) for kind, (count, first) in self._odd.items())

    def refuse(self, line: int, bad: BadCellError) -> None:
        """Count a row that cannot be read."""
        self.bad_total += 1
        if len(self.bad) < MOST:
            self.bad.append(BadRow(line, bad.column, bad.value, bad.sentence))

    def wonder(self, kind: str, line: int | None, value: str | None = None) -> None:
        """Count something that is only odd."""
        count, first = self._odd.get(kind, (0, ""))
        place = self.file if line is None else f"line {line}"
        said = place if value is None else f"{place}: '{shown(value)}'"
        self._odd[kind] = (count + 1, first or said)

    def insist(self) -> None:
        """Raise Unreadable if there are bad rows: the first one named, the others counted."""
        if not self.bad:
            return
        more = self.bad_total - 1
        others = f" ({more} more {'row' if more == 1 else 'rows'} cannot be read)" if more else ""
        advice = "nothing was imported; --skip-bad leaves such rows out"
        raise Unreadable(f"{self.file}, {self.bad[0]}{others}; {advice}.")


def shown(text: str) -> str:
    """Return a value of a file as a sentence may quote it: harmless, on one line and not too long."""
    kept = clean(text)
    return kept if len(kept) <= _LONGEST_VALUE else f"{kept[: _LONGEST_VALUE - 3]}..."
