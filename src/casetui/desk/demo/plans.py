"""Which cases a demo has: how many in each status, how they came there and when, which clocks run out soon."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from heapq import merge
from itertools import pairwise
from operator import attrgetter, itemgetter

from msgspec import Struct

from casetui.desk.demo.cast import Account, Cast, Matter, pick
from casetui.desk.demo.rhythm import DAY, HOUR, MINUTE, Calendar, working_after, working_before
from casetui.desk.demo.routes import (
    CLONED,
    CUSTOMER,
    FIRST_LIVES,
    LAPSES,
    OPEN,
    QUICK,
    SHORT,
    SLOTS,
    STAYED,
    STEPS,
    TO,
    Route,
    Slot,
)  # fmt: skip
from casetui.domain.workflow import Status

LARGE = 5_000
"""More cases than this are a large desk, most of whose closed cases were simple."""
_SHORT = 0.92
_OFFICE = HOUR
"""The support team's distance from UTC, in seconds."""
_SMALL, _OPEN_OF_SMALL, _OPEN_OF_LARGE = 300, 0.65, 0.05
_YOUNG, _OLD, _GROWN_UP = 365 * DAY, 1_461 * DAY, 1_000
"""A desk with more cases than a thousand is four years old."""
_SETTLED = 5 * DAY
"""No case that was opened less than this ago is planned as closed."""
_ACCOUNT_BITS = 10
_ACCOUNT_MASK = (1 << _ACCOUNT_BITS) - 1
_CLONES, _MOST_CLONES = 60, 40
"""One case in so many is a clone, up to a number."""

_IN_WORK = (Status.IN_PROGRESS, Status.TIER_1, Status.TIER_2)
_PATIENT = {*_IN_WORK, Status.DEVELOPMENT, Status.RELEASE, Status.CONTENT, Status.THIRD_PARTY}
_IMPATIENT = 6 * DAY
_ASKED_AFTER = ((0.2, ("chase",)), (0.3, ("chase", "update")), (0.42, ("update",)))
"""How likely customers ask for news after so long, and agents give it."""
_ASSIGNED_EARLY = {Status.NEW: 0.15, Status.UNDER_REVIEW: 0.4}
_LEFT_LYING = {Status.IN_PROGRESS, Status.TIER_1, Status.CUSTOMER_INPUT, Status.CONTENT}
_UNASSIGNED, _READ_ALREADY, _MAILLESS = 0.07, 0.3, 0.04


class Plan(Struct):
    """What is to happen to one case: its acts up to the last move, those after it, and what sets it apart.

    ``times`` are those of the acts of ``head``; ``later`` are the acts of ``tail`` that have happened by now.
    """

    number: int
    status: Status
    kind: str
    account: Account
    head: tuple[str, ...]
    tail: tuple[str, ...]
    times: Sequence[int] = ()
    later: Sequence[tuple[str, int]] = ()
    held_until: int | None = None
    why: str | None = None
    mailless: bool = False
    unassigned: bool = False
    assigned: bool = False
    parent: "Plan | None" = None
    clone: "Plan | None" = None
    matter: Matter | None = None

    @property
    def opened(self) -> int:
        """When the case is opened."""
        return self.times[0]

    @property
    def since(self) -> int:
        """When it came into its status."""
        return self.times[-1]

    def offset(self, act: str) -> int:
        """Return how far from UTC, in seconds, the one works who does an act."""
        return self.account.offset if STEPS[act].actor == CUSTOMER else _OFFICE


