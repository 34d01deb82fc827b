"""The desk in numbers at one instant."""

from collections.abc import Sequence

from msgspec import Struct

from casetui.desk.board import Board
from casetui.desk.lists import VIEW, View
from casetui.domain.clocks import midnight
from casetui.domain.policy import Policy
from casetui.domain.query import All, Flag, Term
from casetui.domain.records import Count
from casetui.domain.workflow import Status

_OPEN = Flag("open")


class Overview(Struct, frozen=True):
    """How many cases there are of each kind; what can take long is counted later than the rest."""

    counts: dict[Status, Count]
    """By status; the closed cases are counted later."""
    views: dict[str, int]
    """By the keys of the views; an agent's own are counted later."""
    overdue: int
    today: int
    """Acts of the timer that fall due until midnight, the overdue ones included."""
    policy: Policy
    empty: bool

    @classmethod
    def take(cls, board: Board, views: Sequence[View]) -> "Overview":
        """Read the numbers that take no time at any size, of views those of ``views``."""
        policy, now = board.policy, board.clock.now()
        overdue, today = board.due_counts(now, midnight(now, policy.zone))
        counts = board.counts()
        # What the queues add up to is not counted again, which takes 3 ms of a million cases.
        total = sum(count.total for count in counts.values())
        unread = sum(count.unread for count in counts.values())
        known: dict[Term, int] = {_OPEN: total, All((_OPEN, Flag("unread"))): unread}
        totals = {view.key: board.count(view) if view.term not in known else known[view.term] for view in views}
        return cls(counts, totals, overdue, today, policy, not total and board.is_empty())

    def remember(self, before: "Overview") -> None:
        """Take over what is counted later, until it is."""
        for status, count in before.counts.items():
            self.counts.setdefault(status, count)
        for view, many in before.views.items():
            self.views.setdefault(view, many)

    def total(self, view: View) -> int | None:
        """Return how many cases a list has, or None where that is not counted."""
        if view.key.startswith(VIEW):
            return self.views.get(view.key)
        count = self.counts.get(Status(view.key))
        return None if count is None else count.total
