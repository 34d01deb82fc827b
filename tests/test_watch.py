"""Several dashboards on one desk: one runs the timer, another follows it, and no question is put twice."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from casetui.desk.check import problems
from casetui.desk.facts import GAP, last_gap, last_run
from casetui.desk.sweep import Sweeper
from casetui.desk.undo import Undo
from casetui.desk.watch import LEASE, Watch
from casetui.domain.errors import Refused
from casetui.domain.records import Swept, What
from casetui.domain.timer import Missed
from casetui.domain.workflow import Status
from tests.desks import START, HandClock, TestDesk
from tests.sittings import sitting


def watch_of(desk: TestDesk, agent: str) -> Watch:
    """Return another session's part in the watch."""
    return Watch(desk.store, desk.clock, agent)


def test_one_session_has_the_watch_for_as_long_as_it_renews_it(desk: TestDesk, clock: HandClock) -> None:
    """The others are told by whom it is kept."""
    ana, ben = watch_of(desk, "ana"), watch_of(desk, "ben")
    assert ana.take().agent == "ana"
    for _ in range(5):
        clock.advance(minutes=1)
        assert ben.take().agent == "ana"
        assert ana.take().since == START
    ben.leave()
    assert ben.take().agent == "ana"


def test_a_session_that_died_is_followed_within_two_minutes(desk: TestDesk, clock: HandClock) -> None:
    """Not before its lease has ended; one that comes back later finds the watch taken."""
    ana, ben = watch_of(desk, "ana"), watch_of(desk, "ben")
    ana.take()
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert ben.take().agent == "ana"
    clock.advance(seconds=1)
    assert ben.take().agent == "ben"
    assert ana.take().agent == "ben"
    assert timedelta(minutes=2) > LEASE


def test_a_session_that_leaves_is_followed_at_once(desk: TestDesk) -> None:
    """Nobody waits for a lease that was given back."""
    ana, ben = watch_of(desk, "ana"), watch_of(desk, "ben")
    ana.take()
    ana.leave()
    assert ben.keeper() is None
    assert ben.take().agent == "ben"


def test_a_clock_set_back_leaves_nobody_waiting_for_the_future(desk: TestDesk, clock: HandClock) -> None:
    """A watch that was renewed tomorrow is as good as gone."""
    ana, ben = watch_of(desk, "ana"), watch_of(desk, "ben")
    ana.take()
    clock.advance(days=-1)
    assert ben.take().agent == "ben"


def test_a_standstill_is_remembered(desk: TestDesk, clock: HandClock) -> None:
    """From when to when, until there is a longer tale to tell; runs a few minutes apart are none."""
    desk.sweeper.sweep()
    clock.advance(minutes=10)
    desk.sweeper.sweep()
    assert last_gap(desk.store) is None
    begun = clock.now()
    clock.advance(days=3)
    desk.sweeper.sweep()
    clock.advance(minutes=1)
    desk.sweeper.sweep()
    assert last_gap(desk.store) == (begun, begun + timedelta(days=3))
    assert timedelta(minutes=10) < GAP


def test_a_clock_set_back_unwrites_no_run(desk: TestDesk, clock: HandClock) -> None:
    """The timer ran when it ran; when the clock is right again nobody is told of a standstill that was none."""
    desk.sweeper.sweep()
    clock.advance(days=-3)
    desk.sweeper.sweep()
    assert last_run(desk.store) == START
    clock.advance(days=3, minutes=1)
    desk.sweeper.sweep()
    assert last_gap(desk.store) is None


async def test_a_second_dashboard_leaves_the_timer_to_the_first(desk: TestDesk, clock: HandClock) -> None:
    """It says who runs it, does nothing itself, and takes over when the other has gone without a word."""
    number = desk.open()
    desk.ask(number)
    other = watch_of(desk, "ben")
    other.take()
    async with sitting(desk) as sat:
        await sat.sees("timer with ben")
        clock.advance(days=7, seconds=-1)
        other.take()
        clock.advance(seconds=1)
        await sat.beat()
        assert desk.case(number).reminded_at is None
        clock.advance(seconds=LEASE.total_seconds())
        await sat.beat()
        await sat.hears(f"The timer reminded case {number}.")
        await sat.sees("timer on")
    assert other.keeper() is None, "whoever quits leaves the watch"


async def test_a_dashboard_that_is_left_behind_takes_over_at_once(desk: TestDesk) -> None:
    """The other one quit: nothing waits for the next minute."""
    other = watch_of(desk, "ben")
    other.take()
    async with sitting(desk) as sat:
        await sat.sees("timer with ben")
        other.leave()
        await sat.beat()
        await sat.sees("timer on")
        keeper = other.keeper()
        assert keeper is not None
        assert keeper.agent == "ana"


async def test_a_monitor_says_who_runs_the_timer_and_since_when_nobody_does(
    desk: TestDesk, clock: HandClock
) -> None:
    """It takes no part in it."""
    desk.open()
    desk.sweeper.sweep()
    other = watch_of(desk, "ben")
    other.take()
    async with sitting(desk, read_only=True) as sat:
        await sat.sees("timer with ben, last 09:00")
        other.leave()
        clock.advance(days=1)
        await sat.beat()
        await sat.sees("not run since 05 Jan 09:00")
    assert other.keeper() is None


