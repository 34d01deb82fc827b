"""What was opened and what was closed, day by day, as pairs of bars."""

from collections.abc import Sequence

from casetui.desk.days import Day
from casetui.domain.clocks import zone_of
from casetui.tui.drawing import fit, glyphs
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.panel import Painter

_LEAST = 3
"""Cells of a day at least: a bar each, and one between."""
_WORDS = 2
"""Lines beneath the bars: the days, and what the bars are."""


def painter(days: Sequence[Day], zone: str) -> Painter:
    """Return what paints as many of the last days as there is room for, as high as there is room for."""
    local = zone_of(zone)

    def paint(cells: int, rows: int) -> list[list[Part]]:
        shown = days[-max(1, (cells - 1) // _LEAST) :]
        size = max(_LEAST, (cells - 1) // len(shown))
        most = max(max(day.opened, day.closed) for day in shown)
        high = max(1, rows - _WORDS)
        painted = [_row(shown, size, most, high, row) for row in range(high, 0, -1)]
        under = [(fit(f"{day.begins.astimezone(local):%d}", size), "plain") for day in shown]
        return [*painted, [(" ", "plain"), *under], _legend(most)]

    return paint


def _row(days: Sequence[Day], size: int, most: int, high: int, row: int) -> list[Part]:
    """Return a line of the bars, the lowest of which is row 1; what there is has a bar of one line at least."""
    parts: list[Part] = [(" ", "plain")]
    wide = (size - 1) // 2
    for day in days:
        for many, pen, tone in ((day.opened, glyphs.block, "us"), (day.closed, glyphs.shade, "good")):
            length = max(1, round(many * high / most)) if many else 0
            parts.append(((pen if length >= row else " ") * wide, tone))
        parts.append((" " * (size - 2 * wide), "plain"))
    return parts


def _legend(most: int) -> list[Part]:
    opened, closed = f" {glyphs.block} opened", f"   {glyphs.shade} closed"
    return [(opened, "us"), (closed, "good"), (f"   the highest is {most}", "dim")]
