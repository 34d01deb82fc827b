"""What agents do with a case's clock: extend, hold, release, remind before the timer does (SPEC 5)."""

from datetime import datetime

from casetui.desk.facts import read_policy
from casetui.desk.news import note_seen
from casetui.desk.sweep import remind_now
from casetui.desk.verbs import Verbs
from casetui.domain import words
from casetui.domain.clocks import reached, stamp
from casetui.domain.errors import Refused
from casetui.domain.letters import SHIPPED, Wording
from casetui.domain.records import Case, What
from casetui.domain.workflow import has_clock


class Stops(Verbs):
    """The verbs of an agent, with those that move or stop a clock."""

    def extend(self, number: int, to: str, reason: str, *, seen: int | None = None) -> Case:
        """Move this stay's closure by a period, or to a date or an instant; always later, and to come."""
        why = _reason(reason)
        with self._case(number, seen) as (case, ledger):
            zone = read_policy(self.store).zone
            closes = _clocked(case)
            later = reached(to, closes, zone)
            if later <= closes:
                at = stamp(closes, zone)
                raise Refused(f"Case {number} closes on {at}; an extension leads to a later time.")
            if later <= ledger.now:
                at = stamp(later, zone)
                raise Refused(f"Case {number} would close on {at}, which is past; give it more.")
            ledger.update(case, {"close_at": later})
            ledger.enter(case, What.EXTENDED, {"close_at": later}, note=why, planned_at=later)
        return self.case(number)

    def hold(self, number: int, until: str | None, reason: str, *, seen: int | None = None) -> Case:
        """Stop the timer for a case, until a date or an instant, after a period, or until it is released."""
        why = _reason(reason)
        with self._case(number, seen) as (case, ledger):
            _clocked(case)
            end = None if until is None else reached(until, ledger.now, read_policy(self.store).zone)
            if end is not None and end <= ledger.now:
                raise Refused(f"A hold ends in the future; {until} is past.")
            hold = {"held_until": end, "hold_reason": why}
            ledger.update(case, hold)
            ledger.enter(case, What.HELD, hold, note=why, planned_at=end)
        return self.case(number)

    def release(self, number: int, *, seen: int | None = None) -> Case:
        """End a hold."""
        with self._case(number, seen) as (case, ledger):
            if not case.held(ledger.now):
                raise Refused(f"Case {number} is not held.")
            nothing = {"held_until": None, "hold_reason": None}
            ledger.update(case, nothing)
            ledger.enter(case, What.RELEASED, nothing)
        return self.case(number)

    def remind(self, number: int, wording: Wording = SHIPPED, *, seen: int | None = None) -> Case:
        """Remind the customer in the timer's place, once a stay; a closure that is due gives way for a week."""
        with self._case(number, seen) as (case, ledger):
            if case.remind_at is None:
                raise Refused(f"Case {number} is {case.status.label}, where nobody is reminded.")
            if case.reminded_at is not None:
                at = stamp(case.reminded_at, read_policy(self.store).zone)
                raise Refused(f"The customer of case {number} was reminded on {at}, which is done once a stay.")
            if not case.email:
                raise Refused(f"Case {number} has no e-mail address to remind; give it one with 'edit' first.")
            remind_now(self.store, case, ledger.now, by=self.agent, wording=wording)
            note_seen(self.store, self.agent, number, case.version + 1)
        return self.case(number)


def _reason(text: str) -> str:
    kept = words.text(text, "reason")
    if not kept:
        raise Refused("Say why: a reason is needed.")
    return kept


def _clocked(case: Case) -> datetime:
    """Return when the case closes; raise Refused where it has no clock."""
    if not has_clock(case.status) or case.close_at is None:
        raise Refused(f"Case {case.number} is {case.status.label}, where no clock runs.")
    return case.close_at
