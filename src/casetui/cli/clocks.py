"""Commands about the clocks: extend, hold, release, what is due, why, and the sweep."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from casetui.cli.cases import AS_JSON, NUMBER, done
from casetui.cli.session import Session, in_session
from casetui.cli.table import as_json, body, is_plain, say, spoken, table
from casetui.cli.values import policy_changes
from casetui.domain.clocks import Period, countdown, full_stamp, in_words
from casetui.domain.records import DueAct, Swept
from casetui.domain.safe import clean
from casetui.domain.words import many

if TYPE_CHECKING:
    from casetui.desk.board import Board
    from casetui.domain.letters import Letter

REASON = click.option("--reason", required=True, metavar="WHY", help="Why; the history keeps it.")


@click.command()
@click.argument("number", type=NUMBER)
@click.argument("to", metavar="PERIOD|DATE")
@REASON
@AS_JSON
@in_session
def extend(session: Session, number: int, to: str, reason: str, *, json_: bool) -> None:
    """Move a case's closure by a period such as 7d, or to a date."""
    with session.verbs() as verbs:
        case = verbs.extend(number, to, reason)
        zone = _zone(session)
    closes = full_stamp(case.close_at, zone) if case.close_at else "never"
    done(case, f"Case {number} closes on {closes}.", json_=json_)


@click.command()
@click.argument("number", type=NUMBER)
@click.option("--until", metavar="DATE", help="When the hold ends by itself; a date, an instant or a period.")
@REASON
@AS_JSON
@in_session
def hold(session: Session, number: int, until: str | None, reason: str, *, json_: bool) -> None:
    """Stop the timer for a case, until a date or until it is released."""
    with session.verbs() as verbs:
        case = verbs.hold(number, until, reason)
        zone = _zone(session)
    end = full_stamp(case.held_until, zone) if case.held_until else "it is released"
    done(case, f"The timer leaves case {number} alone until {end}.", json_=json_)


@click.command()
@click.argument("number", type=NUMBER)
@AS_JSON
@in_session
def release(session: Session, number: int, *, json_: bool) -> None:
    """End a hold; what fell due meanwhile is due now."""
    with session.verbs() as verbs:
        case = verbs.release(number)
    done(case, f"The timer watches case {number} again.", json_=json_)


@click.command()
@click.option("--within", metavar="PERIOD", help="Only what falls due within a period such as 7d.")
@click.option("--letters", is_flag=True, help="Print each letter as it will be sent.")
@AS_JSON
@in_session
def due(session: Session, within: str | None, *, letters: bool, json_: bool) -> None:
    """Print what the timer will do, when, and what stops it."""
    now = session.clock.now()
    with session.board() as board:
        zone = board.policy.zone
        acts = board.due(Period.parse(within).after(now, zone) if within else None)
        written = _letters(board, acts, session) if letters else {}
    if json_:
        from casetui.desk.documents import due_document, letter_document  # noqa: PLC0415 - only for JSON

        shown = {act: {"letter": letter_document(letter)} for act, letter in written.items()}
        as_json([due_document(act) | shown.get(act, {}) for act in acts])
    elif written:
        for act, letter in written.items():
            _print_letter(act, letter, full_stamp(act.due_at, zone))
    elif acts and is_plain():
        for act in acts:
            spoken(_due_words(act, zone, now))
    elif acts:
        rows = [_due_row(act, zone, countdown(act.due_at, now)) for act in acts]
        table(("IN", "AT", "WHAT", "CASE", "STATUS", "STOPPED BY", "SUBJECT"), rows)
    else:
        say("The timer has nothing to do.")


@click.command()
@click.argument("number", type=NUMBER)
@in_session
def why(session: Session, number: int) -> None:
    """Explain a case's clock: since when, by which period, what was done, what comes, what would stop it."""
    from casetui.desk.stays import why as explained  # noqa: PLC0415 - only this command and show explain

    with session.board() as board:
        sentences = explained(board.store, session.clock, board.case(number))
    for sentence in sentences:
        click.echo(clean(sentence))


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--remind-first", is_flag=True, help="Remind the never reminded now and give them a week.")
@AS_JSON
@in_session
def sweep(session: Session, *, dry_run: bool, remind_first: bool, json_: bool) -> None:
    """Do what the timer has to do, once; for cron."""
    from casetui.desk.sweep import Sweeper  # noqa: PLC0415 - only the sweep sweeps
    from casetui.domain.timer import Missed  # noqa: PLC0415 - as above

    missed = Missed.REMIND if remind_first else Missed.APPLY
    with session.store() as store:
        swept = Sweeper(store, session.clock, session.settings.wording()).sweep(missed, dry_run=dry_run)
    if json_:
        from casetui.desk.documents import swept_document  # noqa: PLC0415 - only for JSON

        as_json(swept_document(swept))
    else:
        say(_sentence(swept, "would be " if dry_run else ""))


