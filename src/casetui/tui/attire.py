"""The looks of a screen put on: themes, and characters that every terminal has."""

from functools import lru_cache

from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

from casetui.domain.looks import Looks
from casetui.tui.drawing import ASCII, UNICODE, use
from casetui.tui.legible import LEAST, MOST, Legible

CONTRAST = Theme(
    name="contrast",
    primary="#00d7ff",
    secondary="#afd7ff",
    warning="#ffd75f",
    error="#ff8787",
    success="#5fff87",
    accent="#ffff5f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#121212",
    boost="#1c1c1c",
    variables={"block-cursor-background": "#ffff5f", "block-cursor-foreground": "#000000"},
)
"""White and bright on black: text that is read has a contrast of seven to one."""
NAMES = {"dark": "textual-dark", "light": "textual-light", "contrast": "contrast"}
"""Our names of themes that Textual calls otherwise."""


def dress(app: App[None], looks: Looks) -> None:
    """Draw from now on in a theme, and with the characters that are asked for."""
    app.register_theme(CONTRAST)
    use(ASCII if looks.ascii else UNICODE)
    app.set_class(bool(looks.ascii), "-ascii")
    wear(app, looks.theme or "dark")


def wear(app: App[None], theme: str) -> None:
    """Put on another theme; where colour is not wanted, the terminal's own light or dark one."""
    if app.no_color:
        theme = "ansi-light" if theme.endswith("light") else "ansi-dark"
    filters: list[LineFilter] = [Legible(MOST if theme == "contrast" else LEAST)]
    if app.has_class("-ascii"):
        filters.append(OnlyAscii())
    # All lines that are drawn pass here. What a strip remembers of a filter goes with the filter.
    app._filters[:] = [each for each in app._filters if not isinstance(each, Legible | OnlyAscii)] + filters  # noqa: SLF001
    app.theme = NAMES.get(theme, theme)


class OnlyAscii(LineFilter):
    """Replaces what Textual draws frames, bars and marks with; letters are somebody's words and stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return a line of the same width."""
        return [
            segment if segment.text.isascii() else Segment(plain(segment.text), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text of the same width with no frames, blocks, arrows or marks beyond ASCII."""
    return text.translate(_PLAIN)


def _frames() -> dict[int, str]:
    """Return what stands for the box drawing characters: by which sides they have."""
    flat, upright = "─━┄┅┈┉╌╍═╴╶╸╺╼╾", "│┃┆┇┊┋╎╏║╵╷╹╻╽╿"
    frames = dict.fromkeys(range(0x2500, 0x2580), "+")
    return frames | {ord(sign): "-" for sign in flat} | {ord(sign): "|" for sign in upright}


def _blocks() -> dict[int, str]:
    """Return what stands for the block elements; thin ones at a side or an edge are frames."""
    blocks = dict.fromkeys(range(0x2580, 0x25A0), "#")
    blocks |= {ord(sign): "-" for sign in "▔▁▂"} | {ord(sign): "|" for sign in "▏▎▍▌▐▕"}
    return blocks


_MARKS = {
    "●": "*", "○": "o", "•": "*", "…": "~", "→": ">", "←": "<", "↑": "^", "↓": "v", "⏎": "/", "✓": "+",
    "▼": "v", "▶": ">", "▲": "^", "◀": "<", "■": "#", "□": "o", "⭘": "o", "↵": "/", "🔎": "/ ",
}  # fmt: skip
_PLAIN = _frames() | _blocks() | {ord(sign): drawn for sign, drawn in _MARKS.items()}
