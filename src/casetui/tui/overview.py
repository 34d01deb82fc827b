"""The desk in numbers at one instant, and the words that the dashboard makes of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from casetui.desk.board import Board
from casetui.desk.lists import VIEW, View
from casetui.domain.policy import Policy
from casetui.domain.records import Count
from casetui.domain.views import DUE, Saved
from casetui.domain.workflow import Status
from casetui.tui.drawing import glyphs
from casetui.tui.keymap import key
from casetui.tui.widgets.viewsline import ViewWord


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
        totals = {view.key: board.count(view) for view in views}
        return cls(board.counts(), totals, overdue, today, policy, board.is_empty())

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

    def words(self, views: Iterable[Saved]) -> tuple[ViewWord, ...]:
        """Return the line of views: a digit, a name and a number each."""
        return tuple(self._word(digit, view) for digit, view in enumerate(views, 1))

    def _word(self, digit: int, view: Saved) -> ViewWord:
        many = self.views.get(VIEW + view.key, glyphs.unknown)
        late = f" ({self.overdue} now)" if self.overdue and view is DUE else ""
        tone = "alarm" if late else "bold" if many else "dim"
        return ViewWord(digit, view.name, view.short, f"{many}{late}", tone)


def title(view: View, total: int, filtered: str, found: int) -> str:
    """Return what stands above a list: its name, how many it has, how it is narrowed, how it is sorted."""
    order = "latest first" if view.sort is None else view.sort.says
    many = f"/{filtered} {found} of {total}" if filtered else f"({total})"
    return f"{view.label}{'  ' if filtered else ' '}{many}  {order}"


def midnight(now: datetime, zone: str) -> datetime:
    """Return when this day ends on the calendar of a zone."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)


def no_cases() -> str:
    """Return what a desk without cases says."""
    opens = f"No cases yet. {key('case.new')} opens one."
    return f"{opens} casetui import FILE reads them. casetui demo shows an example."
