"""The small dialogs: yes or no, something told, one line, a priority."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, OptionList, ProgressBar

from casetui.domain.records import Case, Priority
from casetui.domain.safe import clean
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.dialogs.choices import Choice, Choices
from casetui.tui.dialogs.frame import Dialog, Line
from casetui.tui.drawing import Static, content, fit, number
from casetui.tui.keymap import key


class Confirm(Dialog[bool]):
    """Asks one question; yes is True, no is False, Escape is None. The safe answer, no, has the focus.

    ``question`` and ``details`` may hold text from outside: strings are cleaned, never markup. With
    ``yes_is_safe`` the other answer has the focus.
    """

    DEFAULT_CSS = """
    Confirm {
        #details { height: auto; max-height: 12; margin: 1 0 0 0; }
        &.-low #details { max-height: 4; }
        #answers { height: 1; margin: 1 0 0 0; align-horizontal: right; }
        Button { margin: 0 0 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.CONFIRM)

    def __init__(
        self,
        question: str | Content,
        details: Sequence[str | Content] = (),
        *,
        yes: str = "Yes",
        no: str = "No",
        yes_is_safe: bool = False,
        title: str = "Sure?",
    ) -> None:
        super().__init__(title, f"Enter the marked one   {key('dialog.leave')} cancel")
        self.question = content(question) if isinstance(question, str) else question
        self.details = [content(line) if isinstance(line, str) else line for line in details]
        self.words = (yes, no)
        self.yes_is_safe = yes_is_safe

    def body(self) -> ComposeResult:
        """Draw the question, what it is about, and the two answers."""
        yield Static(self.question, id="question")
        if self.details:
            with VerticalScroll(id="details", can_focus=False):
                yield Static(Content("\n").join(self.details), classes="quiet")
        yes, no = self.words
        with Horizontal(id="answers"):
            yield Button(content(f"{key('confirm.yes')} {yes}"), id="yes", compact=True)
            yield Button(content(f"{key('confirm.no')} {no}"), id="no", compact=True)

    def on_mount(self) -> None:
        """Focus the safe answer."""
        self.query_one("#yes" if self.yes_is_safe else "#no").focus()

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - an action's parameter
        """Close with an answer."""
        self.finish(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.finish(event.button.id == "yes")


class Tell(Dialog[bool]):
    """Tells something in sentences that may hold text from outside; any way out is the same."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.TELL)

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        super().__init__(title, f"{key('tell.leave')} or {key('dialog.leave')} close")
        self.sentences = sentences

    def body(self) -> ComposeResult:
        """Draw a sentence a paragraph."""
        yield Static(content("\n\n".join(self.sentences)))


class Progress(Dialog[None]):
    """Shows how far a long deed has come; Escape asks it to stop after what it has in hand."""

    DEFAULT_CSS = "Progress #box { width: 50; }"

    def __init__(self, total: int) -> None:
        super().__init__("At work", f"{key('dialog.leave')} stop")
        self.total = total
        self.stopped = False

    def body(self) -> ComposeResult:
        """Draw the bar."""
        yield ProgressBar(self.total, show_eta=False)

    def show(self, done: int) -> None:
        """Draw that so many are done."""
        for bar in self.query(ProgressBar):
            bar.update(progress=done)

    def action_leave(self) -> None:
        """Stop, and change no more."""
        self.stopped = True


class TextPrompt(Dialog[str]):
    """Asks for one line; the result is it without blanks around it. ``typed`` keeps it after Escape too."""

    DEFAULT_CSS = "TextPrompt .words { color: $text-muted; }"

    def __init__(
        self, title: str | Content, *, value: str = "", hint: str = "", words: str = "", empty: str = ""
    ) -> None:
        super().__init__(title, f"Enter accept   {key('dialog.leave')} cancel")
        self.typed = value
        self.hint = hint
        self.words = words
        self.empty = empty or f"Type something first, or press {key('dialog.leave')}."

    def body(self) -> ComposeResult:
        """Draw the line, and what it is for."""
        if self.words:
            yield Static(content(self.words), classes="words")
        yield Line(self.typed, hint=clean(self.hint))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.typed = event.value
        self.refuse("")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.finish(event.value.strip())
        else:
            self.refuse(self.empty)


class PriorityDialog(Dialog[Priority]):
    """Asks for one of the four priorities; the present one is under the cursor, or said how many have which."""

    DEFAULT_CSS = "PriorityDialog #box { width: 40; }"

    def __init__(self, present: Priority, *, cases: Sequence[Case] = ()) -> None:
        which = f" of {number(cases[0])}" if len(cases) == 1 else f" of {len(cases)} cases" if cases else ""
        super().__init__(f"Priority{which}", f"1-4 choose   {key('dialog.leave')} cancel")
        self.present = present
        self.now = Counter(case.priority for case in cases)

    def body(self) -> ComposeResult:
        """Draw the four, and which the cases have now."""
        choices = [
            Choice(
                priority.slug,
                str(priority.value),
                content(fit(priority.label, 14)) + content(self._has(priority), "dim"),
            )
            for priority in Priority
        ]
        yield Choices(choices, first=self.present.slug)

    def _has(self, priority: Priority) -> str:
        if self.now.total() > 1:
            return f"{self.now[priority]} now" if self.now[priority] else ""
        return "now" * (priority is self.present)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.finish(Priority.read(event.option_id or ""))
