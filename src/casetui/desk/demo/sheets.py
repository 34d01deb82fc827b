"""The rows of made-up cases, gathered and written to a store a few thousand cases at a time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from typing import Any

from casetui.domain.letters import Letter
from casetui.domain.workflow import Rule
from casetui.storage.fulltext import words_at_once
from casetui.storage.store import Store

Row = tuple[Any, ...]

_CASES = """
    INSERT INTO cases
        (id, version, external_id, subject, status, stay, status_since, remind_at, close_at, reminded_at,
        held_until, hold_reason, unread, owner, account, contact, email, product, priority, installation,
        reason, release, provider, cloned_from, opened_at, updated_at, closed_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ENTRIES = """
    INSERT INTO entries
        (case_id, at, what, "by", stay, from_status, to_status, planned_at, note, kind, author, body, changes,
        rule)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_LETTERS = """
    INSERT INTO letters
        (case_id, entry_id, rule, recipient, subject, body, message_id, state, written_at, sent_at, tries)
    SELECT case_id, id, ?, ?, ?, ?, ?, 'sent', ?, ?, 1 FROM entries WHERE case_id = ? AND stay = ? AND rule = ?
"""
_AT_ONCE = 30
"""Rows a statement: it saves a third of the time, and some SQLites take no more than 999 values."""
_AT = 1
"""Where an entry's row has its instant."""
_WRITTEN = 5
"""Where a letter's row has its instant."""
_TO_SEND = 20
"""Seconds from a letter's writing to its sending."""


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking at a million rows again and again that hold no cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Sheet:
    """Rows that wait to be written; entries later than ``recent`` come last, in the order of time.

    So what happened lately stands at the end of the table, as it does on a desk that has grown by itself.
    """

    def __init__(self, desk: str, recent: int) -> None:
        self.desk = desk
        self.recent = recent
        self._cases: list[Row] = []
        self._entries: list[Row] = []
        self._letters: list[Row] = []
        self._late_entries: list[Row] = []
        self._late_letters: list[Row] = []

    def __len__(self) -> int:
        """Return how many cases wait to be written."""
        return len(self._cases)

    def add(self, case: Row, entries: list[Row]) -> None:
        """Take a case and its history, oldest entry first."""
        self._cases.append(case)
        if entries[-1][_AT] < self.recent:
            self._entries += entries
        else:
            self._entries += [entry for entry in entries if entry[_AT] < self.recent]
            self._late_entries += [entry for entry in entries if entry[_AT] >= self.recent]

    def post(self, letter: Letter, rule: Rule, at: int, number: int, stay: int) -> None:
        """Take a letter that was sent; ``stay`` is that of the entry that caused it."""
        words = (letter.recipient, letter.subject, letter.body, letter.message_id)
        row = (rule.value, *words, at, at + _TO_SEND, number, stay, rule.value)
        (self._letters if at < self.recent else self._late_letters).append(row)

    def write(self, store: Store) -> None:
        """Write the cases that wait, and what happened to them but for what happened lately."""
        with store.write(), words_at_once(store):
            self._write(store, _CASES, self._cases)
            self._write(store, _ENTRIES, self._entries)
            self._write(store, _LETTERS, self._letters)

    def finish(self, store: Store) -> None:
        """Write the rest, and what happened lately in the order in which it did."""
        self.write(store)
        self._late_entries.sort(key=itemgetter(_AT))
        self._late_letters.sort(key=itemgetter(_WRITTEN))
        with store.write(), words_at_once(store):
            self._write(store, _ENTRIES, self._late_entries)
            self._write(store, _LETTERS, self._late_letters)

    @staticmethod
    def _write(store: Store, statement: str, rows: list[Row]) -> None:
        """Run a statement over rows and forget them; where it takes values, many rows at once, for speed."""
        head, values, one = statement.partition("VALUES")
        whole = len(rows) // _AT_ONCE * _AT_ONCE if values else 0
        if whole:
            many = f"{head}{values}{','.join([one] * _AT_ONCE)}"
            bundles = (rows[start : start + _AT_ONCE] for start in range(0, whole, _AT_ONCE))
            store.executemany(many, [list(chain.from_iterable(bundle)) for bundle in bundles])
        store.executemany(statement, rows[whole:])
        rows.clear()
