"""What every screen is given: the desk behind its bridge, who sits at it, and what the top line says of it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from casetui.desk.board import Board
from casetui.desk.lists import View, named
from casetui.desk.overview import Overview
from casetui.domain.clocks import FIRST, Clock, zone_of
from casetui.domain.completion import Known
from casetui.domain.errors import BadQuery, CasetuiError
from casetui.domain.fields import Offer
from casetui.domain.policy import Policy
from casetui.domain.query import Term, parse
from casetui.domain.records import Case
from casetui.domain.sorts import Sort
from casetui.domain.views import ASIDE, FIXED, Saved, Views
from casetui.tui.bridge import Bridge, Desk
from casetui.tui.keymap import key

if TYPE_CHECKING:
    from casetui.canned import Canned
    from casetui.settings import Settings
    from casetui.tui.widgets.topline import TopLine


class TimerWords(Struct):
    """What the top line says of the timer, in full and in short, and in which tone; who runs it, in a sentence."""

    full: str = ""
    short: str = ""
    tone: str = ""
    story: str = ""


class Session(Struct):
    """One sitting at one desk."""

    bridge: Bridge
    clock: Clock
    agent: str
    name: str
    read_only: bool = False
    policy: Policy = field(default_factory=Policy)
    timer: TimerWords = field(default_factory=TimerWords)
    seen: datetime | None = None
    """When the desk was last asked whether others have written, and answered."""
    stale: str = ""
    """Why what is drawn may no longer be so; nothing while all is well."""
    sought: str = ""
    """What was searched for last."""
    views: Views = field(default_factory=Views)
    sorts: dict[str, Sort] = field(default_factory=dict)
    """How lists are sorted in this sitting, by their keys, where it was chosen."""
    changed: set[int] = field(default_factory=set)
    """Of the cases that were read, those that others have changed since the agent looked at them."""
    shown: Case | None = None
    """The case that was shown last, for the list to go on from there; None once it has."""
    ahead: Future[Overview] | None = None
    """The first numbers, which are read while the screens are imported."""
    _names: dict[Offer, tuple[str, ...]] | None = None
    _lost: datetime = FIRST
    """When what is stale was last fresh."""

    @classmethod
    def at(
        cls,
        path: Path,
        clock: Clock,
        agent: str,
        *,
        read_only: bool = False,
        name: str | None = None,
        settings: "Settings | None" = None,
    ) -> "Session":
        """Sit down at a desk, which is opened when something is asked of it."""
        bridge = Bridge(path, clock, agent, read_only=read_only, settings=settings)
        views = settings.views if settings else Views()
        return cls(bridge, clock, agent, name or path.stem, read_only, views=views)

    def open(self) -> None:
        """Open the desk; raise OutOfReach where it cannot be opened."""
        self.bridge.post(lambda _: None).result()

    def look_ahead(self) -> None:
        """Have the numbers read that the dashboard begins with, while it is imported."""
        self.ahead = self.overview()

    def overview(self) -> "Future[Overview]":
        """Ask for the numbers of the desk."""
        views = [self.named(view) for view in (*FIXED, *ASIDE)]
        return self.bridge.post(lambda desk: Overview.take(desk.board, views))

    def read(self, query: str, *, everywhere: bool = False) -> Term:
        """Read a query of this agent; raises BadQuery."""
        return parse(query, me=self.agent, everywhere=everywhere, views=self.views.queries)

    def read_typed(self, query: str, *, everywhere: bool = False) -> Term:
        """Read a query that is being typed, as far as it is finished; raises BadQuery for what no typing mends."""
        try:
            return self.read(query, everywhere=everywhere)
        except BadQuery as error:
            if not error.unfinished:
                raise
            return self.read_typed(query[: error.start], everywhere=everywhere)

    async def learn(self) -> Known:
        """Return the names that a query may have: the views as they are, the desk's own as they were at first."""
        if self._names is None:
            owners, accounts = await self.bridge.read(lambda desk: (desk.board.agents(), desk.board.accounts()))
            self._names = {Offer.OWNERS: tuple(owners), Offer.ACCOUNTS: tuple(accounts)}
        return Known({**self._names, Offer.VIEWS: tuple(self.views.queries)})

    async def canned(self) -> "Canned":
        """Read the canned replies, which others may have changed since."""
        from casetui import canned  # noqa: PLC0415 - read when first wanted

        settings = self.bridge.settings
        return canned.Canned() if settings is None else await asyncio.to_thread(canned.read, settings.file)

    def named(self, saved: Saved) -> View:
        """Return one of the views as a list."""
        return named(saved, self.agent, self.views)

    def local(self, instant: datetime) -> datetime:
        """Return an instant on the desk's own calendar."""
        return instant.astimezone(zone_of(self.policy.zone))

    def lost(self, error: CasetuiError) -> None:
        """Note that the desk could not be read, and say since when."""
        if not self.stale:
            self._lost = self.seen or self.clock.now()
        since = self.local(self._lost)
        self.stale = f"STALE since {since:%H:%M:%S}, {key('screen.refresh')} tries again: {error}"

    def tell(self, line: "TopLine") -> None:
        """Put the state of the desk into a screen's top line."""
        now = self.local(self.clock.now())
        line.database, line.agent, line.read_only = self.name, self.agent, self.read_only
        line.timer, line.timer_short, line.severity = self.timer.full, self.timer.short, self.timer.tone
        line.now, line.now_short = now.strftime("%a %d %b %Y %H:%M %Z"), now.strftime("%a %d %b %H:%M")
        line.stale = self.stale


class Pages(Struct, frozen=True):
    """A list of the desk, read in pages through the bridge; the session learns which of its cases have changed."""

    session: Session
    view: View

    async def count(self) -> int:
        """Return how many cases it has."""
        return await self.session.bridge.read(lambda desk: desk.board.count(self.view))

    async def after(self, case: Case | None, limit: int) -> list[Case]:
        """Return the cases that follow one, or the first ones."""
        return await self._read(lambda board: board.after(self.view, case, limit))

    async def before(self, case: Case | None, limit: int) -> list[Case]:
        """Return the cases right before one, or the last ones."""
        return await self._read(lambda board: board.before(self.view, case, limit))

    async def at(self, index: int, limit: int) -> list[Case]:
        """Return the cases from a place on."""
        return await self._read(lambda board: board.at(self.view, index, limit))

    async def rank(self, case: Case) -> int:
        """Return how many cases stand before one."""
        return await self.session.bridge.read(lambda desk: desk.board.rank(self.view, case))

    async def _read(self, page: Callable[[Board], list[Case]]) -> list[Case]:
        cases, changed = await self.session.bridge.read(partial(_with_news, page))
        self.session.changed.difference_update(case.number for case in cases)
        self.session.changed.update(changed)
        return cases


def _with_news(page: Callable[[Board], list[Case]], desk: Desk) -> tuple[list[Case], frozenset[int]]:
    cases = page(desk.board)
    return cases, desk.news.changed([case.number for case in cases])
