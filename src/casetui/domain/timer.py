"""What the timer does with a case at an instant, decided from the case alone (SPEC 5)."""

from datetime import datetime
from enum import Enum, auto

from casetui.domain.records import Case, DueAct
from casetui.domain.workflow import Rule


class Missed(Enum):
    """What to do with a case whose closure is due when its reminder never went."""

    APPLY = auto()
    REMIND = auto()
    ASK = auto()


class Act(Enum):
    """What the timer does with one case."""

    NOTHING = auto()
    REMIND = auto()
    CLOSE = auto()
    REMIND_FIRST = auto()
    HELD = auto()
    MISSED = auto()


def is_due(deadline: datetime | None, now: datetime) -> bool:
    """Say whether a deadline has come: the instant itself counts."""
    return deadline is not None and now >= deadline


def never_reminded(case: Case) -> bool:
    """Say whether the case's stay promises a reminder that never went."""
    return case.remind_at is not None and case.reminded_at is None


def decide(case: Case, now: datetime, missed: Missed) -> Act:
    """Return what is to be done with a case at ``now``; a closure that is due stands in for its reminder."""
    if is_due(case.close_at, now):
        if case.stopped(Rule.CLOSURE, now):
            return Act.HELD
        if never_reminded(case):
            return {Missed.APPLY: Act.CLOSE, Missed.REMIND: Act.REMIND_FIRST, Missed.ASK: Act.MISSED}[missed]
        return Act.CLOSE
    if never_reminded(case) and is_due(case.remind_at, now):
        return Act.HELD if case.stopped(Rule.REMINDER, now) else Act.REMIND
    return Act.NOTHING


def acts(case: Case, now: datetime) -> list[DueAct]:
    """Return what the timer will do with a case if nobody intervenes, in order."""
    ahead = []
    if never_reminded(case) and case.remind_at is not None and not is_due(case.close_at, now):
        ahead.append(DueAct(case, Rule.REMINDER, case.remind_at, case.stopped(Rule.REMINDER, now)))
    if case.close_at is not None:
        ahead.append(DueAct(case, Rule.CLOSURE, case.close_at, case.stopped(Rule.CLOSURE, now)))
    return ahead
