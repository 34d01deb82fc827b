"""What an agent can do about an error of the database, in a sentence."""

from collections.abc import Callable
from pathlib import Path

_SENTENCES: tuple[tuple[str, Callable[[Path], str]], ...] = (
    ("not a database", lambda path: f"{path} is not a casetui database."),
    (
        "locked",
        lambda path: f"The database {path} is busy: another program has been writing for 10 s; try again.",
    ),
    ("full", lambda path: f"The disk that holds {path} is full; nothing was changed."),
    ("readonly", lambda path: f"The database {path} cannot be written: it or its folder is write-protected."),
    (
        "unable to open",
        lambda path: (
            f"The database {path} cannot be opened: check that this account may read it. A database in"
            " write-ahead mode is read by an account without write permission on its folder only while a"
            " writer has it open."
        ),
    ),
    ("disk I/O error", lambda path: f"The disk that holds {path} does not answer; nothing was changed."),
    ("no such table", lambda path: f"{path} is not a casetui database."),
    ("malformed", lambda path: f"The database {path} is damaged; restore it from a copy."),
)


def sentence_of(path: Path, error: str) -> str | None:
    """Return what an agent can do about a database error, or None where it can only be our own mistake."""
    return next((says(path) for word, says in _SENTENCES if word in error), None)
