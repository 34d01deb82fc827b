"""The timer in the app: sweeps each minute, says that it is alive and what it did, and asks its one question."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casetui.desk.sweep import merged
from casetui.domain.errors import CasetuiError
from casetui.domain.records import Swept
from casetui.domain.timer import Missed
from casetui.tui.session import Session, TimerWords

MINUTE = timedelta(minutes=1)
NAMED = 5
"""Case numbers that a toast names at most."""


class Timer:
    """Runs the sweep for one session; ``told`` is called whenever the top line reads differently."""

    def __init__(self, session: Session, told: Callable[[], None]) -> None:
        self.session = session
        self.told = told
        self.next_at: datetime | None = None
        self.last_run: datetime | None = None
        self.waiting: tuple[int, ...] = ()
        """The cases that are not closed before somebody has answered the one question."""
        self.trouble = ""
        self.letters = ""
        """What is to be said of letters that do not go; nothing where all is well."""
        self.sweeping = False

    def is_time(self, now: datetime) -> bool:
        """Say whether a new minute has begun, by the clock of the session."""
        return self.next_at is None or now >= self.next_at or self.next_at - now > MINUTE

    async def run(self, missed: Missed = Missed.ASK) -> Swept | None:
        """Do all that is due, a transaction at a time, and return it; None where the desk could not be written."""
        now = self.session.clock.now()
        self.next_at = now.replace(second=0) + MINUTE
        if self.sweeping:
            return None
        self.sweeping = True
        try:
            done = await self._sweep(missed, now)
        except CasetuiError as error:
            self.trouble = str(error)
            return None
        else:
            self.trouble, self.last_run, self.waiting = "", now, done.missed
            return done
        finally:
            self.sweeping = False
            self.tell()

    async def watch(self) -> None:
        """Look when the timer ran last, for a session that runs none."""
        now = self.session.clock.now()
        self.next_at = now.replace(second=0) + MINUTE
        self.last_run = await self.session.bridge.read(lambda desk: desk.board.last_run)
        self.tell()

    async def count_letters(self, words: Callable[[int, int], str]) -> None:
        """Look how many letters wait and how many failed, and say so in ``words``."""
        try:
            count = await self.session.bridge.read(lambda desk: desk.board.letters())
        except CasetuiError:
            return  # the sweep has said what is wrong with the database
        self.letters = words(*count)
        self.tell()

    def tell(self, done: int = 0) -> None:
        """Put the state of the timer into words."""
        self.session.timer = self._words(done)
        self.told()

    async def _sweep(self, missed: Missed, now: datetime) -> Swept:
        bridge, total = self.session.bridge, Swept(now)
        steps = await bridge.write(lambda desk: desk.sweeper.steps(missed))
        while (step := await bridge.write(lambda _: next(steps, None))) is not None:
            total = merged(total, step)
            self.tell(len(total.reminded) + len(total.closed))
        return total

    def _words(self, done: int) -> TimerWords:
        last = f"{self.session.local(self.last_run):%H:%M}" if self.last_run else "never"
        if self.session.read_only:
            ran = f", last run {last}" if self.last_run else ""
            return TimerWords(f"timer off (read-only){ran}", "timer off (read-only)")
        if self.trouble:
            return TimerWords(f"timer waits: {self.trouble}", "timer waits for the database", "alarm")
        if done:
            return TimerWords(f"timer at work: {done} done", "", "good")
        following = f"{self.session.local(self.next_at):%H:%M}" if self.next_at else "soon"
        if self.waiting:
            many = len(self.waiting)
            asks = "1 waits for your answer" if many == 1 else f"{many} wait for your answer"
            return TimerWords(f"timer on, next {following}, {asks}: d !", f"{asks}: d !", "warn")
        on = f"timer on, last {last}, next {following}"
        if self.letters:
            return TimerWords(f"{on}; {self.letters}", f"timer on; {self.letters.partition(':')[0]}", "warn")
        return TimerWords(on, f"timer on, next {following}", "good")


def summary(done: Swept) -> str:
    """Say in one sentence what a sweep did; nothing where it did nothing."""
    said = []
    if done.reminded:
        said.append(f"reminded {_named(done.reminded)}")
    if done.closed:
        said.append(f"closed {_named(done.closed)}")
    return f"The timer {' and '.join(said)}." if said else ""


def _named(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"case {numbers[0]}"
    named = f" ({', '.join(map(str, numbers))})" if len(numbers) <= NAMED else ""
    return f"{len(numbers)} cases{named}"
