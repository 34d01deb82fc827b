"""The timer in the app: sweeps each minute, says that it is alive and what it did, and asks its one question."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from casetui.desk.facts import GAP
from casetui.desk.sweep import merged
from casetui.desk.watch import Keeper
from casetui.domain.clocks import stamp
from casetui.domain.errors import CasetuiError
from casetui.domain.records import Swept
from casetui.domain.timer import Missed
from casetui.tui.bridge import Desk
from casetui.tui.session import Session, TimerWords

MINUTE = timedelta(minutes=1)
ASIDE = 0.01
"""Seconds without a question after which a sweep goes on: what follows from an answer is asked sooner."""
NAMED = 5
"""Case numbers that a toast names at most."""


class Timer:
    """Runs the sweep for one session, or watches another do it; ``told`` is called when the top line changes.

    One session at a time has the watch. The others take over when it has gone; cron's sweeps need no watch.
    """

    def __init__(self, session: Session, told: Callable[[], None]) -> None:
        self.session = session
        self.told = told
        self.next_at: datetime | None = None
        self.last_run: datetime | None = None
        self.keeper: Keeper | None = None
        self.keeps = False
        """Whether this session has the watch."""
        self.stood_since: datetime | None = None
        """When the timer had run last, if that was long before this session's first sweep."""
        self.waiting: tuple[int, ...] = ()
        """The cases that are not closed before somebody has answered the one question."""
        self.unasked = False
        """Whether nobody has been asked about some of them."""
        self.trouble = ""
        self.letters = ""
        """What is to be said of letters that do not go; nothing where all is well."""
        self.sweeping = False

    def is_time(self, now: datetime) -> bool:
        """Say whether a new minute has begun, by the clock of the session, or nobody runs the timer any more."""
        if self.next_at is None or now >= self.next_at or self.next_at - now > MINUTE:
            return True
        orphaned = self.keeper is None or self.keeper.is_gone(now)
        return orphaned and not self.session.read_only and not self.sweeping and not self.trouble

    async def run(self, missed: Missed = Missed.ASK, *, asked: bool = False) -> Swept | None:
        """Do all that is due, a transaction at a time, and return it.

        None where another session has the watch, unless the agent ``asked`` for it, and where the desk could not
        be written.
        """
        now = self.session.clock.now()
        self.next_at = now.replace(second=0) + MINUTE
        if self.sweeping:
            return None
        self.sweeping = True
        try:
            if not await self._take_watch() and not asked:
                return None
            done = await self._sweep(missed, now)
        except CasetuiError as error:
            self.trouble = str(error)
            return None
        else:
            self.trouble, self.last_run = "", now
            return done
        finally:
            self.sweeping = False
            self.tell()

    async def watch(self) -> None:
        """Look when the timer ran last and who runs it, for a session that runs none."""
        now = self.session.clock.now()
        self.next_at = now.replace(second=0) + MINUTE
        self.last_run, self.keeper = await self.session.bridge.read(
            lambda desk: (desk.board.last_run, desk.watch.keeper())
        )
        self.tell()

    def see(self, keeper: Keeper | None) -> None:
        """Note who has the watch now."""
        if (keeper and keeper.token) != (self.keeper and self.keeper.token):
            self.keeper = keeper
            self.tell()
        self.keeper = keeper

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
        self.session.timer = replace(self._words(done), story=self._story())
        self.told()

    async def _take_watch(self) -> bool:
        def take(desk: Desk) -> tuple[Keeper, str, datetime | None]:
            return desk.watch.take(), desk.watch.token, desk.board.last_run

        first = self.keeper is None
        keeper, token, last = await self.session.bridge.write(take)
        self.keeper, self.keeps = keeper, keeper.token == token
        if self.keeps:
            away = first and last is not None and self.session.clock.now() - last > GAP
            self.stood_since = last if away else None
        else:
            self.last_run, self.waiting, self.trouble = last, (), ""
        return self.keeps

    async def _sweep(self, missed: Missed, now: datetime) -> Swept:
        bridge, total = self.session.bridge, Swept(now)
        steps = await bridge.write(lambda desk: desk.sweeper.steps(missed))
        questions = bridge.asked
        while (step := await bridge.write(lambda _: next(steps, None))) is not None:
            total = merged(total, step)
            self.tell(len(total.reminded) + len(total.closed))
            questions = await self._stand_aside(questions + 1)
        self.waiting, self.unasked = total.missed, False
        if total.missed:
            asked = await bridge.read(lambda desk: desk.watch.asked())
            self.unasked = not asked.issuperset(total.missed)
        return total

    async def _stand_aside(self, asked: int) -> int:
        """Wait as long as somebody goes on to ask the desk for more than so much; return how much it has come to.

        What an agent does is several questions, one because of the other: each would wait for a transaction.
        """
        while (so_far := self.session.bridge.asked) > asked:
            asked = so_far
            await asyncio.sleep(ASIDE)
        return asked

    def _words(self, done: int) -> TimerWords:
        last = f"{self.session.local(self.last_run):%H:%M}" if self.last_run else "never"
        if self.trouble:
            return TimerWords(f"timer waits: {self.trouble}", "timer waits for the database", "alarm")
        if done:
            return TimerWords(f"timer at work: {done} done", "", "good")
        if self.session.read_only or (self.keeper is not None and not self.keeps):
            return self._watching(last)
        following = f"{self.session.local(self.next_at):%H:%M}" if self.next_at else "soon"
        if self.waiting:
            many = len(self.waiting)
            asks = "1 waits for your answer" if many == 1 else f"{many} wait for your answer"
            return TimerWords(f"timer on, next {following}, {asks}: d !", f"{asks}: d !", "warn")
        on = f"timer on, last {last}, next {following}"
        if self.letters:
            return TimerWords(f"{on}; {self.letters}", f"timer on; {self.letters.partition(':')[0]}", "warn")
        return TimerWords(on, f"timer on, next {following}", "good")

    def _story(self) -> str:
        """Say in a sentence who runs the timer since when, when it ran and what becomes of the letters."""
        now, zone = self.session.clock.now(), self.session.policy.zone
        ran = f"last run {stamp(self.last_run, zone, now=now)}" if self.last_run else "it never ran"
        letters = f", {self.letters}" if self.letters else ""
        if self.keeper is None or self.keeper.is_gone(now):
            return f"No dashboard runs the timer; {ran}{letters}."
        who = "This session" if self.keeps else f"A dashboard of {self.keeper.agent}"
        return f"{who} runs the timer since {stamp(self.keeper.since, zone, now=now)}; {ran}{letters}."

    def _watching(self, last: str) -> TimerWords:
        """Say who runs the timer, for a session that does not."""
        now = self.session.clock.now()
        if self.keeper is not None and not self.keeper.is_gone(now):
            own = self.keeper.agent == self.session.agent
            who = "in your other session" if own else f"with {self.keeper.agent}"
            return TimerWords(f"timer {who}, last {last}", f"timer {who}", "plain")
        if self.last_run is not None and now - self.last_run > GAP:
            since = stamp(self.last_run, self.session.policy.zone, now=now)
            return TimerWords(f"timer off: not run since {since}", f"not run since {since}", "warn")
        ran = f", last run {last}" if self.last_run else ""
        return TimerWords(f"timer off (read-only){ran}", "timer off (read-only)")


def summary(done: Swept, stood_since: str = "") -> str:
    """Say what a sweep did, after it had stood still since an instant; nothing where it did nothing."""
    said = []
    if done.reminded:
        said.append(f"reminded {_named(done.reminded)}")
    if done.closed:
        said.append(f"closed {_named(done.closed)}")
    if stood_since:
        return f"The timer had not run since {stood_since}. It {' and '.join(said) or 'found nothing to do'}."
    return f"The timer {' and '.join(said)}." if said else ""


def _named(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"case {numbers[0]}"
    named = f" ({', '.join(map(str, numbers))})" if len(numbers) <= NAMED else ""
    return f"{len(numbers)} cases{named}"
