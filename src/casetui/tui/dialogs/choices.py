"""A list of which one is chosen: by its digit, by typing and Enter, by the arrows, or by a click."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.dialogs.frame import Dialog, Line, Result
from casetui.tui.drawing import Static, content
from casetui.tui.keymap import key


class Choice(Struct, frozen=True):
    """One line of a list: what it stands for, the digit that chooses it, and its words."""

    id: str
    key: str
    words: Content


class Choices(OptionList):
    """The lines to choose from; posts OptionSelected with the choice's id."""

    DEFAULT_CSS = """
    Choices, Choices:focus {
        border: none;
        padding: 0;
        background: transparent;
        background-tint: transparent;
        scrollbar-size-vertical: 1;
        & > .option-list--option { padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & > .option-list--option-highlighted {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(self, choices: Sequence[Choice] = (), *, first: str | None = None, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.keys: dict[str, str] = {}
        self.show(choices, first=first)

    def show(self, choices: Sequence[Choice], *, first: str | None = None) -> None:
        """Replace the lines; the cursor goes to ``first``, or to the top."""
        self.keys = {choice.key: choice.id for choice in choices if choice.key}
        gap = any(self.keys)
        self.set_options(Option(_line(choice, gap=gap), id=choice.id) for choice in choices)
        ids = [choice.id for choice in choices]
        self.highlighted = ids.index(first) if first in ids else (0 if ids else None)

    def choose(self, key: str) -> bool:
        """Choose the line of that digit; say whether there is one."""
        if (chosen := self.keys.get(key)) is None:
            return False
        self.highlighted = self.get_option_index(chosen)
        self.action_select()
        return True

    def on_key(self, event: events.Key) -> None:
        """Let a digit choose."""
        if event.character and self.choose(event.character):
            event.stop()
            event.prevent_default()


class Narrow(Line):
    """A line that narrows a list; digits and the question mark go to the list where it takes them."""

    class Pressed(Message):
        """A digit or a question mark was pressed and the list takes it."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, value: str = "", *, hint: str, takes: Callable[[str], bool] | None = None) -> None:
        super().__init__(value, hint=hint, id="narrow")
        self.takes = takes

    def on_key(self, event: events.Key) -> None:
        """Hand over what the list takes instead of typing it."""
        if event.character and event.character in "0123456789?" and self.takes and self.takes(event.character):
            event.stop()
            event.prevent_default()
            self.post_message(self.Pressed(event.character))


class Narrowed(Dialog[Result], Generic[Result]):
    """A line to type in above a list: the line keeps the focus, arrows and Enter go to the list."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.CHOICES)

    async def action_walk(self, step: str) -> None:
        """Move the cursor of the list."""
        await self.query_one(Choices).run_action(step)

    def accept(self) -> None:
        """Choose what is under the cursor."""
        self.query_one(Choices).action_select()

    @on(Input.Submitted, "#narrow")
    def _entered(self) -> None:
        self.accept()


class Choose(Dialog[str]):
    """Asks for one of a few things; the result is the chosen one's id."""

    def __init__(
        self,
        title: str | Content,
        choices: Sequence[Choice],
        *,
        words: Content | None = None,
        first: str | None = None,
        keys: str = "",
    ) -> None:
        super().__init__(title, keys or f"1-{len(choices)} or Enter choose   {key('dialog.leave')} cancel")
        self.choices = choices
        self.words = words
        self.first = first

    def body(self) -> ComposeResult:
        """Draw the question, then the lines."""
        if self.words:
            yield Static(self.words, classes="words")
        yield Choices(self.choices, first=self.first)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.finish(event.option_id)


def _line(choice: Choice, *, gap: bool) -> Content:
    """Return the digit and the words of a choice; lines without a digit align with those that have one."""
    digit = content(f"{choice.key or ' '} ", "bold") if gap else Content()
    return digit + choice.words
