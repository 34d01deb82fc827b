"""Builds a case from what casetui exported: its history to the letter, or one made of its row."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from msgspec.structs import replace

from casetui.desk.transfer.built import IMPORT, Built, Deadlines, case_row, entry_row
from casetui.desk.transfer.documents import Kept, case_of, contradictions, entries_of, origin_of
from casetui.desk.transfer.report import BEYOND, BadCellError
from casetui.domain.clocks import FIRST, LAST, rfc3339
from casetui.domain.history import differences, read_back, replay, written
from casetui.domain.records import RESTORING, TIMER, Case, Entry, What
from casetui.domain.workflow import Rule, Status, has_clock

_AS_IT_WAS = "deadlines as they were in the desk that they come from"
_BEGINNINGS = (What.OPENED, What.MOVED)
_LINK = re.compile(r"(cloned from|cloned as) (\d{1,15})")
_Line = tuple[Entry, Rule | None]
_FACTS = (
    "external_id", "subject", "owner", "account", "contact", "email", "product", "priority", "installation",
    "reason", "release", "provider", "cloned_from",
)  # fmt: skip


class Restorer:
    """Builds cases as they were exported, at most up to ``until``, all times moved by ``shift`` seconds."""

    def __init__(self, desk: str, deadlines: Deadlines, until: datetime | None, shift: int) -> None:
        self.desk = desk
        self.deadlines = deadlines
        self.until = until
        self.shift = timedelta(seconds=shift)

    def build(self, found: Kept, place_of: Callable[[int], int | None]) -> Built | None:
        """Return a case as it stands in this desk, or None where it was not there yet.

        ``place_of`` knows under which number of this desk a number of the file stands. Raises BadCellError
        where the case contradicts itself or its history.
        """
        case = case_of(found)
        lines = entries_of(found) if found.history else self._made(case)
        if found.history:
            _prove(case, lines)
        wanted = [line for line in lines if self.until is None or line[0].at <= self.until]
        if not any(entry.target for entry, _ in wanted):
            return None
        kept = [self._moved(_placed(line, place_of)) for line in wanted]
        opened = kept[0][0]
        if (origin := origin_of(found)).desk != self.desk or place_of(origin.number) != origin.number:
            kept[0] = replace(opened, note=origin.noted(opened.note)), kept[0][1]
        now = self._as_told(case, [entry for entry, _ in kept], is_cut=len(wanted) < len(lines))
        kept += self._rescheduled(now, [entry for entry, _ in kept])
        return Built(now.external_id, case_row(now), [entry_row(*line) for line in kept])

    def _as_told(self, case: Case, entries: list[Entry], *, is_cut: bool) -> Case:
        """Return the case that a history leads to."""
        updated_at = max(entry.at for entry in entries) if is_cut else self._later(case.updated_at)
        now = replace(case, updated_at=updated_at, **cast("dict[str, Any]", replay(entries)))
        if wrong := next(contradictions(now), None):
            raise BadCellError(*wrong)
        if has_clock(now.status) and now.close_at is None:
            raise BadCellError("close_at", None, f"a case in {now.status.label} has one")
        if now.reminded_at is not None and now.remind_at is None:
            raise BadCellError("remind_at", None, "a case that was reminded has one")
        return now

    def _later(self, instant: datetime) -> datetime:
        """Return an instant as ``--shift-to-now`` moves it; raise BadCellError where that is no time any more."""
        later = instant + self.shift
        if not FIRST <= later < LAST:
            raise BadCellError(None, rfc3339(instant), BEYOND)
        return later

    def _moved(self, line: _Line) -> _Line:
        """Return an entry at its later time; deadlines that a policy gave are counted anew from there."""
        entry, rule = line
        if not self.shift:
            return line
        changes: dict[str, Any] = read_back(entry.changes)
        since = changes.get("status_since") or entry.at
        before = {} if entry.target is None else self.deadlines.then(entry.target, since)
        after = {} if entry.target is None else self.deadlines.then(entry.target, self._later(since))
        for name, value in changes.items():
            if isinstance(value, datetime):
                changes[name] = after[name] if before.get(name) == value else self._later(value)
        planned_at = None if entry.planned_at is None else self._later(entry.planned_at)
        return replace(entry, at=self._later(entry.at), planned_at=planned_at, changes=written(changes)), rule

    def _rescheduled(self, case: Case, entries: list[Entry]) -> list[_Line]:
        """Return the entry that says why a stay's deadlines are others than this desk would have given it."""
        stay = [entry for entry in entries if entry.stay == case.stay and entry.what not in _BEGINNINGS]
        planned = self.deadlines.then(case.status, case.status_since)
        kept = {name: getattr(case, name) for name in ("remind_at", "close_at")}
        if all(planned.get(name) == at or any(name in e.changes for e in stay) for name, at in kept.items()):
            return []
        entry = Entry(0, 0, case.updated_at, What.RESCHEDULED, IMPORT, case.stay, None, None, None, _AS_IT_WAS)
        return [(replace(entry, changes=written(kept)), None)]

    def _made(self, case: Case) -> list[_Line]:
        """Return a history that leads to a case of which only its row is known."""
        single = case.status is Status.NEW and case.status_since == case.opened_at
        facts = {name: getattr(case, name) for name in _FACTS if getattr(case, name) is not None}
        due = self.deadlines.then(case.status, case.status_since)
        begun = {**due, **({"unread": True} if case.unread else {})}
        plain = Entry(0, case.number, case.opened_at, What.OPENED, IMPORT, 1, None, None, None, None)
        entries = [
            replace(plain, target=case.status if single else None, changes=facts | (begun if single else {}))
        ]
        if not single:
            at = case.status_since
            entries.append(replace(plain, at=at, what=What.MOVED, target=case.status, changes=begun))
        entries += self._stops(case, due.get("close_at"), plain)
        rules = {What.REMINDED: Rule.REMINDER}
        return [(replace(entry, changes=written(entry.changes)), rules.get(entry.what)) for entry in entries]

    def _stops(self, case: Case, planned: datetime | None, plain: Entry) -> list[Entry]:
        """Return what happened to a case's clock: its reminder, its extension, its hold."""
        found = []
        at = max(case.updated_at, case.status_since)
        if case.reminded_at is not None:
            by = f"{TIMER}:{Rule.REMINDER.value}"
            when = case.reminded_at
            found.append(replace(plain, at=when, what=What.REMINDED, by=by, planned_at=case.remind_at))
        if case.close_at is not None and case.close_at != planned:
            changes = {"close_at": case.close_at}
            found.append(replace(plain, at=at, what=What.EXTENDED, planned_at=case.close_at, changes=changes))
        if case.hold_reason is not None:
            hold = {"held_until": case.held_until, "hold_reason": case.hold_reason}
            why = case.hold_reason
            found.append(replace(plain, at=at, what=What.HELD, planned_at=case.held_until, note=why, changes=hold))
        return found


