"""What was begun of a comment in each of its kinds, and what becomes of it when another kind is chosen."""

from collections.abc import Callable, Mapping

from casetui.domain.workflow import CommentKind
from casetui.tui.dialogs.commenting import KINDS


class Drafting:
    """The texts of a comment that is being written, one a kind.

    Who gave ``tell`` hears of each text that is to be kept, and of an empty one when it is gone.
    """

    def __init__(
        self,
        kind: CommentKind,
        found: Mapping[CommentKind, str] | None,
        tell: Callable[[CommentKind, str], None],
    ) -> None:
        self.kind = kind
        self.texts = dict.fromkeys(KINDS, "") | dict(found or {})
        self._found = dict(self.texts)
        self._home: CommentKind | None = None
        """The kind that the text was typed in, where it was taken along to another."""
        self._told = tell

    @property
    def text(self) -> str:
        """The text of the present kind, as it was taken note of last."""
        return self.texts[self.kind]

    def note(self, text: str) -> None:
        """Take note of what stands in the box."""
        self.texts[self.kind] = text

    def tell(self) -> None:
        """Have the text of the present kind kept."""
        self._tell(self.kind)

    def turn(self, kind: CommentKind) -> None:
        """Go to another kind, and take along what was typed just now if that one has no draft of its own.

        One that has sends it home again. A draft that was found stays with its kind: a note must not become what
        the customer is told.
        """
        was, self.kind, home = self.kind, kind, self._home
        is_typed = home is not None or self.texts[was] != self._found[was]
        if kind is was or not is_typed or not self.texts[was].strip():
            return
        if not self.texts[kind].strip():
            self._move(was, kind)
            self._home = None if kind is home else home or was
        elif home is not None:
            self._move(was, home)
            self._home = None

    def _move(self, was: CommentKind, to: CommentKind) -> None:
        """Give the text of a kind to another, which has none."""
        self.texts[to], self.texts[was] = self.texts[was], ""
        self._tell(was)
        self._tell(to)

    def _tell(self, kind: CommentKind) -> None:
        self._told(kind, self.texts[kind])
