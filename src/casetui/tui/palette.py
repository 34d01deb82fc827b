"""The command palette: what can be done here, every queue and view by name, and any case by its number."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from casetui.desk.lists import queue
from casetui.domain.errors import CasetuiError
from casetui.domain.looks import THEMES
from casetui.tui.commands import commands_of
from casetui.tui.drawing import content, fit
from casetui.tui.screens.desk_screen import DeskScreen

_SUBJECT = 50
_SURE = 1_000.0
"""A score above all that the matcher gives."""
_ALIASES = {
    "q": ("Quit", "Leave"),
    "q!": ("Quit now",),
    "quit": ("Quit", "Quit now"),
    "h": ("Help",),
    "help": ("Help",),
}
"""What other programs call our commands; of several the first that there is on a screen stands first."""


def _lit(matcher: Matcher, name: str) -> Content:
    """Return a name with the letters that match lit; Textual's own way reads a view's name as markup."""
    lit = content(name)
    for at in matcher.fuzzy_search.match(matcher.query, name)[1]:
        lit = lit.stylize(matcher.match_style, at, at + 1)
    return lit


class DeskCommands(Provider):
    """Finds commands for the screen that the palette was opened on."""

    async def discover(self) -> Hits:
        """Offer all commands of the screen."""
        for name, does, run in self._offered():
            yield DiscoveryHit(content(name), run, text=name, help=does)

    async def search(self, query: str) -> Hits:
        """Offer what fits the query, a case where it is a number."""
        wanted = query.strip().lstrip("#:").lower()
        if wanted.isdecimal() and (hit := await self._case(int(wanted))):
            yield hit
            return
        matcher = self.matcher(wanted)
        for name, does, run in self._offered():
            alike = _ALIASES.get(wanted, ())
            score = _SURE - alike.index(name) if name in alike else matcher.match(name)
            if score > 0:
                yield Hit(score, _lit(matcher, name), run, text=name, help=does)

    async def _case(self, number: int) -> Hit | None:
        screen = self.screen
        if not isinstance(screen, DeskScreen) or not screen.OPENS_CASES or number >= 1 << 62:
            return None
        try:
            case = await screen.session.bridge.read(lambda desk: desk.board.case(number))
        except CasetuiError:
            return None
        name = content(f"Open case {number}  {fit(case.subject, _SUBJECT).rstrip()}")
        among = partial(screen.open_in, queue(case.status), case)  # this list may not have it
        return Hit(_SURE, name, among, text=str(number), help=case.status.label)

    def _offered(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        screen = self.screen
        if not isinstance(screen, DeskScreen):
            return
        for command in commands_of(screen.PLACE):
            if not command.id.startswith(("view.", "peek.")) and screen.why_not(command) is None:
                run = partial(screen.app.run_action, command.action, screen)
                yield command.word, command.does, run
        yield from screen.more_commands()
        for theme in THEMES:
            wanted = partial(screen.post_message, DeskScreen.ThemeWanted(theme))
            yield f"Theme: {theme}", "Draw in these colours for this sitting.", wanted
        yield "Quit now", "Quit at once; drafts are kept.", screen.app.action_quit
