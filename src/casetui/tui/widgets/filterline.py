"""The line in which a list is narrowed: how a query may go on, and what is wrong with it."""

from collections.abc import Iterator
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from casetui.domain.completion import Completion, Known, complete
from casetui.domain.errors import BadQuery
from casetui.domain.safe import clean
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import Static, content


class _Wrong(Highlighter):
    """Marks the word of a query that is wrong."""

    def __init__(self) -> None:
        self.span = (0, 0)
        self.style = Style(underline=True)

    def highlight(self, text: Text) -> None:
        if self.span[1] <= len(text):
            text.stylize(self.style, *self.span)


class Query(Input):
    """The line itself: dim letters show how it may go on; what is pasted is cleaned first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"query--wrong"}
    DEFAULT_CSS = """
    Query {
        & > .query--wrong { color: $text-error; text-style: underline; }
        & > .input--suggestion { text-style: dim; }
    }
    """

    def __init__(self, hint: str) -> None:
        self._wrong = _Wrong()
        super().__init__(placeholder=hint, compact=True, select_on_focus=False, highlighter=self._wrong)
        self.known: Known | None = None
        """What can be offered; nothing is, where it is None."""

    @property
    def completion(self) -> Completion | None:
        """How the query may go on, with the cursor at its end."""
        return complete(self.value, self.known) if self.known is not None and self.cursor_at_end else None

    def go_on(self) -> bool:
        """Take what the dim letters show; say whether there was anything to take."""
        if (completion := self.completion) is None:
            return False
        self.value = completion.whole
        self.cursor_position = len(self.value)
        return True

    def mark(self, start: int, stop: int) -> None:
        """Mark what is wrong, or nothing."""
        self._wrong.span = (start, stop)
        self._wrong.style = self.get_component_rich_style("query--wrong", partial=True)
        self.refresh()

    def watch_value(self, value: str) -> None:
        """Show how it may go on, before the next key: Textual's own suggestions come some time later."""
        completion = complete(value, self.known) if self.known is not None else None
        self._suggestion = value + completion.rest if completion else ""

    def action_cursor_right(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """Take what the dim letters show, at the end of the line."""
        if select or not self.go_on():
            super().action_cursor_right(select)

    def on_paste(self, event: events.Paste) -> None:
        """Take it as one line."""
        event.text = clean(event.text.strip())


class FilterLine(Vertical):
    """A slash and a line to type in; Enter and Down go to the list, Escape clears, Tab takes what is offered.

    What it is made of is built when it is first opened: a line that waits unseen was 20 ms of the start.
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.FILTER)
    DEFAULT_CSS = """
    FilterLine {
        display: none;
        height: auto;
        #line { height: 1; }
        #slash { width: auto; padding: 0 0 0 1; color: $text-accent; text-style: bold; }
        Query, Query.-textual-compact { width: 1fr; background: $surface; }
        #complaint { display: none; height: auto; max-height: 2; color: $text-error; padding: 0 2; }
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

    def learn(self, known: Known) -> None:
        """Offer these names from now on."""
        line = self.query_one(Query)
        line.known = known
        line.watch_value(line.value)

    async def open(self) -> None:
        """Take the keys."""
        if not self.children:
            await self.mount(*self._parts())
        self.display = True
        self.screen.set_focus(self.query_one(Query))  # at once: what is typed next is meant for it

    async def put(self, query: str) -> None:
        """Have a query stand in the line, as if it had been typed and left."""
        if not self.children:
            await self.mount(*self._parts())
        line = self.query_one(Query)
        with line.prevent(Input.Changed):
            line.value, line.cursor_position = query, len(query)
        self.display = True

    def clear(self) -> None:
        """Forget the query and go out of sight."""
        for line in self.query(Query):
            with line.prevent(Input.Changed):
                line.value = ""
        self.be_content()
        self.display = False

    def complain(self, error: BadQuery) -> None:
        """Say what is wrong, and mark where."""
        raw = self.query_one(Query).value
        shift = len(raw) - len(raw.lstrip())
        self.query_one(Query).mark(error.start + shift, error.stop + shift)
        self._say(str(error))

    def be_content(self) -> None:
        """Say no more that anything is wrong."""
        for line in self.query(Query):
            line.mark(0, 0)
            self._say("")

    def _parts(self) -> Iterator[Widget]:
        """Build the slash, the line and what is wrong."""
        yield Horizontal(Static(content("/"), id="slash"), Query(self.hint), id="line")
        yield Static(id="complaint")

    def action_clear(self) -> None:
        """Ask for the whole list again."""
        self.post_message(self.Left(cleared=True))

    def action_go_on(self) -> None:
        """Take what is offered, or go to the list."""
        if not self.query_one(Query).go_on():
            self.action_leave()

    @on(Input.Submitted)
    def action_leave(self) -> None:
        """Go to the list, which stays narrowed."""
        self.post_message(self.Left(cleared=False))

    def _say(self, sentence: str) -> None:
        if sentence != self.complaint:  # another sentence lays out the screen again
            line = self.query_one("#complaint", Static)
            line.update(content(sentence))
            line.display = bool(sentence)
