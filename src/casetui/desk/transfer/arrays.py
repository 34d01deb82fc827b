"""A JSON file as rows with line numbers: an array of objects, alone or first in an object, read in parts."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TextIO

from casetui.desk.transfer.report import BadCellError, Tally
from casetui.domain.errors import Unreadable

_PART = 1 << 20
"""Characters read at a time, at first."""
_BEGINNING = re.compile(r'\s*(?:\{\s*"[^"\\]*"\s*:\s*)?\[')
_BETWEEN = re.compile(r"[\s,]*")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"|["\[\]{}]|[^\s",\[\]{}]+', re.DOTALL)
_LOOKED_AT = 20
"""Objects whose keys, taken together, are the columns: one that lacks a key lacks it alone."""
_RIGHT = "an array of objects"
_TOO_DEEP = "it holds objects within objects, or lists, without end"

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
        self._first = list(islice(self._objects, _LOOKED_AT))
        self.columns = tuple(dict.fromkeys(name for _, found in self._first for name in _flat(found) or ()))

    def documents(self) -> Iterator[tuple[int, Document]]:
        """Yield line number and object."""
        yield from chain(self._first, self._objects)

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield line number and the wanted values of each object, as text; one that is not there is empty."""
        for line, document in self.documents():
            flat = _flat(document)
            if flat is None:
                self._tally.refuse(line, BadCellError(None, None, _TOO_DEEP))
            else:
                yield line, [flat.get(name, "") for name in wanted]

    def _read(self) -> Iterator[tuple[int, Document]]:
        """Yield the objects with their lines; what stands in the place of one and is none is a bad row."""
        while True:
            self._go(self._between())
            if self._buffer.startswith("]", self._at):
                return
            line = self._line
            try:
                document, end = self._decode()
            except _Skipped as bad:
                self._tally.refuse(line, BadCellError(None, None, str(bad)))
                self._go(bad.end)
            else:
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
        """Return the object that begins here and where it ends, reading on, ever more, until it is all there.

        Raises _Skipped for what is no object, or none that can be read, but has an end.
        """
        part = _PART
        decoder = json.JSONDecoder()
        while True:
            try:
                document, end = decoder.raw_decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                behind = _end(self._buffer, self._at)
                if behind is not None:
                    raise _Skipped(self._wrong(error), behind) from None
                if not self._more(part):
                    raise self._broken(error) from None
                part *= 2
            else:
                if isinstance(document, dict):
                    return document, end
                raise _Skipped("it is no object", end)

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

    def _wrong(self, error: ValueError | RecursionError) -> str:
        """Say why an object cannot be read, and where in it."""
        if isinstance(error, json.JSONDecodeError):
            return f"it is not JSON: {error.msg} in line {self._line_at(error.pos)}"
        return _TOO_DEEP if isinstance(error, RecursionError) else "it holds a number that is too long"

    def _broken(self, error: ValueError | RecursionError) -> Unreadable:
        line = self._line_at(error.pos) if isinstance(error, json.JSONDecodeError) else self._line
        wrong = f"this is not JSON, or not {_RIGHT}"
        return Unreadable(f"{self._tally.file}, line {line}: {wrong}; nothing was imported.")

    def _line_at(self, place: int) -> int:
        return self._line + self._buffer.count("\n", self._at, place)


class _Skipped(Exception):
    """Something that is no object, and where it ends."""

    def __init__(self, says: str, end: int) -> None:
        super().__init__(says)
        self.end = end


def _end(text: str, start: int) -> int | None:
    """Return where a value ends that may be wrong inside: where its brackets close; None if that is not there."""
    depth = 0
    for piece in _PIECE.finditer(text, start):
        if piece[0] in ("[", "{"):
            depth += 1
        elif piece[0] in ("]", "}"):
            depth -= 1
        elif piece[0] == '"':
            return None
        if depth <= 0:
            return piece.end() if piece.end() < len(text) else None
    return None


def _flat(document: Document) -> dict[str, str] | None:
    """Return the values of an object as text, by key, objects within taken apart; None for one without end."""
    try:
        return dict(_flattened(document, ""))
    except RecursionError:
        return None


def _flattened(document: Document, before: str) -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", _as_text(value)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    return str(value)
