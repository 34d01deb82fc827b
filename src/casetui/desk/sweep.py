"""One pass of the timer over all that is due: reminders, closures and their letters, each exactly once."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from msgspec.structs import replace

from casetui.desk.facts import desk_id, note_run, read_policy
from casetui.domain import letters
from casetui.domain.clocks import Clock, rfc3339
from casetui.domain.errors import Overtaken
from casetui.domain.letters import SHIPPED, Wording
from casetui.domain.policy import REPRIEVE, Policy
from casetui.domain.records import TIMER, Case, Swept
from casetui.domain.timer import Act, Missed, decide, is_due
from casetui.domain.workflow import Rule
from casetui.storage.reading import CASE, among
from casetui.storage.store import Store
from casetui.storage.tables import Cases

BATCH = 100
"""Cases of the first transaction; those that follow have as many as the time allows."""
_LENGTH = 0.025
"""Seconds that a transaction is to take: a key press beside it never waits 50 ms, and each has its price."""
_CACHE = 8_000
"""KiB of the file in memory while much is due: more than a transaction changes."""
_AT_ONCE = 3
"""Transactions that are carried into the file together, since they change many pages in common.

With six a sweep would be a twentieth faster, and whoever writes beside it would wait longer for the disk.
"""
PAUSE = 0.0005
"""Seconds between transactions in which others get their turn: a writer that waits asks once or twice in one.

With three times that a sweep takes a thirtieth longer, and nobody waits less.
"""

_REMIND = """
    UPDATE cases SET reminded_at = ?, close_at = ?, version = version + 1, updated_at = ?
    WHERE id = ? AND stay = ? AND version = ?
"""
_CLOSE = """
    UPDATE cases SET status = 'closed', stay = stay + 1, status_since = ?, closed_at = ?, updated_at = ?,
        remind_at = NULL, close_at = NULL, reminded_at = NULL, held_until = NULL, hold_reason = NULL,
        version = version + 1
    WHERE id = ? AND stay = ? AND version = ?
