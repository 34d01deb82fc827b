"""Commands about one case: open it, look at it, move it, comment on it, change its facts."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from casetui.cli.queries import Asking, order_of, read_query
from casetui.cli.session import Session, in_session
from casetui.cli.table import as_json, say
from casetui.cli.told import print_entry, print_facts, print_list
from casetui.cli.values import items, query_words
from casetui.domain.errors import Misused
from casetui.domain.records import INSTALLATIONS, Case, Facts, Priority, Request
from casetui.domain.safe import clean
from casetui.domain.sorts import Sort
from casetui.domain.workflow import CommentKind, Status, read_status

NUMBER = click.IntRange(1, 2**62)
AS_JSON = click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
PRIORITY = click.Choice([priority.slug for priority in Priority], case_sensitive=False)
SORT = click.Choice(list(Sort), case_sensitive=False)
INSTALLATION = click.Choice(INSTALLATIONS, case_sensitive=False)


class StatusType(click.ParamType[Status]):
    """A status by slug, label or older name."""

    name = "status"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Status:
        """Return the status; an ambiguous older name is taken with a warning."""
        if isinstance(value, Status):
            return value
        try:
            status, warning = read_status(str(value))
        except Misused as error:
            self.fail(str(error), param, ctx)
        if warning:
            say(warning)
        return status

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:  # noqa: ARG002 - click's
        """Return the slugs that begin with what is typed, each with what it means."""
        return items(incomplete, ((status.value, status.row.means) for status in Status))


def _priority(given: str | None) -> Priority:
    return Priority.read(given) if given else Priority.NORMAL


@click.command()
@click.option("--subject", required=True, help="What it is about, on one line.")
@click.option("--account", help="The institution.")
@click.option("--contact", metavar="NAME", help="Who asks.")
@click.option("--email", help="Where reminders go.")
@click.option("--product")
@click.option("--priority", type=PRIORITY, help="How urgent it is; normal unless told.")
@click.option("--installation", type=INSTALLATION, help="The customer's kind of installation.")
@click.option("--owner", help="The agent who works it.")
@click.option("-m", "message", metavar="TEXT", help="The customer's opening words.")
@AS_JSON
@in_session
def new(session: Session, /, message: str | None, priority: str | None, *, json_: bool, **facts: Any) -> None:
    """Open a case and print its number."""
    with session.verbs() as verbs:
        case = verbs.open(Facts(priority=_priority(priority), **facts), message)
    _number(case, json_=json_)


@click.command("list", cls=Asking)
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="How many; 0 for all.")
@click.option(
    "--sort", type=click.Choice(list(Sort), case_sensitive=False), help="In the order of a screen's list."
)
@click.option("--best", is_flag=True, help="The best match first, of the newest 1,000; else the newest.")
@click.option("--csv", "csv_", is_flag=True, help="Print CSV.")
@AS_JSON
@in_session
def list_(
    session: Session, query: Sequence[str], limit: int, sort: str | None, *, best: bool, csv_: bool, json_: bool
) -> None:
    """Print the cases of a QUERY, such as: status:new owner:me unread proxy.

    Words are looked for in comments, subjects and names. Cases come unread first, then the newest; with words,
    those first in which they were said last.
    """
    from casetui.desk.finder import find  # noqa: PLC0415 - only lists find

    if csv_ and json_:
        raise Misused("Choose --json or --csv, not both.")
    term = read_query(query, session)
    order = Sort(sort) if sort else order_of(query, session)
    most = limit + 1 if limit else 0
    with session.board() as board:
        cases = (
            board.listed(term, most, order) if order else [hit.case for hit in find(board, term, most, best=best)]
        )
    more = bool(limit) and len(cases) > limit
    cases = cases[: limit or None]
    if json_:
        from casetui.desk.documents import case_document  # noqa: PLC0415 - only for JSON

        as_json([case_document(case) for case in cases])
    elif csv_:
        from casetui.desk.transfer.exporting import write_csv  # noqa: PLC0415 - only for CSV

        write_csv(sys.stdout, cases)
    else:
        print_list(cases, session.clock.now())
    if more:
        say(f"The first {limit} are shown; --limit 0 shows all.")


@click.command()
@click.argument("number", type=NUMBER)
@AS_JSON
@in_session
def show(session: Session, number: int, *, json_: bool) -> None:
    """Print one case: facts, clocks, comments, history. It stays unread."""
    from casetui.desk.stays import why  # noqa: PLC0415 - only this command and why explain

    with session.board() as board:
        case, history, zone = board.case(number), board.history(number), board.policy.zone
        sentences = [] if json_ else why(board.store, session.clock, case)
    if json_:
        from casetui.desk.documents import shown_document  # noqa: PLC0415 - only for JSON

        as_json(shown_document(case, history))
        return
    print_facts(case)
    for sentence in sentences:
        click.echo(f"  {clean(sentence)}")
    for entry in history:
        print_entry(entry, zone)


@click.command()
@click.argument("number", type=NUMBER)
@click.argument("status", type=StatusType())
@click.option("-m", "comment", metavar="TEXT", help="A public comment that goes with it; the customer sees it.")
@click.option("--reason", help="Why development or content operations get it.")
@click.option("--release", help="The release that brings the fix.")
@click.option("--provider", help="The third party's name.")
@click.option("--override", metavar="NOTE", help="Move it against the table, and say why.")
@click.option("--as-customer", is_flag=True, help="The customer moves it: confirms, or keeps testing.")
@AS_JSON
@in_session
def move(session: Session, /, number: int, status: Status, *, json_: bool, **asked: Any) -> None:
    """Move a case to another STATUS; a refusal names the moves that are allowed."""
    with session.verbs() as verbs:
        case = verbs.move(number, Request(target=status, **asked))
    done(case, f"Case {number} is {case.status.label}.", json_=json_)


@click.command("comment")
@click.argument("number", type=NUMBER)
@click.option("--customer", "kind", flag_value="customer", help="What the customer said.")
@click.option("--public", "kind", flag_value="public", help="From us; the customer sees it.")
@click.option("--internal", "kind", flag_value="internal", help="Only we see it.")
@click.option("-m", "message", metavar="TEXT", help="The comment; without it standard input is read.")
@AS_JSON
@in_session
def comment_(session: Session, number: int, kind: str | None, message: str | None, *, json_: bool) -> None:
    """Add a comment to a case."""
    if kind is None:
        raise Misused("Say whose comment it is: --customer, --public or --internal.")
    text = message if message is not None else _standard_input()
    with session.verbs() as verbs:
        case = verbs.comment(number, CommentKind(kind), text)
    done(case, f"Case {number} has the comment; it is {case.status.label}.", json_=json_)


@click.command()
@click.argument("number", type=NUMBER)
@click.argument("agent", required=False)
@click.option("--nobody", is_flag=True, help="Take it from whoever owns it.")
@AS_JSON
@in_session
def assign(session: Session, number: int, agent: str | None, *, nobody: bool, json_: bool) -> None:
    """Give a case to AGENT, or to yourself."""
    if nobody and agent:
        raise Misused("Name an agent or say --nobody, not both.")
    with session.verbs() as verbs:
        case = verbs.assign(number, None if nobody else agent or session.agent)
    done(case, f"Case {number} belongs to {clean(case.owner or 'nobody')}.", json_=json_)


@click.command()
@click.argument("number", type=NUMBER)
@click.option("--subject")
@click.option("--account")
@click.option("--contact")
@click.option("--email")
@click.option("--product")
@click.option("--priority", type=PRIORITY)
@click.option("--installation", type=INSTALLATION)
@click.option("--owner")
@AS_JSON
@in_session
def edit(session: Session, /, number: int, priority: str | None, *, json_: bool, **facts: Any) -> None:
    """Change a case's facts; an empty text takes one away."""
    wanted = {name: value for name, value in facts.items() if value is not None}
    if priority:
        wanted["priority"] = Priority.read(priority)
    if not wanted:
        raise Misused("Say what to change, such as --priority high.")
    with session.verbs() as verbs:
        case = verbs.edit(number, wanted)
    done(case, f"Case {number} is changed.", json_=json_)


@click.command()
@click.argument("number", type=NUMBER)
@click.option("--subject", help="The new case's subject; the old one's unless told.")
@AS_JSON
@in_session
def clone(session: Session, number: int, subject: str | None, *, json_: bool) -> None:
    """Open a new case from an old one, linked both ways, and print its number."""
    with session.verbs() as verbs:
        case = verbs.clone(number, subject)
    _number(case, json_=json_)


def _standard_input() -> str:
    if sys.stdin.isatty():
        say("Type the comment; ctrl+d on a line of its own ends it.")
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _number(case: Case, *, json_: bool) -> None:
    if json_:
        done(case, "", json_=True)
    else:
        click.echo(case.number)


def done(case: Case, words: str, *, json_: bool) -> None:
    """Say that it is done, or print the case."""
    if json_:
        from casetui.desk.documents import case_document  # noqa: PLC0415 - only for JSON

        as_json(case_document(case))
    else:
        say(words)


COMMANDS = (new, list_, show, move, comment_, assign, edit, clone)
