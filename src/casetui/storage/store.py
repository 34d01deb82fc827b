"""Opens a database, brings its schema up to date, guards its writes and watches it for others' changes."""

import os
import sqlite3
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from stat import S_ISDIR
from typing import Any
from urllib.parse import quote

import peewee

from casetui.domain.errors import CasetuiError, OutOfReach, ReadOnly
from casetui.storage.sentences import sentence_of

SCHEMA = 8
"""How many migrations this program knows."""

_CACHE = 1_000
"""KiB of the file that are kept in memory, half of SQLite's own: the system keeps them too."""
_OURS = int.from_bytes(b"case")
"""SQLite's application id of a casetui database."""
_MIGRATIONS = Path(__file__).parent / "migrations"
_CHECKPOINT = 8_000
"""Pages of new writing after which a lasting write carries all of them into the file; some 40 ms.

At SQLite's own 1,000, whoever writes beside a sweep would do so for the sweep, and wait 15 ms more.
"""
_PATIENCE = 10.0
"""Seconds that a write waits for another writer."""


class Store:
    """A SQLite file with one connection, which belongs to the thread that opened it.

    Every query of the program runs through ``rows`` and ``execute``, every write inside ``write``. What the
    database says no to comes out as OutOfReach, with a sentence.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.name = path.stem
        self.is_new = False
        """Whether there was no file before it was opened."""
        self._seen = 0
        self._guard = threading.Lock()
        self._writes = 0
        self._connection: sqlite3.Connection | None = None
        self._file, self._written = _identity(path), _written(path)
        pragmas: dict[str, object] = {"foreign_keys": 1, "cache_size": -_CACHE}
        if read_only:
            name = f"file:{quote(str(path))}?mode=ro"
            pragmas["query_only"] = 1
            self.database = peewee.SqliteDatabase(name, uri=True, autoconnect=False, pragmas=pragmas)
        else:
            self.database = peewee.SqliteDatabase(str(path), autoconnect=False, pragmas=pragmas)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Store":
        """Open the file, making and migrating it where need be; read-only opens what is there and no more."""
        is_new = _made(path, read_only=read_only)
        store = cls(path, read_only=read_only)
        store.is_new = is_new
        with store._explained():
            store.database.connect()
        store._connection = store.database.connection()
        try:
            store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the connection of this thread."""
        with self._guard:
            self._connection = None
        self.database.close()

    def interrupt(self) -> None:
        """Have what is being read end with an error, from any thread; what is being written goes on."""
        with self._guard:
            if self._connection is not None and not self._writes:
                self._connection.interrupt()

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """Run a query and return its rows, converted by the columns' fields."""
        with self._explained():
            return list(query.tuples().bind(self.database))

    def stream(self, query: Any) -> Generator[tuple[Any, ...], None, None]:
        """Yield the rows of a query as the database has them, as they are asked for.

        No field converts them, which takes longer than finding 50,000 numbers. The reading ends when this is
        closed.
        """
        with self._explained(), closing(self.database.execute(query)) as cursor:
            yield from cursor

    def value(self, query: Any) -> Any:
        """Run a query of one value and return it, or None where there is no row."""
        rows = self.rows(query)
        return rows[0][0] if rows else None

    def execute(self, query: Any) -> Any:
        """Run a writing query and return what peewee does: a new id, or how many rows it touched."""
        with self._explained():
            return query.execute(self.database)

    def executemany(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Run one statement over many rows, for what Peewee would do 18 times slower row by row.

        Returns how many rows of the table it touched.
        """
        with self._explained():
            return int(self.database.connection().executemany(statement, rows).rowcount) if rows else 0

    def is_told(self, statement: str) -> bool:
        """Run a statement that proves something; say whether the database found it so, and not malformed."""
        with self._explained():
            try:
                self.database.execute_sql(statement)
            except peewee.DatabaseError as error:
                if "malformed" in str(error):
                    return False
                raise
        return True

    def made_by(self, name: str) -> str:
        """Return the statement that made a table, a trigger or an index."""
        with self._explained():
            found = self.database.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
            return str(found.fetchone()[0])

    def sql(self, query: Any) -> tuple[str, list[object]]:
        """Return a query as this database is asked it, and the values that go with it."""
        statement, values = self.database.get_sql_context().sql(query).query()
        return str(statement), list(values)

    def plan(self, query: Any) -> list[str]:
        """Return the database's plan for a query, a line a step."""
        statement, values = self.sql(query)
        return [str(row[3]) for row in self.database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values)]

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[None]:
        """Hold the write lock from the first line to the last: all of it happens, or none.

        Waits its turn by asking three times in a millisecond: SQLite's own busy handler sleeps up to 100 ms at a
        time and misses the gaps that a sweep leaves. What is not ``lasting`` waits for no disk and is not carried
        into the file: a power failure may take it back, until somebody has written something lasting.
        """
        if self.read_only:
            raise ReadOnly
        with self._uninterrupted(), self._explained(), ExitStack() as stack:
            if not self.database.in_transaction():
                self.database.pragma("synchronous", "FULL" if lasting else "NORMAL")
                self.database.pragma("wal_autocheckpoint", _CHECKPOINT if lasting else 0)
            self._take_the_lock(stack)
            yield

    def checkpoint(self) -> None:
        """Carry what was written into the file itself; others read and write meanwhile."""
        with self._explained():
            self.database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def cache(self, kibibytes: int = _CACHE) -> None:
        """Keep so much of the file in memory; a transaction that changes more than that writes pages twice."""
        with self._explained():
            self.database.pragma("cache_size", -kibibytes)

    def changed(self) -> bool:
        """Say whether anybody else has written since this was asked last."""
        with self._explained():
            version = int(self.database.pragma("data_version"))
        changed, self._seen = self._seen not in (version, 0), version
        return changed

    def is_in_place(self) -> bool:
        """Say whether the file that was opened is still the one under its name: one that was moved is not."""
        return self._file == _identity(self.path)

    def is_rewritten(self) -> bool:
        """Say whether the file itself was written since it was opened, which may have been past the database.

        A desk writes it now and then too. Who reads a copy that is copied anew each night would not be told: what
        has changed is asked of what stands beside the file.
        """
        return self._written != _written(self.path)

    def expect_news(self) -> None:
        """Have the next question whether anybody has written be answered with yes."""
        self._seen = -1

    def _take_the_lock(self, stack: ExitStack) -> None:
        give_up = time.monotonic() + _PATIENCE
        self.database.pragma("busy_timeout", 0)
        try:
            while True:
                try:
                    stack.enter_context(self.database.atomic("IMMEDIATE"))
                except peewee.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > give_up:
                        raise
                    time.sleep(0.0003)
                else:
                    return
        finally:
            self.database.pragma("busy_timeout", int(_PATIENCE * 1000))

    def _prepare(self) -> None:
        with self._explained():
            version = int(self.database.pragma("user_version"))
            if int(self.database.pragma("application_id")) != _OURS and self.database.get_tables():
                raise OutOfReach(f"{self.path} is not a casetui database.")
            if version > SCHEMA:
                raise OutOfReach(
                    f"The database {self.path} was made by a newer casetui (schema {version}, this one knows"
                    f" {SCHEMA}); install that version to open it."
                )
            if version < SCHEMA:
                self._migrate()
            self.changed()

    def _migrate(self) -> None:
        if self.read_only:
            raise OutOfReach(
                f"The database {self.path} is older than this casetui; open it once with 'casetui' to bring"
                " it up to date, then monitor it."
            )
        from playhouse.migrations import Runner  # noqa: PLC0415 - only an older database needs it

        self.database.pragma("journal_mode", "wal")
        with self.write():
            if int(self.database.pragma("user_version")) < SCHEMA:
                Runner(self.database, str(_MIGRATIONS)).up()
                self.database.pragma("user_version", SCHEMA)
                self.database.pragma("application_id", _OURS)

    @contextmanager
    def _uninterrupted(self) -> Iterator[None]:
        with self._guard:
            self._writes += 1
        try:
            yield
        finally:
            with self._guard:
                self._writes -= 1

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except CasetuiError:
            raise
        except (peewee.DatabaseError, peewee.InterfaceError, sqlite3.Error) as error:
            sentence = sentence_of(self.path, str(error))
            if sentence is None:
                raise
            raise OutOfReach(sentence) from error


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from every other one, or None where there is none."""
    status = _status(path)
    return status and (status.st_dev, status.st_ino)


def _written(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is written, or None where there is none."""
    status = _status(path)
    return status and (status.st_mtime_ns, status.st_size)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _made(path: Path, *, read_only: bool) -> bool:
    """Make the file where there is none, and say whether that was so.

    Raises OutOfReach with a sentence for what SQLite would only call 'unable to open database file'.
    """
    status = _status(path)
    if status is not None and S_ISDIR(status.st_mode):
        raise OutOfReach(f"{path} is a folder; name a database file in it.")
    if status is not None:
        return False
    if read_only:
        raise OutOfReach(f"There is no database at {path}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutOfReach(f"No database can be made at {path}: {reason}.") from None
    return True