"""
_ENTER = """
    INSERT INTO entries
        (case_id, at, "by", rule, what, stay, from_status, to_status, planned_at, note, changes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_POST = """
    INSERT INTO letters
        (case_id, entry_id, rule, recipient, subject, body, message_id, state, written_at, tries)
    SELECT case_id, id, ?, ?, ?, ?, ?, 'waiting', ?, 0 FROM entries WHERE case_id = ? AND stay = ? AND rule = ?
"""
_NO_ADDRESS = "no letter: the case has no e-mail address"
_Row = tuple[object, ...]


class _Batch:
    """The rows of one transaction, gathered before they are written."""

    def __init__(self, now: datetime, policy: Policy, desk: str, wording: Wording, by: str = "") -> None:
        self.now = now
        self.instant = int(now.timestamp())
        self.by = by
        self.policy = policy
        self.desk = desk
        self.wording = wording
        self.reminders: list[_Row] = []
        self.closures: list[_Row] = []
        self.entries: list[_Row] = []
        self.letters: list[_Row] = []

    def remind(self, case: Case, *, reprieve: bool) -> None:
        """Remind the customer of a case; with a ``reprieve`` the case closes a week from now instead."""
        due_at = _seconds(case.remind_at)
        if reprieve:
            case = replace(case, close_at=REPRIEVE.after(self.now, self.policy.zone))
        closes = _seconds(case.close_at)
        self.reminders.append((self.instant, closes, self.instant, case.number, case.stay, case.version))
        notes = ["closes a week from now, because the reminder comes late"] if reprieve else []
        if not self._post(case, Rule.REMINDER, case.stay):
            notes.append(_NO_ADDRESS)
        changes = f'{{"close_at":"{rfc3339(case.close_at)}"}}' if reprieve else None
        note = "; ".join(notes) or None
        self._enter(case, Rule.REMINDER, ("reminded", case.stay, None, None, due_at, note, changes))

    def close(self, case: Case) -> None:
        """Close a case; its entry begins the next stay, as every move does."""
        instant, due_at = self.instant, _seconds(case.close_at)
        self.closures.append((instant, instant, instant, case.number, case.stay, case.version))
        note = None if self._post(case, Rule.CLOSURE, case.stay + 1) else _NO_ADDRESS
        self._enter(case, Rule.CLOSURE, ("moved", case.stay + 1, case.status.value, "closed", due_at, note, None))

    def write(self, store: Store) -> None:
        """Write it all, each kind of row by one statement; raise Overtaken where a case is not what was read.

        That is never so while the database holds the lock that ``store.write()`` took.
        """
        _insist(store.executemany(_REMIND, self.reminders), self.reminders)
        _insist(store.executemany(_CLOSE, self.closures), self.closures)
        store.executemany(_ENTER, self.entries)
        store.executemany(_POST, self.letters)

    def _enter(self, case: Case, rule: Rule, facts: _Row) -> None:
        by = self.by or f"{TIMER}:{rule.value}"
        self.entries.append((case.number, self.instant, by, rule.value, *facts))

    def _post(self, case: Case, rule: Rule, stay: int) -> bool:
        """Put the letter of a rule into the outbox, and say whether there is an address for it."""
        if not case.email:
            return False
        zone, desk, wording = self.policy.zone, self.desk, self.wording
        letter = letters.compose(case, rule, zone=zone, desk=desk, wording=wording)
        words = (letter.recipient, letter.subject, letter.body, letter.message_id)
        self.letters.append((rule.value, *words, self.instant, case.number, stay, rule.value))
        return True


class Sweeper:
    """The timer's hands. A sweep takes the numbers of all that is due once, then acts on some at a time.

    Each transaction reads its cases anew, so that what somebody did in between wins; that no act happens
    twice for a stay is the unique key of the entries. Letters are written in the desk's ``wording``.
    """

    def __init__(self, store: Store, clock: Clock, wording: Wording = SHIPPED) -> None:
        self.store = store
        self.clock = clock
        self.wording = wording

    def sweep(self, missed: Missed = Missed.APPLY, *, dry_run: bool = False) -> Swept:
        """Do all that is due at this instant, or say what would be done, and return it."""
        total = Swept(self.clock.now())
        for done in self.steps(missed, dry_run=dry_run):
            total = merged(total, done)
            if not dry_run:
                time.sleep(PAUSE)
        return total

    def steps(self, missed: Missed, *, dry_run: bool = False) -> Iterator[Swept]:
        """Do the same a transaction at a time, so that others can act between two steps."""
        now = self.clock.now()
        numbers = self.due(now)
        if dry_run:
            for start in range(0, len(numbers), BATCH):
                yield _judge(self._read(numbers[start : start + BATCH]), missed, self._batch(now))
            return
        if len(numbers) > BATCH:
            self.store.cache(_CACHE)
        yield from self._transactions(numbers, now, missed)
        self.store.cache()
        with self.store.write():
            note_run(self.store, now)

    def due(self, now: datetime) -> list[int]:
        """Return the numbers of the cases of which something is due, in order, from the indexes alone."""
        remind = Cases.select(Cases.id).where((Cases.remind_at <= now) & Cases.reminded_at.is_null())
        close = Cases.select(Cases.id).where(Cases.close_at <= now)
        return sorted({number for (number,) in chain(self.store.stream(remind), self.store.stream(close))})

    def _transactions(self, numbers: Sequence[int], now: datetime, missed: Missed) -> Iterator[Swept]:
        start, many, written = 0, BATCH, 0
        while some := numbers[start : start + many]:
            start, written = start + many, written + 1
            with self.store.write(lasting=False):
                began = time.perf_counter()
                done = self._apply(some, now, missed)
            many = _as_many(len(some), time.perf_counter() - began)
            yield done
            if written % _AT_ONCE == 0:
                self.store.checkpoint()
                yield Swept(now)

    def _read(self, numbers: Sequence[int]) -> list[Case]:
        return CASE.read(self.store, CASE.select().where(Cases.id.in_(among(numbers))).order_by(Cases.id))

    def _batch(self, now: datetime) -> _Batch:
        return _Batch(now, read_policy(self.store), desk_id(self.store), self.wording)

    def _apply(self, numbers: Sequence[int], now: datetime, missed: Missed) -> Swept:
        batch = self._batch(now)
        done = _judge(self._read(numbers), missed, batch)
        batch.write(self.store)
        return done


def remind_now(store: Store, case: Case, now: datetime, *, by: str, wording: Wording = SHIPPED) -> None:
    """Remind the customer of a case as the timer would, but by an agent's wish; inside ``store.write()``.

    A closure that is due meanwhile gives way for a week.
    """
    batch = _Batch(now, read_policy(store), desk_id(store), wording, by)
    batch.remind(case, reprieve=is_due(case.close_at, now))
    batch.write(store)


def _judge(cases: Iterable[Case], missed: Missed, batch: _Batch) -> Swept:
    """Decide what is done with each case, and gather the rows that say so."""
    done: dict[Act, list[int]] = {act: [] for act in Act}
    for case in cases:
        act = decide(case, batch.now, missed)
        done[act].append(case.number)
        if act in (Act.REMIND, Act.REMIND_FIRST):
            batch.remind(case, reprieve=act is Act.REMIND_FIRST)
        elif act is Act.CLOSE:
            batch.close(case)
    return Swept(
        batch.now,
        reminded=tuple(sorted(done[Act.REMIND] + done[Act.REMIND_FIRST])),
        closed=tuple(done[Act.CLOSE]),
        held=tuple(done[Act.HELD]),
        missed=tuple(done[Act.MISSED]),
        letters=len(batch.letters),
    )


def _insist(touched: int, rows: Sequence[_Row]) -> None:
    """Raise Overtaken unless each row has found the stay and the version that it was decided by."""
    if touched != len(rows):
        raise Overtaken("A case has changed while the timer was at it; nothing of that was done.")


def merged(one: Swept, other: Swept) -> Swept:
    """Return two parts of a sweep as one."""
    return Swept(
        one.at,
        one.reminded + other.reminded,
        one.closed + other.closed,
        one.held + other.held,
        one.missed + other.missed,
        one.letters + other.letters,
    )


def _as_many(cases: int, seconds: float) -> int:
    """Return how many cases the next transaction takes, after one of so many took so long."""
    fitting = int(cases * _LENGTH / seconds)
    return max(BATCH, min(fitting, 2 * cases))


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())
