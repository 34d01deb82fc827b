"""The scroll bar beside our lines, which draws each kind of its cells once."""

from collections.abc import Iterable
from typing import cast

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class Bar(ScrollBar):
    """Textual's upright scroll bar, cell for cell, of which no more than five differ.

    Textual draws all of them one by one, through borders and paddings: 1 ms for a bar of 31 cells, where a case
    with two of them opens in 17.
    """

    def __init__(self) -> None:
        super().__init__(vertical=True, name="vertical")
        self._drawn: tuple[object, ...] = ()
        self._cells: list[Strip] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return some of the cells, from top to bottom; as they were where the list is being taken down."""
        if self.parent is None:
            return self._cells[crop.y : crop.bottom]
        bar = cast("ScrollBarRender", self.render())
        colors = cast("Style", bar.style)
        ground, filters = self.visual_style.rich_style, self.get_line_filters()
        drawn = (*self.size, bar.virtual_size, bar.window_size, bar.position, colors, ground, *filters)
        if drawn != self._drawn:
            self._drawn = drawn
            segments = bar.render_bar(
                self.size.height,
                bar.virtual_size,
                bar.window_size,
                bar.position,
                back_color=colors.bgcolor or Color.default(),
                bar_color=colors.color or Color.default(),
            ).segments
            kinds = {segment: self._cell(segment, ground, filters) for segment in set(segments)}
            self._cells = [kinds[segment] for segment in segments]
        return self._cells[crop.y : crop.bottom]

    def _cell(self, segment: Segment, ground: Style, filters: Iterable[LineFilter]) -> Strip:
        _, behind = self.background_colors
        strip = Strip([Segment(segment.text, ground + (segment.style or Style()))], 1)
        for each in filters:
            strip = strip.apply_filter(each, behind)
        return strip
