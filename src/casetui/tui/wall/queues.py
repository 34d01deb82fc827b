"""The queues on the wall: each with how many cases it has and since when the first of them waits."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from casetui.desk.wallboard import Wallboard, merged
from casetui.domain.records import Count
from casetui.domain.workflow import Group, Status, in_group
from casetui.tui.drawing import GROUP_TONES, fit, glyphs
from casetui.tui.wall.tiles import Tile, age
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.panel import Painter

_OPEN = tuple(group for group in Group if group is not Group.CLOSED)
_LABEL, _SHORT, _NUMBER, _AGE, _MARKS = 31, 20, 5, 5, 10
_COLUMN = _SHORT + _NUMBER + _AGE
_LEAST_BAR = 4
_FOLDED = "In Progress (all)"
_BRIEF = {Status.UPDATE_RECEIVED: "Update", Status.CONFIRMATION: "Confirmation"}


class Line(Struct, frozen=True):
    """A queue, some queues that are told as one, or a heading."""

    label: str
    short: str
    pile: Count
    tone: str
    heads: bool = False
    brief: str = ""
    """What a tile calls it that has no room for more."""


def painter(board: Wallboard) -> Painter:
    """Return what paints all queues; where there is little room, without headings, then side by side."""

    def paint(cells: int, rows: int) -> list[list[Part]]:
        blocks = [list(_block(board, group)) for group in _OPEN]
        headed = [line for block in blocks for line in block]
        bare = [line for line in headed if not line.heads]
        if len(headed) + len(blocks) - 1 <= rows:
            spaced = [[*_lines(block, cells, board), []] for block in blocks]
            return [line for block in spaced for line in block][:-1]
        for fitting in (headed, bare, folded(board)):
            if len(fitting) <= rows:
                return _lines(fitting, cells, board)
        columns = max(1, cells // _COLUMN)
        several = bare if len(bare) <= columns * rows else folded(board)
        return _side_by_side(several, columns, cells // columns, rows, board)

    return paint


def folded(board: Wallboard) -> list[Line]:
    """Return the queues with all that is in progress as one."""
    lines = []
    for group in _OPEN:
        if group is Group.IN_WORK:
            lines.append(Line(_FOLDED, _FOLDED, board.total(group), GROUP_TONES[group], brief="In Progress"))
        else:
            lines += [_line(board, status) for status in in_group(group)]
    return lines


def queue_tiles(board: Wallboard, *, fold: bool) -> list[Tile]:
    """Return each queue as a tile."""
    lines = folded(board) if fold else [_line(board, status) for group in _OPEN for status in in_group(group)]
    return [
        Tile(
            (line.short.removeprefix("Pend. "), line.brief or line.short),
            line.pile.total,
            line.tone if line.pile.total else "dim",
            tuple(_words(line.pile, board.at)),
        )
        for line in lines
    ]


def _words(pile: Count, now: datetime) -> Iterator[str]:
    yield f"oldest {_age(pile, now)}" if pile.total else "none"
    if pile.unread:
        yield f"{pile.unread} unread"
    if pile.due:
        yield f"{pile.due} due"


def _line(board: Wallboard, status: Status) -> Line:
    row = status.row
    return Line(row.label, row.short, board.queues[status], GROUP_TONES[row.group], brief=_BRIEF.get(status, ""))


def _block(board: Wallboard, group: Group) -> Iterator[Line]:
    yield Line(group.upper(), group.upper(), board.total(group), "heading", heads=True)
    for status in in_group(group):
        yield _line(board, status)


def _lines(lines: Sequence[Line], cells: int, board: Wallboard) -> list[list[Part]]:
    most = max((pile.total for pile in board.queues.values()), default=0)
    if any(not line.heads and line.label == _FOLDED for line in lines):
        most = max(most, board.total(Group.IN_WORK).total)
    return [_drawn(line, cells, most, board.at) for line in lines]


def _side_by_side(lines: Sequence[Line], columns: int, size: int, rows: int, board: Wallboard) -> list[list[Part]]:
    """Return lines in columns of a size; what finds no room is told by its number."""
    shown = [*lines] if len(lines) <= columns * rows else [line for line in lines if line.pile.total]
    if len(shown) > columns * rows:
        rest = merged([line.pile for line in shown[columns * rows - 1 :]])
        left = len(shown) - columns * rows + 1
        shown = [*shown[: columns * rows - 1], Line(f"{left} more queues", f"{left} more queues", rest, "dim")]
    high = -(-len(shown) // columns)
    made = []
    for at in range(high):
        across = [_drawn(line, size, 0, board.at) for line in shown[at::high]]
        made.append([part for line in across for part in line])
    return made


def _drawn(line: Line, cells: int, most: int, now: datetime) -> list[Part]:
    pile = line.pile
    wide = cells >= _LABEL + _NUMBER + _AGE + _MARKS + _LEAST_BAR
    label = _LABEL if wide else min(_SHORT, cells - _NUMBER - _AGE)
    busy = bool(pile.total)
    name = line.label if wide else line.short
    tone = line.tone if line.heads or not busy else "plain"
    parts: list[Part] = [
        (fit(f" {name}", label), tone if busy or line.heads else "dim"),
        (fit(str(pile.total), _NUMBER, right=True), line.tone if busy else "dim"),
        (fit(_age(pile, now), _AGE, right=True), "plain" if busy else "dim"),
    ]
    used = label + _NUMBER + _AGE
    if wide:
        parts += _marks(pile)
        used += _MARKS
    room = cells - used - 2
    if most and not line.heads and room >= _LEAST_BAR:
        parts += [("  ", "plain"), (fit(_bar(pile.total, most, room), room), line.tone)]
    elif cells > used:
        parts.append((" " * (cells - used), "plain"))
    return parts


def _marks(pile: Count) -> list[Part]:
    """Return how many are unread and how many due, with the marks of the dashboard's list of queues."""
    unread = f"{glyphs.unread}{pile.unread}" if pile.unread else ""
    due = f"{glyphs.due}{pile.due}" if pile.due else ""
    half = _MARKS // 2
    return [(fit(unread, half, right=True), "us"), (fit(due, half, right=True), "alarm")]


def _bar(many: int, most: int, room: int) -> str:
    """Return a bar: a block a case where all have room, else in proportion, and never nothing for something."""
    length = many if most <= room else max(1, round(many * room / most)) if many else 0
    return glyphs.block * length


def _age(pile: Count, now: datetime) -> str:
    return age(pile.since, now) if pile.since is not None else "-"
