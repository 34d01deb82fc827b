"""The database: guarded, migrated, read-only when it is to be, and never scanned."""

import asyncio
import errno
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import peewee
import pytest
from msgspec.structs import replace

from casetui.desk.finder import find
from casetui.desk.lists import for_me, named, queue
from casetui.desk.news import News
from casetui.desk.wallboard import Wallboard
from casetui.domain import timer
from casetui.domain.clocks import LAST
from casetui.domain.errors import OutOfReach, ReadOnly
from casetui.domain.query import parse
from casetui.domain.records import DueAct, Request
from casetui.domain.sorts import Sort
from casetui.domain.timer import Missed
from casetui.domain.views import DRAFTS, Saved, Views
from casetui.domain.workflow import CommentKind, Rule, Status
from casetui.storage.store import SCHEMA, Store
from casetui.storage.tables import Acts, Cases, Desk, Drafts, Entries, LastLooks, Letters, Policies, Seen
from casetui.tui.bridge import Bridge
from casetui.tui.bridge import Desk as Reading
from casetui.tui.dialogs import composer
from tests.desks import HandClock, TestDesk, desk_in

NORMAL, FULL = 1, 2
"""What SQLite calls a database whose every transaction is on the disk when it ends."""


def test_the_tables_are_what_the_migrations_made(desk: TestDesk) -> None:
    """Every column that Peewee knows is in the database, and no other."""
    for model in (Cases, Acts, Entries, Letters, Drafts, Desk, Policies, LastLooks, Seen):
        name = model._meta.table_name  # noqa: SLF001 - peewee's documented introspection
        made = [row[1] for row in desk.store.database.execute_sql(f"PRAGMA table_info({name})")]
        assert [field.column_name for field in model._meta.sorted_fields] == made  # noqa: SLF001 - as above


def test_entries_are_only_added(desk: TestDesk) -> None:
    """The database itself refuses to change or to delete one, and to delete a case."""
    desk.open()
    for statement in ("UPDATE entries SET note = 'x'", "DELETE FROM entries", "DELETE FROM cases"):
        with pytest.raises(peewee.IntegrityError, match=r"only added|never deleted"):
            desk.store.database.execute_sql(statement)


