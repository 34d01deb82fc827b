"""The dialogs that move or stop a clock: they show the resulting time while one types."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from casetui.domain.clocks import Clock, full_stamp, in_words, reached
from casetui.domain.errors import Misused
from casetui.domain.records import Case
from casetui.tui.dialogs.careful import Careful
from casetui.tui.dialogs.frame import Line, Pair
from casetui.tui.drawing import Static, content, number
from casetui.tui.keymap import key


class Extension(Struct, frozen=True):
    """Closures to be moved: the period or the time as it was typed, why, and when the last of them is then."""

    typed: str
    reason: str
    closes: datetime


class Hold(Struct, frozen=True):
    """A timer to be stopped: until when as it was typed, nothing for until released, why, and what comes of it."""

    typed: str
    reason: str
    ends: datetime | None


Result = TypeVar("Result", Extension, Hold)


class _Clocking(Careful[Result], Generic[Result]):
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

    @property
    def holds_words(self) -> bool:
        """Whether a reason was typed; a time alone is typed again in no time."""
        return self.query_one("#reason", Line).value.strip() not in ("", self.initial[1])

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
    """Asks by how much, or until when, the closures of these stays are to move, and why."""

    word = "By or until"
    hint = "7d, 2w, 3mo or 2026-01-31"

    def __init__(
        self, cases: Sequence[Case], *, clock: Clock, zone: str, when: str = "", reason: str = ""
    ) -> None:
        title = f"Extend the clock{'s' if len(cases) > 1 else ''} of {_which(cases)}"
        super().__init__(title, clock=clock, zone=zone, when=when, reason=reason)
        self.cases = cases

    def facts(self) -> ComposeResult:
        """Draw when the cases close now."""
        closes = sorted(case.close_at for case in self.cases if case.close_at)
        yield from _about(self.cases)
        yield Pair("Closes", content(_between(closes, self.zone) if closes else "never: no clock runs"))

    def outcome(self, text: str) -> tuple[Extension | None, str]:
        """Return the extension, and when the cases close then."""
        case, zone, now = self.cases[0], self.zone, self.clock.now()
        if all(each.close_at is None for each in self.cases):
            return None, _clockless(self.cases, "extend")
        if not text:
            return None, "Type a period such as 7d, 2w or 3mo, or a date such as 2026-01-31."
        reached(text, now, zone)  # what cannot be read is said before anything else
        kept = Counter(no_extension(each, text, zone, now) for each in self.cases)
        closes = (each.close_at for each in self.cases if not no_extension(each, text, zone, now))
        ends = sorted(reached(text, close, zone) for close in closes if close)
        if ends:
            when = _between(ends, zone) + (f", in {in_words(ends[0] - now)}" if ends[0] == ends[-1] else "")
            which = "Closes" if len(self.cases) == 1 else f"{len(ends)} of {len(self.cases)} close"
            return Extension(text, "", ends[-1]), f"{which} {when}.{_rest(kept)}"
        if len(self.cases) > 1 or case.close_at is None:
            return None, f"That gives none of them more time:{_rest(kept)}"
        end = reached(text, case.close_at, zone)
        if end <= case.close_at:
            return None, f"An extension leads to a later time, not to {full_stamp(end, zone)}."
        return None, f"{full_stamp(end, zone)} is past, and the case would close at once; give it more."


class HoldDialog(_Clocking[Hold]):
    """Asks until when the timer is to leave cases alone, and why; nothing typed means until released."""

    word = "Until"
    hint = "a date or a period; empty: until released"

    def __init__(
        self, cases: Sequence[Case], *, clock: Clock, zone: str, when: str = "", reason: str = ""
    ) -> None:
        super().__init__(f"Hold {_which(cases)}", clock=clock, zone=zone, when=when, reason=reason)
        self.cases = cases

    def facts(self) -> ComposeResult:
        """Draw which cases they are."""
        yield from _about(self.cases)

    def outcome(self, text: str) -> tuple[Hold | None, str]:
        """Return the hold, and until when it lasts."""
        if all(case.close_at is None for case in self.cases):
            return None, _clockless(self.cases, "hold")
        tail = "The deadlines stay where they are; what fell due meanwhile is due then."
        if not text:
            return Hold("", "", None), f"Held until somebody releases it. {tail}"
        now = self.clock.now()
        end = reached(text, now, self.zone)
        if end <= now:
            return None, f"A hold ends in the future; {full_stamp(end, self.zone)} is past."
        words = f"Held until {full_stamp(end, self.zone)}, {in_words(end - now)} from now. {tail}"
        return Hold(text, "", end), words


def no_extension(case: Case, text: str, zone: str, now: datetime) -> str:
    """Return why an extension by or to ``text`` gives a case no more time, in a few words, or nothing."""
    if case.close_at is None:
        return "without a clock"
    try:
        end = reached(text, case.close_at, zone)
    except Misused:
        return "closing too late to be shown"
    if end <= case.close_at:
        return "closing that late already"
    return "closing at once even so" if end <= now else ""


def _which(cases: Sequence[Case]) -> str:
    return number(cases[0]) if len(cases) == 1 else f"{len(cases)} cases"


def _clockless(cases: Sequence[Case], verb: str) -> str:
    which = cases[0].status.label if len(cases) == 1 else "None of them"
    return f"{which} has no clock, so there is nothing to {verb}."


def _about(cases: Sequence[Case]) -> ComposeResult:
    """Draw which cases they are: one by its subject, many by how many of them have a clock."""
    clocked = sum(case.close_at is not None for case in cases)
    words = cases[0].subject if len(cases) == 1 else f"{clocked} of {len(cases)} have a clock"
    yield Pair("Case" if len(cases) == 1 else "Cases", content(words))


def _between(ends: Sequence[datetime], zone: str) -> str:
    """Say when something ends, or between when and when some things do, the first of them first."""
    first, last = full_stamp(ends[0], zone), full_stamp(ends[-1], zone)
    return first if ends[0] == ends[-1] else f"between {first} and {last}"


def _rest(kept: Counter[str]) -> str:
    """Say how many get nothing, and why."""
    return "".join(f" {many} {why}." for why, many in kept.most_common() if why)
