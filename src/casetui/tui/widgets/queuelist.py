"""The list of queues: views on top, then all statuses under their headings, with counts and marks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from casetui.domain.records import Count
from casetui.domain.workflow import Group, Status, in_group
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import GROUP_TONES, fit, glyphs
from casetui.tui.widgets.lines import Lines, Part

NARROW = 28
"""Under so many cells the two marks share one, and the one that cannot wait is shown."""


class QueueLine(Struct, frozen=True):
    """A line of the list: a view or a status with its key, a heading without one, or nothing at all."""

    key: str = ""
    label: str = ""
    short: str = ""
    count: Count | None = None
    tone: str = "plain"

    @property
    def heading(self) -> bool:
        """Say whether the line cannot be chosen."""
        return not self.key


class QueueList(Lines, can_focus=True):
    """All queues at one glance; one of them is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.LIST[:4])

    class Chosen(Message):
        """The agent wants to see another queue or view."""

        def __init__(self, queues: "QueueList", key: str) -> None:
            super().__init__()
            self.queues = queues
            self.key = key

        @property
        def control(self) -> "QueueList":
            """The list that it happened in."""
            return self.queues

        def can_replace(self, message: Message) -> bool:
            """Say that only the last of many steps counts."""
            return isinstance(message, QueueList.Chosen) and message.queues is self.queues

    DEFAULT_CSS = """
    QueueList { scrollbar-size-vertical: 0; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._views: Sequence[QueueLine] = ()
        self._counts: Mapping[Status, Count] | None = None
        self._drawn: list[QueueLine] = []
        self._selected = ""

    @property
    def selected(self) -> str:
        """The key of the chosen line: a view's key or a status's slug."""
        return self._selected

    @selected.setter
    def selected(self, key: str) -> None:
        if key != self._selected:
            changed = {self._selected, key}
            self._selected = key
            self._refresh_keys(changed)
            self._reveal()

    @property
    def keys(self) -> list[str]:
        """The keys of all lines that can be chosen, from the top."""
        return [line.key for line in self._drawn if not line.heading]

    def show(self, counts: Mapping[Status, Count], views: Sequence[QueueLine] = ()) -> None:
        """Show these numbers, the views above the statuses; a status without a count is not counted yet."""
        self._counts, self._views = dict(counts), tuple(views)
        if not self._selected:
            self._selected = views[0].key if views else Status.NEW.value
        self._arrange()

    def next(self, step: int = 1) -> str:
        """Return the key that many lines further, round the ends; from a view that has no line, an end."""
        keys = self.keys
        return keys[(self._place(step) + step) % len(keys)] if keys else self._selected

    def next_nonempty(self, step: int = 1) -> str:
        """Return the key of the next queue that has cases, in that direction; the chosen one if none has."""
        lines, at = [line for line in self._drawn if not line.heading], self._place(step)
        round_ = (lines[(at + step * distance) % len(lines)] for distance in range(1, len(lines) + 1))
        return next((line.key for line in round_ if line.count is None or line.count.total), self._selected)

    def _place(self, step: int) -> int:
        """Return where the chosen line is; for a view that has none, before the end that a step leads to."""
        keys = self.keys
        return keys.index(self._selected) if self._selected in keys else -1 if step > 0 else 0

    def line_of(self, key: str) -> QueueLine | None:
        """Return the line of a key, to name a queue and its count elsewhere."""
        return next((line for line in self._drawn if line.key == key), None)

    def choose(self, key: str) -> None:
        """Choose a queue as a key press would, and say so."""
        if key != self._selected:
            self.selected = key
            self.post_message(self.Chosen(self, key))

    def action_step(self, step: int) -> None:
        """Choose the line that many further, stopping at the ends."""
        keys = self.keys
        if keys:
            at = keys.index(self._selected) + step if self._selected in keys else 0
            self.choose(keys[min(max(at, 0), len(keys) - 1)])

    def action_edge(self, edge: int) -> None:
        """Choose the first line, or the last."""
        if keys := self.keys:
            self.choose(keys[edge])

    def on_click(self, event: events.Click) -> None:
        """Choose the line under the mouse."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y + self.scroll_offset.y < len(self._drawn):
            line = self._drawn[offset.y + self.scroll_offset.y]
            if not line.heading:
                self.choose(line.key)

    def on_resize(self) -> None:
        """Set blank lines between the groups where there is room for them."""
        self._arrange()

    def render_line(self, y: int) -> Strip:
        """Draw a heading or a queue."""
        at = y + self.scroll_offset.y
        if at >= len(self._drawn):
            return self.line([])
        line = self._drawn[at]
        cells = self.cells
        if line.heading:
            return self.line(self._heading(line, cells))
        chosen = line.key == self._selected
        ground = ("cursor" if self.has_focus else "resting") if chosen else ""
        return self.line([(glyphs.cursor if chosen else " ", "us"), *self._queue(line, cells)], ground)

    def _heading(self, line: QueueLine, cells: int) -> list[Part]:
        if not line.label:
            return []
        total = "" if line.count is None else str(line.count.total)
        room = cells - len(total) - 1 - self._margin(cells)
        label = line.label if len(line.label) <= room else line.label.replace(" the ", " ")
        return [(fit(label.upper(), room), "heading"), (f" {total}", "dim")]

    def _queue(self, line: QueueLine, cells: int) -> Iterator[Part]:
        count = line.count
        number = glyphs.unknown if count is None else str(count.total)
        room = cells - 2 - len(number) - self._margin(cells)
        labels = (line.label, line.short, line.short.removeprefix("Pend. "))
        label = next((label for label in labels if label and len(label) <= room), labels[-1] or line.label)
        busy = count is None or count.total
        yield fit(label, room), "plain" if busy else "dim"
        yield f" {number} ", line.tone if busy else "dim"
        unread, due = (count.unread, count.due) if count else (0, 0)
        if cells >= NARROW or not due:
            yield (glyphs.unread if unread else " "), "us"
        if cells >= NARROW or due:
            yield (glyphs.due if due else " "), "alarm"

    def _margin(self, cells: int) -> int:
        return 3 if cells >= NARROW else 2

    def _arrange(self) -> None:
        if self._counts is None or not self.content_size.height:
            return
        old, self._drawn = self._drawn, self._lines(self.content_size.height)
        self.extent(len(self._drawn))
        if len(old) != len(self._drawn):
            self.refresh()
            self._reveal()
            return
        for y, (was, line) in enumerate(zip(old, self._drawn, strict=True)):
            if was != line:
                self.refresh_line(y)

    def _lines(self, height: int) -> list[QueueLine]:
        """Return the lines; first the blank ones go, then the headings, so that all queues are in sight."""
        groups = [list(self._group(group)) for group in Group]
        blocks = [list(self._views), *groups] if self._views else groups
        full = sum(len(block) for block in blocks)
        if full + len(blocks) - 1 <= height:
            return [line for block in blocks for line in (*block, QueueLine())][:-1]
        tight = full > height and any(self._views)
        return [line for block in blocks for line in block if not (tight and line.heading)]

    def _group(self, group: Group) -> Iterator[QueueLine]:
        counts = self._counts or {}
        statuses = in_group(group)
        tone = GROUP_TONES[group]
        if len(statuses) > 1:
            known = [counts[status] for status in statuses if status in counts]
            total = Count(sum(count.total for count in known)) if known else None
            yield QueueLine(label=group.value, count=total, tone=tone)
        for status in statuses:
            row = status.row
            yield QueueLine(status.value, row.label, row.short, counts.get(status), tone)

    def _refresh_keys(self, keys: set[str]) -> None:
        for y, line in enumerate(self._drawn):
            if line.key in keys and line.key:
                self.refresh_line(y)

    def _reveal(self) -> None:
        height = self.content_size.height
        at = next((y for y, line in enumerate(self._drawn) if line.key == self._selected), 0)
        top = self.scroll_offset.y
        if height and not top <= at < top + height:
            wanted = at - height + 1 if at >= top + height else max(0, at - 1)
            self.scroll_to(y=wanted, animate=False, immediate=True)
