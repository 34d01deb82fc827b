"""The case under the cursor at a glance: where it stands and what happened last."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Vertical

from casetui.domain.clocks import Clock
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry
from casetui.tui.drawing import content, number

if TYPE_CHECKING:
    from casetui.tui.widgets.facts import CaseHeader
    from casetui.tui.widgets.timeline import Timeline


class Peek(Vertical):
    """A few lines of a case, below the list or beside it; an empty frame until one is shown."""

    DEFAULT_CSS = """
    Peek { CaseHeader { height: 2; } Timeline { height: 1fr; } }
    """

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.clock = clock
        self._parts: tuple[CaseHeader, Timeline] | None = None

    def show(self, case: Case | None, entries: Sequence[Entry], policy: Policy) -> None:
        """Show a case; None leaves the box empty."""
        header, timeline = self._parts = self._parts or self._fill()
        timeline.zone = policy.zone
        header.show(case, policy)
        timeline.show(case, entries)
        self.border_title = content(f"{number(case)}  {case.subject}" if case else "")

    def tick(self) -> None:
        """Draw the times again."""
        for part in self._parts or ():
            part.tick()

    def scroll_entries(self, halves: int) -> None:
        """Scroll the entries by half pages."""
        if self._parts is not None:
            self._parts[1].action_half(halves)

    def _fill(self) -> "tuple[CaseHeader, Timeline]":
        """Put in where the case stands, then its entries."""
        from casetui.tui.widgets.facts import CaseHeader  # noqa: PLC0415 - 6 ms that the first paint does not wait for
        from casetui.tui.widgets.timeline import Timeline  # noqa: PLC0415 - as above

        header, timeline = CaseHeader(self.clock), Timeline(self.clock, compact=True)
        header.with_subject, timeline.empty = False, ""
        self.mount(header, timeline)
        return header, timeline
