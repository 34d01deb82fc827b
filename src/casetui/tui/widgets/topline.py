"""One line of state: which desk, who, what the timer does and what time it is."""

from textual.reactive import reactive
from textual.strip import Strip

from casetui.domain.safe import clean
from casetui.tui.drawing import width
from casetui.tui.widgets.lines import Lines, Part

GAP = 3


class TopLine(Lines):
    """The state of the desk in one line; what matters least goes first when the line is short."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        overflow-y: hidden;
        background: $panel;
    }
    """

    lead = reactive("casetui")
    """The words at the left end: the program, or the way back and where one is."""
    database = reactive("")
    agent = reactive("")
    timer = reactive("")
    """What the timer does, such as ``timer on, next 09:42``."""
    timer_short = reactive("")
    """The same for narrow screens; without it the long words are cut."""
    severity = reactive("")
    """The tone of the timer's words: nothing, ``good``, ``warn`` or ``alarm``."""
    others = reactive("")
    """Who else is here."""
    now = reactive("")
    now_short = reactive("")
    read_only = reactive(default=False)
    frozen = reactive(default=False)
    stale = reactive("")
    """Set, it is all that the line says: what is drawn below is no longer so."""

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        cells = self.cells
        if y or not cells:
            return self.line([])
        if self.stale:
            return self.line([(f" {clean(self.stale)}", "shout")], "shout")
        left, right = self._parts(cells)
        room = cells - _taken(left) - _taken(right)
        return self.line([*left, (" " * max(0, room), "plain"), *right], self._ground())

    def _ground(self) -> str:
        return "banner" if self.read_only or self.frozen else ""

    def _parts(self, cells: int) -> tuple[list[Part], list[Part]]:
        """Return both ends of the line, leaving out what matters least until they fit."""
        for spared in range(6):
            left, right = self._left(spared), self._right(spared)
            if _taken(left) + _taken(right) + 1 <= cells:
                break
        return left, right

    def _left(self, spared: int) -> list[Part]:
        mode = "READ-ONLY" if self.read_only else "FROZEN" if self.frozen else ""
        parts = [
            (self.lead, "bold"),
            (mode, "warn"),
            (f"db:{self.database}" if self.database and spared < 4 else "", "dim"),  # noqa: PLR2004 - see _parts
            (self.agent if spared < 5 else "", "work"),  # noqa: PLR2004 - see _parts
        ]
        return spaced(parts, 2)

    def _right(self, spared: int) -> list[Part]:
        timer = self.timer if spared < 1 else self.timer_short or self.timer
        now = self.now if spared < 3 else self.now_short or self.now  # noqa: PLR2004 - see _parts
        parts = [
            (timer, self.severity or "plain"),
            (self.others if spared < 2 else "", "dim"),  # noqa: PLR2004 - see _parts
            (now, "dim"),
        ]
        return [*spaced(parts, GAP), (" ", "plain")]


def spaced(parts: list[Part], gap: int) -> list[Part]:
    """Return the parts that say something, with a gap between them."""
    shown: list[Part] = [(" ", "plain")]
    for text, tone in parts:
        if text:
            lead = "" if len(shown) == 1 else " " * gap
            shown.append((lead + clean(text), tone))
    return shown


def _taken(parts: list[Part]) -> int:
    return sum(width(text) for text, _ in parts)
