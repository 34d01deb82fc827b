"""The support centre's article and the desk around it in plain Python: the judge of the real desk.

It is written from the words of the specification, with a table and a calendar of its own; nothing in it asks the
program what it thinks. Statuses go by their slugs, rules by ``reminder`` and ``closure``.
"""

import calendar
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

INPUT, TESTING, CONFIRMATION = (
    "pending_customer_input", "pending_customer_testing", "awaiting_customer_confirmation",
)  # fmt: skip
_WORK = "in_progress in_progress_tier_1 in_progress_tier_2"
_TRIAGE = f"{_WORK} {INPUT} pending_content_operations {CONFIRMATION} closed"
MOVES = {
    "new": f"under_review {_TRIAGE}",
    "under_review": _TRIAGE,
    "update_received": f"under_review {_TRIAGE}",
    "reopened": f"under_review {_TRIAGE}",
    "in_progress": _TRIAGE.replace("in_progress ", "", 1),
    "in_progress_tier_1": _TRIAGE.replace("in_progress_tier_1 ", ""),
    "in_progress_tier_2": _TRIAGE.replace("in_progress_tier_2 ", "") + " pending_development",
    INPUT: f"{INPUT} {_WORK} {CONFIRMATION} closed",
    "pending_development": f"in_progress_tier_2 pending_release {INPUT} {CONFIRMATION} closed",
    "pending_release": f"pending_development in_progress_tier_2 {TESTING} {CONFIRMATION} closed",
    TESTING: f"{TESTING} {_WORK} {CONFIRMATION} closed",
    "pending_content_operations": f"pending_third_party_provider {_WORK} {INPUT} {CONFIRMATION} closed",
    "pending_third_party_provider": f"pending_content_operations {_WORK} {CONFIRMATION} closed",
    CONFIRMATION: f"{TESTING} {_WORK} {INPUT} closed",
    "closed": "",
}
"""Where an agent may move a case from each status."""
CUSTOMERS_MOVES = {CONFIRMATION: f"{TESTING} closed"}
BY_A_COMMENT = {INPUT: "update_received", CONFIRMATION: "reopened"}
ONLY_BY_EVENTS = {"new", "update_received", "reopened"}
ASKS = {
    "pending_development": "reason", "pending_content_operations": "reason",
    "pending_release": "release", "pending_third_party_provider": "provider",
}  # fmt: skip
"""The fact that a move to a status wants."""
PERIODS = {
    (INPUT, "reminder"): "7d", (INPUT, "closure"): "28d",
    (TESTING, "closure"): "3mo", (CONFIRMATION, "closure"): "14d",
}  # fmt: skip
WINDOW = timedelta(seconds=60)
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=4))
"""How long a letter waits after each try but the last."""


class No(Exception):
    """The rules do not allow it, and nothing has changed."""


