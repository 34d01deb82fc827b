"""A case as one row of a list: which columns fit, and what stands in them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from casetui.domain.clocks import brief, countdown
from casetui.domain.records import Case, Priority
from casetui.domain.timer import acts
from casetui.tui.drawing import GROUP_TONES, PRIORITY_TONES, fit, glyphs
from casetui.tui.widgets.lines import Part


class Column(Struct, frozen=True):
    """A column of the list: its heading, its width in cells, and whether it stands at the right."""

    name: str
    cells: int
    right: bool = False


PRIORITY, FOR = Column("P", 2), Column("For", 4, right=True)
CLOCK, STATUS = Column("Clock", 5, right=True), Column("Status", 19)
OWNER, ACCOUNT, WIDE_ACCOUNT = Column("Owner", 8), Column("Account", 16), Column("Account", 24)
MARKS = 4


def columns(cells: int, *, digits: int = 5, clock: bool = True, status: bool = False) -> list[Column]:
    """Return the columns that fit beside a readable subject: Account goes first, then Owner, then For."""
    case = Column("Case", digits, right=True)
    room = cells - MARKS - 1 - sum(column.cells + 1 for column in (case, PRIORITY))
    shown = {case, PRIORITY}
    wanted = [(FOR, 14), *([(CLOCK, 16)] if clock else []), *([(STATUS, 18)] if status else []),
              (OWNER, 20), (ACCOUNT, 30), (WIDE_ACCOUNT, 70)]  # fmt: skip
    for column, least in wanted:
        gained = ACCOUNT.cells + 1 if column is WIDE_ACCOUNT and ACCOUNT in shown else 0
        if room + gained - column.cells - 1 >= least:
            room += gained - column.cells - 1
            shown.add(column)
    if WIDE_ACCOUNT in shown:
        shown.discard(ACCOUNT)
    subject = Column("Subject", max(4, room))
    order = (case, PRIORITY, FOR, CLOCK, STATUS, subject, ACCOUNT, WIDE_ACCOUNT, OWNER)
    return [column for column in order if column in shown or column is subject]


def headings(shown: Sequence[Column]) -> str:
    """Return the line above the rows."""
    names = [fit(column.name, column.cells, right=column.right) for column in shown]
    return " " * (MARKS + 1) + " ".join(names)


def cells(case: Case, shown: Sequence[Column], now: datetime, *, changed: bool = False) -> Iterator[Part]:
    """Return a row behind the cursor's mark: changed, unread, due or held, then the columns."""
    yield (glyphs.changed if changed else " "), "us"
    yield (glyphs.unread if case.unread else " "), "us"
    if case.held(now):
        yield glyphs.held, "customer"
    else:
        late = any(act.due_at <= now for act in acts(case, now)[:1])
        yield (glyphs.due if late else " "), "alarm"
    for column in shown:
        text, tone = _cell(column, case, now)
        yield " " + fit(text, column.cells, right=column.right), tone


def age(case: Case, now: datetime) -> str:
    """Return what of a row reads differently as time goes by."""
    return f"{brief(now - case.status_since)} {_clock(case, now)}"


def _cell(column: Column, case: Case, now: datetime) -> Part:
    match column.name:
        case "Case":
            return str(case.number), "dim"
        case "P":
            return case.priority.short, PRIORITY_TONES[case.priority]
        case "For":
            return brief(now - case.status_since), "dim"
        case "Clock":
            return _clock(case, now)
        case "Status":
            return case.status.row.short, GROUP_TONES[case.status.row.group]
        case "Account":
            return case.account or "-", "dim"
        case "Owner":
            return case.owner or "-", "dim"
        case _:
            return case.subject, "bold" if case.unread or case.priority is Priority.DOWN else "plain"


def _clock(case: Case, now: datetime) -> Part:
    ahead = acts(case, now)
    if not ahead:
        return "", "dim"
    if case.held(now):
        return "held", "customer"
    return countdown(ahead[0].due_at, now), "alarm" if ahead[0].due_at <= now else "plain"
