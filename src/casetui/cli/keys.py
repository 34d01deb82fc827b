"""The command about keys: what each does and where, those of one's own, and what arrives when one is pressed."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from casetui import faults
from casetui.cli.cases import AS_JSON
from casetui.cli.ownkeys import refuse_keys
from casetui.cli.session import Session, in_session
from casetui.cli.table import as_json, table
from casetui.settings import Settings


@click.command("keys")
@click.option("--list", "listed", is_flag=True, help="Print them, though this is a terminal.")
@AS_JSON
@in_session
def keys(session: Session, *, listed: bool, json_: bool) -> None:
    """Show each key as it arrives, with what it does; or list all actions with their keys.

    Each action has an id, by which a table in the settings' file gives it other keys:

    \b
      [keys]
      "case.move" = "M, ctrl+y"
    """  # noqa: D301 - click reads the backspace as: leave these lines alone
    from casetui.tui import keymap  # noqa: PLC0415 - only this command needs all keys

    chosen = session.settings
    refuse_keys(chosen)
    keymap.use(chosen.keys)
    rows = list(_rows(chosen))
    if json_:
        as_json(rows)
    elif listed or not (sys.stdin.isatty() and sys.stdout.isatty()):
        table(
            ("WHERE", "KEYS", "ACTION", "FROM", "DOES"),
            [
                (", ".join(row["places"]), " ".join(row["keys"]), row["id"], row["from"], row["does"])
                for row in rows
            ],
        )
    else:
        from casetui.tui.keyshow import KeyShow  # noqa: PLC0415 - only here is a screen wanted

        KeyShow().run()


def _rows(chosen: Settings) -> Iterator[dict[str, Any]]:
    """Yield all actions, those of one place together."""
    from casetui.tui import keymap  # noqa: PLC0415 - only this command lists them
    from casetui.tui.keynames import shown  # noqa: PLC0415 - as above

    for each in keymap.actions():
        line = faults.line_in(chosen.file, f"keys.{each.id}", "keys") if keymap.is_own(each.id) else 0
        yield {
            "id": each.id,
            "keys": [shown(key) for key in keymap.keys_of(each.id)],
            "from": f"{chosen.file}, line {line}" if line else "casetui",
            "places": keymap.where(each.id),
            "does": each.does,
        }


COMMANDS = (keys,)
