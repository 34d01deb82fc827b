"""The one question after downtime, to be read before it is answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList

from casetui.domain.clocks import in_words, stamp, zone_of
from casetui.domain.records import Case
from casetui.domain.timer import Missed
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.dialogs.choices import Choice, Choices
from casetui.tui.dialogs.frame import Dialog
from casetui.tui.drawing import Static, content, fit, number
from casetui.tui.keymap import key


class MissedDialog(Dialog[Missed]):
    """Asks once, after downtime, what becomes of cases that were to be closed and never reminded (SPEC 5).

    It is there to be read first: since when the timer stood still, and how late each case is. Escape is an answer
    too: ``Missed.ASK``, to be decided on the due screen.
    """

    DEFAULT_CSS = """
    MissedDialog {
        #box { width: 100%; max-width: 110; }
        #missed { height: auto; max-height: 50vh; margin: 1 0; }
        &.-low #missed { max-height: 3; margin: 0; }
        #missed Static { text-wrap: nowrap; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.MISSED)
    MOST = 500
    """Cases that are listed; how many more there are is said."""

    def __init__(
        self, cases: Sequence[Case], *, zone: str, now: datetime, gap: tuple[datetime, datetime] | None = None
    ) -> None:
        scroll = f"{key('missed.down')} {key('missed.up')} scroll"
        keys = f"1 remind   2 close   {scroll}   {key('dialog.leave')} decide later"
        super().__init__("Reminders that never went", keys)
        self.cases = sorted(cases, key=lambda case: (case.close_at or now, case.number))
        self.zone = zone
        self.now = now
        self.gap = gap

    def body(self) -> ComposeResult:
        """Draw the cases, then the two answers and the way out."""
        many = len(self.cases)
        said = "1 case was to be closed whose" if many == 1 else f"{many} cases were to be closed whose"
        yield Static(
            content(f"{self._stood_still()}{said} reminder never went. None is touched before you decide.")
        )
        with VerticalScroll(id="missed", can_focus=False):
            yield Static(id="table")
        yield Choices(
            [
                Choice("REMIND", "1", Content("Remind now and give each a week")),
                Choice("APPLY", "2", Content("Close them as planned")),
                Choice("ASK", "3", Content("Later: decide on the due screen (d, then !)")),
            ],
            first="REMIND",
        )

    def on_resize(self) -> None:
        """Fit the columns to the width."""
        room = min(self.app.size.width, 110) - 6
        since, late = 12, 8
        account = 20 if room > 80 else 0  # noqa: PLR2004 - columns
        subject = room - since - late - account - 12
        lines = [
            content(f"{fit(number(case), 8)} {fit(self._since(case), since)} ")
            + content(fit(self._late(case), late), "$text-warning")
            + content(f" {fit(case.account, account)}{' ' * bool(account)}{fit(case.subject, subject)}")
            for case in self.cases[: self.MOST]
        ]
        more = len(self.cases) - self.MOST
        if more > 0:
            lines.append(content(f"and {more} more", "dim"))
        head = (
            f"{fit('Case', 8)} {fit('Closes since', since)} {fit('Late by', late)} "
            f"{fit('Account', account)}{' ' * bool(account)}{fit('Subject', subject)}"
        )
        self.query_one("#table", Static).update(Content("\n").join([content(head, "dim"), *lines]))

    def action_scroll(self, pages: int) -> None:
        """Scroll the cases, while the cursor stays with the answers."""
        listed = self.query_one("#missed", VerticalScroll)
        listed.scroll_relative(y=pages * max(1, listed.size.height - 1), animate=False)

    def action_leave(self) -> None:
        """Decide later."""
        self.finish(Missed.ASK)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.finish(Missed[event.option_id or "ASK"])

    def _stood_still(self) -> str:
        if self.gap is None:
            return ""
        start, end = self.gap
        length = in_words(end - start)
        return f"The timer stood still from {self._at(start)} to {self._at(end)} ({length}). Meanwhile "

    def _at(self, instant: datetime) -> str:
        return f"{instant.astimezone(zone_of(self.zone)):%a %d %b %H:%M}"

    def _since(self, case: Case) -> str:
        return "" if case.close_at is None else stamp(case.close_at, self.zone)[:11]

    def _late(self, case: Case) -> str:
        return "" if case.close_at is None else in_words(self.now - case.close_at)
