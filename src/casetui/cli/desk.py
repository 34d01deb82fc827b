"""Commands about the desk as a whole: its statuses, cases in and out, where its files lie, whether it is sound."""

from collections.abc import Sequence
from pathlib import Path

import click

from casetui import crash
from casetui.cli.cases import AS_JSON
from casetui.cli.queries import Asking, read_query
from casetui.cli.session import Session, in_session
from casetui.cli.table import as_json, say, table
from casetui.cli.values import mappings, query_or_file
from casetui.domain.errors import Misused, Unsound
from casetui.domain.words import many
from casetui.domain.workflow import Status
from casetui.faults import letters_folder, replies_folder
from casetui.settings import by_default

_SHOWN = 50
"""How many contradictions are worth reading."""


@click.command()
@AS_JSON
def statuses(*, json_: bool) -> None:
    """Print the status table: whose move, which clocks, what it means, where it leads."""
    if json_:
        from casetui.desk.documents import status_document  # noqa: PLC0415 - only for JSON

        as_json([status_document(status) for status in Status])
        return
    rows = [
        (
            status.label,
            status.value,
            status.row.whose_move.value,
            status.row.reminder or "-",
            status.row.closure or "-",
            status.row.means,
        )
        for status in Status
    ]
    table(("STATUS", "SLUG", "WHOSE MOVE", "REMINDER AFTER", "CLOSES AFTER", "MEANS"), rows)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "name",
    metavar="NAME",
    shell_complete=mappings,
    help="A mapping that casetui brings, such as servicenow-log.",
)
@click.option("--map", "own", metavar="FILE", type=click.Path(path_type=Path), help="A mapping of your own.")
@click.option("--until", metavar="TIME", help="Read the history as it stood then.")
@click.option("--shift-to-now", is_flag=True, help="Move all times so that --until, or the last event, is now.")
@click.option("--skip-bad", is_flag=True, help="Leave out the rows that cannot be read.")
@click.option("--dry-run", is_flag=True, help="Read everything, keep nothing.")
@AS_JSON
@in_session
def import_(
    session: Session,
    file: Path,
    name: str | None,
    own: Path | None,
    until: str | None,
    *,
    shift_to_now: bool,
    skip_bad: bool,
    dry_run: bool,
    json_: bool,
) -> None:
    """Read cases from FILE, with their history where the file has one."""
    from casetui.cli.transfer import run_import  # noqa: PLC0415 - only for imports

    if name and own:
        raise Misused("Name a mapping with --as or a file with --map, not both.")
    run_import(
        session,
        file,
        own or name,
        until,
        shift_to_now=shift_to_now,
        skip_bad=skip_bad,
        dry_run=dry_run,
        json_=json_,
    )


@click.command("export", cls=Asking)
@click.argument("arguments", nargs=-1, required=True, metavar="[QUERY] FILE", shell_complete=query_or_file)
@in_session
def export(session: Session, arguments: Sequence[str]) -> None:
    """Write cases to FILE, CSV or JSON by its name; import takes it back."""
    from casetui.desk.transfer.exporting import export_cases  # noqa: PLC0415 - only for exports

    *query, file = arguments
    term = read_query(query, session)
    with session.store() as store:
        count = export_cases(store, session.clock, Path(file), term)
    say(f"{many(count, 'case')} written to {file}.")


@click.command()
@in_session
def paths(session: Session) -> None:
    """Print where settings, wording, data and crash files lie, and why there."""
    settings = session.settings
    there = "" if settings.file_exists else ", not there: nothing is set"
    rows = (
        ("database", settings.database.value, settings.database.source),
        ("settings", settings.file, ("--config" if session.config else by_default("XDG_CONFIG_HOME")) + there),
        ("letters", letters_folder(settings.file), "beside the settings"),
        ("replies", replies_folder(settings.file), "beside the settings"),
        ("crash files", crash.folder(), by_default("XDG_STATE_HOME")),
        ("agent", settings.agent.value, settings.agent.source),
    )
    table(("WHAT", "WHERE", "WHY"), rows)


@click.command()
@click.option("--rebuild-search", is_flag=True, help="First read all texts into the search index again.")
@in_session
def check(session: Session, /, *, rebuild_search: bool) -> None:
    """Prove the database sound: histories replay to their cases, deadlines fit their stays, search finds all."""
    from casetui.desk import check as checking  # noqa: PLC0415 - only this command checks

    if rebuild_search:
        with session.store() as store:
            checking.rebuild_search(store)
        say("The search index has been rebuilt.")
    found = 0
    with session.store() as store:
        for problem in checking.problems(store):
            found += 1
            if found <= _SHOWN:
                click.echo(problem)
        cases, entries = checking.count(store)
    all_cases, all_entries = many(cases, "case"), many(entries, "entry", "entries")
    if found:
        raise Unsound(f"{many(found, 'contradiction')} in {all_cases} and {all_entries}.")
    say(f"Sound: {all_cases}, {all_entries}.")


COMMANDS = (statuses, import_, export, paths, check)
