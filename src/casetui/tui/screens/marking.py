"""A screen with a list whose cases can be marked: what is done next is done to all of them."""

from casetui.desk.lists import View
from casetui.tui.keymap import key
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.widgets.marklist import MarkList

MOST = 1_000
"""Cases that one key marks at most."""


class Marking(DeskScreen):
    """Marks cases of its list, and gives deeds all of them."""

    @property
    def list(self) -> MarkList:
        """The cases."""
        raise NotImplementedError

    def narrowed(self) -> View:
        """Return what the list shows."""
        raise NotImplementedError

    def action_mark(self, step: int) -> None:
        """Mark the case under the cursor and go on."""
        self.list.action_mark(step)

    def action_mark_all(self) -> None:
        """Mark all cases of the list, or none where some are marked."""
        if self.list.marks:
            self.list.mark(())
        else:
            self.look(self._mark_all, "mark", asked=True)

    def action_deed(self, name: str) -> None:
        """Begin a deed on the case, or on all that are marked."""
        if not self._to_marked(name):
            super().action_deed(name)

    def action_comment(self, kind: str) -> None:
        """Write a comment on the case, or a note on all that are marked."""
        if not self._to_marked(kind):
            super().action_comment(kind)

    async def _mark_all(self) -> None:
        view = self.narrowed()
        cases = await self.session.bridge.read(lambda desk: desk.board.after(view, None, MOST + 1))
        if len(cases) > MOST:
            self.notify(
                f"Only the first {MOST} are marked; {key('list.filter')} narrows the list.",
                severity="warning",
            )
        self.list.mark(cases[:MOST])

    def _to_marked(self, name: str) -> bool:
        """Begin a deed on all marked cases, if there are any; say where it cannot be done on many."""
        from casetui.tui.bulk import DEEDS  # noqa: PLC0415 - read when first wanted

        marks = list(self.list.marks.values())
        if marks and name in DEEDS:
            self.hands.begin(DEEDS[name](self.hands, marks, self.list.mark))
        elif marks:
            self.notify(
                f"That is done one case at a time: {key('filter.clear')} takes the marks off.",
                severity="warning",
                timeout=4,
            )
        return bool(marks)
