"""Imports without what they bring along and nobody wants: a start and a memory that are smaller for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Have modules look as if they were not there, for what is imported meanwhile.

    One that was imported before stays. Whoever asks for one later gets it.
    """
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # an empty place is a failed import
    try:
        yield
    finally:
        _forget(absent)


@contextmanager
def hollow(name: str) -> Iterator[None]:
    """Have a module whose names can be imported and are good for nothing, for what is imported meanwhile.

    For what only names them; where the module was imported before, it is the real one.
    """
    absent = [name for name in (name,) if name not in sys.modules]
    sys.modules.update((name, _Hollow(name)) for name in absent)
    try:
        yield
    finally:
        _forget(absent)


class _Hollow(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def _forget(names: list[str]) -> None:
    for name in names:
        del sys.modules[name]
