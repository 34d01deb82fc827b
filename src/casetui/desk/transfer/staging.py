"""A temporary database of the rows of one file, so that any number of them is sorted in a few megabytes."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, NamedTuple, Self

from casetui.desk.transfer.cells import Staged
from casetui.desk.transfer.origins import Origin
from casetui.domain.errors import OutOfReach

_AT_ONCE = 2_000


class Document(NamedTuple):
    """An exported case as it is staged: the number it wants, its line, what it is known by, itself."""

    number: int | None
    line: int
    external_id: str | None
    desk: str
    origin_number: int
    is_said: bool
    opened: int
    body: bytes | None

    @property
    def origin(self) -> Origin:
        """Where the case comes from."""
        return Origin(self.desk, self.origin_number)


class Staging:
    """Rows of cases, or whole documents of them, kept outside of memory until they are read back in order.

    SQLite's own temporary database: a file in the folder for such files that has no name, so nothing of it
    is left, however the program ends.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000", "temp_store = FILE"):
            self._base.execute(f"PRAGMA {setting}")
        self._base.execute(f"CREATE TABLE staged ({', '.join(Staged._fields)})")
        self._base.execute(f"CREATE TABLE documents ({', '.join(Document._fields)})")
        self._base.execute("CREATE TABLE places (document INTEGER PRIMARY KEY, number, place, is_new)")
        self._base.execute("CREATE INDEX places_number ON places (number)")
        self._base.execute("CREATE TABLE names (name PRIMARY KEY, place) WITHOUT ROWID")
        self._rows: list[Sequence[object]] = []
        self._last: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    @property
    def last(self) -> int | None:
        """The latest time of all that is staged, in seconds since 1970."""
        return self._last

    def add(self, row: Staged) -> None:
        """Stage a row."""
        self._add(row, row.time)

    def add_document(self, row: Document, time: int) -> None:
        """Stage a document, whose latest time is ``time``."""
        self._add(row, time)

    def cases(self) -> int:
        """Return how many cases are staged."""
        self._flush()
        counted = "SELECT (SELECT COUNT(DISTINCT key) FROM staged) + (SELECT COUNT(*) FROM documents)"
        return int(self._ask(counted)[0])

    def versions(self) -> Iterator[Staged]:
        """Yield the rows by case, time and place in the file."""
        self._flush()
        with _explained():
            for row in self._base.execute("SELECT * FROM staged ORDER BY key, time, line"):
                yield Staged._make(row)

    def wishes(self) -> Iterator[tuple[int, Document]]:
        """Yield the documents without their bodies, each with its id, by number; those without one come last."""
        self._flush()
        columns = ", ".join(Document._fields[:-1])
        with _explained():
            for row in self._base.execute(
                f"SELECT rowid, {columns}, NULL FROM documents ORDER BY number IS NULL, number, rowid"
            ):
                yield row[0], Document._make(row[1:])

    def bodies(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield id, line and body of all documents, in no order; any of them may be dropped meanwhile."""
        self._flush()
        last = 0
        while rows := self._all(f"SELECT rowid, line, body FROM documents WHERE rowid > ? LIMIT {_AT_ONCE}", last):
            yield from rows
            last = rows[-1][0]

    def drop(self, document: int) -> None:
        """Leave a document out."""
        with _explained():
            self._base.execute("DELETE FROM documents WHERE rowid = ?", (document,))

    def drop_beyond(self, first: int, last: int) -> list[int]:
        """Leave out the rows with a time before ``first``, or not before ``last``; return their lines."""
        self._flush()
        least, most = (f"{choice}(time, since, COALESCE(opened, time))" for choice in ("MIN", "MAX"))
        found = self._all(f"DELETE FROM staged WHERE {least} < ? OR {most} >= ? RETURNING line", first, last)
        return sorted(line for (line,) in found)

    def documents(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield place, line and body of the documents that are new to the desk, by place."""
        with _explained():
            for row in self._base.execute(
                "SELECT place, line, body FROM places JOIN documents ON documents.rowid = document"
                " WHERE is_new ORDER BY place"
            ):
                yield row[0], row[1], row[2]

    def greatest(self) -> int:
        """Return the greatest number that a document wants, or 0."""
        self._flush()
        return int(self._ask("SELECT COALESCE(MAX(number), 0) FROM documents")[0])

    def learn(self, names: Iterable[tuple[str, int]]) -> None:
        """Keep names that cases are known by, and their places; the first to bear a name has it."""
        with _explained():
            self._base.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", names)

    def named(self, name: str) -> int | None:
        """Return the place of the case that is known by a name."""
        found = self._ask("SELECT MAX(place) FROM names WHERE name = ?", name)[0]
        return None if found is None else int(found)

    def place(self, document: int, number: int | None, place: int, *, is_new: bool) -> None:
        """Note under which number of the desk a document stands, or is to stand."""
        with _explained():
            self._base.execute("INSERT INTO places VALUES (?, ?, ?, ?)", (document, number, place, is_new))

    def placed(self, number: int) -> int | None:
        """Return under which number of the desk a number of the file stands."""
        found = self._ask("SELECT place FROM places WHERE number = ? ORDER BY document LIMIT 1", number)
        return None if found is None else int(found[0])

    def _add(self, row: Sequence[object], time: int) -> None:
        self._last = time if self._last is None else max(self._last, time)
        self._rows.append(row)
        if len(self._rows) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Write what is gathered; a file holds rows or documents, never both."""
        if self._rows:
            table = "staged" if isinstance(self._rows[0], Staged) else "documents"
            marks = ", ".join("?" * len(self._rows[0]))
            with _explained():
                self._base.executemany(f"INSERT INTO {table} VALUES ({marks})", self._rows)
            self._rows.clear()

    def _ask(self, question: str, *values: object) -> Any:
        with _explained():
            return self._base.execute(question, values).fetchone()

    def _all(self, question: str, *values: object) -> list[Any]:
        with _explained():
            return self._base.execute(question, values).fetchall()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OutOfReach(f"The folder for temporary files cannot take the import: {error}.") from None
