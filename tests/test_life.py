"""The desk and the article live the same random life: every verb, every sweep, every change of the clock.

``CASETUI_LIVES`` and ``CASETUI_LIFE_STEPS`` in the environment make more and longer lives.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casetui.desk.check import problems
from casetui.desk.outbox import CommentPost, Outbox
from casetui.desk.policies import PolicyBook
from casetui.desk.post import Answer, Fate, Post
from casetui.desk.stops import Stops
from casetui.desk.undo import Undo
from casetui.domain.clocks import rfc3339
from casetui.domain.errors import Overtaken, Refused
from casetui.domain.letters import Letter
from casetui.domain.mail import Mail
from casetui.domain.query import parse
from casetui.domain.records import Case, Facts, Priority, Request
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Status
from casetui.storage.tables import Entries, Letters
from tests.article import ASKS, CUSTOMERS_MOVES, MOVES, Act, Article, Done, No, Standing
from tests.desks import HandClock, TestDesk, desk_in

LIVES = int(os.environ.get("CASETUI_LIVES", "40"))
STEPS = int(os.environ.get("CASETUI_LIFE_STEPS", "40"))
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney")
BEGINNINGS = (
    "2026-01-05T09:00", "2025-11-30T23:30", "2024-02-29T12:00",
    "2026-03-22T01:30", "2026-10-18T00:30", "2026-10-25T05:30", "2026-03-28T15:30",  # a week before clocks change
)  # fmt: skip
PERIODS = {
    "pending_customer_input.reminder": ("36h", "3d", "7d", "14d", "30d"),
    "pending_customer_input.closure": ("5d", "10d", "21d", "28d", "60d", "3mo"),
    "pending_customer_testing.closure": ("1mo", "3mo", "100d"),
    "awaiting_customer_confirmation.closure": ("36h", "14d", "1mo"),
}
CHANGES = [(key, period) for key, periods in PERIODS.items() for period in periods]
WORDS = {
    "pending_development": "defect", "pending_content_operations": "clean_up",
    "pending_release": "2026.1", "pending_third_party_provider": "Proquest",
}  # fmt: skip
"""What a move is told that asks for a fact."""
LENGTHS = st.one_of(
    st.timedeltas(timedelta(0), timedelta(seconds=90)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(days=6), timedelta(days=100)),
    st.timedeltas(timedelta(days=-12), timedelta(0)),
)
AGENT = st.sampled_from(["ana", "ben"])
AT = st.integers(0, 4)
"""Which case, counted round and round."""
MOST = 5
MISSED = {"close": Missed.APPLY, "remind": Missed.REMIND, "ask": Missed.ASK}
"""What becomes of the never reminded."""


class Answering(Post):
    """A post whose server gives every letter the same answer."""

    def __init__(self, fate: str) -> None:
        super().__init__(Mail("mail.example.org", "support@example.org", 25), None)
        self.answer = Answer(
            {"sent": Fate.SENT, "again": Fate.AGAIN, "never": Fate.NEVER, "down": Fate.DOWN}[fate]
        )

    def open(self) -> Answer | None:
        """Find the server, or find it gone."""
        return self.answer if self.answer.fate is Fate.DOWN else None

    def send(self, letter: Letter, thread: str, written_at: datetime) -> Answer:
        """Hand over a letter."""
        return self.answer


@cache
def empty_desk() -> Path:
    """Return a desk without a case, made once: a file is copied faster than a schema is made."""
    folder = Path(mkdtemp(prefix="casetui-life-"))
    with desk_in(folder) as desk:
        desk.store.database.pragma("journal_mode", "delete")
    return folder / "desk.db"


class Life(RuleBasedStateMachine):
    """Two agents, their customers, the timer and the clock: what the article does, the desk has to do as well."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        copyfile(empty_desk(), folder / "desk.db")
        self.clock = HandClock()
        self.desk: TestDesk = self.stack.enter_context(desk_in(folder, self.clock))
        self.article = Article()
        post = CommentPost(self.desk.store)
        self.hands = {name: Stops(self.desk.store, self.clock, name, post) for name in ("ana", "ben")}

    def teardown(self) -> None:
        """End with a database that proves itself sound."""
        try:
            assert list(problems(self.desk.store)) == []
        finally:
            self.stack.close()

    @property
    def now(self) -> datetime:
        """The instant that both go by."""
        return self.clock.now()

    def pick(self, at: int) -> tuple[int, Standing]:
        """Return one of the cases."""
        number = at % len(self.article.cases) + 1
        return number, self.article.cases[number]

    def attempt(self, rules: Callable[[], object], verb: Callable[[], object]) -> None:
        """Do the same at both desks: either both do it, or both refuse."""
        try:
            rules()
        except No:
            allowed = False
        else:
            allowed = True
        try:
            verb()
        except Refused:
            done = False
        else:
            done = True
        assert done is allowed

    @initialize(begin=st.sampled_from(BEGINNINGS), zone=st.sampled_from(ZONES))
    def begin(self, begin: str, zone: str) -> None:
        """Open two cases, one of them without an address."""
        self.clock.instant = datetime.fromisoformat(begin).replace(tzinfo=UTC)
        self.zone(zone, move_running=False)
        for email in ("j@example.org", None):
            self.open("ana", email)

    @rule(agent=AGENT, email=st.sampled_from(["k@example.org", None]))
    def open(self, agent: str, email: str | None) -> None:
        """Open a case."""
        if len(self.article.cases) < MOST:
            number = self.article.open(Act(agent, self.now), email)
            assert self.hands[agent].open(Facts("A case", email=email)).number == number

    @rule(agent=AGENT, at=AT)
    def clone(self, agent: str, at: int) -> None:
        """Open a case from another."""
        number, _ = self.pick(at)
        if len(self.article.cases) < MOST:
            copied = self.article.clone(Act(agent, self.now), number)
            assert self.hands[agent].clone(number).number == copied

    @rule(
        agent=AGENT, at=AT, data=st.data(), told=st.sampled_from([True, True, True, False]), comment=st.booleans()
    )
    def move(self, agent: str, at: int, data: st.DataObject, *, told: bool, comment: bool) -> None:
        """Ask for a move of the table, mostly with all that it wants."""
        number, case = self.pick(at)
        legal = MOVES[case.status].split()
        if legal:
            self.ask_for(agent, number, data.draw(st.sampled_from(legal)), told=told, comment=comment)

    @rule(agent=AGENT, at=AT, goal=st.sampled_from(list(MOVES)), comment=st.booleans())
    def any_move(self, agent: str, at: int, goal: str, *, comment: bool) -> None:
        """Ask for any move at all."""
        self.ask_for(agent, self.pick(at)[0], goal, told=True, comment=comment)

    def ask_for(self, agent: str, number: int, goal: str, *, told: bool, comment: bool) -> None:
        """Ask for a move."""
        fact = told and goal in ASKS
        facts: dict[str, Any] = {ASKS[goal]: WORDS[goal]} if fact else {}
        request = Request(Status(goal), comment="Words." if comment else None, **facts)
        self.attempt(
            lambda: self.article.move(Act(agent, self.now), number, goal, comment=comment, fact=fact),
            lambda: self.hands[agent].move(number, request),
        )

    @rule(agent=AGENT, at=AT, goal=st.sampled_from(list(MOVES)))
    def override(self, agent: str, at: int, goal: str) -> None:
        """Move a case against the table."""
        number, _ = self.pick(at)
        act = Act(agent, self.now)
        self.attempt(
            lambda: self.article.move(act, number, goal, comment=False, fact=False, override=True),
            lambda: self.hands[agent].move(number, Request(Status(goal), override="told so")),
        )

    @rule(agent=AGENT, at=AT, waits=st.sampled_from(["pending_customer_input", "pending_customer_testing",
          "awaiting_customer_confirmation"]))  # fmt: skip
    def wait_for_the_customer(self, agent: str, at: int, waits: str) -> None:
        """Move a case to where a clock runs."""
        self.override(agent, at, waits)

    @rule(agent=AGENT, at=AT, goal=st.sampled_from(CUSTOMERS_MOVES["awaiting_customer_confirmation"].split()),
          comment=st.booleans())  # fmt: skip
    def customer_moves(self, agent: str, at: int, goal: str, *, comment: bool) -> None:
        """Record a move of the customer."""
        number, _ = self.pick(at)
        request = Request(Status(goal), comment="Thanks." if comment else None, as_customer=True)
        self.attempt(
            lambda: self.article.customer_moves(Act(agent, self.now), number, goal, comment=comment),
            lambda: self.hands[agent].move(number, request),
        )

    @rule(agent=AGENT, at=AT, kind=st.sampled_from(["customer", "customer", "public", "internal"]))
    def comment(self, agent: str, at: int, kind: str) -> None:
        """Add a comment."""
        number, _ = self.pick(at)
        self.attempt(
            lambda: self.article.comment(Act(agent, self.now), number, kind),
            lambda: self.hands[agent].comment(number, CommentKind(kind), "Words."),
        )

    @rule(at=AT)
    def read(self, at: int) -> None:
        """Open a case on the screen."""
        number, _ = self.pick(at)
        self.article.read(number)
        self.hands["ben"].read(number)

    @rule(agent=AGENT, at=AT, owner=st.sampled_from(["ana", "ben", None]))
    def assign(self, agent: str, at: int, owner: str | None) -> None:
        """Give a case to somebody."""
        number, _ = self.pick(at)
        self.article.assign(Act(agent, self.now), number, owner)
        self.hands[agent].assign(number, owner)

    @rule(agent=AGENT, at=AT, period=st.sampled_from(["1h", "1d", "7d", "21d", "1mo"]))
    def extend(self, agent: str, at: int, period: str) -> None:
        """Give a stay more time."""
        number, _ = self.pick(at)
        self.attempt(
            lambda: self.article.extend(Act(agent, self.now), number, period),
            lambda: self.hands[agent].extend(number, period, "so"),
        )

    @rule(agent=AGENT, at=AT, away=st.timedeltas(timedelta(days=-5), timedelta(days=90)))
    def extend_to(self, agent: str, at: int, away: timedelta) -> None:
        """Give a stay time until an instant."""
        number, _ = self.pick(at)
        to = whole(self.now + away)
        self.attempt(
            lambda: self.article.extend(Act(agent, self.now), number, to),
            lambda: self.hands[agent].extend(number, rfc3339(to) or "", "so"),
        )

    @rule(agent=AGENT, at=AT, until=st.sampled_from([None, "1h", "3d", "2d", "1mo"]))
    def hold(self, agent: str, at: int, until: str | None) -> None:
        """Stop the timer."""
        number, _ = self.pick(at)
        self.attempt(
            lambda: self.article.hold(Act(agent, self.now), number, until),
            lambda: self.hands[agent].hold(number, until, "so"),
        )

    @rule(agent=AGENT, at=AT, away=st.timedeltas(timedelta(days=-2), timedelta(days=40)))
    def hold_until(self, agent: str, at: int, away: timedelta) -> None:
        """Stop the timer until an instant."""
        number, _ = self.pick(at)
        until = whole(self.now + away)
        self.attempt(
            lambda: self.article.hold(Act(agent, self.now), number, until),
            lambda: self.hands[agent].hold(number, rfc3339(until), "so"),
        )

    @rule(agent=AGENT, at=AT)
    def release(self, agent: str, at: int) -> None:
        """Let the timer run again."""
        number, _ = self.pick(at)
        self.attempt(
            lambda: self.article.release(Act(agent, self.now), number), lambda: self.hands[agent].release(number)
        )

    @rule(agent=AGENT, at=AT)
    def remind(self, agent: str, at: int) -> None:
        """Remind in the timer's place."""
        number, _ = self.pick(at)
        self.attempt(lambda: self.article.remind(number, self.now), lambda: self.hands[agent].remind(number))

    @rule(agent=AGENT, at=st.one_of(st.none(), AT))
    def undo(self, agent: str, at: int | None) -> None:
        """Take back the last act, or the last one on a case."""
        number = None if at is None else self.pick(at)[0]
        verb = Undo(self.desk.store, self.clock, agent)
        self.attempt(lambda: self.article.undo(agent, self.now, number), lambda: verb.undo(number))

    @rule(agent=AGENT, at=st.one_of(st.none(), AT))
    def redo(self, agent: str, at: int | None) -> None:
        """Do again what was taken back last, or last on a case."""
        number = None if at is None else self.pick(at)[0]
        verb = Undo(self.desk.store, self.clock, agent)
        self.attempt(lambda: self.article.redo(agent, self.now, number), lambda: verb.redo(number))

    @rule(agent=AGENT, priority=st.sampled_from([1, 3]))
    def prioritise_all(self, agent: str, priority: int) -> None:
        """Set the priority of all cases in one act."""
        act, hands = Act(agent, self.now), self.hands[agent].as_one()
        for number in self.article.cases:
            self.article.prioritise(act, number, priority)
            hands.edit(number, {"priority": Priority(priority)})

    @rule(agent=AGENT, goal=st.sampled_from(list(MOVES)))
    def move_all(self, agent: str, goal: str) -> None:
        """Move all cases that can be moved in one act."""
        act, hands = Act(agent, self.now), self.hands[agent].as_one()
        for number in self.article.cases:
            with suppress(No):
                self.article.move(act, number, goal, comment=False, fact=False)
            with suppress(Refused):
                hands.move(number, Request(Status(goal)))

    @rule(agent=AGENT, change=st.sampled_from(CHANGES), move_running=st.booleans(), first=st.booleans())
    def period(self, agent: str, change: tuple[str, str], *, move_running: bool, first: bool) -> None:
        """Change a period; a dry run before it changes nothing."""
        key, period = change
        status, rule_ = key.split(".")
        book = PolicyBook(self.desk.store, self.clock, agent)
        if first:
            with suppress(Refused):
                book.set(f"{key}={period}", move_running=move_running, dry_run=True)
            self.the_desk_is_as_the_article_has_it()
        self.attempt(
            lambda: self.article.set_period(self.now, status, rule_, period, move_running=move_running),
            lambda: book.set(f"{key}={period}", move_running=move_running),
        )

    @rule(zone=st.sampled_from(ZONES), move_running=st.booleans())
    def zone(self, zone: str, *, move_running: bool) -> None:
        """Change the desk's zone."""
        self.article.set_zone(zone, move_running=move_running)
        PolicyBook(self.desk.store, self.clock, "ana").set(f"zone={zone}", move_running=move_running)

    @rule(length=LENGTHS)
    def wait(self, length: timedelta) -> None:
        """Let time go by, or set the clock back."""
        self.clock.instant = whole(self.now + length)

    @rule(at=AT, second=st.integers(-1, 1), end=st.sampled_from(["remind", "close", "close", "held_until"]),
          missed=st.sampled_from([None, *MISSED]))  # fmt: skip
    def wait_for(self, at: int, second: int, end: str, missed: str | None) -> None:
        """Wait until right before a deadline, right at it or right after it, and mostly sweep there."""
        _, case = self.pick(at)
        deadline = getattr(case, end)
        if deadline is not None:
            self.clock.instant = deadline + timedelta(seconds=second)
            if missed:
                self.sweep(missed, dry=False)

    @rule(missed=st.sampled_from(list(MISSED)), dry=st.booleans())
    def sweep(self, missed: str, *, dry: bool) -> None:
        """Let the timer run; what a dry run foretells comes true."""
        how = MISSED[missed]
        foretold = self.desk.sweeper.sweep(how, dry_run=True) if dry else None
        letters = len(self.article.letters)
        expected = self.article.sweep(self.now, missed)
        swept = self.desk.sweeper.sweep(how)
        assert foretold in (None, swept)
        assert {name: list(getattr(swept, name)) for name in expected} == expected
        assert swept.letters == len(self.article.letters) - letters

    @rule(fate=st.sampled_from(["sent", "sent", "again", "never", "down"]))
    def deliver(self, fate: str) -> None:
        """Take the letters to a mail server that answers the same to each."""
        self.article.deliver(self.now, fate)
        Outbox(self.desk.store, self.clock).deliver(Answering(fate))

    @rule(at=AT)
    def retry(self, at: int) -> None:
        """Try a letter again that has failed."""
        number = at % max(1, len(self.article.letters)) + 1
        box = Outbox(self.desk.store, self.clock)
        self.attempt(lambda: self.article.retry(at), lambda: box.retry(number))

    @rule(agent=AGENT, at=AT)
    def be_late(self, agent: str, at: int) -> None:
        """Write what somebody was faster with; nothing happens."""
        number, _ = self.pick(at)
        try:
            self.hands[agent].assign(number, "late", seen=self.article.versions[number] - 1)
        except Overtaken:
            return
        raise AssertionError

    @invariant()
    def the_desk_is_as_the_article_has_it(self) -> None:
        """Compare every case, every act of the timer, every letter, and what is to come."""
        article, board, now = self.article, self.desk.board, self.now
        for number, case in article.cases.items():
            assert as_it_is(board.case(number), now) == as_it_should_be(case, article.versions[number], now)
        assert acts_of_the_timer(self.desk) == sorted(article.done, key=in_order)
        noted = [(note.number, note.rule, note.state, note.tries, note.again_at) for note in article.letters]
        assert letters(self.desk) == noted
        due = [(act.case.number, act.rule.value, act.due_at, act.held) for act in board.due()]
        assert due == article.ahead(now)
        held = {number for number, case in article.cases.items() if case.is_held(now)}
        assert {case.number for case in board.listed(parse("held"))} == held


