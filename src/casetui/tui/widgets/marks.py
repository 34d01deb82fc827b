"""What lists of cases have in common: a cursor, and marks that stay with their cases wherever these go."""

from collections.abc import Iterable

from textual.message import Message

from casetui.domain.records import Case
from casetui.tui.drawing import glyphs
from casetui.tui.widgets.lines import Lines


class Marks(Lines):
    """A list some of whose cases are marked, to do one thing to all of them."""

    class Marked(Message):
        """Other cases are marked than before."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.marks: dict[int, Case] = {}
        """The marked cases by their numbers, each as it was last seen."""

    @property
    def case(self) -> Case | None:
        """The case under the cursor."""
        raise NotImplementedError

    def action_step(self, step: int) -> None:
        """Go so many cases down."""
        raise NotImplementedError

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

    def read_anew(self, cases: Iterable[Case]) -> None:
        """Know marked cases as they are seen now: who acts on them has seen what the list shows."""
        self.marks |= {case.number: case for case in cases if case.number in self.marks}

    def lead(self, case: Case | None, *, chosen: bool) -> str:
        """Return the character before a row: its mark, or the cursor."""
        if case is not None and case.number in self.marks:
            return glyphs.mark
        return glyphs.cursor if chosen else " "
