"""What arrives: each key that is pressed, by its name, with what it does in casetui."""

from collections import deque
from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.content import Content

from casetui.tui.drawing import Static, content
from casetui.tui.keymap import meanings
from casetui.tui.keynames import shown

_HEAD = "Press keys: each is shown by the name under which it arrives, with what it does. Twice {} leaves."
_LEAVING = ("escape", "ctrl+c", "ctrl+q")
_NAME, _SHORT = 26, 12


class KeyShow(App[None], inherit_bindings=False):
    """Shows keys as they arrive, the newest first; to leave, a key is pressed twice, as it may be tried once."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { padding: 1 2; }
    #head { height: auto; color: $text-muted; margin: 0 0 1 0; }
    #keys { height: 1fr; }
    """
    MOST: ClassVar[int] = 200

    def __init__(self) -> None:
        super().__init__()
        self._seen: deque[Content] = deque(maxlen=self.MOST)
        self._last = ""

    def compose(self) -> ComposeResult:
        """Draw the sentence, and room for the keys."""
        yield Static(content(_HEAD.format(" or ".join(map(shown, _LEAVING)))), id="head")
        yield Static(Content("Nothing has arrived yet."), id="keys")

    def on_key(self, event: events.Key) -> None:
        """Put the key on top."""
        if event.key == self._last and event.key in _LEAVING:
            self.exit()
        self._last = event.key
        self._seen.appendleft(Content("\n").join(told(event.key)))
        self.query_one("#keys", Static).update(Content("\n").join(self._seen))


def told(key: str) -> Iterator[Content]:
    """Yield the lines about a key: its names, then what it does in each place."""
    name = content(f"{shown(key):<{_SHORT}}", "bold") + content(f"{key:<{_NAME}}", "dim")
    does = meanings(key) or ["nothing in casetui"]
    for at, each in enumerate(does):
        yield (content(" " * (_SHORT + _NAME)) if at else name) + content(each)
