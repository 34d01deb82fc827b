"""The program as a wall: the same desk and the same clock, with one screen that only shows."""

from pathlib import Path
from typing import Any

from textual.screen import Screen

from casetui.domain.clocks import Clock
from casetui.domain.looks import Looks
from casetui.settings import Settings
from casetui.tui.app import Casetui
from casetui.tui.screens.wall import Wall

NOBODY = "the wall"
"""The agent of a wall, at which nobody sits: a desk wants a name, and writes it nowhere."""


class WallApp(Casetui):
    """A desk that is opened read-only, by nobody, and shown to everybody."""

    CSS_PATH = "../casetui.tcss"

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        name: str | None = None,
        settings: Settings | None = None,
        looks: Looks | None = None,
        subjects: bool = True,
        rotate: int | None = None,
    ) -> None:
        super().__init__(path, clock, NOBODY, read_only=True, name=name, settings=settings, looks=looks)
        self._subjects, self._rotate = subjects, rotate

    def get_default_screen(self) -> Screen[Any]:
        """Return the wall."""
        self.first = Wall(self.session, self.hands, subjects=self._subjects, rotate=self._rotate)
        return self.first
