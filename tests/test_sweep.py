"""The timer: what is due is done once, and what must wait is left alone."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from casetui.desk.check import problems
from casetui.desk.ledger import Ledger
from casetui.desk.sweep import BATCH, Sweeper
from casetui.domain.errors import Overtaken
from casetui.domain.records import Case, Request, Swept, What
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Rule, Status
from casetui.storage.store import Store
from casetui.storage.tables import Letters
from tests.desks import START, HandClock, TestDesk, desk_in


def letters(desk: TestDesk) -> list[tuple[int, str, str]]:
    """Return number, rule and Message-ID of every letter in the outbox."""
    return [
        (number, rule, message_id)
        for number, rule, message_id in desk.store.rows(
            Letters.select(Letters.number, Letters.rule, Letters.message_id).order_by(Letters.id)
        )
    ]


def test_a_reminder_goes_at_its_deadline_and_not_a_second_before(desk: TestDesk) -> None:
    """Something is due when now >= deadline; then it is done once."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7, seconds=-1)
    assert desk.sweeper.sweep() == Swept(desk.clock.now())
    desk.clock.advance(seconds=1)
    swept = desk.sweeper.sweep()
    assert (swept.reminded, swept.closed, swept.letters) == ((number,), (), 1)
    assert desk.case(number).reminded_at == desk.clock.now()
    assert desk.sweeper.sweep().reminded == ()
    last = desk.board.history(number)[-1]
    assert (last.what, last.by, last.planned_at) == (What.REMINDED, "timer:reminder", desk.clock.now())


@pytest.mark.parametrize(("status", "days"), [("input", 28), ("confirmation", 14), ("testing", 90)])
def test_each_promise_closes_at_its_deadline(desk: TestDesk, status: str, days: int) -> None:
    """28 days, 14 days, three months; the entry names the rule, the time planned and the time done."""
    number = desk.open()
    {"input": desk.ask, "confirmation": desk.answer, "testing": desk.test}[status](number)
    case = desk.case(number)
    assert case.close_at is not None
    assert case.close_at - START == timedelta(days=days)
    desk.clock.advance(days=days, seconds=-1)
    assert desk.sweeper.sweep().closed == ()
    desk.clock.advance(seconds=1, hours=2)
    assert desk.sweeper.sweep().closed == (number,)
    closed, last = desk.case(number), desk.board.history(number)[-1]
    assert (closed.status, closed.stay, closed.closed_at) == (Status.CLOSED, case.stay + 1, desk.clock.now())
    assert (last.by, last.planned_at, last.at) == ("timer:closure", case.close_at, desk.clock.now())


def test_a_closure_stands_in_for_a_reminder_that_never_went(desk: TestDesk) -> None:
    """Both being due, the case gets the closure alone."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=30)
    swept = desk.sweeper.sweep()
    assert (swept.reminded, swept.closed, swept.letters) == ((), (number,), 1)


def test_the_never_reminded_can_be_reminded_first_and_get_a_week(desk: TestDesk) -> None:
    """They are reminded now, close a week later, and the others close as planned."""
    missed, reminded = desk.open(), desk.open()
    desk.ask(reminded)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.clock.advance(days=-7)
    desk.ask(missed)
    desk.clock.advance(days=30)
    swept = desk.sweeper.sweep(Missed.REMIND)
    assert (swept.reminded, swept.closed) == ((missed,), (reminded,))
    assert desk.case(missed).close_at == desk.clock.now() + timedelta(days=7)
    desk.clock.advance(days=7)
    assert desk.sweeper.sweep(Missed.REMIND).closed == (missed,)
    assert list(problems(desk.store)) == []


def test_a_dashboard_leaves_the_never_reminded_until_it_has_asked(desk: TestDesk) -> None:
    """Asked to ask, a sweep names them and does the rest."""
    missed, other = desk.open(), desk.open()
    desk.ask(missed)
    desk.answer(other)
    desk.clock.advance(days=30)
    swept = desk.sweeper.sweep(Missed.ASK)
    assert (swept.missed, swept.closed) == ((missed,), (other,))
    assert desk.case(missed).status is Status.CUSTOMER_INPUT


def test_nothing_is_closed_while_a_customers_comment_is_unread(desk: TestDesk) -> None:
    """The due list shows it as held, and it closes once an agent has looked."""
    number = desk.open()
    desk.test(number)
    desk.customer(number)
    desk.clock.advance(days=100)
    assert desk.sweeper.sweep().held == (number,)
    assert [(act.rule, act.held) for act in desk.board.due()] == [(Rule.CLOSURE, "unread")]
    desk.verbs.read(number)
    assert desk.sweeper.sweep().closed == (number,)


def test_what_falls_due_during_a_hold_is_due_when_it_ends(desk: TestDesk) -> None:
    """The deadlines do not move; reminder and closure wait alike."""
    number = desk.open()
    desk.ask(number)
    desk.verbs.hold(number, "2026-01-20T09:00:00Z", "the customer is away")
    desk.clock.advance(days=8)
    assert desk.sweeper.sweep().held == (number,)
    assert [act.held for act in desk.board.due()] == ["hold", "hold"]
    desk.clock.advance(days=7)
    assert desk.sweeper.sweep().reminded == (number,)


def test_a_hold_that_has_ended_does_not_outlive_its_stay(desk: TestDesk) -> None:
    """The timer closes the case, and nothing of the hold is left with it."""
    number = desk.open()
    desk.answer(number)
    desk.verbs.hold(number, "3d", "the customer is away")
    desk.clock.advance(days=14)
    assert desk.sweeper.sweep().closed == (number,)
    closed = desk.case(number)
    assert (closed.held_until, closed.hold_reason, closed.close_at) == (None, None, None)
    assert list(problems(desk.store)) == []


@pytest.mark.parametrize("missed", list(Missed))
def test_the_reminded_are_closed_and_nobody_is_asked(desk: TestDesk, missed: Missed) -> None:
    """Their reminder went, in this stay: it does not go again, however the closure comes about."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.clock.advance(days=21)
    assert desk.sweeper.sweep(missed) == Swept(desk.clock.now(), closed=(number,), letters=1)
    assert [rule for _, rule, _ in letters(desk)] == ["reminder", "closure"]


