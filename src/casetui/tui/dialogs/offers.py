"""Moves offered to several cases at once: which there are, for how many, and why the rest is left out."""

from collections import Counter
from collections.abc import Sequence

from casetui.domain.records import Case, Request
from casetui.domain.workflow import Status, overridable
from casetui.tui.dialogs import wording

_NAMED = 4


def offered(cases: Sequence[Case], *, overriding: bool) -> list[Request]:
    """Return what some of the cases may do: first what all may, then the rest, what most of them may first."""
    if overriding:
        return [Request(target, override="") for target in _by_many([overridable(case.status) for case in cases])]
    rows = [case.status.row for case in cases]
    return [
        *(Request(target) for target in _by_many([row.moves for row in rows])),
        *(Request(target, as_customer=True) for target in _by_many([row.customer_moves for row in rows])),
    ]


def may(case: Case, request: Request, agent: str) -> bool:
    """Say whether a case can go where a request leads, by the hand of this agent."""
    return not left_out(case, request, agent)


def left_out(case: Case, request: Request, agent: str) -> str:
    """Return what keeps a case from a move, in a few words, or nothing."""
    if request.override is not None:
        legal = overridable(case.status)
    else:
        legal = case.status.row.customer_moves if request.as_customer else case.status.row.moves
    if request.target not in legal:
        return f"in {case.status.label}"
    free = request.override is not None or request.as_customer
    return "" if free or not wording.not_owner(case, request.target, agent) else "not yours"


def told(left: Sequence[tuple[Case, str]]) -> list[str]:
    """Say how many are left out for what, and which."""
    lines = []
    for why, many in Counter(why for _, why in left).most_common():
        numbers = [f"#{case.number}" for case, reason in left if reason == why]
        more = f" and {many - _NAMED} more" if many > _NAMED else ""
        lines.append(f"Left out, still marked: {many} {why} ({', '.join(numbers[:_NAMED])}{more}).")
    return lines


def _by_many(lists: Sequence[Sequence[Status]]) -> list[Status]:
    return [status for status, _ in Counter(status for one in lists for status in one).most_common()]
