"""Numbers that are read from across a room: digits of blocks, as large as there is room for."""

from casetui.tui.drawing import glyphs

HIGH, WIDE = 5, 3
_SIZES = ((12, 6), (10, 5), (8, 4), (6, 3), (4, 2), (2, 1), (1, 1))
"""Cells across and down that one block of a digit takes, the largest first: a cell is twice as high as wide."""
_SHAPES = {
    "0": "### #.# #.# #.# ###", "1": ".#. ##. .#. .#. ###", "2": "### ..# ### #.. ###",
    "3": "### ..# ### ..# ###", "4": "#.# #.# ### ..# ..#", "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###", "7": "### ..# ..# .#. .#.", "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###", "k": "#.. #.# ##. #.# #.#", "M": "#.# ### ### #.# #.#",
}  # fmt: skip
_THOUSANDS = ((1_000_000, "M"), (1_000, "k"))


def drawn(number: int, cells: int, rows: int, digits: int = 1) -> list[str]:
    """Return the lines of a number, the largest that fit, and no larger than one of so many ``digits``.

    What does not fit even in the smallest blocks is told in whole thousands or millions (``50k``), and where that
    does not fit either, in the terminal's own digits.
    """
    rounded = [f"{number // size}{unit}" for size, unit in reversed(_THOUSANDS) if number >= size]
    for text in (str(number), *rounded):
        for least in (max(digits, len(text)), len(text)):
            for across, down in _SIZES:
                if (least * (WIDE + 1) - 1) * across <= cells and HIGH * down <= rows:
                    return _blocks(text, across, down)
    return [str(number)]


def _blocks(text: str, across: int, down: int) -> list[str]:
    shapes = [_SHAPES[sign].split() for sign in text]
    lines = [".".join(shape[row] for shape in shapes) for row in range(HIGH)]
    pens = {"#": glyphs.block * across, ".": " " * across}
    return ["".join(pens[dot] for dot in line) for line in lines for _ in range(down)]
