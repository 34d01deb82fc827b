"""The desk as a wall shows it: its queues with count and age, what is due, what is nobody's, what changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from peewee import SQL, fn

from casetui.desk.board import Board
from casetui.desk.days import Day, count_days
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Count, DueAct, Entry, Priority, What
from casetui.domain.workflow import Group, Rule, Status, in_group
from casetui.storage.reading import ENTRY
from casetui.storage.search import OPEN
from casetui.storage.tables import Cases, Entries

_LOOKED_AT = 1_000
"""Entries among which what changed last is looked for, however many others have only read."""
_AT_ONCE = 2
"""Entries that one act on a case mostly makes at most: what was said, and where that moved it."""


class Pile(Struct, frozen=True):
    """Some open cases in numbers: how many, how many of them stand out, and since when the first of them waits."""

    total: int
    marked: int
    since: datetime | None


class Ahead(Struct, frozen=True):
    """What a rule of the timer does until the day ends, without the overdue: how often, and when next, if ever."""

    today: int
    next_at: datetime | None


class Change(Struct, frozen=True):
    """A line of a case's history, with the case as it stands now."""

    entry: Entry
    case: Case


class Wallboard(Struct, frozen=True):
    """All that a wall shows, at one instant."""

    at: datetime
    policy: Policy
    queues: dict[Status, Count]
    """The queues of the open cases."""
    overdue: int
    """Acts of the timer that are due and not done."""
    reminders: Ahead
    closures: Ahead
    unassigned: Pile
    urgent: Pile
    """The open cases of the first priority; those that are nobody's stand out."""
    reopened: Pile
    """The reopened cases; those of the first priority stand out."""
    acts: list[DueAct]
    """What the timer does next, the overdue first."""
    changes: list[Change]
    """What happened last, the newest first."""
    days: list[Day]

    @classmethod
    def take(cls, board: Board, *, days: Sequence[datetime], until: datetime, most: int) -> "Wallboard":
        """Read it all.

        The days begin then, the last of them ends ``until`` then; of acts and changes ``most`` are wanted.
        """
        now, first = board.clock.now(), Cases.priority == Priority.DOWN
        return cls(
            at=now,
            policy=board.policy,
            queues=board.counts(ages=True),
            overdue=board.due_counts(now)[0],
            reminders=_ahead(board, Rule.REMINDER, now, until),
            closures=_ahead(board, Rule.CLOSURE, now, until),
            unassigned=_pile(board, Cases.owner.is_null(), first),
            urgent=_pile(board, first, Cases.owner.is_null()),
            reopened=_pile(board, Cases.status == Status.REOPENED, first),
            acts=board.due(limit=most),
            changes=_changes(board, most),
            days=count_days(board.store, days, until),
        )

    def total(self, group: Group) -> Count:
        """Return the queues under a heading as one."""
        return merged(self.queues[status] for status in in_group(group))

    @property
    def all_open(self) -> Count:
        """All open cases as one."""
        return merged(self.queues.values())


def merged(queues: Iterable[Count]) -> Count:
    """Return some queues as one."""
    whole = Count()
    for each in queues:
        ages = [since for since in (whole.since, each.since) if since is not None]
        numbers = (whole.total + each.total, whole.unread + each.unread, whole.due + each.due)
        whole = Count(*numbers, min(ages, default=None))
    return whole


def _pile(board: Board, wanted: Any, marked: Any) -> Pile:
    columns = (fn.COUNT(SQL("*")), fn.SUM(marked), fn.MIN(Cases.status_since))
    ((total, many, since),) = board.store.rows(Cases.select(*columns).where(OPEN & wanted))
    return Pile(total, many or 0, since)


def _ahead(board: Board, rule: Rule, now: datetime, until: datetime) -> Ahead:
    today = board.due_count(rule, until) - board.due_count(rule, now)
    reminds = (Cases.remind_at > now) & Cases.reminded_at.is_null()
    deadline, wanted = (
        (Cases.remind_at, reminds) if rule is Rule.REMINDER else (Cases.close_at, Cases.close_at > now)
    )
    return Ahead(today, board.store.value(Cases.select(fn.MIN(deadline)).where(wanted)))


def _changes(board: Board, most: int) -> list[Change]:
    """Return what happened last. That somebody has read a case is no news; what was done at once is told once."""
    recent = Entries.id > (board.store.value(Entries.select(fn.MAX(Entries.id))) or 0) - _LOOKED_AT
    newest = ENTRY.select().where(recent & (Entries.what != What.READ)).order_by(Entries.id.desc())
    newest = newest.limit(_AT_ONCE * most)
    entries = _told_once(ENTRY.read(board.store, newest))[:most]
    cases = {case.number: case for case in board.cases([entry.number for entry in entries])}
    return [Change(entry, cases[entry.number]) for entry in entries]


def _told_once(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries, of those of one case, one hand and one time the move, or else the last."""
    kept: list[Entry] = []
    for entry in entries:
        before = kept[-1] if kept else None
        if before is None or (before.number, before.by, before.at) != (entry.number, entry.by, entry.at):
            kept.append(entry)
        elif before.target is None:
            kept[-1] = entry
    return kept
