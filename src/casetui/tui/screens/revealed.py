"""A screen that is painted once it has been read; the frames before it, and those under another, are spared."""

import asyncio
from typing import Any

from textual.widget import Widget

from casetui.tui.steady import Steady

REVEALED_AFTER = 0.25
"""Seconds after which a screen is painted, though it has not been read yet."""


class Revealed(Steady[None]):
    """A screen of which nothing is painted before it is revealed."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.revealed = asyncio.Event()
        """Set once there is something to see; nothing is painted before."""

    def on_mount(self) -> None:
        """Wait for the reading, but not forever."""
        self._wait()

    def conceal(self) -> None:
        """Paint nothing until it has been read again; what was there before stays meanwhile."""
        self.revealed.clear()
        if self.is_mounted:
            self._wait()

    def reveal(self) -> None:
        """Paint the screen, now that it has been read; what was there before it stays until then."""
        if not self.revealed.is_set():
            self.call_later(self._reveal)

    def _wait(self) -> None:
        self.set_timer(REVEALED_AFTER, self.reveal)

    def complete(self) -> None:
        """Draw what is drawn once it is revealed, and not with each step of the building."""

    def _reveal(self) -> None:
        if self.revealed.is_set():
            return
        # After a refresh would always be right, but waits for the beat after the next: up to 8 ms.
        widgets = (self, *self.walk_children(Widget))
        if any(widget._layout_required for widget in widgets):  # noqa: SLF001 - nothing else tells
            self.call_after_refresh(self._paint)
        else:
            self._paint()

    def _paint(self) -> None:
        """Paint what has changed, also what Textual has not been told of yet and would paint once more."""
        self.revealed.set()
        self.complete()
        self._compositor.update_widgets(set(self._compositor.visible_widgets))
        self._compositor_refresh()

    def _compositor_refresh(self) -> None:
        """Spare the empty frames while a screen is built and read, and those of a screen that is covered.

        They are two thirds of its paints, 14 KB each; a covered screen would have the one above it painted anew.
        """
        if self.revealed.is_set() and not self._is_covered():
            super()._compositor_refresh()

    def _is_covered(self) -> bool:
        top = self.app.screen
        return top is not self and top.styles.background.a == 1
