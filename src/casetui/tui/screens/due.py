"""The due screen: what the timer will do and when, what holds it, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from casetui.desk.preview import foreseen
from casetui.desk.stays import why
from casetui.domain.clocks import LAST, in_words, midnight
from casetui.domain.letters import Letter
from casetui.domain.policy import Policy
from casetui.domain.records import Case, DueAct
from casetui.domain.timer import Act, Missed, decide
from casetui.domain.workflow import Rule
from casetui.tui.bindings import bindings_of
from casetui.tui.bridge import Desk
from casetui.tui.commands import Place
from casetui.tui.dialogs.small import Tell
from casetui.tui.drawing import Static, content, number
from casetui.tui.hands import Hands
from casetui.tui.keymap import key
from casetui.tui.screens.marking import Marking
from casetui.tui.session import Session
from casetui.tui.widgets.duelist import DueList, Span
from casetui.tui.widgets.keyline import KeyLine
from casetui.tui.widgets.room import Room
from casetui.tui.widgets.topline import TopLine

_MOST = 1_000
"""Acts of a kind that are listed; the counts above the list know all of them."""
_WHY_AFTER = 0.09
_SHOWN = ("all", "reminders", "closures", "mine")
_RULES = {"reminders": (Rule.REMINDER,), "closures": (Rule.CLOSURE,)}
_WEEK = 7


class Snapshot(Struct, frozen=True):
    """What of a kind will fall due: the first acts, in order, and how many there are in each span."""

    kind: str
    acts: list[DueAct]
    spans: tuple[Span, ...]
    policy: Policy
    gap: tuple[datetime, datetime] | None
    """From when to when the timer last stood still."""


def take(kind: str, rules: Sequence[Rule], owner: str | None, desk: Desk) -> Snapshot:
    """Read what of a kind the timer will do: overdue, today, on each day of the week, and later."""
    board, policy, now = desk.board, desk.board.policy, desk.board.clock.now()
    midnights = [midnight(now, policy.zone) + timedelta(days=days) for days in range(_WEEK)]
    names = ("OVERDUE", "TODAY", *(f"THIS WEEK, {begin:%a %d %b}" for begin in midnights[:-1]), "LATER")
    ends = (now, *midnights, LAST)
    ever = board.due_counts(*ends, rules=rules, owner=owner)
    counts = (ever[0], *(later - sooner for sooner, later in pairwise(ever)))
    spans = tuple(Span(*of) for of in zip(names, (*ends[:-1], None), counts, strict=True))
    acts = board.due(limit=_MOST, rules=rules, owner=owner)
    return Snapshot(kind, acts, spans, policy, board.last_gap)


class Due(Marking):
    """What the timer will do."""

    PLACE = Place.DUE
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.DUE)
    AUTO_FOCUS = "DueList"
    DEFAULT_CSS = """
    Due #counts { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    Due #clockwork { display: none; height: auto; max-height: 2; padding: 0 1; color: $text-muted; }
    Due.-tall.-two #clockwork, Due.-tall.-three #clockwork { display: block; }
    Due #agenda { height: 1fr; layout: vertical; }
    Due #acts { height: 1fr; }
    Due #act { height: auto; max-height: 45%; min-height: 5; layout: vertical; }
    Due #why { height: auto; max-height: 100%; min-height: 5; padding: 0 1; }
    Due #letter { display: none; padding: 0 1; }
    Due.-two #act { layout: horizontal; height: 14; }
    Due.-two #why { width: 1fr; height: 100%; }
    Due.-two #letter { display: block; width: 1fr; height: 100%; }
    Due.-three #agenda { layout: horizontal; }
    Due.-three #acts { width: 3fr; }
    Due.-three #act { width: 2fr; height: 100%; max-height: 100%; }
    Due.-three #why { height: auto; max-height: 50%; }
    Due.-three #letter { display: block; height: 1fr; }
    Due.-low #act { max-height: 5; }
    Due.-low #letter { display: none; }
    Due.-flat #act, Due.-flat #counts, Due.-flat #clockwork { display: none; }
    """

    class Apply(Message):
        """The agent wants the timer to do now what is due, or to be asked what waits for an answer."""

    def __init__(self, session: Session, hands: Hands) -> None:
        super().__init__(session, hands)
        self.shown = 0
        self.snapshot: Snapshot | None = None
        self._explaining: Timer | None = None

    def compose(self) -> ComposeResult:
        """Draw the lines, the list, and the words on the act under the cursor."""
        yield TopLine()
        yield Static(id="counts")
        yield Static(id="clockwork")
        with Room(id="agenda"):
            yield DueList(self.session.clock, id="acts")
            with Room(id="act"):
                yield Static(id="why")
                yield Static(id="letter")
        yield KeyLine()

    @property
    def list(self) -> DueList:
        """The acts of the timer."""
        return self.query_one(DueList)

    async def all_cases(self, most: int) -> Sequence[Case]:
        """Return the cases of the acts of the kind that is shown, each once."""
        rules, owner = self._narrowed()

        def cases(desk: Desk) -> tuple[Case, ...]:
            acts = desk.board.due(limit=most * len(rules), rules=rules, owner=owner)  # one of each a case
            return tuple({act.case.number: act.case for act in acts}.values())[:most]

        return await self.session.bridge.read(cases)

    async def load(self) -> None:
        """Read what will fall due."""
        asked = partial(take, _SHOWN[self.shown], *self._narrowed())
        self.snapshot = snapshot = await self.session.bridge.read(asked)
        self.session.policy, self.session.stale = snapshot.policy, ""
        self._draw()

    def tell(self) -> None:
        """Draw the state of the desk, and the way back."""
        super().tell()
        self.query_one(TopLine).lead = f"< {key('screen.back')}  Due"
        self._tell_clockwork()

    def on_resize(self) -> None:
        """Count as much of the week as there is room for."""
        super().on_resize()
        if self.snapshot is not None:
            self._draw_counts(self.snapshot)

    def tick(self) -> None:
        """Draw the countdowns again."""
        self.list.tick()

    @on(DueList.Moved)
    def _moved(self) -> None:
        self.case_changed()
        if self._explaining is not None:
            self._explaining.stop()
        self._explaining = self.set_timer(_WHY_AFTER, self._explain)

    @on(DueList.Opened)
    def action_open(self) -> None:
        """Open the case."""
        if self.case is not None:
            self.open_case(self.case)

    def action_show(self) -> None:
        """Show all, the reminders, the closures or what is mine, in turn."""
        self.shown = (self.shown + 1) % len(_SHOWN)
        self.reload(asked=True)

    def action_letter(self) -> None:
        """Show the letter of the act under the cursor, in full."""
        self.look(self._show_letter, "letter")

    def action_apply(self) -> None:
        """Let the timer do now what is due, after asking."""
        self.post_message(self.Apply())

    def _narrowed(self) -> tuple[Sequence[Rule], str | None]:
        """Return the rules whose acts are shown, and the owner of their cases, where only one's own are."""
        kind = _SHOWN[self.shown]
        return _RULES.get(kind, tuple(Rule)), self.session.agent if kind == "mine" else None

    def _draw(self) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        kind, listed = snapshot.kind, self.list
        listed.zone = snapshot.policy.zone
        listed.empty = (
            f"Nothing will fall due: no case has a clock. {key('screen.back')} goes back."
            if kind == "all"
            else f"Nothing of this kind ({kind}) will fall due. {key('due.show')} shows another kind."
        )
        listed.show(snapshot.acts, snapshot.spans)
        self.draw_title()
        self._draw_counts(snapshot)
        self._tell_clockwork()

    def draw_title(self) -> None:
        """Draw which acts are listed, or the marks."""
        kind = self.snapshot.kind if self.snapshot else _SHOWN[self.shown]
        words = "What the timer will do" + ("" if kind == "all" else f": {kind}")
        self.list.border_title = content(self.marked(words) if self.list.marks else words)

    def _draw_counts(self, snapshot: Snapshot) -> None:
        overdue, today, *days, later = snapshot.spans
        more = f"   the first {_MOST:,} are listed" if len(snapshot.acts) == _MOST else ""
        shows = f"{key('due.show')} shows: {snapshot.kind}{more}"
        each = [f"{before.until:%a} {day.total}" for before, day in pairwise((today, *days))]
        for week in (each, [f"{sum(day.total for day in days)} this week"]):
            said = (f"{overdue.total} overdue", f"{today.total} today", *week, f"{later.total} later", shows)
            words = "   ".join(said)
            if len(words) <= self.app.size.width - 2:
                break
        self.query_one("#counts", Static).update(content(words))

    def _tell_clockwork(self) -> None:
        """Say who runs the timer, and since when it stood still the last time."""
        said = [self.session.timer.story]
        if self.snapshot is not None and self.snapshot.gap is not None:
            start, end = self.snapshot.gap
            told = [f"{self.session.local(instant):%a %d %b %H:%M}" for instant in (start, end)]
            said.append(f"It stood still from {told[0]} to {told[1]} ({in_words(end - start)}).")
        self.query_one("#clockwork", Static).update(content(" ".join(said)))

    def _explain(self) -> None:
        self.look(self._read_why, "why")

    async def _read_why(self) -> None:
        act = self.list.act
        why, told = self.query_one("#why", Static), self.query_one("#letter", Static)
        self.query_one("#act").display = act is not None
        if act is None:
            return
        why.border_title = content(f"Why {number(act.case)}")
        told.border_title = content("The letter")
        sentences, letter = await self.session.bridge.read(partial(_explained, act))
        why.update(content(self._words(act.case, sentences)))
        told.update(content(_letter_words(letter)))

    async def _show_letter(self) -> None:
        act = self.list.act
        if act is not None:
            _, letter = await self.session.bridge.read(partial(_explained, act))
            self.app.push_screen(Tell(f"The {act.rule.value} of case {act.case.number}", [_letter_words(letter)]))

    def _words(self, case: Case, said: Sequence[str]) -> str:
        *told, last = said
        if decide(case, self.session.clock.now(), Missed.ASK) is Act.MISSED:
            last = f"Its reminder never went, so the timer waits for your answer: {key('due.apply')} asks."
        if case.email:
            last += (
                f" Letters go to {case.contact or 'the customer'} <{case.email}>;"
                f" {key('due.letter')} shows this one."
            )
        return " ".join([*told, last])


def _explained(act: DueAct, desk: Desk) -> tuple[list[str], Letter | None]:
    """Read what explains an act: why its case's clock runs as it does, and the letter that it will write."""
    letters = foreseen(desk.store, [act], desk.sweeper.wording)
    return why(desk.store, desk.board.clock, act.case), letters[act]


def _letter_words(letter: Letter | None) -> str:
    if letter is None:
        gives = f"{key('case.open')} opens the case, {key('case.edit')} gives it one"
        return f"No letter: the case has no e-mail address. {gives}."
    return f"To: {letter.recipient}\nSubject: {letter.subject}\n\n{letter.body}"
