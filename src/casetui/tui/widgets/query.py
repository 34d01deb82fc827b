"""A line to type a query in: how it may go on, and which word of it is wrong."""

from typing import ClassVar

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events
from textual.widgets import Input

from casetui.domain.completion import Completion, Known, complete
from casetui.domain.safe import clean


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

    def put(self, query: str) -> None:
        """Have a query stand in the line, and tell nobody."""
        with self.prevent(Input.Changed):
            self.value, self.cursor_position = query, len(query)

    def learn(self, known: Known) -> None:
        """Offer these names from now on."""
        self.known = known
        self.watch_value(self.value)

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
