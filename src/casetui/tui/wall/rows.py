"""What is next on the clock, and what happened last, as lines of the wall."""

from collections.abc import Sequence
from datetime import datetime

from casetui.desk.wallboard import Change, Wallboard
from casetui.domain.clocks import zone_of
from casetui.domain.records import CUSTOMER, TIMER, Case, DueAct, Entry, Priority, What
from casetui.domain.safe import clean
from casetui.domain.workflow import CommentKind, Rule, Status
from casetui.tui.drawing import GROUP_TONES, fit, glyphs, number
from casetui.tui.wall.tiles import ahead_of
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.panel import Painter

_WIDE, _WIDER = 62, 96
"""Cells from which on a line has room for status and account, and for the subject."""
_ACCOUNT, _WORDS = 20, 36


def clock(board: Wallboard, *, subjects: bool) -> Painter:
    """Return what paints the acts of the timer that come next."""

    def paint(cells: int, rows: int) -> Sequence[Sequence[Part]]:
        if not board.acts:
            return [[(" Nothing will fall due: no case has a clock.", "dim")]]
        return [_act(act, board.at, cells, subjects=subjects) for act in board.acts[:rows]]

    return paint


def changes(board: Wallboard, *, subjects: bool) -> Painter:
    """Return what paints the changes that were made last."""
    zone = zone_of(board.policy.zone)

    def paint(cells: int, rows: int) -> Sequence[Sequence[Part]]:
        if not board.changes:
            return [[(" Nothing has happened yet.", "dim")]]
        now = board.at.astimezone(zone)
        return [_change(change, now, cells, subjects=subjects) for change in board.changes[:rows]]

    return paint


def _act(act: DueAct, now: datetime, cells: int, *, subjects: bool) -> list[Part]:
    late, closure, case = act.due_at <= now, act.rule is Rule.CLOSURE, act.case
    held = {"hold": "held", "unread": "unread"}.get(act.held or "")
    what, tone = (held, "customer") if held else ("CLOSE", "bold") if closure else ("remind", "plain")
    parts: list[Part] = [
        (fit(ahead_of(act.due_at, now), 6, right=True), "customer" if held else "alarm" if late else "plain"),
        (f" {fit(what, 6)}", tone),
        (f"{fit(number(case), 8, right=True)} ", "dim"),
    ]
    room = cells - 22
    if cells >= _WIDE:
        parts.append((f"{fit(case.status.row.short, 19)} ", GROUP_TONES[case.status.row.group]))
        room -= 20
    return [*parts, *_named(case, room, cells, subjects=subjects)]


def _change(change: Change, now: datetime, cells: int, *, subjects: bool) -> list[Part]:
    case = change.case
    words, tone = told(change)
    parts: list[Part] = [
        (f" {fit(_when(change.entry.at, now), 6)}", "dim"),
        (f"{fit(number(case), 8, right=True)} ", "dim"),
    ]
    room = cells - 16
    if cells < _WIDE:
        return [*parts, (fit(f"{words}  {case.account or ''}", room), tone)]
    size = min(_WORDS, room // 2)
    return [*parts, (f"{fit(words, size)} ", tone), *_named(case, room - size - 1, cells, subjects=subjects)]


def _named(case: Case, room: int, cells: int, *, subjects: bool) -> list[Part]:
    """Return whose case it is, and what it is about where the line has room; one of no account has only that."""
    if subjects and cells >= _WIDER:
        account = max(_ACCOUNT, room // 3)
        return [(f"{fit(case.account or '-', account)} ", "plain"), (fit(case.subject, room - account - 1), "dim")]
    return [(fit(case.account or (case.subject if subjects else "-"), room), "plain")]


def told(change: Change) -> tuple[str, str]:
    """Return what happened in a few words, without a word of what anybody wrote, and its tone."""
    entry = change.entry
    if entry.what is What.OPENED:
        priority = change.case.priority
        return f"NEW {priority.short}", "alarm" if priority is Priority.DOWN else "us"
    if entry.what is What.MOVED and entry.target is not None:
        return _moved(entry, entry.target), GROUP_TONES[entry.target.row.group]
    if entry.what is What.COMMENTED:
        said = {
            CommentKind.CUSTOMER: ("customer replied", "us"),
            CommentKind.PUBLIC: (f"answered {_by(entry)}", "plain"),
            CommentKind.INTERNAL: (f"note {_by(entry)}", "dim"),
        }
        return said[entry.kind or CommentKind.INTERNAL]
    if entry.what is What.ASSIGNED:
        return f"owner {clean(entry.note or '').replace(' -> ', f' {glyphs.arrow} ')}", "plain"
    if entry.what is What.UNREACHABLE:
        return "not reachable by mail", "alarm"
    return f"{entry.what.value} {_by(entry)}", "plain"


def _moved(entry: Entry, target: Status) -> str:
    if target is Status.CLOSED:
        return f"closed {_by(entry)}"
    name = "REOPENED" if target is Status.REOPENED else target.row.short
    if entry.by == CUSTOMER and entry.note:
        return f"customer replied {glyphs.arrow} {name}"
    return f"{glyphs.arrow} {name} {_by(entry)}"


def _by(entry: Entry) -> str:
    if entry.by == CUSTOMER:
        return "by the customer"
    return "by the timer" if entry.by.partition(":")[0] == TIMER else f"by {clean(entry.by)}"


def _when(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return local.strftime("%H:%M" if local.date() == now.date() else "%d %b")
