"""The last look at a comment before it leaves the house or moves a case."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button

from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.dialogs.frame import Dialog, Pair
from casetui.tui.drawing import Static, content
from casetui.tui.keymap import key


class Look(Enum):
    """What is to become of the comment."""

    SEND = auto()
    EDIT = auto()
    KEEP = auto()


class LastLook(Dialog[Look]):
    """Shows to whom it goes, what it says and what it does to the case; Escape goes back to the text."""

    DEFAULT_CSS = """
    LastLook {
        #box { border: double $warning; }
        #body { height: auto; max-height: 14; margin: 1 0; padding: 0 1; background: $boost; }
        &.-normal #body { max-height: 7; }
        &.-low #body { max-height: 3; margin: 0; }
        #answers { height: 1; margin: 1 0 0 0; align-horizontal: right; }
        &.-low #answers { margin: 0; }
        Button { margin: 0 0 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.LOOK)

    def __init__(
        self, title: str, facts: Sequence[tuple[str, Content]], text: str, then: Content, *, yes: str
    ) -> None:
        super().__init__(title, f"Enter the marked one   {key('dialog.leave')} back to the text")
        self.facts = facts
        self.text = text
        self.then = then
        self.yes = yes

    def body(self) -> ComposeResult:
        """Draw the facts, the words, what follows, and the answers; editing on has the focus."""
        for word, value in self.facts:
            yield Pair(word, value)
        with VerticalScroll(id="body", can_focus=False):
            yield Static(content(self.text))
        yield Pair("Then", self.then)
        with Horizontal(id="answers"):
            yield Button(content(f"{key('look.send')} {self.yes}"), id="SEND", compact=True)
            yield Button(content(f"{key('look.edit')} edit"), id="EDIT", compact=True)
            yield Button(content(f"{key('look.keep')} keep draft"), id="KEEP", compact=True)

    def on_mount(self) -> None:
        """Focus the safe answer."""
        self.query_one("#EDIT").focus()

    def action_answer(self, answer: str) -> None:
        """Close with an answer."""
        self.finish(Look[answer])

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.finish(Look[event.button.id or "EDIT"])