def test_the_timers_acts_are_unique_by_case_stay_and_rule(desk: TestDesk) -> None:
    """A second reminder of the same stay is refused by a key, not by the program."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    with pytest.raises(peewee.IntegrityError, match="UNIQUE"):
        desk.store.database.execute_sql(
            'INSERT INTO entries (case_id, at, what, "by", stay, rule) VALUES (?, 0, ?, ?, 2, ?)',
            (number, "reminded", "timer:reminder", "reminder"),
        )


def test_no_two_letters_bear_one_message_id(desk: TestDesk) -> None:
    """A second letter of the same case, stay and rule is refused by a key, not by the program."""
    desk.ask(desk.open())
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    with pytest.raises(peewee.IntegrityError, match=r"UNIQUE constraint failed: letters\.message_id"):
        desk.store.database.execute_sql(
            """
            INSERT INTO letters
                (case_id, entry_id, rule, recipient, subject, body, message_id, state, written_at, tries)
            SELECT case_id, entry_id, rule, recipient, subject, body, message_id, state, written_at, 0 FROM letters
            """
        )


@pytest.mark.parametrize(
    "change",
    [
        "status = 'solved'",
        "close_at = 1",
        "reminded_at = 1",
        "closed_at = 1",
        "held_until = 1",
        "hold_reason = 'x'",
        "priority = 5",
        "subject = ''",
    ],
)
def test_a_case_that_contradicts_itself_cannot_be_stored(desk: TestDesk, change: str) -> None:
    """A case without a clock has no deadline, a hold has a reason, a closed case an end."""
    number = desk.open()
    with pytest.raises(peewee.IntegrityError):
        desk.store.database.execute_sql(f"UPDATE cases SET {change} WHERE id = ?", (number,))


def test_a_read_only_store_cannot_be_written_by_anybody(tmp_path: Path) -> None:
    """The desk refuses, and so does the database behind it."""
    with desk_in(tmp_path) as desk:
        desk.open()
    store = Store.open(tmp_path / "desk.db", read_only=True)
    try:
        desk = TestDesk(store, HandClock())
        with pytest.raises(ReadOnly):
            desk.open()
        with pytest.raises(ReadOnly):
            list(desk.sweeper.steps(Missed.ASK))
        for only in (1, 0):  # the connection says no by itself, and where it did not, the file's mode would
            assert store.database.pragma("query_only") == only
            with pytest.raises(peewee.OperationalError, match=r"readonly|read-only"):
                store.database.execute_sql("DELETE FROM desk")
            store.database.pragma("query_only", 0)
        assert len(desk.board.listed()) == 1
    finally:
        store.close()


def test_a_write_holds_the_lock_from_its_first_line(desk: TestDesk) -> None:
    """What is read in it stays so until its end: nobody else begins to write meanwhile."""
    other = sqlite3.connect(desk.store.path, timeout=0, isolation_level=None)
    try:
        with desk.store.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    finally:
        other.close()


def test_a_change_by_somebody_else_is_seen_and_ones_own_is_not(tmp_path: Path) -> None:
    """That is what a dashboard asks once a second."""
    with desk_in(tmp_path) as mine, desk_in(tmp_path) as theirs:
        mine.open()
        assert not mine.store.changed()
        theirs.open()
        assert mine.store.changed()
        assert not mine.store.changed()


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()


def _not_sqlite(path: Path) -> None:
    path.write_text("Dear support, it is broken again. " * 100)


def _another_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title)")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_newer, "newer casetui"),
        (_not_sqlite, "is not a casetui database"),
        (_another_program, "is not a casetui database"),
        (Path.mkdir, "is a folder"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path, spoil: Callable[[Path], None], words: str) -> None:
    """A database from the future, a letter, another program's file, a folder."""
    path = tmp_path / "desk.db"
    spoil(path)
    for read_only in (False, True):
        with pytest.raises(OutOfReach, match=words):
            Store.open(path, read_only=read_only)


