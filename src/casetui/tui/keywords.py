"""What the last line of a screen says: the keys that can be pressed there now."""

from collections.abc import Mapping, Sequence

from textual.binding import ActiveBinding

from casetui.tui.commands import Place, commands_of
from casetui.tui.keymap import keys_of
from casetui.tui.keynames import prints, shown
from casetui.tui.widgets.keyline import KeyWord


def word(id_: str, says: str) -> KeyWord:
    """Return the entry of an action, with its first key."""
    pressed = keys_of(id_)[0]
    return KeyWord(shown(pressed), says, pressed)


def offered(place: Place, active: Mapping[str, ActiveBinding]) -> Sequence[KeyWord]:
    """Return the commands of a screen that can be given now, the most wanted first."""
    keys: dict[str, str] = {}
    for key, bound in active.items():
        if bound.enabled and bound.binding.id:
            keys.setdefault(bound.binding.id, key)
    return [
        KeyWord(shown(keys[command.id]), command.word, keys[command.id])
        for command in commands_of(place)
        if command.footer and command.id in keys
    ]


def typing(clears: str) -> Sequence[KeyWord]:
    """Return the keys that work while a line is typed in; ``clears`` is what leaving it is called."""
    silent = [each for each in keys_of("help") if not prints(each)]
    return (
        *(KeyWord(shown(each), "Help", each) for each in silent[:1]),
        word("filter.complete", "Complete"),
        KeyWord("Enter", "To the list", "enter"),
        word("filter.clear", clears),
    )
