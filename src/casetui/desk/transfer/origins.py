"""Where a case comes from: the desk that opened it and its number there, said by the history of every copy."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

_NOTE = re.compile(
    r"(?:(?P<before>.*); )?from case (?P<number>\d{1,16}) of desk (?P<desk>[0-9a-f]{12})", re.DOTALL
)
_TEXT = re.compile(r"([0-9a-f]{12})/(\d{1,16})")


class Origin(NamedTuple):
    """The desk that opened a case, and the number that it has there."""

    desk: str
    number: int

    def __str__(self) -> str:
        """Return it as an export says it."""
        return f"{self.desk}/{self.number}"

    @classmethod
    def read(cls, text: str) -> "Origin | None":
        """Read what an export says, or None for anything else."""
        found = _TEXT.fullmatch(text)
        return None if found is None else cls(found[1], int(found[2]))

    @classmethod
    def of_file(cls, number: int | None, opened_at: datetime, subject: str) -> "Origin":
        """Return an origin for a case that says none: a desk that is named by what the case is."""
        text = f"{opened_at.isoformat()}\n{subject}".encode("utf-8", "replace")
        return cls(hashlib.sha256(text).hexdigest()[:12], number or 0)

    def noted(self, note: str | None) -> str:
        """Return the note of the entry that opened a copy of the case."""
        said = f"from case {self.number} of desk {self.desk}"
        return f"{note}; {said}" if note else said


def parted(note: str | None) -> tuple[str | None, Origin | None]:
    """Return a note as it was before ``noted``, and the origin that it says."""
    found = _NOTE.fullmatch(note or "")
    if found is None:
        return note, None
    return found["before"], Origin(found["desk"], int(found["number"]))


def names(origin: Origin, desk: str, opened_at: int, *, is_said: bool) -> Iterator[str]:
    """Yield the names by which a case is known: as a copy, and in its own desk by its number and beginning.

    Where a file does not say which desk it is from, it may be from this one.
    """
    yield f"origin {origin}"
    if origin.desk == desk or not is_said:
        yield f"own {origin.number}@{opened_at}"
