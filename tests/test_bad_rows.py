"""A row of an import that cannot be read costs that row and no other, whatever stands in it (SPEC 8)."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetui.desk import check
from casetui.desk.transfer.exporting import export_cases
from casetui.desk.transfer.importing import import_file
from casetui.desk.transfer.report import Imported
from casetui.domain.errors import Misused, Unreadable
from casetui.domain.query import parse
from tests.desks import TestDesk, desk_in
from tests.test_export import busy  # noqa: F401 - a fixture

CASES = 5
LATE = "2999-12-20T09:00:00Z"
TABLE = "number,sys_updated_on,incident_state,opened_at,short_description,sys_updated_by,hold_reason"
ROW = "INC{},2020-01-02 00:00:00,2,2020-01-01 00:00:00,Hello,ann,"


def take(desk: TestDesk, file: Path, **options: Any) -> Imported:
    """Import a file without its bad rows; the desk is sound, and each of those is told on one line."""
    done = import_file(desk.store, desk.clock, file, skip_bad=True, **options)
    assert list(check.problems(desk.store)) == []
    assert all("\n" not in str(bad) and str(bad).encode() for bad in done.bad)
    return done


@pytest.fixture
def other(tmp_path: Path, desk: TestDesk) -> Iterator[TestDesk]:
    """Give a second desk, which goes by the same clock."""
    with desk_in(tmp_path, desk.clock, "other.db") as opened:
        yield opened


def exported(desk: TestDesk, folder: Path) -> list[dict[str, Any]]:
    """Return the cases of a desk as it exports them."""
    export_cases(desk.store, desk.clock, folder / "out.json", parse(""))
    return list(json.loads((folder / "out.json").read_text(encoding="utf-8")))


def written(folder: Path, documents: list[dict[str, Any]]) -> Path:
    """Return a file of cases."""
    file = folder / "cases.json"
    file.write_text(json.dumps(documents, indent=1), encoding="utf-8")
    return file


def test_a_stay_that_no_clock_fits_behind_is_a_bad_row(desk: TestDesk, other: TestDesk, tmp_path: Path) -> None:
    """A case that waits for its customer since the last days of all times is named; the others come in."""
    for _ in range(3):
        desk.ask(desk.open())
    cases = exported(desk, tmp_path)
    begun = cases[1]["status_since"]
    cases[1] = json.loads(json.dumps(cases[1]).replace(begun, LATE))
    file = written(tmp_path, cases)
    with pytest.raises(Unreadable, match=rf"column status_since: '{LATE}' is too late: .*; nothing was imported"):
        import_file(other.store, other.clock, file)
    assert other.board.is_empty()
    done = take(other, file)
    assert (done.cases, done.bad_total, done.bad[0].column) == (2, 1, "status_since")


def test_a_row_that_no_clock_fits_behind_is_a_bad_row(desk: TestDesk, other: TestDesk, tmp_path: Path) -> None:
    """So it is in the table that export writes, and in another system's, where it does not say when "now" is."""
    desk.ask(desk.open())
    desk.ask(desk.open())
    export_cases(desk.store, desk.clock, tmp_path / "own.csv", parse(""))
    rows = list(csv.DictReader((tmp_path / "own.csv").read_text(encoding="utf-8").splitlines()))
    rows[0]["status_since"] = LATE
    with (tmp_path / "own.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = take(other, tmp_path / "own.csv")
    assert (done.cases, done.bad_total, done.bad[0].line, done.bad[0].column) == (1, 1, 2, "status_since")
    late = ROW.format(2).replace("2020-01-02", "2999-12-20")
    (tmp_path / "table.csv").write_text("\n".join((TABLE, ROW.format(1), late, "")), encoding="utf-8")
    done = take(other, tmp_path / "table.csv", shift_to_now=True)
    assert (done.cases, done.bad_total, done.as_of) == (1, 1, other.clock.now())
    assert str(done.bad[0]).endswith("'2999-12-20 00:00:00' is not between the years 1970 and 2988")


def test_a_time_that_cannot_be_moved_is_a_bad_row(desk: TestDesk, other: TestDesk, tmp_path: Path) -> None:
    """What --shift-to-now would move out of all times is named and left out; its clone comes without it."""
    held = desk.open()
    desk.ask(held)
    desk.verbs.hold(held, "2999-12-01", "until the end of time")
    desk.verbs.clone(held)
    file = written(tmp_path, exported(desk, tmp_path))
    desk.clock.advance(days=60)
    with pytest.raises(Unreadable, match=r"'2999-12-01T00:00:00Z' is moved out of the years .* by --shift-to-now"):
        import_file(other.store, other.clock, file, shift_to_now=True)
    done = take(other, file, shift_to_now=True)
    assert (done.cases, done.bad_total) == (1, 1)
    assert [odd.kind for odd in done.warnings] == ["a clone whose original is not in the file"]
    assert take(other, file).cases == 1  # where they stand as they are, nothing is in the way
    rows = [ROW.format(1), ROW.format(2).replace("2020-", "2900-")]
    (tmp_path / "table.csv").write_text("\n".join((TABLE, *rows, "")), encoding="utf-8")
    done = take(other, tmp_path / "table.csv", shift_to_now=True)
    assert (done.cases, done.bad_total, done.bad[0].line) == (1, 1, 2)


def test_a_case_may_stand_where_its_original_stood(desk: TestDesk, other: TestDesk, tmp_path: Path) -> None:
    """Where the numbers of a file are others here, a clone is told apart from its original all the same."""
    desk.open("one")
    original = desk.open("two")
    clone = desk.verbs.clone(original).number
    cases = exported(desk, tmp_path)
    for _ in range(clone - 1):
        other.open("here before")
    assert take(other, written(tmp_path, [cases[original - 1]])).cases == 1
    assert other.case(clone).subject == "two"
    assert take(other, written(tmp_path, cases)).cases == 2
    assert [case.cloned_from for case in other.board.listed() if case.cloned_from] == [clone]


SKIPPED = {
    "a number": "5",
    "nothing": "null",
    "a word": "nope",
    "a list": "[[[1]]]",
    "an object with a slip": '{"subject": oops, "note": "a ] and a }"}',
    "two commas": '{"subject": "a" "b"}',
    "lists without end": f'{{"subject": {"[" * 5_000}{"]" * 5_000}}}',
    "objects without end": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "a number without end": f'{{"number": {"1" * 5_000}}}',
    "a control": '{"subject": "\x01"}',
}


@pytest.mark.parametrize("name", SKIPPED)
def test_what_is_no_object_is_a_bad_row(desk: TestDesk, other: TestDesk, tmp_path: Path, name: str) -> None:
    """Wherever it stands among objects: they are read, before it and behind it."""
    desk.open()
    desk.open()
    good = [json.dumps(case) for case in exported(desk, tmp_path)]
    for place in range(3):
        rows = [*good[:place], SKIPPED[name], *good[place:]]
        file = tmp_path / "cases.json"
        file.write_text("[\n" + ",\n".join(rows) + "\n]", encoding="utf-8")
        with pytest.raises(Unreadable, match=f"line {place + 2}: it .*; nothing was imported"):
            import_file(other.store, other.clock, file)
        done = take(other, file, dry_run=True)
        assert (done.cases, done.bad_total, done.bad[0].line) == (2, 1, place + 2)


def test_columns_are_those_of_many_objects(desk: TestDesk, other: TestDesk, tmp_path: Path) -> None:
    """The first object may be the bad one: what it lacks, it lacks alone."""
    desk.open()
    desk.open()
    cases = exported(desk, tmp_path)
    del cases[0]["subject"]
    done = take(other, written(tmp_path, cases))
    assert (done.cases, done.bad_total, done.bad[0].column) == (1, 1, "subject")


@pytest.mark.parametrize("depth", [400, 600, 800, 900, 950, 980])
def test_a_value_that_nests_deep_is_no_traceback(desk: TestDesk, tmp_path: Path, depth: int) -> None:
    """However deep, in a column that is read or in one that is not; the next row is read."""
    good = dict(zip(TABLE.split(","), ROW.format(1).split(","), strict=True))
    for name in ("short_description", "nobody_reads_this"):
        for opens, closes in (("[", "]"), ('{"a":', "}")):
            deep = json.dumps({**good, "number": "INC2", name: "@"})
            deep = deep.replace('"@"', f"{opens * depth}1{closes * depth}")
            file = tmp_path / "cases.json"
            file.write_text(f"[{json.dumps(good)}, {deep}]", encoding="utf-8")
            done = take(desk, file, dry_run=True)
            assert done.cases + done.bad_total == 2


def test_one_nul_does_not_make_a_file_no_text(desk: TestDesk, tmp_path: Path) -> None:
    """It is a character that nobody can read, in one row."""
    rows = [TABLE, *(ROW.format(number) for number in range(9)), ROW.format(9).replace("Hello", "Hel\0o")]
    (tmp_path / "table.csv").write_text("\n".join((*rows, "")), encoding="utf-8")
    assert take(desk, tmp_path / "table.csv").cases == 10
    assert "Hel\ufffdo" in {case.subject for case in desk.board.listed()}
    (tmp_path / "desk.csv").write_bytes((tmp_path / "desk.db").read_bytes())
    with pytest.raises(Misused, match="is no text"):
        take(desk, tmp_path / "desk.csv")


HOSTILE: list[Any] = [
    None, True, 0, -1, 2**53, 2**63, 10**30, 1.5, float("inf"), float("nan"), "", " ", "x", "\x1b[31m", "\ud800",
    "\0", "a\nb", "x" * 2_000, LATE, "2985-01-01T00:00:00Z", "3000-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-31T12:00:00.9Z", "2026-02-30T00:00:00Z", [],
    {}, [[]], [{}], {"a": 1}, "closed", "new", "pending_customer_input", "Pending Work Plan", "down", "5",
    "cloned from 3", "00000000000a/1", "00000000000a/99999999999999999", "\u0661", "=1+1",
]  # fmt: skip
"""What stands where something else was expected."""
FAR = (LATE, "2985-01-01T00:00:00Z", "3000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00")
"""Those of them that are times a thousand years ahead."""
SET = (
    "status", "stay", "status_since", "unread", "opened_at", "closed_at", "remind_at", "close_at", "reminded_at",
    "held_until", "hold_reason", "external_id", "subject", "priority", "cloned_from", "nonsense",
)  # fmt: skip
"""What an entry may say, rightly or wrongly, that it set."""


def places(document: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to each value within a document."""
    if isinstance(document, dict | list):
        for key, value in document.items() if isinstance(document, dict) else enumerate(document):
            yield (*before, key)
            yield from places(value, (*before, key))


def put(document: Any, path: tuple[Any, ...], value: object) -> None:
    """Put a value at a path, if that is still there."""
    for key in path[:-1]:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(document, dict) or (isinstance(document, list) and path[-1] < len(document)):
        document[path[-1]] = value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_case(busy: TestDesk, tmp_path: Path, data: st.DataObject) -> None:  # noqa: F811
    """Never a traceback, never another case lost, and what came in is sound and goes out and in again."""
    cases = exported(busy, tmp_path)
    assert len(cases) == CASES
    hurt = data.draw(st.sampled_from(cases))
    set_somewhere = [("history", at, "changes", name) for at in range(len(hurt["history"])) for name in SET]
    where = st.one_of(st.sampled_from(list(places(hurt))), st.sampled_from(set_somewhere))
    far = False
    for path in data.draw(st.lists(where, min_size=1, max_size=3)):
        value = data.draw(st.sampled_from(HOSTILE))
        put(hurt, path, value)
        far = far or value in FAR
    file = written(tmp_path, cases)
    if not (tmp_path / "empty.db").exists():
        with desk_in(tmp_path, busy.clock, "empty.db"):
            pass
    for name in ("one.db", "two.db"):
        shutil.copy(tmp_path / "empty.db", tmp_path / name)
    with desk_in(tmp_path, busy.clock, "one.db") as one, desk_in(tmp_path, busy.clock, "two.db") as two:
        late = data.draw(st.booleans())
        done = take(one, file, shift_to_now=late)
        named_twice = sum(odd.count for odd in done.warnings if "twice" in odd.kind)
        assert done.cases + done.bad_total + named_twice == CASES
        if not (late and far):  # one that is so late moves all others out of every calendar, and each is named
            assert done.bad_total <= 1
        assert take(two, written(tmp_path, exported(one, tmp_path))).cases == done.cases
