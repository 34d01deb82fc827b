"""Each screen as text, at sizes that people have; ``pytest tests/test_pictures.py --snapshot-update`` draws anew.

Look at what has changed, line by line, before it is kept: a picture that nobody has looked at proves nothing.
"""

import re

from syrupy.assertion import SnapshotAssertion

from casetui.desk.demo import fill
from tests.desks import TestDesk
from tests.sittings import Sitting, hung, sitting

SIZES = ((80, 24), (120, 36), (200, 60))
SMALLEST = (60, 15)
PLACES = {
    "dashboard": (("3", "j"), "#99  OAI-PMH"),
    "case": (("3", "j", "enter"), "end: case opened"),
    "due": (("d", "j"), "The letter"),
    "search": (("ctrl+f", *"proxy", "enter", "j"), "Found: 7"),
    "help": (("question_mark",), "Explain the keys"),
}
"""Keys that lead to each screen from the dashboard, and what is read last there."""


async def test_each_screen_is_what_was_looked_at(desk: TestDesk, snapshot: SnapshotAssertion) -> None:
    """All of it, at 80x24, 120x36 and 200x60, on the demo's desk; the list also at 60x15."""
    fill(desk.store, desk.clock.now(), cases=120, agent="ana")
    async with sitting(desk, size=SIZES[-1], name="demo") as sat:
        await sat.opens("MissedDialog")
        await sat.press("escape")
        await sat.until(lambda: re.search(r"Closed +47 ", sat.text), "the closed cases, counted after the timer")
        for name, (keys, words) in PLACES.items():
            await sat.press(*keys)
            await sat.sees(words)
            for size in (*SIZES, *([SMALLEST] if name == "dashboard" else [])):
                assert await drawn(sat, size) == snapshot(name=f"{name} {size[0]}x{size[1]}")
            await drawn(sat, SIZES[-1])
            while len(sat.app.screen_stack) > 1:
                await sat.press("escape")
                await sat.at_rest()


async def test_the_wall_is_what_was_looked_at(desk: TestDesk, snapshot: SnapshotAssertion) -> None:
    """At the same sizes, and its queues in large digits."""
    fill(desk.store, desk.clock.now(), cases=120, agent="ana")
    async with hung(desk, size=SIZES[0], name="demo") as sat:
        for size in (*SIZES, SMALLEST):
            assert await drawn(sat, size) == snapshot(name=f"wall {size[0]}x{size[1]}")
        await sat.press("right_square_bracket")
        assert await drawn(sat, SIZES[0]) == snapshot(name="wall, queues")


async def drawn(sat: Sitting, size: tuple[int, int]) -> str:
    """Return what the screen shows at a size, without blanks at the ends of lines."""
    sat.app.clear_notifications()  # which go by themselves after a while
    await sat.pilot.resize_terminal(*size)
    await sat.pilot.pause()
    await sat.at_rest()
    return "\n".join(line.rstrip() for line in sat.text.splitlines())
