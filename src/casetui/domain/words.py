"""Words: text from outside as it is taken in, what was probably meant, and how many there are of something."""

from collections.abc import Iterable

from casetui.domain.errors import Refused

_LONGEST_LINE = 1_000
_LONGEST_TEXT = 1_000_000


def line(text: str | None, name: str = "line") -> str | None:
    """Return a fact on one line, or None for an empty one; raise Refused for one that nobody could read."""
    if text is None:
        return None
    kept = " ".join(_valid(text).split())
    if len(kept) > _LONGEST_LINE:
        raise Refused(f"The {name} has {len(kept)} characters; the most is {_LONGEST_LINE}.")
    return kept or None


def text(body: str | None, name: str = "text") -> str | None:
    """Return a text of several lines without blank ones around it, or None for an empty one."""
    if body is None:
        return None
    kept = _valid(body).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(kept) > _LONGEST_TEXT:
        raise Refused(f"The {name} has {len(kept)} characters; the most is {_LONGEST_TEXT}.")
    return kept or None


def many(count: int, one: str, several: str = "") -> str:
    """Return how many of something there are: ``1 case``, ``2 cases``, ``3 entries``."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None where none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    close = get_close_matches(word, list(known), 1)
    return close[0] if close else None


def _valid(given: str) -> str:
    unicode = given.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return unicode.replace("\0", "\N{REPLACEMENT CHARACTER}")
