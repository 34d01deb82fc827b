"""The command ``import`` at work: its progress, and what it says of what it read."""

from pathlib import Path

from msgspec.structs import asdict

from casetui.cli.progress import Progress
from casetui.cli.session import Session
from casetui.cli.table import as_json, say
from casetui.desk.facts import read_policy
from casetui.desk.transfer.importing import import_file
from casetui.desk.transfer.report import Imported
from casetui.domain.clocks import full_stamp, moment, rfc3339
from casetui.domain.safe import clean
from casetui.domain.words import many

_STOPPED = "Stopped; nothing was imported."


def run_import(
    session: Session,
    file: Path,
    mapping: str | Path | None,
    until: str | None,
    *,
    shift_to_now: bool,
    skip_bad: bool,
    dry_run: bool,
    json_: bool,
) -> None:
    """Import a file and say what came of it."""
    with session.store() as store, Progress("Importing", _STOPPED) as progress:
        zone = read_policy(store).zone
        done = import_file(
            store,
            session.clock,
            file.expanduser(),
            mapping,
            until=moment(until, zone) if until else None,
            shift_to_now=shift_to_now,
            skip_bad=skip_bad,
            dry_run=dry_run,
            progress=progress,
        )
    if json_:
        as_json(_document(done))
    else:
        _say(done, zone, dry_run=dry_run)


def _say(done: Imported, zone: str, *, dry_run: bool) -> None:
    for oddity in done.warnings:
        say(f"warning: {clean(oddity.kind)}: {many(oddity.count, 'time')}, first: {clean(oddity.first)}")
    for row in done.bad:
        say(f"left out: {row}")
    if done.bad_total > len(done.bad):
        say(f"left out: {many(done.bad_total - len(done.bad), 'more row')}")
    would = "would be " if dry_run else ""
    entries = many(done.entries, "entry", "entries")
    say(f"{many(done.cases, 'case')} {would}added with {entries}, read as {done.mapping}.")
    if done.present:
        was, still = ("was", "is as it was") if done.present == 1 else ("were", "are as they were")
        say(f"{many(done.present, 'case')} {was} there already and {still}.")
    if done.as_of and done.cases:
        say(f"They stand as of {full_stamp(done.as_of, zone)}.")


def _document(done: Imported) -> dict[str, object]:
    return {
        "mapping": done.mapping,
        "cases": done.cases,
        "present": done.present,
        "entries": done.entries,
        "entered": {status.value: count for status, count in done.entered.items()},
        "warnings": [asdict(oddity) for oddity in done.warnings],
        "bad": [asdict(row) for row in done.bad],
        "bad_total": done.bad_total,
        "as_of": rfc3339(done.as_of),
    }
