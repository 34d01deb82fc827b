"""Commands that open a screen: the dashboard, the monitor, the wall and the demo."""

import gc
import os
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casetui.cli.ownkeys import refuse_keys
from casetui.cli.progress import Progress
from casetui.cli.session import Session, in_session
from casetui.cli.table import say
from casetui.domain.errors import CasetuiError, Misused
from casetui.lean import asyncio_alone, textual_alone
from casetui.settings import Settings

if TYPE_CHECKING:
    from casetui.domain.looks import Looks
    from casetui.tui import session as tui
    from casetui.tui.app import Casetui

NOBODY = "the wall"
"""The agent of a wall, at which nobody sits: a desk wants a name, and writes it nowhere."""
TURN = 0.0005
"""Seconds that the thread of the desk waits for its turn while another imports or draws, a tenth of Python's own.

It asks for a turn for each row that it reads: of a million cases the first screen would be there 15 ms later.
"""
ESCAPE = "50"
"""Milliseconds after which an Escape is a key of its own, half of Textual's: one goes back often."""
STEADY = 60.0
"""Seconds after which a wall that ends by a mistake of ours begins anew; one that ends sooner would again."""


def dashboard(session: Session, *, read_only: bool = False) -> None:
    """Open the full-screen dashboard, and leave with its exit code."""
    chosen = session.settings
    chosen.wording()  # what is wrong with it, or cannot be opened, is said before the screen is taken
    refuse_keys(chosen)
    looks = session.looks
    _show(session, session.path, looks, read_only=read_only, settings=chosen)


@click.command()
@in_session
def monitor(session: Session) -> None:
    """Open the read-only dashboard: it follows what others do and can change nothing."""
    dashboard(session, read_only=True)


@click.command()
@click.option("--rotate", metavar="SECONDS", type=click.IntRange(5, 86_400), help="Turn the pages by itself.")
@click.option("--no-subjects", is_flag=True, help="Show no subject: for rooms with visitors.")
@in_session
def wall(session: Session, rotate: int | None, *, no_subjects: bool) -> None:
    """Show the desk on a big screen: queues with count and age, what is due, what changed; read-only."""
    chosen, looks, file = session.settings, session.looks, session.path
    refuse_keys(chosen)
    if looks.plain:
        _tell(session, file)
        return
    from casetui.cli.root import CRASHED  # noqa: PLC0415 - which imports this module

    seat = partial(_seat, session, file, NOBODY, read_only=True, settings=chosen)
    sitting, began = seat(), -STEADY
    _prepare(sitting)
    textual_alone()
    from casetui.tui.wall.app import WallApp  # noqa: PLC0415 - only these commands import Textual

    while time.monotonic() - began >= STEADY:
        began = time.monotonic()
        app = WallApp(sitting, looks=looks, subjects=not no_subjects, rotate=rotate)
        app.run(mouse=False)
        if app.return_code != CRASHED:
            break
        sitting = seat()
    _end(app)


@click.command()
@click.option("--cases", type=click.IntRange(1, 5_000_000), default=300, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same desk.")
@click.option("--keep", metavar="FILE", type=click.Path(path_type=Path), help="Keep the desk in this file.")
@in_session
def demo(session: Session, cases: int, seed: int, keep: Path | None) -> None:
    """Open the dashboard on made-up cases; your own desk is never touched."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - only the demo needs it

    looks = session.looks
    with TemporaryDirectory(prefix="casetui-demo-") as folder:
        file = keep.expanduser() if keep else Path(folder) / "demo.db"
        if file.exists():
            raise Misused(f"{file} is there already; a demo is kept in a new file.")
        _fill(session, file, cases, seed)
        _show(session, file, looks, read_only=False)
        if looks.plain:
            kept = "" if keep else "--keep FILE keeps this demo; "
            say(f"{kept}'casetui --database {file if keep else 'FILE'} list' lists its cases.")


def _fill(session: Session, file: Path, cases: int, seed: int) -> None:
    """Make the demo's desk beside its file, which is there only once the desk is whole."""
    from casetui.desk.demo import fill  # noqa: PLC0415 - only the demo needs it
    from casetui.desk.demo.plans import LARGE  # noqa: PLC0415 - as above
    from casetui.storage.store import Store  # noqa: PLC0415 - as above

    unfinished = file.with_name(f"{file.name}.unfinished")
    _remove(unfinished)
    try:
        with (
            Progress(f"Making {cases} cases", "Stopped; no demo was made.", at_once=cases > LARGE) as progress,
            closing(Store.open(unfinished)) as store,
        ):
            fill(store, session.clock.now(), cases=cases, seed=seed, agent=session.agent, progress=progress)
        unfinished.rename(file)
    finally:
        _remove(unfinished)


def _remove(database: Path) -> None:
    for end in ("", "-wal", "-shm"):
        database.with_name(f"{database.name}{end}").unlink(missing_ok=True)


def _show(
    session: Session, file: Path, looks: "Looks", *, read_only: bool, settings: Settings | None = None
) -> None:
    if looks.plain:
        _tell(session, file)
        return
    sitting = _seat(session, file, session.agent, read_only=read_only, settings=settings)
    _prepare(sitting)
    sitting.look_ahead()
    textual_alone()
    from casetui.tui.app import Casetui  # noqa: PLC0415 - only these commands import Textual

    app = Casetui(sitting, looks=looks)
    app.run(mouse=bool(looks.mouse))
    _end(app)


def _tell(session: Session, file: Path) -> None:
    """Say in lines of words what a screen would show."""
    from casetui.cli.overview import tell  # noqa: PLC0415 - only in the place of a screen

    tell(session, file)


def _seat(
    session: Session, file: Path, agent: str, *, read_only: bool, settings: Settings | None
) -> "tui.Session":
    """Return a sitting at a desk, which is not opened yet."""
    gc.disable()  # until the first screen is drawn: see tui.app.warm
    asyncio_alone()
    from casetui.tui.session import Session as Sitting  # noqa: PLC0415 - which imports asyncio

    return Sitting.at(file, session.clock, agent, read_only=read_only, settings=settings)


def _prepare(sitting: "tui.Session") -> None:
    """Open the desk and make ready for the imports of a screen, before any of them.

    Raises OutOfReach where the desk cannot be opened, and Misused where no terminal is: both are said before the
    screen is taken.
    """
    sys.setswitchinterval(TURN)
    # What comes in two steps, such as another queue and its rows, is painted 4 ms apart and not 17.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    os.environ.setdefault("ESCDELAY", ESCAPE)
    try:
        sitting.open()
        _want_terminal()
    except CasetuiError:
        sitting.bridge.close()
        raise


def _end(app: "Casetui") -> None:
    """Leave with the exit code of the screen."""
    if app.return_code:
        raise click.exceptions.Exit(app.return_code)


def _want_terminal() -> None:
    """Raise Misused where no terminal is: keys come from standard input, the picture goes to standard error."""
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise Misused(
            "A screen wants a terminal to be drawn on and to hear keys from; --plain prints lines of words."
        )


COMMANDS = (demo, monitor, wall)
