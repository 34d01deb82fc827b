"""Lists of cases that can be paged: the queue of a status, a view, what a search has found; and their orders."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from peewee import SQL, NodeList, Ordering, Tuple

from casetui.domain.query import All, Changed, Either, Flag, Is, Term, open_unless_said, parse
from casetui.domain.records import Case
from casetui.domain.sorts import Sort
from casetui.domain.views import WAITS_ON_ME, Saved, Views
from casetui.domain.workflow import Status
from casetui.storage.search import NEVER, NEXT_ACT, is_closed, is_open, walks_closed
from casetui.storage.tables import Cases


class Order(Struct, frozen=True, eq=False):
    """How a list of cases is sorted: the columns, most significant first; the last one makes it total."""

    columns: tuple[Any, ...]
    descends: bool = False
    """Whether the list begins with the greatest."""


ORDERS = {
    Sort.URGENCY: Order((Cases.unread, Cases.priority, Cases.status_since, Cases.id)),
    Sort.WAITING: Order((Cases.status_since, Cases.id)),
    Sort.NEWEST: Order((Cases.updated_at, Cases.id), descends=True),
    Sort.DEADLINE: Order((NEXT_ACT, Cases.id)),
    Sort.PRIORITY: Order((Cases.priority, Cases.status_since, Cases.id)),
}
VIEW = "view:"
"""What the key of a list begins with that is a view, and not the queue of a status."""
CLOSED = Flag("closed")
CLOSED_LAST = Order((Cases.closed_at, Cases.id), descends=True)
"""The latest closed first: the order of the closed cases, which are too many for another."""


class View(Struct, frozen=True):
    """A list of cases that can be paged: which cases, in which order, under which name, by which query."""

    key: str
    label: str
    term: Term
    sort: Sort | None = Sort.URGENCY
    """None where there may be many closed cases: they stand in one order, the latest first."""
    given: tuple[int, ...] = ()
    """The cases of a list that was put together, in its order; ``sort`` has no say there."""
    query: str = ""

    @property
    def order(self) -> Order:
        """The columns that it is sorted by."""
        if self.sort is None:
            return CLOSED_LAST if is_closed(self.term) else ORDERS[Sort.NEWEST]
        return ORDERS[self.sort]

    def narrowed(self, term: Term) -> "View":
        """Return the same list, of only those cases for which ``term`` holds too."""
        return replace(self, term=All((self.term, term)))


def queue(status: Status) -> View:
    """Return the cases of one status, which for Closed begin with the latest."""
    if status is Status.CLOSED:
        return View(status.value, status.label, CLOSED, None, query="closed")
    term = All((Flag("open"), Is("status", (status,))))
    return View(status.value, status.label, term, query=f"status:{status.value}")


def found(label: str, numbers: tuple[int, ...]) -> View:
    """Return the cases that a search has found, in the order in which it has them."""
    return View("found", label, Is("number", numbers), given=numbers)


def named(saved: Saved, agent: str, views: Views) -> View:
    """Return a view as a list of cases, for an agent."""
    term = open_unless_said(parse(saved.query, me=agent, views=views.queries))
    sort = None if walks_closed(term) else saved.sort
    return View(f"{VIEW}{saved.key}", saved.name, term, sort, query=saved.query)


def for_me(agent: str) -> Term:
    """Return what an agent goes to next: what others have changed, and what waits on the agent."""
    return Either((Changed(agent), parse(WAITS_ON_ME.query, me=agent)))


def _columns(view: View) -> list[Any]:
    """Return the columns of a list's order, written so that the planner takes no index of all cases for it."""
    first, *others = view.order.columns
    walks_all = first is Cases.unread and not is_open(view.term)
    return [NodeList((SQL("+"), first)) if walks_all else first, *others]


def sorted_by(view: View, *, backwards: bool) -> list[Any]:
    """Return what a list is ordered by, or its reverse."""
    return [Ordering(column, "DESC" if view.order.descends != backwards else "ASC") for column in _columns(view)]


def beyond(view: View, case: Case, *, backwards: bool) -> Any:
    """Return the condition of standing after ``case`` in a list, or before it: one row-value comparison."""
    place = Tuple(*(_value(column, case) for column in view.order.columns))
    columns = Tuple(*_columns(view))
    return columns < place if view.order.descends != backwards else columns > place


def _value(column: Any, case: Case) -> Any:
    """Return what a case has in a column of an order, as the database keeps it."""
    if column is NEXT_ACT:
        ahead = case.remind_at if case.reminded_at is None else None
        first = min((at for at in (ahead, case.close_at) if at is not None), default=None)
        return NEVER if first is None else Cases.close_at.db_value(first)
    return column.db_value(case.number if column.name == "id" else getattr(case, column.name))
