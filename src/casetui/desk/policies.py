"""Changes the desk's periods and zone, and says beforehand what a change would do (SPEC 5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casetui.desk.facts import read_policy
from casetui.desk.ledger import Ledger
from casetui.domain.clocks import Clock, Period
from casetui.domain.errors import Misused, Refused
from casetui.domain.policy import Policy
from casetui.domain.records import Case, What
from casetui.domain.timer import Act, Missed, decide, never_reminded
from casetui.domain.workflow import Rule, Status, has_clock, read_status, rules
from casetui.storage.reading import CASE
from casetui.storage.store import Store
from casetui.storage.tables import Cases, Entries, Policies

_RULES = {"remind": Rule.REMINDER, "reminder": Rule.REMINDER, "close": Rule.CLOSURE, "closure": Rule.CLOSURE}
_LONGEST = Period(months=120)
Moved = tuple[Case, Case]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the policy: which key, and what it is to be."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does today: how many stays it moves, and what the next sweep would then do with them."""

    moved: int = 0
    closed: int = 0
    never_reminded: int = 0
    reminded: int = 0


class PolicyBook:
    """The desk's policy in the hands of one agent."""

    def __init__(self, store: Store, clock: Clock, agent: str) -> None:
        self.store = store
        self.clock = clock
        self.agent = agent

    @property
    def current(self) -> Policy:
        """The policy in force."""
        return read_policy(self.store)

    def history(self) -> list[tuple[datetime, str, str, str]]:
        """Return every change, oldest first: from when it holds, by whom, the key and the value."""
        columns = (Policies.at, Policies.by, Policies.key, Policies.value)
        rows = self.store.rows(Policies.select(*columns).order_by(Policies.id))
        return [(at, by, key, value) for at, by, key, value in rows]

    def set(self, text: str, *, move_running: bool = False, dry_run: bool = False) -> Effect:
        """Change one key, as ``pending_customer_input.close=21d`` or ``zone=Europe/Berlin`` says.

        A stay keeps the deadlines that it began with, unless ``move_running`` moves those too; what an agent
        extended stays extended. Raises Misused for what is no such change.
        """
        change = read_change(text)
        now = self.clock.now()
        if dry_run:
            old = read_policy(self.store)
            new = changed(old, change, now)
            return _effect(self._moved(old, new) if move_running else (), now)
        with self.store.write():
            old = read_policy(self.store)
            new = changed(old, change, now)
            moved = list(self._moved(old, new)) if move_running else []
            row = {"at": now, "by": self.agent, "key": change.key, "value": change.value}
            self.store.execute(Policies.insert(row))
            ledger = Ledger(self.store, now, self.agent)
            for before, after in moved:
                deadlines = {"remind_at": after.remind_at, "close_at": after.close_at}
                ledger.update(before, deadlines)
                ledger.enter(before, What.RESCHEDULED, deadlines, note=f"policy: {change.key} is {change.value}")
        return _effect(moved, now)

    def _moved(self, old: Policy, new: Policy) -> Iterator[Moved]:
        """Yield the running stays whose deadlines a change moves, as they are and as they would be."""
        for case in CASE.read(self.store, CASE.select().where(Cases.close_at.is_null(False)).order_by(Cases.id)):
            after = case
            if never_reminded(case):
                after = replace(after, remind_at=new.deadline(case.status, Rule.REMINDER, case.status_since))
            if not self._is_extended(case, old):
                after = replace(after, close_at=new.deadline(case.status, Rule.CLOSURE, case.status_since))
            if after != case:
                yield case, after

    def _is_extended(self, case: Case, old: Policy) -> bool:
        """Say whether a stay's closure was moved by an agent, or by a late reminder."""
        if case.close_at == old.deadline(case.status, Rule.CLOSURE, case.status_since):
            return False
        stay = (Entries.number == case.number) & (Entries.stay == case.stay)
        found = Entries.select(Entries.changes).where(stay & Entries.what.in_((What.EXTENDED, What.REMINDED)))
        return any("close_at" in changes for (changes,) in self.store.rows(found))


def read_change(text: str) -> Change:
    """Read ``key=value``; raise Misused with the keys that there are."""
    key, equals, value = (part.strip() for part in text.partition("="))
    if key == "zone" and equals:
        return Change(key, _zone(value))
    name, dot, rule = key.partition(".")
    if not (equals and dot and rule in _RULES):
        known = ", ".join(keys())
        raise Misused(f"'{text}' is no change of the policy; write {known} or zone, then = and a value.")
    status, _ = read_status(name)
    if _RULES[rule] not in rules(status):
        raise Misused(f"{status.label} has no {_RULES[rule].value}; the keys are {', '.join(keys())}.")
    return Change(f"{status.value}.{_RULES[rule].value}", Period.parse(value).short)


def keys() -> list[str]:
    """Return the periods that a desk can change."""
    short = {Rule.REMINDER: "remind", Rule.CLOSURE: "close"}
    return [f"{status.value}.{short[rule]}" for status in Status if has_clock(status) for rule in rules(status)]


def rule_of(key: str) -> tuple[Status, Rule]:
    """Return the status and the rule that a key of `keys` names."""
    name, _, rule = key.partition(".")
    return Status(name), _RULES[rule]


def changed(old: Policy, change: Change, now: datetime) -> Policy:
    """Return a policy with a change made; raise Refused where a reminder would come after its closure."""
    if change.key == "zone":
        return replace(old, zone=change.value)
    status, rule = rule_of(change.key)
    new = replace(old, changed={**old.changed, (status, rule): Period.parse(change.value)})
    closes = new.deadline(status, Rule.CLOSURE, now)
    reminds = new.deadline(status, Rule.REMINDER, now)
    if closes is not None and closes > _LONGEST.after(now, "UTC"):
        raise Refused(f"A closure after {change.value} would be none; the longest period is ten years.")
    if reminds is not None and closes is not None and reminds >= closes:
        raise Refused(f"{status.label} would close before its reminder; the reminder comes first.")
    return new


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misused(f"'{name}' is not a time zone; write one such as Europe/Berlin or UTC.") from None
    return name


def _effect(moved: Iterable[Moved], now: datetime) -> Effect:
    effect = Effect()
    for _, after in moved:
        act = decide(after, now, Missed.APPLY)
        effect = Effect(
            effect.moved + 1,
            effect.closed + (act is Act.CLOSE),
            effect.never_reminded + (act is Act.CLOSE and never_reminded(after)),
            effect.reminded + (act is Act.REMIND),
        )
    return effect
