"""Imports without what they bring along and nobody wants: a start and a memory that are smaller for it."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType

DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg", "pymysql", "MySQLdb")
"""Drivers of databases that this program opens none of."""
NAMED_ONLY = (
    "bz2", "calendar", "hashlib", "ipaddress", "json", "linecache", "lzma", "ntpath", "selectors", "shutil",
    "socket", "tokenize", "traceback",
)  # fmt: skip
"""Modules of Python's own that others import, and want nothing of until somebody does something rare."""
_NOT_FOR_MSGSPEC = ("msgspec.inspect", "msgspec._json_schema", "platform")


def without_drivers() -> None:
    """Have no driver be imported from now on, of which Peewee and its playhouse would import each there is.

    150 ms of every start and command for whoever has psycopg.
    """
    for driver in DRIVERS:
        sys.modules.setdefault(driver, None)  # type: ignore[arg-type]  # an empty place is a failed import


def put_off() -> None:
    """Have some modules be imported when something is first wanted of them: 6 ms of a command, 3 of a start."""
    for name in NAMED_ONLY:
        if name not in sys.modules:
            sys.modules[name] = _Later(name)


def msgspec_alone() -> None:
    """Import msgspec without typing_extensions, whose names Python's own typing has too: 4 ms of a command.

    And without its schemas of types, and what tells Python's uuid on which system it is, for identities made of
    network cards: 1 ms each.
    """
    with ExitStack() as without:
        for name, stand_in in (("typing_extensions", None), *((name, _Hollow(name)) for name in _NOT_FOR_MSGSPEC)):
            without.enter_context(_in_place_of(name, stand_in))
        import msgspec  # noqa: F401, PLC0415 - imported here so that nobody imports it otherwise


def asyncio_alone() -> None:
    """Import asyncio without TLS, which no screen speaks: 6 ms and 4 MiB. Whoever sends letters imports it."""
    with _in_place_of("ssl", None):
        import asyncio  # noqa: F401, PLC0415 - only screens are asynchronous


def textual_alone() -> None:
    """Import Textual without its palette, which brings inputs, lists and trees: 10 ms and 1.2 MiB.

    Whoever opens the palette imports it. And without Rich's tables, for one of all its colours: 1 ms.
    """
    with (
        _in_place_of("textual.command", _Hollow("textual.command")),
        _in_place_of("rich.table", _Hollow("rich.table")),
    ):
        import textual.app  # noqa: F401, PLC0415 - only screens want Textual


@cache
def platformdirs_alone() -> None:
    """Import platformdirs without tempfile, for a folder that we do not ask for: 2 ms of a command."""
    with _in_place_of("tempfile", _Hollow("tempfile")):
        import platformdirs  # noqa: F401, PLC0415 - imported here so that nobody imports it otherwise


@cache
def pendulum_alone() -> None:
    """Import Pendulum without dateutil, which reads what is no ISO date, as nobody here asks: 4 ms and 0.9 MiB."""
    with _in_place_of("dateutil", _Hollow("dateutil")):
        import pendulum  # noqa: F401, PLC0415 - imported here so that nobody imports it otherwise


class _Later(ModuleType):
    """A module that is imported when something is wanted of it, for whoever has it as for whoever asks next."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


class _Hollow(ModuleType):
    """A module whose names are there and good for nothing, for what only names them."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def _in_place_of(name: str, stand_in: ModuleType | None) -> Iterator[None]:
    """Have a module be another one for what is imported meanwhile, or None, which is a failed import.

    One that was imported before stays.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = stand_in  # type: ignore[assignment]  # the stubs know only modules
    try:
        yield
    finally:
        del sys.modules[name]
