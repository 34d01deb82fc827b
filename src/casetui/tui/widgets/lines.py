"""A widget that draws its own lines in the tones of the theme, and never has the screen laid out again."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from casetui.tui.drawing import fit, width
from casetui.tui.tones import PLAINER, TONES, look
from casetui.tui.widgets.bar import Bar

Part = tuple[str, str]
"""A piece of a line: clean text, and the name of its tone."""

_LOOKS: dict[tuple[str, Color, str, str], Style] = {}
"""What has been worked out, by theme, by what is behind the line, by tone and ground."""


class Lines(ScrollView, can_focus=False):
    """Draws line by line; what a tone looks like is the theme's to say.

    Its height changes by ``extent``, which moves the scroll bar and nothing else: a layout of the screen
    costs more than everything that is drawn here.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Lines {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
        scrollbar-color: $foreground 20%;
        background: $surface;
        color: $foreground;

        &:ansi {
            scrollbar-background: ansi_default;
            scrollbar-background-hover: ansi_default;
            scrollbar-background-active: ansi_default;
            scrollbar-color: ansi_bright_black;
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._styles_of: dict[tuple[str, str], Style] = {}

    def notify_style_update(self) -> None:
        """Forget the styles of the theme that was."""
        super().notify_style_update()
        self._styles_of.clear()

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made when it is first wanted."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = Bar()
            bar.display = False
            self.app._start_widget(self, bar)  # noqa: SLF001 - as Textual does with its own
        return self._vertical_scrollbar

    @property
    def cells(self) -> int:
        """How many cells a line has, beside the scroll bar."""
        return max(0, self.content_size.width - self.scrollbar_size_vertical)

    def extent(self, height: int) -> None:
        """Have so many lines to scroll through, without a layout of the screen."""
        size = Size(self.size.width, height)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)

    def refresh_line(self, y: int) -> None:
        """Draw one line again, but not the scroll bar beside it."""
        self.refresh(Region(0, y - self.scroll_offset.y, self.cells, 1))

    def tone(self, name: str, ground: str = "") -> Style:
        """Return the style of a tone, on the ground of another: ``cursor``, ``resting``, ``banner``."""
        style = self._styles_of.get((name, ground))
        if style is None:
            known = (self.app.theme, self.background_colors[1], name, ground)
            if known not in _LOOKS:
                _LOOKS[known] = self._on_ground(name or "plain", ground)
            self._styles_of[name, ground] = style = _LOOKS[known]
        return style

    def line(self, parts: Iterable[Part], ground: str = "") -> Strip:
        """Return a line of parts, cut or filled to the width of the widget.

        Each change of style costs some forty bytes on the wire, so spaces take that of a neighbour.
        """
        texts: list[str] = []
        styles: list[Style] = []
        pending, taken, cells = "", 0, self.cells
        for text, tone in parts:
            taken += width(text)
            if not text or text.isspace():
                pending += text
                continue
            style = self.tone(tone, ground)
            if texts:
                texts[-1] += pending
                pending = ""
                if styles[-1] is style:
                    texts[-1] += text
                    continue
            texts.append(pending + text)
            styles.append(style)
            pending = ""
        plain = self.tone("plain", ground)
        rest = pending + " " * (cells - taken)
        if texts and styles[-1] is plain:
            texts[-1] += rest
        elif rest:
            texts.append(rest)
            styles.append(plain)
        strip = Strip(map(Segment, texts, styles), max(taken, cells))
        return strip if taken <= cells else strip.crop(0, cells)

    def _on_ground(self, name: str, ground: str) -> Style:
        under = self._themed(ground or name)
        if ground == "resting":
            return self._themed(name) + Style(bgcolor=under.bgcolor, underline=under.underline)
        # A strong ground has one colour for all that stands on it: tones on it would lose their contrast.
        return under

    def _themed(self, name: str) -> Style:
        tones = PLAINER if self.app.native_ansi_color else TONES
        return look(tones[name], self.app.theme_variables, self.background_colors[1])


def split(left: list[Part], right: list[Part], cells: int) -> list[Part]:
    """Return a line with parts at both of its ends; the left end gives way."""
    taken = sum(width(text) for text, _ in right)
    shown: list[Part] = []
    room = cells - taken
    for text, tone in left:
        if width(text) > room:
            shown.append((fit(text, room), tone))
            room = 0
            break
        shown.append((text, tone))
        room -= width(text)
    return [*shown, (" " * max(0, room), "plain"), *right]
