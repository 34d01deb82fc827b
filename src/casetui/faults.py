"""What is wrong in the settings' file and beside it: by file and line, each in a sentence that names the key."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from casetui.domain.errors import Misused
from casetui.domain.safe import clean

KEYS = ("database", "agent", "undo_seconds", "screen", "mail", "keys", "views")
"""The keys of the settings' file."""
TABLES = ("screen", "mail", "keys")
"""Those of them that are tables."""
_LONGEST_UNDO = 86_400
_TABLE = r"\s*\[+\s*([\w.\"'-]+)\s*\]+"
_KEY = r"\s*[\"']?([\w.-]+)[\"']?\s*="


class Fault(Struct, frozen=True):
    """Something wrong in a file: the line where it stands, and a sentence that names the key."""

    file: Path
    line: int
    says: str

    def __str__(self) -> str:
        """Return file, line and sentence."""
        return clean(f"{self.file}, line {self.line}: {self.says}{'' if self.says.endswith('?') else '.'}")


def letters_folder(file: Path) -> Path:
    """Return where the desk's own wording of letters lies, beside a settings' file."""
    return file.parent / "letters"


def replies_folder(file: Path) -> Path:
    """Return where canned replies lie, beside a settings' file."""
    return file.parent / "replies"


def faults(file: Path) -> Iterator[Fault]:
    """Yield all that is wrong in a settings' file, by line and key."""
    import tomllib  # noqa: PLC0415 - only where there is a file to read

    text = text_of(file)
    try:
        kept = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = int(line[1]) if line else len(text.splitlines())
        yield Fault(file, at, f"the settings are not TOML: {error}")
        return
    for key, value in kept.items():
        if key not in KEYS:
            from casetui.domain.mail import nearest  # noqa: PLC0415 - only a mistake needs it

            yield Fault(file, line_of(text, key), f"the settings have a key '{key}'; {nearest(key, KEYS)}")
        elif key == "views":
            yield from _view_faults(file, text, value)
        elif key in TABLES:
            yield from _table_faults(file, text, key, value)
        elif key == "undo_seconds":
            if type(value) is not int or not 1 <= value <= _LONGEST_UNDO:
                says = f"the settings want whole seconds from 1 to {_LONGEST_UNDO} for '{key}'"
                yield Fault(file, line_of(text, key), says)
        elif not isinstance(value, str) or not value.strip():
            yield Fault(file, line_of(text, key), f"the settings want a text for '{key}'")


def wording_faults(file: Path) -> Iterator[Fault]:
    """Yield all that is wrong with the desk's own wording of letters, by file and line."""
    from casetui.domain import letters  # noqa: PLC0415 - few commands need it

    folder = letters_folder(file)
    for own in sorted(folder.glob("*.txt")):
        if own.stem in letters.KINDS:
            for line, says in letters.faults(text_of(own), own.stem):
                yield Fault(own, line, says)
        else:
            known = ", ".join(f"{kind}.txt" for kind in letters.KINDS)
            yield Fault(own, 1, f"no letter is called '{own.name}'; there are {known}")


def _view_faults(file: Path, text: str, rows: object) -> Iterator[Fault]:
    from casetui.domain import views  # noqa: PLC0415 - only where there are views

    for at, key, says in views.faults(rows):
        yield Fault(file, _line_of_row(text, "views", at, key), says)


def _table_faults(file: Path, text: str, name: str, table: object) -> Iterator[Fault]:
    from casetui.domain import looks, mail  # noqa: PLC0415 - only where there are tables

    if not isinstance(table, dict):
        yield Fault(file, line_of(text, name), f"the settings want a table for '{name}'; begin it with [{name}]")
        return
    for key, says in {"mail": mail.faults, "screen": looks.faults, "keys": _key_faults}[name](table):
        yield Fault(file, line_of(text, f"{name}.{key}") or line_of(text, name), says)


def keys_in(file: Path) -> dict[str, str]:
    """Return the own keys of a settings' file, whatever else may be wrong in it."""
    import tomllib  # noqa: PLC0415 - as above

    try:
        table = tomllib.loads(text_of(file)).get("keys")
    except tomllib.TOMLDecodeError:
        return {}
    own = flat(table) if isinstance(table, dict) else ()
    return {id_: written for id_, written in own if isinstance(written, str) and written.strip()}


def _key_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for action, written in flat(table):
        if not isinstance(written, str) or not written.strip():
            yield action, f"'{action}' wants the names of keys, such as \"M,ctrl+y\""


def flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a table by their dotted names: ``case.move`` may be written with quotes or without."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def refuse(found: Iterator[Fault]) -> None:
    """Raise Misused for the first fault, and say how many there are."""
    if wrong := list(found):
        more = f" ({len(wrong) - 1} more: see 'casetui config check')" if len(wrong) > 1 else ""
        raise Misused(f"{wrong[0]}{more}")


def text_of(file: Path) -> str:
    """Return a file of the settings; raise Misused where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Misused(f"{file} cannot be read: {reason}.") from None


def line_in(file: Path, *wanted: str) -> int:
    """Return the line of a settings' file on which the first of these keys stands that is there."""
    text = text_of(file)
    return next((line for each in wanted if (line := line_of(text, each))), 0)


def line_of(text: str, wanted: str) -> int:
    """Return the line on which a key such as ``mail.port`` stands, or a table begins; 0 where it is not found."""
    table = ""
    for at, line in enumerate(text.splitlines(), start=1):
        if header := re.match(_TABLE, line):
            table = header[1]
            if table == wanted:
                return at
        elif key := re.match(_KEY, line):
            name = f"{table}.{key[1]}" if table else key[1]
            if name == wanted or (name.startswith(f"{wanted}.") and "." not in wanted):
                return at
    return 0


def _line_of_row(text: str, table: str, row: int, key: str) -> int:
    """Return the line on which a key stands in the so manieth table of a list, or on which that table begins."""
    found, line_of_table = -1, line_of(text, table)
    for at, line in enumerate(text.splitlines(), start=1):
        if header := re.match(_TABLE, line):
            found += header[1] == table
            line_of_table = at if header[1] == table and found == row else line_of_table
        elif found == row and (known := re.match(_KEY, line)) and known[1] == key:
            return at
    return line_of_table
