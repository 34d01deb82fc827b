"""Commands about letters: send them, list them, try a failed one again; and what is wrong in the settings."""

from typing import TYPE_CHECKING

import click

from casetui.cli.cases import AS_JSON, NUMBER
from casetui.cli.ownkeys import key_faults
from casetui.cli.session import Session, in_session
from casetui.cli.table import as_json, say, table
from casetui.domain.clocks import stamp
from casetui.domain.errors import Misused
from casetui.domain.safe import clean
from casetui.domain.words import many
from casetui.faults import faults, keys_in, wording_faults

if TYPE_CHECKING:
    from casetui.domain.letters import Mailing

STATES = click.Choice(["waiting", "sent", "failed", "withdrawn"])


@click.group()
def mail() -> None:
    """Send the letters of the outbox, list them, try a failed one again."""


@mail.command("send")
@in_session
def send(session: Session) -> None:
    """Send the letters that wait, once; for cron."""
    from casetui.desk.outbox import Outbox, deliver_once  # noqa: PLC0415 - only this command sends

    settings = session.settings
    if settings.mail is None:
        with session.store() as store:
            waiting = Outbox(store, session.clock).waiting()
        stay = f"{many(waiting, 'letter')} stay{'s' * (waiting == 1)}"
        raise Misused(f"No mail server is set, so {stay} waiting: name one under [mail] in {settings.file}.")
    delivered = deliver_once(session.path, session.clock, settings)
    if delivered.trouble:
        say(f"The mail server takes no letters now: {delivered.trouble}")
    say(f"{delivered.sent} sent, {delivered.waiting} wait, {delivered.failed} failed.")
    if delivered.failed:
        raise click.exceptions.Exit(1)


@mail.command("list")
@click.option("--state", type=STATES, help="Only the letters in this state.")
@AS_JSON
@in_session
def list_(session: Session, state: str | None, *, json_: bool) -> None:
    """Print the outbox: to whom, in which state, what the server said."""
    from casetui.desk.board import Board  # noqa: PLC0415 - only where a database is open
    from casetui.desk.outbox import Outbox  # noqa: PLC0415 - as above

    with session.store() as store:
        found = Outbox(store, session.clock).listed(*((state,) if state else ()))
        zone = Board(store, session.clock).policy.zone
    if json_:
        from casetui.desk.documents import mailing_document  # noqa: PLC0415 - only for JSON

        as_json([mailing_document(mailing) for mailing in found])
    elif found:
        head = ("ID", "CASE", "LETTER", "WRITTEN", "STATE", "TRIES", "TO", "THE SERVER SAID")
        table(head, [_row(mailing, zone) for mailing in found])
    else:
        say("The outbox has no such letter." if state else "The outbox is empty.")


@mail.command("retry")
@click.argument("number", metavar="ID", type=NUMBER)
@in_session
def retry(session: Session, number: int) -> None:
    """Send a failed letter anew, to the address that its case has now."""
    from casetui.desk.outbox import Outbox  # noqa: PLC0415 - only where a database is open

    with session.store() as store:
        mailing = Outbox(store, session.clock).retry(number)
    say(f"Letter {number} waits again, for {clean(mailing.recipient)}.")


@click.group()
def config() -> None:
    """Look after the settings."""


@config.command("check")
@in_session
def config_check(session: Session) -> None:
    """Name what is wrong in the settings, by file, line and key; 'paths' says where they lie."""
    from casetui import canned, settings  # noqa: PLC0415 - settings is the module, beside a session's own

    file = settings.file_of(session.config)
    if session.config and not file.is_file():
        raise Misused(f"There is no settings file {file}.")
    found = [*faults(file), *key_faults(file, keys_in(file))] if file.is_file() else []
    found.sort(key=lambda fault: fault.line)
    found += [*wording_faults(file), *canned.read(file).wrong]
    for fault in found:
        click.echo(str(fault))
    if found:
        raise Misused(f"{many(len(found), 'mistake')} in the settings.")
    session.settings.password()
    say(f"Nothing is wrong in {file}." if file.is_file() else f"There is no {file}: nothing is set.")


def _row(mailing: "Mailing", zone: str) -> tuple[object, ...]:
    state = mailing.state
    if state == "waiting" and mailing.tries and mailing.next_try_at:
        state = f"waiting, next try {stamp(mailing.next_try_at, zone)}"
    written = stamp(mailing.written_at, zone)
    said = mailing.error or "-"
    return (mailing.id, mailing.number, mailing.rule, written, state, mailing.tries, mailing.recipient, said)


COMMANDS = (mail, config)
