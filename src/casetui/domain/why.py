"""A case's clock explained in sentences: since when, by which period, what was done, what comes, what stops it."""

from collections.abc import Sequence
from datetime import datetime

from casetui.domain.clocks import full_stamp, in_words
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry, What
from casetui.domain.timer import is_due, never_reminded
from casetui.domain.workflow import Rule, Status


def explain(case: Case, history: Sequence[Entry], policy: Policy, now: datetime) -> list[str]:
    """Return the sentences, most general first.

    ``history`` is what stands of it, oldest entry first, ``policy`` has the periods by which the stay goes.
    """
    since = full_stamp(case.status_since, policy.zone)
    said = [f"Case {case.number} is {case.status.label} since {since}, for {in_words(now - case.status_since)}."]
    if case.close_at is None:
        return said + _without_clock(case, history, policy)
    stay = [entry for entry in history if entry.stay == case.stay]
    said += _reminder(case, policy, now)
    said += _closure(case, stay, policy, now)
    said += _stopped(case, history, policy, now)
    return said


def _without_clock(case: Case, history: Sequence[Entry], policy: Policy) -> list[str]:
    if case.status is not Status.CLOSED:
        return [f"No clock runs in this status; the next move is with {case.whose_move.value}."]
    last = next((entry for entry in reversed(history) if entry.target is Status.CLOSED), None)
    if last is None or last.planned_at is None:
        return ["It is final: no clock runs, and a customer's answer needs a clone."]
    start = last.start.label if last.start else "its status"
    planned = full_stamp(last.planned_at, policy.zone)
    return [f"The timer closed it out of {start}, as planned for {planned}; it is final."]


def _reminder(case: Case, policy: Policy, now: datetime) -> list[str]:
    if case.remind_at is None:
        return []
    at = full_stamp(case.remind_at, policy.zone)
    period = policy.period(case.status, Rule.REMINDER)
    if case.reminded_at is not None:
        done = f"The customer was reminded on {full_stamp(case.reminded_at, policy.zone)} (planned for {at})."
    elif is_due(case.close_at, now):
        done = f"The reminder of {at} never went; the closure that is due stands in for it."
    elif is_due(case.remind_at, now):
        done = f"The reminder has been due since {at} ({period} after the stay began)."
    else:
        done = f"The customer is reminded on {at}, {period} after the stay began."
    if not case.email:
        done += " There is no e-mail address, so the reminder is an entry only: this customer cannot be reminded."
    return [done]


def _closure(case: Case, stay: Sequence[Entry], policy: Policy, now: datetime) -> list[str]:
    if case.close_at is None:
        return []
    at = full_stamp(case.close_at, policy.zone)
    period = policy.period(case.status, Rule.CLOSURE)
    movers = (What.EXTENDED, What.REMINDED)
    moved = [entry for entry in stay if entry.what in movers and "close_at" in entry.changes]
    if not moved:
        basis = f"{period} after the stay began"
    elif moved[-1].what is What.EXTENDED:
        basis = f"as {moved[-1].by} extended it: {moved[-1].note}"
    else:
        basis = "a week after the late reminder"
    if is_due(case.close_at, now):
        return [f"The closure has been due since {at} ({basis})."]
    return [f"It closes on {at} ({basis}), {in_words(case.close_at - now)} from now."]


def _stopped(case: Case, history: Sequence[Entry], policy: Policy, now: datetime) -> list[str]:
    said = []
    if case.held(now):
        until = f"until {full_stamp(case.held_until, policy.zone)}" if case.held_until else "until it is released"
        said.append(f"The timer is held {until}: {case.hold_reason}. What falls due meanwhile is due then.")
    if case.unread:
        marks = [entry.what for entry in history if entry.changes.get("unread")]
        bounced = bool(marks) and marks[-1] is What.UNREACHABLE
        what = "A letter could not be delivered" if bounced else "A customer's comment is unread"
        said.append(f"{what}: the timer closes nothing before an agent has seen it.")
    if not said:
        act = "be reminded and closed" if never_reminded(case) else "be closed"
        target = case.status.row.on_customer_comment
        stops = f"a customer's comment (to {target.label}), " if target else ""
        said.append(f"It will not {act} if there comes {stops}a move, a hold or an extension before.")
    return said
