"""The fifteen statuses as one table, and the questions asked of it (SPEC 2 and 3)."""

from enum import StrEnum

from msgspec import Struct

from casetui.domain.clocks import Period
from casetui.domain.errors import Misused


class Status(StrEnum):
    """Where a case stands; the value is its slug."""

    NEW = "new"
    UNDER_REVIEW = "under_review"
    IN_PROGRESS = "in_progress"
    TIER_1 = "in_progress_tier_1"
    TIER_2 = "in_progress_tier_2"
    CUSTOMER_INPUT = "pending_customer_input"
    UPDATE_RECEIVED = "update_received"
    DEVELOPMENT = "pending_development"
    RELEASE = "pending_release"
    CUSTOMER_TESTING = "pending_customer_testing"
    CONTENT = "pending_content_operations"
    THIRD_PARTY = "pending_third_party_provider"
    CONFIRMATION = "awaiting_customer_confirmation"
    REOPENED = "reopened"
    CLOSED = "closed"

    @property
    def row(self) -> "Row":
        """The status's row of the table."""
        return TABLE[self]

    @property
    def label(self) -> str:
        """The name that the customer sees."""
        return TABLE[self].label


class Party(StrEnum):
    """Whose move it is."""

    US = "us"
    CUSTOMER = "customer"
    DEVELOPMENT = "development"
    CONTENT = "content"
    THIRD_PARTY = "third party"
    NOBODY = "nobody"


class Group(StrEnum):
    """A heading of the dashboard, in its order."""

    WAITS_ON_US = "Waits on us"
    IN_WORK = "In work"
    WAITS_ON_CUSTOMER = "Waits on the customer"
    WAITS_ON_OTHERS = "Waits on others"
    CLOSED = "Closed"


class Rule(StrEnum):
    """An act of the timer."""

    REMINDER = "reminder"
    CLOSURE = "closure"


class Ask(StrEnum):
    """Something that a move asks for in its own transaction."""

    QUESTION = "question"
    ANSWER = "answer"
    REASON = "reason"
    RELEASE = "release"
    OWNERSHIP = "ownership"
    PROVIDER = "provider"


class CommentKind(StrEnum):
    """Whose words a comment holds, and who sees them."""

    CUSTOMER = "customer"
    PUBLIC = "public"
    INTERNAL = "internal"


class Row(Struct, frozen=True):
    """One status: its words, its clocks, the moves that leave it and what entering it asks for."""

    label: str
    short: str
    group: Group
    whose_move: Party
    means: str
    moves: tuple[Status, ...]
    asks: tuple[Ask, ...] = ()
    reasons: tuple[str, ...] = ()
    on_customer_comment: Status | None = None
    reminder: Period | None = None
    closure: Period | None = None
    customer_moves: tuple[Status, ...] = ()


_S = Status
_IN_WORK = (_S.IN_PROGRESS, _S.TIER_1, _S.TIER_2)
_ANSWER = (_S.CONFIRMATION, _S.CLOSED)
_TRIAGE = (*_IN_WORK, _S.CUSTOMER_INPUT, _S.CONTENT, *_ANSWER)

