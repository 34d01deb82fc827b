"""How a deed is done: a dialog asks, the desk writes; what is refused is asked again, with all that was typed."""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App

from casetui.domain.clocks import stamp
from casetui.domain.errors import CasetuiError
from casetui.domain.records import Case
from casetui.domain.workflow import Status
from casetui.tui.bridge import Desk
from casetui.tui.session import Session
from casetui.tui.typeahead import TypeAhead

if TYPE_CHECKING:
    from casetui.tui.dialogs.composer import Composer  # the dialogs are read when first wanted
    from casetui.tui.dialogs.frame import Dialog

Answer = TypeVar("Answer")
_DEED: ContextVar[object] = ContextVar("deed")
"""The deed that is being done, for which keys wait."""


class Hands:
    """The hands of one agent; ``acted`` is told of every case that they changed, or of None where it was many."""

    def __init__(
        self, app: App[None], session: Session, keys: TypeAhead, acted: Callable[[Case | None], None]
    ) -> None:
        self.app = app
        self.session = session
        self.keys = keys
        self.acted = acted
        self._last: Case | None = None
        self.composing: Composer | None = None
        """The composer that is open, whose text is to be kept."""

    def begin(self, deed: Coroutine[Any, Any, None]) -> None:
        """Start a deed; keys typed from now on wait for its first dialog."""
        token = object()
        self.keys.hold(token)
        self.app.run_worker(self._attempt(deed, token), group="deeds")

    async def ask(self, dialog: "Dialog[Answer]", said: str = "") -> Answer | None:
        """Open a dialog, with the sentence that says why it is open again, and return its answer."""
        self.keys.hold(_DEED.get())
        waiting = self.app.push_screen(dialog, wait_for_dismiss=True)
        if said:
            dialog.call_after_refresh(getattr(dialog, "announce", dialog.refuse), said)
        self.keys.opened()
        return await waiting

    async def write(self, act: Callable[[Desk], Case]) -> Case:
        """Let the desk do something, tell the screens, and return the case as it is then."""
        self.keys.hold(_DEED.get(), briefly=True)
        self._last = case = await self.session.bridge.write(act)
        self.acted(case)
        return case

    def changed(self) -> None:
        """Tell the screens that many cases have changed."""
        self.acted(None)

    def let_go(self) -> None:
        """Let keys go on while the rest of a deed is done, which asks no more."""
        self.keys.release(_DEED.get())

    def newest(self, case: Case) -> Case:
        """Return a case of a list as this agent's own last deed left it, which the list may not show yet."""
        last = self._last
        return last if last and last.number == case.number and last.version > case.version else case

    async def persist(
        self,
        case: Case,
        build: "Callable[[Case, Answer | None], Dialog[Answer]]",
        act: Callable[[Desk, Case, Answer], Case],
    ) -> Case | None:
        """Ask and write, and do both again as long as the desk refuses; None where the agent gave up."""
        answer: Answer | None = None
        said = ""
        while (answer := await self.ask(build(case, answer), said)) is not None:
            try:
                return await self.write(partial(_act, act, case, answer))
            except CasetuiError as error:
                case, said = await self.fresh(case), str(error)
        return None

    async def fresh(self, case: Case) -> Case:
        """Return a case as it is now, or as it was where the desk is out of reach."""
        try:
            return await self.session.bridge.read(lambda desk: desk.board.case(case.number))
        except CasetuiError:
            return case

    def say(self, sentence: str) -> None:
        """Say what came of a deed."""
        self.app.notify(sentence, timeout=5)

    def say_moved(self, case: Case) -> None:
        """Say where a case stands now, and when its clock acts."""
        clocks = (("reminder", case.remind_at), ("closes", case.close_at))
        times = ", ".join(f"{name} {self.at(end)}" for name, end in clocks if end is not None)
        clock = times or ("final" if case.status is Status.CLOSED else "no clock")
        self.say(f"Case {case.number} is {case.status.label}: {clock}.")

    def at(self, instant: Any) -> str:
        """Return an instant as the agent reads it."""
        return stamp(instant, self.session.policy.zone, now=self.session.clock.now())

    async def _attempt(self, deed: Coroutine[Any, Any, None], token: object) -> None:
        _DEED.set(token)
        try:
            await deed
        except CasetuiError as error:
            self.app.notify(str(error), severity="warning")
        finally:
            self.keys.release(token)


def _act(act: Callable[[Desk, Case, Answer], Case], case: Case, answer: Answer, desk: Desk) -> Case:
    return act(desk, case, answer)
