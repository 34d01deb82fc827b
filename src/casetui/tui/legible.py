"""Lifts text that is too near in colour to what is behind it, whatever theme, blend or widget that comes from."""

import re
from functools import lru_cache, partial

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

BLACK, WHITE = Color(0, 0, 0), Color(255, 255, 255)
LEAST = 4.5
"""The contrast of text in RGB themes (UX 5.25)."""
MOST = 7.0
"""Its contrast in the theme for those who need more."""
_READ = re.compile(r"[^\s\u2500-\u259f]")
"""A sign that is read: no blank, and no part of a frame or a bar."""
_STEPS = 20
_KEPT = 2_000
"""Styles that are remembered."""


class Legible(LineFilter):
    """Draws every sign in a colour that can be read on its ground; frames may recede as they please."""

    def __init__(self, least: float = LEAST) -> None:
        super().__init__()
        # A style may say where on its line it stands: of those there is no end.
        self._legible = lru_cache(_KEPT)(partial(legible, least=least))

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return a line of the same signs."""
        readable = self._legible
        lifted = []
        for segment in segments:
            text, style, _ = segment
            if style is None or not _READ.search(text):
                lifted.append(segment)
                continue
            if style.bgcolor is None:
                style += Style(bgcolor=background.rich_color)
            shown = readable(style)
            lifted.append(segment if shown is style else Segment(text, shown))
        return lifted


def legible(style: Style, least: float = LEAST) -> Style:
    """Return a style whose colours, where they are RGB, differ enough to be read."""
    if style.color is None or style.bgcolor is None or not style.color.triplet or not style.bgcolor.triplet:
        return style
    ink, ground = Color(*style.color.triplet), Color(*style.bgcolor.triplet)
    if style.reverse:
        readable = _lifted(ground, ink, least)
        return style if readable == ground else style + Style(bgcolor=readable.rich_color)
    readable = _lifted(ink, ground, least)
    return style if readable == ink else style + Style(color=readable.rich_color)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours as WCAG counts it, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _lifted(ink: Color, ground: Color, least: float) -> Color:
    """Return the colour nearest to an ink, towards white or black, that can be read on a ground."""
    if contrast(ink, ground) >= least:
        return ink
    near, far = sorted((WHITE, BLACK), key=lambda pole: contrast(pole, ink))
    goal = near if contrast(near, ground) >= least or contrast(near, ground) > contrast(far, ground) else far
    steps = (ink.blend(goal, step / _STEPS) for step in range(_STEPS + 1))
    return next((color for color in steps if contrast(color, ground) >= least), goal)


@lru_cache(1024)
def _luminance(color: Color) -> float:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]  # noqa: PLR2004 - the standard's numbers
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
