"""A dialog in which words are typed that nothing else keeps."""

from typing import Generic

from casetui.tui.dialogs.frame import Dialog, Result
from casetui.tui.dialogs.small import Confirm


class Careful(Dialog[Result], Generic[Result]):
    """Asks before it throws away what was typed; a subclass says by ``holds_words`` whether there is any."""

    def action_leave(self) -> None:
        """Leave at once if nothing was typed, else ask."""
        if not self.holds_words:
            super().action_leave()
            return

        def left(sure: bool | None) -> None:  # noqa: FBT001 - a callback
            if sure:
                self.finish(None)

        self.app.push_screen(Confirm("Throw away what you typed?", yes="Throw away", no="Keep typing"), left)
