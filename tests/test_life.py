"""The desk and an independent model of the support centre's article live the same random life.

The model knows nothing of the program's table and clocks: it is written from SPEC's prose, with the graph of
``test_workflow`` and arithmetic of its own.
"""

import calendar
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from casetui.desk.check import problems
from casetui.domain.errors import Refused
from casetui.domain.records import Request
from casetui.domain.workflow import CommentKind, Status
from tests.desks import HandClock, TestDesk, desk_in
from tests.test_workflow import moves

GRAPH = {start.value: {target.value for target in targets} for start, targets in moves().items()}
WAITING = {
    "pending_customer_input": "update_received",
    "awaiting_customer_confirmation": "reopened",
}
REASONS = {"pending_development": "defect", "pending_content_operations": "clean_up"}


@dataclass
class Model:
    """A case as the article has it."""

    since: datetime
    status: str = "new"
    stay: int = 1
    owner: str | None = None
    unread: bool = False
    newest: str | None = None
    reminded: datetime | None = None
    remind: datetime | None = None
    close: datetime | None = None
    held: bool = False
    held_until: datetime | None = None

    def enter(self, status: str, now: datetime) -> None:
        """Begin a stay."""
        self.status, self.since, self.stay = status, now, self.stay + 1
        self.reminded = self.remind = self.close = self.held_until = None
        self.held = False
        if status == "pending_customer_input":
            self.remind, self.close = now + timedelta(days=7), now + timedelta(days=28)
        if status == "awaiting_customer_confirmation":
            self.close = now + timedelta(days=14)
        if status == "pending_customer_testing":
            month = now.month + 2
            year, month = now.year + month // 12, month % 12 + 1
            day = min(now.day, calendar.monthrange(year, month)[1])
            self.close = now.replace(year=year, month=month, day=day)

    def is_held(self, now: datetime) -> bool:
        """Say whether the timer leaves it alone."""
        return self.held and (self.held_until is None or now < self.held_until)


