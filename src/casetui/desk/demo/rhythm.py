"""When people work, and when a clock runs out: instants as seconds since 1970, in UTC."""

from datetime import UTC, datetime

from casetui.domain.clocks import Period

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_OPENS, _CLOSES = 8 * HOUR, 17 * HOUR + 40 * MINUTE
_THURSDAY = 3
"""The weekday of 1 January 1970, Monday being 0."""
_SATURDAY = 5


def working_before(instant: int, offset: int) -> int:
    """Return the last instant up to this one at which somebody works who is ``offset`` seconds off UTC."""
    day, second = divmod(instant + offset, DAY)
    if second < _OPENS:
        day, second = day - 1, _CLOSES - second % (6 * HOUR)
    elif second > _CLOSES:
        second = _CLOSES - second % (3 * HOUR)
    weekend = (day + _THURSDAY) % 7 - _SATURDAY + 1
    return (day - max(0, weekend)) * DAY + second - offset


def working_after(instant: int, offset: int) -> int:
    """Return the first instant from this one on at which somebody works who is ``offset`` seconds off UTC."""
    day, second = divmod(instant + offset, DAY)
    if second > _CLOSES:
        day, second = day + 1, _OPENS + second % (2 * HOUR)
    elif second < _OPENS:
        second = _OPENS + second % (3 * HOUR)
    weekday = (day + _THURSDAY) % 7
    return (day + (7 - weekday if weekday >= _SATURDAY else 0)) * DAY + second - offset


class Calendar:
    """Deadlines and stamps on the calendar of UTC, each day asked of the domain once."""

    def __init__(self) -> None:
        self._later: dict[tuple[Period, int], int] = {}
        self._dates: dict[int, str] = {}

    def after(self, period: Period, instant: int) -> int:
        """Return the instant a period of whole days or months later, as `Period.after` does in UTC."""
        day, second = divmod(instant, DAY)
        later = self._later.get((period, day))
        if later is None:
            later = int(period.after(datetime.fromtimestamp(day * DAY, UTC), "UTC").timestamp())
            self._later[period, day] = later
        return later + second

    def before(self, period: Period, instant: int) -> int:
        """Return the latest instant from which the period leads to this one, or to one shortly before it."""
        return int(period.before(datetime.fromtimestamp(instant, UTC)).timestamp())

    def stamp(self, instant: int) -> str:
        """Return an instant as entries keep it: ``2026-01-31T12:00:00Z``."""
        day, second = divmod(instant, DAY)
        date = self._dates.get(day)
        if date is None:
            date = self._dates[day] = datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%dT")
        return f"{date}{second // HOUR:02d}:{second // MINUTE % 60:02d}:{second % 60:02d}Z"
