"""Text from outside made harmless: no terminal obeys what is left of it (SPEC 9)."""

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Terminals disagree about the width of what these modify, so the columns behind it would move.
_MODIFIERS = re.compile("[\u00ad\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_ACCENTS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_HEAP = re.compile(f"([{_ACCENTS}]{{3}})[{_ACCENTS}]+")
_BREAKS = re.compile(r"\r\n|[\r\n]")
_BLANKS = re.compile(r"\r\n|[\t\r\n]")


def clean(text: str) -> str:
    """Return one line that no terminal obeys.

    Breaks and tabs become a space; controls, escapes, bidirectional marks, zero-width characters and lone
    surrogates become ``?``; of a heap of accents on one letter three stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HEAP.sub(r"\1", _MODIFIERS.sub("", _UNSAFE.sub("?", _BLANKS.sub(" ", text))))


def clean_lines(text: str) -> list[str]:
    """Return the lines of a body, each as ``clean`` returns it, tabs set out to four cells."""
    if text.isascii() and text.isprintable():
        return [text]
    return [clean(line.expandtabs(4).rstrip(" ")) for line in _BREAKS.split(text)]
