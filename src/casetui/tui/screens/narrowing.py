"""A screen whose list is narrowed by a line to type in, as one types."""

import asyncio
from functools import partial

from textual import on

from casetui.desk.lists import View, queue
from casetui.domain.errors import BadQuery
from casetui.domain.workflow import Status
from casetui.tui.hands import Hands
from casetui.tui.screens.arranging import Arranging
from casetui.tui.session import Pages, Session
from casetui.tui.widgets.filterline import FilterLine

COUNTED_AFTER = 0.3
"""Seconds after which is counted what may take 200 ms of a million cases: no key is kept waiting by it."""


class Narrowing(Arranging):
    """Lists a view, narrowed as its line says."""

    def __init__(self, session: Session, hands: Hands) -> None:
        super().__init__(session, hands)
        self.view: View | None = None
        self._listed: View | None = None
        """What is listed: the view as it is narrowed."""
        self._wanted: View | None = None
        """What the line last asked for, which may still be read."""

    def narrowed(self) -> View:
        """Return what is listed: the view as the filter narrows it, as far as that could be read."""
        return self._listed or self.view or queue(Status.NEW)

    def relist(self, view: View | None = None) -> None:
        """Show this list in the place of the present one, narrowed as the line says."""
        self._narrow(view, done=True)

    def listing(self, view: View, narrowed: View) -> None:
        """Take note of what is listed from now on."""
        self.view, self._listed = view, narrowed

    async def action_filter(self) -> None:
        """Narrow the list as one types."""
        await self.query_one(FilterLine).open()
        self.look(self._learn, "names")

    def action_search(self) -> None:
        """Search everything, for what this list is narrowed by."""
        self.post_message(self.SearchWanted(self.query_one(FilterLine).text or self.session.sought))

    def action_back(self) -> None:
        """Clear the filter, else the marks."""
        line = self.query_one(FilterLine)
        if line.text:
            line.clear()
            self._narrow(done=True)
        elif self.list.marks:
            super().action_back()

    @on(FilterLine.Typed)
    def _typed(self) -> None:
        self._narrow()

    @on(FilterLine.Left)
    def _filter_left(self, event: FilterLine.Left) -> None:
        line = self.query_one(FilterLine)
        if not (event.cleared and line.text):
            self._narrow(done=True)  # what is pressed next is meant for what was typed
        line.display = bool(line.text and not event.cleared)
        self.list.focus()
        if event.cleared:
            self.action_back()

    def _narrow(self, view: View | None = None, *, done: bool = False) -> None:
        """List what the line says; what may become right by going on is no mistake before one is ``done``."""
        line, view = self.query_one(FilterLine), view or self.view or queue(Status.NEW)
        read = self.session.read if done else self.session.read_typed
        try:
            narrowed = view.narrowed(read(line.text)) if line.text else view
        except BadQuery as error:
            line.complain(error)
            return
        line.be_content()
        if done and narrowed == self._wanted == self._listed:
            return  # it is what one has typed, and sees already
        self._wanted = narrowed
        self.look(partial(self._list, view, narrowed, 0 if done else COUNTED_AFTER), "show", asked=done)

    async def _list(self, view: View, narrowed: View, rest: float) -> None:
        if await self.list.show(Pages(self.session, narrowed), counted=False):
            self.listing(view, narrowed)
            if not self.list.counted:
                await asyncio.sleep(rest)
            await self.list.count()
            self.draw_title()

    async def _learn(self) -> None:
        self.query_one(FilterLine).learn(await self.session.learn())
