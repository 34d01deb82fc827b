"""The line in which a list is narrowed, and what is wrong with what was typed there."""

from collections.abc import Iterator
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from casetui.domain.safe import clean
from casetui.tui.drawing import content


class Query(Input):
    """The line itself; what is pasted is cleaned first."""

    def on_paste(self, event: events.Paste) -> None:
        """Take it as one line."""
        event.text = clean(event.text.strip())


class FilterLine(Horizontal):
    """A slash and a line to type in; Enter and Down go to the list, Escape clears.

    What it is made of is built when it is first opened: a line that waits unseen was 20 ms of the start.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", id="filter.clear", show=False, tooltip="Clear the filter."),
        Binding("down,up,tab", "leave", "List", id="filter.leave", show=False, tooltip="Go to the list."),
    ]
    DEFAULT_CSS = """
    FilterLine {
        display: none;
        height: 1;
        Static { width: auto; padding: 0 0 0 1; color: $text-accent; text-style: bold; }
        Query, Query.-textual-compact { width: 2fr; background: $surface; }
        #complaint { width: auto; max-width: 70%; color: $text-error; text-style: none; padding: 0 1; }
    }
    """

    class Left(Message):
        """The agent is done with typing; ``cleared`` where nothing is to be narrowed any more."""

        def __init__(self, *, cleared: bool) -> None:
            super().__init__()
            self.cleared = cleared

    def __init__(
        self, *, hint: str = "words, or owner:me unread status:new p1 age>7d", is_open: bool = False
    ) -> None:
        super().__init__()
        self.hint = hint
        self.is_open = is_open
        """Whether it is to be seen from the beginning."""

    def compose(self) -> ComposeResult:
        """Draw the line where it is seen from the beginning."""
        if self.is_open:
            self.display = True
            yield from self._parts()

    @property
    def text(self) -> str:
        """The query."""
        return self.query_one(Query).value.strip() if self.children else ""

    @property
    def complaint(self) -> str:
        """What is wrong with the query."""
        return str(self.query_one("#complaint", Static).content) if self.children else ""

    async def open(self) -> None:
        """Take the keys."""
        if not self.children:
            await self.mount(*self._parts())
        self.display = True
        self.screen.set_focus(self.query_one(Query))  # at once: what is typed next is meant for it

    def clear(self) -> None:
        """Forget the query and go out of sight."""
        for line in self.query(Query):
            with line.prevent(Input.Changed):
                line.value = ""
        self.complain("")
        self.display = False

    def complain(self, sentence: str) -> None:
        """Say what is wrong, or nothing for an empty sentence; another sentence lays out the screen again."""
        if sentence != self.complaint:
            self.query_one("#complaint", Static).update(content(sentence))

    def _parts(self) -> Iterator[Widget]:
        """Build the slash, the line and what is wrong."""
        yield Static("/", markup=False)
        yield Query(placeholder=self.hint, compact=True, select_on_focus=False)
        yield Static(id="complaint", markup=False)

    def action_clear(self) -> None:
        """Ask for the whole list again."""
        self.post_message(self.Left(cleared=True))

    @on(Input.Submitted)
    def action_leave(self) -> None:
        """Go to the list, which stays narrowed."""
        self.post_message(self.Left(cleared=False))