TABLE: dict[Status, Row] = {
    _S.NEW: Row(
        "New", "New", Group.WAITS_ON_US, Party.US,
        "Just opened; nobody has looked at it.",
        (_S.UNDER_REVIEW, *_TRIAGE),
    ),
    _S.UNDER_REVIEW: Row(
        "Under Review", "Under Review", Group.WAITS_ON_US, Party.US,
        "Assessed once and queued for handling.",
        _TRIAGE,
    ),
    _S.IN_PROGRESS: Row(
        "In Progress", "In Progress", Group.IN_WORK, Party.US,
        "Being answered or diagnosed: a question is being answered, a problem sorted into"
        " set-up, known issue, defect or wish.",
        (_S.TIER_1, _S.TIER_2, _S.CUSTOMER_INPUT, _S.CONTENT, *_ANSWER),
    ),
    _S.TIER_1: Row(
        "In Progress - Tier 1", "Tier 1", Group.IN_WORK, Party.US,
        "Being answered or diagnosed by the first support tier.",
        (_S.IN_PROGRESS, _S.TIER_2, _S.CUSTOMER_INPUT, _S.CONTENT, *_ANSWER),
    ),
    _S.TIER_2: Row(
        "In Progress - Tier 2", "Tier 2", Group.IN_WORK, Party.US,
        "Being answered or diagnosed by the second support tier.",
        (_S.IN_PROGRESS, _S.TIER_1, _S.CUSTOMER_INPUT, _S.DEVELOPMENT, _S.CONTENT, *_ANSWER),
    ),
    _S.CUSTOMER_INPUT: Row(
        "Pending Customer Input", "Pend. Cust. Input", Group.WAITS_ON_CUSTOMER, Party.CUSTOMER,
        "We asked the customer for information, and the work waits for it.",
        (_S.CUSTOMER_INPUT, *_IN_WORK, *_ANSWER),
        asks=(Ask.QUESTION,), on_customer_comment=_S.UPDATE_RECEIVED,
        reminder=Period(days=7), closure=Period(days=28),
    ),
    _S.UPDATE_RECEIVED: Row(
        "Update Received", "Update Received", Group.WAITS_ON_US, Party.US,
        "The customer answered; we have to read it.",
        (_S.UNDER_REVIEW, *_TRIAGE),
    ),
    _S.DEVELOPMENT: Row(
        "Pending Development", "Pend. Development", Group.WAITS_ON_OTHERS, Party.DEVELOPMENT,
        "Tier 2 handed it to development: to help diagnose or validate, or to fix a validated defect.",
        (_S.TIER_2, _S.RELEASE, _S.CUSTOMER_INPUT, *_ANSWER),
        asks=(Ask.REASON,), reasons=("diagnosis", "defect"),
    ),
    _S.RELEASE: Row(
        "Pending Release", "Pend. Release", Group.WAITS_ON_OTHERS, Party.DEVELOPMENT,
        "The fix is in the code of a coming release.",
        (_S.DEVELOPMENT, _S.TIER_2, _S.CUSTOMER_TESTING, *_ANSWER),
        asks=(Ask.RELEASE, Ask.OWNERSHIP),
    ),
    _S.CUSTOMER_TESTING: Row(
        "Pending Customer Testing", "Pend. Cust. Testing", Group.WAITS_ON_CUSTOMER, Party.CUSTOMER,
        "The fix is out, or a solution was suggested; the customer tries it and is not ready to close.",
        (_S.CUSTOMER_TESTING, *_IN_WORK, *_ANSWER),
        closure=Period(months=3),
    ),
    _S.CONTENT: Row(
        "Pending Content Operations", "Pend. Content Ops", Group.WAITS_ON_OTHERS, Party.CONTENT,
        "Handed to the content team.",
        (_S.THIRD_PARTY, *_IN_WORK, _S.CUSTOMER_INPUT, *_ANSWER),
        asks=(Ask.REASON,), reasons=("ingestion", "new_content", "clean_up", "cataloging"),
    ),
    _S.THIRD_PARTY: Row(
        "Pending Third Party Provider", "Pend. Third Party", Group.WAITS_ON_OTHERS, Party.THIRD_PARTY,
        "The content team waits for somebody outside.",
        (_S.CONTENT, *_IN_WORK, *_ANSWER),
        asks=(Ask.PROVIDER,),
    ),
    _S.CONFIRMATION: Row(
        "Awaiting Customer Confirmation", "Await. Confirm.", Group.WAITS_ON_CUSTOMER, Party.CUSTOMER,
        "We answered and believe it is solved.",
        (_S.CUSTOMER_TESTING, *_IN_WORK, _S.CUSTOMER_INPUT, _S.CLOSED),
        asks=(Ask.ANSWER,), on_customer_comment=_S.REOPENED,
        closure=Period(days=14), customer_moves=(_S.CUSTOMER_TESTING, _S.CLOSED),
    ),
    _S.REOPENED: Row(
        "Reopened", "Reopened", Group.WAITS_ON_US, Party.US,
        "The customer objected to our answer; the investigation goes on.",
        (_S.UNDER_REVIEW, *_TRIAGE),
    ),
    _S.CLOSED: Row(
        "Closed", "Closed", Group.CLOSED, Party.NOBODY,
        "Done. Final: a closed case is never reopened, it is cloned.",
        (),
    ),
}  # fmt: skip

_OLDER_NAMES: dict[str, tuple[Status, str | None]] = {
    "tier 1 analysis": (_S.TIER_1, None),
    "tier 2 new": (_S.TIER_2, None),
    "pending customer response": (_S.CUSTOMER_INPUT, None),
    "pending customer reply": (_S.CUSTOMER_INPUT, None),
    "waiting for process": (_S.UPDATE_RECEIVED, None),
    "pending work plan": (_S.DEVELOPMENT, "Pending Work Plan is read as Pending Development."),
    "closing": (_S.CUSTOMER_INPUT, "Closing is read as Pending Customer Input."),
}
_NAMES: dict[str, tuple[Status, str | None]] = {
    **_OLDER_NAMES,
    **{row.label.lower(): (status, None) for status, row in TABLE.items()},
    **{status.value: (status, None) for status in Status},
}

NOT_CHOSEN = frozenset({_S.NEW, _S.UPDATE_RECEIVED, _S.REOPENED})
"""Statuses that nobody chooses, not even by an override: only events lead to them (SPEC 3, fixed)."""


def read_status(text: str) -> tuple[Status, str | None]:
    """Return the status of a slug, a label or an older name, and a warning where the name is ambiguous.

    Raises Misused with the names that are known.
    """
    name = " ".join(text.replace("\N{EN DASH}", "-").lower().split())
    found = _NAMES.get(name) or _NAMES.get(name.replace(" ", "_").replace("-", "_"))
    if found is None:
        known = ", ".join(status.value for status in Status)
        raise Misused(f"'{text}' is not a status; the statuses are {known}.")
    return found


def is_legal(start: Status, target: Status, *, by_customer: bool = False) -> bool:
    """Say whether the table has that move, for an agent or for the customer (who has only two)."""
    return target in (start.row.customer_moves if by_customer else start.row.moves)


def overridable(start: Status) -> tuple[Status, ...]:
    """Return where an override may lead from ``start``: any status but those that only events lead to."""
    return () if start is Status.CLOSED else tuple(status for status in Status if status not in NOT_CHOSEN)


def rules(status: Status) -> tuple[Rule, ...]:
    """Return the timer's rules of a status, in the order in which they fall due."""
    pairs = ((Rule.REMINDER, status.row.reminder), (Rule.CLOSURE, status.row.closure))
    return tuple(rule for rule, period in pairs if period is not None)


def has_clock(status: Status) -> bool:
    """Say whether a stay in that status has a deadline."""
    return status.row.closure is not None


def takes_comment_only(target: Status) -> bool:
    """Say whether a public comment is all that a move to that status can ask for."""
    return {Ask.QUESTION, Ask.ANSWER}.issuperset(target.row.asks)


def in_group(group: Group) -> tuple[Status, ...]:
    """Return the statuses under a heading, in the order of the table."""
    return tuple(status for status in Status if status.row.group is group)
