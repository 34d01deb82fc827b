"""Frozen records that cross the floors: what the tables hold, without the tables."""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum

from msgspec import Struct, field

from casetui.domain.errors import Misused
from casetui.domain.workflow import CommentKind, Party, Rule, Status

CUSTOMER = "customer"
TIMER = "timer"


class Priority(IntEnum):
    """How urgent a case is; a smaller number is more urgent."""

    DOWN = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4

    @property
    def slug(self) -> str:
        """The word that commands and JSON use."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The word that screens use."""
        return "System Down" if self is Priority.DOWN else self.name.capitalize()

    @property
    def short(self) -> str:
        """``P1`` to ``P4``."""
        return f"P{self.value}"

    @classmethod
    def read(cls, text: str) -> "Priority":
        """Read a slug, a label, ``P1`` or ``1``; raise Misused for anything else."""
        name = text.strip().lower()
        for priority in cls:
            if name in (priority.slug, priority.label.lower(), priority.short.lower(), str(priority.value)):
                return priority
        raise Misused(f"'{text}' is not a priority; write down, high, normal or low.")


INSTALLATIONS = ("Dedicated-Direct", "Direct", "Local", "Total Care")
"""The kinds of installation (SPEC 1)."""


class What(StrEnum):
    """What an entry of a history says."""

    OPENED = "opened"
    MOVED = "moved"
    COMMENTED = "commented"
    ASSIGNED = "assigned"
    EDITED = "edited"
    CLONED = "cloned"
    EXTENDED = "extended"
    HELD = "held"
    RELEASED = "released"
    RESCHEDULED = "rescheduled"
    REMINDED = "reminded"
    READ = "read"
    UNDONE = "undone"
    REDONE = "redone"
    UNREACHABLE = "unreachable"

    @property
    def did(self) -> str:
        """What somebody did to a case, as the end of a sentence that begins with a name."""
        return "could not reach its customer" if self is What.UNREACHABLE else f"{self.value} it"


RESTORING = frozenset({What.UNDONE, What.REDONE})
"""What gives a case columns and a stay that it had before, the stay's number included."""


class Case(Struct, frozen=True):
    """One customer's question or problem report, as it stands. All times are UTC, in whole seconds."""

    number: int
    version: int
    external_id: str | None
    subject: str
    status: Status
    stay: int
    status_since: datetime
    remind_at: datetime | None
    close_at: datetime | None
    reminded_at: datetime | None
    held_until: datetime | None
    hold_reason: str | None
    unread: bool
    owner: str | None
    account: str | None
    contact: str | None
    email: str | None
    product: str | None
    priority: Priority
    installation: str | None
    reason: str | None
    release: str | None
    provider: str | None
    cloned_from: int | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    clones: tuple[int, ...] = ()

    @property
    def whose_move(self) -> Party:
        """Who has to act next."""
        return self.status.row.whose_move

    def held(self, now: datetime) -> bool:
        """Say whether an agent's hold stops the timer at ``now``."""
        return self.hold_reason is not None and (self.held_until is None or now < self.held_until)

    def stopped(self, rule: Rule, now: datetime) -> str | None:
        """Say what keeps the timer from an act at ``now``: ``hold``, ``unread`` or nothing (SPEC 4 and 5)."""
        if self.held(now):
            return "hold"
        return "unread" if rule is Rule.CLOSURE and self.unread else None

    @property
    def cannot_be_reminded(self) -> bool:
        """Say whether the status promises a reminder that has nowhere to go."""
        return self.status.row.reminder is not None and not self.email


class Entry(Struct, frozen=True):
    """One line of a case's history; a comment carries its kind, author and body."""

    id: int
    number: int
    at: datetime
    what: What
    by: str
    stay: int
    start: Status | None
    target: Status | None
    planned_at: datetime | None
    note: str | None
    kind: CommentKind | None = None
    author: str | None = None
    body: str | None = None
    changes: Mapping[str, object] = field(default_factory=dict)


class DueAct(Struct, frozen=True):
    """Something that the timer will do: which rule, on which case, when, and what stops it."""

    case: Case
    rule: Rule
    due_at: datetime
    held: str | None


class Count(Struct, frozen=True):
    """A queue in numbers: how many cases, of them unread, with an act due now, and since when the first waits."""

    total: int = 0
    unread: int = 0
    due: int = 0
    since: datetime | None = None
    """None where there is none, and where it was not asked for."""


class Facts(Struct, frozen=True):
    """What is known of a case when it is opened or cloned."""

    subject: str
    account: str | None = None
    contact: str | None = None
    email: str | None = None
    product: str | None = None
    priority: Priority = Priority.NORMAL
    installation: str | None = None
    owner: str | None = None


class Request(Struct, frozen=True):
    """A move as it is asked for: the target and whatever the table wants with it (SPEC 3)."""

    target: Status
    comment: str | None = None
    reason: str | None = None
    release: str | None = None
    provider: str | None = None
    override: str | None = None
    as_customer: bool = False


class Swept(Struct, frozen=True):
    """What one sweep did, or would do: case numbers in order, and how many letters were written.

    ``missed`` are the cases whose closure is due without a reminder ever having gone, left alone because
    nobody has been asked yet.
    """

    at: datetime
    reminded: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    letters: int = 0
