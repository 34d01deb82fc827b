"""The full-screen program: it opens the desk, keeps the timer going, and shows one screen above the other."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.notifications import Notify, SeverityLevel
from textual.screen import Screen
from textual.widget import MountError
from textual.worker import WorkerFailed

from casetui import crash
from casetui.desk.lists import found
from casetui.domain.errors import CasetuiError
from casetui.domain.looks import Looks
from casetui.domain.records import Case
from casetui.domain.safe import clean, clean_lines
from casetui.tui import keyboard
from casetui.tui.attire import dress, wear
from casetui.tui.bindings import bound
from casetui.tui.frames import leaning
from casetui.tui.hands import Hands
from casetui.tui.hearing import hearing
from casetui.tui.heart import Heart
from casetui.tui.keymap import key, use
from casetui.tui.keynames import shown
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.screens.queues import Queues
from casetui.tui.session import Session
from casetui.tui.strips import lighten
from casetui.tui.toasts import Toast, clear_away
from casetui.tui.typeahead import TypeAhead
from casetui.tui.widgets.topline import TopLine

if TYPE_CHECKING:
    from textual.command import Provider

    from casetui.tui.dialogs.composer import Composer
    from casetui.tui.screens.case import CaseScreen

CRASHED = 70
"""The exit code of a mistake of ours (EX_SOFTWARE)."""
UNBUILT = (NoMatches, MountError)
"""What a screen runs into that is taken down while it is built: its parts are gone, or will not come."""
ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals that end the program properly: what is being typed is kept, the watch is left, the terminal restored.

The exit code tells which."""


def desk_commands() -> "type[Provider]":
    """Return the palette's provider, read when it is first opened."""
    from casetui.tui.palette import DeskCommands  # noqa: PLC0415 - read when first wanted

    return DeskCommands


