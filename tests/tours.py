"""A walk through every screen and dialog, by keys, on a desk whose every text is of one's choosing."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from casetui.domain.records import Facts, Priority, Request
from casetui.domain.workflow import CommentKind, Status
from casetui.tui.legible import contrast
from tests.desks import TestDesk
from tests.sittings import Sitting

QUIET = "Labels print twice"


@dataclass(frozen=True)
class Stop:
    """A place of the walk: the keys that lead there from the dashboard, and the screen that opens last."""

    name: str
    keys: tuple[str, ...]
    opens: str
    writes: bool = False
    """Whether it is only there for those who may write."""


STOPS = (
    Stop("dashboard", (), "Queues"),
    Stop("filter", ("slash", *"owner:"), "Queues"),
    Stop("case", ("enter",), "CaseScreen"),
    Stop("due", ("d",), "Due"),
    Stop("search", ("ctrl+f", *"labels", "enter"), "Search"),
    Stop("facets", ("5", "f"), "FacetsDialog"),
    Stop("help", ("question_mark",), "Help"),
    Stop("help statuses", ("question_mark", "2"), "Help"),
    Stop("help clocks", ("question_mark", "3"), "Help"),
    Stop("help screens", ("question_mark", "4"), "Help"),
    Stop("palette", ("colon",), "CommandPalette"),
    Stop("palette search", ("colon", *"case"), "CommandPalette"),
    Stop("why", ("w",), "Tell"),
    Stop("letter", ("d", "v"), "Tell"),
    Stop("quit", ("q",), "Confirm"),
    Stop("picker", ("s",), "Picker", writes=True),
    Stop("picker why", ("s", "question_mark"), "Picker", writes=True),
    Stop("picker override", ("s", "0"), "Picker", writes=True),
    Stop("override note", ("s", "0", "1"), "TextPrompt", writes=True),
    Stop("reply", ("r",), "Composer", writes=True),
    Stop("canned", ("M",), "Replies", writes=True),
    Stop("note", ("i",), "Composer", writes=True),
    Stop("customer said", ("C",), "Composer", writes=True),
    Stop("last look", ("r", *"hello", "ctrl+s"), "LastLook", writes=True),
    Stop("assign", ("a",), "AssignDialog", writes=True),
    Stop("unassign", ("A",), "Confirm", writes=True),
    Stop("priority", ("p",), "PriorityDialog", writes=True),
    Stop("extend", ("e",), "ExtendDialog", writes=True),
    Stop("hold", ("t",), "HoldDialog", writes=True),
    Stop("edit", ("E",), "NewCaseDialog", writes=True),
    Stop("clone", ("O",), "TextPrompt", writes=True),
    Stop("new", ("ctrl+n",), "NewCaseDialog", writes=True),
    Stop("undo", ("u",), "Confirm", writes=True),
    Stop("remind", ("d", "b"), "Confirm", writes=True),
    Stop("marks", ("space",), "Queues", writes=True),
    Stop("marks in the agenda", ("d", "V"), "Due", writes=True),
    Stop("marks in the search", ("ctrl+f", *"labels", "enter", "V"), "Search", writes=True),
    Stop("bulk", ("V", "p", "2"), "Confirm", writes=True),
)


def furnish(desk: TestDesk, text: str) -> int:
    """Open a case whose every text is the same one, with a clock and a history, and return its number.

    It is the first of the first list that has cases; another case stands in a later one.
    """
    facts: dict[str, Any] = dict.fromkeys(("account", "contact", "product", "owner"), text)
    number = desk.verbs.open(Facts(text, **facts, email="j@example.org"), text).number
    stranger = desk.agent(text)
    stranger.comment(number, CommentKind.INTERNAL, text)
    stranger.move(number, Request(Status.CUSTOMER_INPUT, comment=text, override=None))
    desk.verbs.edit(number, {"product": f"{text} 2", "priority": Priority.DOWN})
    desk.verbs.extend(number, "40d", text)
    desk.test(desk.open(QUIET))
    return number


async def walk(sat: Sitting, stops: Iterator[Stop] | tuple[Stop, ...] = STOPS) -> AsyncIterator[Stop]:
    """Go to one place after the other, each from the dashboard with the cursor on its first case."""
    for stop in stops:
        await reach(sat, stop)
        yield stop
        await home(sat)


async def reach(sat: Sitting, stop: Stop) -> None:
    """Press the keys that lead to a place."""
    await sat.press(*stop.keys)
    await sat.opens(stop.opens)
    await sat.at_rest()
    await sat.until(lambda: len(sat.text.split()) > 1, "something to read")


def cut_footers(sat: Sitting) -> list[str]:
    """Return the lines of keys, at the foot of the screen's boxes, that are not seen whole."""
    lines = sat.text.splitlines()
    boxes = [box for box in sat.screen.query(Widget) if box.border_subtitle]
    return [
        str(box.border_subtitle) for box in boxes if str(box.border_subtitle) not in lines[box.region.bottom - 1]
    ]


def least_contrast(sat: Sitting, stop: Stop) -> float:
    """Return the contrast of the text that is hardest to read, of all in which a letter or a digit stands."""
    found = {}
    for strip in sat.screen._compositor.render_strips(sat.app.size):  # noqa: SLF001 - as Textual draws it
        for text, style, _ in strip:
            if any(sign.isalnum() for sign in text):
                assert style is not None, (stop.name, text)
                assert not style.dim, (stop.name, text)  # which each terminal blends as it likes
                found[text] = contrast_of(style)
    assert len(found) > 1, stop.name
    hardest = min(found, key=lambda text: found[text])
    print(f"{stop.name}: {found[hardest]:.2f} {hardest!r}")  # noqa: T201 - for who looks into a failure
    return found[hardest]


def contrast_of(style: Style) -> float:
    """Return the contrast of a style of RGB colours."""
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


async def home(sat: Sitting) -> None:
    """Press Escape until nothing is open but the dashboard, with nothing typed and nothing marked."""
    for _ in range(12):
        if len(sat.app.screen_stack) == 1:
            break
        await sat.press("escape")
        await sat.at_rest()
        if type(sat.screen).__name__ == "Confirm" and "Throw away" in sat.text:
            await sat.press("y")
    assert len(sat.app.screen_stack) == 1, sat.text
    await sat.press("escape", "escape")
    await sat.at_rest()
