"""Placeholders such as ``{number}`` in texts that people write: found, judged and filled in one way."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from string import Formatter


def plain(text: str) -> str:
    """Return the text of a file without a byte order mark, its lines ended as Python ends them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def misplaced(line: str, known: Collection[str], elsewhere: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield what is wrong with the placeholders of a line, each in a sentence without a full stop.

    ``elsewhere`` are placeholders that are known but mean nothing here, each with the reason.
    """
    there = ", ".join(f"{{{name}}}" for name in known)
    try:
        for _, name, form, conversion in Formatter().parse(line):
            if name is None:
                continue
            if name in (elsewhere or {}):
                yield f"the placeholder {{{name}}} {(elsewhere or {})[name]}; there are {there}"
            elif name not in known:
                yield f"the placeholder {{{name}}} is unknown; there are {there}"
            elif form or conversion:
                yield f"the placeholder {{{name}}} takes nothing behind its name"
    except ValueError:
        yield "a brace stands alone; write {{ or }} for a brace itself"


def says(text: str, name: str) -> bool:
    """Say whether a text has a placeholder."""
    return any(each == name for _, each in _pieces(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in their places; an empty one takes the blank before it along (``Hello {contact},``)."""
    parts = []
    for literal, name in _pieces(text):
        value = values[name] if name else ""
        parts += [literal if value or not name else literal.removesuffix(" "), value]
    return "".join(parts)


@lru_cache
def _pieces(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return the literals of a text, each with the placeholder behind it; thousands of letters share them."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(text))
