"""Imports without what they bring along and nobody wants: a start and a memory that are smaller for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg", "pymysql", "MySQLdb")
"""Drivers of databases that this program opens none of."""


def without_drivers() -> None:
    """Have no driver be imported from now on, of which Peewee and its playhouse would import each there is.

    150 ms of every start and command for whoever has psycopg.
    """
    for driver in DRIVERS:
        sys.modules.setdefault(driver, None)  # type: ignore[arg-type]  # an empty place is a failed import


def textual_alone() -> None:
    """Import Textual without what comes with it and no first screen shows; whoever wants that imports it later.

    TLS, which asyncio brings: 6 ms. The palette, which brings inputs, lists and trees: 10 ms and 1.2 MiB.
    """
    with _without("ssl"):
        import asyncio  # noqa: F401, PLC0415 - only screens are asynchronous
    with _hollow("textual.command"):
        import textual.app  # noqa: F401, PLC0415 - only screens want Textual


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Have a module look as if it were not there, for what is imported meanwhile."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # as above
    yield
    del sys.modules[name]


@contextmanager
def _hollow(name: str) -> Iterator[None]:
    """Have a module be one whose names are there and good for nothing, for what only names them."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = _Hollow(name)
    yield
    del sys.modules[name]


class _Hollow(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})
