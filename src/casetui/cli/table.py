"""What commands print: plain tables and JSON on standard output, words on standard error."""

import sys
from collections.abc import Iterable, Sequence
from unicodedata import combining, east_asian_width

import click

from casetui.cli.session import Session
from casetui.domain.safe import clean, clean_lines

_NOTHING = (None, "", "-")
"""What a cell holds that has nothing to say."""


def as_json(document: object) -> None:
    """Print one JSON document, in which no character is left that a terminal obeys."""
    from casetui.desk.documents import json_text  # noqa: PLC0415 - only for JSON

    click.echo(json_text(document, indent=2))


def say(words: str) -> None:
    """Print a sentence for the person at the terminal, to standard error."""
    click.echo(words, err=True)


def body(text: str, indent: str = "    ") -> None:
    """Print a text of several lines, indented."""
    for line in clean_lines(text):
        click.echo(f"{indent}{line}".rstrip())


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns, the last one cut to fit on a terminal; or each row in words, where asked for."""
    if is_plain():
        for row in rows:
            said = [(name.lower(), cell) for name, cell in zip(head, row, strict=True) if cell not in _NOTHING]
            spoken([f"{name} {cell}" for name, cell in said])
        return
    cells = [[clean(str(cell)) if cell is not None else "" for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(head, *cells, strict=True)]
    room = _terminal_columns() if sys.stdout.isatty() else 0
    for row in (head, *cells):
        line = "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True))
        click.echo(_cut(line, room) if room else line.rstrip())


def spoken(words: Sequence[str]) -> None:
    """Print a line that a screen reader reads out."""
    click.echo(clean("; ".join(words)))


def is_plain() -> bool:
    """Say whether lines of words are asked for, in the place of tables and screens."""
    session = click.get_current_context().find_object(Session)
    return session is not None and session.looks.plain


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _terminal_columns() -> int:
    import shutil  # noqa: PLC0415 - which brings archives along, and a pipe has no columns

    return shutil.get_terminal_size().columns


def _cut(line: str, room: int) -> str:
    line = line.rstrip()
    while width(line) > room:
        line = line[:-1]
    return line
