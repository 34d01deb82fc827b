"""The line in which a list is narrowed: how a query may go on, and what is wrong with it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from casetui.domain.errors import BadQuery
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import Static, content

if TYPE_CHECKING:
    from casetui.domain.completion import Known
    from casetui.tui.widgets.query import Query


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

    class Typed(Message):
        """What stands in the line is another query now."""

    class Left(Message):
        """The agent is done with typing; ``cleared`` where nothing is to be narrowed any more."""

        def __init__(self, *, cleared: bool) -> None:
            super().__init__()
            self.cleared = cleared

    def __init__(
        self, *, hint: str = "words, or owner:me unread status:new p1 age>7d", query: str | None = None
    ) -> None:
        super().__init__()
        self.hint = hint
        self.query_at_first = query
        """What stands in it from the beginning; None where it waits unseen."""
        self._line: Query | None = None

    def compose(self) -> ComposeResult:
        """Draw the line where it is seen from the beginning."""
        if self.query_at_first is not None:
            self.display = True
            self._line = self._new()
            self._line.put(self.query_at_first)
            yield from self._parts(self._line)

    @property
    def text(self) -> str:
        """The query."""
        return self._line.value.strip() if self._line else ""

    @property
    def complaint(self) -> str:
        """What is wrong with the query."""
        return str(self.query_one("#complaint", Static).content) if self._line else ""

    def learn(self, known: "Known") -> None:
        """Offer these names from now on."""
        if self._line:
            self._line.learn(known)

    async def open(self) -> None:
        """Take the keys."""
        line = await self._built()
        self.display = True
        self.screen.set_focus(line)  # at once: what is typed next is meant for it

    async def put(self, query: str) -> None:
        """Have a query stand in the line, as if it had been typed and left."""
        (await self._built()).put(query)
        self.display = True

    def clear(self) -> None:
        """Forget the query and go out of sight."""
        if self._line:
            self._line.put("")
        self.be_content()
        if self.display:  # for saying it again has the screen laid out again
            self.display = False

    def complain(self, error: BadQuery) -> None:
        """Say what is wrong, and mark where."""
        if self._line:
            raw = self._line.value
            shift = len(raw) - len(raw.lstrip())
            self._line.mark(error.start + shift, error.stop + shift)
            self._say(str(error))

    def be_content(self) -> None:
        """Say no more that anything is wrong."""
        if self._line:
            self._line.mark(0, 0)
            self._say("")

    def action_clear(self) -> None:
        """Ask for the whole list again."""
        self.post_message(self.Left(cleared=True))

    def action_go_on(self) -> None:
        """Take what is offered, or go to the list."""
        if not (self._line and self._line.go_on()):
            self.action_leave()

    def action_leave(self) -> None:
        """Go to the list, which stays narrowed."""
        self.post_message(self.Left(cleared=False))

    def on_input_changed(self) -> None:
        """Say that something was typed."""
        self.post_message(self.Typed())

    def on_input_submitted(self) -> None:
        """Go to the list, as with the key for it."""
        self.action_leave()

    async def _built(self) -> "Query":
        if self._line is None:
            self._line = self._new()
            await self.mount(*self._parts(self._line))
        return self._line

    def _new(self) -> "Query":
        from casetui.tui.widgets.query import Query  # noqa: PLC0415 - read when first wanted

        return Query(self.hint)

    def _parts(self, line: Widget) -> Iterator[Widget]:
        """Build the slash and what is wrong around the line."""
        yield Horizontal(Static(content("/"), id="slash"), line, id="line")
        yield Static(id="complaint")

    def _say(self, sentence: str) -> None:
        if sentence != self.complaint:  # another sentence lays out the screen again
            line = self.query_one("#complaint", Static)
            line.update(content(sentence))
            line.display = bool(sentence)
