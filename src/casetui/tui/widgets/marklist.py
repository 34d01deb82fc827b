"""The case list whose cases can be marked, to do one thing to all of them."""

from collections.abc import Iterable, Sequence

from textual.message import Message

from casetui.domain.clocks import Clock
from casetui.domain.records import Case
from casetui.tui.drawing import glyphs
from casetui.tui.widgets.caselist import CaseList


class MarkList(CaseList):
    """A queue of cases, some of which are marked; marks stay with their cases wherever these go."""

    class Marked(Message):
        """Other cases are marked than before."""

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(clock, id=id)
        self.marks: dict[int, Case] = {}
        """The marked cases by their numbers, each as it was last seen."""

    def action_mark(self, step: int) -> None:
        """Mark the case under the cursor and go a step; 0 takes a mark off that is there, and goes down."""
        if (case := self.case) is None:
            return
        if step == 0 and case.number in self.marks:
            del self.marks[case.number]
        else:
            self.marks[case.number] = case
        self.refresh()
        self.action_step(step or 1)
        self.post_message(self.Marked())

    def mark(self, cases: Iterable[Case]) -> None:
        """Let these cases, and no others, be marked."""
        self.marks = {case.number: case for case in cases}
        self.refresh()
        self.post_message(self.Marked())

    def lead(self, case: Case | None, *, chosen: bool) -> str:
        """Return the mark of a marked row."""
        marked = case is not None and case.number in self.marks
        return glyphs.mark if marked else super().lead(case, chosen=chosen)

    def read_anew(self, rows: Sequence[Case]) -> None:
        """Know marked cases as they are seen now: who acts on them has seen what the list shows."""
        self.marks |= {case.number: case for case in rows if case.number in self.marks}
