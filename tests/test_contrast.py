"""Text can be read on every screen: its contrast is measured on what is drawn, blended and dimmed as it is."""

from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color as Ink
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from casetui.domain.looks import Looks
from casetui.tui.legible import LEAST, MOST, Legible, contrast, legible
from tests.desks import TestDesk
from tests.sittings import sitting
from tests.tours import STOPS, contrast_of, furnish, least_contrast, walk

colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: Color(*parts))


async def test_all_text_can_be_read(desk: TestDesk) -> None:
    """On every screen and dialog, and behind each: 7 to 1 in this theme; the walks in others measure 4.5 to 1."""
    furnish(desk, "Labels")
    async with sitting(desk, size=(120, 36), looks=Looks("contrast", ascii=False)) as sat:
        async for stop in walk(sat):
            assert least_contrast(sat, stop) >= MOST


async def test_another_theme_is_as_legible(desk: TestDesk) -> None:
    """Also what was drawn before in a theme that promises less."""
    furnish(desk, "Labels")
    async with sitting(desk, size=(120, 36), looks=Looks("dark", ascii=False)) as sat:
        await sat.press("colon")
        await sat.type("theme: contrast")
        await sat.sees("Theme: contrast")
        await sat.press("enter")
        await sat.hears("theme =")
        await sat.at_rest()
        assert least_contrast(sat, STOPS[0]) >= MOST


@given(colours, colours, st.booleans())
def test_any_two_colours_are_made_legible(ink: Color, ground: Color, reverse: bool) -> None:  # noqa: FBT001 - drawn
    """The ground stays, an ink that is legible stays, and every other one is lifted no further than it must be."""
    front, back = (ground, ink) if reverse else (ink, ground)
    style = Style(color=front.rich_color, bgcolor=back.rich_color, reverse=reverse)
    shown = legible(style)
    assert (shown.color if reverse else shown.bgcolor) == (style.color if reverse else style.bgcolor)
    assert contrast_of(shown) >= LEAST
    if contrast(ink, ground) >= LEAST:
        assert shown is style


def test_frames_and_the_terminals_own_colours_stay() -> None:
    """Frames may recede, and what a terminal's own colours are nobody knows."""
    faint = Style(color="#222222", bgcolor="#000000")
    own = Style(color=Ink.parse("bright_black"), bgcolor=Ink.parse("black"))
    line = [Segment("\u256d\u2500 ", faint), Segment("Case", own), Segment("Case", faint)]
    drawn = Legible().apply(line, Color(0, 0, 0))
    assert drawn[:2] == line[:2]
    assert drawn[2].text == "Case"
    assert drawn[2].style != faint
