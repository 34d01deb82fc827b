"""What a search has found: two lines a case, its facts and the words that were said, those looked for set off."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from casetui.desk.finder import Hit
from casetui.domain.clocks import Clock, stamp
from casetui.domain.quote import quote, spans
from casetui.domain.records import Case
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import KIND_TONES, KIND_WORDS, fit, width, wrap
from casetui.tui.widgets.caserow import cells, columns
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.marks import Marks

LINES = 2
_INDENT = 4


class HitList(Marks, can_focus=True):
    """Cases with a cursor, which stays with its case when they are read again."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.LIST)

    class Moved(Message):
        """The cursor rests on another case, or on none."""

        def can_replace(self, message: Message) -> bool:
            """Say that only the last of many steps counts."""
            return isinstance(message, HitList.Moved)

    class Opened(Message):
        """The agent wants to see the case under the cursor."""

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.clock = clock
        self.zone = "UTC"
        self.empty = ""
        self._hits: Sequence[Hit] = ()
        self._words: tuple[str, ...] = ()
        self._cursor = 0

    @property
    def case(self) -> Case | None:
        """The case under the cursor."""
        return self._hits[self._cursor].case if self._cursor < len(self._hits) else None

    @property
    def is_at_end(self) -> bool:
        """Say whether the cursor is on the last case."""
        return self._cursor >= len(self._hits) - 1

    def show(self, hits: Sequence[Hit], words: tuple[str, ...], *, follow: bool) -> None:
        """Show these cases with these words set off; the cursor follows its case, or goes to the first one."""
        here = self.case.number if self.case and follow else None
        self._hits, self._words = hits, words
        self.read_anew(hit.case for hit in hits)
        found = (at for at, hit in enumerate(hits) if hit.case.number == here)
        self._cursor = next(found, min(self._cursor, max(0, len(hits) - 1)) if follow else 0)
        self.extent(len(hits) * LINES)
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def action_step(self, step: int) -> None:
        """Go so many cases down."""
        self._go(self._cursor + step)

    def action_edge(self, edge: int) -> None:
        """Go to the first case or to the last."""
        self._go(len(self._hits) - 1 if edge else 0)

    def action_page(self, pages: int) -> None:
        """Go so many screens down."""
        self._go(self._cursor + pages * max(1, self._height // LINES - 1))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a case; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self._go((self.scroll_offset.y + offset.y) // LINES)
            if event.chain > 1 and self.case is not None:
                self.post_message(self.Opened())

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()

    def render_line(self, y: int) -> Strip:
        """Draw the facts of a case, or what was said in it."""
        at, second = divmod(y + self.scroll_offset.y, LINES)
        if not self._hits:
            lines = [part for line in self.empty.splitlines() for part in wrap(line, max(10, self.cells - 4))]
            return self.line([(f"  {lines[y - 1]}" if 0 < y <= len(lines) else "", "dim")])
        if at >= len(self._hits):
            return self.line([])
        hit, chosen = self._hits[at], at == self._cursor
        if second:
            return self.line(self._said(hit), "resting" if chosen else "")
        digits = max(len(str(each.case.number)) for each in self._hits)
        shown = columns(self.cells, digits=max(5, digits), clock=False, status=True)
        ground = ("cursor" if self.has_focus else "resting") if chosen else ""
        lead = self.lead(hit.case, chosen=chosen)
        return self.line([(lead, "us"), *self._marked(cells(hit.case, shown, self.clock.now()))], ground)

    def _said(self, hit: Hit) -> list[Part]:
        """Return who said it, when, and the words around those that were looked for."""
        if hit.entry is None:
            return []
        entry = hit.entry
        when = stamp(entry.at, self.zone, now=self.clock.now())
        kind = KIND_WORDS[entry.kind] if entry.kind else "OPENED"
        who = entry.author or entry.by
        lead: list[Part] = [
            (f"{' ' * _INDENT}{when}  ", "dim"),
            (f"{kind}  ", KIND_TONES[entry.kind] if entry.kind else "us"),
            (f"{fit(who, min(18, max(6, self.cells // 8))).rstrip()}: ", "dim"),
        ]
        room = self.cells - sum(width(text) for text, _ in lead)
        words = fit(quote(entry.body or hit.case.subject, self._words, max(10, room)), room)
        return [*lead, *self._marked([(words, "plain")])]

    def _marked(self, parts: Iterator[Part] | list[Part]) -> Iterator[Part]:
        """Set the words that were looked for off from the rest."""
        for text, tone in parts:
            done = 0
            for start, end in spans(text, self._words):
                yield text[done:start], tone
                yield text[start:end], "found"
                done = end
            yield text[done:], tone

    @property
    def _height(self) -> int:
        return max(0, self.content_size.height)

    def _go(self, at: int) -> None:
        at = min(max(at, 0), len(self._hits) - 1)
        if at < 0 or at == self._cursor:
            return
        old, self._cursor = self._cursor, at
        for line in (*range(old * LINES, old * LINES + LINES), *range(at * LINES, at * LINES + LINES)):
            self.refresh_line(line)
        self._reveal()
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        height, top, at = self._height, self.scroll_offset.y, self._cursor * LINES
        if height and not top <= at <= top + height - LINES:
            self.scroll_to(y=max(0, at + LINES - height if at > top else at), animate=False, immediate=True)
