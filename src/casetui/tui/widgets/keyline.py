"""The last line: the keys that work here and now, as many whole ones as there is room for."""

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.message import Message
from textual.strip import Strip

from casetui.tui.drawing import width
from casetui.tui.widgets.lines import Lines, Part

GAP = 2


class KeyWord(Struct, frozen=True):
    """An entry of the line: the key as people read it, its word, and the key as Textual presses it."""

    shown: str
    word: str
    key: str


class KeyLine(Lines):
    """The footer; the first entry and the last one are always there, and a click presses a key."""

    DEFAULT_CSS = """
    KeyLine { height: 1; overflow-y: hidden; background: $panel; }
    """

    class Pressed(Message):
        """An entry was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._words: Sequence[KeyWord] = ()
        self._last: KeyWord | None = None
        self._places: list[tuple[int, int, str]] = []

    def show(self, words: Sequence[KeyWord], last: KeyWord | None) -> None:
        """Show these keys, the most wanted first, and one at the right end."""
        if (self._words, self._last) != (words, last):
            self._words, self._last = words, last
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        for start, end, key in self._places:
            if start <= event.x < end:
                self.post_message(self.Pressed(key))

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        cells = self.content_size.width
        if y or not cells:
            return self.line([])
        self._places = []
        last = _size(self._last) + GAP if self._last else 0
        room = cells - last if last < cells // 2 else cells
        parts: list[Part] = [(" ", "plain")]
        used = 1
        for word in self._words:
            size = _size(word)
            if used + size > room:
                break
            parts += [*_part(word), (" " * GAP, "plain")]
            self._places.append((used, used + size, word.key))
            used += size + GAP
        if self._last and room < cells:
            parts += [(" " * max(0, cells - used - last + 1), "plain"), *_part(self._last)]
            self._places.append((cells - last + 1, cells, self._last.key))
        return self.line(parts)


def _part(word: KeyWord) -> list[Part]:
    return [(word.shown, "us"), (f" {word.word}", "dim")]


def _size(word: KeyWord) -> int:
    return width(word.shown) + 1 + width(word.word)
