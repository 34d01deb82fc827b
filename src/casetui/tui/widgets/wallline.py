"""The wall's line of state: how fresh it is, who runs the timer, and what time it is."""

from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from casetui.domain.safe import clean
from casetui.tui.drawing import width
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.topline import GAP, TopLine, spaced


class WallLine(TopLine):
    """The state of the desk for a room: a board that stands still says so in all of its first line."""

    fresh = reactive("", repaint=False)
    """When the desk was last looked at; near the beginning, for Textual draws a line up to what has changed."""
    paused = reactive("")
    """Set, it is all that the line says, unless the desk is stale."""

    _stamp: Region | None = None
    """Where the stamp was drawn."""

    def watch_fresh(self, old: str, new: str) -> None:
        """Draw the new stamp."""
        if self._stamp is not None and len(old) == len(new):
            self.refresh(self._stamp)
        else:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        self._stamp = None
        if self.paused and not self.stale and not y:
            return self.line([(f" {clean(self.paused)}", "banner")], "banner")
        strip = super().render_line(y)
        before, stamp, _ = strip.text.rpartition(f"fresh {self.fresh}")
        if stamp:
            self._stamp = Region(width(before), 0, width(stamp), 1)
        return strip

    def _left(self, spared: int) -> list[Part]:
        stamp = f"fresh {self.fresh}" if self.fresh else ""
        desk = f"db:{self.database}" if spared < 4 else ""  # noqa: PLR2004 - see _parts
        return spaced([("WALL", "bold"), ("READ-ONLY", "warn"), (stamp, "good"), (desk, "dim")], 2)

    def _right(self, spared: int) -> list[Part]:
        timer = self.timer if spared < 1 else self.timer_short or self.timer
        now = self.now if spared < 2 else self.now_short or self.now  # noqa: PLR2004 - see _parts
        shown = [(timer, self.severity or "plain"), (now if spared < 5 else "", "dim")]  # noqa: PLR2004 - see _parts
        return [*spaced(shown, GAP), (" ", "plain")]
