"""What stands above the lists of the dashboard, and what an empty desk says."""

from collections.abc import Iterable

from casetui.desk.lists import VIEW, View
from casetui.desk.overview import Overview
from casetui.domain.views import DUE, Saved
from casetui.tui.drawing import glyphs
from casetui.tui.keymap import key
from casetui.tui.widgets.viewsline import ViewWord


def view_words(overview: Overview, views: Iterable[Saved]) -> tuple[ViewWord, ...]:
    """Return the line of views: a digit, a name and a number each."""
    return tuple(_word(overview, digit, view) for digit, view in enumerate(views, 1))


def title(view: View, total: int, filtered: str, found: str) -> str:
    """Return what stands above a list: its name, how many it has, how it is narrowed, how it is sorted."""
    order = "latest first" if view.sort is None else view.sort.says
    many = f"/{filtered} {found} of {total}" if filtered else f"({total})"
    return f"{view.label}{'  ' if filtered else ' '}{many}  {order}"


def no_cases() -> str:
    """Return what a desk without cases says."""
    opens = f"No cases yet. {key('case.new')} opens one."
    return f"{opens} casetui import FILE reads them. casetui demo shows an example."


def _word(overview: Overview, digit: int, view: Saved) -> ViewWord:
    many = overview.views.get(VIEW + view.key, glyphs.unknown)
    late = f" ({overview.overdue} now)" if overview.overdue and view is DUE else ""
    tone = "alarm" if late else "bold" if many else "dim"
    return ViewWord(digit, view.name, view.short, f"{many}{late}", tone)
