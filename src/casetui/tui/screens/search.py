"""The search: every case in which words were said, as one types them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from casetui.desk.finder import Hit, find, told
from casetui.desk.lists import found
from casetui.domain.errors import BadQuery
from casetui.domain.query import EVERYTHING, Term, sought
from casetui.domain.records import Case
from casetui.tui.bindings import bindings_of
from casetui.tui.bridge import Desk
from casetui.tui.commands import Place
from casetui.tui.drawing import content
from casetui.tui.hands import Hands
from casetui.tui.keymap import key
from casetui.tui.screens.marking import Marking
from casetui.tui.session import Session
from casetui.tui.widgets.filterline import FilterLine
from casetui.tui.widgets.hitlist import HitList
from casetui.tui.widgets.keyline import KeyLine
from casetui.tui.widgets.topline import TopLine

AT_ONCE = 50
"""Cases that are found at first; going to the end of them finds four times as many."""
_HINT = (
    "Type words that were said, or stand in a subject or a name: the case in which they were said last comes"
    ' first.\nA phrase stands in "quotes"; a word of three letters or more may be unfinished.\nConditions narrow:'
    " status:new, owner:me, unread, closed, age>7d, -printer, account:ghent."
)


class Search(Marking):
    """Finds cases by what was said in them."""

    PLACE = Place.SEARCH
    CLEARS = "Back"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.SEARCH)
    AUTO_FOCUS = "Query"
    DEFAULT_CSS = """
    Search #found { height: 1fr; }
    """

    def __init__(self, session: Session, hands: Hands, words: str) -> None:
        super().__init__(session, hands)
        self.words = words
        self.best = False
        self._limit = AT_ONCE
        self._hits: list[Hit] = []
        self._shown = ""

    def compose(self) -> ComposeResult:
        """Draw the lines and the list."""
        yield TopLine()
        yield FilterLine(hint="words that were said, or status:new owner:me age>7d ...", query=self.words)
        yield HitList(self.session.clock, id="found")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin with the words that were asked for."""
        self.session.sought = self.words
        self.list.empty = _HINT
        self.look(self._learn, "names")

    @property
    def list(self) -> HitList:
        """The cases that were found."""
        return self.query_one(HitList)

    async def all_cases(self, most: int) -> Sequence[Case]:
        """Find as many as are asked for, and return them: all that is marked stands in the list."""
        self._limit = max(self._limit, most)
        await self.load()
        return [hit.case for hit in self._hits]

    async def load(self) -> None:
        """Search again, for what stands in the line now."""
        line = self.query_one(FilterLine)
        text, limit, best = line.text, self._limit, self.best
        try:
            read = self.session.read_typed if self.is_typing else self.session.read
            term = read(text, everywhere=True)
        except BadQuery as error:
            line.complain(error)
            return
        line.be_content()
        self._hits = await self.session.bridge.read(lambda desk: _found(desk, term, limit + 1, best=best))
        self.session.stale = ""
        self._draw(text, term)

    def tell(self) -> None:
        """Draw the state of the desk, and the way back."""
        super().tell()
        self.query_one(TopLine).lead = f"< {key('screen.back')}  Search"

    def tick(self) -> None:
        """Draw the ages again."""
        self.list.refresh()

    @on(FilterLine.Typed)
    def _typed(self) -> None:
        self._limit = AT_ONCE
        self.session.sought = self.query_one(FilterLine).text
        self.look(self.load, "load")

    @on(FilterLine.Left)
    def _left(self, event: FilterLine.Left) -> None:
        if event.cleared:
            self.action_back()
        else:
            self.list.focus()
            self.reload(asked=True)

    @on(HitList.Moved)
    def _moved(self) -> None:
        self.case_changed()
        if self.list.is_at_end and len(self._hits) > self._limit:
            self._limit *= 4
            self.reload()

    @on(HitList.Opened)
    def action_open(self) -> None:
        """Open the case, among those that were found."""
        if self.case is not None:
            self.open_case(self.case)

    def open_case(self, case: Case) -> None:
        """Open a case, among those that were found."""
        numbers = tuple(hit.case.number for hit in self._hits[: self._limit])
        self.open_in(found(f"/{self._shown}", numbers), case)

    async def action_ask(self) -> None:
        """Go to the line."""
        await self.query_one(FilterLine).open()

    def action_best(self) -> None:
        """Put the best match first, or what was said last."""
        self.best = not self.best
        self.reload(asked=True)

    async def _learn(self) -> None:
        self.query_one(FilterLine).learn(await self.session.learn())

    def _draw(self, text: str, term: Term) -> None:
        listed = self.list
        listed.zone = self.session.policy.zone
        fewer = f"Fewer words find more: {key('search.line')} goes to the line with them."
        listed.empty = f"No case has /{text}. {fewer}" if text else _HINT
        listed.show(self._hits[: self._limit], sought(term), follow=text == self._shown)
        self._shown = text
        self.draw_title()

    def draw_title(self) -> None:
        """Draw how many were found and in which order, or the marks."""
        order = "best match first" if self.best else "the last said first"
        more = len(self._hits) > self._limit
        many = f"{'the first ' if more else ''}{min(len(self._hits), self._limit)}"
        words = f"Found: {many}  {order}" if self._hits else "Search"
        self.list.border_title = content(self.marked(f"Found: {many}") if self.list.marks else words)


def _found(desk: Desk, term: Term, limit: int, *, best: bool) -> list[Hit]:
    return [] if term == EVERYTHING else told(desk.board, find(desk.board, term, limit, best=best))