def test_a_monitor_needs_a_database_that_is_there(tmp_path: Path) -> None:
    """It makes none."""
    with pytest.raises(OutOfReach, match="no database"):
        Store.open(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """The sentence names the path."""
    tmp_path.chmod(0o500)
    with pytest.raises(OutOfReach, match="No database can be made"):
        Store.open(tmp_path / "sub" / "desk.db")


def test_a_file_where_a_folder_should_be_is_said_so(tmp_path: Path) -> None:
    """The sentence names the path."""
    (tmp_path / "file").touch()
    with pytest.raises(OutOfReach, match="No database can be made"):
        Store.open(tmp_path / "file" / "desk.db")


_KILLED = """
import os, sys
from pathlib import Path
from tests.desks import desk_in
from casetui.desk import ledger
with desk_in(Path(sys.argv[1])) as desk:
    number = desk.open()
    desk.ask(number)
    before = ledger.Ledger.enter
    def enter(*args, **facts):
        os.kill(os.getpid(), 9)
    ledger.Ledger.enter = enter
    desk.customer(number)
"""


def test_a_program_killed_in_the_middle_of_a_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The act is not there at all, and the database is sound."""
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -9
    with desk_in(tmp_path) as desk:
        assert desk.case(1).status is Status.CUSTOMER_INPUT
        assert desk.customer(1).status is Status.UPDATE_RECEIVED


class _Explaining(Store):
    """A store that explains every query before it runs it, and refuses a scan of the cases."""

    def rows(self, query: object) -> list[tuple[object, ...]]:
        """Explain, then run."""
        self._explain(query)
        return super().rows(query)

    def execute(self, query: object) -> object:
        """Explain, then run."""
        self._explain(query)
        return super().execute(query)

    def _explain(self, query: object) -> None:
        statement, _ = self.sql(query)
        if '"desk"' in statement or '"policies"' in statement:
            return  # a handful of rows
        plan = self.plan(query)
        for step in plan:
            if step.startswith("SCAN ") and step.replace("SCAN", "CO-ROUTINE", 1) in plan:
                continue  # the rows of a query within the query, which is explained too
            scans = step.startswith("SCAN ") and " USING " not in step and "VIRTUAL TABLE" not in step
            scans = scans and step != "SCAN CONSTANT ROW"
            # SQLite plans a look at the children of a new entry, and skips it while no key is broken.
            harmless = step == "SCAN letters" and statement.startswith('INSERT INTO "entries"')
            assert not scans or harmless, (step, statement)

    def stream(self, query: object) -> Generator[tuple[object, ...], None, None]:
        """Explain, then run."""
        self._explain(query)
        return super().stream(query)


def test_no_statement_of_the_desk_scans_the_cases(tmp_path: Path) -> None:
    """Every verb, every read and the sweep find their rows through an index."""
    store = _Explaining.open(tmp_path / "desk.db")
    try:
        desk = TestDesk(store, HandClock())
        _exercise(desk)
    finally:
        store.close()


def _exercise(desk: TestDesk) -> None:
    one, other, third = desk.open(), desk.open(), desk.open()
    desk.ask(one)
    desk.verbs.hold(one, None, "waits")
    desk.verbs.extend(one, "7d", "waits")
    desk.verbs.release(one)
    desk.customer(other)
    desk.verbs.read(other)
    desk.verbs.comment(other, CommentKind.PUBLIC, "Hello")
    desk.verbs.assign(other, "ana")
    desk.verbs.edit(other, {"product": "Primo"})
    desk.verbs.clone(third)
    desk.verbs.move(third, Request(Status.CLOSED))
    board = desk.board
    board.counts()
    board.agents()
    board.due_counts(desk.clock.now())
    Wallboard.take(board, days=[desk.clock.now()], until=desk.clock.now(), most=9)
    assert not board.is_empty()
    views = Views((Saved("Ghent", "account:ghent or p1"),))
    news = News(desk.store, desk.clock, "ana")
    news.settle()
    desk.clock.advance(days=2)
    desk.agent("ben").assign(other, "ben")
    news.settle()
    assert news.saw(other, desk.case(other).version)
    news.catch_up()
    board.pulse()
    lists = [*map(queue, Status), *(named(saved, "ana", views) for saved in views)]
    assert DRAFTS in views
    for view in [*lists, *(replace(view, sort=sort) for view in lists if view.sort for sort in Sort)]:
        board.count(view)
        page = board.after(view, None, 50)
        board.before(view, None, 50)
        board.at(view, 0, 10)
        for case in page[:1]:
            board.after(view, case, 50)
            board.before(view, case, 50)
            board.rank(view, case)
            board.holds(view, case.number)
        board.after(view.narrowed(parse("search gh")), None, 50)
        board.after(view.narrowed(for_me("ana")), None, 1)
    desk.clock.advance(days=40)
    board.due(desk.clock.now())
    board.due(limit=50)
    for rule in Rule:
        board.due(limit=50, rules=(rule,), owner="ana")
        board.due_counts(desk.clock.now(), LAST, rules=(rule,), owner="ana")
    desk.sweeper.sweep(dry_run=True)
    desk.sweeper.sweep()
    board.listed(limit=50)
    for query in ("search", "search status:new", "search closed", "search -ghent", "1", "search or ghent"):
        find(board, parse(query, everywhere=True), 50)
        find(board, parse(query, everywhere=True), 50, best=True)


def test_what_falls_due_is_narrowed_and_counted_as_it_is_told(desk: TestDesk) -> None:
    """By rule, owner, instant and number: the same acts, in the same order, as the clocks of the cases have."""
    for at in range(12):
        number = desk.open()
        (desk.ask, desk.answer, desk.test)[at % 3](number)
        if at % 2:
            desk.verbs.assign(number, "ben")
        desk.clock.advance(days=3)  # in the end some reminders, and closures without one, are overdue
    board, now = desk.board, desk.clock.now()
    cases = board.listed()
    acts = sorted((act for case in cases for act in timer.acts(case, now)), key=_when)
    assert {act.rule for act in acts if act.due_at <= now} == set(Rule)
    for rules, owner in product(((Rule.REMINDER,), (Rule.CLOSURE,), tuple(Rule)), (None, "ben", "nobody")):
        wanted = [act for act in acts if act.rule in rules and owner in (None, act.case.owner)]
        for until, limit in product((None, now, now + timedelta(days=9)), (0, 1, 4)):
            some = [act for act in wanted if until is None or act.due_at <= until]
            assert board.due(until, limit, rules=rules, owner=owner) == some[: limit or None]
        ends = (now, now + timedelta(days=9), LAST)
        counted = [sum(act.due_at <= end for act in wanted) for end in ends]
        assert board.due_counts(*ends, rules=rules, owner=owner) == counted


def _when(act: DueAct) -> tuple[datetime, int, str]:
    return act.due_at, act.case.number, act.rule.value


def test_a_folder_that_may_not_be_looked_into_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.11 raises where it is asked whether something is there; for a reader there is none."""

    def closed(path: Path, **_how: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for name in ("stat", "touch"):
        monkeypatch.setattr(Path, name, closed)
    with pytest.raises(OutOfReach, match=r"No database can be made at .*: permission denied\."):
        Store.open(tmp_path / "desk.db")
    with pytest.raises(OutOfReach, match="There is no database at"):
        Store.open(tmp_path / "desk.db", read_only=True)


ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
"""A question that is never answered."""


def test_a_reading_is_interrupted_and_a_write_is_not(desk: TestDesk) -> None:
    """What nobody waits for ends at once; what is written, or read for it, is whole."""
    store = desk.store
    threading.Timer(0.2, store.interrupt).start()
    with pytest.raises(peewee.OperationalError, match="interrupted"):
        store.database.execute_sql(ENDLESS)
    long = ENDLESS.replace("FROM n)", "FROM n LIMIT 300000)")
    with store.write():
        others = [threading.Timer(at / 100, store.interrupt) for at in range(8)]
        for other in others:
            other.start()
        for _ in range(3):
            assert store.database.execute_sql(long).fetchone() == (300_000,)
        store.execute(Desk.insert(key="whole", value="yes"))
        for other in others:
            other.join()
    assert store.value(Desk.select(Desk.value).where(Desk.key == "whole")) == "yes"
    store.close()
    store.interrupt()  # which has nothing to end any more


async def test_a_question_that_nobody_waits_for_ends(desk: TestDesk, clock: HandClock) -> None:
    """The next one is answered though the one before would never have been."""
    number = desk.open()
    bridge = Bridge(desk.store.path, clock, "ana")
    begun = threading.Event()

    def ask(at: Reading) -> object:
        begun.set()
        return at.store.database.execute_sql(ENDLESS).fetchall()

    try:
        waiting = asyncio.create_task(bridge.read(ask))
        await asyncio.to_thread(begun.wait)
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await bridge.read(lambda at: at.board.case(number))).number == number
    finally:
        bridge.close()


def test_what_is_written_is_on_the_disk(desk: TestDesk) -> None:
    """The power may go: all but the steps of a sweep is synchronised, and what is typed is kept every second.

    Steps that are lost are done again, none twice: their letters are lost with them, and what claims a letter,
    as what ends the sweep, puts everything before it on the disk.
    """
    database = desk.store.database
    assert database.pragma("synchronous") == FULL
    desk.answer(desk.open())
    desk.clock.advance(days=14)
    steps = desk.sweeper.steps(Missed.APPLY)
    assert next(steps).closed
    assert database.pragma("synchronous") == NORMAL
    assert list(steps) == []
    assert database.pragma("synchronous") == FULL
    assert composer._EVERY <= 2  # noqa: SLF001 - seconds
