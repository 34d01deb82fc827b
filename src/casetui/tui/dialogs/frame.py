"""The frame that every dialog stands in: a titled box which names its keys and says what it cannot accept."""

import re
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from casetui.domain.safe import clean
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import Static, content
from casetui.tui.steady import Steady

Result = TypeVar("Result")
WIDE = 120
"""Columns from which on a dialog has room for two things beside one another."""


_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")


def cleaned(text: str) -> str:
    """Return text to be edited without the characters that a terminal would obey.

    Unlike ``drawing.clean`` it keeps the joiners that some scripts are written with.
    """
    breaks = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _OBEYED.sub("", breaks).expandtabs(4)


class Line(Input):
    """One line to type in; what is pasted into it is cleaned first."""

    def __init__(self, value: str = "", *, hint: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        line = cleaned(value).replace("\n", " ")
        super().__init__(line, placeholder=hint, id=id, compact=True, select_on_focus=False)

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line that holds anything."""
        lines = [line for line in cleaned(event.text).split("\n") if line.strip()]
        event.text = lines[0] if lines else ""


class Words(TextArea):
    """Several lines to type in; ^j makes a new one as Enter does, and what is pasted is cleaned first."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.WORDS)

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(cleaned(text), id=id, highlight_cursor_line=False)

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines."""
        event.text = cleaned(event.text)

    def on_resize(self) -> None:
        """Draw again: TextArea of 8.2.8 wraps anew but leaves the old lines on the screen."""
        self.call_after_refresh(self.refresh)

    def on_unmount(self) -> None:
        """Be forgotten: Textual 8.2.8 has the app keep whoever watches its theme, 0.1 MiB for each comment."""
        watchers = getattr(self.app, "__watchers", {}).get("theme", [])
        watchers[:] = [each for each in watchers if each[0] is not self]

    def action_new_line(self) -> None:
        """Break the line at the cursor."""
        self.insert("\n")

    def add(self, text: str) -> None:
        """Put text where the cursor is, or in the place of what is marked; the text's own undo takes it back."""
        put = self.replace(cleaned(text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(put.end_location)

    def put(self, text: str) -> None:
        """Replace everything, as one step that the text's own undo takes back."""
        self.replace(cleaned(text), self.document.start, self.document.end)
        self.move_cursor(self.document.end)


class Dialog(ModalScreen[Result | None], Steady[Result | None], Generic[Result]):
    """A box over the dimmed screen that collects a Result, or None on Escape."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            border: round $primary;
            border-title-color: $text;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $surface;
            overflow-y: auto;
            scrollbar-size-vertical: 1;
        }
        .label { color: $text-muted; }
        .quiet { color: $text-muted; }
        #refusal { display: none; color: $text-error; margin: 1 0 0 0; }
        #refusal.-said { display: block; }
        Input, Input.-textual-compact {
            background: $boost;
            &:focus { background: $boost; background-tint: $foreground 8%; }
            &> .input--placeholder { color: $text-disabled; }
        }
        Button.-textual-compact {
            width: auto;
            min-width: 8;
            padding: 0 1;
            background: $foreground 10%;
            color: $text;
            &:focus { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.DIALOG)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-middle"), (WIDE, "-wide")]  # noqa: RUF012 - Screen's, not a ClassVar there
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-normal"), (30, "-high")]  # noqa: RUF012 - the same

    def __init__(self, title: str | Content, keys: str) -> None:
        super().__init__()
        self.titled = content(title) if isinstance(title, str) else title
        self.keys = keys
        self._done = False

    def compose(self) -> ComposeResult:
        """Draw the box around what the dialog asks."""
        with Vertical(id="box") as box:
            box.border_title = self.titled
            box.border_subtitle = content(self.keys)
            yield from self.body()
            yield Static(id="refusal")

    def body(self) -> ComposeResult:
        """Draw what the dialog asks."""
        yield from ()

    def finish(self, result: Result | None) -> None:
        """Close with a result, once, however many keys were pressed meanwhile."""
        if not self._done:
            self._done = True
            self.dismiss(result)

    def refuse(self, sentence: str) -> None:
        """Say what cannot be accepted, or nothing for an empty sentence."""
        refusal = self.query_one("#refusal", Static)
        refusal.update(content(clean(sentence)))
        refusal.set_class(bool(sentence), "-said")
        if sentence:
            self.call_after_refresh(refusal.scroll_visible, animate=False)

    @property
    def holds_words(self) -> bool:
        """Whether words were typed that leaving would throw away, as the program does when it quits."""
        return False

    def action_leave(self) -> None:
        """Close and change nothing."""
        self.finish(None)


class Pair(Horizontal):
    """A word and what it stands for, in two columns."""

    DEFAULT_CSS = """
    Pair {
        height: auto;
        .label { width: 13; }
        .value { width: 1fr; }
        &.-empty { display: none; }
    }
    """

    def __init__(self, word: str, value: Widget | Content | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.word = word
        self.value = value if isinstance(value, Widget) else Static(value or Content(), classes="value")

    def compose(self) -> ComposeResult:
        """Draw the word, then its value."""
        yield Static(content(self.word), classes="label")
        yield self.value

    def say(self, value: Content) -> None:
        """Put another value in place; the whole pair disappears with an empty one."""
        if isinstance(self.value, Static):
            self.value.update(value)
        self.set_class(not value, "-empty")
