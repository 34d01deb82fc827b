"""A shortened day (7 and 8): the dashboard lies open while another process makes thousands of changes."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.desks import BenchDesk, copied
from benchmarks.figures import Findings
from benchmarks.screens import USABLE, program, settle
from benchmarks.terminal import Terminal

WARM = 0.1
"""The share of the changes that is made before anything is measured: caches fill, once."""
GROWTH = 1.0
"""MiB by which memory may have grown: less than a tenth of what the screens themselves hold."""
_OTHERS = """
import sys, time
from pathlib import Path
from casetui.desk.verbs import Verbs
from casetui.domain.clocks import SystemClock
from casetui.domain.records import Facts, Request
from casetui.domain.workflow import CommentKind, Status
from casetui.storage.store import Store
desk, changes = Verbs(Store.open(Path(sys.argv[1])), SystemClock(), "ben"), int(sys.argv[2])
for at in range(changes):
    if at % 5 == 0:
        number = desk.open(Facts(f"Change {at} of a long day", account="Uni Ghent"), "It stands still.").number
    elif at % 5 == 1:
        desk.assign(number, "ana" if at % 2 else "ben")
    elif at % 5 == 2:
        desk.move(number, Request(Status.IN_PROGRESS))
    elif at % 5 == 3:
        desk.comment(number, CommentKind.INTERNAL, "Looked at it")
    else:
        desk.comment(number, CommentKind.CUSTOMER, "Any news?")
    time.sleep(0.005)
"""


@dataclass(frozen=True, slots=True)
class _Rest:
    """A program that nobody touches: processor time and bytes a second, and the memory that it holds."""

    busy: float
    written: float
    held: float


def measure(
    bench: BenchDesk, findings: Findings, environment: Mapping[str, str], *, changes: int, idle: float
) -> None:
    """Leave the dashboard open on a copy of a desk, and compare it at rest before and after all the changes."""
    with copied(bench) as path, Terminal(program(path), environment) as terminal:
        terminal.started(USABLE)
        first = int(changes * WARM)
        _change(terminal, path.as_posix(), first, environment)
        before = _at_rest(terminal, idle)
        busy, written = _change(terminal, path.as_posix(), changes - first, environment)
        after = _at_rest(terminal, idle)
    what, grown = f"{changes - first:,} changes by others, {bench.cases:,} cases", after.held - before.held
    findings.add(
        7, f"memory after {what}", f"{grown:+.1f} MiB", f"{GROWTH:.0f} MiB", kept=grown <= GROWTH,
        beside=f"{before.held:.1f} MiB before, {after.held:.1f} after",
    )  # fmt: skip
    findings.add(
        8, f"nobody touches it after {what}", _words(after), "5 ms, 0 bytes",
        kept=after.busy <= 5 and not after.written,
        beside=f"before: {_words(before)}; meanwhile: {busy:.0f} ms and {written:.0f} bytes a second",
    )  # fmt: skip


def _change(terminal: Terminal, path: str, changes: int, environment: Mapping[str, str]) -> tuple[float, float]:
    """Let another process change the desk; return the processor time and the bytes a second meanwhile."""
    seconds: list[tuple[float, float]] = []
    with subprocess.Popen([sys.executable, "-c", _OTHERS, path, str(changes)], env=dict(environment)) as others:
        while others.poll() is None or not seconds:
            seconds.append(terminal.idle(1))
    if others.returncode:
        raise subprocess.CalledProcessError(others.returncode, others.args)
    busy, written = zip(*seconds, strict=True)
    return median(busy), median(written)


def _at_rest(terminal: Terminal, idle: float) -> _Rest:
    """Wait until what has changed is drawn, then look at a program that nobody touches."""
    settle(terminal, idle)
    return _Rest(*terminal.idle(idle), terminal.held())


def _words(rest: _Rest) -> str:
    return f"{rest.busy:.1f} ms of processor time and {rest.written:.0f} bytes a second"
