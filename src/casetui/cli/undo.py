"""Commands that take back what an agent did last, and do it again."""

import sys

import click

from casetui.cli.cases import NUMBER
from casetui.cli.session import Session, in_session
from casetui.cli.table import say
from casetui.desk.facts import read_policy
from casetui.desk.undo import Undo, Undoable
from casetui.domain.clocks import full_stamp
from casetui.domain.errors import Refused
from casetui.domain.safe import clean

YES = click.option("-y", "--yes", is_flag=True, help="Do not ask first.")


@click.command()
@click.argument("number", type=NUMBER, required=False)
@YES
@in_session
def undo(session: Session, number: int | None, *, yes: bool) -> None:
    """Take back your own last act (on a case), for a minute or undo_seconds; the history keeps both."""
    _change(session, number, back=True, yes=yes)


@click.command()
@click.argument("number", type=NUMBER, required=False)
@YES
@in_session
def redo(session: Session, number: int | None, *, yes: bool) -> None:
    """Do again what you took back last (on a case), for a minute or undo_seconds, if nothing happened since."""
    _change(session, number, back=False, yes=yes)


def _change(session: Session, number: int | None, *, back: bool, yes: bool) -> None:
    """Say what is about to be taken back or done again, ask where a person can answer, and do it."""
    with session.store() as store:
        desk = Undo(store, session.clock, session.agent, session.settings.undo_window)
        last = desk.last_act(number) if back else desk.last_undone(number)
        cases = ", ".join(map(str, last.numbers))
        told = f"{clean(last.says)} (case {cases}, {full_stamp(last.at, read_policy(store).zone)})"
        question = f"{'Take back' if back else 'Do again'}: {told}?"
        if not yes and sys.stdin.isatty() and not click.confirm(question, err=True):
            raise Refused("Nothing was done.")
        (desk.undo if back else desk.redo)(number, act=last.act)
    say(f"{'Taken back' if back else 'Done again'}: {told}.{_letters(last, back=back)}")


def _letters(last: Undoable, *, back: bool) -> str:
    """Say what became of the letters of an act."""
    verb = "withdrawn" if back else "to be sent after all"
    said = [f" Letters {verb}: {last.letters}."] if last.letters else []
    said += [f" Letters gone already: {last.gone}."] if last.gone else []
    return "".join(said)


COMMANDS = (undo, redo)
