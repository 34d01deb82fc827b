"""What the screens of the desk share: the two lines at their ends, the commands, and reading again."""

from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets._toast import ToastRack
from textual.worker import WorkType

from casetui.desk.lists import View, queue
from casetui.domain.errors import CasetuiError, OutOfReach
from casetui.domain.records import Case
from casetui.domain.workflow import CommentKind
from casetui.tui.commands import Command, Place, command_of
from casetui.tui.hands import Hands
from casetui.tui.keymap import command_on
from casetui.tui.keywords import offered, typing, word
from casetui.tui.screens.revealed import Revealed
from casetui.tui.session import Session
from casetui.tui.whynot import why_not
from casetui.tui.widgets.filterline import FilterLine
from casetui.tui.widgets.keyline import KeyLine, KeyWord
from casetui.tui.widgets.topline import TopLine


class DeskScreen(Revealed):
    """A screen that shows the desk: it reads a snapshot, draws it, and reads it again when something changed."""

    PLACE: ClassVar[Place]
    CLEARS: ClassVar[str] = "Clear"
    """What leaving the line in which one types is called."""
    OPENS_CASES: ClassVar[bool] = True
    """Whether a case can be opened from here, also by its number."""
    ESCAPE_TO_MINIMIZE = False
    BLANK = True
    """It is covered by its widgets: see ``Room``."""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-narrow"),
        (80, "-one"),
        (100, "-two"),
        (160, "-three"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (15, "-low"), (20, "-tall")]  # noqa: RUF012 - as above

    class CaseWanted(Message):
        """A case of a list is to be opened above this screen."""

        def __init__(self, view: View, case: Case, total: int | None) -> None:
            super().__init__()
            self.view = view
            self.case = case
            self.total = total

    class AgendaWanted(Message):
        """The timer's agenda is to be opened above this screen."""

    class CopyWanted(Message):
        """A text is to be copied, and a toast is to say where to."""

        def __init__(self, text: str, name: str = "") -> None:
            super().__init__()
            self.text = text
            self.name = name or text

    class ThemeWanted(Message):
        """The screens are to be drawn in another theme."""

        def __init__(self, theme: str) -> None:
            super().__init__()
            self.theme = theme

    class SearchWanted(Message):
        """The search is to be opened above this screen, with words to begin with."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, session: Session, hands: Hands) -> None:
        super().__init__()
        self.session = session
        self.hands = hands
        self._about: tuple[object, ...] = ()
        self._asking: dict[str, object] = {}

    @property
    def case(self) -> Case | None:
        """The case that the commands are about."""
        return None

    async def load(self) -> None:
        """Read again what is shown, and draw it."""

    def acted(self, case: Case | None) -> None:  # noqa: ARG002 - for screens that follow it
        """Show what a deed of the agent has changed."""
        self.reload(asked=True)

    def open_case(self, case: Case) -> None:
        """Open a case from here, among the cases of its queue."""
        self.open_in(queue(case.status), case)

    def open_in(self, view: View, case: Case, total: int | None = None) -> None:
        """Open a case of a list, which has ``total`` cases where that is known."""
        self.post_message(self.CaseWanted(view, case, total))

    def more_commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Name what the palette can do here beside the commands: a name, a sentence and the doing."""
        yield from ()

    def aside(self) -> KeyWord:
        """Return what stands at the right end of the last line."""
        return word("app.commands", "Commands")

    def tick(self) -> None:
        """Draw again what reads differently now that a minute has passed."""

    def on_mount(self) -> None:
        """Draw the keys whenever others work."""
        for rack in self.query(ToastRack):
            rack.display = False  # as Textual has it later, with another layout that the first frame waits for
        self.bindings_updated_signal.subscribe(self, lambda _: self._draw_keys())

    def on_screen_resume(self) -> None:
        """Read, at first and whenever another screen has been left."""
        self.tell()
        self.reload(asked=True)

    def tell(self) -> None:
        """Draw the state of the desk again."""
        for line in self.query(TopLine):
            self.session.tell(line)

    def reload(self, *, asked: bool = False) -> None:
        """Read again, in the place of a reading that is still under way."""
        self.look(self.load, "load", asked=asked)

    def look(self, ask: Callable[[], Coroutine[Any, Any, None]], group: str, *, asked: bool = False) -> None:
        """Read something, in the place of whatever of its group is still being read.

        Where the agent has ``asked`` for it, the keys that follow are meant for what it will show.
        """
        replaced, holder = self._asking.pop(group, None), None
        if asked or replaced is not None:
            holder = self._asking[group] = object()
            self.hands.keys.hold(holder, briefly=True)
        self.hands.keys.release(replaced)
        work: WorkType[None] = partial(self._look, ask, group, holder)
        self.run_worker(work, group=group, exclusive=True)

    async def _look(self, ask: Callable[[], Coroutine[Any, Any, None]], group: str, holder: object) -> None:
        try:
            await self.attempt(ask)
        finally:
            self.hands.keys.release(holder)
            if holder is not None and self._asking.get(group) is holder:
                del self._asking[group]
            self.reveal()

    def on_unmount(self) -> None:
        """Let keys go on that waited for what nobody will see any more."""
        for holder in self._asking.values():
            self.hands.keys.release(holder)

    async def attempt(self, ask: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait for something that may be refused: a toast says so, and the screen goes on."""
        try:
            await ask()
        except OutOfReach as error:
            self.session.lost(error)
            self.tell()
        except CasetuiError as error:
            self.notify(str(error), severity="warning")
        except NoMatches:
            if self.is_attached and self.app.is_running:
                raise  # else the screen is gone, and with it what was to be drawn

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ask the workflow whether a command can be given now."""
        command = command_of(self.PLACE, action, parameters)
        return True if command is None else self.why_not(command) is None

    def why_not(self, command: Command) -> str | None:
        """Return why a command cannot be given now, or None."""
        return why_not(command, self.case, read_only=self.session.read_only)

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing here."""
        if self.is_typing:
            return  # the key was meant for the line
        command = command_on(self.PLACE, event.key)
        if command is not None and (sentence := self.why_not(command)):
            event.stop()
            self.notify(sentence, severity="warning", timeout=3)

    @property
    def is_typing(self) -> bool:
        """Whether keys are meant for a line to type in."""
        focused = self.focused
        return focused is not None and any(isinstance(node, FilterLine) for node in focused.ancestors)

    def case_changed(self) -> None:
        """Draw the keys again where another case allows other commands."""
        case = self.case
        about = (case is None,) if case is None else (case.status, case.close_at is None)
        if about != self._about:
            self._about = about
            self._draw_keys()

    def complete(self) -> None:
        """Draw the keys, which each widget that is built would have drawn again."""
        self._draw_keys()

    def _draw_keys(self) -> None:
        for line in self.query(KeyLine) if self.revealed.is_set() else ():
            if self.is_typing:
                line.show(typing(self.CLEARS), None)
            else:
                line.show(offered(self.PLACE, self.active_bindings), self.aside())

    @on(KeyLine.Pressed)
    def _key_clicked(self, event: KeyLine.Pressed) -> None:
        # By the app: a key that a screen has sent does not bubble beyond that screen, and finds no binding.
        self.app.call_later(self.app.simulate_key, event.key)

    def action_help(self) -> None:
        """Explain the keys, the statuses and the clocks."""
        from casetui.tui.screens.help import Help  # noqa: PLC0415 - read when first wanted

        def run(key: str | None) -> None:
            if key is not None:
                self.app.simulate_key(key)

        self.app.push_screen(Help(self.session, self.active_bindings), run)

    def action_due(self) -> None:
        """Show what the timer will do."""
        self.post_message(self.AgendaWanted())

    def action_search(self) -> None:
        """Search everything that was said."""
        self.post_message(self.SearchWanted(self.session.sought))

    def action_refresh(self) -> None:
        """Read everything again."""
        self.reload(asked=True)

    def action_back(self) -> None:
        """Go back one step."""
        self.dismiss()

    def action_leave(self) -> None:
        """Go back."""
        self.action_back()

    def action_copy(self) -> None:
        """Copy the number of the case."""
        if self.case is not None:
            self.post_message(self.CopyWanted(str(self.case.number)))

    def action_deed(self, name: str) -> None:
        """Begin a deed on the case."""
        from casetui.tui.deeds import DEEDS  # noqa: PLC0415 - read when first wanted

        if self.case is not None:
            self.hands.begin(DEEDS[name](self.hands, self.hands.newest(self.case)))

    def action_undo(self) -> None:
        """Take back the agent's own last act, after asking."""
        from casetui.tui.undoing import undo  # noqa: PLC0415 - read when first wanted

        self.hands.begin(undo(self.hands))

    def action_redo(self) -> None:
        """Do again what the agent took back last, after asking."""
        from casetui.tui.undoing import redo  # noqa: PLC0415 - read when first wanted

        self.hands.begin(redo(self.hands))

    def action_comment(self, kind: str) -> None:
        """Write a comment of a kind on the case."""
        from casetui.tui.writing import comment  # noqa: PLC0415 - read when first wanted

        if self.case is not None:
            self.hands.begin(comment(self.hands, self.hands.newest(self.case), CommentKind(kind)))
