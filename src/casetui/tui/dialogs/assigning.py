"""The dialog that asks who is to own a case."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from casetui.domain.records import Case
from casetui.domain.safe import clean
from casetui.tui.dialogs.choices import Choice, Choices, Narrow, Narrowed
from casetui.tui.drawing import content, fit, number
from casetui.tui.keymap import key


class Assigned(Struct, frozen=True):
    """Who is to own it; None is nobody."""

    agent: str | None


class AssignDialog(Narrowed[Assigned]):
    """Asks for an agent: "me" is under the cursor, so that Enter takes the case; any name can be typed."""

    DEFAULT_CSS = """
    AssignDialog {
        #box { width: 60; }
        Choices { max-height: 12; }
        &.-low Choices { max-height: 6; }
    }
    """

    def __init__(
        self, cases: Sequence[Case], *, agent: str, agents: Sequence[str] = (), initial: str = ""
    ) -> None:
        which = number(cases[0]) if len(cases) == 1 else f"{len(cases)} cases"
        super().__init__(
            f"Who owns {which}?", f"type or pick a name   Enter accept   {key('dialog.leave')} cancel"
        )
        self.agent = agent
        self.initial = initial
        self.owners = Counter(case.owner for case in cases)
        others = sorted({name for name in agents if name != agent}, key=str.casefold)
        self.names: list[str | None] = [agent, *others, None]

    def body(self) -> ComposeResult:
        """Draw a line to type a name in, and the names."""
        yield Narrow(self.initial, hint="another name")
        yield Choices()

    def on_mount(self) -> None:
        """Show the names."""
        self._fill()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._fill()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        chosen = event.option_id or ""
        typed = self.query_one(Narrow).value.strip()
        self.finish(Assigned(typed if chosen == "typed" else self.names[int(chosen.removeprefix("name-"))]))

    def _fill(self) -> None:
        typed = self.query_one(Narrow).value.strip()
        known = [
            Choice(f"name-{at}", "", self._words(name))
            for at, name in enumerate(self.names)
            if typed.casefold() in (name or "nobody").casefold()
        ]
        exact = any(name is not None and name.casefold() == typed.casefold() for name in self.names)
        if typed and not exact:
            known.append(Choice("typed", "", content(f"{fit(typed, 24)} ") + Content.styled("as typed", "dim")))
        self.query_one(Choices).show(known)

    def _words(self, name: str | None) -> Content:
        notes = ["me"] if name == self.agent else []
        if owned := self.owners[name]:
            notes.append(f"owns {owned} now" if self.owners.total() > 1 else "owns it now")
        words = f"{fit(name or 'nobody', 24)} "
        return content(words, "" if name else "italic") + content(clean(", ".join(notes)), "dim")
