"""Rows of a page of the help, with a cursor."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.pages import Row
from casetui.tui.widgets.lines import Lines


class RowList(Lines, can_focus=True):
    """A page laid out for its width; the cursor moves over the rows that say something."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.HELP_ROWS)

    class Moved(Message):
        """The cursor rests on another row."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Chosen(Message):
        """The row under the cursor is to be done."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._page: Callable[[int], Sequence[Row]] = lambda _: ()
        self._rows: Sequence[Row] = ()
        self._cursor = 0

    def show(self, page: Callable[[int], Sequence[Row]]) -> None:
        """Show a page from its top."""
        self._page, self._cursor = page, 0
        self._lay()
        self._go(0, 1)

    def on_resize(self) -> None:
        """Lay the page out for the new width."""
        self._lay()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a row; a double click does it."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self._go(self.scroll_offset.y + offset.y, 1)
            if event.chain > 1:
                self.action_choose()

    def action_step(self, step: int) -> None:
        """Go so many rows down."""
        self._go(min(max(self._cursor + step, 0), len(self._rows) - 1), 1 if step > 0 else -1)

    def action_edge(self, edge: int) -> None:
        """Go to the first row, or to the last."""
        self.action_step(len(self._rows) if edge else -len(self._rows))

    def action_page(self, pages: int) -> None:
        """Go so many screens down."""
        self.action_step(pages * max(1, self.content_size.height - 1))

    def action_choose(self) -> None:
        """Do what the row stands for."""
        if self._cursor < len(self._rows):
            self.post_message(self.Chosen(self._rows[self._cursor]))

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        at = y + self.scroll_offset.y
        if at >= len(self._rows):
            return self.line([])
        return self.line(self._rows[at].parts, "resting" if at == self._cursor else "")

    def _lay(self) -> None:
        if self.cells:
            self._rows = self._page(self.cells)
            self.extent(len(self._rows))
            self.refresh()

    def _go(self, at: int, way: int) -> None:
        while 0 <= at < len(self._rows) and not _says(self._rows[at]):
            at += way
        if not 0 <= at < len(self._rows):
            self.scroll_to(y=0 if way < 0 else len(self._rows), animate=False, immediate=True)
            return
        self._cursor = at
        height, top = max(1, self.content_size.height), self.scroll_offset.y
        if not top <= at < top + height:
            self.scroll_to(y=max(0, at - height + 1 if at > top else at), animate=False, immediate=True)
        self.refresh()
        self.post_message(self.Moved(self._rows[at]))


def _says(row: Row) -> bool:
    return bool(row.parts) and row.parts[0][1] != "heading"
