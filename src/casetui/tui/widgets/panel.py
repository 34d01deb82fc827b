"""A part of a screen that is painted for its size, and of which only what changed is drawn again."""

from collections.abc import Callable, Sequence

from textual.strip import Strip

from casetui.tui.drawing import content, width
from casetui.tui.widgets.lines import Lines, Part

Painter = Callable[[int, int], Sequence[Sequence[Part]]]
"""Paints something for so many cells and lines: a line is made of parts."""

_CORNERS = 6
"""Cells of a frame that no words have."""


def nothing(cells: int, rows: int) -> Sequence[Sequence[Part]]:  # noqa: ARG001 - a Painter
    """Paint nothing."""
    return ()


class Panel(Lines):
    """Shows what a painter paints, without a cursor and without scrolling."""

    DEFAULT_CSS = """
    Panel { scrollbar-size-vertical: 0; overflow-y: hidden; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._paint: Painter = nothing
        self._titles: tuple[Sequence[str], Sequence[str]] = ("",), ("",)
        self._named = ("", "")
        self._painted: Sequence[Sequence[Part]] = ()

    def entitle(self, titles: Sequence[str], captions: Sequence[str] = ("",)) -> None:
        """Name it in its frame, above and below: by the first words that have room there, or else the last."""
        self._titles = titles, captions
        named = self._fitting(titles), self._fitting(captions)
        if named != self._named:
            self._named = named
            self.border_title, self.border_subtitle = map(content, named)

    def show(self, paint: Painter) -> None:
        """Show something else, or the same as it is now."""
        self._paint = paint
        old, self._painted = self._painted, self._paint(self.cells, self.content_size.height)
        if len(old) != len(self._painted):
            self.refresh()
            return
        for y, (was, line) in enumerate(zip(old, self._painted, strict=True)):
            if was != line:
                self.refresh_line(y)

    def on_resize(self) -> None:
        """Paint it anew for another size."""
        self.entitle(*self._titles)
        self.show(self._paint)

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        return self.line(self._painted[y] if y < len(self._painted) else [])

    def _fitting(self, words: Sequence[str]) -> str:
        room = self.outer_size.width - _CORNERS
        return next((each for each in words if width(each) <= room), words[-1])
