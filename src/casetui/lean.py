"""Imports without what they bring along and nobody wants: a start and a memory that are smaller for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg", "pymysql", "MySQLdb")
"""Drivers of databases that this program opens none of."""
_OWN_HASHES = ("_md5", "_sha1", "_sha3", "_blake2")
"""Python's own hashes, which some systems leave to OpenSSL: without either, hashlib says an error of each."""


def without_drivers() -> None:
    """Have no driver be imported from now on, of which Peewee and its playhouse would import each there is.

    150 ms of every start and command for whoever has psycopg.
    """
    for driver in DRIVERS:
        sys.modules.setdefault(driver, None)  # type: ignore[arg-type]  # an empty place is a failed import


def hashlib_alone() -> None:
    """Import hashlib without OpenSSL, where Python has hashes of its own: 3.5 MiB of memory.

    Peewee imports it for names of constraints, we for the number of a file. Whoever speaks TLS gets OpenSSL later.
    """
    if all(map(find_spec, _OWN_HASHES)):
        with _without("_hashlib"):
            import hashlib  # noqa: F401, PLC0415 - imported here so that nobody imports it otherwise


def asyncio_alone() -> None:
    """Import asyncio without TLS, which no screen speaks: 6 ms and 4 MiB. Whoever sends letters imports it."""
    with _without("ssl"):
        import asyncio  # noqa: F401, PLC0415 - only screens are asynchronous


def textual_alone() -> None:
    """Import Textual without its palette, which brings inputs, lists and trees: 10 ms and 1.2 MiB.

    Whoever opens the palette imports it.
    """
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
