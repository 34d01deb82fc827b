"""What is kept of a mistake of ours: where it happened, and none of the customers' words (no local variables)."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

from casetui import __version__


def folder() -> Path:
    """Return where crash files lie: the user's state folder."""
    from platformdirs import user_state_path  # noqa: PLC0415 - only a crash needs it

    return user_state_path("casetui", appauthor=False)


def report(error: BaseException) -> str:
    """Write a crash file and return the one sentence to show for it."""
    frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    written = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    text = f"casetui {__version__} at {written}\n{type(error).__module__}.{type(error).__qualname__}\n{frames}"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        file = folder() / f"crash-{written}.txt"
        file.write_text(text, encoding="utf-8")
    except OSError:
        return f"casetui made a mistake ({type(error).__name__}) and could not write down where."
    return f"casetui made a mistake ({type(error).__name__}); where it happened stands in {file}."
