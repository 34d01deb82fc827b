"""How a made-up case is written down: the same rows that the desk's verbs and its timer would write."""

from datetime import UTC, datetime
from json import JSONEncoder
from typing import Any

from msgspec import Struct

from casetui.desk.demo.cast import Cast, Matter
from casetui.desk.demo.plans import Plan
from casetui.desk.demo.rhythm import MINUTE, Calendar
from casetui.desk.demo.sheets import Row, Sheet
from casetui.domain import letters
from casetui.domain.records import CUSTOMER, TIMER, Case, Priority, What
from casetui.domain.workflow import CommentKind, Rule, Status

encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
READ = '{"unread":false}'
_UNREAD = '{"unread":true}'
_PUBLIC, _INTERNAL, _CUSTOMER = CommentKind.PUBLIC.value, CommentKind.INTERNAL.value, CommentKind.CUSTOMER.value
_MOVED, _COMMENTED = What.MOVED.value, What.COMMENTED.value
_NO_ADDRESS = "no letter: the case has no e-mail address"


class Story(Struct, frozen=True):
    """What all lives of a demo share; by ``last_run`` the timer had done all that was due, and nothing since."""

    cast: Cast
    calendar: Calendar
    sheet: Sheet
    last_run: int
    now: int


class Pen:
    """A case as it stands while it is lived, and its history so far."""

    def __init__(self, story: Story, plan: Plan, matter: Matter) -> None:
        self.story = story
        self.plan = plan
        self.matter = matter
        self.entries: list[Row] = []
        self.version = self.stay = 1
        self.status = Status.NEW
        self.since = self.updated = plan.opened
        self.unread = False
        self.priority = matter.priority
        self.remind_at: int | None = None
        self.close_at: int | None = None
        self.reminded_at: int | None = None
        self.held_until: int | None = None
        self.hold_reason: str | None = None
        self.owner: str | None = None
        self.reason: str | None = None
        self.release: str | None = None
        self.provider: str | None = None
        self.cloned_from: int | None = None

    def row(self) -> Row:
        """Return the case as its table keeps it."""
        matter = self.matter
        return (
            self.plan.number, self.version, None, matter.subject, self.status.value, self.stay, self.since,
            self.remind_at, self.close_at, self.reminded_at, self.held_until, self.hold_reason,
            -1 if self.unread else 0, self.owner, matter.account.name, matter.person.name, matter.email,
            matter.product, self.priority, matter.account.installation, self.reason, self.release, self.provider,
            self.cloned_from, self.plan.opened, self.updated,
            self.since if self.status is Status.CLOSED else None,
        )  # fmt: skip

    def enter(
        self, at: int, what: str, by: str, *, start: Status | None = None, to: Status | None = None,
        planned: int | None = None, note: str | None = None, kind: str | None = None, author: str | None = None,
        body: str | None = None, changes: str | None = None, rule: str | None = None,
    ) -> None:  # fmt: skip
        """Add an entry to the history."""
        self.entries.append((
            self.plan.number, at, what, by, self.stay, start and start.value, to and to.value, planned, note, kind,
            author, body, changes, rule,
        ))  # fmt: skip

    def touch(self, at: int) -> None:
        """Note that the case has changed."""
        self.version += 1
        self.updated = at

    def set_fact(
        self, at: int, what: What, by: str, changes: dict[str, Any], note: str, planned: int | None = None
    ) -> None:
        """Change a fact or a clock of the case."""
        self.enter(at, what.value, by, note=note, planned=planned, changes=encode(changes))
        self.touch(at)

    def say(self, at: int, by: str, body: str, *, public: bool = False) -> None:
        """Add a comment of ours that moves nothing."""
        changes = READ if self.unread else None
        self.unread = False
        kind = _PUBLIC if public else _INTERNAL
        self.enter(at, _COMMENTED, by, kind=kind, author=by, body=body, changes=changes)
        self.touch(at)

    def write(self, at: int, by: str, body: str, target: Status, facts: dict[str, Any] | None = None) -> None:
        """Move the case with a public comment."""
        self.enter(at, _COMMENTED, by, kind=_PUBLIC, author=by, body=body)
        self.move(at, target, by, facts)

    def begin(self, at: int, by: str, facts: dict[str, Any], opening: str | None, note: str | None = None) -> None:
        """Open the case, with the customer's first words where there are any."""
        self.enter(at, What.OPENED.value, by, to=Status.NEW, note=note, changes=encode(facts))
        if opening is not None:
            self._customer_says(at, opening)

    def hear(self, at: int, body: str, note: str | None = None) -> None:
        """Let the customer comment, and the case move as the status table says."""
        self._customer_says(at, body, _UNREAD, note)
        self.unread = True
        target = self.status.row.on_customer_comment
        if target is not None:
            start = self.status
            self._stay(target, at)
            note = "the customer commented"
            self.enter(at, _MOVED, CUSTOMER, start=start, to=target, note=note, changes=_UNREAD)
        self.touch(at)

    def choose(self, at: int, target: Status, body: str) -> None:
        """Let the customer move the case, with words of theirs."""
        self._customer_says(at, body, _UNREAD)
        self.unread = True
        self.move(at, target, CUSTOMER, {"unread": True})

    def move(self, at: int, target: Status, by: str, facts: dict[str, Any] | None = None) -> None:
        """Begin a new stay by somebody's choice."""
        start = self.status
        read = by != CUSTOMER and self.unread
        set_now = ({"unread": False} if read else {}) | (facts or {})
        self.unread = self.unread and not read
        self._stay(target, at)
        changes = encode(set_now) if set_now else None
        if self.close_at is not None:
            changes = f"{changes[:-1]}," if changes else "{"
            changes += self._deadlines()
        self.enter(at, _MOVED, by, start=start, to=target, changes=changes)
        self.touch(at)

    def lapse(self, at: int) -> None:
        """Let the timer close the case."""
        letter = self._post(Rule.CLOSURE, at, self.stay + 1)
        note, planned, start = (None if letter else _NO_ADDRESS), self.close_at, self.status
        self._stay(Status.CLOSED, at)
        rule, closed = Rule.CLOSURE.value, Status.CLOSED
        self.enter(at, _MOVED, f"{TIMER}:{rule}", start=start, to=closed, planned=planned, note=note, rule=rule)
        self.touch(at)

    def tick(self, at: int) -> None:
        """Let the timer remind, if that was due by then and while the timer was alive."""
        if self.remind_at is None or self.reminded_at is not None:
            return
        alive = min(at, self.story.last_run)
        stopped = self.hold_reason is not None and (self.held_until is None or self.held_until > alive)
        if stopped or self.remind_at > alive:
            return
        at = min(self.remind_at + int(self.story.cast.rng.random() * MINUTE), alive)
        rule, note = Rule.REMINDER.value, None if self._post(Rule.REMINDER, at, self.stay) else _NO_ADDRESS
        self.reminded_at = at
        self.enter(at, What.REMINDED.value, f"{TIMER}:{rule}", planned=self.remind_at, note=note, rule=rule)
        self.touch(at)

    def _customer_says(self, at: int, body: str, changes: str | None = None, note: str | None = None) -> None:
        self.enter(
            at, _COMMENTED, CUSTOMER, note=note, kind=_CUSTOMER, author=self.matter.person.name, body=body,
            changes=changes,
        )  # fmt: skip

    def _stay(self, target: Status, at: int) -> None:
        row, after = target.row, self.story.calendar.after
        self.status, self.since = target, at
        self.stay += 1
        self.remind_at = None if row.reminder is None else after(row.reminder, at)
        self.close_at = None if row.closure is None else after(row.closure, at)
        self.reminded_at = self.held_until = self.hold_reason = None

    def _deadlines(self) -> str:
        """Return the end of a JSON object, with the deadlines of the stay; by hand, for speed."""
        stamp = self.story.calendar.stamp
        closes = f'"close_at":"{stamp(self.close_at or 0)}"}}'
        return closes if self.remind_at is None else f'"remind_at":"{stamp(self.remind_at)}",{closes}'

    def _post(self, rule: Rule, at: int, stay: int) -> bool:
        """Write the letter of a rule, and say whether there is an address for it; ``stay`` is its entry's."""
        if self.matter.email is None:
            return False
        letter = letters.compose(self._record(), rule, zone="UTC", desk=self.story.sheet.desk)
        self.story.sheet.post(letter, rule, at, self.plan.number, stay)
        return True

    def _record(self) -> Case:
        """Return the case as letters know it, its clock included."""
        matter, opened = self.matter, _instant(self.plan.opened)
        return Case(
            number=self.plan.number, version=self.version, external_id=None, subject=matter.subject,
            status=self.status, stay=self.stay, status_since=_instant(self.since), remind_at=None,
            close_at=None if self.close_at is None else _instant(self.close_at), reminded_at=None,
            held_until=None, hold_reason=None, unread=self.unread, owner=self.owner, account=matter.account.name,
            contact=matter.person.name, email=matter.email, product=matter.product,
            priority=Priority(self.priority), installation=None, reason=None, release=None, provider=None,
            cloned_from=None, opened_at=opened, updated_at=opened, closed_at=None,
        )  # fmt: skip


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
