"""The tones that lines are drawn in: which colours of the theme they have, and what they look like on a ground.

As rules of the style sheet they were parsed twice and matched one by one, which was 5 ms of a start.
"""

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct
from rich.style import Style
from textual.color import Color


class Tone(Struct, frozen=True):
    """A colour for what is written and one behind it, by the theme's names or the terminal's own, and traits.

    A share of a colour lets shine through what is behind it. Without a colour behind it a tone stands on what is
    there.
    """

    ink: str = "foreground"
    behind: str = ""
    traits: str = ""


TONES = {
    "plain": Tone(),
    "dim": Tone("foreground 62%"),
    "bold": Tone(traits="bold"),
    "heading": Tone("foreground 75%", traits="bold"),
    "us": Tone("text-accent", traits="bold"),
    "work": Tone("text-primary"),
    "customer": Tone("text-warning"),
    "others": Tone("text-secondary"),
    "good": Tone("text-success"),
    "warn": Tone("text-warning", traits="bold"),
    "alarm": Tone("text-error", traits="bold"),
    "found": Tone("text-accent", traits="bold underline"),
    "cursor": Tone("block-cursor-foreground", "block-cursor-background", "block-cursor-text-style"),
    "resting": Tone(behind="foreground 12%"),
    "banner": Tone("text-warning", "warning-muted", "bold"),
    "shout": Tone("text-error", "error-muted", "bold"),
}
"""In themes of RGB."""
PLAINER = TONES | {
    "dim": Tone(traits="dim"),
    "heading": Tone(traits="bold"),
    "found": Tone(traits="bold underline"),
    "cursor": Tone(behind="ansi_default", traits="reverse"),
    "resting": Tone(behind="ansi_default", traits="underline"),
    "banner": Tone("ansi_yellow", "ansi_default", "bold reverse"),
    "shout": Tone("ansi_red", "ansi_default", "bold reverse"),
}
"""In the terminal's own colours, which have no shades between them."""


def look(tone: Tone, colors: Mapping[str, str], ground: Color) -> Style:
    """Return what a tone looks like with the ``colors`` of a theme, on a ground."""
    if tone.behind:
        ground += _color(tone.behind, colors, ground)
    ink = ground + _color(tone.ink, colors, ground)
    traits = Style.parse(colors.get(tone.traits, tone.traits))
    return Style.from_color(ink.rich_color, ground.rich_color) + traits


def _color(name: str, colors: Mapping[str, str], ground: Color) -> Color:
    """Return a colour by its name, or as it is best read on a ground; a share of it lets that shine through."""
    name, _, share = name.partition(" ")
    value, _, more = colors.get(name, name).partition(" ")
    strength = _share(share) * _share(more)
    return ground.get_contrast_text(strength) if value == "auto" else _parsed(value).multiply_alpha(strength)


@lru_cache(64)
def _parsed(value: str) -> Color:
    return Color.parse(value)


def _share(percent: str) -> float:
    return float(percent.rstrip("%")) / 100 if percent else 1.0