def test_without_an_address_the_reminder_is_an_entry_that_says_so(desk: TestDesk) -> None:
    """No letter is written, and the case shows up as one that cannot be reminded."""
    number = desk.open(email=None)
    desk.ask(number)
    assert desk.case(number).cannot_be_reminded
    desk.clock.advance(days=7)
    swept = desk.sweeper.sweep()
    assert (swept.reminded, swept.letters) == ((number,), 0)
    assert desk.board.history(number)[-1].note == "no letter: the case has no e-mail address"


def test_internal_and_public_comments_move_no_clock(desk: TestDesk) -> None:
    """Only a new stay, an extension or a hold does."""
    number = desk.open()
    before = desk.ask(number)
    desk.clock.advance(days=3)
    desk.verbs.comment(number, CommentKind.INTERNAL, "They are slow.")
    after = desk.verbs.comment(number, CommentKind.PUBLIC, "Any news?")
    assert (after.remind_at, after.close_at, after.stay) == (before.remind_at, before.close_at, before.stay)


def test_a_clock_set_back_repeats_nothing(desk: TestDesk) -> None:
    """What was done for a stay is done, whatever the clock says."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.clock.advance(days=-3)
    desk.sweeper.sweep()
    desk.clock.advance(days=3)
    assert desk.sweeper.sweep().reminded == ()
    assert len(letters(desk)) == 1


def test_a_dry_run_says_the_same_and_does_nothing(desk: TestDesk) -> None:
    """The numbers of a dry run are those of the sweep that follows."""
    for _ in range(3):
        desk.ask(desk.open())
    desk.answer(desk.open())
    desk.clock.advance(days=14)
    planned = desk.sweeper.sweep(dry_run=True)
    assert letters(desk) == []
    assert desk.board.last_run is None
    assert desk.sweeper.sweep() == planned
    assert planned.letters == 4


def test_letters_are_one_for_each_stay_and_rule(desk: TestDesk) -> None:
    """Message-IDs are made of case, stay and rule, and of the desk's own id."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.clock.advance(days=21)
    desk.sweeper.sweep()
    found = letters(desk)
    assert [rule for _, rule, _ in found] == ["reminder", "reminder", "closure"]
    assert len({message_id for _, _, message_id in found}) == 3
    assert found[0][2].startswith(f"<case-{number}.stay-2.reminder@")


def test_more_cases_than_a_batch_are_all_swept(desk: TestDesk) -> None:
    """Some hundred cases a transaction, none left over."""
    count = BATCH + 30
    for _ in range(count):
        desk.answer(desk.open())
    desk.clock.advance(days=14)
    assert len(list(desk.sweeper.steps(Missed.ASK))) == 2
    assert desk.board.counts()[Status.CONFIRMATION].total == 0
    assert list(problems(desk.store)) == []


