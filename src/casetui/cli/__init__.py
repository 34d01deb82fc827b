"""The command line: thin commands; the only place that builds Store, Desk and App."""

import gc
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from casetui.lean import msgspec_alone, put_off, without_drivers

_YOUNG = 10_000
"""Objects after which the collector looks at the new ones: most commands are done before it does."""


def main() -> None:
    """Run ``casetui``; its exit code says how it went (SPEC 8)."""
    # Nothing that an import leaves behind is garbage: collecting while importing costs a tenth of the start.
    gc.disable()
    put_off()
    without_drivers()
    msgspec_alone()
    from casetui.cli.root import run  # noqa: PLC0415 - imported with the collector off

    gc.freeze()
    gc.set_threshold(_YOUNG)
    gc.enable()
    _open_what_is_closed()
    _leave(run(sys.argv[1:]))


def _open_what_is_closed() -> None:
    """Have output that was closed before we began go nowhere, and not into the next file that is opened."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def _leave(code: int) -> NoReturn:
    """End at once, where nothing is at work any more: 2 ms in which Python would take apart what is there.

    Nothing is left to be done at exit. Whoever measures the program from inside calls ``run``.
    """
    if threading.active_count() > 1:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # one that is closed, or that nobody reads, takes nothing more
            stream.flush()
    os._exit(code)
