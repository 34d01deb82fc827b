"""Keys typed ahead: each is given to what the keys before it have opened, however fast they come."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import ModalScreen

from casetui.tui.keymap import keys_of

MOMENT = 1.0
"""Seconds that keys wait for what a key has asked for: the rows of another queue, the saving of an answer."""
AT_ONCE = ("app.quit", "app.copy")
"""Actions whose keys wait for nothing: whoever wants to quit has waited already."""
_ROUNDS = 200
_PAUSE = 0.005
"""Seconds between two looks at a screen that is busy for long; a key waits a second for it at most."""


class TypeAhead:
    """The line in which keys and pasted text wait until what came before them has had its effect.

    Textual gives a key to what has the focus when it arrives, and runs its binding when it has bubbled back. Who
    types ``s5Why?`` means the picker with the 5 and the composer with the question, not a fifth view. So a key has
    its turn when the key before has been through, when the screen that it opened is there, and, between the
    beginning of a deed and its end, when there is a dialog to take it. What a key asks of the database is waited
    for too, but not for long: the screen stays alive while the database is busy.
    """

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self.moment = MOMENT
        self._at_once = frozenset(chain.from_iterable(map(keys_of, AT_ONCE)))
        self._line: deque[events.Key | events.Paste] = deque()
        self._turn: events.Key | events.Paste | None = None
        self._holders: dict[object, asyncio.TimerHandle | None] = {}
        self._news = asyncio.Event()

    @property
    def resting(self) -> bool:
        """Whether every key has had its effect on the screen, but those that wait for a dialog."""
        return self._turn is None and (not self._line or self._waits)

    def takes(self, event: events.Event) -> bool:
        """Take a key or pasted text into the line, unless its turn has come; say whether it was taken."""
        if not isinstance(event, events.Key | events.Paste):
            return False
        if not self._app.screen_stack:
            return True  # the program is ending: there is nothing left to press it on, nor to find its binding
        if event.is_forwarded or event is self._turn:
            return False
        if isinstance(event, events.Key) and event.key in self._at_once:
            return False
        self._line.append(event)
        self._news.set()
        return True

    def hold(self, holder: object, *, briefly: bool = False) -> None:
        """Let keys wait for a dialog, or until the holder releases them, or for a moment at most."""
        self._forget(holder)
        later = asyncio.get_running_loop().call_later
        self._holders[holder] = later(self.moment, self.release, holder) if briefly else None

    def release(self, holder: object) -> None:
        """Let keys go to whatever is on top, unless somebody else holds them."""
        self._forget(holder)
        self._news.set()

    def opened(self) -> None:
        """Let keys go to the dialog that has just been put on top."""
        self._news.set()

    async def caught_up(self) -> None:
        """Wait until every key has had its effect, as long as there is one that has within a second."""
        left, still = len(self._line), 0
        while (self._line or self._turn is not None) and still < _ROUNDS:
            await asyncio.sleep(_PAUSE)
            still = still + 1 if len(self._line) == left else 0
            left = len(self._line)

    async def serve(self) -> None:
        """Give every key its turn, for as long as the app runs."""
        with suppress(ScreenStackError):  # the last screen is gone: the program is ending
            while await self._news.wait():
                self._news.clear()
                while self._line and not self._waits:
                    self._turn = self._line.popleft()
                    self._app.post_message(self._turn)
                    await self._through()
                    self._turn = None

    @property
    def _waits(self) -> bool:
        return bool(self._holders) and not isinstance(self._app.screen, ModalScreen)

    def _forget(self, holder: object) -> None:
        if (timer := self._holders.pop(holder, None)) is not None:
            timer.cancel()

    async def _through(self) -> None:
        """Wait until a key, and whatever it set off on the screen, has been dealt with."""
        for look in range(_ROUNDS):
            if not any(pump.message_queue_size for pump in self._pumps()):
                for pump in (self._app.focused, self._app.screen, self._app):
                    await _passed(pump)
                if not any(pump.message_queue_size for pump in self._pumps()):
                    return
            await asyncio.sleep(0 if look < _ROUNDS // 2 else _PAUSE)

    def _pumps(self) -> Iterator[MessagePump]:
        yield self._app
        yield from self._app.screen.walk_children(with_self=True)


async def _passed(pump: MessagePump | None) -> None:
    """Wait until a widget has dealt with what it has been sent so far; one that is closing deals with no more."""
    passed = asyncio.Event()
    if pump is not None and pump.call_later(passed.set):
        try:
            await asyncio.wait_for(passed.wait(), 1)
        except TimeoutError:
            return
