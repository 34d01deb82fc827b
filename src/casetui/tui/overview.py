"""The desk in numbers at one instant, and the words that the dashboard makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from casetui.desk.board import View, special_views
from casetui.domain.policy import Policy
from casetui.domain.records import Count
from casetui.domain.workflow import Status
from casetui.tui.bridge import Desk
from casetui.tui.widgets.viewsline import ViewWord

_SHORT = {"unread": "Unread", "mine": "Mine", "unassigned": "Unowned", "held": "Held", "open": "Open"}
NO_CASES = "No cases yet. ^n opens one. casetui import FILE reads them. casetui demo shows an example."


@dataclass(frozen=True, slots=True)
class Overview:
    """How many cases there are of each kind; the closed ones are counted later than the rest."""

    counts: dict[Status, Count]
    views: dict[str, int]
    overdue: int
    today: int
    """Acts of the timer that fall due until midnight, the overdue ones included."""
    policy: Policy
    empty: bool

    @classmethod
    def take(cls, desk: Desk, agent: str) -> "Overview":
        """Read the numbers, all but that of the closed cases."""
        board, policy, now = desk.board, desk.board.policy, desk.board.clock.now()
        overdue, today = board.due_counts(now, midnight(now, policy.zone))
        views = {key: board.count(view) for key, view in special_views(agent).items()}
        return cls(board.counts(), views, overdue, today, policy, board.is_empty())

    def total(self, view: View) -> int | None:
        """Return how many cases a list has, or None where that is not counted yet."""
        if view.key in self.views:
            return self.views[view.key]
        count = self.counts.get(Status(view.key))
        return None if count is None else count.total

    def words(self, views: Mapping[str, View]) -> tuple[ViewWord, ...]:
        """Return the line of views: a digit, a name and a number each, what is due at its end."""
        words = [
            ViewWord(digit, view.label, _SHORT[key], str(self.views[key]), "bold" if self.views[key] else "dim")
            for digit, (key, view) in enumerate(views.items(), 1)
        ]
        late = f" ({self.overdue} now)" if self.overdue else ""
        tone = "alarm" if self.overdue else "bold" if self.today else "dim"
        return (*words, ViewWord(len(words) + 1, "Due today", "Due", f"{self.today}{late}", tone))


def title(view: View, total: int, filtered: str, found: int) -> str:
    """Return what stands above a list: its name, how many it has, and how it is narrowed or sorted."""
    if filtered:
        return f"{view.label}  /{filtered} {found} of {total}"
    closed = view.key == Status.CLOSED.value
    return f"{view.label} ({total})  {'latest first' if closed else 'unread first, then P1, then longest waiting'}"


def midnight(now: datetime, zone: str) -> datetime:
    """Return when this day ends on the calendar of a zone."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)
