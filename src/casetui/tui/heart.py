"""What happens by itself: each second a look at the clock and at what others did, each minute the timer."""

import sys
from collections.abc import Callable, Sequence

from textual.app import App
from textual.screen import ModalScreen

from casetui.domain.errors import CasetuiError
from casetui.domain.timer import Missed
from casetui.tui.hands import Hands
from casetui.tui.postman import Postman
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.session import Session
from casetui.tui.timer import Timer, summary

BEAT = 1.0
"""Seconds between two looks at the clock and at what others have changed."""
PATIENCE = 2
"""Beats that the database thread may be busy before the top line says so."""


class Heart:
    """Beats as long as the app runs.

    ``seen`` returns the screen that is to hear of it, ``hang_up`` ends the app where the terminal is gone.
    """

    def __init__(
        self,
        app: App[None],
        session: Session,
        hands: Hands,
        seen: Callable[[], DeskScreen | None],
        hang_up: Callable[[], None],
    ) -> None:
        self.app = app
        self.session = session
        self.hands = hands
        self.timer = Timer(session, self._tell)
        self.postman = Postman(session.bridge.path, session.clock, session.bridge.settings)
        self._seen = seen
        self._hang_up = hang_up
        self._beats = 0
        """For how many beats the present one has lasted; none where there is none."""
        self._pulse: tuple[int, ...] = ()

    def start(self) -> None:
        """Begin to beat, a beat from now."""
        self.app.set_interval(BEAT, self.tick)

    def stop(self) -> None:
        """Finish what is being sent, and leave the timer to another session."""
        self.postman.stop()
        if self.timer.keeps:
            self.session.bridge.post(lambda desk: desk.watch.leave())

    def tick(self) -> None:
        """Beat, unless the beat before still waits for the desk; that is said if it lasts."""
        if self._is_orphaned():
            self._hang_up()
            return
        if self._beats:
            self._beats += 1
            if self._beats > PATIENCE and not self.timer.sweeping:
                self.timer.trouble = f"database busy, trying again ({self._beats - 1} s)"
                self.timer.tell()
            return
        self._beats = 1
        self.app.run_worker(self._tick(), group="beat")

    async def beat(self) -> None:
        """Look whether others have changed something, and whether a minute has passed."""
        try:
            written = await self.session.bridge.read(lambda desk: desk.store.changed())
            self.session.seen = self.session.clock.now()
            changed = written and await self._is_news()
            if written:
                self.timer.see(await self.session.bridge.read(lambda desk: desk.watch.keeper()))
        except CasetuiError as error:
            self.session.lost(error)
            self._tell()
            return
        if self.timer.is_time(self.session.clock.now()):
            await self._minute()
        elif (changed or self.session.stale) and (screen := self._seen()) is not None:
            screen.reload()
        if changed and self.hands.composing is not None:
            from casetui.tui.writing import tell_meanwhile  # noqa: PLC0415 - read when first wanted

            await tell_meanwhile(self.session, self.hands.composing)

    async def sweep(self, missed: Missed = Missed.ASK, *, asked: bool = False) -> None:
        """Run the timer, say what it did, and ask its one question if nobody has been asked."""
        done = await self.timer.run(missed, asked=asked)
        self.postman.go()
        await self.timer.count_letters(self.postman.words)
        if done is not None and (said := summary(done, self._stood_since())):
            self.app.notify(said, title="Timer", timeout=8)
        self._passed()
        if self.timer.waiting and self.timer.unasked and not isinstance(self.app.screen, ModalScreen):
            self.timer.unasked = False
            self.hands.begin(self._decide(self.timer.waiting))

    async def apply(self) -> None:
        """Let the timer do what is due, after asking; what waits for an answer is asked about."""
        from casetui.tui.deeds import apply, never_reminded  # noqa: PLC0415 - read when first wanted

        if waiting := await never_reminded(self.hands):
            await self._decide(waiting)
        elif await apply(self.hands):
            self.hands.let_go()
            await self.sweep(asked=True)

    async def _tick(self) -> None:
        try:
            await self.beat()
        finally:
            busy, self._beats = self._beats > PATIENCE, 0
            if busy:
                self.timer.trouble = ""
                self.timer.tell()

    async def _minute(self) -> None:
        """Let the timer do what is due, and draw what reads differently now."""
        if self.session.read_only:
            await self.timer.watch()
            self._passed()
        else:
            await self.sweep()

    async def _decide(self, waiting: Sequence[int]) -> None:
        """Ask what becomes of the cases whose closure is due and whose reminder never went."""
        from casetui.tui.deeds import decide  # noqa: PLC0415 - read when first wanted

        answer = await decide(self.hands, waiting)
        self.hands.let_go()
        if answer is not Missed.ASK:
            await self.sweep(answer, asked=True)

    def _is_orphaned(self) -> bool:
        """Say whether the terminal is gone; the signal that says so reaches only what is in its foreground.

        Textual would read what is no longer there for ever, and take a processor for it.
        """
        return not self.app.is_headless and sys.__stdin__ is not None and not sys.__stdin__.isatty()

    async def _is_news(self) -> bool:
        """Say whether what others wrote is more than that they looked at something, or are still there."""
        before, self._pulse = self._pulse, await self.session.bridge.read(lambda desk: desk.board.pulse())
        return before != self._pulse

    def _stood_since(self) -> str:
        since = self.timer.stood_since
        return f"{self.session.local(since):%a %d %b %H:%M}" if since else ""

    def _passed(self) -> None:
        if (screen := self._seen()) is not None:
            screen.tick()
            screen.reload()
        self._tell()

    def _tell(self) -> None:
        if (screen := self._seen()) is not None:
            screen.tell()
