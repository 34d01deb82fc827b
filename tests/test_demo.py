"""Made-up cases are as sound as real ones, and show everything that a desk can have."""

import string
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from casetui.cli.root import run
from casetui.desk.board import Board
from casetui.desk.check import problems
from casetui.desk.demo import fill
from casetui.desk.demo.cast import Cast
from casetui.desk.demo.rhythm import Calendar
from casetui.desk.sweep import Sweeper
from casetui.domain.clocks import Period, moment, rfc3339
from casetui.domain.errors import Refused
from casetui.domain.policy import Policy
from casetui.domain.query import parse
from casetui.domain.records import CUSTOMER, TIMER, Case, Entry, Facts, Priority, What
from casetui.domain.timer import Missed
from casetui.domain.workflow import Ask, CommentKind, Group, Rule, Status, has_clock, in_group, is_legal
from casetui.storage.fulltext import damage
from casetui.storage.store import Store
from tests.desks import HandClock, TestDesk

NOW = datetime(2026, 6, 17, 14, 30, tzinfo=UTC)
POLICY = Policy()
TABLES = ("cases", "entries", "letters", "desk", "acts")


def filled(path: Path, cases: int = 300, *, now: datetime = NOW, seed: int = 1, agent: str = "ana") -> TestDesk:
    """Give a desk full of made-up cases."""
    store = Store.open(path / f"{cases}-{seed}-{now:%Y%m%d%H}-{agent}.db")
    fill(store, now, cases=cases, seed=seed, agent=agent)
    return TestDesk(store, HandClock(now))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    """Give the desk of ``casetui demo``."""
    desk = filled(tmp_path_factory.mktemp("demo"))
    yield desk
    desk.store.close()


@pytest.fixture(scope="module")
def cases(demo: TestDesk) -> list[Case]:
    """Give its cases, by number."""
    return sorted(demo.board.listed(), key=lambda case: case.number)


@pytest.fixture(scope="module")
def histories(demo: TestDesk, cases: list[Case]) -> dict[int, list[Entry]]:
    """Give the history of each."""
    return {case.number: demo.board.history(case.number) for case in cases}


def test_is_sound(demo: TestDesk) -> None:
    """Every history replays to its case, every deadline fits its stay, nothing is orphaned."""
    assert list(problems(demo.store)) == []


@pytest.mark.parametrize("now", ["2026-05-31T23:59:59Z", "2024-02-29T03:10:00Z", "2027-01-01T00:00:00Z"])
def test_is_sound_at_any_time(tmp_path: Path, now: str) -> None:
    """Whenever the demo is opened, and with whatever seed."""
    instant = moment(now, "UTC")
    desk = filled(tmp_path, 400, now=instant, seed=instant.day)
    assert list(problems(desk.store)) == []
    ended = [e.at for case in desk.board.listed() for e in desk.board.history(case.number)]
    assert max(ended) <= instant
    desk.store.close()


@pytest.mark.parametrize("count", [1, 2, 7, 15, 60, 1_001])
def test_any_number_of_cases(tmp_path: Path, count: int) -> None:
    """A demo has as many cases as it is told, numbered from 1 in the order in which they were opened."""
    desk = filled(tmp_path, count)
    found = sorted(desk.board.listed(), key=lambda case: case.number)
    assert [case.number for case in found] == list(range(1, count + 1))
    assert [case.opened_at for case in found] == sorted(case.opened_at for case in found)
    assert list(problems(desk.store)) == []
    desk.store.close()


def test_large_desk(tmp_path: Path) -> None:
    """Of a large desk one case in twenty is open, over four years, and it is as sound as a small one."""
    desk = filled(tmp_path, 6_000)
    assert list(problems(desk.store)) == []
    found = desk.board.listed()
    assert sum(case.closed_at is None for case in found) == 300
    assert NOW - min(case.opened_at for case in found) > timedelta(days=1_400)
    newest = [at for (at,) in desk.store.database.execute_sql("SELECT at FROM entries ORDER BY id DESC LIMIT 50")]
    assert newest == sorted(newest, reverse=True)
    desk.store.close()