def _placed(line: _Line, place_of: Callable[[int], int | None]) -> _Line:
    """Return an entry that names originals and clones by their numbers of this desk."""
    entry, rule = line
    linked = _LINK.fullmatch(entry.note or "")
    place = place_of(int(linked[2])) if linked else None
    note = f"{linked[1]} {place}" if linked and place else entry.note
    changes = dict(entry.changes)
    original = changes.get("cloned_from")
    if isinstance(original, int):
        changes["cloned_from"] = place_of(original)
    return replace(entry, note=note, changes=changes), rule


def _prove(case: Case, lines: list[_Line]) -> None:
    """Raise BadCellError where a history is none, or leads to another case than the one that has it."""
    stay, status = 0, None
    ruled = set()
    for place, (entry, rule) in enumerate(lines):
        where = f"history[{place}]"
        if (entry.what is What.OPENED) != (place == 0):
            raise BadCellError(f"{where}.what", entry.what.value, "a history begins with 'opened', once")
        if rule is not None and (entry.stay, rule) in ruled:
            raise BadCellError(f"{where}.rule", rule.value, "happens once in a stay")
        ruled.add((entry.stay, rule))
        if entry.target is None:
            continue
        if entry.start is not status or (entry.stay != stay + 1 and entry.what not in RESTORING):
            raise BadCellError(f"{where}.stay", str(entry.stay), "does not follow what comes before it")
        stay, status = entry.stay, entry.target
    if status is None:
        raise BadCellError("history", None, "no entry of it enters a status")
    if told := next(iter(differences(case, [entry for entry, _ in lines])), None):
        raise BadCellError(None, None, told)
