"""What is known of a case: its facts, its clock in sentences, and what can be done now."""

from collections.abc import Iterator
from datetime import datetime

from textual.strip import Strip

from casetui.domain.clocks import Clock, brief, countdown, stamp
from casetui.domain.policy import Policy
from casetui.domain.records import Case
from casetui.domain.safe import clean
from casetui.domain.timer import acts
from casetui.domain.workflow import Party, Rule, Status, has_clock
from casetui.tui.drawing import GROUP_TONES, PRIORITY_TONES, fit, number, width, wrap
from casetui.tui.widgets.lines import Lines, Part

NAMES = 13
_WHO = {
    Party.US: "us", Party.CUSTOMER: "the customer", Party.DEVELOPMENT: "development",
    Party.CONTENT: "content operations", Party.THIRD_PARTY: "a third party", Party.NOBODY: "nobody",
}  # fmt: skip


def waits_on(case: Case) -> str:
    """Say whose move it is, with the name where there is one."""
    who = _WHO[case.whose_move]
    named = {Party.US: case.owner, Party.CUSTOMER: case.contact, Party.THIRD_PARTY: case.provider}
    name = named.get(case.whose_move)
    return f"{who} ({clean(name)})" if name else who


def clock_sentences(case: Case, now: datetime, zone: str) -> list[Part]:
    """Say what the timer will do with a case, when, and what stops it."""
    sentences = [_act(act.rule, act.due_at, now, zone) for act in acts(case, now)]
    if case.reminded_at is not None:
        sentences.insert(0, (f"Reminded {stamp(case.reminded_at, zone, now=now)}.", "dim"))
    if case.held(now):
        until = f"until {stamp(case.held_until, zone, now=now)}" if case.held_until else "until released"
        sentences.append((f"Held {until}: {clean(case.hold_reason or '')}", "customer"))
    if case.unread and case.close_at is not None:
        sentences.append(("Not closed while the customer's comment is unread.", "us"))
    if case.cannot_be_reminded:
        sentences.append(("No e-mail address: cannot be reminded.", "warn"))
    return sentences or [(f"None while {case.status.label}.", "dim")]


def consequence(target: Status, policy: Policy) -> str:
    """Say what a move to a status starts: whose move it is then, and its clock."""
    if target is Status.CLOSED:
        return "final"
    if not has_clock(target):
        return {Party.US: "we work", Party.THIRD_PARTY: "third party"}.get(
            target.row.whose_move, target.row.whose_move.value
        )
    periods = ((rule, policy.period(target, rule)) for rule in Rule)
    words = {Rule.REMINDER: "remind", Rule.CLOSURE: "close"}
    return ", ".join(f"{words[rule]} {period.short}" for rule, period in periods if period is not None)


