"""Reads a file of cases into the desk: all of it, or nothing (SPEC 8)."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from peewee import fn

from casetui.desk.facts import desk_id
from casetui.desk.transfer.built import Built, Deadlines
from casetui.desk.transfer.cells import Reader, Staged
from casetui.desk.transfer.documents import Kept, kept, origin_of, packed, unpacked
from casetui.desk.transfer.histories import Histories
from casetui.desk.transfer.mapping import Exported, Mapping, Rows, Versions, guess, load
from casetui.desk.transfer.placing import settle
from casetui.desk.transfer.reading import Opened, Source, opened
from casetui.desk.transfer.report import BEYOND, BadCellError, Imported, Tally, shown
from casetui.desk.transfer.restoring import Restorer
from casetui.desk.transfer.sheets import Sheet
from casetui.desk.transfer.staging import Document, Staging
from casetui.desk.transfer.times import LATEST
from casetui.desk.transfer.writing import BATCH, Writer
from casetui.domain.clocks import FIRST, Clock
from casetui.domain.errors import Unreadable
from casetui.domain.safe import clean
from casetui.storage.store import Store
from casetui.storage.tables import Cases

Progress = Callable[[int, int], None]
"""Told how much is done, of how much, in bytes of the file: reading is a third of the work, writing the rest."""

_TELL = 1_000
"""Rows between two words about progress."""
_LATER = "a case that changed after --until, whose state then is not in the file"


def import_file(
    store: Store,
    clock: Clock,
    path: Path,
    mapping: str | Path | None = None,
    *,
    until: datetime | None = None,
    shift_to_now: bool = False,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Import a file by a shipped mapping's name, a mapping of the user's, or the one that its header fits.

    ``until`` reads the history as it stood then; ``shift_to_now`` moves all times so that this instant, or the
    last event, is now. Raises Unreadable for a file that cannot be read, or for its bad rows unless
    ``skip_bad``; then, and when it is interrupted, nothing has changed.
    """
    tally = Tally(clean(path.name))
    tell = progress or (lambda _done, _of: None)
    deadlines = Deadlines(store)
    with Staging() as staging, _uncollected():
        with opened(path, tally) as file:
            name = guess(file.source.columns, tally.file) if mapping is None else mapping
            way = _way(store, load(name), deadlines, tally, until)
            _stage(way, file, staging, tell)
            size = file.size
        last = None if staging.last is None else datetime.fromtimestamp(staging.last, UTC)
        as_of = until if last and until else last
        now = clock.now()
        shift = int((now - as_of).total_seconds()) if as_of and shift_to_now else 0
        if shift:
            way.prove(staging, shift)
        if not skip_bad:
            tally.insist()
        total = max(1, staging.cases())

        def wrote(done: int) -> None:
            tell(size + 2 * size * done // total, 3 * size)

        with nullcontext() if dry_run else store.write():
            writer = Writer(store, dry_run=dry_run, done=wrote)
            present = way.write(store, staging, writer, shift)
            writer.flush()
        tell(3 * size, 3 * size)
    return Imported(
        mapping=name if isinstance(name, str) else clean(str(name)),
        cases=writer.cases,
        present=present,
        entries=writer.entries,
        entered=writer.counts(),
        warnings=tally.warnings,
        bad=tuple(tally.bad),
        bad_total=tally.bad_total,
        as_of=now if as_of and shift_to_now else as_of,
    )


class _Mapped:
    """The way in of a file that a mapping describes."""

    def __init__(self, mapping: Rows, deadlines: Deadlines, tally: Tally, until: datetime | None) -> None:
        self.mapping = mapping
        self.deadlines = deadlines
        self.tally = tally
        self.until = None if until is None else int(until.timestamp())

    def stage(self, source: Source, staging: Staging) -> Iterator[None]:
        """Stage the rows that were there by ``until``."""
        _insist_on_columns(self.mapping, source, self.tally)
        reader = Reader(self.mapping, self.tally)
        for line, row in source.rows(reader.columns):
            try:
                staged = reader.read(line, row)
            except BadCellError as bad:
                self.tally.refuse(line, bad)
            else:
                if self._is_there(staged):
                    staging.add(staged)
            yield

    def _is_there(self, row: Staged) -> bool:
        """Say whether a row was there by ``until``; what a table's case was before it changed, nobody knows."""
        if self.until is None or row.time <= self.until:
            return True
        if not isinstance(self.mapping, Versions) and (row.opened or row.time) <= self.until:
            self.tally.wonder(_LATER, row.line, row.key)
        return False

    def prove(self, staging: Staging, shift: int) -> None:
        """Leave out the rows whose times cannot be moved so far; each is a bad one."""
        first, last = int(FIRST.timestamp()) - shift, int(LATEST.timestamp()) - shift
        for line in staging.drop_beyond(first, last):
            self.tally.refuse(line, BadCellError(None, None, f"a time in it {BEYOND}"))

    def write(self, store: Store, staging: Staging, writer: Writer, shift: int) -> int:
        """Write the cases that the desk does not have, and return how many it has."""
        histories = Histories(self.mapping, self.deadlines, self.tally, shift)
        number = int(store.value(Cases.select(fn.MAX(Cases.id))) or 0)
        is_empty, present = number == 0, 0
        cases = (histories.build(versions) for _, versions in groupby(staging.versions(), key=lambda row: row.key))
        for some in _batches(built for built in cases if built is not None):
            there = set() if is_empty else _external(store, some)
            for built in some:
                if built.external_id in there:
                    present += 1
                else:
                    number += 1
                    writer.add(number, built)
        return present


class _Restored:
    """The way in of a file that casetui exported."""

    def __init__(self, desk: str, deadlines: Deadlines, tally: Tally, until: datetime | None) -> None:
        self.desk = desk
        self.deadlines = deadlines
        self.tally = tally
        self.until = until

    def stage(self, source: Source, staging: Staging) -> Iterator[None]:
        """Stage the cases that were there by ``until``, each proved to be what its history says."""
        restorer = Restorer(self.desk, self.deadlines, self.until, 0)
        for line, document in source.documents():
            try:
                found = kept(document, is_text=isinstance(source, Sheet))
                built = restorer.build(found, lambda number: number)
                self._stage(found, built, line, staging)
            except BadCellError as bad:
                self.tally.refuse(line, bad)
            yield

    def _stage(self, found: Kept, built: Built | None, line: int, staging: Staging) -> None:
        if built is None or (self.until and not found.history and found.latest > self.until):
            if self.until and not found.history and found.opened_at <= self.until:
                self.tally.wonder(_LATER, line, str(found.number))
            return
        latest = found.latest if self.until is None else min(found.latest, self.until)
        opened = int(found.opened_at.timestamp())
        body = packed(found)
        row = Document(
            found.number, line, built.external_id, *origin_of(found), found.origin is not None, opened, body
        )
        staging.add_document(row, int(latest.timestamp()))

    def prove(self, staging: Staging, shift: int) -> None:
        """Leave out the cases whose times cannot be moved so far; each is a bad one."""
        restorer = Restorer(self.desk, self.deadlines, self.until, shift)
        for document, line, body in staging.bodies():
            try:
                restorer.build(unpacked(body), lambda number: number)
            except BadCellError as bad:
                self.tally.refuse(line, bad)
                staging.drop(document)

    def write(self, store: Store, staging: Staging, writer: Writer, shift: int) -> int:
        """Write the cases that the desk does not have, and return how many it has."""
        restorer = Restorer(self.desk, self.deadlines, self.until, shift)
        present = settle(store, staging, self.tally)
        store.database.execute_sql("PRAGMA defer_foreign_keys = ON")
        for place, line, body in staging.documents():
            found = unpacked(body)
            if found.cloned_from is not None and staging.placed(found.cloned_from) is None:
                self.tally.wonder("a clone whose original is not in the file", line, found.subject)
            built = restorer.build(found, staging.placed)
            if built is not None:
                writer.add(place, built)
        return present


_Way = _Mapped | _Restored


def _way(store: Store, mapping: Mapping, deadlines: Deadlines, tally: Tally, until: datetime | None) -> _Way:
    if isinstance(mapping, Exported):
        return _Restored(desk_id(store), deadlines, tally, until)
    return _Mapped(mapping, deadlines, tally, until)


def _stage(way: _Way, file: Opened, staging: Staging, tell: Progress) -> None:
    """Stage a file, telling how far it is."""
    for count, _ in enumerate(way.stage(file.source, staging)):
        if count % _TELL == 0:
            tell(file.position, 3 * file.size)


def _insist_on_columns(mapping: Rows, source: Source, tally: Tally) -> None:
    """Raise Unreadable where a column is missing that the mapping reads."""
    missing = [name for name in mapping.columns if name not in (*source.columns, *mapping.optional)]
    if missing and source.columns:
        names = ", ".join(f"'{shown(name)}'" for name in missing)
        there = ", ".join(shown(name) for name in source.columns[:20])
        are = "column" if len(missing) == 1 else "columns"
        raise Unreadable(f"{tally.file} has no {are} {names}, which the mapping reads; it has {there}.")


def _external(store: Store, cases: list[Built]) -> set[str]:
    """Return which of some cases' numbers elsewhere the desk knows."""
    names = [built.external_id for built in cases]
    query = Cases.select(Cases.external_id).where(Cases.external_id.in_(names))
    return {name for (name,) in store.rows(query)}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking, a tenth of the time, for the cycles that an import has none of."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _batches(cases: Iterable[Built]) -> Iterator[list[Built]]:
    some: list[Built] = []
    for built in cases:
        some.append(built)
        if len(some) == BATCH:
            yield some
            some = []
    yield some
