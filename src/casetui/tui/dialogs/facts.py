"""The dialog for what is known of a case: to open one, to clone one, to edit one."""

from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Button, Input

from casetui.domain.records import INSTALLATIONS, Facts, Priority
from casetui.domain.safe import clean
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.dialogs.careful import Careful
from casetui.tui.dialogs.frame import Line, Pair, Words
from casetui.tui.drawing import Static, content
from casetui.tui.keymap import key

_LINES = ("subject", "account", "contact", "email", "product", "owner")


class NewCase(Struct, frozen=True):
    """What was typed: the facts, and the customer's opening words if there are any."""

    facts: Facts
    words: str | None


class OneOf(Static, can_focus=True):
    """A few words of ours side by side of which one is chosen: by its digit, left and right, or a click."""

    DEFAULT_CSS = """
    OneOf { width: 1fr; height: auto; background: $boost; link-style: none; link-color: $text;
            link-style-hover: bold; link-background-hover: $primary 30%; link-color-hover: $text; }
    OneOf:focus { background-tint: $foreground 8%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.ONE_OF)
    chosen: reactive[int] = reactive(0)

    class Changed(Message):
        """Another one was chosen."""

    def __init__(self, words: tuple[str, ...], *, first_digit: int, chosen: int, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.words = words
        self.first_digit = first_digit
        self.set_reactive(OneOf.chosen, chosen)

    def render(self) -> Content:
        """Draw all the words, the chosen one marked."""
        lines, room = [Content()], self.size.width
        for at, word in enumerate(self.words):
            mark = "reverse" if at == self.chosen else ""
            text = content(f" {at + self.first_digit} {clean(word)} ", mark)
            if lines[-1] and lines[-1].cell_length + text.cell_length > room:
                lines.append(Content())
            lines[-1] += text.stylize(Style.from_meta({"@click": f"choose({at})"}))
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        """Break between the words."""
        self.refresh(layout=True)

    def watch_chosen(self) -> None:
        """Tell the dialog."""
        self.refresh(layout=True)
        self.post_message(self.Changed())

    def on_key(self, event: events.Key) -> None:
        """Let a digit choose."""
        if event.character and event.character.isdecimal():
            at = int(event.character) - self.first_digit
            if 0 <= at < len(self.words):
                event.stop()
                self.chosen = at

    def action_choose(self, at: int) -> None:
        """Choose the one that was clicked."""
        self.chosen = at

    def action_walk(self, steps: int) -> None:
        """Choose the next one, round and round."""
        self.chosen = (self.chosen + steps) % len(self.words)


class NewCaseDialog(Careful[NewCase]):
    """Asks for the facts of a case and, where ``opening`` says so, for the customer's opening words.

    Escape asks before it throws away what was typed.
    """

    DEFAULT_CSS = """
    NewCaseDialog {
        #box { width: 100%; max-width: 96; }
        #fields { height: auto; }
        Line { width: 1fr; }
        &.-low Pair:even Line, &.-normal Pair:even Line { background: transparent; }
        &.-low Pair:even Line:focus, &.-normal Pair:even Line:focus { background: $boost; }
        Words { width: 1fr; height: 6; border: none; padding: 0; background: $boost; }
        Words:focus { border: none; background-tint: $foreground 8%; }
        &.-low Words { height: 3; }
        Pair { margin: 0 0 1 0; }
        &.-low Pair, &.-normal Pair { margin: 0; }
        &.-normal #opening { margin: 1 0 0 0; }
        #save { margin: 1 0 0 13; }
        &.-low #save { margin: 0 0 0 13; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.FACTS)

    def __init__(
        self,
        initial: Facts | None = None,
        *,
        title: str = "New case",
        words: str = "",
        opening: bool = True,
    ) -> None:
        super().__init__(title, f"Tab next field   {key('facts.save')} save   {key('dialog.leave')} cancel")
        self.initial = initial or Facts("")
        self.words = words
        self.opening = opening

    def body(self) -> ComposeResult:
        """Draw a line for each fact."""
        for name in _LINES:
            value = getattr(self.initial, name) or ""
            hint = "required" if name == "subject" else ""
            yield Pair(name.capitalize(), Line(value, hint=hint, id=name))
        labels = tuple(priority.label for priority in Priority)
        yield Pair("Priority", OneOf(labels, first_digit=1, chosen=self.initial.priority - 1, id="priority"))
        kinds = ("none", *self._installations())
        kind = kinds.index(self.initial.installation) if self.initial.installation else 0
        yield Pair("Installed", OneOf(kinds, first_digit=0, chosen=kind, id="installation"))
        if self.opening:
            yield Pair("Their words", Words(self.words, id="words"), id="opening")
        yield Button(content(f"{key('facts.save')} Save"), id="save", compact=True)

    def read(self) -> NewCase:
        """Return what stands in the fields."""
        lines = {name: self.query_one(f"#{name}", Line).value.strip() for name in _LINES}
        kinds = (None, *self._installations())
        facts = Facts(
            lines.pop("subject"),
            priority=Priority(self.query_one("#priority", OneOf).chosen + 1),
            installation=kinds[self.query_one("#installation", OneOf).chosen],
            **{name: value or None for name, value in lines.items()},
        )
        words = self.query_one("#words", Words).text.strip() if self.opening else ""
        return NewCase(facts, words or None)

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Accept, if there is a subject."""
        typed = self.read()
        if typed.facts.subject:
            self.finish(typed)
        else:
            self.query_one("#subject").focus()
            self.refuse("A case needs a subject.")

    def on_mount(self) -> None:
        """Remember what the fields held, to know whether anything was typed."""
        self.before = self.read()

    @property
    def holds_words(self) -> bool:
        """Whether the fields hold anything else than at first."""
        return self.read() != self.before

    @on(Input.Changed)
    def _typed(self) -> None:
        self.refuse("")

    @on(Input.Submitted)
    def _next(self) -> None:
        self.focus_next()

    def _installations(self) -> tuple[str, ...]:
        """Return the kinds that can be chosen, one that an import brought included."""
        brought = self.initial.installation
        return INSTALLATIONS if brought is None or brought in INSTALLATIONS else (*INSTALLATIONS, brought)