class Life(RuleBasedStateMachine):
    """Agents, customers, days and the timer, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(TemporaryDirectory())
        self.clock = HandClock()
        self.desk: TestDesk = self.stack.enter_context(desk_in(Path(folder), self.clock))
        self.cases: dict[int, Model] = {}

    def teardown(self) -> None:
        """End with a database that proves itself sound."""
        try:
            assert list(problems(self.desk.store)) == []
        finally:
            self.stack.close()

    def pick(self, data: st.DataObject) -> tuple[int, Model]:
        """Choose a case."""
        return data.draw(st.sampled_from(sorted(self.cases.items(), key=lambda item: item[0])))

    @initialize()
    def begin(self) -> None:
        """Open two cases."""
        for email in ("j@example.org", None):
            self.cases[self.desk.open(email=email)] = Model(self.clock.now())

    @rule(data=st.data(), status=st.sampled_from(list(Status)), commented=st.booleans(), asked=st.booleans())
    def move(self, data: st.DataObject, status: Status, *, commented: bool, asked: bool) -> None:
        """An agent asks for any move at all, with or without what it needs."""
        number, model = self.pick(data)
        name = status.value
        needs_comment = name == "pending_customer_input" or (
            name == "awaiting_customer_confirmation" and model.newest != "public"
        )
        extras: dict[str, Any] = {}
        if asked and name in REASONS:
            extras["reason"] = REASONS[name]
        if asked and name == "pending_release":
            extras["release"] = "2026.1"
        if asked and name == "pending_third_party_provider":
            extras["provider"] = "Proquest"
        legal = (
            name in GRAPH[model.status]
            and (commented or not needs_comment)
            and (bool(extras) or name not in {*REASONS, "pending_release", "pending_third_party_provider"})
            and (name != "pending_release" or model.owner == "ana")
        )
        request = Request(status, comment="Words." if commented else None, **extras)
        self.attempt(lambda: self.desk.verbs.move(number, request), legal=legal)
        if legal:
            model.newest = "public" if commented else model.newest
            model.unread = False
            model.enter(name, self.clock.now())

    @rule(data=st.data(), status=st.sampled_from(list(Status)))
    def override(self, data: st.DataObject, status: Status) -> None:
        """An agent moves a case against the table."""
        number, model = self.pick(data)
        legal = model.status != "closed" and status.value not in {"new", "update_received", "reopened"}
        self.attempt(lambda: self.desk.verbs.move(number, Request(status, override="told so")), legal=legal)
        if legal:
            model.unread = False
            model.enter(status.value, self.clock.now())

    @rule(data=st.data(), kind=st.sampled_from(["customer", "customer", "public", "internal"]))
    def comment(self, data: st.DataObject, kind: str) -> None:
        """Somebody comments."""
        number, model = self.pick(data)
        legal = kind != "customer" or model.status != "closed"
        self.attempt(lambda: self.desk.verbs.comment(number, CommentKind(kind), "Words."), legal=legal)
        if legal:
            model.newest = kind
            model.unread = kind == "customer"
            if kind == "customer" and model.status in WAITING:
                model.enter(WAITING[model.status], self.clock.now())

    @rule(data=st.data(), owner=st.sampled_from(["ana", "ben", None]))
    def assign(self, data: st.DataObject, owner: str | None) -> None:
        """A case changes hands."""
        number, model = self.pick(data)
        self.desk.verbs.assign(number, owner)
        model.owner = owner

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        """An agent opens a case."""
        number, model = self.pick(data)
        self.desk.verbs.read(number)
        model.unread = False

    @rule(data=st.data(), days=st.integers(1, 30))
    def extend(self, data: st.DataObject, days: int) -> None:
        """An agent extends a clock."""
        number, model = self.pick(data)
        legal = model.close is not None
        self.attempt(lambda: self.desk.verbs.extend(number, f"{days}d", "so"), legal=legal)
        if model.close is not None:
            model.close += timedelta(days=days)

    @rule(data=st.data(), days=st.one_of(st.none(), st.integers(1, 30)))
    def hold(self, data: st.DataObject, days: int | None) -> None:
        """An agent holds a clock."""
        number, model = self.pick(data)
        until = None if days is None else f"{days}d"
        legal = model.close is not None
        self.attempt(lambda: self.desk.verbs.hold(number, until, "so"), legal=legal)
        if legal:
            model.held = True
            model.held_until = None if days is None else self.clock.now() + timedelta(days=days)

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """An agent lets a clock go on."""
        number, model = self.pick(data)
        legal = model.is_held(self.clock.now())
        self.attempt(lambda: self.desk.verbs.release(number), legal=legal)
        if legal:
            model.held, model.held_until = False, None

    @rule(days=st.integers(0, 40), seconds=st.integers(0, 86_399))
    def wait(self, days: int, seconds: int) -> None:
        """Time goes by."""
        self.clock.advance(days=days, seconds=seconds)

    @rule()
    @precondition(lambda self: bool(self.cases))
    def sweep(self) -> None:
        """The timer runs."""
        now = self.clock.now()
        reminded, closed, held = [], [], []
        for number, model in self.cases.items():
            reminder_due = model.remind is not None and model.reminded is None and now >= model.remind
            if model.close is not None and now >= model.close:
                if model.is_held(now) or model.unread:
                    held.append(number)
                else:
                    closed.append(number)
                    model.enter("closed", now)
            elif reminder_due:
                if model.is_held(now):
                    held.append(number)
                else:
                    reminded.append(number)
                    model.reminded = now
        swept = self.desk.sweeper.sweep()
        assert (swept.reminded, swept.closed, swept.held) == (tuple(reminded), tuple(closed), tuple(held))

    @invariant()
    def the_desk_is_as_the_model_has_it(self) -> None:
        """Compare every status, stay, deadline and flag."""
        for number, model in self.cases.items():
            case = self.desk.case(number)
            found = (
                case.status.value, case.stay, case.status_since, case.unread, case.owner, case.reminded_at,
                case.remind_at, case.close_at, case.held(self.clock.now()),
            )  # fmt: skip
            assert found == (
                model.status, model.stay, model.since, model.unread, model.owner, model.reminded,
                model.remind, model.close, model.is_held(self.clock.now()),
            )  # fmt: skip

    def attempt(self, verb: object, *, legal: bool) -> None:
        """Do something that the model allows or not, and see that the desk agrees."""
        assert callable(verb)
        try:
            verb()
        except Refused:
            assert not legal
        else:
            assert legal


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_no_case_that_waits_on_a_silent_customer_stays_open_for_ever(desk: TestDesk) -> None:
    """Whatever status with a clock a case entered, a year of silence closes it, reminded at most once."""
    numbers = [desk.open() for _ in range(3)]
    desk.ask(numbers[0])
    desk.answer(numbers[1])
    desk.test(numbers[2])
    reminded: list[int] = []
    for _ in range(365):
        desk.clock.advance(days=1)
        reminded += desk.sweeper.sweep().reminded
    assert {desk.case(number).status for number in numbers} == {Status.CLOSED}
    assert reminded == [numbers[0]]
