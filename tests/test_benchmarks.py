"""The benchmarks, without a stopwatch: every promise yields a line, and twins do the same work."""

import sys
from pathlib import Path

import pytest
from benchmarks import __main__ as benchmarks
from benchmarks.desks import FIVE, LONG, desk, give_back
from benchmarks.figures import Findings, high, ratios

from casetui.desk.check import problems
from casetui.storage.store import Store

CASES = 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked at in /proc")
def test_every_promise_yields_a_line_and_twins_do_the_same(tmp_path: Path) -> None:
    """On a tiny desk, once; whether a time is met is not asked here."""
    found = benchmarks.measure(
        sizes=[CASES], wanted=benchmarks.PROMISES, folder=tmp_path, runs=1, presses=1, idle=0.2, warm=0, changes=10
    )
    assert {line.promise for line in found.lines} == benchmarks.PROMISES
    assert all(line.figure for line in found.lines)
    assert set(found.compared) == {"search", "sweep", "import"}
    assert all(found.compared.values())
    table = found.table().splitlines()
    assert len(table) == len(found.lines) + 2


def test_a_bench_desk_is_sound_and_so_is_what_is_given_back(tmp_path: Path) -> None:
    """Each case has five comments at least, the newest a thousand; closures taken away leave sound histories."""
    bench = desk(tmp_path, CASES)
    assert desk(tmp_path, CASES) == bench
    assert give_back(bench.path, 5) == 5
    store = Store.open(bench.path)
    try:
        counted = store.database.execute_sql("SELECT COUNT(kind) FROM entries GROUP BY case_id ORDER BY case_id")
        comments = [count for (count,) in counted]
        assert list(problems(store)) == []
    finally:
        store.close()
    assert len(comments) == CASES
    assert min(comments) >= FIVE
    assert comments[bench.long - 1] == LONG


def test_ratios_are_those_of_pairs() -> None:
    """A drift that both of a pair share does not show."""
    assert ratios([2, 20, 200], [1, 10, 100]) == (2, 2)
    assert high(list(range(100))) == 94


def test_twins_that_did_other_things_are_found_out() -> None:
    """The first row that differs is named."""
    with pytest.raises(ValueError, match="first difference"):
        Findings().same("sweep", [1, 2], [1, 3])
