"""Names of keys: as people write and read them, as Textual knows them, and which of them never arrive."""

import unicodedata

from casetui.domain.errors import Misused

NAMED = {
    "Esc": "escape", "Enter": "enter", "Tab": "tab", "Space": "space", "Backspace": "backspace", "Del": "delete",
    "Ins": "insert", "Home": "home", "End": "end", "PgUp": "pageup", "PgDn": "pagedown", "Up": "up",
    "Down": "down", "Left": "left", "Right": "right", **{f"F{at}": f"f{at}" for at in range(1, 21)},
}  # fmt: skip
"""Keys that type nothing, by the name on them."""
SIGNS = {
    "exclamation_mark": "!", "quotation_mark": '"', "number_sign": "#", "dollar_sign": "$", "percent_sign": "%",
    "ampersand": "&", "apostrophe": "'", "left_parenthesis": "(", "right_parenthesis": ")", "asterisk": "*",
    "plus": "+", "comma": ",", "minus": "-", "full_stop": ".", "slash": "/", "colon": ":", "semicolon": ";",
    "less_than_sign": "<", "equals_sign": "=", "greater_than_sign": ">", "question_mark": "?", "at": "@",
    "left_square_bracket": "[", "backslash": "\\", "right_square_bracket": "]", "circumflex_accent": "^",
    "underscore": "_", "grave_accent": "`", "left_curly_bracket": "{", "vertical_line": "|",
    "right_curly_bracket": "}", "tilde": "~",
}  # fmt: skip
"""Signs by Textual's names of their keys."""
LOST = {
    "ctrl+h": "arrives as Backspace", "ctrl+i": "arrives as Tab", "ctrl+m": "arrives as Enter",
    "ctrl+left_square_bracket": "arrives as Esc", "ctrl+space": "is taken by input methods",
    "ctrl+at": "is taken by input methods", "ctrl+slash": "arrives under another name",
    "ctrl+backslash": "ends programs in many terminals", "ctrl+enter": "arrives as Enter, or not at all",
    "shift+enter": "arrives as Enter, or not at all", "ctrl+tab": "is the terminal's own",
    "ctrl+pageup": "is the terminal's own", "ctrl+pagedown": "is the terminal's own",
    "ctrl+plus": "is the terminal's own", "ctrl+minus": "is the terminal's own",
    "ctrl+backspace": "arrives as Backspace in most terminals", "shift+space": "arrives as Space",
}  # fmt: skip
"""Keys that no terminal can be trusted to hand over, and what becomes of them."""
_KNOWN = frozenset(NAMED.values())
_SPELLED = {name.lower(): key for name, key in NAMED.items()} | {key: key for key in _KNOWN}
_SHOWN = {key: name for name, key in NAMED.items()}
_OF_SIGN = {sign: name for name, sign in SIGNS.items()}
_MOVING = frozenset(
    {"up", "down", "left", "right", "home", "end", "delete", "insert", "pageup", "pagedown", "tab"}
)
_WORDS = (*NAMED, *(f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), *SIGNS)


def read(written: str) -> str:
    """Return a key as Textual calls it; raise Misused for what is no key, or never arrives."""
    *held, name = _parts(written)
    base = _SPELLED.get(name.lower()) or _OF_SIGN.get(name) or (name if name in SIGNS else "")
    if not base and len(name) == 1 and name.isprintable():
        base = name.lower() if "ctrl" in held else _key_of(name)
    key = "+".join((*held, base))
    if not base or not set(held) <= {"ctrl", "shift", "alt"}:
        from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

        close = get_close_matches(written, _WORDS, 1)
        raise Misused(f"no key is called '{written}'{f'; did you mean {close[0]}?' if close else ''}")
    if why := _lost(held, base, key):
        raise Misused(f"{shown(key)} {why}")
    return key


def shown(key: str) -> str:
    """Return a key as people read it: ``^f``, ``Esc``, ``?``, ``Shift+Up``."""
    *held, name = key.split("+")
    base = _SHOWN.get(name) or SIGNS.get(name) or name
    if held == ["ctrl"] and len(base) == 1:
        return f"^{base}"
    return "+".join((*(each.capitalize() for each in held), base))


def prints(key: str) -> bool:
    """Say whether a key types a character where text is written."""
    return key == "space" or key in SIGNS or ("+" not in key and key not in _KNOWN)


def _parts(written: str) -> list[str]:
    """Return the modifiers of a written key in lower case, then what they are held with."""
    if len(written) > 1 and written[0] == "^":
        return ["ctrl", written[1:]]
    if written == "+" or written.endswith("++"):
        written = f"{written[:-1]}plus"
    *held, name = written.split("+")
    return [*(each.strip().lower() for each in held), name.strip() or (name and "space")]


def _key_of(character: str) -> str:
    """Return Textual's name of a character's key: its own, or for signs their name in Unicode."""
    if character.isalnum():
        return character
    return unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")


def _lost(held: list[str], base: str, key: str) -> str:
    """Return why a key cannot be relied upon, or nothing."""
    if key in LOST:
        return LOST[key]
    if "alt" in held:
        return "is taken by menus and by macOS, or arrives as another key"
    if {"ctrl", "shift"} <= set(held) and base not in _MOVING:
        return "is the terminal's own"
    if held == ["shift"] and prints(base):
        return f"arrives as {base.upper()}, so write that" if base.isalpha() else "arrives as another sign"
    if held == ["ctrl"] and not (base in _MOVING or (base.isascii() and base.isalpha() and len(base) == 1)):
        return "is not handed over by terminals"
    return ""
