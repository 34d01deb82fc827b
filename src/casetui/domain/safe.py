"""Text from outside made harmless: no terminal obeys what is left of it (SPEC 9)."""

import re

# These are compiled when first asked for: most of what a command prints is plain.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200e\u200f\u2028-\u202e\u2061-\u206f\u3164\uffa0"
    "\ufff0-\ufffb\ud800-\udfff]"
)
# Nobody sees these, and terminals disagree about the width of what they join or modify: the columns would move.
_UNSEEN = "[\u00ad\u034f\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0489\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f"
)
_HEAP = f"([{_ACCENTS}]{{3}})[{_ACCENTS}]+"
_BREAKS = r"\r\n|[\r\n]"
_BLANKS = r"\r\n|[\t\r\n]"


def clean(text: str) -> str:
    """Return one line that no terminal obeys.

    Breaks and tabs become a space. Controls, escapes, bidirectional marks, blanks that are letters and lone
    surrogates are shown as what they are: ``<U+202E>``. What nobody sees (joiners, selectors) goes; of a heap
    of accents on one letter three stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_HEAP, r"\1", re.sub(_UNSEEN, "", re.sub(_UNSAFE, _named, re.sub(_BLANKS, " ", text))))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, wherever and however it was typed."""
    return re.split(_BREAKS, text)


def clean_lines(text: str) -> list[str]:
    """Return the lines of a body, each as ``clean`` returns it, tabs set out to four cells."""
    if text.isascii() and text.isprintable():
        return [text]
    return [clean(line.expandtabs(4).rstrip(" ")) for line in lines_of(text)]


def _named(match: re.Match[str]) -> str:
    return f"<U+{ord(match[0]):04X}>"