def whole(instant: datetime) -> datetime:
    """Return an instant in whole seconds, as the desk's clock tells it."""
    return instant.replace(microsecond=0)


def as_it_is(case: Case, now: datetime) -> dict[str, object]:
    """Return what is to be compared of a case."""
    return {
        "status": case.status.value, "stay": case.stay, "since": case.status_since, "unread": case.unread,
        "owner": case.owner, "priority": case.priority.value, "remind": case.remind_at, "close": case.close_at,
        "reminded": case.reminded_at, "held": case.held(now), "until": case.held_until, "version": case.version,
    }  # fmt: skip


def as_it_should_be(case: Standing, version: int, now: datetime) -> dict[str, object]:
    """Return the same of the article's case."""
    return {
        "status": case.status, "stay": case.stay, "since": case.since, "unread": case.unread,
        "owner": case.owner, "priority": case.priority, "remind": case.remind, "close": case.close,
        "reminded": case.reminded, "held": case.is_held(now), "until": case.held_until, "version": version,
    }  # fmt: skip


def acts_of_the_timer(desk: TestDesk) -> list[Done]:
    """Return what was done by the timer's rules, the closures under the stays that they ended."""
    columns = (Entries.number, Entries.stay, Entries.rule, Entries.planned_at, Entries.at)
    rows = desk.store.rows(Entries.select(*columns).where(Entries.rule.is_null(False)))
    found = [
        Done(number, stay - (rule_.value == "closure"), rule_.value, planned, at)
        for number, stay, rule_, planned, at in rows
    ]
    assert len({(done.number, done.stay, done.rule) for done in found}) == len(found)
    return sorted(found, key=in_order)


def in_order(done: Done) -> tuple[int, int, str]:
    """Return the place of an act of the timer."""
    return done.number, done.stay, done.rule


def letters(desk: TestDesk) -> list[tuple[object, ...]]:
    """Return each letter, in the order in which they were written: whose, of which kind, and what became of it."""
    columns = (Letters.number, Letters.rule, Letters.state, Letters.tries, Letters.next_try_at)
    return desk.store.rows(Letters.select(*columns).order_by(Letters.id))


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS,
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
