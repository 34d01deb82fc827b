"""What is read from the desk: counts, pages of cases, a case with its history, what is due."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from peewee import SQL, NodeList, fn

from casetui.desk.counting import count_queues
from casetui.desk.facts import last_gap, last_run, read_policy
from casetui.desk.ledger import answered, case_of, entries_of, newest_comment, taken_back, with_clones
from casetui.desk.lists import CLOSED, View, beyond, sorted_by
from casetui.domain.clocks import LAST, Clock
from casetui.domain.errors import NoSuchCase
from casetui.domain.policy import Policy
from casetui.domain.query import EVERYTHING, All, Term
from casetui.domain.records import Case, Count, DueAct, Entry
from casetui.domain.sorts import Sort
from casetui.domain.workflow import CommentKind, Rule, Status
from casetui.storage.fulltext import is_common
from casetui.storage.reading import CASE, among
from casetui.storage.search import OPEN, asked_of, condition, holding, is_open
from casetui.storage.sieve import first_holding
from casetui.storage.store import Store
from casetui.storage.tables import Cases, CaseWords, Entries, Letters, Policies

if TYPE_CHECKING:
    from casetui.domain.facets import Facets

_ASKED = 100
"""Words of which it is remembered whether many cases hold them."""


class Board:
    """The desk as it can be read; nothing here writes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._is_common = lru_cache(_ASKED)(partial(is_common, store))

    @property
    def policy(self) -> Policy:
        """The desk's zone and periods."""
        return read_policy(self.store)

    @property
    def last_run(self) -> datetime | None:
        """When the timer last ran, whoever ran it."""
        return last_run(self.store)

    @property
    def last_gap(self) -> tuple[datetime, datetime] | None:
        """From when to when the timer last stood still for so long that it is worth telling."""
        return last_gap(self.store)

    def counts(self, *, ages: bool = False) -> dict[Status, Count]:
        """Return each queue in numbers, with ``ages`` since when its first case waits too; Closed is left out."""
        return count_queues(self.store, self.clock.now(), ages=ages)

    def count(self, view: View) -> int:
        """Return how many cases a list has."""
        if view.term == CLOSED:
            # What is not open, by two statements: 12 ms of a million, where the index of the closed takes 55.
            return int(self.store.value(Cases.select(fn.COUNT(SQL("*"))))) - self._count(OPEN)
        if words := _words_in(view.term):
            # By the index of facts: else each of the half million cases that hold a word is looked up.
            number, held = NodeList((SQL("+"), CaseWords.rowid)), CaseWords.select(fn.COUNT(SQL("*")))
            wanted = Cases.select(Cases.id).where(OPEN if words.within == CLOSED else self._where(words.within))
            among = number.not_in(wanted) if words.within == CLOSED else number.in_(wanted)
            return int(self.store.value(held.where(holding(words.asked) & among)))
        return self._count(self._of(view))

    def after(self, view: View, case: Case | None, limit: int) -> list[Case]:
        """Return the cases that follow ``case`` in a list, or its first ones."""
        return self._page(view, case, limit, backwards=False)

    def before(self, view: View, case: Case | None, limit: int) -> list[Case]:
        """Return the cases right before ``case`` in a list, or its last ones, in the list's order."""
        return self._page(view, case, limit, backwards=True)[::-1]

    def at(self, view: View, index: int, limit: int) -> list[Case]:
        """Return the cases from a place in a list on; a jump, found through the index alone."""
        if view.given:
            return self.cases(self._given(view, None)[0][index : index + limit])
        found = Cases.select(Cases.id).where(self._walked(view.term)).order_by(*sorted_by(view, backwards=False))
        numbers = [number for (number,) in self.store.rows(found.limit(limit).offset(index))]
        return self.cases(numbers)

    def rank(self, view: View, case: Case) -> int:
        """Return how many cases stand before ``case`` in a list."""
        if view.given:
            return self._given(view, case)[1]
        earlier = self._walked(view.term) & beyond(view, case, backwards=True)
        return self._count(earlier)

    def holds(self, view: View, number: int) -> Case | None:
        """Return the case if the list has it."""
        return CASE.first(self.store, CASE.select().where((Cases.id == number) & self._of(view)))

    def facets(self, view: View, total: int, most: int) -> "Facets":
        """Count a list of ``total`` cases by the values that they have; of more than ``most``, those changed last.

        Those of the beginning of the list would be all of one kind, where it is sorted by that.
        """
        from casetui.domain import facets  # noqa: PLC0415 - lists are read without them: half a ms of a command

        columns = [getattr(Cases, field) for field in facets.FIELDS]
        query = Cases.select(*columns).where(self._walked(view.term))
        if total > most:
            newest = replace(view, sort=view.sort and Sort.NEWEST)
            query = query.order_by(*sorted_by(newest, backwards=False)).limit(most)
        return facets.counted(self.store.stream(query), total)

    def cases(self, numbers: Sequence[int]) -> list[Case]:
        """Return cases by number, in the order of the numbers; those that do not exist are left out."""
        query = CASE.select().where(Cases.id.in_(among(numbers)))
        found = {case.number: case for case in CASE.read(self.store, query)}
        return [found[number] for number in numbers if number in found]

    def listed(self, term: Term = EVERYTHING, limit: int = 0, sort: Sort | None = None) -> list[Case]:
        """Return the cases of a query, in an order or unread ones first, then the newest; 0 for all."""
        order = sorted_by(View("", "", term, sort), backwards=False) if sort else (Cases.unread, Cases.id.desc())
        query = CASE.select().where(self._walked(term)).order_by(*order)
        return with_clones(self.store, CASE.read(self.store, query.limit(limit or None)))

    def case(self, number: int) -> Case:
        """Return a case with its clones; raise NoSuchCase."""
        case = case_of(self.store, number)
        if case is None:
            raise NoSuchCase(number)
        return with_clones(self.store, [case])[0]

    def history(self, number: int) -> list[Entry]:
        """Return a case's entries, oldest first."""
        return entries_of(self.store, number)

    def entries(self, number: int) -> int:
        """Return how many entries a case's history has."""
        return int(self.store.value(Entries.select(fn.COUNT(Entries.id)).where(Entries.number == number)))

    def newest(self, number: int, limit: int) -> list[Entry]:
        """Return a case's newest entries, newest first."""
        return entries_of(self.store, number, newest=limit)

    def taken_back(self, number: int) -> set[int]:
        """Return the comments of a case that were taken back, by their ids."""
        return taken_back(self.store, number)

    def answered(self, number: int) -> bool:
        """Say whether a case's newest comment is a public one of ours."""
        return newest_comment(self.store, number) is CommentKind.PUBLIC

    def all_answered(self, numbers: Sequence[int]) -> set[int]:
        """Return those of some cases whose newest comment is a public one of ours."""
        return answered(self.store, numbers)

    def due(
        self,
        until: datetime | None = None,
        limit: int = 0,
        *,
        rules: Collection[Rule] = tuple(Rule),
        owner: str | None = None,
    ) -> list[DueAct]:
        """Return what the timer will do up to ``until``, or ever, in the order in which it falls due.

        Only acts of some ``rules`` where they are given, and only on the cases of an ``owner``.
        """
        from casetui.domain import timer  # noqa: PLC0415 - as above

        now = self.clock.now()
        found = [self._first(rule, until, owner, limit) for rule in rules]
        cases = {case.number: case for some in found for case in some}
        acts = [act for case in cases.values() for act in timer.acts(case, now) if act.rule in rules]
        acts = [act for act in acts if until is None or act.due_at <= until]
        acts.sort(key=lambda act: (act.due_at, act.case.number, act.rule.value))
        return acts[:limit] if limit else acts

    def due_counts(
        self, *ends: datetime, rules: Collection[Rule] = tuple(Rule), owner: str | None = None
    ) -> list[int]:
        """Return how many acts fall due up to each of several instants; of some as for ``due``."""
        return [sum(self.due_count(rule, end, owner) for rule in rules) for end in ends]

    def due_count(self, rule: Rule, end: datetime, owner: str | None = None) -> int:
        """Return how many acts of a rule fall due up to an instant, on the cases of an ``owner`` or on all."""
        return self._count(self._due(rule, end, owner))

    def letters(self) -> tuple[int, int]:
        """Return how many letters wait in the outbox, and how many failed."""
        states = Letters.select(Letters.state, fn.COUNT(Letters.id)).where(
            Letters.state.in_(("waiting", "failed"))
        )
        counts = dict(self.store.rows(states.group_by(Letters.state)))
        return counts.get("waiting", 0), counts.get("failed", 0)

    def agents(self) -> list[str]:
        """Return the names of those who own open cases, in order."""
        owners = Cases.select(Cases.owner).where(OPEN & Cases.owner.is_null(False)).distinct()
        return sorted(owner for (owner,) in self.store.rows(owners))

    def accounts(self) -> list[str]:
        """Return the names of the accounts that have open cases, in order."""
        names = Cases.select(Cases.account).where(OPEN & Cases.account.is_null(False))
        return sorted(name for (name,) in self.store.rows(names.group_by(Cases.account.collate("NOCASE"))))

    def pulse(self) -> tuple[int, ...]:
        """Return what differs when something has happened that a list or a case shows, and not merely a look."""
        counted = (Entries.id, Policies.id)
        return tuple(self.store.value(column.model.select(fn.MAX(column))) or 0 for column in counted)

    def is_empty(self) -> bool:
        """Say whether the desk has no case at all."""
        return self.store.value(Cases.select(Cases.id).limit(1)) is None

    def _of(self, view: View) -> Any:
        """Return what cases a list has."""
        return self._where(view.term)

    def _where(self, term: Term) -> Any:
        return condition(term, self.clock.now())

    def _walked(self, term: Term) -> Any:
        """Return what cases a query finds, for one who reads them in an order, and not all."""
        return condition(term, self.clock.now(), self._is_common)

    def _count(self, wanted: Any) -> int:
        return int(self.store.value(Cases.select(fn.COUNT(Cases.id)).where(wanted)))

    def _page(self, view: View, case: Case | None, limit: int, *, backwards: bool) -> list[Case]:
        if view.given:
            numbers, at = self._given(view, case)
            if backwards:
                return self.cases(numbers[max(0, at - limit) : at] if case else numbers[-limit:])[::-1]
            start = at + (case is not None and case.number in numbers)
            return self.cases(numbers[start : start + limit])
        order = sorted_by(view, backwards=backwards)
        place = SQL("1 = 1") if case is None else beyond(view, case, backwards=backwards)
        if words := _words_in(view.term):
            within = self._where(words.within) & place
            first = first_holding(self.store, within, order, words.asked, limit)
            if first is not None:
                return self.cases(first)
        query = CASE.select().where(self._walked(view.term) & place).order_by(*order)
        return CASE.read(self.store, query.limit(limit))

    def _given(self, view: View, case: Case | None) -> tuple[list[int], int]:
        """Return the numbers of a list that was put together, and how many of them stand before a case."""
        held = {number for (number,) in self.store.rows(Cases.select(Cases.id).where(self._of(view)))}
        place = view.given.index(case.number) if case is not None and case.number in view.given else 0
        numbers = [number for number in view.given if number in held]
        return numbers, sum(number in held for number in view.given[:place])

    def _first(self, rule: Rule, until: datetime | None, owner: str | None, limit: int) -> list[Case]:
        """Return the cases on which a rule will act, those first on which it does so first."""
        query = CASE.select().where(self._due(rule, until or LAST, owner))
        return CASE.read(self.store, query.order_by(_DEADLINES[rule]).limit(limit or None))

    def _due(self, rule: Rule, until: datetime, owner: str | None) -> Any:
        """Return what cases are on which a rule will act up to an instant, as ``domain.timer.acts`` has it."""
        wanted = _DEADLINES[rule] <= until
        if rule is Rule.REMINDER:
            # A negation, which no index fits: else SQLite reads all closures to come, 18 ms of a million.
            wanted &= Cases.reminded_at.is_null() & ~(Cases.close_at <= self.clock.now())
        return wanted if owner is None else wanted & (Cases.owner == owner)


class _Words(Struct, frozen=True):
    """What is asked for a list that is narrowed by nothing but words: the list, and what its cases are to hold."""

    within: Term
    asked: str


def _words_in(term: Term) -> _Words | None:
    """Return how a list of open cases, or of all closed ones, is narrowed by words; None where it is not so."""
    match term:
        case All((within, rest)) if (within == CLOSED or is_open(within)) and (asked := asked_of(rest)):
            return _Words(within, asked)
    return None


_DEADLINES = {Rule.REMINDER: Cases.remind_at, Rule.CLOSURE: Cases.close_at}
