"""What the timer will do, as a list: under its heading each act with its time, and what holds it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from casetui.domain.clocks import Clock, countdown, stamp
from casetui.domain.records import Case, DueAct
from casetui.domain.workflow import Rule
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.drawing import GROUP_TONES, fit, glyphs
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.marks import Marks

_NARROW, _WIDE, _WIDER = 70, 100, 150
_STOPS = {None: "", "hold": "held", "unread": "unread"}


class Span(Struct, frozen=True):
    """Acts that fall due before an instant, under one heading."""

    heading: str
    until: datetime | None
    total: int
    """How many there are, listed or not."""


class DueList(Marks, can_focus=True):
    """The acts of the timer in the order in which they fall due; the cursor stays with its act."""

    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.LIST)

    class Moved(Message):
        """The cursor rests on another act, or on none."""

        def can_replace(self, message: Message) -> bool:
            """Say that only the last of many steps counts."""
            return isinstance(message, DueList.Moved)

    class Opened(Message):
        """The agent wants to see the case of the act under the cursor."""

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.clock = clock
        self.zone = "UTC"
        self.empty = ""
        self._rows: list[DueAct | str] = []
        self._cursor = 0
        self._stopped = False

    @property
    def act(self) -> DueAct | None:
        """The act under the cursor."""
        row = self._rows[self._cursor] if self._cursor < len(self._rows) else None
        return row if isinstance(row, DueAct) else None

    @property
    def case(self) -> Case | None:
        """The case of the act under the cursor; marked, it is so in all its lines."""
        return self.act.case if self.act else None

    def show(self, acts: Sequence[DueAct], spans: Sequence[Span]) -> None:
        """Show these acts, in their order, under the headings of the spans."""
        here, at = self.act, self._cursor
        self._rows = _under_headings(acts, spans)
        self._stopped = any(act.held for act in acts)
        self.read_anew(act.case for act in acts)
        self._cursor = self._find(here, at)
        self.extent(len(self._rows) + 1)
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def tick(self) -> None:
        """Draw the countdowns again."""
        self.refresh()

    def action_step(self, step: int) -> None:
        """Go so many acts down."""
        self._go(self._cursor + step, 1 if step > 0 else -1)

    def action_edge(self, edge: int) -> None:
        """Go to the first act or to the last."""
        self._go(len(self._rows) - 1 if edge else 0, -1 if edge else 1)

    def action_page(self, pages: int) -> None:
        """Go so many screens down."""
        last = len(self._rows) - 1
        self._go(min(max(self._cursor + pages * max(1, self._height - 1), 0), last), 1 if pages > 0 else -1)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on an act; a double click opens its case."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y > 0:
            self._go(self.scroll_offset.y + offset.y - 1, 1)
            if event.chain > 1 and self.act is not None:
                self.post_message(self.Opened())

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()

    def render_line(self, y: int) -> Strip:
        """Draw the head, a heading or an act."""
        if y == 0:
            names = [(name, size, right) for name, size, right in self._columns()]
            return self.line([(" ", "plain"), *self._laid([(name, "heading") for name, _, _ in names])])
        at = y - 1 + self.scroll_offset.y
        if at >= len(self._rows):
            return self.line([(f"  {self.empty}" if not self._rows and y == 2 else "", "dim")])  # noqa: PLR2004 - below the head
        row = self._rows[at]
        if isinstance(row, str):
            rule = glyphs.dash * max(0, self.cells - len(row) - 2)
            return self.line([(f" {row} ", "heading"), (rule, "dim")])
        chosen = at == self._cursor
        ground = ("cursor" if self.has_focus else "resting") if chosen else ""
        lead = self.lead(row.case, chosen=chosen)
        return self.line([(lead, "us"), *self._laid(self._parts(row))], ground)

    @property
    def _height(self) -> int:
        return max(0, self.content_size.height - 1)

    def _columns(self) -> list[tuple[str, int, bool]]:
        """Return heading, width and side of each column; the subject takes what is left."""
        wide, wider = self.cells >= _WIDE, self.cells >= _WIDER
        columns = [("In", 6, True), ("At", 12, False), ("What", 6, False), ("Held", 6, False), ("Case", 7, True),
                   ("Status", 30 if wider else 19, False), ("Day", 8, True), ("Account", 20, False),
                   ("Subject", 0, False), ("Owner", 8, False)]  # fmt: skip
        spared = set() if wider else {"Account"} if wide else {"At", "Account", "Day"}
        spared |= {"Owner"} if self.cells < _NARROW else set()
        spared |= set() if wide and self._stopped else {"Held"}
        shown = [column for column in columns if column[0] not in spared]
        rest = self.cells - 2 - sum(size + 1 for _, size, _ in shown)
        return [(name, size or max(6, rest), right) for name, size, right in shown]

    def _laid(self, parts: list[Part]) -> list[Part]:
        laid: list[Part] = []
        for (text, tone), (_, size, right) in zip(parts, self._columns(), strict=True):
            laid += [(" ", "plain"), (fit(text, size, right=right), tone)]
        return laid

    def _parts(self, act: DueAct) -> list[Part]:
        case, now = act.case, self.clock.now()
        late = act.due_at <= now
        closure = act.rule is Rule.CLOSURE
        group = case.status.row.group
        tone = "customer" if act.held else "alarm" if late else "plain"
        what = "CLOSE" if closure else "remind"
        cells = {
            "In": (countdown(act.due_at, now), tone),
            "At": (stamp(act.due_at, self.zone, now=now), "dim"),
            "What": (what, "bold" if closure else "plain"),
            "Held": (_STOPS[act.held], "customer"),
            "Case": (str(case.number), "dim"),
            "Status": (case.status.label if self.cells >= _WIDER else case.status.row.short, GROUP_TONES[group]),
            "Day": (_day(act, now), "dim"),
            "Account": (case.account or "-", "dim"),
            "Subject": (case.subject, "plain"),
            "Owner": (case.owner or "-", "dim"),
        }
        if self.cells < _WIDE and act.held:
            cells["What"] = (_STOPS[act.held], "customer")
        return [cells[name] for name, _, _ in self._columns()]

    def _find(self, act: DueAct | None, at: int) -> int:
        """Return the row of an act, or else of the act nearest to where it was."""
        acts = [(row, each) for row, each in enumerate(self._rows) if isinstance(each, DueAct)]
        if act is not None:
            for row, each in acts:
                if (each.case.number, each.rule) == (act.case.number, act.rule):
                    return row
        return min((row for row, _ in acts), key=lambda row: (abs(row - at), row), default=0)

    def _go(self, at: int, way: int) -> None:
        while 0 <= at < len(self._rows) and isinstance(self._rows[at], str):
            at += way
        if not 0 <= at < len(self._rows) or at == self._cursor:
            return
        old, self._cursor = self._cursor, at
        self.refresh_line(old + 1)
        self.refresh_line(at + 1)
        self._reveal()
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        height, top = self._height, self.scroll_offset.y
        if height and not top <= self._cursor < top + height:
            wanted = self._cursor - height + 1 if self._cursor >= top + height else self._cursor - 1
            self.scroll_to(y=max(0, wanted), animate=False, immediate=True)
        elif self._cursor <= 1:
            self.scroll_to(y=0, animate=False, immediate=True)


def _under_headings(acts: Sequence[DueAct], spans: Sequence[Span]) -> list[DueAct | str]:
    rows: list[DueAct | str] = []
    left = list(acts)
    for span in spans:
        some = [act for act in left if span.until is None or act.due_at <= span.until]
        if some:
            of_all = "" if len(some) >= span.total else f" of {span.total:,}"
            rows += [f"{span.heading} {len(some):,}{of_all}", *some]
            left = left[len(some) :]
    return rows


def _day(act: DueAct, now: datetime) -> str:
    """Return which day of the stay it is, and how many it has."""
    case = act.case
    end = case.close_at or act.due_at
    return f"{max(0, (now - case.status_since).days)}/{(end - case.status_since).days}"
