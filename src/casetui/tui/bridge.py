"""The one database thread: it alone holds the connection, and screens await what they want from it."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from casetui.desk.board import Board
from casetui.desk.drafts import Drafts
from casetui.desk.news import News
from casetui.desk.stops import Stops
from casetui.desk.sweep import Sweeper
from casetui.desk.undo import Undo
from casetui.desk.watch import Watch
from casetui.domain.clocks import Clock
from casetui.domain.errors import OutOfReach
from casetui.domain.letters import SHIPPED
from casetui.storage.store import Store

if TYPE_CHECKING:
    from casetui.desk.outbox import CommentPost
    from casetui.settings import Settings

Result = TypeVar("Result")


class Desk(Struct, frozen=True):
    """The desk on the database thread: what can be read of it, and the hands that change it."""

    store: Store
    board: Board
    stops: Stops
    sweeper: Sweeper
    drafts: Drafts
    undo: Undo
    watch: Watch
    news: News


class Bridge:
    """Carries questions to the database thread, one at a time, and the answers back.

    The thread opens the file as soon as the bridge is built, beside the building of the first screen. What cannot
    be opened raises OutOfReach in whatever is asked first, and is tried again with each question. So does a file
    that was moved, or that another one took the place of: what is written to it would be lost to the desk.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        agent: str,
        *,
        read_only: bool = False,
        settings: "Settings | None" = None,
    ) -> None:
        self.path = path
        self.clock = clock
        self.agent = agent
        self.read_only = read_only
        self.settings = settings
        self.asked = 0
        """How many questions were asked and deeds handed over so far."""
        self._desk: Desk | None = None
        self._guard = threading.Lock()
        self._under_way: object = None
        """The question that is being answered."""
        self._begun = False
        """Whether there has been a desk: one that has gone is not made anew."""
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def read(self, ask: Callable[[Desk], Result]) -> Result:
        """Return an answer; a question that nobody waits for any more is not asked, or ends where it is.

        What a letter of a filter asks a million cases takes a second, and is of no use once the next one is typed.
        """
        question = object()
        try:
            return await asyncio.wrap_future(self.post(partial(self._answer, ask, question)))
        except asyncio.CancelledError:
            with self._guard:
                if self._under_way is question and self._desk is not None:
                    self._desk.store.interrupt()
            raise

    def _answer(self, ask: Callable[[Desk], Result], question: object, desk: Desk) -> Result:
        with self._guard:
            self._under_way = question
        try:
            return ask(desk)
        finally:
            with self._guard:
                self._under_way = None

    async def write(self, act: Callable[[Desk], Result]) -> Result:
        """Do something and return what came of it; once asked for it is done, whoever waits for it."""
        return await asyncio.shield(asyncio.wrap_future(self.post(act)))

    def post(self, act: Callable[[Desk], Result]) -> "Future[Result]":
        """Ask for something in its turn, without waiting for it."""
        self.asked += 1
        return self._pool.submit(lambda: act(self._opened()))

    def close(self) -> None:
        """Finish what has been asked for, and close the file."""
        self._pool.submit(self._close)
        self._pool.shutdown(wait=True)

    def _opened(self) -> Desk:
        if self._desk is not None and not self._desk.store.is_in_place():
            self._close()
            raise OutOfReach(f"The database {self.path} was moved or replaced.")
        if self._desk is not None and self.read_only and self._desk.store.is_rewritten():
            self._close()
        if self._desk is None:
            if self._begun and not self.path.exists():
                raise OutOfReach(f"There is no database at {self.path} any more.")
            store = Store.open(self.path, read_only=self.read_only)
            wording = self.settings.wording() if self.settings else SHIPPED
            self._desk = Desk(
                store,
                Board(store, self.clock),
                Stops(store, self.clock, self.agent, self._post(store)),
                Sweeper(store, self.clock, wording),
                Drafts(store, self.clock, self.agent),
                Undo(store, self.clock, self.agent, self.settings.undo_window if self.settings else None),
                Watch(store, self.clock, self.agent),
                News(store, self.clock, self.agent),
            )
            if self._begun:
                store.expect_news()
            self._begun = True
        return self._desk

    def _post(self, store: Store) -> "CommentPost | None":
        """Return what sends public comments as letters, where the settings say so."""
        if self.settings is None or self.settings.mail is None:
            return None
        from casetui.desk.outbox import comment_post  # noqa: PLC0415 - only where mail is set

        return comment_post(store, self.settings)

    def _close(self) -> None:
        if self._desk is not None:
            self._desk.store.close()
            self._desk = None
