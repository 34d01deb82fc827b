"""The last look at a comment before it leaves the house or moves a case."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from casetui.tui.dialogs.frame import Dialog, Pair
from casetui.tui.drawing import content


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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('SEND')", "Send", id="look.send", tooltip="Send it, or record it, now."),
        Binding("e", "answer('EDIT')", "Edit", id="look.edit", tooltip="Go back to the text."),
        Binding("p", "answer('KEEP')", "Keep draft", id="look.keep", tooltip="Keep it as a draft and leave."),
        Binding("left,up", "app.focus_previous", "Before", id="look.before", show=False),
        Binding("right,down", "app.focus_next", "Next", id="look.next", show=False),
    ]

    def __init__(
        self, title: str, facts: Sequence[tuple[str, Content]], text: str, then: Content, *, yes: str
    ) -> None:
        super().__init__(title, "Enter the marked one   Esc back to the text")
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
            yield Button(Content(f"y {self.yes}"), id="SEND", compact=True)
            yield Button(Content("e edit"), id="EDIT", compact=True)
            yield Button(Content("p keep draft"), id="KEEP", compact=True)

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
