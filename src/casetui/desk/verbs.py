"""What agents do with cases: one verb, one transaction, one instant (SPEC 3 and 4)."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any, Self

from casetui.desk.facts import read_policy
from casetui.desk.ledger import Ledger, case_of, entries_of, newest_comment, with_clones
from casetui.domain import moves, words
from casetui.domain.clocks import Clock, stamp
from casetui.domain.errors import Misused, NoSuchCase, Overtaken, Refused
from casetui.domain.records import (
    CUSTOMER,
    INSTALLATIONS,
    TIMER,
    Case,
    Entry,
    Facts,
    Priority,
    Request,
    What,
)
from casetui.domain.workflow import Ask, CommentKind, Rule, Status
from casetui.storage.store import Store
from casetui.storage.tables import Cases

_ADDRESS = r"[^@\s]+@[^@\s]+"
"""What a letter can be sent to, as far as one can tell without sending it."""
_COPIED = ("subject", "account", "contact", "email", "product", "priority", "installation")
EDITABLE = (*_COPIED, "owner")
"""The facts of a case that an agent may edit."""


class Verbs:
    """The desk's verbs in the hands of one agent.

    Each takes ``seen``, the version of the case that the agent looked at, raises Overtaken if somebody was
    faster, Refused where the rules say no, and returns the case as it is afterwards. A refused verb changes
    nothing. ``post`` is told the case and the instant of each public comment, in its transaction.
    """

    def __init__(
        self, store: Store, clock: Clock, agent: str, post: Callable[[int, datetime], None] | None = None
    ) -> None:
        name = words.line(agent, "agent's name")
        if not name or name == CUSTOMER or name.startswith(TIMER):
            raise Misused(f"'{agent}' cannot be an agent's name; give another with --as.")
        self.store = store
        self.clock = clock
        self.agent = name
        self.post = post
        self._shares_act = False
        self._act: int | None = None

    def as_one(self) -> Self:
        """Return the same hands for one act on many cases, a verb each, which is taken back as one."""
        hands = copy(self)
        hands._shares_act = True  # noqa: SLF001 - its own kind
        return hands

    def open(self, facts: Facts, opening: str | None = None) -> Case:
        """Open a case in New; ``opening`` is the customer's first words, which do not mark it unread."""
        columns = {name: _fact(name, getattr(facts, name)) for name in EDITABLE}
        if not columns["subject"]:
            raise Refused("A case needs a subject.")
        body = words.text(opening)
        with self.store.write():
            ledger = Ledger(self.store, self.clock.now(), self.agent)
            case = self._insert(ledger, columns)
            if body:
                ledger.comment(case, CommentKind.CUSTOMER, body, {}, f"recorded by {self.agent}")
            return case

    def comment(self, number: int, kind: CommentKind, body: str, *, seen: int | None = None) -> Case:
        """Add a comment; a customer's moves the case as the status table says, and marks it unread."""
        kept = words.text(body, "comment")
        if not kept:
            raise Refused("The comment is empty.")
        with self._case(number, seen) as (case, ledger):
            if kind is CommentKind.CUSTOMER:
                self._customer_comments(ledger, case, kept)
            else:
                changes = {"unread": False} if case.unread else {}
                ledger.comment(case, kind, kept, changes)
                ledger.update(case, changes)
                if kind is CommentKind.PUBLIC and self.post:
                    self.post(number, ledger.now)
        return self.case(number)

    def move(self, number: int, request: Request, *, seen: int | None = None) -> Case:
        """Move a case, with whatever the move asks for, in one transaction."""
        request = _cleaned(request)
        with self._case(number, seen) as (case, ledger):
            moves.examine(case, request, agent=self.agent, newest=newest_comment(self.store, number))
            changes: dict[str, Any] = {}
            if request.comment:
                kind = CommentKind.CUSTOMER if request.as_customer else CommentKind.PUBLIC
                if kind is CommentKind.CUSTOMER:
                    changes["unread"] = True
                ledger.comment(case, kind, request.comment, changes, _recorded(request, self.agent))
            if not request.as_customer and case.unread:
                changes["unread"] = False
            for name in (Ask.REASON.value, Ask.RELEASE.value, Ask.PROVIDER.value):
                if (value := getattr(request, name)) is not None:
                    changes[name] = value
            note = f"override: {request.override}" if request.override else _recorded(request, self.agent)
            by = CUSTOMER if request.as_customer else self.agent
            self._enter_status(ledger, case, request.target, changes, note=note, by=by)
            if request.comment and not request.as_customer and self.post:
                self.post(number, ledger.now)
        return self.case(number)

    def assign(self, number: int, owner: str | None, *, seen: int | None = None) -> Case:
        """Give a case to an agent, or to nobody; nothing is written where it is so already."""
        name = words.line(owner, "owner")
        with self._case(number, seen) as (case, ledger):
            if name != case.owner:
                note = f"{case.owner or 'nobody'} -> {name or 'nobody'}"
                ledger.update(case, {"owner": name})
                ledger.enter(case, What.ASSIGNED, {"owner": name}, note=note)
        return self.case(number)

    def edit(self, number: int, facts: Mapping[str, Any], *, seen: int | None = None) -> Case:
        """Set facts of a case by name (`EDITABLE`); those that are so already are left alone."""
        with self._case(number, seen) as (case, ledger):
            wanted = {name: _fact(name, value) for name, value in facts.items()}
            changes = {name: value for name, value in wanted.items() if value != getattr(case, name)}
            if "subject" in changes and not changes["subject"]:
                raise Refused("A case needs a subject.")
            if changes:
                note = "; ".join(
                    f"{name}: {_word(getattr(case, name))} -> {_word(value)}" for name, value in changes.items()
                )
                ledger.update(case, changes)
                ledger.enter(case, What.EDITED, changes, note=note)
        return self.case(number)

    def clone(self, number: int, subject: str | None = None, *, seen: int | None = None) -> Case:
        """Open a new case from an old one, linked both ways; the customer's facts come along, not the work."""
        with self._case(number, seen) as (case, ledger):
            columns = {name: getattr(case, name) for name in _COPIED} | {"cloned_from": number}
            columns["subject"] = words.line(subject, "subject") or case.subject
            clone = self._insert(ledger, columns, note=f"cloned from {number}")
            ledger.update(case, {})
            ledger.enter(case, What.CLONED, note=f"cloned as {clone.number}")
        return self.case(clone.number)

    def read(self, number: int, *, seen: int | None = None) -> Case:
        """Note that the agent has opened the case: what the customer wrote is no longer unread.

        Leaves the version alone: reading is no change that could overtake another agent.
        """
        with self._case(number, seen) as (case, ledger):
            if case.unread:
                self.store.execute(Cases.update(unread=False).where(Cases.id == number))
                ledger.enter(case, What.READ, {"unread": False})
        return self.case(number)

    def case(self, number: int) -> Case:
        """Return a case; raise NoSuchCase."""
        case = case_of(self.store, number)
        if case is None:
            raise NoSuchCase(number)
        return with_clones(self.store, [case])[0]

    @contextmanager
    def _case(self, number: int, seen: int | None) -> Iterator[tuple[Case, Ledger]]:
        """Hold the case in a transaction, as it is now and as the agent saw it."""
        with self.store.write():
            case = case_of(self.store, number)
            if case is None:
                raise NoSuchCase(number)
            if seen is not None and case.version != seen:
                newest = next(e for e in entries_of(self.store, number, newest=5) if e.what is not What.READ)
                raise Overtaken(overtaken(case, newest, read_policy(self.store).zone))
            ledger = Ledger(self.store, self.clock.now(), self.agent, self._act)
            yield case, ledger
        if self._shares_act:  # known to the database from here on
            self._act = ledger.act

    def _insert(self, ledger: Ledger, columns: dict[str, Any], note: str | None = None) -> Case:
        number = ledger.insert(columns)
        case = self.case(number)
        facts = {name: value for name, value in columns.items() if value is not None}
        ledger.enter(case, What.OPENED, facts, target=Status.NEW, note=note)
        return case

    def _customer_comments(self, ledger: Ledger, case: Case, body: str) -> None:
        if case.status is Status.CLOSED:
            clone = f"'casetui clone {case.number}' opens a new case from it"
            raise Refused(f"Case {case.number} is closed and takes no more of the customer's words; {clone}.")
        ledger.comment(case, CommentKind.CUSTOMER, body, {"unread": True}, f"recorded by {self.agent}")
        target = case.status.row.on_customer_comment
        if target is None:
            ledger.update(case, {"unread": True})
        else:
            note = "the customer commented"
            self._enter_status(ledger, case, target, {"unread": True}, note=note, by=CUSTOMER)

    def _enter_status(
        self, ledger: Ledger, case: Case, target: Status, changes: dict[str, Any], *, note: str | None, by: str
    ) -> None:
        """Begin a new stay: status, count, beginning and deadlines in one statement, and its entry."""
        policy = read_policy(self.store)
        deadlines = {
            "remind_at": policy.deadline(target, Rule.REMINDER, ledger.now),
            "close_at": policy.deadline(target, Rule.CLOSURE, ledger.now),
        }
        begun = {
            "status": target,
            "stay": case.stay + 1,
            "status_since": ledger.now,
            "closed_at": ledger.now if target is Status.CLOSED else None,
            "reminded_at": None,
            "held_until": None,
            "hold_reason": None,
        }
        ledger.update(case, changes | deadlines | begun)
        set_now = changes | {name: at for name, at in deadlines.items() if at is not None}
        ledger.enter(
            case, What.MOVED, set_now, start=case.status, target=target, stay=case.stay + 1, note=note, by=by
        )


