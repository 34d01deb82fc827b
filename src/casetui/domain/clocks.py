"""Periods, the deadlines they lead to, and how a time is put into words."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

from msgspec import Struct

from casetui.domain.errors import Misused
from casetui.domain.words import many
from casetui.lean import pendulum_alone

MINUTE, HOUR, DAY, WEEK, YEAR = 60, 3600, 86_400, 604_800, 31_557_600
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Between which a time is believed: each of them can be shown in every zone, and put off by a period."""
_UNITS = {
    "min": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hour": "hours", "hours": "hours",
    "d": "days", "day": "days", "days": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks",
    "mo": "months", "month": "months", "months": "months",
}  # fmt: skip
_MOST_DAYS = 9999
_PERIOD = re.compile(r"\s*(\d{1,4})\s*([a-z]+)\s*", re.IGNORECASE)


class Clock(Protocol):
    """Tells the time; the only source of "now" in the program."""

    def now(self) -> datetime:
        """Return this instant in UTC, in whole seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return this instant in UTC, in whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)


class Period(Struct, frozen=True):
    """A length of calendar time; months and days are the calendar's, not a number of seconds."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        """Return the shortest words for it, such as ``3 months`` or ``28 days``."""
        if self.months:
            return many(self.months, "month")
        if self.days:
            return many(self.days // 7, "week") if self.days == WEEK // DAY else many(self.days, "day")
        if self.minutes % 60 == 0:
            return many(self.minutes // 60, "hour")
        return many(self.minutes, "minute")

    @property
    def short(self) -> str:
        """The same for narrow columns: ``3mo``, ``28d``, ``12h``."""
        if self.months:
            return f"{self.months}mo"
        if self.days:
            return f"{self.days}d"
        return f"{self.minutes // 60}h" if self.minutes % 60 == 0 else f"{self.minutes}min"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read ``7d``, ``2w``, ``3mo``, ``12h`` or the same in words; raise Misused for anything else."""
        match = _PERIOD.fullmatch(text)
        unit = _UNITS.get(match[2].lower()) if match else None
        if match is None or unit is None or int(match[1]) == 0:
            raise Misused(f"'{text}' is not a period; write one such as 12h, 7d, 2w or 3mo.")
        count = int(match[1])
        if unit == "months":
            return cls(months=count)
        if unit in ("days", "weeks"):
            days = count * (7 if unit == "weeks" else 1)
            if days > _MOST_DAYS:
                raise Misused(f"'{text}' is too long for a period; write it in months.")
            return cls(days=days)
        return cls(minutes=count * (60 if unit == "hours" else 1))

    def after(self, start: datetime, zone: str) -> datetime:
        """Return the UTC instant this period after ``start``, counted on the calendar of ``zone``.

        Days and months keep the time of day there, through changes to and from summer time; a month is
        clamped to its last day (SPEC 5). A time of day that does not exist in the night of the change moves on by
        the hour that is missing; of one that exists twice it is the later, so that the customer has the hour.
        Raises Misused where that leads beyond `LAST`.
        """
        if zone == "UTC" and not self.months:
            end = _whole(start) + self._exactly
        else:
            pendulum_alone()
            import pendulum  # noqa: PLC0415 - most sittings and commands compute no such deadline

            moved = pendulum.instance(start).in_timezone(zone).add(months=self.months, days=self.days)
            end = datetime.fromtimestamp(moved.add(minutes=self.minutes).int_timestamp, UTC)
        if end >= LAST:
            raise Misused(f"{self} from {start:%Y-%m-%d} is beyond the year {LAST.year - 1}, where no clock goes.")
        return end

    def before(self, end: datetime) -> datetime:
        """Return the UTC instant this period before ``end``, on the calendar of UTC."""
        if not self.months:
            return _whole(end) - self._exactly
        pendulum_alone()
        import pendulum  # noqa: PLC0415 - as above

        start = pendulum.instance(end).subtract(months=self.months, days=self.days, minutes=self.minutes)
        return datetime.fromtimestamp(start.int_timestamp, UTC)

    @property
    def _exactly(self) -> timedelta:
        """Its length in UTC, where each day has 24 hours; for a period without months."""
        return timedelta(days=self.days, minutes=self.minutes)


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name in the database of zones; raises ZoneInfoNotFoundError, a KeyError."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - 2 ms, in which it asks the system where zones lie

    return ZoneInfo(name)


def moment(text: str, zone: str) -> datetime:
    """Read an instant, or a date, which means the beginning of that day in ``zone``.

    Raises Misused for anything else, and for what lies outside of `FIRST` and `LAST`.
    """
    try:
        if len(text.strip()) == len("2026-01-31"):
            day = date.fromisoformat(text.strip())
            instant = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
        else:
            instant = datetime.fromisoformat(text.strip())
    except ValueError:
        known = "a date such as 2026-01-31 or an instant such as 2026-01-31T12:00:00Z"
        raise Misused(f"'{text}' is not a time; write {known}.") from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone_of(zone))
    if not FIRST <= instant < LAST:
        raise Misused(f"'{text}' is too far away; a time lies between {FIRST.year} and {LAST.year - 1}.")
    return instant.astimezone(UTC).replace(microsecond=0)


def midnight(now: datetime, zone: str) -> datetime:
    """Return when this day ends on the calendar of a zone."""
    local = now.astimezone(zone_of(zone))
    return datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)


def reached(text: str, start: datetime, zone: str) -> datetime:
    """Return the instant that a period after ``start`` leads to, or that a date or an instant names.

    Raises Misused for anything else, and for what is too far away.
    """
    if (match := _PERIOD.fullmatch(text)) and match[2].lower() in _UNITS and int(match[1]):
        return Period.parse(text).after(start, zone)
    if text.strip()[:1].isdigit() and "-" in text:
        return moment(text, zone)
    raise Misused(f"'{text}' is neither a period such as 7d, 2w or 3mo nor a date such as 2026-01-31.")


def rfc3339(instant: datetime | None) -> str | None:
    """Return an instant as programs read it: ``2026-01-31T12:00:00Z``."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def brief(length: timedelta) -> str:
    """Return a length of time in at most five characters: ``41m``, ``5h``, ``2d``, ``14d``, ``2y``."""
    seconds = max(0, int(length.total_seconds()))
    steps = (("s", 1, MINUTE), ("m", MINUTE, HOUR), ("h", HOUR, 2 * DAY), ("d", DAY, 2 * YEAR))
    for unit, size, most in steps:
        if seconds < most:
            return f"{seconds // size}{unit}"
    return f"{seconds // YEAR}y"


def countdown(deadline: datetime, now: datetime) -> str:
    """Return how far off a deadline is, signed: ``+3h`` to come, ``-2d`` past."""
    return f"+{brief(deadline - now)}" if deadline > now else f"-{brief(now - deadline)}"


def stamp(instant: datetime, zone: str, *, now: datetime | None = None) -> str:
    """Return an instant as a person of the desk reads it, without the year where it is this one."""
    local = instant.astimezone(zone_of(zone))
    this_year = now is not None and now.astimezone(zone_of(zone)).year == local.year
    return local.strftime("%d %b %H:%M" if this_year else "%d %b %Y %H:%M")


def full_stamp(instant: datetime, zone: str) -> str:
    """Return an instant with weekday, year and zone: ``Tue 01 Dec 2026 09:41 UTC``."""
    return instant.astimezone(zone_of(zone)).strftime("%a %d %b %Y %H:%M %Z")


def in_words(length: timedelta) -> str:
    """Return a length of time in words, in its largest unit: ``41 minutes``, ``3 days``."""
    seconds = max(0, int(length.total_seconds()))
    for name, size in (("year", YEAR), ("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= size * (2 if name in ("year", "day") else 1):
            return many(seconds // size, name)
    return many(seconds, "second")


def _whole(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
