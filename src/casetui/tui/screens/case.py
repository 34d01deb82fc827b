"""One case: its history, its facts, what can be done now, and the way to the next one of the list."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from casetui.desk.lists import View, for_me
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry, What
from casetui.domain.workflow import CommentKind
from casetui.tui.bindings import bindings_of
from casetui.tui.bridge import Desk
from casetui.tui.commands import Place
from casetui.tui.dialogs.commenting import resumes
from casetui.tui.drawing import Static, content
from casetui.tui.hands import Hands
from casetui.tui.keymap import key
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.session import Pages, Session
from casetui.tui.widgets.caselist import CaseList
from casetui.tui.widgets.facts import CaseHeader, Facts
from casetui.tui.widgets.keyline import KeyLine
from casetui.tui.widgets.room import Room
from casetui.tui.widgets.timeline import Timeline
from casetui.tui.widgets.topline import TopLine

_WIDE = 160
FIRST = 60
"""Entries read and laid out before the first paint; the rest of a long history comes right after it."""
LOOKED_AT = 2.0
"""Seconds that the newest entry of a case is on the screen before the case counts as seen."""
_DRAFTS = {
    CommentKind.PUBLIC: "public reply",
    CommentKind.INTERNAL: "internal note",
    CommentKind.CUSTOMER: "what the customer said",
}


class Snapshot(Struct, frozen=True):
    """A case with all that is known of it, and where it stands in the list that it was opened from."""

    case: Case
    history: list[Entry]
    """Newest entry first; of a long one that is opened, only the newest entries."""
    entries: int
    """How many there are."""
    drafts: dict[CommentKind, str]
    policy: Policy
    place: int
    total: int
    changed: bool
    """Whether others have changed it since the agent last looked at it."""


def take(desk: Desk, number: int, view: View, place: Case, *, total: int | None, most: int | None) -> Snapshot:
    """Read a case of a list, which is counted where its ``total`` is None, and ``most`` entries or all of them."""
    board = desk.board
    history = board.history(number)[::-1] if most is None else board.newest(number, most)
    if total is None:
        gone = board.holds(view, number) is None
        total = board.count(view) + gone
    return Snapshot(
        board.case(number),
        history,
        len(history) if len(history) != most else board.entries(number),
        desk.drafts.of(number),
        board.policy,
        board.rank(view, place) + 1,
        total,
        bool(desk.news.changed([number])),
    )


class CaseScreen(DeskScreen):
    """A case that was opened from a list."""

    PLACE = Place.CASE
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.CASE)
    AUTO_FOCUS = "Timeline"
    DEFAULT_CSS = """
    CaseScreen #header { height: 3; }
    CaseScreen #draft {
        display: none; height: 1; padding: 0 1; color: $text-warning; text-wrap: nowrap; text-overflow: ellipsis;
    }
    CaseScreen #beside { display: none; width: 46; border: round $foreground 22%; }
    CaseScreen #timeline { width: 1fr; height: 1fr; }
    CaseScreen #facts { display: none; width: 40; height: 1fr; }
    CaseScreen.-two #header, CaseScreen.-three #header { height: 1; }
    CaseScreen.-two #facts, CaseScreen.-three #facts { display: block; }
    CaseScreen.-three #facts { width: 50; }
    CaseScreen.-three #beside { display: block; }
    CaseScreen.-flat #header { height: 2; }
    """

    def __init__(self, session: Session, hands: Hands, case: Case, view: View, total: int | None = None) -> None:
        super().__init__(session, hands)
        self.begin(case, view, total)

    def begin(self, case: Case, view: View, total: int | None = None) -> None:
        """Show another case, of another list; a screen that was left begins anew with it."""
        self.view = view
        self._total = total
        self.place = case
        """The case as it stood in the list: from here J and K go on, wherever it has gone since."""
        self._case = case
        self._since: datetime | None = None
        self._words = view.label
        self._opened = False
        self._listed = False
        self._looking: Timer | None = None
        self.conceal()

    def compose(self) -> ComposeResult:
        """Draw the lines, the list, the history and the facts."""
        yield TopLine()
        yield CaseHeader(self.session.clock, id="header")
        yield Static(id="draft")
        with Room(id="body"):
            yield CaseList(self.session.clock, id="beside")
            yield Timeline(self.session.clock, id="timeline")
            yield Facts(self.session.clock, id="facts")
        yield KeyLine()

    @property
    def case(self) -> Case:
        """The case."""
        return self._case

    async def load(self) -> None:
        """Read the case; whoever opens it has read what the customer wrote."""
        number, view, place, opens = self._case.number, self.view, self.place, not self._opened
        limits = {"total": self._total, "most": FIRST} if opens else {"total": None, "most": None}
        snapshot = await self.session.bridge.read(lambda desk: take(desk, number, view, place, **limits))
        self._case, self.session.policy, self.session.stale = snapshot.case, snapshot.policy, ""
        self._total = snapshot.total
        if opens:
            self._since = _last_look(snapshot.case, snapshot.history, self.session.agent)
        self._draw(snapshot)
        if opens:
            self._opened = True
            self.reveal()
            self.call_after_refresh(self._read)  # the paint comes first
            if len(snapshot.history) < snapshot.entries:
                await self._read_the_rest(snapshot.case)
        if snapshot.changed:
            self._look_at_it()
        await self._picture()

    async def _read_the_rest(self, case: Case) -> None:
        history = await self.session.bridge.read(lambda desk: desk.board.history(case.number)[::-1])
        self._since = _last_look(case, history, self.session.agent)
        self.query_one(Timeline).show(case, history, since=self._since)

    def tell(self) -> None:
        """Draw the state of the desk, and the way back."""
        super().tell()
        self.query_one(TopLine).lead = f"< {key('screen.back')}  {self._words}"

    def on_resize(self) -> None:
        """Show the list at the side once there is room for it."""
        if self._opened:
            self.look(self._picture, "picture")

    def tick(self) -> None:
        """Draw the times again."""
        for widget in (self.query_one(CaseHeader), self.query_one(Timeline), self.query_one(Facts)):
            widget.tick()
        self.query_one(CaseList).tick()

    @on(CaseList.Moved)
    def _moved(self, event: CaseList.Moved) -> None:
        if event.case_list.has_focus and event.case is not None and event.case.number != self._case.number:
            self._turn_to(event.case)

    @on(CaseList.Opened)
    def _chosen(self) -> None:
        self.query_one(Timeline).focus()

    def action_next_case(self, step: int) -> None:
        """Go to the next case of the list."""
        self.look(partial(self._step, self.view, step), "step", asked=True)

    def action_seek(self, step: int) -> None:
        """Go to the next case of the list that has changed or waits on the agent."""
        wanted = self.view.narrowed(for_me(self.session.agent))
        self.look(partial(self._step, wanted, step), "step", asked=True)

    def action_back(self) -> None:
        """Go back to the list, to where this case stands in it, or stood."""
        self._read()
        self.session.shown = self._case if self._case.stay == self.place.stay else self.place
        self.dismiss()
        self.query_one(Timeline).let_go()

    async def _step(self, view: View, step: int) -> None:
        place = self.place

        def find(desk: Desk) -> list[Case]:
            return desk.board.after(view, place, 1) if step > 0 else desk.board.before(view, place, 1)

        found = await self.session.bridge.read(find)
        if found:
            self._turn_to(found[0])
        else:
            end = "last" if step > 0 else "first"
            self.notify(f"This is the {end} one of {self.view.label}.", timeout=3)

    def _turn_to(self, case: Case) -> None:
        self._read()
        self._case = self.place = case
        self._opened = False
        self.reload(asked=True)

    def _look_at_it(self) -> None:
        """Begin to wait until the newest entry has been on the screen for long enough."""
        if self._looking is not None:
            self._looking.stop()
        if not self.session.read_only:
            self._looking = self.set_timer(LOOKED_AT, partial(self._looked, self._case))

    def _looked(self, case: Case) -> None:
        """Note that the agent has seen what others did to the case, if the newest of it is in sight."""
        if not self.is_current or case.number != self._case.number:
            return  # under a dialog, or gone: it is read again, and waited for again, when it comes back
        if self.query_one(Timeline).shows_newest:
            self.app.run_worker(self.attempt(partial(self._note_seen, case)), group="seen")
        else:
            self._look_at_it()

    async def _note_seen(self, case: Case) -> None:
        await self.session.bridge.write(lambda desk: desk.news.saw(case.number, case.version))
        self.session.changed.discard(case.number)
        self.query_one(CaseList).refresh()

    def _read(self) -> None:
        """Note that the agent has seen what the customer wrote."""
        number = self._case.number
        if self._case.unread and not self.session.read_only:
            self.app.run_worker(self.attempt(partial(self._mark, number)), group="read")

    async def _mark(self, number: int) -> None:
        case = await self.session.bridge.write(lambda desk: desk.stops.read(number))
        if case.number == self._case.number:
            self._case = case
            self.query_one(Facts).show(case, self.session.policy)

    async def _picture(self) -> None:
        """Show the list at the side where there is room for it, the cursor on this case."""
        beside = self.query_one(CaseList)
        beside.changed = self.session.changed
        if self.app.size.width >= _WIDE:
            if not self._listed:
                self._listed = True
                await beside.show(Pages(self.session, self.view))
            await beside.reload(follow=self._case)

    def _draw(self, snapshot: Snapshot) -> None:
        case, policy = snapshot.case, snapshot.policy
        self._words = f"{self.view.label} {snapshot.place} of {snapshot.total}"
        self.tell()
        self.query_one(CaseHeader).show(case, policy)
        self.query_one(Facts).show(case, policy)
        timeline = self.query_one(Timeline)
        timeline.zone = policy.zone
        if not self._opened:
            timeline.begin()
        timeline.show(case, snapshot.history, total=snapshot.entries, since=self._since)
        self.query_one(Facts).border_title = content("Case")
        self.query_one(CaseList).border_title = content(f"{self.view.label} ({snapshot.total})")
        self._draw_drafts(snapshot.drafts)
        self.case_changed()

    def _draw_drafts(self, drafts: dict[CommentKind, str]) -> None:
        kept = []
        for kind, text in drafts.items():
            many = len(text.splitlines())
            kept.append(f"{_DRAFTS[kind]}, {many} line{'s' * (many != 1)}: {resumes(kind)} resumes it")
        words = f"Draft kept: {'; '.join(kept)}." if kept else ""
        line = self.query_one("#draft", Static)
        if words != str(line.content):  # else the screen would be laid out again
            line.update(content(words))
            line.display = bool(kept)


def _last_look(case: Case, history: Sequence[Entry], agent: str) -> datetime | None:
    """Return when somebody of ours last had the case in hands, if the customer has written since."""
    if not case.unread:
        return None
    seen = (entry.at for entry in history if entry.what is What.READ or entry.by == agent)
    return next(seen, case.opened_at)
