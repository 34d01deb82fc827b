"""Lean frames: fewer bytes, the same picture."""

import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casetui.tui.frames import lean

_TOKENS = re.compile(r"\x1b\[([\d;]*)m|\x1b\[(\d+);(\d+)H|\r\n|.", re.DOTALL)
_CODES = re.compile(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+")
_ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "27": {"7"}}
_INKS = ["", "38;2;1;2;3", "38;2;9;9;9", "38;5;7", "31", "92"]
_GROUNDS = ["", "48;2;30;30;30", "48;2;1;1;1", "48;5;0", "41"]
_PENS = [";".join(filter(None, pen)) for pen in product(["", "1", "2", "1;4", "3;7"], _INKS, _GROUNDS)]
_MOVES = ["\x1b[3;4H", "\x1b[2;9H", "\r\n", "\x1b[3;4H\r\n", "\x1b[5;1H\r\n\x1b[6;2H"]
_PIECES = st.tuples(st.sampled_from(_PENS), st.sampled_from(["a", "é ", "[31m", *_MOVES]))
Pen = frozenset[str]
Place = tuple[int, int]


def _painted(frame: str, pen: Pen) -> tuple[dict[Place, tuple[str, Pen]], Place, Pen]:
    """Return what stands at each place and with which pen, then where the cursor is, and its pen."""
    seen = {}
    row, column = 1, 1
    for token in _TOKENS.finditer(frame):
        if token[2] is not None:
            row, column = int(token[2]), int(token[3])
        elif token[0] == "\r\n":
            row, column = row + 1, 1
        elif token[1] is None:
            seen[row, column] = token[0], pen
            column += 1
        for code in _CODES.findall(token[1] or ("0" if token[1] == "" else "")):
            pen = _changed(pen, code)
    return seen, (row, column), pen


def _changed(pen: Pen, code: str) -> Pen:
    if code == "0":
        return frozenset()
    if code in _ENDS:
        return pen - _ENDS[code]
    return frozenset(
        {*(one for one in pen if len(code) == 1 or one[0] not in _alike(code) or len(one) == 1), code}
    )


def _alike(code: str) -> str:
    """Return with what the colours begin that a colour takes the place of."""
    return "4" if code[0] == "4" else "39"


@given(st.lists(_PIECES, max_size=12), st.booleans(), st.sampled_from(["", "1;31", "7"]))
def test_a_lean_frame_paints_the_same(pieces: list[tuple[str, str]], ends: bool, before: str) -> None:  # noqa: FBT001 - drawn
    """Each character has its colours and traits, whatever the frame before has left, as has the next frame."""
    parts = [f"\x1b[{pen}m{text}\x1b[0m" if pen else text for pen, text in pieces]
    frame = "".join(parts) + ("" if ends else "\x1b[1;32m")
    _, _, pen = _painted(f"\x1b[{before}m", frozenset())
    assert _painted(lean(frame), pen) == _painted(frame, pen)
    assert len(lean(frame)) <= len(frame) + 2


def test_a_colour_that_stays_is_not_named_again() -> None:
    """Between two pieces of one row only what differs is written."""
    row = "\x1b[0m\x1b[1;38;2;1;1;1;48;2;3;3;3mone\x1b[0m\x1b[38;2;2;2;2;48;2;3;3;3mtwo\x1b[0m"
    assert lean(row) == "\x1b[0;1;38;2;1;1;1;48;2;3;3;3mone\x1b[22;38;2;2;2;2mtwo\x1b[0m"


def test_neither_a_pen_nor_a_move_is_written_for_a_move_to_come() -> None:
    """The pen of one row goes on in the next, and only the last of several moves is made."""
    two = "\x1b[0m\x1b[5;9H\x1b[1;31mone\x1b[0m\x1b[5;40H\r\n\x1b[6;9H\x1b[1;31mtwo\x1b[0m"
    assert lean(two) == "\x1b[5;9H\x1b[0;1;31mone\x1b[6;9Htwo\x1b[0m"
