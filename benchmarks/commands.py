"""The promise about commands: how long one takes beside bare Python, and that it imports no Textual (12)."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.desks import BenchDesk
from benchmarks.figures import Findings, ratios

_IMPORTED = """
import sys
from casetui.cli.root import run
code = run(sys.argv[1:])
sys.exit(code or ("textual" in sys.modules or "rich" in sys.modules))
"""


def measure(benches: Sequence[BenchDesk], findings: Findings, environment: Mapping[str, str], runs: int) -> None:
    """Run bare Python and the command on each desk by turns."""
    bare: list[float] = []
    took: dict[int, list[float]] = {bench.cases: [] for bench in benches}
    for run in range(runs * 2 + 1):
        one = _run([sys.executable, "-c", "pass"], environment)
        others = [
            (bench, _run([sys.executable, "-m", "casetui", *_list(bench)], environment)) for bench in benches
        ]
        if run:  # the first time only warms the caches
            bare.append(one)
            for bench, other in others:
                took[bench.cases].append(other)
    for bench in benches:
        share, worst = ratios(took[bench.cases], bare)
        checked = subprocess.run(
            [sys.executable, "-c", _IMPORTED, *_list(bench)],
            env=dict(environment),
            capture_output=True,
            check=False,
        )
        is_light = checked.returncode == 0
        findings.add(
            12, f"`casetui list --limit 20`, {bench.cases:,} cases", f"{share:.1f} x bare Python, p95 {worst:.1f}",
            "6 x, no Textual", kept=share <= 6 and is_light,
            beside=f"{median(took[bench.cases]):.0f} ms, bare {median(bare):.0f} ms;"
            f" Textual {'not ' if is_light else ''}imported",
        )  # fmt: skip


def _list(bench: BenchDesk) -> list[str]:
    return ["--database", str(bench.path), "list", "--limit", "20"]


def _run(command: Sequence[str], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=dict(environment), check=True, capture_output=True)
    return (time.perf_counter() - began) * 1000
