"""Periods, deadlines and the words for them."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetui.domain.clocks import (
    LAST,
    Period,
    brief,
    countdown,
    full_stamp,
    in_words,
    midnight,
    moment,
    reached,
    rfc3339,
    stamp,
    zone_of,
)
from casetui.domain.errors import Misused


def utc(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "period", "zone", "end"),
    [
        ("2025-11-30T12:00", Period(months=3), "UTC", "2026-02-28T12:00"),
        ("2023-11-30T12:00", Period(months=3), "UTC", "2024-02-29T12:00"),
        ("2026-05-31T08:00", Period(months=3), "UTC", "2026-08-31T08:00"),
        ("2026-03-20T09:00", Period(days=14), "Europe/Berlin", "2026-04-03T08:00"),
        ("2026-10-20T09:00", Period(days=7), "Europe/Berlin", "2026-10-27T10:00"),
        ("2026-03-01T09:00", Period(days=28), "America/New_York", "2026-03-29T08:00"),
        ("2026-03-25T09:00", Period(days=14), "Australia/Sydney", "2026-04-08T10:00"),
        # 23:30 UTC on 30 November is already 1 December in Berlin, so no month is clamped there.
        ("2025-11-30T23:30", Period(months=3), "Europe/Berlin", "2026-02-28T23:30"),
    ],
)
def test_a_deadline_is_counted_on_the_desks_calendar(start: str, period: Period, zone: str, end: str) -> None:
    """The time of day stays through summer time, and a month is clamped to its last day."""
    assert period.after(utc(start), zone) == utc(end)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    st.integers(1, 60),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney"]),
)
def test_a_period_of_days_is_never_off_by_more_than_a_change_of_summer_time(
    start: datetime, days: int, zone: str
) -> None:
    """Days are the calendar's: their length in hours differs by at most one."""
    start = start.replace(microsecond=0)
    off = Period(days=days).after(start, zone) - start - timedelta(days=days)
    assert abs(off) <= timedelta(hours=1)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - as above
    st.builds(Period, days=st.integers(0, 400), minutes=st.integers(0, 6_000)),
)
def test_utc_has_one_calendar_whatever_counts_on_it(start: datetime, period: Period) -> None:
    """Without months it is counted without Pendulum, to the same instant."""
    later = pendulum.instance(start).in_timezone("UTC").add(days=period.days, minutes=period.minutes)
    assert period.after(start, "UTC") == later.replace(microsecond=0)
    assert period.before(later) == start.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("7d", Period(days=7)),
        ("2w", Period(days=14)),
        ("3mo", Period(months=3)),
        ("3 months", Period(months=3)),
        ("12h", Period(minutes=720)),
        ("28 days", Period(days=28)),
    ],
)
def test_periods_are_read_and_written(text: str, period: Period) -> None:
    """What is written of a period can be read again."""
    assert Period.parse(text) == period
    assert Period.parse(str(period)) == period
    assert Period.parse(period.short) == period


@pytest.mark.parametrize("text", ["", "7", "d", "-7d", "0d", "7y", "7d3h", "9" * 30 + "d"])
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    """The sentence shows how one is written."""
    with pytest.raises(Misused, match="12h, 7d, 2w or 3mo"):
        Period.parse(text)


def test_a_date_is_the_beginning_of_its_day_in_the_desks_zone() -> None:
    """A date alone names midnight; an instant with a zone names itself."""
    assert moment("2026-06-01", "Europe/Berlin") == utc("2026-05-31T22:00")
    assert moment("2026-06-01T12:00:00Z", "Europe/Berlin") == utc("2026-06-01T12:00")
    assert moment("2026-06-01T12:00:00+02:00", "UTC") == utc("2026-06-01T10:00")
    assert moment("2026-06-01 12:00", "Europe/Berlin") == utc("2026-06-01T10:00")
    with pytest.raises(Misused, match="2026-01-31"):
        moment("next week", "UTC")


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31",
        "9999-12-31T23:30:00Z",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01",
        "1969-12-31",
        "9999w",
        "9999mo",
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Sydney"])
def test_a_time_that_no_zone_could_show_is_refused(text: str, zone: str) -> None:
    """Whichever way it is written, with a sentence that says how far a clock goes."""
    with pytest.raises(Misused, match=r"too far away|too long|beyond the year 2999"):
        reached(text, utc("2200-01-01T00:00"), zone)


def test_the_last_time_of_all_is_shown_in_every_zone() -> None:
    """What is believed can be shown, and no period puts it off any more."""
    last = LAST - timedelta(seconds=1)
    assert moment("2999-12-31T23:59:59Z", "UTC") == last
    assert full_stamp(last, "Australia/Sydney") == "Wed 01 Jan 3000 10:59 AEDT"
    with pytest.raises(Misused, match="beyond the year 2999"):
        Period(minutes=1).after(last, "Australia/Sydney")


def test_lengths_are_short_in_columns_and_words_in_sentences() -> None:
    """Columns get at most five characters."""
    assert brief(timedelta(minutes=41)) == "41m"
    assert brief(timedelta(hours=47)) == "47h"
    assert brief(timedelta(days=2)) == "2d"
    assert brief(timedelta(days=900)) == "2y"
    assert in_words(timedelta(hours=1)) == "1 hour"
    assert in_words(timedelta(days=3)) == "3 days"
    now = utc("2026-01-01T00:00")
    assert countdown(now + timedelta(hours=3), now) == "+3h"
    assert countdown(now - timedelta(days=2), now) == "-2d"
    assert rfc3339(now) == "2026-01-01T00:00:00Z"


def test_utc_without_the_database_of_zones_reads_the_same() -> None:
    """UTC is Python's own, so that nobody asks the system where zones lie; in words and days it is the same."""
    now = utc("2026-11-29T23:59")
    for tell in (full_stamp, stamp, midnight):
        assert tell(now, "UTC") == tell(now, "Etc/UTC")
    assert moment("2026-11-30", "UTC") == moment("2026-11-30", "Etc/UTC") == midnight(now, "UTC")
    assert type(zone_of("Etc/UTC")) is not type(zone_of("UTC"))


def test_pendulum_counts_without_what_it_is_spared() -> None:
    """A program that imports Pendulum without dateutil counts the same deadlines."""
    script = (
        "import sys; from casetui.lean import pendulum_alone; pendulum_alone(); print('dateutil' in sys.modules)\n"
        "from datetime import UTC, datetime; from casetui.domain.clocks import Period\n"
        "print(Period(months=3).after(datetime(2025, 11, 30, 23, 30, tzinfo=UTC), 'Europe/Berlin'))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.split("\n")[:2] == ["False", "2026-02-28 23:30:00+00:00"]
