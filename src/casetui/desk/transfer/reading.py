"""Opens a file for import: plain or gzip, UTF-8 or older, CSV or JSON; anything else gets a sentence."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from casetui.desk.transfer.arrays import Array
from casetui.desk.transfer.report import Tally
from casetui.desk.transfer.sheets import Sheet
from casetui.domain.errors import Unreadable
from casetui.domain.safe import clean

Source = Sheet | Array

_HEAD = 8_192
_NUL_IN = 1_000
"""Bytes of a text in which one may well be NUL, by somebody's mistake; in what is no text there are more."""
_GZIP = b"\x1f\x8b"
_OLDER = "casetui-older-encodings"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Opened:
    """A file being read: its rows, and how far the reading is, in bytes of the file as it lies there."""

    def __init__(self, source: Source, raw: BinaryIO, size: int) -> None:
        self.source = source
        self.size = size
        self._raw = raw

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return min(self._raw.tell(), self.size) if self._raw.seekable() else 0


@contextmanager
def opened(path: Path, tally: Tally) -> Iterator[Opened]:
    """Open a file for as long as it is read; raise Unreadable for whatever keeps it from being read."""
    name = clean(path.name)
    if path.is_dir():
        raise Unreadable(f"{clean(str(path))} is a folder; name a file in it.")
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(path.open("rb"))
            stream = _unpacked(raw, path.name, stack)
            text = stack.enter_context(_text(stream, name, tally))
            yield Opened(_source(text, tally), raw, path.stat().st_size)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {clean(str(path))}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Unreadable(f"{name} is damaged: it cannot be unpacked to its end. Nothing was imported.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unreadable(f"{clean(str(path))} cannot be read: {clean(reason)}.") from None


def _unpacked(raw: io.BufferedReader, name: str, stack: ExitStack) -> io.BufferedReader:
    """Return the bytes inside a gzip file, or the file itself where it is none."""
    if raw.peek(2)[:2] == _GZIP:
        return io.BufferedReader(stack.enter_context(gzip.GzipFile(fileobj=raw)))
    if name.lower().endswith(".gz"):
        raise Unreadable(f"{clean(name)} is named .gz but was not packed by gzip; rename or pack it.")
    return raw


def _text(stream: io.BufferedReader, name: str, tally: Tally) -> io.TextIOWrapper:
    """Return the text of a stream; bytes that are no UTF-8 are read as ISO-8859-1 and counted."""
    head = stream.peek(_HEAD)[:_HEAD]
    if not head.strip():
        raise Unreadable(f"{name} is empty.")
    if head.startswith(_UTF16):
        return io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="")
    if head.count(b"\0") > 1 + len(head) // _NUL_IN:
        raise Unreadable(f"{name} is no text; casetui reads CSV and JSON, also packed by gzip.")

    def older(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        tally.wonder("bytes that are no UTF-8, read as ISO-8859-1", None)
        found = error.object[error.start : error.end]
        return "".join(_older(byte) for byte in found), error.end

    codecs.register_error(_OLDER, older)
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors=_OLDER, newline="")


def _older(byte: int) -> str:
    """Return a byte of ISO-8859-1 as Windows has it: quotes and dashes where the standard has controls."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _source(text: io.TextIOWrapper, tally: Tally) -> Source:
    """Return the rows of a text: an array of objects where it begins like one, otherwise a table."""
    first = text.readline(_HEAD)
    while first and not first.strip():
        first = text.readline(_HEAD)
    if first.lstrip()[:1] in ("[", "{"):
        return Array(text, first, tally)
    return Sheet(text, first, tally)
