"""The keys in force: those that are declared, and in their place the ones that a person has chosen."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from casetui.domain.errors import Misused
from casetui.tui.commands import SCREENS, Command, Place, commands_of
from casetui.tui.keyboard import DECLARED, DIALOGS, TYPING
from casetui.tui.keynames import prints, read, shown

TYPED = frozenset(
    {
        *("left", "right", "up", "down", "home", "end", "backspace", "delete", "enter", "f5", "f6", "f7"),
        *(f"ctrl+{letter}" for letter in "acdefkuvwxyz"), "ctrl+left", "ctrl+right",
        *(f"shift+{way}" for way in ("left", "right", "up", "down", "home", "end")),
    }
)  # fmt: skip
"""Keys that Textual's own text fields take for themselves."""
FOCUS = frozenset({"tab", "shift+tab"})
"""Keys that go from field to field on every screen."""

_own: dict[str, tuple[str, ...]] = {}
"""One keyboard for the whole program, as ``drawing.glyphs`` is its one set of characters; ``use`` changes it."""


def use(own: Mapping[str, str]) -> dict[str, str]:
    """Take a person's own keys, by id, from now on; return them as Textual's keymap wants them."""
    _own.clear()
    _own.update({id_: tuple(split(written)) for id_, written in own.items()})
    return {id_: ",".join(keys) for id_, keys in _own.items()}


def keys_of(id_: str) -> tuple[str, ...]:
    """Return the keys that stand for an action now, the first one first."""
    return _own.get(id_) or _declared()[id_]


def is_own(id_: str) -> bool:
    """Say whether somebody has chosen the keys of an action."""
    return id_ in _own


def key(id_: str) -> str:
    """Return the key of an action as sentences name it."""
    return shown(keys_of(id_)[0])


def meanings(pressed: str) -> list[str]:
    """Return what a key does, for each place in which it does something."""
    return [
        f"{command.does}  ({', '.join(where(command.id))})"
        for command in actions()
        if pressed in keys_of(command.id)
    ]


def actions() -> list[Command]:
    """Return every action once, those of one place together."""
    once = {command.id: command for command in reversed(DECLARED)}.values()
    order = list(Place)
    return sorted(once, key=lambda each: [order.index(place) for place in places_of(each.id)])


def where(id_: str) -> list[str]:
    """Return where an action can be asked for, in words."""
    places = set(places_of(id_))
    if places == set(Place):
        return ["everywhere"]
    names = []
    for many, name in ((frozenset(SCREENS), "all screens"), (DIALOGS, "dialogs")):
        if many <= places:
            names.append(name)
            places -= many
    return [*names, *(place.value for place in Place if place in places)]


def command_on(place: Place, pressed: str) -> Command | None:
    """Return the command that a key stands for on a screen."""
    return next((command for command in commands_of(place) if pressed in keys_of(command.id)), None)


def split(written: str) -> list[str]:
    """Return the keys of a list such as ``M, ctrl+y``, where a comma is ``comma``; raise Misused for no key."""
    return [read(each.strip()) for each in written.split(",")]


def faults(own: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a person's own keys: the id, and a sentence without a full stop."""
    sound: dict[str, tuple[str, ...]] = {}
    for id_, written in own.items():
        try:
            keys = tuple(split(written))
        except Misused as error:
            yield id_, f"'{id_}': {error}"
            continue
        if id_ not in _declared():
            yield id_, f"no action is called '{id_}'{_nearest(id_)}"
        elif says := _unfit(id_, keys):
            yield id_, says
        else:
            sound[id_] = keys
    yield from _clashes(sound)


@cache
def _declared() -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for command in DECLARED:
        keys[command.id] = tuple(dict.fromkeys((*keys.get(command.id, ()), *command.keys.split(","))))
    return keys


@cache
def places_of(id_: str) -> tuple[Place, ...]:
    """Return where an action can be asked for."""
    found = frozenset[Place]().union(*(command.places for command in DECLARED if command.id == id_))
    return tuple(place for place in Place if place in found)


def _nearest(id_: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    close = get_close_matches(id_, _declared(), 1) or [each for each in _declared() if each.endswith(f".{id_}")]
    return f"; did you mean '{close[0]}'?" if close else "; 'casetui keys' lists them"


def _unfit(id_: str, keys: Sequence[str]) -> str:
    """Say why an action cannot have one of these keys wherever it is, or nothing."""
    typing = next((place.value for place in places_of(id_) if place in TYPING), None)
    for each in keys:
        if each in _declared()[id_]:
            continue
        if each in FOCUS:
            return f"'{id_}' cannot be {shown(each)}, which goes from field to field"
        if typing and (prints(each) or each in TYPED):
            does = "is" if prints(each) else "edits the"
            return f"'{id_}' cannot be {shown(each)}, which {does} text in the {typing}"
    return ""


def _clashes(own: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield each pair of actions that one key would ask for in one place; where both were chosen, the later."""
    rest = {id_: keys for id_, keys in _declared().items() if id_ not in own}
    for id_, keys in own.items():
        for other, others in rest.items():
            both = [each for each in keys if each in others and each not in _shared(id_, other)]
            where = [place.value for place in places_of(id_) if place in places_of(other)]
            if both and where:
                yield id_, f"{shown(both[0])} is '{id_}' and '{other}' ({', '.join(where)})"
        rest[id_] = keys


def _shared(one: str, other: str) -> frozenset[str]:
    """Return the keys that two actions have in common as declared, where one is nearer to the cursor."""
    return frozenset(_declared()[one]) & frozenset(_declared()[other])