class Planner:
    """Plans a desk, seen at ``now``, whose timer ran last at ``last_run``."""

    def __init__(self, cast: Cast, calendar: Calendar, now: int, last_run: int) -> None:
        self.cast = cast
        self.rng = cast.rng
        self.calendar = calendar
        self.now = now
        self.last_run = last_run
        self.large = False

    def plans(self, cases: int) -> Iterator[Plan]:
        """Yield the plan of every case, numbered in the order in which they are opened."""
        share = max(_OPEN_OF_LARGE * cases, _OPEN_OF_SMALL * min(cases, _SMALL))
        self.large = cases > LARGE
        shares = _shares(min(cases, round(share)))
        standing = [plan for status, count in shares for plan in self._queue(status, count)]
        clones = min(cases - len(standing), cases // _CLONES, _MOST_CLONES)
        standing += self._first_lives(standing, clones)
        standing.sort(key=attrgetter("opened"))
        closed = self._closed(cases - len(standing), _YOUNG if cases <= _GROWN_UP else _OLD)
        for index, plan in enumerate(standing):
            plan.number = index + bisect_left(closed, plan.opened << _ACCOUNT_BITS) + 1
        known_ones = ((plan.opened << _ACCOUNT_BITS, plan) for plan in _given_up(standing))
        keyed = merge(known_ones, ((key, None) for key in closed), key=itemgetter(0))
        for number, (key, known) in enumerate(keyed, 1):
            account = self.cast.accounts[key & _ACCOUNT_MASK]
            plan = known or self._finished(number, key >> _ACCOUNT_BITS, account)
            plan.later = self._trailing(plan)
            yield plan

    def _queue(self, status: Status, count: int) -> Iterator[Plan]:
        """Yield the open cases of a status: those with a clock that is worth watching, then the others."""
        slots = SLOTS.get(status, ())[: max(1, count * 2 // 3)]
        for index in range(count):
            route = pick(self.rng, TO[status])
            account = pick(self.rng, self.cast.accounts)
            if index < len(slots):
                yield self._watched(status, route, account, slots[index])
            else:
                plan = Plan(0, status, route.kind, account, *_split(route.acts))
                self._place(plan, self._since(plan))
                self._embellish(plan)
                yield plan

    def _watched(self, status: Status, route: Route, account: Account, slot: Slot) -> Plan:
        row = status.row
        due, period = (slot.reminds, row.reminder) if slot.closes is None else (slot.closes, row.closure)
        if due is None or period is None:
            raise ValueError(status)
        head, _ = _split(route.acts)
        plan = Plan(0, status, route.kind, account, head, (slot.act,) if slot.act else ())
        plan.mailless = slot.mailless
        if slot.act in ("hold", "extend"):
            plan.why = pick(self.rng, self.cast.reasons[slot.act])
        if slot.until is not None:
            plan.held_until = self.now + slot.until
        self._place(plan, self.calendar.before(period, self.now + due + int(self.rng.random() * MINUTE)))
        return plan

    def _since(self, plan: Plan) -> int:
        """Return when an open case came into its status, not so long ago that it would be closed by now."""
        least, most = STAYED[plan.status]
        closure, chance = plan.status.row.closure, self.rng.random()
        hours = least * (most / least) ** chance if closure is None else least + (most - least) * chance
        since = working_before(self.now - int(hours * HOUR), plan.offset(plan.head[-1]))
        if closure is not None and self.calendar.after(closure, since) <= self.last_run:
            return self.calendar.before(closure, self.last_run) + int((1 + chance) * DAY)
        return since

    def _embellish(self, plan: Plan) -> None:
        """Let some customers ask for news, some agents give it, and leave some cases without owner or address."""
        chance, waited = self.rng.random(), self.now - plan.since
        if plan.status in _PATIENT and waited > _IMPATIENT:
            plan.tail += next((tail for limit, tail in _ASKED_AFTER if chance < limit), ())
        elif chance < _ASSIGNED_EARLY.get(plan.status, 0):
            plan.tail += ("assign",)
        elif plan.status is Status.REOPENED and chance < _READ_ALREADY:
            plan.tail = ("read",)
        plan.unassigned = plan.status in _LEFT_LYING and self.rng.random() < _UNASSIGNED
        plan.mailless = self.rng.random() < _MAILLESS

    def _place(self, plan: Plan, since: int) -> None:
        """Give every act up to the last move its time, from the last one backwards."""
        times, at = [since], since
        for act, before in zip(plan.head[:0:-1], plan.head[-2::-1], strict=True):
            at = working_before(at - self._gap(act), plan.offset(before))
            times.append(at)
        plan.times = times[::-1]

    def _gap(self, act: str, pace: float = 1.0) -> int:
        """Return how many seconds pass before an act."""
        step = STEPS[act]
        return int(step.least * (step.most / step.least) ** (self.rng.random() * pace) * HOUR)

    def _trailing(self, plan: Plan) -> list[tuple[str, int]]:
        """Return what happens after the last move, each act at a time that has come by now."""
        at, later = plan.since, []
        for act in plan.tail:
            then = working_after(at + self._gap(act), plan.offset(act))
            at = then if then < self.now else at + int((self.now - at) * (0.3 + 0.6 * self.rng.random()))
            later.append((act, at))
        return later

    def _first_lives(self, standing: Sequence[Plan], count: int) -> list[Plan]:
        """Make some open cases clones, and return the closed ones that they came from."""
        able = [plan for plan in standing if plan.status in CLONED and not plan.tail]
        return [self._first_life(clone) for clone in able[:: max(1, len(able) // max(1, count))][:count]]

    def _first_life(self, clone: Plan) -> Plan:
        clone.head = CLONED[clone.status].acts
        self._place(clone, clone.since)
        route = pick(self.rng, FIRST_LIVES)
        parent = Plan(0, Status.CLOSED, route.kind, clone.account, *_split(route.acts))
        parent.clone, clone.parent = clone, parent
        closed = clone.opened - int(self.rng.uniform(1, 25) * DAY)
        self._place(parent, working_before(closed, clone.account.offset))
        return parent

    def _closed(self, count: int, span: int) -> Sequence[int]:
        """Return when closed cases are opened, in order, each with its account in the lowest bits.

        A plain number a case: a million plans would not fit.
        """
        keys, accounts = array("q"), self.cast.accounts
        for _ in range(count):
            account = int(self.rng.random() * len(accounts))
            opened = self.now - _SETTLED - int(self.rng.random() * (span - _SETTLED))
            keys.append(working_before(opened, accounts[account].offset) << _ACCOUNT_BITS | account)
        return array("q", sorted(keys))

    def _finished(self, number: int, opened: int, account: Account) -> Plan:
        """Plan a closed case from its opening on; at a quicker pace where it would not be closed by now."""
        short = self.large and self.rng.random() < _SHORT
        route, pace = pick(self.rng, SHORT if short else TO[Status.CLOSED]), 1.0
        while True:
            plan = Plan(number, Status.CLOSED, route.kind, account, *_split(route.acts))
            plan.assigned = short
            plan.mailless = self.rng.random() < _MAILLESS
            if self._forward(plan, opened, pace):
                return plan
            route, pace = pick(self.rng, QUICK), pace * 0.6

    def _forward(self, plan: Plan, opened: int, pace: float) -> bool:
        """Give every act its time, from the first one on, and say whether the last has come by now."""
        at, times = opened, [opened]
        for before, act in pairwise(plan.head):
            if (closure := LAPSES.get(before) if act == "lapse" else None) is not None:
                at = self.calendar.after(closure, at) + int(self.rng.random() * MINUTE)
            else:
                at = working_after(at + self._gap(act, pace), plan.offset(act))
            times.append(at)
        plan.times = times
        return at < (self.last_run if plan.head[-1] == "lapse" else self.now)


def _shares(count: int) -> list[tuple[Status, int]]:
    """Share a number of open cases out among the statuses, the rest to those that are furthest below."""
    whole = sum(OPEN.values())
    shares = {status: count * weight // whole for status, weight in OPEN.items()}
    for status in sorted(OPEN, key=lambda status: -(count * OPEN[status] % whole))[: count - sum(shares.values())]:
        shares[status] += 1
    return list(shares.items())


def _given_up(plans: list[Plan]) -> Iterator[Plan]:
    """Yield plans in their order, and hold none that has been lived."""
    plans.reverse()
    while plans:
        yield plans.pop()


@cache
def _split(acts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the acts up to the last one that moves, and those after it."""
    last = max(index for index, act in enumerate(acts) if STEPS[act].moves) + 1
    return acts[:last], acts[last:]
