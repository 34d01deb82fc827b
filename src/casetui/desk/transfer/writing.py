"""Writes built cases into the desk, some hundreds by one statement, and counts what went in."""

from collections import Counter
from collections.abc import Callable

from casetui.desk.transfer.built import CASE_NAMES, ENTRY_NAMES, Built
from casetui.domain.workflow import Status
from casetui.storage.fulltext import words_at_once
from casetui.storage.store import Store

BATCH = 2000
"""Cases a statement."""


def _insertion(table: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})"


class Writer:
    """Takes cases with their numbers; on a dry run it only counts. To be used inside ``store.write()``."""

    def __init__(self, store: Store, *, dry_run: bool, done: Callable[[int], None]) -> None:
        self.cases = 0
        self.entries = 0
        self.entered: Counter[str] = Counter()
        self._store = store
        self._dry_run = dry_run
        self._done = done
        self._case_rows: list[tuple[object, ...]] = []
        self._entry_rows: list[tuple[object, ...]] = []
        self._insert_cases = _insertion("cases", CASE_NAMES)
        self._insert_entries = _insertion("entries", ENTRY_NAMES)

    def add(self, number: int, built: Built) -> None:
        """Take a case."""
        self.cases += 1
        self.entries += len(built.entries)
        self._case_rows.append((number, *built.case))
        for entry in built.entries:
            self._entry_rows.append((number, *entry))
            if entry.target is not None:
                self.entered[entry.target] += 1
        if len(self._case_rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is gathered."""
        if not self._dry_run:
            with words_at_once(self._store):
                self._store.executemany(self._insert_cases, self._case_rows)
                self._store.executemany(self._insert_entries, self._entry_rows)
        self._case_rows.clear()
        self._entry_rows.clear()
        self._done(self.cases)

    def counts(self) -> dict[Status, int]:
        """Return how many entries into each status went in, in the order of the table."""
        return {status: self.entered[status.value] for status in Status if self.entered[status.value]}
