"""Draws the pictures of README from the demo desk at a fixed instant: ``python screenshots/make.py``."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.app import App
from textual.pilot import Pilot

from casetui.cli.screens import NOBODY
from casetui.desk.demo import fill
from casetui.storage.store import Store
from casetui.tui.app import Casetui
from casetui.tui.session import Session
from casetui.tui.wall.app import WallApp

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
PICTURES: dict[str, tuple[tuple[int, int], Sequence[str], bool]] = {
    "dashboard": ((120, 36), ("escape", "j"), False),
    "dashboard-80x24": ((80, 24), ("escape", "j"), False),
    "dashboard-200x60": ((200, 60), ("escape", "j"), False),
    "case": ((120, 36), ("escape", "j", "enter"), False),
    "picker": ((120, 36), ("escape", "j", "s", "down", "down", "down"), False),
    "composer": ((120, 36), ("escape", "j", "r", *"Thank you, we look into it."), False),
    "replies": ((120, 36), ("escape", "j", "M", "down"), False),
    "due": ((120, 36), ("escape", "d", "j", "j"), False),
    "search": ((120, 36), ("escape", "ctrl+f", *"proxy", "enter", "j", "j"), False),
    "help": ((120, 36), ("escape", "question_mark"), False),
    "question": ((120, 36), (), False),
    "monitor": ((120, 36), ("j",), True),
    "wall": ((120, 36), (), True),
}
"""By name: the terminal's size, the keys pressed before the picture, and whether it only watches."""


_SETTLED = 0.4
"""Seconds for which nothing changes on a screen that has all that it asked the desk for."""


class _Stopped:
    def now(self) -> datetime:
        """Return the instant of all pictures."""
        return NOW


async def _picture(file: Path, size: tuple[int, int], keys: Sequence[str], *, read_only: bool, wall: bool) -> str:
    session = Session.at(file, _Stopped(), NOBODY if wall else "ana", read_only=read_only, name="demo")
    app = (WallApp if wall else Casetui)(session)
    async with app.run_test(size=size) as pilot:
        while not (read_only or app.screen.is_modal):  # the timer's question comes first
            await pilot.pause(_SETTLED)
        drawn = await _settled(app, pilot)
        for key in keys:
            await pilot.press(key)
            drawn = await _settled(app, pilot)
        return drawn


async def _settled(app: App[None], pilot: Pilot[None]) -> str:
    """Return the picture once it is the same twice."""
    before, drawn = None, ""
    while drawn != before:
        await pilot.pause(_SETTLED)
        before, drawn = drawn, _self_contained(app.export_screenshot(title="casetui", simplify=True))
    return drawn


def _self_contained(svg: str) -> str:
    """Return a picture that fetches no font and is the same each time."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)  # some viewers drop blanks otherwise
    svg = svg.replace("Fira Code", "Fira Code, DejaVu Sans Mono, Menlo, Consolas")
    return re.sub(r"terminal-\d+", "terminal", svg)


def main() -> None:
    """Draw all pictures anew."""
    for name, (size, keys, read_only) in PICTURES.items():
        with TemporaryDirectory() as folder:
            file = Path(folder) / "demo.db"
            store = Store.open(file)
            fill(store, NOW, agent="ana")
            store.close()
            svg = asyncio.run(_picture(file, size, keys, read_only=read_only, wall=name == "wall"))
        (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"{name}.svg")


if __name__ == "__main__":
    main()
