"""The tiles of the wall: the numbers that a team looks up at, each with what it means."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from casetui.desk.wallboard import Ahead, Pile, Wallboard
from casetui.domain.clocks import brief, countdown
from casetui.domain.records import Count
from casetui.domain.workflow import Group
from casetui.tui.drawing import fit, width
from casetui.tui.wall.numerals import drawn
from casetui.tui.widgets.lines import Part
from casetui.tui.widgets.panel import Painter

_MINUTE = timedelta(minutes=1)


class Tile(Struct, frozen=True):
    """A number that is read from far away: its name, its tone, and words that explain it, the first ones first."""

    titles: Sequence[str]
    """Its name, and shorter ones."""
    number: int
    tone: str
    words: Sequence[str] = ()

    @property
    def captions(self) -> Sequence[str]:
        """What stands in the frame below the number, and the same in short."""
        caption = self.words[0] if self.words else ""
        return caption, caption.replace("oldest ", "").partition(" since ")[0]

    def painter(self, digits: int) -> Painter:
        """Return what paints the number as large as one of so many ``digits``, and beneath it further words."""

        def paint(cells: int, rows: int) -> list[list[Part]]:
            lines = drawn(self.number, cells, rows, digits)
            free = max(0, rows - len(lines))
            above = free // 3
            painted: list[list[Part]] = [[] for _ in range(above)]
            painted += [[(_middle(line, cells), self.tone)] for line in lines]
            words = self.words[1 : max(1, free - above)]
            return [*painted, [], *([(_middle(word, cells), "plain")] for word in words)]

        return paint


def tiles(board: Wallboard, first: Wallboard, began: str) -> list[Tile]:
    """Return the tiles in their order; ``first`` is how the desk was when the day ``began`` for this wall."""
    us, us_then = board.total(Group.WAITS_ON_US), first.total(Group.WAITS_ON_US)
    everything = board.all_open
    return [
        Tile(("WAITS ON US", "ON US"), us.total, _tone(us.total, "us"),
             (*_oldest(us, board.at), f"{us.total - us_then.total:+} since {began}", *_some(us.unread, "unread"))),
        Tile(("OVERDUE",), board.overdue, _tone(board.overdue, "alarm"), tuple(_late(board))),
        Tile(("UNASSIGNED", "NOBODY'S"), board.unassigned.total, _tone(board.unassigned.total, "warn"),
             (*_oldest(board.unassigned, board.at), *_some(board.unassigned.marked, "P1"))),
        Tile(("REOPENED",), board.reopened.total, _tone(board.reopened.total, "warn"),
             (*_some(board.reopened.marked, "P1"), *_oldest(board.reopened, board.at))),
        Tile(("REMIND TODAY", "REMIND"), board.reminders.today, _tone(board.reminders.today, "customer"),
             (_next(board.reminders, board.at),)),
        Tile(("CLOSE TODAY", "CLOSE"), board.closures.today, _tone(board.closures.today, "customer"),
             (_next(board.closures, board.at),)),
        Tile(("P1 OPEN",), board.urgent.total, _tone(board.urgent.total, "alarm"),
             (*_some(board.urgent.marked, "unassigned"), *_oldest(board.urgent, board.at))),
        Tile(("ALL OPEN",), everything.total, _tone(everything.total, "bold"),
             (f"{everything.total - first.all_open.total:+} since {began}", *_oldest(everything, board.at))),
    ]  # fmt: skip


def digits(shown: Sequence[Tile]) -> int:
    """Return how many digits the largest number of some tiles has: all are drawn as large as that."""
    return max(len(str(tile.number)) for tile in shown)


def age(since: datetime, now: datetime) -> str:
    """Return for how long something waits; it is drawn again once a minute, so seconds would not be true."""
    return brief(now - since) if now - since >= _MINUTE else "<1m"


def ahead_of(deadline: datetime, now: datetime) -> str:
    """Return how far off a deadline is, signed, as truly as what is drawn once a minute can tell."""
    return countdown(deadline, now) if abs(deadline - now) >= _MINUTE else "now"


def _tone(number: int, tone: str) -> str:
    return tone if number else "dim"


def _oldest(pile: Pile | Count, now: datetime) -> Iterator[str]:
    if pile.since is not None:
        yield f"oldest {age(pile.since, now)}"


def _some(many: int, word: str) -> Iterator[str]:
    if many:
        yield f"{many} {word}"


def _late(board: Wallboard) -> Iterator[str]:
    if board.overdue and board.acts:
        yield f"!! oldest {age(board.acts[0].due_at, board.at)}"
    else:
        yield "none late"


def _next(ahead: Ahead, now: datetime) -> str:
    return f"next {ahead_of(ahead.next_at, now)}" if ahead.next_at else "none ahead"


def _middle(text: str, cells: int) -> str:
    return fit(" " * max(0, (cells - width(text)) // 2) + text, cells)
