"""What is wrong with a person's own keys: without a command, as every start of a screen asks."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from casetui.faults import Fault, line_in, refuse
from casetui.settings import Settings


def key_faults(file: Path, keys: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with a person's own keys, by the line of the settings' file."""
    if not keys:
        return
    from casetui.tui import keymap  # noqa: PLC0415 - only own keys can be wrong

    for id_, says in keymap.faults(keys):
        yield Fault(file, line_in(file, f"keys.{id_}", "keys"), says)


def refuse_keys(chosen: Settings) -> None:
    """Raise Misused with file and line where a person's own keys cannot be used."""
    refuse(key_faults(chosen.file, chosen.keys))
