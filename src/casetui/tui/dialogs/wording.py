"""A move in words: what it means, needs, starts and shows, and why another one is not offered."""

from datetime import datetime

from casetui.domain.clocks import full_stamp, stamp, zone_of
from casetui.domain.policy import Policy
from casetui.domain.records import Case
from casetui.domain.workflow import TABLE, Ask, Party, Rule, Status, rules

_MOST_NAMED = 4
_NEEDS = {
    Ask.QUESTION: "a public comment that says what we need",
    Ask.ANSWER: "a public comment with the answer",
    Ask.REASON: "a reason",
    Ask.RELEASE: "the name of the release",
    Ask.PROVIDER: "the provider's name",
}
_CUSTOMER_SAYS = {
    Status.CUSTOMER_TESTING: "Customer: keeps testing",
    Status.CLOSED: "Customer: confirms, closes",
}


def name_of_move(start: Status, target: Status, *, by_customer: bool = False) -> str:
    """Return what a list calls a move; a new stay in the same status says so."""
    if by_customer:
        return _CUSTOMER_SAYS.get(target, f"Customer: {target.label}")
    return f"{target.label} again" if start is target else target.label


def waits_on(status: Status) -> str:
    """Return whose move it will be, in one word or two."""
    return "" if status.row.whose_move is Party.NOBODY else status.row.whose_move.value


def clock_in_brief(status: Status, policy: Policy, *, short: bool = False) -> str:
    """Return what the timer will do there, without dates: ``remind 1 week, close 28 days``."""
    if status is Status.CLOSED:
        return "final"
    reminder, closure = (policy.period(status, rule) for rule in (Rule.REMINDER, Rule.CLOSURE))
    if closure is None:
        return "no clock"
    close = closure.short if short else str(closure)
    if reminder is None:
        return f"closes after {close}"
    return f"remind {reminder.short if short else reminder}, close {close}"


def clock_in_full(status: Status, policy: Policy, now: datetime) -> str:
    """Return what the timer will do there and when, with weekday, zone and the period."""
    if status is Status.CLOSED:
        return "No clock: closed is final."
    parts = []
    for rule, word in ((Rule.REMINDER, "reminder"), (Rule.CLOSURE, "closes")):
        period = policy.period(status, rule)
        if period is not None:
            parts.append(f"{word} {full_stamp(period.after(now, policy.zone), policy.zone)} ({period})")
    return _sentence(", ".join(parts)) if parts else "No clock runs."


def deadlines(status: Status, policy: Policy, now: datetime) -> str:
    """Return the same on one short line: ``reminder 01 Dec 09:41, closes 22 Dec 09:41 UTC``."""
    if status is Status.CLOSED:
        return "final"
    words = {Rule.REMINDER: "reminder", Rule.CLOSURE: "closes"}
    ends = {rule: policy.deadline(status, rule, now) for rule in rules(status)}
    parts = [f"{words[rule]} {stamp(end, policy.zone, now=now)}" for rule, end in ends.items() if end]
    zone = now.astimezone(zone_of(policy.zone)).strftime("%Z")
    return f"{', '.join(parts)} {zone}" if parts else "no clock runs"


def not_owner(case: Case, target: Status, agent: str) -> str:
    """Say that only the owner makes this move, where ``agent`` is not; else nothing."""
    if Ask.OWNERSHIP not in target.row.asks or case.owner == agent:
        return ""
    owner = f"it belongs to {case.owner}" if case.owner else "it has no owner"
    return f"Only its owner moves case {case.number} to {target.label}, and {owner}. Assign it to yourself first."


def one_at_a_time(target: Status) -> str:
    """Say why a move that asks for a public comment is not made with several cases at once."""
    return f"{target.label} asks for a public comment, which is written to one customer at a time."


def needs(case: Case, target: Status, *, agent: str, answered: bool) -> str:
    """Say what a move asks for, and what happens next."""
    asks = [ask for ask in target.row.asks if not (answered and ask is Ask.ANSWER)]
    wanted = " and ".join(_NEEDS[ask] for ask in asks if ask in _NEEDS)
    if Ask.REASON in asks:
        wanted += f": {', '.join(reason.replace('_', ' ') for reason in target.row.reasons)}"
    if not wanted:
        answer = Ask.ANSWER in target.row.asks
        return "Nothing: your newest comment is the answer." if answer else "Nothing."
    composer = " (the composer opens)" if {Ask.QUESTION, Ask.ANSWER} & set(asks) else ""
    return " ".join(filter(None, (f"{_sentence(wanted + composer)}", not_owner(case, target, agent))))


def leaves_by(status: Status) -> str:
    """Say what ends a stay there."""
    if status is Status.CLOSED:
        return "Nothing; a closed case can be cloned."
    row = status.row
    ways = []
    if row.on_customer_comment:
        ways.append(f"a customer's comment (to {row.on_customer_comment.label})")
    if row.closure:
        ways.append("the clock (to Closed)")
    if row.customer_moves:
        ways.append("the customer's word (to " + " or ".join(target.label for target in row.customer_moves) + ")")
    return _sentence(", ".join([*ways, "a move of ours"]))


def customer_sees(target: Status, *, answered: bool = False) -> str:
    """Say what the customer will see of a move."""
    comment = Ask.QUESTION in target.row.asks or (Ask.ANSWER in target.row.asks and not answered)
    return f"Sees the status {target.label}{' and your comment' if comment else ''}."


def why_not(start: Status, status: Status) -> str:
    """Say why a status is not offered from ``start``."""
    if start is status:
        return "the case is there already."
    if status is Status.NEW:
        return "entered only by opening or cloning a case."
    event = [source.label for source in Status if source.row.on_customer_comment is status]
    if event:
        return f"entered only by a customer's comment on a case in {' or '.join(event)}."
    sources = [source.label for source in Status if status in TABLE[source].moves and source is not status]
    named = ", ".join(sources[:_MOST_NAMED])
    more = f" and {len(sources) - _MOST_NAMED} more" if len(sources) > _MOST_NAMED else ""
    return f"only from {named}{more}."


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
