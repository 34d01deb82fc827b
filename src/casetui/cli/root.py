"""The command ``casetui`` itself: its global options, its exit codes, and what it does without a command."""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import StringIO
from itertools import chain
from typing import Any

import click

from casetui import __version__
from casetui.cli.session import Session
from casetui.domain.errors import CasetuiError
from casetui.domain.looks import THEMES
from casetui.domain.safe import clean_lines

CRASHED = 70
"""The exit code of a mistake of ours (EX_SOFTWARE)."""
UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What is wrong where standard output is a file on a disk that is full, or on one that does not answer."""
ASKED = "_CASETUI_COMPLETE"
"""The variable by which a shell asks how a command may go on."""


HOMES = {
    "cases": ("new", "list", "show", "move", "comment", "assign", "edit", "clone"),
    "undo": ("undo", "redo"),
    "clocks": ("extend", "hold", "release", "due", "why", "sweep", "policy"),
    "mail": ("mail", "config"),
    "desk": ("statuses", "import", "export", "paths", "check"),
    "keys": ("keys",),
    "screens": ("demo", "monitor", "wall"),
    "completion": ("completion",),
    "manual": ("man",),
}
"""The modules that hold the commands; only that of the one that runs is imported."""


class Casetui(click.Group):
    """Lists its commands in the order of a day's work, not of the alphabet, and imports each when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(chain.from_iterable(HOMES.values()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, from the module that holds it."""
        for module, names in HOMES.items():
            if cmd_name in names and cmd_name not in self.commands:
                for command in import_module(f"casetui.cli.{module}").COMMANDS:
                    self.add_command(command)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Casetui, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--database", metavar="PATH", type=click.Path(), help="The database file (CASETUI_DATABASE).")
@click.option("--config", metavar="FILE", type=click.Path(), help="The settings' file.")
@click.option("--as", "agent_name", metavar="NAME", help="The agent at work (CASETUI_AGENT, else the login name).")
@click.option("--theme", type=click.Choice(THEMES), help="The colours of screens (CASETUI_THEME).")
@click.option("--ascii", is_flag=True, default=None, help="Draw with ASCII characters only (CASETUI_ASCII).")
@click.option(
    "--no-mouse", "mouse", flag_value=False, type=bool, default=None, help="Leave the mouse alone (CASETUI_MOUSE)."
)
@click.option(
    "--plain", is_flag=True, default=None, help="Print lines of words, for screen readers (CASETUI_PLAIN)."
)
@click.version_option(__version__, prog_name="casetui")
@click.pass_context
def casetui(context: click.Context, /, **options: Any) -> None:
    """Keep a support desk in the terminal; without a command, open the dashboard.

    Exit codes: 0 done, 1 refused, 2 usage or settings, 3 database out of reach.
    """
    given: Session | None = context.obj
    session = given or Session()
    for name, value in options.items():
        setattr(session, name, value)
    context.obj = session
    if context.invoked_subcommand is None:
        from casetui.cli import screens  # noqa: PLC0415 - only the screens open one

        screens.dashboard(session)


def run(arguments: Sequence[str], session: Session | None = None) -> int:
    """Run the program with these arguments and return its exit code; nothing but words reaches the terminal."""
    try:
        if ASKED in os.environ:
            from casetui.cli.completion import prepare  # noqa: PLC0415 - only a shell asks

            prepare()
        code = casetui.main(args=list(arguments), prog_name="casetui", standalone_mode=False, obj=session)
        sys.stdout.flush()  # what cannot be written is to be said while somebody can say it
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        _complain(_safe(said.getvalue().rstrip("\n")))
        return error.exit_code
    except click.Abort as error:
        _complain(str(error) or "Stopped.")
        return 1
    except CasetuiError as error:
        _complain(_safe(str(error)))
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence, a crash file, a bad exit code
        if isinstance(error, OSError) and error.errno in UNWRITABLE and error.filename is None:
            return _give_up_output(error)
        from casetui import crash  # noqa: PLC0415 - only a mistake of ours needs it

        _complain(crash.report(error))
        return CRASHED
    return code if isinstance(code, int) else 0


def _give_up_output(error: OSError) -> int:
    """Say that standard output takes nothing more, and have nothing else try."""
    _complain(f"Standard output cannot be written: {(error.strerror or str(error)).lower()}.")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # which Python would flush at the end, and complain of once more
    return 1


def _complain(words: str) -> None:
    """Say why a command did not do what it was asked, where anything can be said: the exit code says it too."""
    with suppress(OSError):  # where the terminal is gone, nobody reads it
        click.echo(words, err=True)


def _safe(sentence: str) -> str:
    """Return a refusal, which may quote what was typed or read, as what no terminal obeys."""
    return "\n".join(clean_lines(sentence))
