"""The due screen: what the timer will do and when, what holds it, and why."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from casetui.domain.policy import Policy
from casetui.domain.records import Case, DueAct, Entry
from casetui.domain.timer import Act, Missed, decide
from casetui.domain.why import explain
from casetui.domain.workflow import Rule
from casetui.tui.bridge import Desk
from casetui.tui.commands import Place, bindings_of
from casetui.tui.drawing import content, number
from casetui.tui.hands import Hands
from casetui.tui.overview import midnight
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.session import Session
from casetui.tui.widgets.duelist import DueList, Span
from casetui.tui.widgets.keyline import KeyLine
from casetui.tui.widgets.topline import TopLine

_MOST = 5_000
"""Acts that are listed; the counts above the list know all of them."""
_WHY_AFTER = 0.09
_SHOWN = ("all", "reminders", "closures", "mine")
_FOREVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What will fall due, in order, and how much of it by when."""

    acts: list[DueAct]
    spans: tuple[Span, ...]
    counts: list[int]
    """How many are due now, today, this week and ever, each without those before."""
    policy: Policy


def take(desk: Desk) -> Snapshot:
    """Read what the timer will do."""
    board, policy, now = desk.board, desk.board.policy, desk.board.clock.now()
    today = midnight(now, policy.zone)
    week = today + timedelta(days=6)
    ever = board.due_counts(now, today, week, now + _FOREVER)
    counts = [ever[0], *(later - sooner for sooner, later in pairwise(ever))]
    spans = (Span("OVERDUE", now), Span("TODAY", today), Span("THIS WEEK", week), Span("LATER", None))
    return Snapshot(board.due(limit=_MOST), spans, counts, policy)


class Due(DeskScreen):
    """What the timer will do."""

    PLACE = Place.DUE
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of(Place.DUE))
    AUTO_FOCUS = "DueList"

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
        yield Static(id="counts", markup=False)
        yield DueList(self.session.clock, id="acts")
        yield Static(id="why", markup=False)
        yield KeyLine()

    @property
    def case(self) -> Case | None:
        """The case of the act under the cursor."""
        act = self.query_one(DueList).act if self.is_mounted else None
        return act.case if act else None

    async def load(self) -> None:
        """Read what will fall due."""
        self.snapshot = snapshot = await self.session.bridge.read(take)
        self.session.policy, self.session.stale = snapshot.policy, ""
        self._draw()

    def tell(self) -> None:
        """Draw the state of the desk, and the way back."""
        super().tell()
        self.query_one(TopLine).lead = "< Esc  Due"

    def tick(self) -> None:
        """Draw the countdowns again."""
        self.query_one(DueList).tick()

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
        self._draw()

    def action_apply(self) -> None:
        """Let the timer do now what is due, after asking."""
        self.post_message(self.Apply())

    def _draw(self) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        kind = _SHOWN[self.shown]
        acts = [act for act in snapshot.acts if _passes(act, kind, self.session.agent)]
        listed = self.query_one(DueList)
        listed.zone = snapshot.policy.zone
        listed.empty = (
            "Nothing will fall due." if kind == "all" else f"Nothing of this kind ({kind}) will fall due."
        )
        listed.show(acts, snapshot.spans)
        listed.border_title = content(
            "What the timer will do" if kind == "all" else f"What the timer will do: {kind}"
        )
        words = ("overdue", "today", "this week", "later")
        parts = [f"{many} {word}" for many, word in zip(snapshot.counts, words, strict=True)]
        more = f"   the first {_MOST} are listed" if len(snapshot.acts) == _MOST else ""
        self.query_one("#counts", Static).update(content(f"{'   '.join(parts)}   f shows: {kind}{more}"))

    def _explain(self) -> None:
        self.look(self._read_why, "why")

    async def _read_why(self) -> None:
        case, snapshot = self.case, self.snapshot
        why = self.query_one("#why", Static)
        why.border_title = content(f"Why {number(case)}" if case else "")
        if case is None or snapshot is None:
            why.update(content(""))
            return
        history = await self.session.bridge.read(lambda desk: desk.board.history(case.number))
        why.update(content(self._words(case, history, snapshot.policy)))

    def _words(self, case: Case, history: list[Entry], policy: Policy) -> str:
        now = self.session.clock.now()
        said = explain(case, history, policy, now)
        if decide(case, now, Missed.ASK) is Act.MISSED:
            said[-1] = "Its reminder never went, so the timer waits for your answer: ! asks."
        return " ".join(said)


def _passes(act: DueAct, kind: str, agent: str) -> bool:
    if kind == "mine":
        return act.case.owner == agent
    return kind == "all" or (act.rule is Rule.CLOSURE) == (kind == "closures")
