"""How cases are told on the command line: a list, the facts of one, a line of its history."""

from collections.abc import Sequence
from datetime import datetime

import click

from casetui.cli.table import body, is_plain, say, spoken, table
from casetui.domain.clocks import brief, full_stamp, in_words
from casetui.domain.history import given
from casetui.domain.records import Case, Entry, What
from casetui.domain.safe import clean


def print_list(cases: Sequence[Case], now: datetime) -> None:
    """Print cases as a table, or each as a sentence where the agent wants words."""
    if cases and is_plain():
        for case in cases:
            spoken(_words(case, now))
        return
    rows = [
        (
            case.number,
            "*" if case.unread else "",
            case.priority.short,
            case.status.label,
            brief(now - case.status_since),
            case.owner or "-",
            case.account or "-",
            case.subject,
        )
        for case in cases
    ]
    if rows:
        table(("CASE", "", "P", "STATUS", "FOR", "OWNER", "ACCOUNT", "SUBJECT"), rows)
    else:
        say("No case matches.")


def _words(case: Case, now: datetime) -> list[str]:
    """Return a line of a list in words."""
    return [
        f"case {case.number}: {case.subject}",
        *(["unread"] if case.unread else []),
        f"{case.status.label} for {in_words(now - case.status_since)}",
        case.priority.label,
        f"owner {case.owner or 'nobody'}",
        *([f"account {case.account}"] if case.account else []),
    ]


def print_facts(case: Case) -> None:
    """Print what is known of a case."""
    click.echo(f"#{case.number}  {clean(case.subject)}")
    marks = " (unread)" if case.unread else ""
    click.echo(f"  {case.status.label}{marks}, {case.priority.label}, {clean(case.owner or 'nobody')}'s")
    names = (
        "account", "contact", "email", "product", "installation", "reason", "release", "provider", "external_id",
        "cloned_from",
    )  # fmt: skip
    for name in names:
        if (value := getattr(case, name)) is not None:
            click.echo(f"  {name.replace('_', ' ')}: {clean(str(value))}")
    if case.clones:
        click.echo(f"  clones: {', '.join(map(str, case.clones))}")


def print_entry(entry: Entry, zone: str) -> None:
    """Print one line of a history, and what was said with it."""
    what = f"{entry.start.label} -> {entry.target.label}" if entry.start and entry.target else entry.what.value
    if entry.kind:
        what = f"{entry.kind.value} comment"
    facts = (f"{name} {value}" for name, value in given(entry).items())
    noted = "; ".join(filter(None, [*facts, entry.note]))
    note = f" ({clean(noted)})" if noted else ""
    late = ""
    if entry.planned_at and entry.what in (What.MOVED, What.REMINDED) and entry.at > entry.planned_at:
        late = f", {in_words(entry.at - entry.planned_at)} late"
    author = clean(entry.author or entry.by)
    click.echo(f"\n{full_stamp(entry.at, zone)}  {what}  by {author}{late}{note}")
    if entry.body:
        body(entry.body)
