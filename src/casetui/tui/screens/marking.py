"""A screen with a list whose cases can be marked: what is done next is done to all of them."""

from casetui.desk.lists import View
from casetui.tui.commands import Command, commands_of
from casetui.tui.drawing import width
from casetui.tui.keymap import key
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.whynot import why_not_all
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

    def why_not(self, command: Command) -> str | None:
        """Return why a command cannot be given now; a deed is done to the marked cases, where there are any."""
        if command.is_deed and self.is_mounted and (marks := self.list.marks):
            clear = key("filter.clear")
            return why_not_all(command, marks.values(), read_only=self.session.read_only, clear=clear)
        return super().why_not(command)

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

    def action_copy(self) -> None:
        """Copy the number of the case, or the numbers of all that are marked."""
        if marks := self.list.marks:
            self.post_message(self.CopyWanted(" ".join(map(str, marks)), f"The numbers of {len(marks)} cases:"))
        else:
            super().action_copy()

    def marked(self, name: str) -> str:
        """Return what stands above a list some of whose cases are marked, as much of it as there is room for."""
        keys = [key(command.id) for command in commands_of(self.PLACE) if command.many]
        many, acting = f"{len(self.list.marks)} marked", " ".join(dict.fromkeys(keys))
        clear, room = key("filter.clear"), self.list.size.width - 4
        words = (
            f"{name}  {many}: {acting} act on them, {clear} takes the marks off",
            f"{name}  {many}: {acting}, {clear}",
            f"{many}: {acting}, {clear}",
        )
        return next((each for each in words if width(each) <= room), many)

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
        """Begin a deed on all marked cases, if there are any and it is one that many take."""
        from casetui.tui.many import DEEDS  # noqa: PLC0415 - read when first wanted

        marks = list(self.list.marks.values())
        if marks and name in DEEDS:
            self.hands.begin(DEEDS[name](self.hands, marks, self.list.mark))
            return True
        return False