async def test_the_question_is_put_once_to_the_whole_desk(desk: TestDesk, clock: HandClock) -> None:
    """Another dashboard shows that it waits, and does not ask again; a new case is a new question."""
    number = desk.open()
    desk.ask(number)
    desk.sweeper.sweep()
    clock.advance(days=40)
    async with sitting(desk) as sat:
        await sat.opens("MissedDialog")
        await sat.sees("stood still from Mon 05 Jan 09:00 to Sat 14 Feb 09:00 (40 days)")
        await sat.sees("12 days")
        await sat.press("escape")
        await sat.opens("Queues")
    async with sitting(desk, agent="ben") as sat:
        await sat.sees("1 waits for your answer")
        await sat.at_rest()
        assert type(sat.screen).__name__ == "Queues"
    second = desk.open("Labels print twice")
    desk.ask(second)
    clock.advance(days=40)
    async with sitting(desk, agent="ben") as sat:
        await sat.opens("MissedDialog")
        await sat.sees("Meanwhile 2 cases were to be")


async def test_what_was_done_after_a_standstill_says_so(desk: TestDesk, clock: HandClock) -> None:
    """The gap stands in the toast and on the due screen."""
    desk.sweeper.sweep()
    desk.answer(desk.open())
    clock.advance(days=20)
    async with sitting(desk, size=(120, 36)) as sat:
        await sat.hears("The timer had not run since Mon 05 Jan 09:00. It closed case 1.")
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("still from Mon 05 Jan 09:00 to Sun 25 Jan 09:00 (20 days).")


def test_an_agent_reminds_in_the_timers_place(desk: TestDesk, clock: HandClock) -> None:
    """Once a stay: the timer does not do it again, and the closure stays where it was."""
    number = desk.open()
    closes = desk.ask(number).close_at
    clock.advance(days=3)
    case = desk.verbs.remind(number)
    assert (case.reminded_at, case.close_at) == (clock.now(), closes)
    entry = desk.board.newest(number, 1)[0]
    assert (entry.what, entry.by, entry.planned_at) == (What.REMINDED, "ana", START + timedelta(days=7))
    assert desk.board.letters() == (1, 0)
    clock.advance(days=10)
    assert not desk.sweeper.sweep().reminded
    with pytest.raises(Refused, match="was reminded on"):
        desk.verbs.remind(number)
    with pytest.raises(Refused, match="did nothing"):
        Undo(desk.store, clock, "ana").undo()
    assert not list(problems(desk.store))


def test_a_closure_that_is_due_gives_way_to_a_reminder(desk: TestDesk, clock: HandClock) -> None:
    """For a week, as after the question."""
    number = desk.open()
    desk.ask(number)
    clock.advance(days=30)
    assert desk.verbs.remind(number).close_at == clock.now() + timedelta(days=7)
    assert not desk.sweeper.sweep().closed
    clock.advance(days=7)
    assert desk.sweeper.sweep().closed == (number,)
    assert not list(problems(desk.store))


def test_nobody_is_reminded_who_cannot_be(desk: TestDesk) -> None:
    """Without an address, or in a status that promises no reminder."""
    silent, new = desk.open(email=None), desk.open()
    desk.ask(silent)
    with pytest.raises(Refused, match="no e-mail address"):
        desk.verbs.remind(silent)
    with pytest.raises(Refused, match="is New, where nobody is reminded"):
        desk.verbs.remind(new)


async def test_the_due_screen_is_the_timers_agenda(desk: TestDesk, clock: HandClock) -> None:
    """Counts by day, why, the letter as it will be sent, and a reminder sent by hand."""
    number = desk.open()
    desk.ask(number)
    clock.advance(days=3)
    async with sitting(desk, size=(120, 36)) as sat:
        await sat.press("d")
        await sat.opens("Due")
        await sat.sees("0 overdue   0 today   Fri 0   Sat 0   Sun 0   Mon 1   Tue 0   Wed 0   1 later")
        await sat.sees("THIS WEEK, Mon 12 Jan 1")
        await sat.sees("To: j.peeters@example.org")
        await sat.sees(f"Subject: [Case {number}] We wait for your answer")
        await sat.press("v")
        await sat.opens("Tell")
        await sat.press("escape")
        await sat.opens("Due")
        await sat.press("b")
        await sat.opens("Confirm")
        await sat.press("y")
        await sat.hears("is written")
        await sat.sees("Mon 0")
        assert desk.case(number).reminded_at == clock.now()
        assert desk.case(number).status is Status.CUSTOMER_INPUT


async def test_an_agent_waits_for_one_transaction_of_a_sweep_and_not_for_one_a_question(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows from an answer is asked before the sweep goes on; it goes on as soon as nothing is asked."""
    log: list[str] = []

    def steps(_: Sweeper, __: Missed) -> Iterator[Swept]:
        for _step in range(20):
            time.sleep(0.01)
            log.append("step")
            yield Swept(desk.clock.now())

    async with sitting(desk) as sat:
        monkeypatch.setattr(Sweeper, "steps", steps)
        timer, bridge = sat.app.heart.timer, sat.app.session.bridge
        sweep = asyncio.create_task(timer.run(asked=True))
        await sat.until(lambda: len(log) > 2, "the sweep")
        log.append("first question")
        for _ in range(5):
            await bridge.read(lambda _: None)
        log.append("last answer")
        await sweep
    between = log[log.index("first question") : log.index("last answer")]
    assert between.count("step") <= 2  # the one that had begun, and the one that was asked for before
    assert log.count("step") == 20
