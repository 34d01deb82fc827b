"""A screen with a list whose cases can be marked: what is done next is done to all of them."""

from collections.abc import Sequence

from textual import on

from casetui.domain.records import Case
from casetui.tui.commands import Command, commands_of
from casetui.tui.drawing import width
from casetui.tui.keymap import key
from casetui.tui.screens.desk_screen import DeskScreen
from casetui.tui.whynot import why_not_all
from casetui.tui.widgets.marks import Marks

MOST = 1_000
"""Cases that one key marks at most."""


class Marking(DeskScreen):
    """Marks cases of its list, and gives deeds all of them."""

    @property
    def list(self) -> Marks:
        """The cases."""
        raise NotImplementedError

    async def all_cases(self, most: int) -> Sequence[Case]:
        """Return the cases of the list, as many as are asked for at most."""
        raise NotImplementedError

    def draw_title(self) -> None:
        """Draw what stands above the list."""
        raise NotImplementedError

    @property
    def case(self) -> Case | None:
        """The case under the cursor."""
        return self.list.case if self.is_mounted else None

    def why_not(self, command: Command) -> str | None:
        """Return why a command cannot be given now; a deed is done to the marked cases, where there are any."""
        if command.is_deed and self.is_mounted and (marks := self.list.marks):
            return why_not_all(command, marks.values(), read_only=self.session.read_only, clear=self._clear)
        return super().why_not(command)

    def on_resize(self) -> None:
        """Say of the marks as much as there is room for now."""
        if self.is_mounted and self.list.marks:
            self.call_after_refresh(self.draw_title)

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
        clear, room = self._clear, self.list.size.width - 4
        words = (
            f"{name}  {many}: {acting} act on them, {clear} takes the marks off",
            f"{name}  {many}: {acting}, {clear}",
            f"{many}: {acting}, {clear}",
        )
        return next((each for each in words if width(each) <= room), many)

    def action_back(self) -> None:
        """Take the marks off, or go back one step."""
        if self.list.marks:
            self.list.mark(())
        else:
            super().action_back()

    @property
    def _clear(self) -> str:
        """The key that takes the marks off."""
        return key(next(command.id for command in commands_of(self.PLACE) if command.action == "back"))

    @on(Marks.Marked)
    def _marked(self) -> None:
        self.draw_title()
        self._draw_keys()

    async def _mark_all(self) -> None:
        cases = await self.all_cases(MOST + 1)
        if len(cases) > MOST:
            self.notify(f"Only the first {MOST} are marked; narrow the list for others.", severity="warning")
        self.list.mark(cases[:MOST])

    def _to_marked(self, name: str) -> bool:
        """Begin a deed on all marked cases, if there are any and it is one that many take."""
        from casetui.tui.many import DEEDS  # noqa: PLC0415 - read when first wanted

        marks = list(self.list.marks.values())
        if marks and name in DEEDS:
            self.hands.begin(DEEDS[name](self.hands, marks, self.list.mark))
            return True
        return False
