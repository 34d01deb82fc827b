"""Writes what a screen keeps into the settings' file, and leaves all else there as the person wrote it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from casetui.domain.errors import Misused
from casetui.domain.query import slug
from casetui.domain.sorts import Sort
from casetui.domain.views import Saved


def keep_view(file: Path, saved: Saved) -> None:
    """Add a view to the settings, or give the one of that name another query and order.

    Makes the file where there is none; raises Misused where it cannot be read or written.
    """
    with _edited(file) as document:
        known = [row for row in document.get("views", ()) if slug(str(row.get("name", ""))) == saved.key]
        row = known[0] if known else tomlkit.table()
        row["name"] = saved.name
        row["query"] = tomlkit.string(saved.query, literal='"' in saved.query and "'" not in saved.query)
        row.pop("sort", None)
        if saved.sort is not Sort.URGENCY:
            row["sort"] = saved.sort.value
        if not known:
            document.setdefault("views", tomlkit.aot()).append(row)


def forget_view(file: Path, saved: Saved) -> None:
    """Take a view out of the settings; one that is not there is no mistake."""
    with _edited(file) as document:
        rows = document.get("views", [])
        for at in reversed(range(len(rows))):
            if slug(str(rows[at].get("name", ""))) == saved.key:
                del rows[at]
        if not rows:
            document.pop("views", None)


@contextmanager
def _edited(file: Path) -> Iterator[tomlkit.TOMLDocument]:
    """Give the settings to be changed, and put them in the place of the file in one step."""
    place = file.resolve()
    try:
        document = tomlkit.parse(place.read_bytes().decode("utf-8-sig") if place.exists() else "")
        yield document
        place.parent.mkdir(parents=True, exist_ok=True)
        _replace(place, tomlkit.dumps(document))
    except TOMLKitError as error:
        raise Misused(f"The settings {file} are not TOML any more: {error}. Mend them first.") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Misused(f"The settings {file} cannot be written: {reason}.") from error


def _replace(place: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as new:
            new.write(text)
        if place.exists():
            Path(name).chmod(place.stat().st_mode & 0o777)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