def overtaken(case: Case, newest: Entry, zone: str) -> str:
    """Say who was faster, and with what."""
    did = f"moved it to {newest.target.label}" if newest.target else newest.what.did
    when = stamp(newest.at, zone)
    return f"Case {case.number} has changed: {newest.by} {did} at {when}; nothing was done. Look again first."


def _cleaned(request: Request) -> Request:
    return Request(
        target=request.target,
        comment=words.text(request.comment, "comment"),
        reason=words.line(request.reason, "reason"),
        release=words.line(request.release, "release"),
        provider=words.line(request.provider, "provider"),
        override=None if request.override is None else words.text(request.override, "note") or "",
        as_customer=request.as_customer,
    )


def _recorded(request: Request, agent: str) -> str | None:
    return f"recorded by {agent}" if request.as_customer else None


def _fact(name: str, value: Any) -> Any:
    """Return a fact as it is kept; raise Misused for a kind of installation, or an address, that is none."""
    if name == "priority":
        return Priority(value)
    kept = words.line(value, name)
    if name == "installation" and kept is not None:
        known = {kind.lower(): kind for kind in INSTALLATIONS}
        if kept.lower() not in known:
            raise Misused(f"'{kept}' is not an installation; it is one of {', '.join(INSTALLATIONS)}.")
        kept = known[kept.lower()]
    if name == "email" and kept is not None and not re.fullmatch(_ADDRESS, kept):
        raise Misused(f"'{kept}' is no e-mail address; one looks like name@example.org.")
    return kept


def _word(value: object) -> object:
    return value.slug if isinstance(value, Priority) else value or "nothing"
