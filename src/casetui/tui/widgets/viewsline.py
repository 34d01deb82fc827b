"""The line of views above the list: a digit, a name and a count for each, the chosen one marked."""

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.message import Message
from textual.strip import Strip

from casetui.tui.drawing import width
from casetui.tui.widgets.lines import Lines, Part


class ViewWord(Struct, frozen=True):
    """A view in the line: its digit, its name, a shorter one, and how many it has, in which tone."""

    digit: int
    label: str
    short: str
    count: str
    tone: str = "plain"


class ViewsLine(Lines):
    """The views that digits choose; a click does too."""

    DEFAULT_CSS = """
    ViewsLine { height: 1; overflow-y: hidden; }
    """

    class Chosen(Message):
        """A view was clicked."""

        def __init__(self, digit: int) -> None:
            super().__init__()
            self.digit = digit

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._words: Sequence[ViewWord] = ()
        self._chosen = 0
        self._places: list[tuple[int, int]] = []

    def show(self, words: Sequence[ViewWord], chosen: int) -> None:
        """Show these views; ``chosen`` is the digit of the one whose cases are listed, or 0."""
        if (self._words, self._chosen) != (words, chosen):
            self._words, self._chosen = words, chosen
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the view under the mouse."""
        at = -1
        for digit, start in self._places:
            at = digit if event.x >= start else at
        if at > 0:
            self.post_message(self.Chosen(at))

    def render_line(self, y: int) -> Strip:
        """Draw the line, with shorter names or fewer of them where there is no room."""
        cells = self.content_size.width
        if y or not cells:
            return self.line([])
        for gap, short in ((3, False), (2, False), (2, True), (1, True)):
            parts = [self._part(word, short=short) for word in self._words]
            taken = sum(width(text) for part in parts for text, _ in part) + gap * len(parts)
            if taken <= cells:
                break
        line: list[Part] = []
        self._places = []
        used = 0
        for word, part in zip(self._words, parts, strict=True):
            size = sum(width(text) for text, _ in part)
            if used + size + 1 > cells:
                break
            line += [(" " * (gap if line else 1), "plain"), *part]
            self._places.append((word.digit, used))
            used += size + (gap if used else 1)
        return self.line(line)

    def _part(self, word: ViewWord, *, short: bool) -> list[Part]:
        chosen = word.digit == self._chosen
        label = word.short if short else word.label
        return [
            (f"{word.digit} ", "dim"),
            (label, "us" if chosen else "plain"),
            (f" {word.count}" if word.count else "", "bold" if chosen else word.tone),
        ]
