"""The desk's periods and time zone: the table's, unless the desk has changed them (SPEC 5)."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from casetui.domain.clocks import Period
from casetui.domain.workflow import Rule, Status

REPRIEVE = Period(days=7)
"""What a case gets that is reminded only when its closure is already due."""


class Policy(Struct, frozen=True):
    """The periods of the timer's rules and the zone on whose calendar they are counted."""

    zone: str = "UTC"
    changed: Mapping[tuple[Status, Rule], Period] = field(default_factory=dict)

    def period(self, status: Status, rule: Rule) -> Period | None:
        """Return how long after a stay's beginning a rule falls due, or None where there is no such rule."""
        row = status.row
        return self.changed.get((status, rule), row.reminder if rule is Rule.REMINDER else row.closure)

    def deadline(self, status: Status, rule: Rule, since: datetime) -> datetime | None:
        """Return when a rule falls due for a stay that began at ``since``, in UTC."""
        period = self.period(status, rule)
        return None if period is None else period.after(since, self.zone)