class Casetui(App[None]):
    """One sitting at one desk."""

    TITLE = "casetui"
    CSS_PATH = "casetui.tcss"
    COMMANDS: ClassVar["set[type[Provider] | Callable[[], type[Provider]]]"] = {desk_commands}
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.APP)

    def __init__(self, session: Session, *, looks: Looks | None = None) -> None:
        # What takes colours away is chosen when the app is built, and is right for terminal colours only.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.looks = looks or Looks("dark", ascii=False)
        dress(self, self.looks)
        lighten()
        settings = session.bridge.settings
        self.set_keymap(use(settings.keys if settings else {}))
        self.first: DeskScreen
        self.session = session
        self.keys = TypeAhead(self)
        self.hands = Hands(self, self.session, self.keys, self._acted)
        self.heart = Heart(self, self.session, self.hands, self.desk_screen, self.hang_up)
        self._case_screen: CaseScreen | None = None
        self._crashed = ""
        self._said = Toast("")

    def desk_screen(self) -> DeskScreen | None:
        """Return the screen of the desk that is seen, a dialog above it or not; one that comes or goes is not."""
        screens = (screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen))
        return next(
            (screen for screen in screens if screen.is_mounted and screen.is_attached and screen.query(TopLine)),
            None,
        )

    def get_driver_class(self) -> type[Driver]:
        """Return what writes to this terminal, in as few bytes as it can, and hears whatever it sends."""
        return hearing(leaning(super().get_driver_class()))

    def get_default_screen(self) -> Screen[Any]:
        """Return the dashboard."""
        self.first = Queues(self.session, self.hands)
        return self.first

    def on_mount(self) -> None:
        """Begin to listen to the keys and to look at the clock."""
        self.run_worker(self.keys.serve(), group="keys")
        self.heart.start()
        with suppress(NotImplementedError, RuntimeError):  # no signals off the main thread
            for ending in ENDINGS:
                asyncio.get_running_loop().add_signal_handler(ending, self._leave, 128 + ending)
        self.run_worker(self._settle(), group="settle")

    def on_unmount(self) -> None:
        """Finish what is being written, and leave the timer to another session."""
        self.heart.stop()
        self.session.bridge.close()

    def hang_up(self) -> None:
        """Leave, because the terminal is gone; what is being typed is kept."""
        self._leave(128 + signal.SIGHUP)

    async def copy(self, text: str, name: str) -> None:
        """Copy a text the way the settings say, and tell where that of this name went."""
        from casetui.tui.clipboard import copy  # noqa: PLC0415 - read when first wanted

        self.notify(f"{name} {await copy(self, text, self.looks.copy)}.", timeout=4)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - Textual's signature; no toast is read as markup
    ) -> None:
        """Show a toast, whose words are cleaned and never markup.

        It takes the place of the one before, lest a quick agent read the cases through a pile of them. One with a
        title, which is the timer's, stands beside it.
        """
        words = "\n".join(clean_lines(message))
        lasts = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        toast = Toast(words, clean(title), severity, lasts)
        if not title:
            self._said.end()
            self._said = toast
        self.post_message(Notify(toast))
        for screen in self.screen_stack:
            clear_away(screen)

    async def on_event(self, event: events.Event) -> None:
        """Let a key and pasted text wait for what was typed before."""
        if not self.keys.takes(event):
            await super().on_event(event)

    def on_due_apply(self) -> None:
        """Let the timer do what is due, after asking; what waits for an answer is asked about."""
        self.hands.begin(self.heart.apply())

    def on_desk_screen_case_wanted(self, event: DeskScreen.CaseWanted) -> None:
        """Open a case, from the list that it stands in."""
        from casetui.tui.screens.case import CaseScreen  # noqa: PLC0415 - read when first wanted

        screen = self._case_screen
        if screen is None or screen in self.screen_stack:
            screen = CaseScreen(self.session, self.hands, event.case, event.view, event.total)
            if self._case_screen is None:
                self._keep(screen)
        else:
            screen.begin(event.case, event.view, event.total)
        self.push_screen(screen)

    def _keep(self, screen: "CaseScreen") -> None:
        """Keep the screen of a case for the next one: building it is nine tenths of opening a case."""
        self._case_screen = screen
        self.install_screen(screen, "case")

    def on_desk_screen_agenda_wanted(self) -> None:
        """Open the timer's agenda."""
        from casetui.tui.screens.due import Due  # noqa: PLC0415 - as above

        self.push_screen(Due(self.session, self.hands))

    def on_desk_screen_search_wanted(self, event: DeskScreen.SearchWanted) -> None:
        """Open the search."""
        from casetui.tui.screens.search import Search  # noqa: PLC0415 - as above

        self.push_screen(Search(self.session, self.hands, event.words))

    def on_desk_screen_copy_wanted(self, event: DeskScreen.CopyWanted) -> None:
        """Copy a text, and say where it went."""
        self.run_worker(self.copy(event.text, event.name), group="copy")

    def on_desk_screen_theme_wanted(self, event: DeskScreen.ThemeWanted) -> None:
        """Draw in another theme, for as long as this sitting lasts, and say how it is kept."""
        wear(self, event.theme)
        self.notify(f'theme = "{event.theme}" under [screen] in the settings keeps it.', timeout=6)

    def on_composer_typed(self, event: "Composer.Typed") -> None:
        """Keep what is being typed."""
        composer = self.hands.composing
        if composer is not None and composer.case.number == event.number:
            texts = {event.kind: event.text}
            kept = self.session.bridge.post(lambda desk: desk.drafts.keep(event.number, texts, event.target))
            self.run_worker(self._kept(composer, kept), group="drafts")

    async def action_quit(self) -> None:
        """Quit once what was typed before has come where it goes, unless that takes too long."""
        self.run_worker(self._quit(), group="quit", exclusive=True)

    async def _quit(self) -> None:
        """Quit, after keeping what is being typed; words that nothing keeps are not left behind."""
        from casetui.tui.dialogs.frame import Dialog  # noqa: PLC0415 - read when first wanted

        await self.keys.caught_up()
        dialogs = (screen for screen in self.screen_stack if isinstance(screen, Dialog) and screen.is_mounted)
        if any(dialog.holds_words for dialog in dialogs):
            self.notify(f"What you typed is not saved yet: save it, or {key('dialog.leave')} leaves it.")
            return
        self._leave()

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as all screens name it."""
        return shown(binding.key)

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open: it was not read with Textual's app (see `casetui.lean`)."""
        from textual.command import CommandPalette  # noqa: PLC0415 - read when first wanted

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(id="--command-palette"))

    def action_help_quit(self) -> None:
        """Copy what is marked, else say how to quit."""
        if text := self.screen.get_selected_text():
            self.run_worker(self.copy(text, "What is marked:"), group="copy")
        else:
            leave = f"{key('screen.leave')} leaves a screen and quits on the first one"
            self.notify(f"{leave}; {key('app.quit')} quits at once.", timeout=4)

    async def _kept(self, composer: "Composer", kept: "Future[None]") -> None:
        try:
            await asyncio.wrap_future(kept)
        except CasetuiError as error:
            composer.announce(f"The draft is not kept: {error}")
        else:
            if composer.is_current:
                composer.kept()

    def _acted(self, case: Case | None) -> None:
        if (screen := self.desk_screen()) is not None:
            screen.acted(case)

    async def _settle(self) -> None:
        """Read what will be wanted soon, once the first screen is drawn."""
        await self.first.revealed.wait()
        if not self.session.read_only:
            self.session.bridge.post(lambda desk: desk.news.settle())
        self.first.call_after_refresh(self.heart.tick)
        self.first.call_after_refresh(lambda: self.run_worker(self._warm(), group="settle"))

    async def _warm(self) -> None:
        """Build the screen of a case before the first one is opened, which would wait 8 ms for it."""
        with suppress(CasetuiError):  # a desk that is out of reach is told of by whoever reads it
            await self.session.bridge.read(lambda _: warm())
        if (case := self.first.case) is not None and self._case_screen is None:
            from casetui.tui.screens.case import CaseScreen  # noqa: PLC0415 - which has just been imported

            self._keep(CaseScreen(self.session, self.hands, case, found("", (case.number,))))
            await self._get_screen("case")[1]  # as pushing it would, but nobody sees it yet

    def _leave(self, code: int = 0) -> None:
        composer = self.hands.composing
        if composer is not None:
            drafts = {**composer.drafting.texts, composer.kind: composer.text}
            number, target = composer.case.number, composer.target
            self.session.bridge.post(lambda desk: desk.drafts.keep(number, drafts, target))
        self.exit(return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, CasetuiError):
            self.notify(str(cause), severity="warning")
            return
        if self._exit and isinstance(cause, UNBUILT):
            return
        self._crashed = self._crashed or crash.report(cause)
        super()._handle_exception(cause if isinstance(cause, Exception) else error)
        self._return_code = CRASHED

    def _fatal_error(self) -> None:
        self._exit_renderables[:] = [Text(self._crashed)]
        self._close_messages_no_wait()


def warm() -> None:
    """Import what the first case and the first dialog want, and have the collector spare it all."""
    import casetui.tui.deeds  # noqa: PLC0415 - 20 ms that the first paint does not wait for
    import casetui.tui.screens.case  # noqa: F401, PLC0415 - as above

    gc.collect()
    gc.enable()
    gc.freeze()
