"""Promises about the desk's own statements: search, ticks, sweeps, writers beside them, imports (6, 8 to 11)."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks import twins
from benchmarks.desks import AGENT, BenchDesk, copied, give_back, remove, table_of
from benchmarks.figures import Findings, high, ratios, spread
from casetui.desk.board import Board
from casetui.desk.finder import find
from casetui.desk.lists import named
from casetui.desk.stops import Stops
from casetui.desk.sweep import PAUSE, Sweeper
from casetui.desk.transfer.importing import import_file
from casetui.domain.clocks import SystemClock
from casetui.domain.query import parse
from casetui.domain.timer import Missed
from casetui.domain.views import FIXED, Views
from casetui.domain.workflow import CommentKind
from casetui.storage.store import Store

Result = TypeVar("Result")
WORD = "login"
_SWEEP = """
import sys
from pathlib import Path
from casetui.desk.sweep import Sweeper
from casetui.domain.clocks import SystemClock
from casetui.storage.store import Store
Sweeper(Store.open(Path(sys.argv[1])), SystemClock()).sweep()
"""


class _Still:
    """A clock that stands still."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return the instant that it stands at."""
        return self.instant


def search(bench: BenchDesk, findings: Findings, runs: int) -> None:
    """Measure how long words are looked for."""
    ours, raw = [], []
    with _open(bench.path) as store:
        board = Board(store, SystemClock())
        find(board, parse("warm", everywhere=True), 1)
        for _ in range(runs):
            took, hits = _timed(lambda: find(board, parse(WORD, everywhere=True), 50))
            numbers, other = twins.found(bench.path, WORD, 50)
            findings.same("search", [hit.case.number for hit in hits], numbers)
            ours.append(took)
            raw.append(other)
    findings.add(
        6, f"words in `list`, {bench.cases:,} cases", spread(ours), "5 ms", kept=median(ours) <= 5,
        beside=f"raw SQL {median(raw):.1f} ms",
    )  # fmt: skip


def tick(bench: BenchDesk, findings: Findings, runs: int) -> None:
    """Measure a tick of the timer with nothing due."""
    with _open(bench.path) as store:
        sweeper = Sweeper(store, SystemClock())
        sweeper.sweep()
        took = [_timed(lambda: sweeper.due(sweeper.clock.now()))[0] for _ in range(runs * 10)]
    findings.add(
        8, f"a tick with nothing due, {bench.cases:,} cases", spread(took), "1 ms", kept=median(took) <= 1
    )


def sweep(bench: BenchDesk, findings: Findings, runs: int) -> None:
    """Measure a sweep against the same in raw SQL, in one file by turns; what it closed is given back."""
    whole: list[float] = []
    raw: list[float] = []
    steps: list[float] = []
    work: list[float] = []
    with copied(bench) as path:
        for _ in range(runs):
            due = give_back(path)
            now = datetime.now(UTC).replace(microsecond=0)
            after, seconds = twins.last_entry(path), int(now.timestamp())
            began = time.process_time()
            took, transactions = _sweep(path, now)
            worked = time.process_time() - began
            whole.append(took)
            steps += transactions
            done = twins.swept(path, after, seconds)
            give_back(path)
            after = twins.last_entry(path)
            began = time.process_time()
            raw.append(twins.sweep(path, seconds))
            work.append((time.process_time() - began) / worked)
            findings.same("sweep", done, twins.swept(path, after, seconds))
    share, _ = ratios(raw, whole)
    pauses = len(steps) / runs * PAUSE
    without, _ = ratios(raw, [took - pauses for took in whole])
    findings.add(
        9, f"sweep of {due:,} due cases among {bench.cases:,}",
        f"{share:.2f} x raw SQL ({without:.2f} without its pauses)", "0.9 x", kept=share >= 0.9,
        beside=f"{median(whole):.2f} s, raw {median(raw):.2f} s; processor time {median(work):.2f} x",
    )  # fmt: skip
    findings.add(
        9, "each of its transactions", f"{spread(steps)}, max {max(steps):.1f}", "50 ms", kept=max(steps) <= 50
    )


