"""The case under the cursor at a glance: where it stands and what happened last."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from casetui.domain.clocks import Clock
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry
from casetui.tui.drawing import content, number
from casetui.tui.widgets.facts import CaseHeader
from casetui.tui.widgets.timeline import Timeline


class Peek(Vertical):
    """A few lines of a case, below the list or beside it."""

    DEFAULT_CSS = """
    Peek { CaseHeader { height: 2; } Timeline { height: 1fr; } }
    """

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.clock = clock

    def compose(self) -> ComposeResult:
        """Draw where the case stands, then its entries."""
        header = CaseHeader(self.clock)
        header.with_subject = False
        yield header
        yield Timeline(self.clock, compact=True)

    def show(self, case: Case | None, entries: Sequence[Entry], policy: Policy) -> None:
        """Show a case; None leaves the box empty."""
        timeline = self.query_one(Timeline)
        timeline.zone = policy.zone
        timeline.empty = ""
        self.query_one(CaseHeader).show(case, policy)
        timeline.show(case, entries)
        self.border_title = content(f"{number(case)}  {case.subject}" if case else "")

    def tick(self) -> None:
        """Draw the times again."""
        self.query_one(CaseHeader).tick()
        self.query_one(Timeline).tick()

    def scroll_entries(self, halves: int) -> None:
        """Scroll the entries by half pages."""
        self.query_one(Timeline).action_half(halves)
