"""The dialogs that move or stop a clock: they show the resulting time while one types."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from casetui.domain.clocks import Clock, full_stamp, in_words, reached
from casetui.domain.errors import Misused
from casetui.domain.records import Case
from casetui.tui.dialogs.frame import Dialog, Line, Pair
from casetui.tui.drawing import Static, content, number
from casetui.tui.keymap import key


@dataclass(frozen=True, slots=True)
class Extension:
    """A closure to be moved: the period or the time as it was typed, why, and what comes of it."""

    typed: str
    reason: str
    closes: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A timer to be stopped: until when as it was typed, nothing for until released, why, and what comes of it."""

    typed: str
    reason: str
    ends: datetime | None


Result = TypeVar("Result", Extension, Hold)


class _Clocking(Dialog[Result], Generic[Result]):
    """A time and a reason; Enter goes from the time to the reason, and accepts there."""

    DEFAULT_CSS = """
    _Clocking {
        #box { width: 76; }
        Line { width: 1fr; }
        #result { margin: 1 0 0 0; }
        #result.-wrong { color: $text-error; }
    }
    """
    word: ClassVar[str]
    hint: ClassVar[str]

    def __init__(self, title: str, *, clock: Clock, zone: str, when: str, reason: str) -> None:
        super().__init__(title, f"Tab next field   Enter accept   {key('dialog.leave')} cancel")
        self.clock = clock
        self.zone = zone
        self.initial = (when, reason)

    def body(self) -> ComposeResult:
        """Draw the facts, the two lines, and what comes of them."""
        when, reason = self.initial
        yield from self.facts()
        yield Pair(self.word, Line(when, hint=self.hint, id="when"))
        yield Pair("Reason", Line(reason, hint="for the history", id="reason"))
        yield Static(id="result", classes="quiet")

    def facts(self) -> ComposeResult:
        """Draw how the clock stands."""
        yield from ()

    def outcome(self, text: str) -> tuple[Result | None, str]:
        """Return the result of the typed time, without its reason, and what comes of it; raise Misused."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Say what comes of the initial text."""
        self._typed()

    @on(Input.Changed)
    def _typed(self) -> None:
        self.refuse("")
        result, words = self._read()
        said = self.query_one("#result", Static)
        said.update(content(words))
        said.set_class(result is None and bool(self.query_one("#when", Line).value), "-wrong")

    def _read(self) -> tuple[Result | None, str]:
        try:
            return self.outcome(self.query_one("#when", Line).value.strip())
        except Misused as error:
            return None, str(error)

    @on(Input.Submitted, "#when")
    def _to_reason(self) -> None:
        self.query_one("#reason", Line).focus()

    @on(Input.Submitted, "#reason")
    def _entered(self) -> None:
        when, reason = (self.query_one(name, Line) for name in ("#when", "#reason"))
        result, _ = self._read()
        if result is None:
            when.focus()
        elif not reason.value.strip():
            self.refuse("Say why; the reason stands in the history.")
        else:
            self.finish(replace(result, reason=reason.value.strip()))


class ExtendDialog(_Clocking[Extension]):
    """Asks by how much, or until when, this stay's closure is to move, and why."""

    word = "By or until"
    hint = "7d, 2w, 3mo or 2026-01-31"

    def __init__(self, case: Case, *, clock: Clock, zone: str, when: str = "", reason: str = "") -> None:
        super().__init__(f"Extend the clock of {number(case)}", clock=clock, zone=zone, when=when, reason=reason)
        self.case = case

    def facts(self) -> ComposeResult:
        """Draw when the case closes now."""
        close = self.case.close_at
        yield Pair("Case", content(self.case.subject))
        yield Pair("Closes", content(f"{full_stamp(close, self.zone)}" if close else "never: no clock runs"))

    def outcome(self, text: str) -> tuple[Extension | None, str]:
        """Return the extension, and when the case closes then."""
        if self.case.close_at is None:
            return None, f"{self.case.status.label} has no clock, so there is nothing to extend."
        if not text:
            return None, "Type a period such as 7d, 2w or 3mo, or a date such as 2026-01-31."
        end, now = reached(text, self.case.close_at, self.zone), self.clock.now()
        if end <= self.case.close_at:
            return None, f"An extension leads to a later time, not to {full_stamp(end, self.zone)}."
        if end <= now:
            return None, f"{full_stamp(end, self.zone)} is past, and the case would close at once; give it more."
        return Extension(text, "", end), f"Closes {full_stamp(end, self.zone)}, in {in_words(end - now)}."


class HoldDialog(_Clocking[Hold]):
    """Asks until when the timer is to leave a case alone, and why; nothing typed means until released."""

    word = "Until"
    hint = "a date or a period; empty: until released"

    def __init__(self, case: Case, *, clock: Clock, zone: str, when: str = "", reason: str = "") -> None:
        super().__init__(f"Hold {number(case)}", clock=clock, zone=zone, when=when, reason=reason)
        self.case = case

    def facts(self) -> ComposeResult:
        """Draw which case it is."""
        yield Pair("Case", content(self.case.subject))

    def outcome(self, text: str) -> tuple[Hold | None, str]:
        """Return the hold, and until when it lasts."""
        if self.case.close_at is None:
            return None, f"{self.case.status.label} has no clock, so there is nothing to hold."
        tail = "The deadlines stay where they are; what fell due meanwhile is due then."
        if not text:
            return Hold("", "", None), f"Held until somebody releases it. {tail}"
        now = self.clock.now()
        end = reached(text, now, self.zone)
        if end <= now:
            return None, f"A hold ends in the future; {full_stamp(end, self.zone)} is past."
        words = f"Held until {full_stamp(end, self.zone)}, {in_words(end - now)} from now. {tail}"
        return Hold(text, "", end), words
