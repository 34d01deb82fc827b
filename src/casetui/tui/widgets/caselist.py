"""The windowed case list: draws the lines that are seen, and keeps the rows around them, at any size."""

from collections.abc import Container
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from casetui.domain.clocks import Clock
from casetui.domain.errors import CasetuiError
from casetui.domain.records import Case
from casetui.domain.safe import clean_lines
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import glyphs, wrap
from casetui.tui.widgets.caserow import Column, age, cells, columns, headings
from casetui.tui.widgets.marks import Marks
from casetui.tui.widgets.window import Source, Window

__all__ = ["CaseList", "Source"]

HEADER = 1


class CaseList(Marks, can_focus=True):
    """A queue of cases with a cursor that follows the case, not the row."""

    BINDINGS: ClassVar[list[BindingType]] = bound((*keyboard.LIST, keyboard.OPEN))

    empty = reactive("Nothing here.")
    """What an empty list says; plain words, wrapped."""

    class Moved(Message):
        """The cursor rests on another case, or on the same one changed; on None in an empty list."""

        def __init__(self, case_list: "CaseList", case: Case | None) -> None:
            super().__init__()
            self.case_list = case_list
            self.case = case

        @property
        def control(self) -> "CaseList":
            """The list that it happened in."""
            return self.case_list

        def can_replace(self, message: Message) -> bool:
            """Say that only the last of many steps counts."""
            return isinstance(message, CaseList.Moved) and message.case_list is self.case_list

    class Opened(Message):
        """The agent wants to see the whole case."""

        def __init__(self, case_list: "CaseList", case: Case) -> None:
            super().__init__()
            self.case_list = case_list
            self.case = case

        @property
        def control(self) -> "CaseList":
            """The list that it happened in."""
            return self.case_list

    class Failed(Message):
        """Rows could not be read while scrolling; what is drawn is what was last read."""

        def __init__(self, error: CasetuiError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, clock: Clock, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.clock = clock
        self.show_status = False
        self.show_clock = True
        self.changed: Container[int] = ()
        """The cases that others have changed since the agent looked at them."""
        self._window: Window | None = None
        self._cursor = 0
        self._told: tuple[Case | None] | None = None
        self._placing = False
        self._ticket = self._reading = object()
        self._filling = False
        self._columns: list[Column] = []
        self._digits = 5
        self._ages: dict[int, str] = {}

    @property
    def case(self) -> Case | None:
        """The case under the cursor; None in an empty list and on a row that is still being read."""
        return None if self._window is None else self._window.row(self._cursor)

    @property
    def index(self) -> int:
        """The row of the cursor, from 0."""
        return self._cursor

    @property
    def total(self) -> int:
        """How many cases the view has."""
        return 0 if self._window is None else self._window.total

    @property
    def counted(self) -> bool:
        """Whether ``total`` is how many cases the view has, and not only how many are known so far."""
        return self._window is None or self._window.counted

    async def show(self, source: Source, *, counted: bool = True) -> bool:
        """Show another view, the cursor on its first case; what was shown stays until the rows are here.

        Says whether it is shown: where another was wanted meanwhile, it is not. Unless it is ``counted`` at once,
        `count` is to follow.
        """
        ticket = self._ticket = object()
        window = await Window.opening(source, counted=counted)
        if ticket is not self._ticket:
            return False
        self._told = None
        self._adopt(window, 0, 0)
        return True

    async def count(self) -> None:
        """Count the cases of the view, if they are not counted; rows and cursor stay as they are."""
        while (window := self._window) is not None and not window.counted:
            await window.count()
            if window is self._window:
                self._place(self._cursor, self._cursor - self._top)
                self._fill()

    async def reload(self, follow: Case | None = None) -> None:
        """Read again what is seen; cursor and scroll position stay with the case, also if rows appear above.

        ``follow`` is the case under the cursor as it is now, where its place in the order may have changed. A
        case that left the view leaves the cursor on the next one.
        """
        ticket, old = object(), self._window
        if old is None:
            return
        self._reading = ticket
        at = min(max(self._cursor, old.first), old.end - 1)
        case = follow or old.row(at)
        if case is None:
            window, index = await Window.opening(old.source), 0
        else:
            reach = max(1, self._height)
            window, index = await Window.around(old.source, case, 2 * reach, 3 * reach)
        if ticket is not self._reading or self._window is None or self._window.source is not old.source:
            return
        # Keys are answered while rows are read: those steps are taken again from where the case is now.
        self._adopt(window, index + self._cursor - at, self._cursor - self._top)

    def tick(self) -> None:
        """Draw the times again that read differently now."""
        for row, drawn in list(self._ages.items()):
            case = None if self._window is None else self._window.row(row)
            if not self._top <= row < self._top + self._height:
                del self._ages[row]
            elif case is not None and age(case, self.clock.now()) != drawn:
                self.refresh_line(row + HEADER)

    def action_step(self, step: int) -> None:
        """Go so many rows down."""
        self._go(self._cursor + step)

    async def action_edge(self, edge: int) -> None:
        """Go to the first case, or to the last, which is where it is known how many there are."""
        if edge:
            await self.count()
        self._go(self.total - 1 if edge else 0)

    def action_page(self, step: int) -> None:
        """Go so many screens down."""
        page = step * max(1, self._height - 1)
        self._scroll(self._top + page)
        self._go(self._cursor + page)

    def action_open(self) -> None:
        """Ask for the whole case."""
        if self.case is not None:
            self.post_message(self.Opened(self, self.case))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a row; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < HEADER or self._top + offset.y - HEADER >= self.total:
            return
        self._go(self._top + offset.y - HEADER)
        if event.chain > 1:
            self.action_open()

    def on_resize(self) -> None:
        """Choose the columns for the new width and keep the cursor in sight."""
        self.columns_changed()
        if self._cursor >= self._top + self._height:
            self._scroll(self._cursor - self._height + 1)
        self._fill()

    def columns_changed(self) -> None:
        """Draw with the columns of ``show_status`` and ``show_clock`` from now on."""
        wanted = {"clock": self.show_clock, "status": self.show_status}
        self._columns = columns(self.cells, digits=self._digits, **wanted)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Take the cursor along when the wheel or the scroll bar moves the rows; read what comes in sight."""
        super().watch_scroll_y(old_value, new_value)
        self._ages.clear()
        if self._window is not None and self._height and not self._placing:
            held = min(max(self._cursor, self._top), self._top + self._height - 1, max(0, self.total - 1))
            if held != self._cursor:
                self._cursor = held
                self._tell()
            self._fill()

    def render_line(self, y: int) -> Strip:
        """Draw the header or one row."""
        if not self._columns:
            return self.line([])
        if y < HEADER:
            return self.line([(headings(self._columns), "heading")])
        if self._window is not None and not self.total:
            return self._empty_line(y - HEADER)
        index = self._top + y - HEADER
        if index >= self.total or self._window is None:
            return self.line([])
        ground = ("cursor" if self.has_focus else "resting") if index == self._cursor else ""
        case = self._window.row(index)
        lead = self.lead(case, chosen=bool(ground))
        if case is None:
            return self.line([(lead, "us"), (f"   {glyphs.unknown * 3}", "dim")], ground)
        self._ages[index] = age(case, self.clock.now())
        return self.line(
            [(lead, "us"), *cells(case, self._columns, self.clock.now(), changed=case.number in self.changed)],
            ground,
        )

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _height(self) -> int:
        return max(0, self.content_size.height - HEADER)

    def _empty_line(self, y: int) -> Strip:
        most = max(10, self.cells - 4)
        lines = [part for line in clean_lines(self.empty) for part in wrap(line, most)]
        text = lines[y - 1] if 0 < y <= len(lines) else ""
        return self.line([(f"  {text}", "dim")])

    def _adopt(self, window: Window, cursor: int, offset: int) -> None:
        self._window = window
        self.read_anew(window.rows)
        self._ages.clear()
        self._place(cursor, offset)
        self._fill()

    def _place(self, cursor: int, offset: int) -> None:
        rows = self._window.rows if self._window else []
        digits = max((len(str(case.number)) for case in rows), default=0)
        if digits > self._digits:
            self._digits = digits
            self.columns_changed()
        self._cursor = min(max(cursor, 0), max(0, self.total - 1))
        self._placing = True
        self.extent(self.total + HEADER)
        self._placing = False
        self._scroll(self._cursor - offset)
        self._reveal()
        self.refresh()
        self._tell()

    def _go(self, index: int) -> None:
        index = min(max(index, 0), self.total - 1)
        if index < 0 or index == self._cursor:
            return
        old, self._cursor = self._cursor, index
        self.refresh_line(old + HEADER)
        self.refresh_line(index + HEADER)
        self._reveal()
        self._tell()
        self._fill()

    def _reveal(self) -> None:
        # Scrolling by most of a screen at the edge repaints one step in twenty instead of every one.
        height = self._height
        if height and self._cursor >= self._top + height:
            near = self._cursor < self._top + 2 * height
            self._scroll(self._cursor - (height // 4 if near else height - 1))
        elif height and self._cursor < self._top:
            near = self._cursor > self._top - height
            self._scroll(self._cursor - (height - 1 - height // 4 if near else 0))

    def _scroll(self, top: int) -> None:
        self._placing = True
        self.scroll_to(y=max(0, top), animate=False, immediate=True)
        self._placing = False

    def _tell(self) -> None:
        case = self.case
        if (case is not None or not self.total) and self._told != (case,):
            self._told = (case,)
            self.post_message(self.Moved(self, case))

    def _wanted(self) -> tuple[int, int]:
        return self._top - self._height, self._top + 2 * self._height

    def _fill(self) -> None:
        if not self._filling and self._window is not None and self._window.lacks(*self._wanted()):
            self._filling = True
            self.run_worker(self._read(), group="caselist")

    async def _read(self) -> None:
        try:
            while (window := self._window) is not None and window.lacks(*self._wanted()):
                before = (window.first, window.end, window.total)
                shift = await window.load(*self._wanted())
                if window is self._window:
                    self._place(self._cursor + shift, self._cursor - self._top)
                if before == (window.first, window.end, window.total):
                    break
        except CasetuiError as error:
            self.post_message(self.Failed(error))
        finally:
            self._filling = False
