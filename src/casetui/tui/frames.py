"""What is written to the terminal, without repeating what it knows: a change of pen says only what differs."""

import re
from functools import lru_cache

from textual.driver import Driver

_STEP = re.compile(r"\x1b\[([\d;]*)m|(?:\x1b\[\d+;\d+H|\r\n)+")
"""A change of pen, or moves of the cursor, which no pen is seen in."""
_PARTS = re.compile(r"([34]8;(?:2;\d+;\d+;\d+|5;\d+))|\d+|\?")
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27"}
"""What ends a trait: bold, dim, italic, underlined, reversed."""
_UNKNOWN = "?"
"""Whatever pen the frame before has left."""


def lean(frame: str) -> str:
    """Return a frame that paints the same in fewer bytes.

    Textual takes every piece of text back to the terminal's own pen and names both colours again for the next one,
    some 40 bytes; neighbours mostly differ in one of them, whether the cursor moves between or not, and of several
    moves the last one counts. A step of the cursor is 497 bytes where it was 613, a page down 4.5 KB of 6.2, a
    case that is opened 13 KB where it was 19.
    """
    written: list[str] = []
    held = wanted = _UNKNOWN
    at = 0
    for step in _STEP.finditer(frame):
        if step.start() > at:
            written += _turn(held, wanted), frame[at : step.start()]
            held = wanted
        if step[1] is None:
            written.append(step[0][max(0, step[0].rfind("\x1b")) :])
        else:
            wanted = _after(wanted, step[1])
        at = step.end()
    return "".join((*written, _turn(held, wanted), frame[at:]))


@lru_cache(2_000)
def _turn(held: str, wanted: str) -> str:
    """Return what makes one pen of another; each is all that has been asked for since the terminal's own."""
    if held == wanted:
        return ""
    if not held or not wanted:
        return f"\x1b[{wanted}m" if wanted else "\x1b[0m"
    has, wants = _parts(held), _parts(wanted)
    gone = has.keys() - wants.keys()
    if gone - _OFF.keys():
        return f"\x1b[0;{wanted}m"
    off = sorted({_OFF[kind] for kind in gone})
    on = [part for kind, part in wants.items() if has.get(kind) != part or _OFF.get(kind) in off]
    return f"\x1b[{';'.join((*off, *on))}m"


def _parts(pen: str) -> dict[str, str]:
    """Return the colours of a pen by what they are for, and its other traits."""
    return {found[1][:2] if found[1] else found[0]: found[0] for found in _PARTS.finditer(pen)}


def _after(pen: str, codes: str) -> str:
    """Return the pen that codes make of a pen; they begin with a zero where they begin anew."""
    if codes.strip("0") == "":
        return ""
    first, _, rest = codes.partition(";")
    if first.strip("0") == "":
        return _after("", rest)
    return f"{pen};{codes}" if pen else codes


def leaning(driver: type[Driver]) -> type[Driver]:
    """Return a driver that writes lean frames."""

    def write(self: Driver, data: str) -> None:
        # Where the terminal is gone so is the thread that writes: what waits for it would wait for ever.
        writer = getattr(self, "_writer_thread", None)
        if writer is None or writer.is_alive():
            driver.write(self, lean(data))

    return type(driver.__name__, (driver,), {"write": write})
