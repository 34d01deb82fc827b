"""The same work in raw SQL, by the sqlite3 module alone: what the desk's own statements are held against."""

import csv
import hashlib
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from casetui.domain.letters import SHIPPED
from casetui.domain.workflow import Status

_DUE = """
    SELECT id, stay, status, close_at, subject, contact, email FROM cases
    WHERE close_at <= ? AND unread = 0 AND hold_reason IS NULL ORDER BY id
"""
_CLOSE = """
    UPDATE cases SET status = 'closed', stay = stay + 1, status_since = ?, closed_at = ?, updated_at = ?,
        remind_at = NULL, close_at = NULL, reminded_at = NULL, version = version + 1
    WHERE id = ? AND stay = ?
"""
_ENTER = """
    INSERT INTO entries (case_id, at, "by", rule, what, stay, from_status, to_status, planned_at, note)
    VALUES (?, ?, 'timer:closure', 'closure', 'moved', ?, ?, 'closed', ?, ?)
"""
_POST = """
    INSERT INTO letters (case_id, entry_id, rule, recipient, subject, body, message_id, state, written_at, tries)
    SELECT case_id, id, 'closure', ?, ?, ?, ?, 'waiting', ?, 0 FROM entries
    WHERE case_id = ? AND stay = ? AND rule = 'closure'
"""
_NO_ADDRESS = "no letter: the case has no e-mail address"
_WORDS = SHIPPED.closure.body.replace("Hello {contact}", "Hello{contact}")
_SUBJECT = SHIPPED.closure.subject

_SWEPT = """
    SELECT c.id, c.status, c.stay, c.status_since - ?, c.closed_at - ?, c.close_at, c.remind_at, c.reminded_at,
        e.at - ?, e."by", e.what, e.stay, e.from_status, e.to_status, e.planned_at, e.note, e.changes,
        l.recipient, l.subject, l.body, l.message_id, l.state, l.tries
    FROM entries AS e JOIN cases AS c ON c.id = e.case_id LEFT JOIN letters AS l ON l.entry_id = e.id
    WHERE e.id > ? AND e.rule = 'closure' ORDER BY e.case_id
"""


def sweep(path: Path, now: int) -> float:
    """Close all that is due, with entries and letters, in one transaction; return the seconds that it took."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA foreign_keys = ON")
        (desk,) = base.execute("SELECT value FROM desk WHERE key = 'id'").fetchone()
        labels = {status.value: status.label for status in Status}
        began = time.perf_counter()
        base.execute("BEGIN IMMEDIATE")
        cases, entries, letters = [], [], []
        for number, stay, status, close_at, subject, contact, email in base.execute(_DUE, (now,)):
            cases.append((now, now, now, number, stay))
            entries.append((number, now, stay + 1, status, close_at, None if email else _NO_ADDRESS))
            if email:
                title = " ".join(subject.split())
                named = f" {contact}" if contact else ""
                body = _WORDS.format(contact=named, number=number, subject=title, status=labels[status])
                head = " ".join(_SUBJECT.format(number=number, subject=title).split())
                known = f"<case-{number}.stay-{stay}.closure@{desk}.casetui>"
                letters.append((email, head, body, known, now, number, stay + 1))
        base.executemany(_CLOSE, cases)
        base.executemany(_ENTER, entries)
        base.executemany(_POST, letters)
        base.execute("COMMIT")
        return time.perf_counter() - began


def swept(path: Path, after: int, now: int) -> list[tuple[object, ...]]:
    """Return what a sweep at ``now`` wrote after an entry, without the numbers of rows."""
    with closing(sqlite3.connect(path)) as base:
        return base.execute(_SWEPT, (now, now, now, after)).fetchall()


def last_entry(path: Path) -> int:
    """Return the greatest id that an entry has had."""
    with closing(sqlite3.connect(path)) as base:
        return int(base.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()[0])


_TABLES = ("cases", "entries")


def insert(table: Path, imported: Path, empty: Path) -> float:
    """Read a table and write the rows that an import made of it into an empty desk, by executemany, in one go.

    Return the seconds. The rows come from the imported desk as they are: nothing is mapped, nothing judged.
    """
    with (
        closing(sqlite3.connect(imported)) as source,
        closing(sqlite3.connect(empty, isolation_level=None)) as base,
    ):
        base.execute("PRAGMA foreign_keys = ON")
        began = time.perf_counter()
        with table.open(newline="", encoding="utf-8") as file:
            for _ in csv.reader(file):
                pass
        base.execute("BEGIN IMMEDIATE")
        for name in _TABLES:
            rows = source.execute(f"SELECT * FROM {name} ORDER BY id")
            marks = ", ".join("?" * len(rows.description))
            base.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        base.execute("COMMIT")
        return time.perf_counter() - began


def digest(path: Path) -> list[tuple[str, int, str]]:
    """Return how many cases and entries a desk has, and a fingerprint of all their rows, to compare two desks."""
    found = []
    with closing(sqlite3.connect(path)) as base:
        for name in _TABLES:
            count, whole = 0, hashlib.sha256()
            for row in base.execute(f"SELECT * FROM {name} ORDER BY id"):
                count += 1
                whole.update(repr(row).encode())
            found.append((name, count, whole.hexdigest()))
    return found


_FOUND = """
    SELECT entries.case_id FROM texts CROSS JOIN entries ON entries.id = texts.rowid WHERE texts MATCH ?
    ORDER BY texts.rowid DESC
"""


def found(path: Path, word: str, limit: int) -> tuple[list[int], float]:
    """Return the cases in which a word was said last, and the milliseconds that it took to find them."""
    with closing(sqlite3.connect(path)) as base:
        base.execute(_FOUND, ('"warm"',)).fetchone()
        began = time.perf_counter()
        numbers: dict[int, None] = {}
        for (number,) in base.execute(_FOUND, (f'"{word}" *',)):
            numbers[number] = None
            if len(numbers) == limit:
                break
        return list(numbers), (time.perf_counter() - began) * 1000
