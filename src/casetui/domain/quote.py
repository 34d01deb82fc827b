"""The words of a text that somebody looked for, and as much around them as there is room for."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from casetui.domain.safe import clean

_WORD = re.compile(r"[^\W_]+")
_MOST = 20_000
"""Characters of a text that are looked through: it is drawn with every key."""
_BEFORE = 4
"""One part in so many of a quotation stands before the first word that was looked for."""


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where in a text words stand that were looked for: those that begin with one of them."""
    wanted = tuple(_folded(word) for asked in words for word in _WORD.findall(asked))
    if not wanted:
        return []
    return [match.span() for match in _WORD.finditer(text) if _folded(match[0]).startswith(wanted)]


def quote(text: str, words: Sequence[str], length: int) -> str:
    """Return a text as one clean line from a little before the first of the words on."""
    line = clean(" ".join(text[:_MOST].split()))
    found = spans(line, words)
    if not found or len(line) <= length or found[0][1] <= length * (_BEFORE - 1) // _BEFORE:
        return line
    start = line.find(" ", max(0, found[0][0] - length // _BEFORE), found[0][0]) + 1
    return f"...{line[start or found[0][0] :]}"


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """Return a word as the index of words compares it: without case and accents."""
    return "".join(each for each in normalize("NFKD", word.casefold()) if not combining(each))
