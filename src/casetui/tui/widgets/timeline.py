"""The history of a case, newest first, wrapped once and drawn as far as it is seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from casetui.domain.clocks import Clock
from casetui.domain.records import Case, Entry, What
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import content
from casetui.tui.keymap import key
from casetui.tui.widgets.entries import FILTERS, Teller, passes
from casetui.tui.widgets.lines import Lines, Part

DAY = timedelta(days=1)


class Timeline(Lines, can_focus=True):
    """What happened to a case; comments with the mark of who said it and who sees it."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = bound((*keyboard.LIST, *keyboard.TIMELINE))
    DEFAULT_CSS = """
    Timeline { padding: 0 0 0 1; }
    """

    class Filtered(Message):
        """Another kind of entry is shown: ``all``, ``comments``, ``status`` or ``clock``."""

        def __init__(self, timeline: "Timeline", kind: str) -> None:
            super().__init__()
            self.timeline = timeline
            self.kind = kind

    def __init__(
        self,
        clock: Clock,
        *,
        compact: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.clock = clock
        self.compact = compact
        self.zone = "UTC"
        self.empty = "Nothing has happened yet."
        self.can_focus = not compact
        self._case: Case | None = None
        self._entries: Sequence[Entry] = ()
        self._total = 0
        self._since: datetime | None = None
        self._filter = 0
        self._drawn: list[list[Part]] = []

    @property
    def filter(self) -> str:
        """Which entries are shown: ``all``, ``comments``, ``status`` or ``clock``."""
        return FILTERS[self._filter]

    @property
    def shows_newest(self) -> bool:
        """Whether the newest entry is in sight."""
        return bool(self.scroll_offset.y == 0 and self._entries and passes(self._entries[0], self.filter))

    def show(
        self,
        case: Case | None,
        entries: Sequence[Entry] = (),
        *,
        total: int | None = None,
        since: datetime | None = None,
    ) -> None:
        """Show a case's history, its newest entry first; entries later than ``since`` are marked NEW.

        ``total`` says how many entries there are where only the newest are given. The same case shown again stays
        where it is scrolled to, whatever has come on top.
        """
        same = case is not None and self._case is not None and case.number == self._case.number
        came = list(entries[:1]) != list(self._entries[:1])
        self._case, self._entries, self._since = case, entries, since
        self._total = len(entries) if total is None else total
        self._lay(keep=same, came=came)

    def begin(self) -> None:
        """Show all kinds of entries, from the newest, of whatever case comes next."""
        self._case, self._filter = None, 0
        self._scroll(0)

    def let_go(self) -> None:
        """Hold nothing of the case any more, 1.4 MiB for a thousand comments; the screen stays as it is."""
        self._case, self._entries, self._drawn = None, (), []

    def tick(self) -> None:
        """Draw the times again that read differently now."""
        if self._entries and self.clock.now() - self._entries[0].at < 2 * DAY:
            self._lay(keep=True)

    def action_filter(self) -> None:
        """Show the next kind of entries."""
        self._filter = (self._filter + 1) % len(FILTERS)
        self._lay(keep=False)
        self.post_message(self.Filtered(self, self.filter))

    def action_step(self, lines: int) -> None:
        """Scroll by lines."""
        self._scroll(self.scroll_offset.y + lines)

    def action_half(self, halves: int) -> None:
        """Scroll by half pages; the screen calls it for the pane that has no keys."""
        self._scroll(self.scroll_offset.y + halves * max(1, self.content_size.height // 2))

    def action_edge(self, edge: int) -> None:
        """Scroll to the newest entry or to the oldest."""
        self._scroll(len(self._drawn) if edge else 0)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self.action_half(2 * pages)

    def on_resize(self) -> None:
        """Wrap for the new width, about the same lines in sight."""
        place = self.scroll_offset.y / max(1, len(self._drawn))
        self._put(self._tell() if self.cells else [])
        self._scroll(round(place * len(self._drawn)))

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text that the mouse has marked."""
        lines = ("".join(text for text, _ in parts).rstrip() for parts in self._drawn)
        return selection.extract("\n".join(lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is marked."""
        super().selection_updated(selection)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        at = y + self.scroll_offset.y
        if at >= len(self._drawn):
            return self.line([])
        strip = self.line(self._drawn[at])
        span = None if self.text_selection is None else self.text_selection.get_span(at)
        if span is not None:
            start, end = span[0], strip.cell_length if span[1] == -1 else span[1]
            marked = self.screen.get_component_rich_style("screen--selection")
            before, between, after = strip.crop(0, start), strip.crop(start, end), strip.crop(end)
            strip = Strip.join([before, between.apply_style(marked), after])
        return strip.apply_offsets(0, at)

    def _lay(self, *, keep: bool, came: bool = False) -> None:
        """Lay out what is shown; ``keep`` the lines that are being read where they are, if any ``came`` above."""
        if not self.cells:
            return
        lines, top = len(self._drawn), self.scroll_offset.y
        self._put(self._tell())
        if top and not keep:
            self._scroll(0)
        elif top and came:
            self._scroll(top + len(self._drawn) - lines)

    def _entitle(self, shown: int) -> None:
        if not self.compact:
            entries = self._total if self.filter == "all" else shown
            name = "" if self.filter == "all" else f" {self.filter} only"
            self.border_title = content(f"Timeline {entries}{name}  newest first")

    def _put(self, drawn: list[list[Part]]) -> None:
        if drawn != self._drawn:
            self._drawn = drawn
            self.extent(len(drawn))
            self.refresh()

    def _shown(self) -> list[Entry]:
        quiet = {What.READ} if self.compact else frozenset()
        return [entry for entry in self._entries if entry.what not in quiet and passes(entry, self.filter)]

    def _tell(self) -> list[list[Part]]:
        shown = self._shown()
        self._entitle(len(shown))
        if self._case is None:
            return []
        if not shown:
            none = f"No entry is of this kind. {key('timeline.filter')} shows another kind."
            return [[(f" {self.empty if self.filter == 'all' else none}", "dim")]]
        teller = Teller(self.cells, self.zone, self.clock.now(), self._since, compact=self.compact)
        drawn = [line for entry in shown for line in teller.tell(entry)]
        return drawn if self.compact else [*drawn, *teller.close(self._case)]

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, immediate=True)
