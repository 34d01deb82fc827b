"""What a command works with: the settings in force, the clock, and the desk that it opens."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct, field

from casetui.domain.clocks import Clock, SystemClock
from casetui.domain.errors import Misused
from casetui.domain.safe import clean
from casetui.settings import Settings, load

if TYPE_CHECKING:
    from casetui.desk.board import Board
    from casetui.desk.outbox import CommentPost
    from casetui.desk.stops import Stops
    from casetui.domain.looks import Looks
    from casetui.storage.store import Store


class Session(Struct, dict=True):
    """One run of the program: its global options, and the clock that everything goes by."""

    database: str | None = None
    agent_name: str | None = None
    config: str | None = None
    theme: str | None = None
    ascii: bool | None = None
    mouse: bool | None = None
    plain: bool | None = None
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def settings(self) -> Settings:
        """The settings in force, as they were when they were first asked for."""
        return load(database=self.database, agent=self.agent_name, config=self.config)

    @property
    def agent(self) -> str:
        """Who works at this desk."""
        return self.settings.agent.value

    @property
    def path(self) -> Path:
        """The database file; raises Misused for what is no file."""
        name = self.settings.database.value
        if "://" in name:
            raise Misused(f"'{name}' is not a file; this casetui keeps its cases in SQLite files.")
        return Path(name).expanduser()

    @property
    def looks(self) -> "Looks":
        """How screens are drawn: by flag, environment, settings, and what suits the terminal."""
        from casetui.domain.looks import Looks, from_environment  # noqa: PLC0415 - only for screens

        try:
            given = from_environment(os.environ)
        except ValueError as error:
            raise Misused(str(error)) from None
        looks = (self.settings.screen or Looks()).outweighed(given)
        flags = {"theme": self.theme, "ascii": self.ascii, "mouse": self.mouse, "plain": self.plain}
        return looks.outweighed(flags).suited(os.environ)

    @contextmanager
    def store(self, *, read_only: bool = False) -> "Iterator[Store]":
        """Open the database for the length of a command."""
        from casetui.storage.store import Store  # noqa: PLC0415 - --help and statuses open no database

        store = Store.open(self.path, read_only=read_only)
        if store.is_new:
            click.echo(clean(f"There was no desk at {store.path}; an empty one was made."), err=True)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def verbs(self) -> "Iterator[Stops]":
        """Open the desk to work on it."""
        from casetui.desk.stops import Stops  # noqa: PLC0415 - as above

        with self.store() as store:
            yield Stops(store, self.clock, self.agent, self._post(store))

    @contextmanager
    def board(self) -> "Iterator[Board]":
        """Open the desk to look at it; a desk that is not there yet is made, and is empty."""
        from casetui.desk.board import Board  # noqa: PLC0415 - as above

        with self.store() as store:
            yield Board(store, self.clock)

    def _post(self, store: "Store") -> "CommentPost | None":
        """Return what sends public comments as letters, where the settings say so."""
        if self.settings.mail is None:
            return None
        from casetui.desk.outbox import comment_post  # noqa: PLC0415 - only where mail is set

        return comment_post(store, self.settings)


in_session = click.make_pass_decorator(Session, ensure=True)