@click.group(invoke_without_command=True)
@AS_JSON
@click.pass_context
def policy(context: click.Context, *, json_: bool) -> None:
    """Print the desk's periods and time zone; 'policy set' changes them."""
    if context.invoked_subcommand is not None:
        return
    session: Session = context.obj
    from casetui.desk.policies import PolicyBook, keys, rule_of  # noqa: PLC0415 - only for the policy

    with session.store() as store:
        book = PolicyBook(store, session.clock, session.agent)
        current, changes = book.current, book.history()
    periods = {key: str(current.period(*rule_of(key))) for key in keys()}
    if json_:
        from casetui.desk.documents import policy_document  # noqa: PLC0415 - only for JSON

        as_json(policy_document(current.zone, periods, changes))
        return
    table(("WHAT", "IS"), [("zone", current.zone), *periods.items()])
    for at, by, key, value in changes:
        click.echo(f"  since {full_stamp(at, current.zone)}  {key} = {value}  by {clean(by)}")


@policy.command("set")
@click.argument("change", metavar="KEY=VALUE", shell_complete=policy_changes)
@click.option("--move-running", is_flag=True, help="Move the deadlines of running stays too.")
@click.option("--dry-run", is_flag=True, help="Say what it would do today, and change nothing.")
@in_session
def policy_set(session: Session, change: str, *, move_running: bool, dry_run: bool) -> None:
    """Change a period or the zone, such as pending_customer_input.close=21d or zone=Europe/Berlin."""
    from casetui.desk.policies import PolicyBook  # noqa: PLC0415 - only for the policy

    with session.store() as store:
        book = PolicyBook(store, session.clock, session.agent)
        effect = book.set(change, move_running=move_running, dry_run=dry_run)
    say(f"{change} {'would hold' if dry_run else 'holds'} from now on.")
    if move_running:
        close = f"{effect.closed} cases close, {effect.never_reminded} of them never reminded"
        moves = f"{effect.moved} running stays {'would move' if dry_run else 'have moved'}"
        say(f"{moves}; at the next sweep {close}, and {effect.reminded} are reminded.")
    else:
        say("Running stays keep the deadlines that they began with; --move-running moves those too.")


def _sentence(swept: Swept, would: str) -> str:
    parts = (
        f"{len(swept.reminded)} {would}reminded",
        f"{len(swept.closed)} {would}closed",
        f"{len(swept.held)} held",
        f"{many(swept.letters, 'letter')} {would}written",
    )
    return f"{', '.join(parts)}."


def _due_row(act: DueAct, zone: str, away: str) -> tuple[object, ...]:
    at = full_stamp(act.due_at, zone)
    return (away, at, act.rule.value, act.case.number, act.case.status.label, act.held or "-", act.case.subject)


def _due_words(act: DueAct, zone: str, now: datetime) -> list[str]:
    """Return a line of the agenda in words."""
    late = act.due_at < now
    away = f"overdue by {in_words(now - act.due_at)}" if late else f"in {in_words(act.due_at - now)}"
    return [
        f"{act.rule.value} of case {act.case.number}: {act.case.subject}",
        f"{away}, {full_stamp(act.due_at, zone)}",
        act.case.status.label,
        *([f"stopped by {act.held}"] if act.held else []),
    ]


def _letters(board: "Board", acts: Sequence[DueAct], session: Session) -> "dict[DueAct, Letter | None]":
    from casetui.desk.preview import foreseen  # noqa: PLC0415 - only for letters

    return foreseen(board.store, acts, session.settings.wording())


def _print_letter(act: DueAct, letter: "Letter | None", at: str) -> None:
    held = f", stopped by {act.held}" if act.held else ""
    click.echo(f"{at}  {act.rule.value} of case {act.case.number}{held}")
    if letter is None:
        click.echo("    no letter: the case has no e-mail address\n")
        return
    click.echo(f"    To: {clean(letter.recipient)}\n    Subject: {clean(letter.subject)}\n")
    body(letter.body)


def _zone(session: Session) -> str:
    with session.board() as board:
        return str(board.policy.zone)


COMMANDS = (extend, hold, release, due, why, sweep, policy)
