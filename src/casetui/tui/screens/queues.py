"""The dashboard: the queues, the cases of one of them, and the last words of the case under the cursor."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from casetui.desk.lists import VIEW, View, for_me, queue
from casetui.desk.overview import Overview
from casetui.domain.records import Case, Count
from casetui.domain.views import FIXED, WAITS_ON_ME
from casetui.domain.workflow import Status
from casetui.tui.bindings import bindings_of
from casetui.tui.bridge import Desk
from casetui.tui.commands import Place
from casetui.tui.drawing import content
from casetui.tui.hands import Hands
from casetui.tui.headings import no_cases, title, view_words
from casetui.tui.keymap import key
from casetui.tui.screens.narrowing import COUNTED_AFTER, Narrowing
from casetui.tui.session import Pages, Session
from casetui.tui.widgets.caselist import CaseList
from casetui.tui.widgets.filterline import FilterLine
from casetui.tui.widgets.keyline import KeyLine
from casetui.tui.widgets.peek import Peek
from casetui.tui.widgets.queuelist import QueueList
from casetui.tui.widgets.room import Room
from casetui.tui.widgets.topline import TopLine
from casetui.tui.widgets.viewsline import ViewsLine

PEEK_AFTER = 0.09
"""Seconds that the cursor rests on a case before its last words are read: a held key does not stop for them."""
_PEEKED = 12


class Queues(Narrowing):
    """The first screen."""

    PLACE = Place.QUEUES
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.QUEUES)
    AUTO_FOCUS = "CaseList"

    def __init__(self, session: Session, hands: Hands) -> None:
        super().__init__(session, hands)
        self.snapshot: Overview | None = None
        self._ahead: Future[Overview] | None = session.ahead or session.overview()
        """The first numbers, read beside the building of the screen."""
        self._titled = ""
        self._follow: Case | None = None
        self._peeking: Timer | None = None
        self._counting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Draw the lines, the queues, the list and the peek."""
        yield TopLine()
        yield ViewsLine()
        with Room(id="body"):
            yield QueueList(id="queues")
            yield FilterLine()
            yield CaseList(self.session.clock, id="cases")
            yield Peek(self.session.clock, id="peek")
        yield KeyLine()

    def on_mount(self) -> None:
        """Say nothing of a list that has not been read."""
        self.list.empty = ""

    @property
    def list(self) -> CaseList:
        """The cases."""
        return self.query_one("#cases", CaseList)

    async def load(self) -> None:
        """Read the numbers and the list again; what may take long is counted last."""
        ahead, self._ahead = self._ahead, None
        snapshot = await asyncio.wrap_future(ahead or self.session.overview())
        if self.snapshot is not None:
            snapshot.remember(self.snapshot)
        self.snapshot, self.session.policy = snapshot, snapshot.policy
        self.session.stale = ""
        self.tell()
        if self.view is None:
            await self._show(self._first(snapshot))
        else:
            follow, self._follow = self._follow or self.session.shown, None
            self.session.shown = None
            await self.list.reload(follow)
        self._draw()
        self.reveal()
        if self._counting is not None:
            self._counting.stop()
        count = partial(self._count_the_rest, snapshot)
        self._counting = self.set_timer(COUNTED_AFTER, partial(self.look, count, "count"))

    def tick(self) -> None:
        """Draw the countdowns again."""
        self.list.tick()
        self.query_one(Peek).tick()

    def acted(self, case: Case | None) -> None:
        """Stay on a case that is where it was; one that has moved leaves the cursor on the next."""
        here = self.case
        same = case is not None and here is not None and (here.number, here.stay) == (case.number, case.stay)
        self._follow = case if same else None
        self.reload(asked=True)

    @on(CaseList.Moved)
    def _moved(self) -> None:
        self.case_changed()
        if self._peeking is not None:
            self._peeking.stop()
        self._peeking = self.set_timer(PEEK_AFTER, self._peek)

    @on(CaseList.Opened)
    def _opened(self, event: CaseList.Opened) -> None:
        self.open_case(event.case)

    @on(CaseList.Failed)
    def _failed(self, event: CaseList.Failed) -> None:
        self.session.lost(event.error)
        self.tell()

    @on(QueueList.Chosen)
    def _chosen(self, event: QueueList.Chosen) -> None:
        self.show_view(queue(Status(event.key)))

    @on(ViewsLine.Chosen)
    def _view_clicked(self, event: ViewsLine.Chosen) -> None:
        self.action_view(event.digit)

    def show_view(self, view: View) -> None:
        """Show another list, from its top; a filter ends with the list that it narrowed."""
        self.look(partial(self._show, view), "show", asked=True)

    def open_case(self, case: Case) -> None:
        """Open a case, from this list."""
        self.open_in(self.narrowed(), case, self.list.total if self.list.counted else None)

    def more_commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Name the views and the queues, for the palette."""
        for view in (*map(self.session.named, self.session.views), *map(queue, Status)):
            yield f"Go to {view.label}", "Show this list.", partial(self.show_view, view)
        yield from super().more_commands()

    def action_open(self) -> None:
        """Open the case under the cursor."""
        self.list.action_open()

    def action_queue(self, step: int) -> None:
        """Show the next queue."""
        queues = self.query_one(QueueList)
        queues.choose(queues.next(step))

    def action_view(self, digit: int) -> None:
        """Show the view of a digit."""
        views = self.session.views.numbered
        if digit <= len(views):
            self.show_view(self.session.named(views[digit - 1]))
        else:
            self.notify(f"There is no view {digit} yet: v makes one of what is listed.", timeout=4)

    def action_peek(self, halves: int) -> None:
        """Scroll the last entries."""
        self.query_one(Peek).scroll_entries(halves)

    def action_seek(self, step: int) -> None:
        """Go to the next case of the list that has changed or waits on the agent, round its end."""
        wanted = self.narrowed().narrowed(for_me(self.session.agent))
        self.look(partial(self._seek, wanted, step), "show", asked=True)

    def action_leave(self) -> None:
        """Quit, after asking."""
        from casetui.tui.deeds import leave  # noqa: PLC0415 - read when first wanted

        self.hands.begin(leave(self.hands))

    def action_new_case(self) -> None:
        """Open a new case."""
        from casetui.tui.deeds import new_case  # noqa: PLC0415 - read when first wanted

        self.hands.begin(new_case(self.hands))

    def _first(self, snapshot: Overview) -> View:
        for view in map(self.session.named, (FIXED[0], WAITS_ON_ME)):
            if snapshot.views[view.key]:
                return view
        busy = (status for status, count in snapshot.counts.items() if count.total)
        return queue(next(busy, Status.NEW))

    async def all_cases(self, most: int) -> Sequence[Case]:
        """Return the cases of the list, as it is narrowed."""
        view = self.narrowed()
        return await self.session.bridge.read(lambda desk: desk.board.after(view, None, most))

    async def _count_the_rest(self, snapshot: Overview) -> None:
        """Count one's own views and the closed cases, one after the other, so that keys come in between."""
        own = self.session.views.numbered[len(FIXED) :]
        for view in (*map(self.session.named, own), queue(Status.CLOSED)):
            total = await self.session.bridge.read(partial(_count, view))
            if view.key.startswith(VIEW):
                snapshot.views[view.key] = total
            else:
                snapshot.counts[Status.CLOSED] = Count(total)
            self._draw()

    async def _show(self, view: View) -> None:
        view = replace(view, sort=self.session.sorts.get(view.key, view.sort))
        self.query_one(QueueList).selected = view.key
        listed = self.list
        listed.changed = self.session.changed
        if await listed.show(Pages(self.session, view)):
            # Nothing waits from here on: rows, columns, title and filter change in one frame.
            listed.show_status = view.key.startswith(VIEW)
            listed.show_clock = listed.show_status or Status(view.key).row.closure is not None
            listed.columns_changed()
            listed.mark(())
            self.query_one(FilterLine).clear()
            self.listing(view, view)

    def listing(self, view: View, narrowed: View) -> None:
        """Draw all that says what is listed."""
        super().listing(view, narrowed)
        self._draw()

    async def _seek(self, wanted: View, step: int) -> None:
        here = self.list.case

        def find(desk: Desk) -> Case | None:
            page = desk.board.after if step > 0 else desk.board.before
            found = page(wanted, here, 1) or page(wanted, None, 1)
            return found[0] if found else None

        found = await self.session.bridge.read(find)
        if found is None:
            await self.list.count()
            self.draw_title()
            self.notify(
                f"Nothing in this list has changed or waits on you. {key('view.1')} shows all that changed.",
                timeout=4,
            )
        else:
            await self.list.reload(follow=found)

    def _peek(self) -> None:
        self.look(self._read_peek, "peek")

    async def _read_peek(self) -> None:
        case = self.case
        entries = []
        if case is not None:
            number = case.number
            entries = await self.session.bridge.read(lambda desk: desk.board.newest(number, _PEEKED))
        self.query_one(Peek).show(case, entries, self.session.policy)

    def _draw(self) -> None:
        snapshot, view = self.snapshot, self.view
        if snapshot is None or view is None:
            return
        views = self.session.views.numbered
        keys = [VIEW + each.key for each in views]
        chosen = keys.index(view.key) + 1 if view.key in keys else 0
        self.query_one(ViewsLine).show(view_words(snapshot, views), chosen)
        queues = self.query_one(QueueList)
        queues.show(snapshot.counts)
        self.draw_title()
        self.list.empty = self._empty(view, self.query_one(FilterLine).text)

    def draw_title(self) -> None:
        """Draw the name of the list and how many it has, or the marks."""
        snapshot, view, listed = self.snapshot, self.view, self.list
        if snapshot is None or view is None:
            return
        total = snapshot.total(view)
        text = "" if self.narrowed() == view else self.query_one(FilterLine).text
        found = f"{listed.total}{'' if listed.counted else '+'}"
        words = title(view, listed.total if total is None else total, text, found)
        words = self.marked(view.label) if listed.marks else words
        if words != self._titled:  # for Textual draws the whole list again for the same title
            self._titled = words
            listed.border_title = content(words)

    def _empty(self, view: View, text: str) -> str:
        if self.snapshot is not None and self.snapshot.empty:
            return no_cases()
        if text:
            return (
                f"No match for /{text} in {view.label}. {key('filter.clear')} clears the filter;"
                f" {key('screen.search')} searches all that was said."
            )
        queues = self.query_one(QueueList)
        ahead = queues.line_of(queues.next_nonempty())
        where = (
            f" {key('queue.next')} goes on; the next queue with cases is {ahead.label}."
            if ahead and ahead.key != view.key
            else ""
        )
        return f"Nothing in {view.label}.{where}"


def _count(view: View, desk: Desk) -> int:
    return desk.board.count(view)
