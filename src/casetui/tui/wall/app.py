"""The program as a wall: the same desk and the same clock, with one screen that only shows."""

from typing import Any

from textual.screen import Screen

from casetui.domain.looks import Looks
from casetui.tui.app import Casetui
from casetui.tui.screens.wall import Wall
from casetui.tui.session import Session


class WallApp(Casetui):
    """A desk that is opened read-only, by nobody, and shown to everybody."""

    CSS_PATH = "../casetui.tcss"

    def __init__(
        self, session: Session, *, looks: Looks | None = None, subjects: bool = True, rotate: int | None = None
    ) -> None:
        super().__init__(session, looks=looks)
        self._subjects, self._rotate = subjects, rotate

    def get_default_screen(self) -> Screen[Any]:
        """Return the wall."""
        self.first = Wall(self.session, self.hands, subjects=self._subjects, rotate=self._rotate)
        return self.first
