"""``python -m benchmarks``: measures every promise about speed, in one run, and says which are kept."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from platformdirs import user_cache_path

import casetui
from benchmarks import commands, screens, soak, statements
from benchmarks.desks import BenchDesk, desk
from benchmarks.figures import Findings

PROMISES = frozenset(range(1, 14))
_SCREENS = frozenset(range(1, 9))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for and print one table; the exit code says whether every promise is kept."""
    given = _parser().parse_args(arguments)
    findings = measure(
        sizes=sorted(map(int, given.sizes.replace("_", "").split(","))),
        wanted=frozenset(map(int, given.only.split(","))) if given.only else PROMISES,
        folder=given.folder,
        runs=given.runs,
        presses=given.presses,
        idle=given.idle,
        changes=given.soak,
    )
    print(findings.table())
    return any(line.kept is False for line in findings.lines)


def measure(
    *,
    sizes: Sequence[int],
    wanted: frozenset[int],
    folder: Path,
    runs: int,
    presses: int,
    idle: float,
    changes: int = 0,
    warm: int = 1,
) -> Findings:
    """Measure some promises on desks of some sizes, after runs that only ``warm`` caches.

    With ``changes`` the dashboard is also left open while others make so many. What is written happens on the
    largest desk.
    """
    findings = Findings()
    benches = [desk(folder, size) for size in sizes]
    with tempfile.TemporaryDirectory(prefix="casetui-bench-") as home:
        environment = _environment(home)
        if wanted & _SCREENS:
            screens.measure(
                benches,
                findings,
                environment,
                runs=runs,
                presses=presses,
                idle=idle,
                warm=warm,
                wanted=wanted & _SCREENS,
            )
        if 12 in wanted:
            commands.measure(benches, findings, environment, runs)
        _statements(benches, findings, environment, runs, wanted)
        if changes:
            soak.measure(benches[-1], findings, environment, changes=changes, idle=idle)
    if 13 in wanted:
        findings.add(13, "the same screens on PostgreSQL", "not there", "page and counts 3 ms", kept=None)
    return findings


def _statements(
    benches: Sequence[BenchDesk],
    findings: Findings,
    environment: Mapping[str, str],
    runs: int,
    wanted: frozenset[int],
) -> None:
    for bench in benches:
        if 6 in wanted:
            statements.search(bench, findings, runs)
        if 8 in wanted:
            statements.tick(bench, findings, runs)
    largest = benches[-1]
    if 9 in wanted:
        statements.sweep(largest, findings, runs)
    if 10 in wanted:
        statements.beside_a_sweep(largest, findings, environment)
    if 11 in wanted:
        statements.bring_in(largest, findings, max(1, runs // 2))


def _environment(home: str) -> Mapping[str, str]:
    """Return an environment with a home of its own, in which modules may be compiled and kept."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "NO_COLOR", "COLUMNS", "LINES", "CASETUI_DATABASE", "CASETUI_AGENT")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), home)
    source = str(Path(casetui.__file__).parents[1])
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return {**kept, **folders, **terminal, "PYTHONPATH": source}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    cache = user_cache_path("casetui", appauthor=False) / "benchmarks"
    parser.add_argument("--sizes", default="1000,100000,1000000", help="cases of the desks (%(default)s)")
    parser.add_argument("--only", help="promises, such as 1,2; all unless told")
    parser.add_argument("--folder", type=Path, default=cache, help="where the desks are kept (%(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="measured runs, by turns (%(default)s)")
    parser.add_argument(
        "--presses", type=int, default=20, help="times that a key is pressed in a run (%(default)s)"
    )
    parser.add_argument(
        "--soak", type=int, default=0, metavar="CHANGES", help="changes by others while it is open"
    )
    parser.add_argument("--idle", type=float, default=5, help="seconds that nobody touches it (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
