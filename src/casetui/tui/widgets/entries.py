"""Entries of a history as lines: when, what in words, who, and the text wrapped beside its mark."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from casetui.domain.clocks import full_stamp, in_words, stamp, zone_of
from casetui.domain.history import given, read_back
from casetui.domain.records import CUSTOMER, TIMER, Case, Entry, What
from casetui.domain.safe import clean, clean_lines
from casetui.domain.workflow import CommentKind
from casetui.tui.drawing import KIND_FRAMES, KIND_TONES, KIND_WORDS, fit, glyphs, wrap
from casetui.tui.widgets.lines import Part, split

FILTERS = ("all", "comments", "status", "clock")
WORD = 10
WIDEST = 80
"""Cells of text on a line at most: longer lines are hard to read (UX 4.2); wide screens take 100."""
_WORDS = {
    What.OPENED: ("OPENED", "us"), What.MOVED: ("STATUS", "work"), What.ASSIGNED: ("OWNER", "dim"),
    What.EDITED: ("EDITED", "dim"), What.CLONED: ("CLONED", "dim"), What.EXTENDED: ("CLOCK", "customer"),
    What.HELD: ("CLOCK", "customer"), What.RELEASED: ("CLOCK", "customer"),
    What.REMINDED: ("CLOCK", "customer"), What.RESCHEDULED: ("CLOCK", "customer"),
    What.UNREACHABLE: ("MAIL", "alarm"), What.READ: ("READ", "dim"), What.UNDONE: ("UNDONE", "warn"),
    What.REDONE: ("REDONE", "warn"),
}  # fmt: skip
_CLOCK = frozenset({What.EXTENDED, What.HELD, What.RELEASED, What.REMINDED, What.RESCHEDULED})


def passes(entry: Entry, kind: str) -> bool:
    """Say whether a filter shows an entry."""
    if kind == "comments":
        return entry.what is What.COMMENTED
    if kind == "status":
        return entry.target is not None
    if kind == "clock":
        return entry.what in _CLOCK or (entry.target is not None and entry.by.startswith(TIMER))
    return True


class Teller:
    """Tells entries one after the other, for one width and one instant."""

    def __init__(
        self, cells: int, zone: str, now: datetime, since: datetime | None, *, compact: bool = False
    ) -> None:
        self._cells, self._zone, self._now, self._since = cells, zone, now, since
        self._tzinfo = zone_of(zone)
        self._today = now.astimezone(self._tzinfo).date()
        self._compact = compact
        self._date = 13 if cells >= WIDEST else 7
        self._indent = self._date + WORD
        most = WIDEST if cells < 2 * WIDEST else WIDEST + 20
        self._text = max(16, min(most, cells - self._indent - 3))
        self._wide = min(cells - 1, self._indent + 2 + most)

    def tell(self, entry: Entry) -> Iterator[list[Part]]:
        """Return the lines of an entry; after one that is not compact comes a blank one."""
        yield from self._comment(entry) if entry.kind and entry.body else self._act(entry)
        if not self._compact:
            yield []

    def close(self, case: Case) -> Iterator[list[Part]]:
        """Return the last line of a history."""
        line = glyphs.dash * 2
        yield [(f"{line} end: case opened {full_stamp(case.opened_at, self._zone)} {line}", "dim")]

    def _comment(self, entry: Entry) -> Iterator[list[Part]]:
        kind = entry.kind or CommentKind.INTERNAL
        tone = KIND_TONES[kind]
        who = entry.author or entry.by
        recorded = f"  {clean(entry.note)}" if entry.note else ""
        author: list[Part] = [(clean(who), "bold"), (f"{self._ago(entry.at)}{recorded}", "dim")]
        yield self._head(entry, KIND_WORDS[kind], tone, author)
        mark = (" " * self._indent + KIND_FRAMES[kind] + " ", tone)
        for line in clean_lines(entry.body or ""):
            for part in wrap(line, self._text):
                yield [mark, (part, "plain")]

    def _act(self, entry: Entry) -> Iterator[list[Part]]:
        word, tone = _WORDS.get(entry.what, ("ENTRY", "dim"))
        says, *more = self._sentences(entry)
        room = self._text if self._compact else self._text - 4
        lines = [part for text in (says,) for part in wrap(text, room)]
        quiet = entry.what in (What.READ, What.ASSIGNED, What.EDITED)
        body = "dim" if quiet else "plain"
        yield self._head(entry, word, tone, [(lines[0], body)])
        indent = (" " * self._indent, "plain")
        yield from ([indent, (part, body)] for part in lines[1:])
        yield from ([indent, (part, "dim")] for text in more for part in wrap(text, room))

    def _head(self, entry: Entry, word: str, tone: str, says: list[Part]) -> list[Part]:
        left = [(fit(self._when(entry.at), self._date), "dim"), (fit(word, WORD), tone), *says]
        if self._since is None or entry.at <= self._since or entry.what is What.READ:
            return left  # that somebody has read is no news, least of all that one has oneself
        return split(left, [(" NEW", "us")], self._wide)

    def _sentences(self, entry: Entry) -> list[str]:
        """Return what an entry says, and beneath it why and what it started."""
        note = clean(entry.note or "")
        by = self._by(entry)
        if entry.what is What.OPENED:
            return [f"Case opened {by}", *([note] if note else [])]
        if entry.what is What.MOVED and entry.target is not None:
            start = f"{entry.start.label} {glyphs.arrow} " if entry.start else ""
            why = "; ".join(filter(None, (f"{by}: {note}" if note else by, self._clocks(entry))))
            return [f"{start}{entry.target.label}", why]
        planned = f" to {stamp(entry.planned_at, self._zone, now=self._now)}" if entry.planned_at else ""
        says = {
            What.ASSIGNED: f"{_arrows(note)}  {by}", What.EDITED: f"{_arrows(note)}  {by}",
            What.CLONED: f"{note}  {by}", What.EXTENDED: f"Closure moved{planned} {by}",
            What.HELD: f"Held{planned.replace(' to ', ' until ')} {by}", What.RELEASED: f"Hold ended {by}",
            What.REMINDED: "Reminder", What.RESCHEDULED: f"Deadlines moved {by}",
            What.UNREACHABLE: "Not reachable by mail", What.READ: f"Read {by}", What.UNDONE: f"Undone {by}",
            What.REDONE: f"Done again {by}",
        }.get(entry.what, f"{entry.what.value} {by}")  # fmt: skip
        told = entry.what in (What.ASSIGNED, What.EDITED, What.CLONED)
        return [says, *([note] if note and not told else []), *self._planned(entry)]

    def _planned(self, entry: Entry) -> list[str]:
        if entry.what is not What.REMINDED or entry.planned_at is None:
            return []
        planned = stamp(entry.planned_at, self._zone, now=self._now)
        late = entry.at - entry.planned_at
        return [f"planned for {planned}" + (f", {in_words(late)} late" if late > timedelta(hours=1) else "")]

    def _clocks(self, entry: Entry) -> str:
        changes = read_back(entry.changes)
        named = (("reminder", changes.get("remind_at")), ("closes", changes.get("close_at")))
        at = [f"{name} {stamp(value, self._zone, now=self._now)}" for name, value in named
              if isinstance(value, datetime)]  # fmt: skip
        return ", ".join([*map(clean, given(entry).values()), *at])

    def _by(self, entry: Entry) -> str:
        if entry.by == CUSTOMER:
            return "by rule" if entry.note else "by the customer"
        timer, _, rule = entry.by.partition(":")
        if timer == TIMER:
            return f"by the timer ({clean(rule)})" if rule else "by the timer"
        return f"by {clean(entry.by)}"

    def _when(self, at: datetime) -> str:
        local = at.astimezone(self._tzinfo)
        if self._date > WORD:
            return local.strftime("%d %b %H:%M" if local.year == self._today.year else "%d %b %Y")
        if local.date() == self._today:
            return local.strftime("%H:%M")
        return local.strftime("%d %b" if local.year == self._today.year else "%b'%y")  # "Dec 25" would be a day

    def _ago(self, at: datetime) -> str:
        if timedelta() <= self._now - at < timedelta(days=1):
            return f", {in_words(self._now - at)} ago"
        return "" if self._date > WORD else at.astimezone(self._tzinfo).strftime("  %H:%M")


def _arrows(note: str) -> str:
    return note.replace(" -> ", f" {glyphs.arrow} ")