def test_a_long_sweep_writes_its_pages_into_the_file_between_its_transactions(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several transactions at once, in a step in which nothing is closed; then the connection is as it was."""
    monkeypatch.setattr("casetui.desk.sweep.BATCH", 2)
    monkeypatch.setattr("casetui.desk.sweep._LENGTH", 0.0)
    for _ in range(2 * 9):
        desk.answer(desk.open())
    desk.clock.advance(days=14)
    pragma = desk.store.database.pragma
    settings = ("cache_size", "synchronous", "wal_autocheckpoint")
    before = [pragma(name) for name in settings]
    steps = [(len(step.closed), pragma("cache_size")) for step in desk.sweeper.steps(Missed.APPLY)]
    assert [closed for closed, _ in steps] == [2, 2, 2, 0, 2, 2, 2, 0, 2, 2, 2, 0]
    assert {cache for _, cache in steps} == {-8_000}
    assert [pragma(name) for name in settings] == before


def test_a_customers_comment_between_reading_and_acting_wins(desk: TestDesk) -> None:
    """A sweep reads each case again in the transaction that acts on it."""
    number = desk.open()
    desk.answer(number)
    for _ in range(BATCH):
        desk.answer(desk.open())
    late = desk.open()
    desk.answer(late)
    desk.clock.advance(days=14)
    steps = desk.sweeper.steps(Missed.APPLY)
    first = next(steps)
    desk.customer(late)
    rest = [closed for step in steps for closed in step.closed]
    assert number in first.closed
    assert late not in rest
    assert desk.case(late).status is Status.REOPENED


class Interrupted(Store):
    """A database in which somebody else is faster each time that a write begins."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[None]:
        """Hold the lock, a moment too late."""
        self.meanwhile()
        with super().write(lasting=lasting):
            yield


def test_what_is_decided_is_read_under_the_lock(desk: TestDesk) -> None:
    """Whoever writes between the count of what is due and the lock wins, to the last instant."""
    number = desk.open()
    desk.answer(number)
    desk.clock.advance(days=14)
    store = Interrupted.open(desk.store.path)
    assert isinstance(store, Interrupted)
    try:
        store.meanwhile = lambda: desk.customer(number)
        assert Sweeper(store, desk.clock).sweep() == Swept(desk.clock.now())
    finally:
        store.close()
    assert desk.case(number).status is Status.REOPENED


class Late(Sweeper):
    """A timer that acts on what it has read long before, as one would that nothing locks out."""

    read: list[Case]

    def _read(self, numbers: Sequence[int]) -> list[Case]:
        return self.read


@pytest.mark.parametrize("days", [7, 28])
def test_what_was_decided_by_an_older_version_is_not_written(desk: TestDesk, days: int) -> None:
    """Not even where no lock keeps others out: the status is guarded by stay and version, and all goes by it."""
    number = desk.open()
    timer = Late(desk.store, desk.clock)
    timer.read = [desk.ask(number)]
    desk.verbs.hold(number, None, "they are on holiday")
    desk.clock.advance(days=days)
    before = desk.case(number), desk.board.history(number)
    with pytest.raises(Overtaken, match="nothing of that was done"):
        timer.sweep()
    assert (desk.case(number), desk.board.history(number), letters(desk)) == (*before, [])
    with desk.store.write(), pytest.raises(Overtaken, match="nothing was done"):
        Ledger(desk.store, desk.clock.now(), "ben").update(timer.read[0], {"owner": "ben"})


def _sweep(folder: str, days: int) -> int:
    with desk_in(Path(folder), HandClock(START + timedelta(days=days))) as desk:
        swept = desk.sweeper.sweep()
        return len(swept.reminded) + len(swept.closed)


def test_sweepers_in_several_processes_do_each_act_once(tmp_path: Path) -> None:
    """Four processes race over one file; acts and letters come out once each."""
    with desk_in(tmp_path) as desk:
        for at in range(300):
            number = desk.open()
            (desk.ask if at % 2 else desk.answer)(number)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        done = sum(pool.starmap(_sweep, [(str(tmp_path), 14)] * 4))
    with desk_in(tmp_path) as desk:
        assert done == 300
        assert len(letters(desk)) == 300
        assert list(problems(desk.store)) == []


def test_the_last_run_is_remembered(desk: TestDesk) -> None:
    """Whoever opens the desk next can say since when nobody watched the clocks."""
    desk.sweeper.sweep()
    assert desk.board.last_run == desk.clock.now()


def test_a_new_stay_is_not_the_one_that_the_timer_knew(desk: TestDesk) -> None:
    """A clock dies with its stay."""
    number = desk.open()
    desk.answer(number)
    desk.clock.advance(days=13)
    desk.verbs.move(number, Request(Status.IN_PROGRESS))
    desk.clock.advance(days=30)
    assert desk.sweeper.sweep().closed == ()
    assert desk.board.due() == []
