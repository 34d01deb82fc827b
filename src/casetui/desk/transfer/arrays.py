"""A JSON file as rows with line numbers: an array of objects, alone or first in an object, read in parts."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TextIO

from casetui.desk.transfer.report import Tally
from casetui.domain.errors import Unreadable

_PART = 1 << 20
"""Characters read at a time, at first."""
_BEGINNING = re.compile(r'\s*(?:\{\s*"[^"\\]*"\s*:\s*)?\[')
_BETWEEN = re.compile(r"[\s,]*")
_RIGHT = "an array of objects"

Document = dict[str, object]


class Array:
    """The objects of an array; their keys are the columns, and those of objects within are joined by dots."""

    def __init__(self, text: TextIO, first: str, tally: Tally) -> None:
        self._text = text
        self._tally = tally
        self._buffer = first + text.read(_PART)
        self._at = 0
        self._line = 1
        beginning = _BEGINNING.match(self._buffer)
        if beginning is None:
            raise Unreadable(f"{tally.file} is JSON, but not {_RIGHT}.")
        self._go(beginning.end())
        self._objects = self._read()
        found = next(self._objects, None)
        self._first = [] if found is None else [found]
        self.columns = tuple(_flat(found[1])) if found else ()

    def documents(self) -> Iterator[tuple[int, Document]]:
        """Yield line number and object."""
        yield from chain(self._first, self._objects)

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield line number and the wanted values of each object, as text; one that is not there is empty."""
        for line, document in self.documents():
            flat = _flat(document)
            yield line, [flat.get(name, "") for name in wanted]

    def _read(self) -> Iterator[tuple[int, Document]]:
        while True:
            self._go(self._between())
            if self._buffer.startswith("]", self._at):
                return
            document, end = self._decode()
            line = self._line
            self._go(end)
            yield line, document

    def _between(self) -> int:
        """Return where the next object begins, or the array ends."""
        while True:
            found = _BETWEEN.match(self._buffer, self._at)
            end = found.end() if found else self._at
            if end < len(self._buffer) or not self._more(_PART):
                return end

    def _decode(self) -> tuple[Document, int]:
        """Return the object that begins here and where it ends, reading on, ever more, until it is all there."""
        part = _PART
        decoder = json.JSONDecoder()
        while True:
            try:
                document, end = decoder.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise self._broken(error) from None
            except ValueError as error:
                if not self._more(part):
                    raise self._broken(error) from None
                part *= 2
            else:
                if isinstance(document, dict):
                    return document, end
                raise self._broken(None)

    def _more(self, part: int) -> bool:
        """Read on, forgetting what is done with; say whether there was anything."""
        read = self._text.read(part)
        self._go(self._at)
        self._buffer = self._buffer[self._at :] + read
        self._at = 0
        return bool(read)

    def _go(self, end: int) -> None:
        """Move on to ``end``, counting lines."""
        self._line += self._buffer.count("\n", self._at, end)
        self._at = end

    def _broken(self, error: Exception | None) -> Unreadable:
        line = self._line
        if isinstance(error, json.JSONDecodeError):
            line += self._buffer.count("\n", self._at, error.pos)
        wrong = f"this is not JSON, or not {_RIGHT}" if error else f"the file holds something else than {_RIGHT}"
        return Unreadable(f"{self._tally.file}, line {line}: {wrong}; nothing was imported.")


def _flat(document: Document, before: str = "") -> dict[str, str]:
    """Return the values of an object as text, by key; an object within is taken apart."""
    flat = {}
    for key, value in document.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{before}{key}."))
        else:
            flat[f"{before}{key}"] = _as_text(value)
    return flat


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    return str(value)