def later(start: datetime, period: str, zone: str) -> datetime:
    """Return the instant a period such as ``3mo``, ``7d`` or ``36h`` after another, on the calendar of a zone."""
    many = int(period.rstrip("dhmo"))
    if period.endswith("h"):
        return start + timedelta(hours=many)
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if period.endswith("d"):
        return _instant(local + timedelta(days=many), zone)
    year, month = divmod(local.year * 12 + local.month - 1 + many, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return _instant(local.replace(year=year, month=month + 1, day=day), zone)


def _instant(wall: datetime, zone: str) -> datetime:
    """Return when a clock on the wall shows a time: the later of two; an hour on where it never does."""
    second = wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    if second.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
        return second
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


@dataclass
class Standing:
    """Where a case stands."""

    since: datetime
    email: str | None
    status: str = "new"
    stay: int = 1
    owner: str | None = None
    priority: int = 3
    unread: bool = False
    newest: str | None = None
    """The kind of the newest comment that was not taken back."""
    remind: datetime | None = None
    close: datetime | None = None
    reminded: datetime | None = None
    held: bool = False
    held_until: datetime | None = None
    periods: dict[str, str] = field(default_factory=dict)
    """By which period each rule of the stay falls due."""
    by_hand: bool = False
    """Whether the closure is where an agent, or a late reminder, has put it."""

    def is_held(self, now: datetime) -> bool:
        """Say whether an agent's hold stops the timer."""
        return self.held and (self.held_until is None or now < self.held_until)

    @property
    def waits_for_a_reminder(self) -> bool:
        """Whether the stay promises a reminder that has not gone."""
        return self.remind is not None and self.reminded is None


@dataclass(eq=False)
class Act:
    """What an agent did at once: how the cases stood before it, and whether it can be taken back at all."""

    agent: str
    at: datetime
    before: dict[int, Standing] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    """The cases that somebody has read since."""
    final: bool = False
    again: datetime | None = None
    """When it was done again."""
    back: "Back | None" = None
    """How it was taken back, if it is."""

    def is_fresh(self, now: datetime) -> bool:
        """Say whether it was done a minute ago at most, or done again."""
        return any(now - at <= WINDOW for at in (self.at, self.again) if at is not None)


@dataclass
class Back:
    """How an act was taken back: when, how its cases stood until then, and all that had happened to them."""

    at: datetime
    after: dict[int, Standing]
    news: dict[int, int]
    stood: dict[int, list[Act | None]]
    seen: set[int] = field(default_factory=set)


@dataclass
class Note:
    """A letter of the outbox."""

    number: int
    rule: str
    act: Act | None
    state: str = "waiting"
    tries: int = 0
    again_at: datetime | None = None


@dataclass(frozen=True)
class Done:
    """What the timer did, in which stay, planned for when and done when."""

    number: int
    stay: int
    rule: str
    planned: datetime
    at: datetime


class Article:
    """A desk as the words have it. Every verb raises No before it has changed anything."""

    def __init__(self) -> None:
        self.zone = "UTC"
        self.periods = dict(PERIODS)
        self.cases: dict[int, Standing] = {}
        self.versions: Counter[int] = Counter()
        self.acts: list[Act] = []
        self.undone: list[Act] = []
        """What was taken back, the last one last."""
        self.happened: dict[int, list[Act | None]] = {}
        """What stands of each case's history: acts of agents, None for acts of the timer."""
        self.news: Counter[int] = Counter()
        """How often something new happened to a case, whether it stands or not."""
        self.done: list[Done] = []
        self.letters: list[Note] = []

    def open(self, act: Act, email: str | None) -> int:
        """Open a case; that is never undone."""
        number = len(self.cases) + 1
        self.cases[number] = Standing(act.at, email)
        self.versions[number], self.happened[number], act.final = 1, [act], True
        self._note(act, number)
        return number

    def clone(self, act: Act, number: int) -> int:
        """Open a case from another one; the customer's facts come along."""
        self._touch(act, number)
        clone = self.open(act, self.cases[number].email)
        self.cases[clone].priority = self.cases[number].priority
        return clone

    def move(
        self, act: Act, number: int, target: str, *, comment: bool, fact: bool, override: bool = False
    ) -> None:
        """Move a case for an agent; ``fact`` is what the target wants to be told."""
        case = self.cases[number]
        if override:
            if case.status == "closed" or target in ONLY_BY_EVENTS:
                raise No
        elif (
            target not in MOVES[case.status].split()
            or (target == INPUT and not comment)
            or (target == CONFIRMATION and not comment and case.newest != "public")
            or (target in ASKS and not fact)
            or (target == "pending_release" and case.owner != act.agent)
        ):
            raise No
        self._touch(act, number)
        case.unread = False
        if comment:
            case.newest = "public"
            self._post(number, "comment", act)
        self._enter(case, target, act.at)

    def customer_moves(self, act: Act, number: int, target: str, *, comment: bool) -> None:
        """Move a case for its customer, as an agent records it."""
        case = self.cases[number]
        if target not in CUSTOMERS_MOVES.get(case.status, "").split():
            raise No
        self._touch(act, number)
        if comment:
            case.newest, case.unread = "customer", True
        self._enter(case, target, act.at)

    def comment(self, act: Act, number: int, kind: str) -> None:
        """Add a comment."""
        case = self.cases[number]
        if kind == "customer" and case.status == "closed":
            raise No
        self._touch(act, number)
        case.newest, case.unread = kind, kind == "customer"
        if kind == "public":
            self._post(number, "comment", act)
        if kind == "customer" and case.status in BY_A_COMMENT:
            self._enter(case, BY_A_COMMENT[case.status], act.at)

    def read(self, number: int) -> None:
        """Look at a case."""
        case = self.cases[number]
        if case.unread:
            case.unread = False
            for act in (*self.acts, *self.undone):
                act.seen.add(number)
                if act.back:
                    act.back.seen.add(number)

    def assign(self, act: Act, number: int, owner: str | None) -> None:
        """Give a case to somebody; whose it is already is no change."""
        if self.cases[number].owner != owner:
            self._touch(act, number)
            self.cases[number].owner = owner

    def prioritise(self, act: Act, number: int, priority: int) -> None:
        """Set a priority; one that it has already is no change."""
        if self.cases[number].priority != priority:
            self._touch(act, number)
            self.cases[number].priority = priority

    def extend(self, act: Act, number: int, to: str | datetime) -> None:
        """Move the closure on, to a time that is still to come."""
        case = self.cases[number]
        if case.close is None:
            raise No
        closes = to if isinstance(to, datetime) else later(case.close, to, self.zone)
        if closes <= case.close or closes <= act.at:
            raise No
        self._touch(act, number)
        case.close, case.by_hand = closes, True

    def hold(self, act: Act, number: int, until: str | datetime | None) -> None:
        """Stop the timer, until a time to come or until released."""
        end = later(act.at, until, self.zone) if isinstance(until, str) else until
        if self.cases[number].close is None or (end is not None and end <= act.at):
            raise No
        self._touch(act, number)
        self.cases[number].held, self.cases[number].held_until = True, end

    def release(self, act: Act, number: int) -> None:
        """End a hold."""
        if not self.cases[number].is_held(act.at):
            raise No
        self._touch(act, number)
        self.cases[number].held, self.cases[number].held_until = False, None

    def remind(self, number: int, now: datetime) -> None:
        """Remind in the timer's place."""
        case = self.cases[number]
        if not case.waits_for_a_reminder or not case.email:
            raise No
        self._remind(number, now, reprieve=case.close is not None and now >= case.close)

    def undo(self, agent: str, now: datetime, number: int | None = None) -> None:
        """Take back an agent's last act (on a case), a minute old at most, unless something happened since."""
        own = (act for act in reversed(self.acts) if act.agent == agent and act.is_fresh(now))
        last = next((act for act in own if number is None or number in act.before), None)
        if last is None or last.final or any(self.happened[case][-1] is not last for case in last.before):
            raise No
        after = {case: self.cases[case] for case in last.before}
        for case, before in last.before.items():
            self.cases[case] = replace(before, unread=before.unread and case not in last.seen)
            self.versions[case] += 1
            self.happened[case].remove(last)
        stood = {case: [*self.happened[case]] for case in last.before}
        last.back = Back(now, after, {case: self.news[case] for case in last.before}, stood)
        self.acts.remove(last)
        self.undone.append(last)
        self._repost(last, "waiting", "withdrawn")

    def redo(self, agent: str, now: datetime, number: int | None = None) -> None:
        """Do again what an agent took back last (on a case), a minute ago at most.

        What is done anew is in the way for good, what somebody else took back until it is done again.
        """
        own = (act for act in reversed(self.undone) if act.agent == agent and act.back)
        fresh = ((act, act.back) for act in own if act.back and now - act.back.at <= WINDOW)
        last, back = next(((act, b) for act, b in fresh if number is None or number in act.before), (None, None))
        if last is None or back is None:
            raise No
        if any((self.news[at], self.happened[at]) != (back.news[at], back.stood[at]) for at in last.before):
            raise No
        for case, after in back.after.items():
            self.cases[case] = replace(after, unread=after.unread and case not in back.seen)
            self.versions[case] += 1
            self.happened[case].append(last)
        self.undone.remove(last)
        self.acts.append(last)
        last.again, last.back = now, None
        self._repost(last, "withdrawn", "waiting")

    def set_period(self, now: datetime, status: str, rule: str, period: str, *, move_running: bool) -> None:
        """Change a period for stays to come, and for those that run where that is wanted."""
        wanted = self.periods | {(status, rule): period}
        ends = [later(now, wanted[INPUT, each], self.zone) for each in ("reminder", "closure")]
        if ends[0] >= ends[1]:
            raise No
        self.periods = wanted
        for number, case in self.cases.items():
            if move_running and case.status == status:
                after = replace(case, periods=case.periods | {rule: period})
                self._move_deadlines(number, after, (rule,))

    def set_zone(self, zone: str, *, move_running: bool) -> None:
        """Count on another calendar; a running stay that is moved keeps its periods."""
        self.zone = zone
        for number, case in self.cases.items():
            if move_running and case.close is not None:
                self._move_deadlines(number, replace(case, periods=dict(case.periods)), tuple(case.periods))

    def sweep(self, now: datetime, missed: str) -> dict[str, list[int]]:
        """Do all that is due; ``missed`` says what becomes of those never reminded: close, remind, ask."""
        found: dict[str, list[int]] = {"reminded": [], "closed": [], "held": [], "missed": []}
        for number, case in self.cases.items():
            closes = case.close is not None and now >= case.close
            reminds = case.waits_for_a_reminder and case.remind is not None and now >= case.remind
            if not closes and not reminds:
                continue
            if case.is_held(now) or (closes and case.unread):
                found["held"].append(number)
            elif closes and case.waits_for_a_reminder and missed == "ask":
                found["missed"].append(number)
            elif closes and not (case.waits_for_a_reminder and missed == "remind"):
                found["closed"].append(number)
                self._close(number, now)
            else:
                found["reminded"].append(number)
                self._remind(number, now, reprieve=closes)
        return found

    def ahead(self, now: datetime) -> list[tuple[int, str, datetime, str | None]]:
        """Return what the timer will do with each case, when, and what stops it."""
        acts = []
        for number, case in self.cases.items():
            hold = "hold" if case.is_held(now) else None
            if case.close is not None:
                acts.append((number, "closure", case.close, hold or ("unread" if case.unread else None)))
                if case.waits_for_a_reminder and case.remind is not None and now < case.close:
                    acts.append((number, "reminder", case.remind, hold))
        return sorted(acts, key=lambda act: (act[2], act[0], act[1]))

    def deliver(self, now: datetime, fate: str) -> None:
        """Try every letter that waits and whose time has come; ``fate``: sent, again, never, or down.

        A time more than a day away was set by a clock that has been set back since.
        """
        for letter in self.letters:
            wait = letter.again_at - now if letter.again_at else timedelta(0)
            if letter.state != "waiting" or timedelta(0) < wait <= timedelta(days=1):
                continue
            self._try(letter, now, fate)
            if fate == "down":
                return

    def retry(self, at: int) -> None:
        """Let a letter that has failed wait again, with all its tries."""
        if not self.letters or self.letters[at % len(self.letters)].state != "failed":
            raise No
        letter = self.letters[at % len(self.letters)]
        letter.state, letter.tries, letter.again_at = "waiting", 0, None

    def _touch(self, act: Act, number: int) -> None:
        """Let an act change a case."""
        self._note(act, number)
        self.versions[number] += 1
        self.news[number] += 1
        self.happened[number].append(act)

    def _note(self, act: Act, number: int) -> None:
        if act not in self.acts:
            self.acts.append(act)
        case = self.cases[number]
        act.before[number] = replace(case, periods=dict(case.periods))

    def _enter(self, case: Standing, status: str, now: datetime) -> None:
        """Begin a stay, with its own deadlines and nothing of the one before."""
        case.status, case.stay, case.since = status, case.stay + 1, now
        case.periods = {rule: period for (name, rule), period in self.periods.items() if name == status}
        ends = {rule: later(now, period, self.zone) for rule, period in case.periods.items()}
        case.remind, case.close = ends.get("reminder"), ends.get("closure")
        case.reminded, case.held, case.held_until, case.by_hand = None, False, None, False

    def _move_deadlines(self, number: int, after: Standing, rules: tuple[str, ...]) -> None:
        """Move the deadlines of a running stay: not what was done, nor what an agent has moved himself."""
        case = self.cases[number]
        if "reminder" in rules and case.waits_for_a_reminder:
            after.remind = later(case.since, after.periods["reminder"], self.zone)
        if "closure" in rules and not case.by_hand:
            after.close = later(case.since, after.periods["closure"], self.zone)
        self._keep_order(case, after)
        if (after.remind, after.close) != (case.remind, case.close):
            self._happens(number)
        self.cases[number] = after

    def _keep_order(self, case: Standing, after: Standing) -> None:
        """Let a reminder come before its closure: by today's period where its own is too long, or as before."""
        if after.waits_for_a_reminder and after.remind and after.close and after.remind >= after.close:
            todays = self.periods[INPUT, "reminder"]
            after.remind, after.periods["reminder"] = later(case.since, todays, self.zone), todays
            if after.remind >= after.close:
                after.remind, after.periods["reminder"] = case.remind, case.periods["reminder"]

    def _remind(self, number: int, now: datetime, *, reprieve: bool) -> None:
        case = self.cases[number]
        assert case.remind is not None
        self.done.append(Done(number, case.stay, "reminder", case.remind, now))
        self._post(number, "reminder", None)
        case.reminded = now
        if reprieve:
            case.close, case.by_hand = later(now, "7d", self.zone), True
        self._happens(number)

    def _close(self, number: int, now: datetime) -> None:
        case = self.cases[number]
        assert case.close is not None
        self.done.append(Done(number, case.stay, "closure", case.close, now))
        self._post(number, "closure", None)
        self._enter(case, "closed", now)
        self._happens(number)

    def _happens(self, number: int) -> None:
        """Let something change a case that is no agent's act, and is never taken back."""
        self.versions[number] += 1
        self.news[number] += 1
        self.happened[number].append(None)

    def _post(self, number: int, rule: str, act: Act | None) -> None:
        if self.cases[number].email:
            self.letters.append(Note(number, rule, act))

    def _try(self, letter: Note, now: datetime, fate: str) -> None:
        """Hand over a letter; an address that is refused for good marks its case until somebody has seen it."""
        letter.tries += 1
        letter.again_at = None
        if fate == "sent":
            letter.state = "sent"
        elif fate == "never" or letter.tries > len(PAUSES):
            letter.state = "failed"
        else:
            letter.again_at = now + PAUSES[letter.tries - 1]
        if fate == "never":
            self.cases[letter.number].unread = True
            self._happens(letter.number)

    def _repost(self, act: Act, state: str, then: str) -> None:
        """Withdraw what waits of an act, or the other way round."""
        for letter in self.letters:
            if letter.act is act and letter.state == state:
                letter.state = then
