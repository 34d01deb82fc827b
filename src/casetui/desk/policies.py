"""Changes the desk's periods and zone, and says beforehand what a change would do (SPEC 5)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from zoneinfo import available_timezones

from msgspec import Struct
from msgspec.structs import replace

from casetui.desk.facts import read_policy
from casetui.desk.ledger import Ledger
from casetui.desk.stays import Stays
from casetui.domain.clocks import Clock, Period
from casetui.domain.errors import Misused, Refused
from casetui.domain.policy import Policy
from casetui.domain.records import Case, What
from casetui.domain.timer import Act, Missed, decide, never_reminded
from casetui.domain.workflow import Rule, Status, has_clock, read_status, rules
from casetui.storage.reading import CASE
from casetui.storage.store import Store
from casetui.storage.tables import Cases, Policies

_RULES = {"remind": Rule.REMINDER, "reminder": Rule.REMINDER, "close": Rule.CLOSURE, "closure": Rule.CLOSURE}
_LONGEST = Period(months=120)
_NO_ZONES = {"localtime", "Factory"}
"""Names that are another zone on each machine, or none."""
Moved = tuple[Case, Case]


class Change(Struct, frozen=True):
    """A change of the policy: which key, and what it is to be."""

    key: str
    value: str


class Effect(Struct, frozen=True):
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
            new = changed(read_policy(self.store), change, now)
            return _effect(self._moved(change, new) if move_running else (), now)
        with self.store.write():
            new = changed(read_policy(self.store), change, now)
            moved = list(self._moved(change, new)) if move_running else []
            row = {"at": now, "by": self.agent, "key": change.key, "value": change.value}
            self.store.execute(Policies.insert(row))
            ledger = Ledger(self.store, now, self.agent)
            for before, after in moved:
                deadlines = {"remind_at": after.remind_at, "close_at": after.close_at}
                ledger.update(before, deadlines)
                note = f"policy: {change.key} is {change.value}"
                ledger.enter(before, What.RESCHEDULED, deadlines, note=note, act=None)  # no act of undo's
        return _effect(moved, now)

    def _moved(self, change: Change, new: Policy) -> Iterator[Moved]:
        """Yield the running stays whose deadlines a change moves, as they are and as they would be.

        Another zone moves each deadline that a period leads to, by the periods of its stay; another period moves
        the deadlines of its rule.
        """
        stays, running = Stays(self.store), Cases.close_at.is_null(False)
        named = None if change.key == "zone" else rule_of(change.key)
        if named is not None:
            running &= Cases.status == named[0]
        for case in CASE.read(self.store, CASE.select().where(running).order_by(Cases.id)):
            own = replace(stays.policy(case), zone=new.zone)
            if named is not None:
                own = replace(own, changed={**own.changed, named: new.changed[named]})
            wanted = rules(case.status) if named is None else (named[1],)
            after = _rescheduled(case, own, new, [rule for rule in wanted if _is_free(stays, case, rule)])
            if after != case:
                yield case, after


def _is_free(stays: Stays, case: Case, rule: Rule) -> bool:
    """Say whether a deadline is still where a period has put it, and not done."""
    return never_reminded(case) if rule is Rule.REMINDER else not stays.is_moved(case)


def _rescheduled(case: Case, own: Policy, new: Policy, wanted: Collection[Rule]) -> Case:
    """Return a case with the deadlines that its own periods, some of them new, lead to.

    A reminder that would come after its closure goes by today's period instead, or stays where it is.
    """
    after = case
    if Rule.REMINDER in wanted:
        after = replace(after, remind_at=own.deadline(case.status, Rule.REMINDER, case.status_since))
    if Rule.CLOSURE in wanted:
        after = replace(after, close_at=own.deadline(case.status, Rule.CLOSURE, case.status_since))
    if _is_too_late(after):
        after = replace(after, remind_at=new.deadline(case.status, Rule.REMINDER, case.status_since))
    return replace(after, remind_at=case.remind_at) if _is_too_late(after) else after


def _is_too_late(case: Case) -> bool:
    """Say whether a reminder that is still to go would come only when the case is closed."""
    remind, close = case.remind_at, case.close_at
    return never_reminded(case) and remind is not None and close is not None and remind >= close


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
    """Return a zone that every machine knows by this name, and as the same one."""
    if name not in available_timezones() - _NO_ZONES:
        raise Misused(f"'{name}' is not a time zone; write one such as Europe/Berlin or UTC.")
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
