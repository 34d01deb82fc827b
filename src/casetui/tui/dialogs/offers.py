"""Moves offered to one case or to several at once: which there are, for how many, and why the rest is left out."""

from collections import Counter
from collections.abc import Iterable, Sequence

from casetui.domain.records import Case, Request
from casetui.domain.workflow import Ask, Status, is_legal, overridable
from casetui.tui.dialogs import wording

_NAMED = 4


def wants_comment(request: Request, *, answered: bool) -> bool:
    """Say whether a picked move still needs a public comment, so that the composer has to open."""
    if request.override is not None or request.as_customer or request.comment:
        return False
    asks = request.target.row.asks
    return Ask.QUESTION in asks or (Ask.ANSWER in asks and not answered)


class Offers:
    """What cases may do by the hand of one agent.

    ``answered`` are the numbers of those whose newest comment is a public one. A public comment is written to
    one customer at a time: of several cases, those that a move would ask for one are left out of it.
    """

    def __init__(self, cases: Sequence[Case], *, agent: str, answered: Iterable[int] = ()) -> None:
        self.cases = tuple(cases)
        self.agent = agent
        self._answered = frozenset(answered)
        self._acting: dict[Request, list[Case]] = {}

    @property
    def many(self) -> bool:
        """Whether there is more than one case."""
        return len(self.cases) > 1

    def moves(self, *, overriding: bool) -> list[Request]:
        """Return what some of the cases may do: first what all may, then the rest, what most of them may first."""
        if overriding:
            rows = [overridable(case.status) for case in self.cases]
            return self._by_many(Request(target, override="") for target in _each(rows))
        own = _each([case.status.row.moves for case in self.cases])
        customers = _each([case.status.row.customer_moves for case in self.cases])
        return [
            *self._by_many(Request(target) for target in own),
            *self._by_many(Request(target, as_customer=True) for target in customers),
        ]

    def acting(self, request: Request) -> list[Case]:
        """Return the cases that can go where a request leads."""
        if request not in self._acting:
            self._acting[request] = [case for case in self.cases if not self.left_out(case, request)]
        return self._acting[request]

    def left_out(self, case: Case, request: Request) -> str:
        """Return what keeps a case from a move, in a few words, or nothing."""
        overrides = request.override is not None
        if not (
            request.target in overridable(case.status)
            if overrides
            else is_legal(case.status, request.target, by_customer=request.as_customer)
        ):
            return f"in {case.status.label}"
        if not (overrides or request.as_customer) and wording.not_owner(case, request.target, self.agent):
            return "not yours"
        if self.many and wants_comment(request, answered=self.answered(case)):
            return "wanting a public comment"
        return ""

    def answered(self, case: Case) -> bool:
        """Say whether the newest comment of a case is a public one."""
        return case.number in self._answered

    def refusal(self, request: Request) -> str:
        """Return why a request can move none of the cases, in a sentence, or nothing where it moves some."""
        if self.acting(request):
            return ""
        if any(self.left_out(case, request) == "not yours" for case in self.cases):
            return next(filter(None, (wording.not_owner(case, request.target, self.agent) for case in self.cases)))
        return wording.one_at_a_time(request.target)

    def _by_many(self, requests: Iterable[Request]) -> list[Request]:
        """Put what most may do first; of one case, each move stays where the table has it."""
        return sorted(requests, key=lambda each: -len(self.acting(each))) if self.many else list(requests)


def told(left: Sequence[tuple[Case, str]]) -> list[str]:
    """Say how many are left out for what, and which."""
    lines = []
    for why, many in Counter(why for _, why in left).most_common():
        numbers = [f"#{case.number}" for case, reason in left if reason == why]
        more = f" and {many - _NAMED} more" if many > _NAMED else ""
        lines.append(f"Left out, still marked: {many} {why} ({', '.join(numbers[:_NAMED])}{more}).")
    return lines


def _each(rows: Iterable[Sequence[Status]]) -> list[Status]:
    """Return every status of some rows once, in the order of the table where they are many."""
    return list(dict.fromkeys(status for row in rows for status in row))
