"""Lifelike desks of any size with five comments a case, built once and kept in a folder outside the checkout."""

import csv
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casetui.desk.demo import fill
from casetui.desk.sweep import Sweeper
from casetui.desk.verbs import Verbs
from casetui.domain.clocks import SystemClock
from casetui.domain.records import Facts
from casetui.storage.store import Store

AGENT = "ana"
FIVE = 5
LONG = 1_000
"""The comments of the one long case, which is the newest of the desk."""
DUE = 50_000
_STALE = 7 * 86_400
"""Seconds after which a desk is built anew: its open cases have grown old."""

_NOTES = """
    INSERT INTO entries (case_id, at, what, "by", stay, kind, author, body)
    SELECT cases.id, cases.updated_at, 'commented', 'ines', cases.stay, 'internal', 'ines',
        (SELECT body FROM bodies WHERE rowid = 1 + (cases.id * 7 + k.n * 31) % (SELECT MAX(rowid) FROM bodies))
    FROM cases
    JOIN (SELECT case_id, COUNT(kind) AS n FROM entries GROUP BY case_id) AS has ON has.case_id = cases.id
    JOIN (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5) AS k ON k.n > has.n
    ORDER BY cases.id
"""
_NOTE = """
    INSERT INTO entries (case_id, at, what, "by", stay, kind, author, body)
    VALUES (?, ?, 'commented', 'ines', 1, 'internal', 'ines', ?)
"""
_LAPSED = """
    CREATE TEMP TABLE lapsed AS
    SELECT closing.id AS entry, cases.id AS id, begun.at AS since, begun.stay AS stay,
        closing.from_status AS status, closing.planned_at AS close_at,
        unixepoch(json_extract(begun.changes, '$.remind_at')) AS remind_at,
        (SELECT at FROM entries AS e WHERE e.case_id = cases.id AND e.stay = begun.stay AND e.rule = 'reminder')
            AS reminded_at
    FROM cases
    JOIN entries AS closing
        ON closing.case_id = cases.id AND closing.stay = cases.stay AND closing.rule = 'closure'
    JOIN entries AS begun
        ON begun.case_id = cases.id AND begun.stay = cases.stay - 1 AND begun.to_status IS NOT NULL
    WHERE cases.closed_at IS NOT NULL AND cases.unread = 0
        AND json_extract(begun.changes, '$.close_at') IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM entries AS e WHERE e.case_id = cases.id AND e.what IN ('extended', 'held', 'undone')
        )
    ORDER BY cases.id
"""
_GIVE_BACK = (
    "DROP TRIGGER entries_remain",
    "DELETE FROM letters WHERE entry_id IN (SELECT entry FROM lapsed)",
    "DELETE FROM entries WHERE id IN (SELECT entry FROM lapsed)",
    """UPDATE cases SET (status, stay, status_since, close_at, remind_at, reminded_at, closed_at) =
        (SELECT status, stay, since, close_at, remind_at, reminded_at, NULL FROM lapsed WHERE lapsed.id = cases.id)
        WHERE id IN (SELECT id FROM lapsed)""",
)


@dataclass(frozen=True, slots=True)
class BenchDesk:
    """A desk with nothing due, and its longest case."""

    path: Path
    cases: int
    long: int


def desk(folder: Path, cases: int) -> BenchDesk:
    """Return the desk of a size, from the folder or built; nothing is due on it, as on one that is swept."""
    path = folder / f"desk-{cases}.db"
    if not path.exists() or time.time() - path.stat().st_ctime > _STALE:
        _say(f"building a desk of {cases:,} cases in {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        building = folder / f"building-{cases}.db"
        remove(building)
        _build(building, cases)
        building.rename(path)
    store = Store.open(path)
    Sweeper(store, SystemClock()).sweep()
    (long,) = store.database.execute_sql("SELECT MAX(id) FROM cases").fetchone()
    store.close()
    return BenchDesk(path, cases, int(long))


@contextmanager
def copied(bench: BenchDesk) -> Iterator[Path]:
    """Give a copy of a desk to write in."""
    path = bench.path.with_name(f"copy-{bench.cases}.db")
    remove(path)
    shutil.copyfile(bench.path, path)
    try:
        yield path
    finally:
        remove(path)


def remove(path: Path) -> None:
    """Remove a database, and what SQLite keeps beside it."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


def give_back(path: Path, most: int = DUE) -> int:
    """Make cases due that the timer has closed: their closures are taken away, as if it had never come.

    Return how many. What a sweep then does can be given back again, so one file serves any number of runs.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute(f"{_LAPSED} LIMIT {most}")
        base.execute("CREATE INDEX temp.lapsed_id ON lapsed (id)")
        (trigger,) = base.execute("SELECT sql FROM sqlite_master WHERE name = 'entries_remain'").fetchone()
        base.execute("BEGIN IMMEDIATE")
        for statement in (*_GIVE_BACK, trigger):
            base.execute(statement)
        base.execute("COMMIT")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(base.execute("SELECT COUNT(*) FROM lapsed").fetchone()[0])


COLUMNS = (
    "CaseNumber", "Subject", "Status", "Priority", "CreatedDate", "LastModifiedDate", "ClosedDate",
    "SuppliedCompany", "SuppliedName", "SuppliedEmail", "Product__c", "OwnerId",
)  # fmt: skip
_TIME = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, 'unixepoch')"
_TABLE = f"""
    SELECT printf('C%08d', id), subject,
        CASE WHEN closed_at IS NOT NULL THEN 'Closed' WHEN status = 'new' THEN 'New' ELSE 'Working' END,
        CASE priority WHEN 1 THEN 'Critical' WHEN 2 THEN 'High' WHEN 3 THEN 'Medium' ELSE 'Low' END,
        {_TIME.format("opened_at")}, {_TIME.format("updated_at")}, {_TIME.format("closed_at")},
        account, contact, email, product, owner
    FROM cases ORDER BY id
"""


def table_of(bench: BenchDesk) -> Path:
    """Return a CSV of the desk's cases as another system would export them, a row a case, written once."""
    path = bench.path.with_suffix(".csv")
    if not path.exists() or path.stat().st_mtime < bench.path.stat().st_ctime - _STALE:
        with closing(sqlite3.connect(bench.path)) as base, path.open("w", newline="", encoding="utf-8") as file:
            sheet = csv.writer(file)
            sheet.writerow(COLUMNS)
            sheet.writerows(base.execute(_TABLE))
    return path


def _build(path: Path, cases: int) -> None:
    """Fill a desk by the program's own demo, and add internal notes until each case has five comments."""
    store = Store.open(path)
    fill(store, datetime.now(UTC), cases=cases - 1, agent=AGENT)
    database = store.database
    with store.write():
        database.execute_sql(
            "CREATE TEMP TABLE bodies AS SELECT body FROM entries WHERE kind = 'internal' ORDER BY id LIMIT 500"
        )
        database.execute_sql(_NOTES)
    long = (
        Verbs(store, SystemClock(), AGENT).open(Facts("A case with a long history"), "It goes on and on.").number
    )
    with store.write():
        bodies = [body for (body,) in database.execute_sql("SELECT body FROM bodies")]
        now = int(time.time())
        store.executemany(_NOTE, [(long, now, bodies[at % len(bodies)]) for at in range(1, LONG)])
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
