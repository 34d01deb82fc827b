"""Commands as Textual binds them."""

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from casetui.tui.commands import Command, Place, commands_of


def bound(commands: Iterable[Command]) -> list[BindingType]:
    """Return commands as bindings, each with its id, so that the keymap reaches it, and its sentence."""
    return [
        Binding(
            each.keys,
            each.action,
            each.word,
            show=each.footer,
            tooltip=each.does,
            id=each.id,
            priority=each.priority,
            system=each.id.startswith("app."),
        )
        for each in commands
    ]


def bindings_of(place: Place) -> list[BindingType]:
    """Return the commands of a screen as bindings."""
    return bound(commands_of(place))
