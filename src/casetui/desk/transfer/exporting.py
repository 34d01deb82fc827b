"""Writes cases to a file: CSV, one row a case, or JSON with comments and history; ``import`` takes both back."""

import csv
import gzip
import io
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from msgspec import Struct
from msgspec.structs import replace

from casetui.desk.documents import CASE_KEYS, case_document, json_text, shown_document
from casetui.desk.facts import desk_id
from casetui.desk.ledger import with_clones
from casetui.desk.transfer.origins import Origin, parted
from casetui.desk.transfer.sheets import defused
from casetui.domain.clocks import Clock
from casetui.domain.errors import Misused
from casetui.domain.query import EVERYTHING, Term
from casetui.domain.records import Case, Entry
from casetui.domain.safe import clean
from casetui.domain.workflow import Rule
from casetui.storage.reading import CASE
from casetui.storage.search import condition
from casetui.storage.store import Store
from casetui.storage.tables import ENTRY_COLUMNS, Cases, Entries

_AT_ONCE = 500
_KINDS = (".csv", ".json")


class _Told(Struct, frozen=True):
    """A case with all that is known of it."""

    case: Case
    entries: list[Entry]
    rules: list[Rule | None]
    origin: Origin


def export_cases(store: Store, clock: Clock, path: Path, term: Term = EVERYTHING) -> int:
    """Write the cases of a query to a file, by number, and return how many; the file is replaced as a whole.

    Raises Misused for a name that ends in neither ``.csv`` nor ``.json`` (nor these and ``.gz``), and for a
    place where no file can be written.
    """
    kind = _kind(path)
    write = _write_csv if kind == ".csv" else _write_json
    with _replaced(path) as stream, store.database.atomic():
        return write(stream, _told(store, term, clock.now()))


def write_csv(stream: TextIO, cases: Iterable[Case]) -> None:
    """Write cases as CSV; what is written to a terminal is made harmless for it too."""
    is_terminal = stream.isatty()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CASE_KEYS)
    for case in cases:
        cells = _cells(case)
        writer.writerow([clean(cell) for cell in cells] if is_terminal else cells)


def _write_csv(stream: TextIO, told: Iterable[_Told]) -> int:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow((*CASE_KEYS, "origin"))
    count = 0
    for one in told:
        writer.writerow((*_cells(one.case), str(one.origin)))
        count += 1
    return count


def _write_json(stream: TextIO, told: Iterable[_Told]) -> int:
    """Write an array of cases, one a line, so that neither this nor another program needs all of them at once."""
    count = 0
    stream.write("[")
    for one in told:
        stream.write(f"{',' if count else ''}\n{json_text(_document(one))}")
        count += 1
    stream.write("\n]\n")
    return count


def _document(one: _Told) -> dict[str, Any]:
    """Return a case as ``show`` does, with what its entries need to be restored to the letter."""
    document = {**shown_document(one.case, one.entries), "origin": str(one.origin)}
    comments = 0
    for line, entry, rule in zip(document["history"], one.entries, one.rules, strict=True):
        line.update(stay=entry.stay, rule=None if rule is None else rule.value, comment=None)
        line["changes"] = dict(entry.changes)
        if entry.kind is not None:
            line["comment"] = comments
            comments += 1
    return document


def _cells(case: Case) -> list[str]:
    return [defused(_cell(value)) for value in case_document(case).values()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(store: Store, term: Term, now: datetime) -> Iterator[_Told]:
    """Yield the cases of a query with their histories, some hundreds read at a time."""
    desk = desk_id(store)
    wanted = condition(term, now)
    in_order = CASE.select().order_by(Cases.id).limit(_AT_ONCE)
    last = 0
    while cases := CASE.read(store, in_order.where(wanted & (Cases.id > last))):
        last = cases[-1].number
        numbers = [case.number for case in cases]
        query = Entries.select(*ENTRY_COLUMNS, Entries.rule).where(Entries.number.in_(numbers))
        lines = store.rows(query.order_by(Entries.number, Entries.id))
        histories = {number: list(some) for number, some in groupby(lines, key=lambda line: line[1])}
        for case in with_clones(store, cases):
            history = histories.get(case.number, [])
            entries = [Entry(*line[:-1]) for line in history]
            origin = None
            if entries:
                note, origin = parted(entries[0].note)
                entries[0] = replace(entries[0], note=note)
            yield _Told(case, entries, [line[-1] for line in history], origin or Origin(desk, case.number))


def _kind(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    for kind in _KINDS:
        if name.endswith(kind):
            return kind
    raise Misused(f"'{clean(path.name)}' ends in neither .csv nor .json (.gz may follow): name a file that does.")


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """Open a file to write; it takes its name, and the place of what had it, only when all of it is written."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if target.is_dir():
            raise Misused(f"{clean(str(path))} is a folder; name a file in it.")
        with ExitStack() as stack:
            raw = stack.enter_context(part.open("xb"))
            stack.callback(part.unlink, missing_ok=True)
            packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) if _is_packed(path) else raw
            with packed, io.TextIOWrapper(packed, encoding="utf-8", newline="") as stream:
                yield stream
            part.replace(target)
    except OSError as error:
        reason = clean((error.strerror or str(error)).lower())
        raise Misused(f"{clean(str(path))} cannot be written: {reason}.") from None


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")
