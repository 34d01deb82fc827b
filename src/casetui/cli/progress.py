"""How far a long work is: a bar where a person watches standard error, a sentence anywhere else."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from casetui.cli.table import is_plain, say

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_SOON = 1.0
"""Seconds within which nothing need be said."""


class Progress:
    """Told how much is done, of how much. Work of a second passes without a word, unless ``at_once``.

    Ctrl+c ends the command, with the one sentence ``stopped``.
    """

    def __init__(self, doing: str, stopped: str, *, at_once: bool = False) -> None:
        self.doing = doing
        self.stopped = stopped
        self._from = time.monotonic() + (0 if at_once else _SOON)
        self._bar: ProgressBar[Any] | None = None
        self._is_said = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.render_finish()
        if isinstance(error, KeyboardInterrupt):
            raise click.Abort(self.stopped) from None

    def __call__(self, done: int, of: int) -> None:
        """Say how far it has come."""
        if not self._is_said and time.monotonic() >= self._from:
            self._begin(of)
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)

    def _begin(self, of: int) -> None:
        self._is_said = True
        if not sys.stderr.isatty() or is_plain():
            say(f"{self.doing}; ctrl+c stops it.")
            return
        self._bar = click.progressbar(
            length=of,
            label=self.doing,
            fill_char="#",
            empty_char=".",
            bar_template="%(label)s  [%(bar)s]  %(info)s  ctrl+c stops it",
            file=sys.stderr,
        )
        self._bar.render_progress()
