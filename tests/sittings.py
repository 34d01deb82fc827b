"""The whole program on a real desk, with keys to press and a screen to read."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.message import Message
from textual.notifications import Notify
from textual.pilot import Pilot
from textual.screen import Screen

from casetui.cli.screens import NOBODY
from casetui.domain.looks import Looks
from casetui.settings import Settings
from casetui.tui.app import Casetui
from casetui.tui.screens.queues import Queues
from casetui.tui.screens.wall import Wall
from casetui.tui.session import Session
from casetui.tui.wall.app import WallApp
from casetui.tui.widgets.caselist import CaseList
from tests.desks import TestDesk

PATIENCE = 30.0


class Sitting:
    """One agent in front of one desk."""

    def __init__(self, app: Casetui, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self._heard = _listened(app)

    @property
    def screen(self) -> Screen[object]:
        """The screen on top."""
        return self.app.screen

    @property
    def text(self) -> str:
        """What the terminal shows, without colours."""
        strips = self.app.screen._compositor.render_strips(self.app.size)  # noqa: SLF001 - as Textual draws it
        return "\n".join(strip.text for strip in strips)

    @property
    def list(self) -> CaseList:
        """The list of the dashboard."""
        return self.app.screen_stack[0].query_one("#cases", CaseList)

    @property
    def number(self) -> int | None:
        """The case under the dashboard's cursor."""
        case = self.list.case
        return None if case is None else case.number

    @property
    def toasts(self) -> str:
        """What toasts have said so far."""
        return "\n".join(self._heard)

    async def press(self, *keys: str) -> None:
        """Press keys by name, each when the one before has been seen by the whole screen."""
        for key in keys:
            self.rush(key)
            await self.seen()

    def rush(self, *keys: str) -> None:
        """Press keys without waiting for anything."""
        for key in keys:
            self.app.post_message(events.Key(_character_to_key(key) if len(key) == 1 else key, _character(key)))

    async def type(self, text: str) -> None:
        """Type a text as fast as a terminal hands it over."""
        self.rush(*text)
        await self.seen()

    async def seen(self) -> None:
        """Wait until everything on the screen has seen what was sent to it.

        Keys that wait for a dialog which opens only after some reading are not waited for.
        """
        await asyncio.sleep(0)
        for _ in range(2000):
            if self.app.keys.resting or not self.app.is_running:
                break
            await asyncio.sleep(0.0005)
        await self.pilot._wait_for_screen()  # noqa: SLF001 - a pause waits for an idle processor, which is slow

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait until something holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(
                    f"waited in vain for {what or holds}; the screen says\n{self.text}\n{self.toasts}"
                )
            await self.seen()
            await asyncio.sleep(0.001)

    async def sees(self, words: str) -> None:
        """Wait until the screen shows some words."""
        await self.until(lambda: words in self.text, repr(words))

    async def hears(self, words: str) -> None:
        """Wait until a toast says some words."""
        await self.until(lambda: words in self.toasts, repr(words))

    async def opens(self, name: str) -> None:
        """Wait until a screen of a class is on top and drawn."""
        await self.until(lambda: type(self.screen).__name__ == name and self.screen.is_mounted, name)
        await self.seen()

    @property
    def waiting(self) -> bool:
        """Whether keys wait for what the keys before them have asked for."""
        return bool(self.app.keys._line)  # noqa: SLF001 - the program itself only asks whether all rests

    async def at_rest(self) -> None:
        """Wait until nothing is being read or written, and no key waits for that."""
        for at in range(300):
            if at > 2 and not self.waiting:
                break
            await self.app.session.bridge.read(lambda _: None)
            await self.seen()

    async def beat(self) -> None:
        """Let the app look at the clock and at what others did, as it does each second."""
        await self.app.heart.beat()
        await self.at_rest()


def _listened(app: Casetui) -> list[str]:
    """Return what toasts will have said, those that have gone too."""
    heard: list[str] = []
    post = app.post_message

    def listen(message: Message) -> bool:
        if isinstance(message, Notify):
            heard.append(message.notification.message)
        return post(message)

    app.post_message = listen  # type: ignore[method-assign]
    return heard


@asynccontextmanager
async def sitting(
    desk: TestDesk,
    *,
    size: tuple[int, int] = (110, 34),
    read_only: bool = False,
    agent: str = "ana",
    name: str | None = None,
    looks: Looks | None = None,
    settings: Settings | None = None,
) -> AsyncIterator[Sitting]:
    """Open the program on a desk; the dashboard is drawn when it is handed over."""
    at = Session.at(desk.store.path, desk.clock, agent, read_only=read_only, name=name, settings=settings)
    app = Casetui(at, looks=looks)
    async with app.run_test(size=size, notifications=True) as pilot:
        sat = Sitting(app, pilot)
        app.keys.moment = PATIENCE  # a machine that is busy with other tests is no busy database
        await sat.until(
            lambda: isinstance(app.screen_stack[0], Queues) and app.screen_stack[0].snapshot is not None
        )
        await sat.until(lambda: app.heart.timer.next_at and not app.heart.timer.sweeping, "the timer's first run")
        await sat.at_rest()
        yield sat
    await asyncio.sleep(0)


@asynccontextmanager
async def hung(
    desk: TestDesk, *, size: tuple[int, int] = (120, 36), name: str | None = None, **how: Any
) -> AsyncIterator[Sitting]:
    """Hang a wall; it is drawn when it is handed over."""
    app = WallApp(Session.at(desk.store.path, desk.clock, NOBODY, read_only=True, name=name), **how)
    async with app.run_test(size=size, notifications=True) as pilot:
        sat = Sitting(app, pilot)
        await sat.until(lambda: wall(sat).board is not None and app.heart.timer.next_at, "the board")
        await sat.at_rest()
        yield sat


def wall(sat: Sitting) -> Wall:
    """Return the wall's own screen."""
    screen = sat.app.screen_stack[0]
    assert isinstance(screen, Wall)
    return screen


def _character(key: str) -> str | None:
    """Return what a key types, if it types anything."""
    return key if len(key) == 1 else {"space": " ", "question_mark": "?", "colon": ":", "slash": "/"}.get(key)