def test_same_seed_same_desk(tmp_path: Path) -> None:
    """The same seed, instant and agent give the same desk, byte for byte; another seed gives another."""
    first, second = filled(tmp_path / "a"), filled(tmp_path / "b")
    other = filled(tmp_path, seed=2)
    assert contents(first.store) == contents(second.store)
    assert contents(first.store) != contents(other.store)
    for desk in (first, second, other):
        desk.store.close()


def contents(store: Store) -> list[list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    return [list(store.database.execute_sql(f"SELECT * FROM {table} ORDER BY 1")) for table in TABLES]


def test_refuses_a_desk_in_use(desk: TestDesk) -> None:
    """Cases that are there are never mixed with made-up ones."""
    desk.open()
    with pytest.raises(Refused, match="empty"):
        fill(desk.store, NOW, cases=5)
    assert len(desk.board.listed()) == 1


def test_every_move_is_legal(histories: dict[int, list[Entry]]) -> None:
    """Agents move as the table says, customers by comments or by their two moves, the timer closes."""
    for history in histories.values():
        for entry in history:
            if entry.start is None or entry.target is None:
                continue
            if entry.by.startswith(TIMER):
                assert entry.target is Status.CLOSED
                assert has_clock(entry.start)
            elif entry.by == CUSTOMER:
                by_comment = entry.target is entry.start.row.on_customer_comment
                assert by_comment or is_legal(entry.start, entry.target, by_customer=True)
            else:
                assert is_legal(entry.start, entry.target), entry


def test_every_move_brings_what_it_asks_for(histories: dict[int, list[Entry]]) -> None:
    """Questions, answers, reasons, releases of the owner's, providers: none is missing."""
    for history in histories.values():
        owner = None
        for before, entry in pairwise(history):
            owner = before.changes.get("owner", owner)
            if entry.target is None or entry.by == CUSTOMER or entry.by.startswith(TIMER):
                continue
            asks = entry.target.row.asks
            if Ask.QUESTION in asks or Ask.ANSWER in asks:
                assert (before.kind, before.at, before.by) == (CommentKind.PUBLIC, entry.at, entry.by)
            if Ask.REASON in asks:
                assert entry.changes["reason"] in entry.target.row.reasons
            if Ask.RELEASE in asks:
                assert entry.changes["release"]
                assert entry.by == owner
            if Ask.PROVIDER in asks:
                assert entry.changes["provider"]


def test_deadlines_are_the_policys(histories: dict[int, list[Entry]]) -> None:
    """Each stay, past or present, began with the deadlines that the desk's policy computes."""
    for history in histories.values():
        for entry in history:
            if entry.target is None:
                continue
            for rule, name in ((Rule.REMINDER, "remind_at"), (Rule.CLOSURE, "close_at")):
                assert entry.changes.get(name) == rfc3339(POLICY.deadline(entry.target, rule, entry.at))


def test_calendar_agrees_with_the_policy() -> None:
    """The shortcut from day to day computes what the policy does, at each end of month over four years."""
    calendar, day = Calendar(), datetime(2023, 1, 27, 22, 15, 9, tzinfo=UTC)
    for _ in range(1_500):
        day += timedelta(days=1)
        for period in (Period(days=7), Period(days=28), Period(months=3)):
            assert calendar.after(period, int(day.timestamp())) == int(period.after(day, "UTC").timestamp())
        assert calendar.stamp(int(day.timestamp())) == rfc3339(day)


def test_timer_left_nothing_undone_before_its_last_run(demo: TestDesk, histories: dict[int, list[Entry]]) -> None:
    """What fell due by the timer's last run was done in time, unless a hold or an unread comment stopped it."""
    last_run = demo.board.last_run
    assert last_run is not None
    for history in histories.values():
        moves = [entry for entry in history if entry.target is not None]
        for entry, following in pairwise(moves):
            closes = POLICY.deadline(entry.target or Status.NEW, Rule.CLOSURE, entry.at)
            if closes is not None and not following.by.startswith(TIMER):
                assert following.at < closes
        for entry in history:
            if entry.by.startswith(TIMER):
                assert entry.planned_at is not None
                assert timedelta() <= entry.at - entry.planned_at <= timedelta(minutes=1)
                assert entry.at <= last_run
    asleep = Sweeper(demo.store, HandClock(last_run)).sweep(Missed.ASK, dry_run=True)
    assert (asleep.reminded, asleep.closed, asleep.missed) == ((), (), ())


def test_versions_count_the_acts(cases: list[Case], histories: dict[int, list[Entry]]) -> None:
    """Each act but the opening and the reading makes a new version, and the last one is the last change."""
    for case in cases:
        later = [entry for entry in histories[case.number] if entry.what is not What.READ]
        acts = {entry.at for entry in later} - {case.opened_at}
        assert case.version == 1 + len(acts)
        assert case.updated_at == max(entry.at for entry in later)


def test_letters_belong_to_what_the_timer_did(demo: TestDesk, histories: dict[int, list[Entry]]) -> None:
    """Each act of the timer has its letter, which was sent, or says why it has none."""
    query = "SELECT entry_id, rule, state, message_id FROM letters"
    letters = {entry: (rule, state) for entry, rule, state, _ in demo.store.database.execute_sql(query)}
    acts = [e for history in histories.values() for e in history if e.by.startswith(TIMER)]
    assert acts
    for entry in acts:
        if entry.note is None:
            assert letters.pop(entry.id) == (entry.by.partition(":")[2], "sent")
    assert letters == {}


def test_all_statuses_in_lifelike_shares(cases: list[Case]) -> None:
    """A third is closed, every status occurs, most open cases are in work or wait for customers."""
    counts = Counter(case.status for case in cases)
    assert set(counts) == set(Status)
    assert 0.3 < counts[Status.CLOSED] / len(cases) < 0.4
    busy = sum(counts[s] for g in (Group.IN_WORK, Group.WAITS_ON_CUSTOMER) for s in in_group(g))
    assert busy > (len(cases) - counts[Status.CLOSED]) / 2
    priorities = Counter(case.priority for case in cases)
    assert priorities[Priority.NORMAL] > priorities[Priority.HIGH] > priorities[Priority.DOWN] > 0
    assert priorities[Priority.LOW] > 0


def test_clocks_are_worth_watching(demo: TestDesk, cases: list[Case]) -> None:
    """Some fall due within minutes, some are overdue, a few were never reminded, some are held and why."""
    soon = demo.board.due(NOW + timedelta(minutes=15))
    assert {act.rule for act in soon if act.due_at > NOW} == {Rule.REMINDER, Rule.CLOSURE}
    now = Sweeper(demo.store, HandClock(NOW)).sweep(Missed.ASK, dry_run=True)
    assert 3 <= len(now.missed) <= 6
    assert len(now.closed) >= 4
    assert now.reminded
    assert {act.held for act in demo.board.due()} == {None, "hold", "unread"}
    assert sum(case.held(NOW) for case in cases) >= 4
    assert any(case.cannot_be_reminded for case in cases)


def test_owners_unread_and_clones(cases: list[Case]) -> None:
    """The user owns a fair share, colleagues and nobody the rest; some cases are unread, some clones."""
    ours = [case for case in cases if case.closed_at is None]
    owners = Counter(case.owner for case in ours)
    assert 0.15 < owners["ana"] / len(ours) < 0.4
    assert len(owners) >= 6
    assert owners[None] >= 5
    assert 15 <= sum(case.unread for case in ours) <= 60
    clones = [case for case in cases if case.cloned_from]
    by_number = {case.number: case for case in cases}
    assert len(clones) >= 3
    for clone in clones:
        parent = by_number[clone.cloned_from or 0]
        assert parent.clones == (clone.number,)
        assert parent.closed_at is not None
        assert parent.closed_at < clone.opened_at
        assert (parent.account, parent.contact, parent.subject) == (clone.account, clone.contact, clone.subject)


def test_another_agent_works_there_too(tmp_path: Path) -> None:
    """Whoever opens the demo owns some of its cases, even under the name of one of the colleagues."""
    for agent in ("root", "bruno", "greta"):
        desk = filled(tmp_path, 100, agent=agent)
        assert any(case.owner == agent for case in desk.board.listed())
        desk.store.close()


def test_conversations_are_in_order(histories: dict[int, list[Entry]]) -> None:
    """Time never runs backwards in a history, and mostly people write in their working hours."""
    worked = Counter[bool]()
    for history in histories.values():
        assert all(one.at <= other.at for one, other in pairwise(history))
        for entry in history:
            if entry.by != CUSTOMER and not entry.by.startswith(TIMER):
                worked[entry.at.weekday() < 5 and 6 <= entry.at.hour < 17] += 1
    assert worked[True] / worked.total() > 0.93


def test_texts_are_whole() -> None:
    """Every text of every thread finds its words, with every product it can be about."""
    cast = Cast(Random(3), "ana")  # noqa: S311 - made-up data
    opened = int(NOW.timestamp())
    for _ in range(6 * len(cast.threads)):
        matter = cast.matter("any", cast.accounts[0], opened)
        texts = [matter.subject, cast.opening(matter)]
        matter.words["release"] = "May 2026"
        texts += [matter.part(name) for name in matter.thread.parts]
        for text in texts:
            assert "{" not in text.replace("{ ", "")
            assert text.strip()
    assert len(cast.threads) >= 35
    assert len({matter_thread.index for matter_thread in cast.threads}) == len(cast.threads)


def test_addresses_lead_nowhere(cases: list[Case]) -> None:
    """Every address is in ASCII and in a domain that can belong to nobody."""
    allowed = set(string.ascii_lowercase + string.digits + ".-@")
    addresses = [case.email for case in cases if case.email]
    assert all(address.endswith(".example") and set(address) <= allowed for address in addresses)
    assert len(addresses) < len(cases)


def test_words_are_found(tmp_path: Path) -> None:
    """The cases, and those that come after them, are found by their words."""
    desk = filled(tmp_path, 40)
    assert list(damage(desk.store)) == []
    account = desk.case(7).account
    found = Board(desk.store, desk.clock).listed(parse(f'account:"{account}"'))
    assert 7 in [case.number for case in found]
    number = desk.verbs.open(Facts("Quokka sightings", account="Zoo")).number
    assert [case.number for case in desk.board.listed(parse("quokka"))] == [number]
    desk.store.close()


def test_progress_is_told(tmp_path: Path) -> None:
    """Whoever waits hears how many cases are written."""
    heard: list[tuple[int, int]] = []
    store = Store.open(tmp_path / "heard.db")
    fill(store, NOW, cases=5_500, progress=lambda *told: heard.append(told))
    assert heard == [(0, 5_500), (5_000, 5_500), (5_500, 5_500)]
    store.close()


@pytest.mark.parametrize("name", ["out.json", "out.csv"])
def test_what_a_demo_exports_another_desk_takes(tmp_path: Path, name: str) -> None:
    """Its desk has an id as every desk has one, whatever the seed: the copies say where they come from."""
    desk = filled(tmp_path, 20, seed=-3)
    numbers = {case.number for case in desk.board.listed()}
    desk.store.close()
    file, other = tmp_path / name, tmp_path / "other.db"
    assert run(["--database", str(desk.store.path), "export", str(file)]) == 0
    assert run(["--database", str(other), "import", str(file)]) == 0
    store = Store.open(other)
    assert {case.number for case in Board(store, HandClock(NOW)).listed()} == numbers
    store.close()
