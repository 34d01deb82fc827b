"""The help: the keys that work here, the statuses, the clocks, the desk; it can be searched and it runs keys."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from casetui.tui import keyboard, pages
from casetui.tui.bindings import bound
from casetui.tui.drawing import Static, content
from casetui.tui.keymap import key
from casetui.tui.session import Session
from casetui.tui.widgets.filterline import FilterLine
from casetui.tui.widgets.rowlist import RowList

_TITLES = ("1 Keys", "2 Statuses", "3 Clocks", "4 Desk")
_EXPLAINED = 2


class Help(ModalScreen[str]):
    """Four pages over the screen that was left; its result is a key to press there."""

    AUTO_FOCUS = "RowList"
    DEFAULT_CSS = """
    Help { align: center middle; }
    Help #box {
        width: 100%; max-width: 150; height: 100%; background: $surface;
        border: round $primary; border-title-color: $text; border-subtitle-color: $text-muted;
    }
    Help #rows { height: 1fr; }
    Help #more { height: 5; padding: 0 1; border-top: solid $foreground 22%; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.HELP)

    def __init__(self, session: Session, active: Mapping[str, ActiveBinding], *, page: int = 1) -> None:
        super().__init__()
        self.page = page
        policy = session.policy
        self.pages = (
            pages.keys(active, lambda each: self.app.get_key_display(each.binding)),
            pages.statuses(policy),
            pages.clocks(policy),
            pages.desk(session),
        )

    def compose(self) -> ComposeResult:
        """Draw the box."""
        with Vertical(id="box") as box:
            leave = f"{key('help.run')} does it   {key('help.leave')} close"
            box.border_subtitle = content(f"1-4 pages   {key('help.find')} find   {leave}")
            yield FilterLine(hint="a word")
            yield RowList(id="rows")
            yield Static(id="more")

    def on_mount(self) -> None:
        """Show the first page."""
        self.action_page(self.page)

    def action_page(self, page: int) -> None:
        """Show a page."""
        self.page = page
        self.query_one(FilterLine).clear()
        titles = [title.upper() if at == page else title for at, title in enumerate(_TITLES, 1)]
        self.query_one("#box").border_title = content("Help   " + "   ".join(titles))
        self.query_one("#more").display = page == _EXPLAINED
        rows = self.query_one(RowList)
        rows.show(self.pages[page - 1])
        rows.focus()

    def action_turn(self, step: int) -> None:
        """Show the next page."""
        self.action_page((self.page - 1 + step) % len(self.pages) + 1)

    async def action_find(self) -> None:
        """Find a word on all pages."""
        await self.query_one(FilterLine).open()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    @on(FilterLine.Typed)
    def _typed(self) -> None:
        wanted = self.query_one(FilterLine).text.lower().split()
        if wanted:
            self.query_one("#box").border_title = content("Help   found on all pages")
            self.query_one(RowList).show(lambda cells: self._found(wanted, cells))

    @on(FilterLine.Left)
    def _left(self, event: FilterLine.Left) -> None:
        if event.cleared or not self.query_one(FilterLine).text:
            self.action_page(self.page)
        self.query_one(RowList).focus()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        self.query_one("#more", Static).update(content(event.row.more if event.row else ""))

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        if event.row.press:
            self.dismiss(event.row.press)

    def _found(self, wanted: list[str], cells: int) -> list[pages.Row]:
        rows = [row for page in self.pages for row in page(cells) if all(word in row.words for word in wanted)]
        none = f"  Nothing is said of that. {key('filter.clear')} shows the pages."
        return rows or [pages.Row(((none, "dim"),))]
