"""Reads times as a mapping says they are written, in seconds since 1970; most formats are only digits in order."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from casetui.desk.transfer.mapping import ISO, Dates
from casetui.domain.clocks import FIRST, LAST, zone_of

LATEST = LAST.replace(year=LAST.year - 11)
"""Before which a time of another system is believed: no period is longer than ten years, so each clock ends."""
_MEMORY = 20_000
_PARTS = {"Y": "year", "m": "month", "d": "day", "H": "hour", "M": "minute", "S": "second"}
_FAR = f"is not between the years {FIRST.year} and {LATEST.year - 1}"
_DIRECTIVE = re.compile("%(.)")
_Read = Callable[[str], datetime]


class Times:
    """Reads the times of one file."""

    def __init__(self, dates: Dates) -> None:
        self._zone = zone_of(dates.zone)
        self._readers = [_reader(pattern) for pattern in dates.formats]
        self._first = dates.formats[0]
        self.read = lru_cache(_MEMORY)(self._read)

    @property
    def example(self) -> str:
        """A time as it is wanted."""
        sample = datetime(2016, 1, 31, 12, 30, tzinfo=UTC)
        return "2016-01-31T12:30:00Z" if self._first == ISO else sample.strftime(self._first)

    def _read(self, text: str) -> int:
        """Return the seconds since 1970 of a time; raise ValueError, which says why, for what is none."""
        for read in self._readers:
            try:
                found = read(text)
                found = found if found.tzinfo else found.replace(tzinfo=self._zone)
                if FIRST <= found < LATEST:
                    return int(found.timestamp())
            except (ValueError, OverflowError):
                continue
            raise ValueError(_FAR)
        raise ValueError(f"is not a time such as {self.example}")


def _reader(pattern: str) -> _Read:
    if pattern == ISO:
        return datetime.fromisoformat
    return _of_digits(pattern) or (lambda text: datetime.strptime(text, pattern))  # noqa: DTZ007 - the zone comes next


def _of_digits(pattern: str) -> _Read | None:
    """Return a reader five times as fast as ``strptime``, for a format of numbers alone."""
    found = _DIRECTIVE.split(pattern)
    names = found[1::2]
    if not {"Y", "m", "d"} <= set(names) <= set(_PARTS) or len(set(names)) != len(names):
        return None
    digits = [r"(\d{4})" if name == "Y" else r"(\d{1,2})" for name in names]
    literals = [re.escape(literal) for literal in found[0::2]]
    match = re.compile("".join(a + b for a, b in zip(literals, [*digits, ""], strict=True)), re.ASCII).fullmatch
    order = [names.index(name) for name in _PARTS if name in names]
    if [name for name in _PARTS if name in names] != list(_PARTS)[: len(order)]:
        return None

    def read(text: str) -> datetime:
        parts = match(text)
        if parts is None:
            raise ValueError
        numbers = parts.groups()
        return datetime(*[int(numbers[place]) for place in order])  # type: ignore[arg-type]  # noqa: DTZ001 - the zone comes next

    return read
