"""The wall: the whole desk at one glance, for a screen that a team looks up at; it only shows."""

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from casetui.desk.wallboard import Wallboard
from casetui.domain.clocks import midnight
from casetui.tui.bindings import bindings_of
from casetui.tui.bridge import Desk
from casetui.tui.commands import Place
from casetui.tui.hands import Hands
from casetui.tui.keymap import command_on, key
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.session import Session
from casetui.tui.wall import days, queues, rows, tiles
from casetui.tui.whynot import why_not
from casetui.tui.widgets.keyline import KeyLine, KeyWord
from casetui.tui.widgets.panel import Panel
from casetui.tui.widgets.room import Room
from casetui.tui.widgets.wallline import WallLine

STAMP = 5.0
"""Seconds between two stamps of freshness; what others change is shown within a second all the same."""
SILENT = timedelta(seconds=15)
"""How long the database may take for an answer before the board is called stale."""
PAGES = ("all", "queues", "next", "last", "days")
_QUEUES = 14
_DAYS = 14
_FOLDED_UNDER = 100
_TILES = ("", "", "", "more", "more", "", "most", "most")
"""Which tiles wait for a wider screen."""


class Wall(DeskScreen):
    """Numbers that are read from across a room, the queues, what is next on the clock, and what changed last."""

    PLACE = Place.WALL
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.WALL)
    AUTO_FOCUS = None
    OPENS_CASES = False
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-flat"),
        (15, "-low"),
        (20, "-tall"),
        (30, "-taller"),
        (50, "-tallest"),
        (80, "-huge"),
    ]
    DEFAULT_CSS = """
    Wall .tile, Wall #piles, Wall #days, Wall #next, Wall #last {
        border: round $foreground 22%;
        border-title-color: $text;
        border-subtitle-color: $text;
        border-title-style: none;
    }
    Wall #tiles { height: 7; layout: horizontal; }
    Wall .tile { width: 1fr; height: 1fr; }
    Wall.-taller #tiles { height: 9; }
    Wall.-tallest #tiles { height: 11; }
    Wall.-huge #tiles { height: 19; }
    Wall.-flat #tiles { display: none; }
    Wall.-narrow .more, Wall.-one .more, Wall .most { display: none; }
    Wall.-three .most { display: block; }

    Wall #now, Wall #ahead { width: 1fr; height: 1fr; layout: vertical; }
    Wall #piles, Wall #days { height: 1fr; }
    Wall #days { display: none; }
    Wall.-three.-tallest #piles, Wall.-three.-huge #piles { height: 23; }
    Wall.-three.-tallest #days, Wall.-three.-huge #days { display: block; }
    Wall #next, Wall #last { height: 1fr; }
    Wall #grid { display: none; height: 1fr; layout: grid; grid-size: 5 3; }
    Wall.-narrow #grid, Wall.-one #grid { grid-size: 4 3; }
    Wall.-narrow #ahead, Wall.-low #ahead, Wall.-flat #ahead { display: none; }
    Wall.-low #piles, Wall.-flat #piles { border: none; }

    Wall.-page-queues #grid { display: block; }
    Wall.-page-queues #tiles, Wall.-page-queues #body, Wall.-page-queues #ahead { display: none; }
    Wall.-narrow.-page-queues #grid, Wall.-low.-page-queues #grid, Wall.-flat.-page-queues #grid { display: none; }
    Wall.-narrow.-page-queues #body { display: block; }
    Wall.-low.-page-queues #body, Wall.-flat.-page-queues #body { display: block; }
    Wall.-page-next #ahead, Wall.-page-last #ahead { display: block; }
    Wall.-page-next #now, Wall.-page-last #now, Wall.-page-days #ahead { display: none; }
    Wall.-page-next #last, Wall.-page-last #next, Wall.-page-days #piles { display: none; }
    Wall.-page-days #days { display: block; }
    """

    def __init__(
        self, session: Session, hands: Hands, *, subjects: bool = True, rotate: int | None = None
    ) -> None:
        super().__init__(session, hands)
        self.subjects = subjects
        """Whether the words of customers are shown at all."""
        self.rotate = rotate
        self.page = PAGES[0]
        self.board: Wallboard | None = None
        self.paused: datetime | None = None
        self._first: Wallboard | None = None
        """The desk as it was when this wall first saw it on this day."""

    def compose(self) -> ComposeResult:
        """Draw the line of state, the tiles, the queues, what is next and what was last."""
        yield WallLine()
        with Room(id="tiles"):
            for at, wide in enumerate(_TILES):
                yield Panel(id=f"tile-{at}", classes=f"tile {wide}")
        with Room(id="body"):
            with Room(id="now"):
                yield Panel(id="piles")
                yield Panel(id="days")
            with Room(id="ahead"):
                yield Panel(id="next")
                yield Panel(id="last")
        with Room(id="grid"):
            for at in range(_QUEUES):
                yield Panel(id=f"queue-{at}", classes="tile")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin to stamp, and to turn the pages where that is wanted."""
        self.set_interval(STAMP, self.tell)
        if self.rotate:
            self.set_interval(self.rotate, self._turn)

    async def load(self) -> None:
        """Read the whole board."""
        board = await self.session.bridge.read(partial(_take, most=self.app.size.height))
        self.session.policy, self.session.stale, self.session.seen = board.policy, "", board.at
        if self._first is None or self._day(self._first) != self._day(board):
            self._first = board
        self.board = board
        self.tell()
        self._draw()

    def reload(self, *, asked: bool = False) -> None:
        """Read again, unless the board is to stand still."""
        if self.paused is None:
            super().reload(asked=asked)

    def tell(self) -> None:
        """Draw the state of the desk; one that has not answered for long is stale, whatever it shows."""
        super().tell()
        for line in self.query(WallLine):  # of which there is none while the program ends
            self._stamp(line)

    def _stamp(self, line: WallLine) -> None:
        now, seen = self.session.clock.now(), self.session.seen
        line.fresh = f"{self.session.local(seen):%H:%M:%S}" if seen else ""
        if seen and not line.stale and now - seen > SILENT:
            line.stale = f"STALE since {line.fresh}: the database does not answer."
        goes_on = f"{key('wall.pause')} goes on"
        line.paused = f"PAUSED since {self.session.local(self.paused):%H:%M:%S}, {goes_on}" if self.paused else ""

    def on_resize(self) -> None:
        """Paint for what there is room for now, once it has its place."""
        self.call_after_refresh(self._draw)

    def on_key(self, event: events.Key) -> None:
        """Say why a key that would write elsewhere does nothing."""
        command = command_on(Place.QUEUES, event.key)
        if command is not None and command.writes and (sentence := why_not(command, None, read_only=True)):
            self.notify(sentence, severity="warning", timeout=3)

    def action_pause(self) -> None:
        """Have the board stand still, or go on."""
        self.paused = None if self.paused else self.session.clock.now()
        self.tell()
        self.reload(asked=True)

    def action_page(self, step: int) -> None:
        """Show the next page, round their end."""
        self.page = PAGES[(PAGES.index(self.page) + step) % len(PAGES)]
        for page in PAGES:
            self.set_class(page == self.page, f"-page-{page}")

    def action_leave(self) -> None:
        """Quit, after asking."""
        from casetui.tui.deeds import leave  # noqa: PLC0415 - read when first wanted

        self.hands.begin(leave(self.hands))

    def aside(self) -> KeyWord:
        """Say to whoever walks past that nothing can go wrong here."""
        return KeyWord("read-only:", "no key changes anything", "")

    def _turn(self) -> None:
        if self.app.screen is self and self.paused is None:
            self.action_page(1)

    def _day(self, board: Wallboard) -> object:
        return self.session.local(board.at).date()

    def _draw(self) -> None:
        board, first = self.board, self._first
        if board is None or first is None or not self.query(WallLine):
            return
        began = f"{self.session.local(first.at):%H:%M}"
        self._draw_tiles("tile", tiles.tiles(board, first, began))
        self._draw_grid(board)
        piles, ahead, last = (self.query_one(f"#{name}", Panel) for name in ("piles", "next", "last"))
        piles.entitle(("Queues: cases, longest wait",))
        piles.show(queues.painter(board))
        ahead.entitle(("Next on the clock",))
        ahead.show(rows.clock(board, subjects=self.subjects))
        last.entitle(("Last changes",))
        last.show(rows.changes(board, subjects=self.subjects))
        lately = self.query_one("#days", Panel)
        lately.entitle((f"Opened and closed, the last {_DAYS} days",))
        lately.show(days.painter(board.days, board.policy.zone))

    def _draw_grid(self, board: Wallboard) -> None:
        drawn = queues.queue_tiles(board, fold=self.size.width < _FOLDED_UNDER)
        for at in range(_QUEUES):
            self.query_one(f"#queue-{at}", Panel).display = at < len(drawn)
        self._draw_tiles("queue", drawn)

    def _draw_tiles(self, kind: str, shown: list[tiles.Tile]) -> None:
        panels = [self.query_one(f"#{kind}-{at}", Panel) for at in range(len(shown))]
        size = tiles.digits([tile for tile, panel in zip(shown, panels, strict=True) if panel.display])
        for tile, panel in zip(shown, panels, strict=True):
            panel.entitle(tile.titles, tile.captions)
            panel.show(tile.painter(size))


def _take(desk: Desk, most: int) -> Wallboard:
    board = desk.board
    until = midnight(board.clock.now(), board.policy.zone)
    begins = [until - timedelta(days=days) for days in range(_DAYS, 0, -1)]
    return Wallboard.take(board, days=begins, until=until, most=most)