def _sweep(path: Path, now: datetime) -> tuple[float, list[float]]:
    """Sweep as `Sweeper.sweep` does; return the seconds, and the milliseconds of each transaction."""
    with _open(path) as store:
        took: list[float] = []
        began = time.perf_counter()
        steps = Sweeper(store, _Still(now)).steps(Missed.APPLY)
        while True:
            milliseconds, step = _timed(lambda: next(steps, None))
            if step is None:
                return time.perf_counter() - began, took[1:] or took  # the first has also asked what is due
            took.append(milliseconds)
            time.sleep(PAUSE)


def beside_a_sweep(bench: BenchDesk, findings: Findings, environment: Mapping[str, str]) -> None:
    """Measure writes and reads of an agent while another process sweeps."""
    with copied(bench) as path:
        give_back(path)
        writes: list[float] = []
        reads: list[float] = []
        command = [sys.executable, "-c", _SWEEP, str(path)]
        with _open(path) as store:
            stops, board = Stops(store, SystemClock(), AGENT), Board(store, SystemClock())
            view = named(FIXED[3], AGENT, Views())
            with subprocess.Popen(command, env=dict(environment)) as sweeping:
                while sweeping.poll() is None or not writes:
                    reads.append(_timed(lambda: board.after(view, None, 50))[0])
                    writes.append(_timed(lambda: stops.comment(bench.long, CommentKind.INTERNAL, "Meanwhile"))[0])
                    time.sleep(0.02)
            alone = [
                _timed(lambda: stops.comment(bench.long, CommentKind.INTERNAL, "Later"))[0] for _ in range(20)
            ]
            quiet = [_timed(lambda: board.after(view, None, 50))[0] for _ in range(20)]
    what, worst = f"a write during it ({len(writes)} of them)", max(writes)
    findings.add(
        10, what, f"{spread(writes)}, max {worst:.1f}", "p95 40, max 80 ms",
        kept=high(writes) <= 40 and worst <= 80, beside=f"{spread(alone)} without a sweep",
    )  # fmt: skip
    findings.add(
        10, "a read of 50 cases during it", spread(reads), "p95 1 ms", kept=high(reads) <= 1,
        beside=f"{spread(quiet)} without a sweep",
    )  # fmt: skip


def bring_in(bench: BenchDesk, findings: Findings, runs: int) -> None:
    """Measure an import of a table against executemany of the rows that it makes."""
    table = table_of(bench)
    ours, raw = [], []
    imported, empty = bench.path.with_name("imported.db"), bench.path.with_name("empty.db")
    for _ in range(runs):
        for path in (imported, empty):
            remove(path)
        Store.open(empty).close()
        with _open(imported) as store:
            took, done = _timed(lambda: import_file(store, SystemClock(), table, "salesforce"))
        if done.cases != bench.cases:
            raise ValueError(done)
        ours.append(took / 1000)
        raw.append(twins.insert(table, imported, empty))
    findings.same("import", twins.digest(imported), twins.digest(empty))
    for path in (imported, empty):
        remove(path)
    share, _ = ratios(raw, ours)
    findings.add(
        11, f"import of {bench.cases:,} cases", f"{share:.2f} x raw executemany", "0.8 x", kept=share >= 0.8,
        beside=f"{median(ours):.1f} s, raw {median(raw):.1f} s",
    )  # fmt: skip


@contextmanager
def _open(path: Path) -> Iterator[Store]:
    store = Store.open(path)
    try:
        yield store
    finally:
        store.close()


def _timed(act: Callable[[], Result]) -> tuple[float, Result]:
    """Do something and return the milliseconds that it took, and what came of it."""
    began = time.perf_counter()
    result = act()
    return (time.perf_counter() - began) * 1000, result