class Facts(Lines, can_focus=True):
    """The side panel of a case."""

    DEFAULT_CSS = """
    Facts { padding: 0 0 0 1; }
    """

    def __init__(self, clock: Clock, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.clock = clock
        self.with_moves = True
        self._case: Case | None = None
        self._policy = Policy()
        self._drawn: list[list[Part]] = []

    def show(self, case: Case | None, policy: Policy) -> None:
        """Show a case as it stands now; None leaves the panel empty."""
        if case is None or self._case is None or case.number != self._case.number:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._case, self._policy = case, policy
        self.tick()

    def tick(self) -> None:
        """Draw again what reads differently now."""
        drawn = list(self._lines()) if self._case and self.cells else []
        if drawn != self._drawn:
            self._drawn = drawn
            self.extent(len(drawn))
            self.refresh()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self.tick()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        at = y + self.scroll_offset.y
        return self.line(self._drawn[at] if at < len(self._drawn) else [])

    def _lines(self) -> Iterator[list[Part]]:
        case = self._case
        if case is None:
            return
        now, cells = self.clock.now(), self.cells
        for name, value, tone in self._facts(case, now):
            yield from _named(name, value, tone, cells)
        for at, (sentence, tone) in enumerate(clock_sentences(case, now, self._policy.zone)):
            yield from _named("" if at else "Clock", sentence, tone, cells)
        if self.with_moves and case.status.row.moves:
            yield []
            yield [(fit("WHAT YOU CAN DO NOW", cells), "heading")]
            yield from (self._move(target, cells) for target in case.status.row.moves)
        elif self.with_moves:
            yield []
            yield from _wrapped("Closed is final: a clone goes on.", "dim", cells)

    def _facts(self, case: Case, now: datetime) -> Iterator[tuple[str, str | None, str]]:
        zone, row = self._policy.zone, case.status.row
        yield "Status", f"{row.label}, {brief(now - case.status_since)}", GROUP_TONES[row.group]
        yield "Waits on", waits_on(case), "plain"
        yield "Priority", f"{case.priority.short} {case.priority.label}", PRIORITY_TONES[case.priority]
        yield "Owner", case.owner or "nobody", "plain" if case.owner else "dim"
        yield "Unread", "the customer's last comment" if case.unread else None, "us"
        for name in ("account", "contact", "email", "product", "installation"):
            yield name.capitalize(), getattr(case, name), "plain"
        for name in ("reason", "release", "provider"):
            yield name.capitalize(), getattr(case, name), "plain"
        opened = f"{stamp(case.opened_at, zone, now=now)}, {brief(now - case.opened_at)}"
        yield "Opened", opened, "plain"
        yield "Changed", stamp(case.updated_at, zone, now=now), "plain"
        yield "Closed", stamp(case.closed_at, zone, now=now) if case.closed_at else None, "plain"
        yield "Clone of", number(case.cloned_from) if case.cloned_from else None, "plain"
        yield "Clones", ", ".join(map(number, case.clones)), "plain"
        yield "Number was", case.external_id, "dim"

    def _move(self, target: Status, cells: int) -> list[Part]:
        after = consequence(target, self._policy)
        room = cells - 1 - len(after)
        row = target.row
        label = row.label if len(row.label) <= room - 1 else row.short
        return [(fit(label, room), GROUP_TONES[row.group]), (f" {after}", "dim")]


class CaseHeader(Lines):
    """A case in one to three lines, for screens without room for the panel."""

    DEFAULT_CSS = """
    CaseHeader { height: 3; overflow-y: hidden; padding: 0 1; }
    """

    def __init__(self, clock: Clock, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.clock = clock
        self.with_subject = True
        self._case: Case | None = None
        self._policy = Policy()

    def show(self, case: Case | None, policy: Policy) -> None:
        """Show a case as it stands now; None leaves the lines empty."""
        self._case, self._policy = case, policy
        self.refresh()

    def tick(self) -> None:
        """Draw the times again."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the subject, where the case stands, or its clock."""
        case, now = self._case, self.clock.now()
        y += not self.with_subject
        if case is None or y > 2:  # noqa: PLR2004 - three lines
            return self.line([])
        cells = self.cells
        if y == 0:
            name = number(case)
            return self.line([(f"{name}  ", "dim"), (fit(case.subject, cells - len(name) - 2), "bold")])
        return self.line(_cut(self._standing(case, now) if y == 1 else self._clock(case, now), cells))

    def _standing(self, case: Case, now: datetime) -> list[Part]:
        row = case.status.row
        return [
            (f"{case.priority.short}  ", PRIORITY_TONES[case.priority]),
            (f"{row.label} {brief(now - case.status_since)}", GROUP_TONES[row.group]),
            (f"   waits on {waits_on(case)}", "plain"),
            (f"   owner {clean(case.owner)}" if case.owner else "   no owner", "dim"),
            (f"   {clean(case.account)}" if case.account else "", "dim"),
        ]

    def _clock(self, case: Case, now: datetime) -> list[Part]:
        zone = self._policy.zone
        sentences = clock_sentences(case, now, zone)
        opened = f"Opened {stamp(case.opened_at, zone, now=now)}."
        return [("Clock: ", "dim"), *((f"{text} ", tone) for text, tone in sentences), (opened, "dim")]


def _act(rule: Rule, due_at: datetime, now: datetime, zone: str) -> Part:
    when = f"{stamp(due_at, zone, now=now)} ({countdown(due_at, now)})"
    if due_at <= now:
        words = "Reminder was due" if rule is Rule.REMINDER else "Closure was due"
        return f"{words} {when}.", "alarm"
    return f"{'Reminder' if rule is Rule.REMINDER else 'Closes'} {when}.", "plain"


def _named(name: str, value: str | None, tone: str, cells: int) -> Iterator[list[Part]]:
    if value:
        for at, line in enumerate(wrap(clean(value), max(8, cells - NAMES))):
            yield [(fit("" if at else name, NAMES), "dim"), (line, tone)]


def _wrapped(text: str, tone: str, cells: int) -> Iterator[list[Part]]:
    yield from ([(line, tone)] for line in wrap(text, max(8, cells)))


def _cut(parts: list[Part], cells: int) -> list[Part]:
    """Return a line whose last part ends with an ellipsis where it does not fit."""
    shown: list[Part] = []
    for text, tone in parts:
        if width(text) > cells:
            return [*shown, (fit(text, cells), tone)]
        shown.append((text, tone))
        cells -= width(text)
    return shown
