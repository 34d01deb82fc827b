"""A CSV file as rows with line numbers: any usual delimiter, line breaks in cells, a bad row without a bad end."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import TextIO

from casetui.desk.transfer.report import BadCellError, Tally, shown
from casetui.domain.errors import Unreadable

LONGEST_CELL = 1_100_000
"""Characters of one cell: a little more than the longest text that a case takes."""
_DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"[^"]*"?')
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")

Row = tuple[int, Sequence[str]]


def defused(cell: str) -> str:
    """Return a cell that cannot start a formula: an apostrophe before what would (SPEC 9)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """Return what a cell was before ``defused``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class Sheet:
    """A table under a header."""

    def __init__(self, text: TextIO, first: str, tally: Tally) -> None:
        self._tally = tally
        self._lines = _Lines(text, first)
        bare = _QUOTED.sub("", first)
        delimiter = max(_DELIMITERS, key=bare.count)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        found = next(self._rows(), None)
        if found is None:
            raise Unreadable(f"{tally.file} has no header that can be read.")
        self._header = list(found[1])
        self.columns = tuple(name.strip() for name in self._header)

    def rows(self, wanted: Sequence[str]) -> Iterator[Row]:
        """Yield line number and the wanted cells of each row, in that order; a column that is not there is empty.

        Bad rows are counted and left out.
        """
        twice = {name for name, count in Counter(self.columns).items() if count > 1}
        if name := next((name for name in wanted if name in twice), None):
            raise Unreadable(f"{self._tally.file} has the column '{shown(name)}' twice; rename one of them.")
        width = len(self._header)
        at = [self.columns.index(name) if name in self.columns else width for name in wanted]
        for line, cells in self._rows():
            if len(cells) != width and (len(cells) < width or any(cells[width:])):
                count = "one cell" if len(cells) == 1 else f"{len(cells)} cells"
                sentence = f"it has {count}, and the header has {width}"
                self._tally.refuse(line, BadCellError(None, None, sentence))
            elif cells == self._header:
                self._tally.wonder("the header once more", line)
            else:
                filled = [*cells[:width], ""]
                yield line, [filled[place] for place in at]

    def documents(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Yield line number and row by column, empty cells left out, formulas as they were."""
        for line, cells in self.rows(self.columns):
            pairs = zip(self.columns, cells, strict=True)
            yield line, {name: restored(cell) for name, cell in pairs if cell}

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield all rows that are not blank; after a broken one, go on with the line behind its first."""
        before = csv.field_size_limit(LONGEST_CELL)
        try:
            while True:
                start = self._lines.begin()
                try:
                    cells = next(self._reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self._tally.refuse(start, BadCellError(None, None, _sentence(str(error))))
                    self._lines.retreat()
                    continue
                if any(cell.strip() for cell in cells):
                    yield start, cells
        finally:
            csv.field_size_limit(before)


class _Lines:
    """The lines of a file, numbered, of which those of the present row can be had once more."""

    def __init__(self, text: TextIO, first: str) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._number = 0
        self._again.append(first if first.endswith(("\n", "\r")) else first + text.readline())

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._text)
        self._number += 1
        self._taken.append(line)
        return line

    def begin(self) -> int:
        """Begin a row, and return the number of its first line."""
        self._taken.clear()
        return self._number + 1

    def retreat(self) -> None:
        """Go back to the line behind the first one of the present row."""
        self._again.extendleft(reversed(self._taken[1:]))
        self._number -= max(0, len(self._taken) - 1)


def _sentence(error: str) -> str:
    """Return csv's words about a row as a sentence."""
    if "field larger" in error:
        return f"a cell has more than {LONGEST_CELL} characters; a quote may never be closed"
    if "end of data" in error:
        return "a quote opens that is never closed"
    if "expected after" in error:
        return "a quoted cell goes on after its closing quote; a quote inside one is written twice"
    return f"it is no row of CSV ({error})"
