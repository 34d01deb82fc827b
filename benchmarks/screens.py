"""Promises about the screens: the program in a pseudo-terminal beside the empty one (1 to 8)."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.desks import AGENT, BenchDesk
from benchmarks.figures import Findings, high, ratios, spread
from benchmarks.terminal import Painted, Terminal

FLOOR = (sys.executable, str(Path(__file__).with_name("floor.py")))
USABLE = r"\(\d+\)  [a-z ]+ first[\s\S]*In Progress +\d+"
"""The title of the first list with its number, and a queue with its number: both are drawn when both are read."""
OPENED = r"Esc .* \d+ of \d+"
PAGE_DOWN, DOWN, HOME, END, ESCAPE = "\x1b[6~", "j", "g", "G", "\x1b"
FILTERED = "export"
"""What is typed in a filter: its first letter begins a word of nearly every case, all of it one in a hundred."""
SEARCH, EMPTY_LINE = "\x06", "\x15"
REST = 0.2
"""Seconds in which what is drawn later, on purpose, has been drawn."""
SETTLED = 3.0
"""Seconds after which nothing is left to be read or drawn: a case that was in sight for two counts as seen."""


@dataclass(slots=True)
class Sitting:
    """What was measured of one program on one desk, over all runs."""

    starts: list[float] = field(default_factory=list)
    works: list[float] = field(default_factory=list)
    """Processor time of the starts, in milliseconds."""
    peaks: list[float] = field(default_factory=list)
    idles: list[tuple[float, float]] = field(default_factory=list)
    keys: dict[str, list[Painted]] = field(default_factory=dict)

    def press(self, terminal: Terminal, name: str, keys: str, pattern: str | None = None) -> Painted:
        """Press keys and note under a name what they brought about."""
        painted = terminal.press(keys, pattern)
        self.keys.setdefault(name, []).append(painted)
        return painted

    def of(self, *names: str) -> list[Painted]:
        """Return all that was painted under some names."""
        return [painted for name in names for painted in self.keys.get(name, ()) if painted.first is not None]


def program(path: Path) -> list[str]:
    """Return the command that opens the dashboard on a desk."""
    return [sys.executable, "-m", "casetui", "--database", str(path), "--as", AGENT]


def measure(
    benches: Sequence[BenchDesk],
    findings: Findings,
    environment: Mapping[str, str],
    *,
    runs: int,
    presses: int,
    idle: float,
    warm: int,
    wanted: frozenset[int],
) -> None:
    """Run the empty program and the program on each desk by turns, and judge what was found."""
    floor, sittings = Sitting(), {bench.cases: Sitting() for bench in benches}
    programs = [
        (FLOOR, "READY", floor),
        *((program(bench.path), USABLE, sittings[bench.cases]) for bench in benches),
    ]
    for run in range(-warm, runs if 1 in wanted else 0):
        # One right after the other: between two sittings a machine changes more than a start differs.
        for command, pattern, sitting in programs:
            with Terminal(command, environment) as terminal:
                start = terminal.started(pattern)
                if run >= 0:  # the first time only warms the caches
                    sitting.starts.append(start)
                    sitting.works.append(terminal.start_work)
    for _run in range(runs):
        with Terminal(FLOOR, environment) as terminal:
            terminal.started("READY")
            for _ in range(presses):
                floor.press(terminal, "key", DOWN)
            floor.peaks.append(terminal.peak())
        for bench in benches:
            sitting = sittings[bench.cases]
            with Terminal(program(bench.path), environment) as terminal:
                terminal.started(USABLE)
                _sit(sitting, terminal, bench, presses, wanted)
                if 8 in wanted:
                    settle(terminal, idle)
                    sitting.idles.append(terminal.idle(idle))
                sitting.peaks.append(terminal.peak())
    for bench in benches:
        _judge(findings, floor, sittings[bench.cases], f"{bench.cases:,} cases", wanted)
    if len(benches) > 1 and 1 in wanted:
        least, most = sittings[benches[0].cases], sittings[benches[-1].cases]
        share, _ = ratios(most.starts, least.starts)
        what = f"start with {benches[-1].cases:,} against {benches[0].cases:,} cases"
        findings.add(1, what, f"{share:.2f} x", "1.05 x", kept=share <= 1.05)


def _sit(sitting: Sitting, terminal: Terminal, bench: BenchDesk, presses: int, wanted: frozenset[int]) -> None:
    """Do what an agent does, beginning on the list of all open cases; for the memory all of it is done."""
    for promise, part in (
        (2, _step),
        (3, _page),
        (5, _open),
        (4, _turn),
        (5, _open_long),
        (6, _search),
        (6, _filter),
    ):
        if promise in wanted or 7 in wanted:
            part(sitting, terminal, presses, bench)


def _step(sitting: Sitting, terminal: Terminal, presses: int, _: BenchDesk) -> None:
    _all_open(terminal)
    for _press in range(presses):
        sitting.press(terminal, "step", DOWN)


def _page(sitting: Sitting, terminal: Terminal, presses: int, _: BenchDesk) -> None:
    _all_open(terminal)
    for _press in range(presses):
        sitting.press(terminal, "page", PAGE_DOWN)
    for _press in range(_few(presses)):
        sitting.press(terminal, "end", END)
        sitting.press(terminal, "home", HOME)


def _open(sitting: Sitting, terminal: Terminal, presses: int, _: BenchDesk) -> None:
    _all_open(terminal)
    for _press in range(_few(presses)):
        sitting.press(terminal, "open", "\r", OPENED)
        terminal.press(ESCAPE, USABLE)
        terminal.press(DOWN)


def _turn(sitting: Sitting, terminal: Terminal, presses: int, _: BenchDesk) -> None:
    """Change the queue; between two changes the last words of the first case are read, which is not part of it."""
    for _press in range(presses):
        sitting.press(terminal, "queue", "]")
        time.sleep(REST)


def _open_long(sitting: Sitting, terminal: Terminal, presses: int, bench: BenchDesk) -> None:
    _all_open(terminal)
    terminal.press("/")
    terminal.press(f"number:{bench.long}", rf"/number:{bench.long} 1 of")
    terminal.press("\r")
    for _press in range(_few(presses)):
        sitting.press(terminal, "long", "\r", OPENED)
        terminal.press(ESCAPE, "number:")
    terminal.press(ESCAPE)


def _search(sitting: Sitting, terminal: Terminal, presses: int, _: BenchDesk) -> None:
    """Search all that was said; the line begins with the words of the last search."""
    for _press in range(_few(presses)):
        terminal.press(SEARCH, "Search")
        terminal.press(EMPTY_LINE)
        for letter in "login":
            sitting.press(terminal, "search", letter)
        terminal.press(ESCAPE, USABLE)


def _filter(sitting: Sitting, terminal: Terminal, presses: int, _: BenchDesk) -> None:
    """Narrow the open cases, and then the closed ones, by words of which a letter begins half of all."""
    _all_open(terminal)
    _type_filters(sitting, terminal, "filter", presses)
    terminal.press("[", r"Closed \(\d+\)")
    _type_filters(sitting, terminal, "filter closed", presses)


def _type_filters(sitting: Sitting, terminal: Terminal, name: str, presses: int) -> None:
    for _press in range(_few(presses)):
        terminal.press("/")
        for end, letter in enumerate(FILTERED, 1):
            sitting.press(terminal, name, letter, rf"/{FILTERED[:end]} \d+\+? of \d+")
        terminal.press(ESCAPE, r"\w \(\d+\)")


def _all_open(terminal: Terminal) -> None:
    terminal.press("4")
    terminal.press("5", r"All open \(\d+\)")
    time.sleep(REST)


def _few(presses: int) -> int:
    return max(1, presses // 4)


def settle(terminal: Terminal, idle: float) -> None:
    """Let what is drawn later be drawn; wait where a minute would begin meanwhile: its clock would go on."""
    terminal.idle(SETTLED)
    left = 60 - time.time() % 60
    if left < idle + 1:
        terminal.idle(left + 1)


def _judge(findings: Findings, floor: Sitting, sitting: Sitting, size: str, wanted: frozenset[int]) -> None:
    beside = f"an empty program {_spread(floor.of('key'))}"
    if 1 in wanted:
        share, worst = ratios(sitting.starts, floor.starts)
        findings.add(
            1, f"start to a usable queue, {size}", f"{share:.2f} x the empty program, p95 {worst:.2f}", "1.25 x",
            kept=share <= 1.25, beside=f"{median(sitting.starts):.0f} ms, empty {median(floor.starts):.0f} ms;"
            f" processor time {ratios(sitting.works, floor.works)[0]:.2f} x",
        )  # fmt: skip
    for promise, what, names, bounds in (
        (2, "a step of the cursor", ("step",), (5, 10, 500)),
        (3, "page down", ("page",), (15, 30, 8_192)),
        (3, "end and home", ("end", "home"), (15, 30, 8_192)),
        (5, "open a case", ("open",), (20, None, None)),
        (5, "open a case of 1,000 comments", ("long",), (40, None, None)),
    ):
        if promise in wanted:
            _judge_keys(findings, promise, f"{what}, {size}", sitting.of(*names), bounds, beside)
    if 4 in wanted:
        settled = [key.last or 0 for key in sitting.of("queue")]
        first = [key.first or 0 for key in sitting.of("queue")]
        findings.add(
            4, f"change of queue, {size}", f"{spread(settled)}, {_work(sitting.of('queue'))}", "30 ms",
            kept=median(settled) <= 30, beside=f"first paint {spread(first)}; {beside}",
        )  # fmt: skip
    if 6 in wanted:
        found = [key.last or 0 for key in sitting.of("search")]
        findings.add(
            6, f"a letter typed in the search, {size}", spread(found) if found else "not there", "25 ms",
            kept=median(found) <= 25 if found else None, beside=beside if found else "",
        )  # fmt: skip
        for name, which in (("filter", "open"), ("filter closed", "closed")):
            listed = [key.first or 0 for key in sitting.of(name)]
            findings.add(
                6, f"a letter typed in a filter of the {which} cases, {size}",
                f"{spread(listed)}, most {max(listed):.1f}", "25 ms", kept=median(listed) <= 25, beside=beside,
            )  # fmt: skip
    if 7 in wanted:
        share, worst = ratios(sitting.peaks, floor.peaks)
        findings.add(
            7, f"peak memory after all these keys, {size}", f"{share:.2f} x the empty program, p95 {worst:.2f}",
            "1.5 x", kept=share <= 1.5, beside=f"{median(sitting.peaks):.1f} MiB, empty {median(floor.peaks):.1f}",
        )  # fmt: skip
    if 8 in wanted:
        busy, written = (median(values) for values in zip(*sitting.idles, strict=True))
        found_idle = f"{busy:.1f} ms of processor time and {written:.0f} bytes a second"
        is_idle = busy <= 5 and not written
        findings.add(8, f"nobody touches it, {size}", found_idle, "5 ms, 0 bytes", kept=is_idle)


def _judge_keys(
    findings: Findings,
    promise: int,
    what: str,
    painted: Sequence[Painted],
    bounds: tuple[int, int | None, int | None],
    beside: str,
) -> None:
    """Judge how soon a key changes the screen: the median, the 95th percentile and the bytes that are written."""
    if not painted:
        raise ValueError(f"{what}: no key changed the screen")
    times, sizes = [key.first or 0 for key in painted], [key.size for key in painted]
    middle, worst, most = bounds
    kept = median(times) <= middle and (worst is None or high(times) <= worst)
    bound = f"{middle} ms" + (f", p95 {worst}" if worst else "") + (f", {most} bytes" if most else "")
    kept = kept and (most is None or median(sizes) <= most)
    figure = f"{_spread(painted)}, {median(sizes):.0f} bytes"
    findings.add(promise, what, figure, bound, kept=kept, beside=beside)


def _spread(painted: Sequence[Painted]) -> str:
    return f"{spread([key.first or 0 for key in painted])}, {_work(painted)}"


def _work(painted: Sequence[Painted]) -> str:
    """Return the processor time of a key, all that it sets off included."""
    return f"processor {median(key.work for key in painted):.1f}"
