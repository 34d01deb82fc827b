"""How a screen is drawn: its theme, its characters, the mouse and the clipboard, and what suits a terminal."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

THEMES = ("dark", "light", "ansi-dark", "ansi-light", "contrast")
"""The themes by name; the ansi ones take the terminal's own colours."""
CLIPBOARDS = ("auto", "terminal", "tool", "file")
"""Ways to copy: the terminal's clipboard (OSC 52), a tool of this machine, a file; ``auto`` takes the first that
there is."""
PREFIX = "CASETUI_"
_SIXTEEN = frozenset({"xterm", "screen", "linux", "rxvt", "ansi", "tmux"})
"""Terminals that have sixteen colours, unless they say more in COLORTERM."""


class Looks(Struct, frozen=True):
    """How to draw; None leaves it to the terminal."""

    theme: str | None = None
    ascii: bool | None = None
    """Draw with ASCII characters of our own only; what customers wrote stays as it is."""
    mouse: bool | None = None
    """Ask the terminal for what the mouse does; else it selects text there."""
    copy: str = "auto"
    plain: bool = False
    """Print lines of words, which a screen reader reads, in the place of tables and screens."""

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Looks":
        """Return what a table without `faults` says."""
        return cls(**table)

    def outweighed(self, given: Mapping[str, Any]) -> "Looks":
        """Return these looks with what is given, and not None, in its place."""
        return replace(self, **{key: value for key, value in given.items() if value is not None})

    def suited(self, environment: Mapping[str, str]) -> "Looks":
        """Return the looks with nothing left open, as it suits the terminal of an environment."""
        terminal = environment.get("TERM", "")
        few = terminal in _SIXTEEN and not environment.get("COLORTERM")
        return replace(
            self,
            theme=self.theme or ("ansi-dark" if few else "dark"),
            ascii=terminal == "linux" if self.ascii is None else self.ascii,
            # GNU screen (4.9) holds Escape back until another key is pressed, where somebody wants the mouse.
            mouse="STY" not in environment if self.mouse is None else self.mouse,
            plain=self.plain or terminal == "dumb",  # which cannot show a screen
        )


def faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the table ``[screen]``: a key of it, and a sentence that begins with it."""
    from casetui.domain.mail import nearest  # noqa: PLC0415 - only a settings' file needs it

    for key, value in table.items():
        if key not in _KEYS:
            yield key, f"there is no 'screen.{key}'; {nearest(key, _KEYS)}"
        elif wanted := _KEYS[key](value):
            yield key, f"'screen.{key}' wants {wanted}"


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the table that variables such as CASETUI_THEME make; raise ValueError with a sentence."""
    table: dict[str, Any] = {}
    for key, wants in _KEYS.items():
        if said := environment.get(PREFIX + key.upper()):
            table[key] = _SWITCHES.get(said.lower(), said) if wants is _switch else said
            if wanted := wants(table[key]):
                raise ValueError(f"{PREFIX}{key.upper()} wants {wanted}.")
    return table


def _one_of(known: tuple[str, ...]) -> Callable[[object], str | None]:
    return lambda value: None if value in known else f"one of {', '.join(known)}"


def _switch(value: object) -> str | None:
    return None if isinstance(value, bool) else "true or false"


_SWITCHES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_KEYS: dict[str, Callable[[object], str | None]] = {
    "theme": _one_of(THEMES),
    "ascii": _switch,
    "mouse": _switch,
    "copy": _one_of(CLIPBOARDS),
    "plain": _switch,
}
