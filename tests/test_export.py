"""What export writes, import takes back: to the letter from JSON, as it stands from CSV, and never twice."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetui.desk import check
from casetui.desk.documents import CASE_KEYS, json_text
from casetui.desk.policies import PolicyBook
from casetui.desk.transfer.exporting import export_cases, write_csv
from casetui.desk.transfer.importing import import_file
from casetui.desk.transfer.report import Imported
from casetui.desk.undo import Undo
from casetui.domain.errors import Misused, Refused
from casetui.domain.query import parse
from casetui.domain.records import Facts, Request
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Status
from tests.desks import HandClock, TestDesk, desk_in


def export(desk: TestDesk, file: Path, query: str = "") -> int:
    """Write the cases of a query to a file."""
    return export_cases(desk.store, desk.clock, file, parse(query))


def take(desk: TestDesk, file: Path, **options: Any) -> Imported:
    """Import a file, which leaves the desk sound."""
    done = import_file(desk.store, desk.clock, file, **options)
    assert list(check.problems(desk.store)) == []
    return done


@pytest.fixture
def busy(desk: TestDesk) -> TestDesk:
    """Give a desk with a case of every kind of history."""
    asked = desk.open('Proxy fails, "again"; = what?')
    desk.ask(asked)
    desk.clock.advance(days=8)
    desk.sweeper.sweep()
    desk.verbs.extend(asked, "2w", "on holiday")
    desk.customer(asked, "It says:\nno route")
    held = desk.open("Zeichens\u00e4tze \u96fb\u5b50 \U0001f4da", email=None)
    desk.ask(held)
    desk.verbs.hold(held, "3d", "they asked\nfor it")
    clone = desk.verbs.clone(held, '=HYPERLINK("http://example.org")').number
    desk.verbs.edit(clone, {"account": "@home", "contact": "+32 9 264", "installation": "Local"})
    desk.verbs.assign(clone, "-nobody-")
    closed = desk.open("'=quoted already")
    desk.answer(closed)
    desk.clock.advance(days=15)
    desk.sweeper.sweep(Missed.REMIND)
    fixed = desk.open()
    desk.verbs.move(fixed, Request(Status.TIER_2))
    desk.verbs.move(fixed, Request(Status.DEVELOPMENT, reason="defect"))
    desk.test(fixed)
    return desk


def test_json_holds_all_that_show_prints(busy: TestDesk, tmp_path: Path) -> None:
    """An export is an array of cases with the keys of SPEC 8, comments and history included."""
    file = tmp_path / "cases.json"
    assert export(busy, file) == 5
    cases = json.loads(file.read_text(encoding="utf-8"))
    assert [case["number"] for case in cases] == [1, 2, 3, 4, 5]
    assert list(cases[0])[:-3] == list(CASE_KEYS)
    assert set(cases[0]["comments"][0]) == {"kind", "author", "body", "at"}
    assert {"what", "by", "at", "from", "to", "planned_at", "note"} < set(cases[0]["history"][0])
    assert cases[1]["clones"] == [3]
    assert cases[2]["cloned_from"] == 2


def test_json_in_another_desk_is_the_same_desk(busy: TestDesk, tmp_path: Path) -> None:
    """Cases exported, imported elsewhere and exported from there are the same file, byte for byte."""
    file, back = tmp_path / "cases.json.gz", tmp_path / "back.json.gz"
    export(busy, file)
    with desk_in(tmp_path, busy.clock, "other.db") as other:
        done = take(other, file)
        assert (done.mapping, done.cases, done.present, done.warnings) == ("casetui", 5, 0, ())
        export(other, back)
        assert back.read_bytes() == file.read_bytes()
        assert take(other, file).cases == 0
        assert take(busy, back).cases == 0


def test_importing_into_the_same_desk_adds_nothing(busy: TestDesk, tmp_path: Path) -> None:
    """A desk knows its own cases, whether they come as JSON, as CSV or as a list without any history."""
    for name in ("cases.json", "cases.csv", "cases.csv.gz"):
        export(busy, tmp_path / name)
        done = take(busy, tmp_path / name)
        assert (done.cases, done.present) == (0, 5)
    listed = tmp_path / "list.csv"
    with listed.open("w", encoding="utf-8", newline="") as stream:
        write_csv(stream, busy.board.listed())
    assert (take(busy, listed).cases, take(busy, listed).present) == (0, 5)


def test_a_number_between_others_is_found_by_its_words(busy: TestDesk, tmp_path: Path) -> None:
    """A case that comes back between cases of the desk is in both indexes of words, as `check` proves."""
    some, rest = tmp_path / "some.json", tmp_path / "rest.json"
    export(busy, some, "number:5")
    export(busy, rest, "not number:5")
    with desk_in(tmp_path, busy.clock, "other.db") as other:
        take(other, some)
        assert take(other, rest).cases == 4
        assert [case.number for case in other.board.listed(parse("zeichen"))] == [2]


def test_csv_comes_back_as_it_stands(busy: TestDesk, tmp_path: Path) -> None:
    """All columns of a case survive CSV, but for the count of its stays and versions, which need its history."""
    file = tmp_path / "cases.csv"
    export(busy, file)
    with desk_in(tmp_path, busy.clock, "other.db") as other:
        assert take(other, file).cases == 5
        for before, after in zip(busy.board.listed(), other.board.listed(), strict=True):
            for key in set(CASE_KEYS) - {"stay", "version", "status_label", "whose_move"}:
                assert getattr(after, key) == getattr(before, key), key
        assert take(other, file).cases == 0


def test_no_cell_starts_a_formula(busy: TestDesk, tmp_path: Path) -> None:
    """A cell that a spreadsheet would calculate begins with an apostrophe."""
    file = tmp_path / "cases.csv"
    export(busy, file)
    with file.open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")]
    assert '\'=HYPERLINK("http://example.org")' in cells
    assert "''=quoted already" in cells


def test_a_terminal_gets_csv_that_it_does_not_obey(desk: TestDesk) -> None:
    """CSV to a terminal has no escapes; to a file it has the text as it is."""
    desk.open("\x1b[31mred\x9b")
    cases = desk.board.listed()

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, pipe = Terminal(), io.StringIO()
    write_csv(terminal, cases)
    write_csv(pipe, cases)
    assert "\x1b" not in terminal.getvalue()
    assert "\x9b" not in terminal.getvalue()
    assert "\x1b" in pipe.getvalue()


def test_json_text_has_nothing_that_a_terminal_obeys() -> None:
    """Controls and marks of direction are escaped in JSON, and read back as they were."""
    text = "a\x1b\x7f\x9b\u202e\u200b\u00e9\U000e0001\U0001f4da"
    written = json_text({"subject": text})
    assert not set(written) & set("\x1b\x7f\x9b\u202e\u200b\U000e0001")
    assert "\u00e9" in written
    assert "\U0001f4da" in written
    assert json.loads(written)["subject"] == text


def test_taken_numbers_are_replaced_and_links_follow(busy: TestDesk, tmp_path: Path) -> None:
    """In a desk that has cases of those numbers, clones and originals still find each other."""
    file = tmp_path / "cases.json"
    export(busy, file)
    with desk_in(tmp_path, busy.clock, "other.db") as other:
        for _ in range(2):
            other.open()
        assert take(other, file).cases == 5
        original = next(case for case in other.board.listed() if case.subject.startswith("Zeichen"))
        assert original.number > 5
        assert original.clones == (3,)
        assert other.case(3).cloned_from == original.number
        assert any(entry.note == "cloned as 3" for entry in other.board.history(original.number))
        assert take(other, file).cases == 0
        back = tmp_path / "back.json"
        export(other, back)
        done = take(busy, back)
        assert (done.cases, done.present) == (2, 5)
        assert take(busy, back).present == 7


def test_a_clone_without_its_original_loses_the_link_with_a_warning(busy: TestDesk, tmp_path: Path) -> None:
    """What a query leaves out cannot be linked to elsewhere, and the import says so."""
    file = tmp_path / "cases.json"
    assert export(busy, file, "number:3") == 1
    with desk_in(tmp_path, busy.clock, "other.db") as other:
        done = take(other, file)
        assert [odd.kind for odd in done.warnings] == ["a clone whose original is not in the file"]
        assert other.case(3).cloned_from is None


def test_a_history_is_read_as_it_stood(busy: TestDesk, tmp_path: Path) -> None:
    """``--until`` takes an export's histories up to then, and ``--shift-to-now`` moves them to now."""
    file = tmp_path / "cases.json"
    export(busy, file)
    then = busy.board.history(1)[2].at
    with desk_in(tmp_path, HandClock(), "other.db") as other:
        other.clock.advance(days=1000)
        done = take(other, file, until=then, shift_to_now=True)
        assert done.cases == 1
        case = other.case(1)
        assert (case.status, case.status_since) == (Status.CUSTOMER_INPUT, other.clock.now())
        assert case.close_at is not None
        assert (case.close_at - case.status_since).days == 28


def test_a_desk_with_other_periods_keeps_the_deadlines_of_the_export(busy: TestDesk, tmp_path: Path) -> None:
    """A running stay keeps its deadlines, and the history says why they are not this desk's."""
    file = tmp_path / "cases.json"
    export(busy, file)
    clock = HandClock(datetime.fromisoformat("2020-01-01T00:00:00Z"))
    with desk_in(tmp_path, clock, "other.db") as other:
        PolicyBook(other.store, clock, "ana").set("pending_customer_input.close=21d")
        PolicyBook(other.store, clock, "ana").set("pending_customer_testing.close=2mo")
        take(other, file)
        assert other.case(5).close_at == busy.case(5).close_at


@pytest.mark.parametrize("name", ["cases.txt", "cases", "cases.xlsx.gz"])
def test_a_name_says_which_kind_of_file(desk: TestDesk, tmp_path: Path, name: str) -> None:
    """Any other name is refused with the two that are known, and nothing is written."""
    with pytest.raises(Misused, match=r"neither \.csv nor \.json"):
        export(desk, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_file_is_replaced_only_by_a_whole_one(busy: TestDesk, tmp_path: Path) -> None:
    """Where an export fails, the file that was there is still there, and nothing beside it."""
    folder = tmp_path / "out"
    folder.mkdir()
    file = folder / "cases.json"
    file.write_text("before", encoding="utf-8")
    busy.store.close()
    with pytest.raises(Exception, match=r"opened|closed|connection"):
        export(busy, file)
    assert [found.name for found in folder.iterdir()] == ["cases.json"]
    assert file.read_text(encoding="utf-8") == "before"
    busy.store.database.connect()


def test_a_place_that_cannot_be_written_is_named(desk: TestDesk, tmp_path: Path) -> None:
    """A folder that is not there and a folder in the file's place are sentences."""
    with pytest.raises(Misused, match="cannot be written"):
        export(desk, tmp_path / "nowhere" / "cases.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(Misused, match="is a folder"):
        export(desk, tmp_path / "folder.csv")


def test_an_empty_desk_goes_out_and_comes_in(desk: TestDesk, tmp_path: Path) -> None:
    """No case is no error."""
    for name in ("none.csv", "none.json"):
        assert export(desk, tmp_path / name) == 0
        assert take(desk, tmp_path / name).cases == 0


def test_packed_files_are_the_same_every_time(busy: TestDesk, tmp_path: Path) -> None:
    """A packed export holds no time of its own."""
    export(busy, tmp_path / "one.csv.gz")
    export(busy, tmp_path / "two.csv.gz")
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "two.csv.gz").read_bytes()
    assert gzip.decompress((tmp_path / "one.csv.gz").read_bytes()).startswith(b"number,")


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a status that is none": (lambda case: case.update(status="lost"), "'lost' is not a status"),
    "a status that the history contradicts": (lambda case: case.update(subject="other"), "its history says"),
    "a time that is none": (lambda case: case.update(opened_at="soon"), "column opened_at: 'soon' is not a time"),
    "a time without a zone": (lambda case: case.update(opened_at="2026-01-05T09:00:00"), "column opened_at"),
    "a number that is none": (lambda case: case.update(number="one"), "'one' is not a whole number"),
    "a number beyond all": (lambda case: case.update(number=10**30), "column number"),
    "a missing subject": (lambda case: case.pop("subject"), "column subject: it is missing"),
    "an empty subject": (lambda case: case.update(subject=" "), "column subject"),
    "a history without its beginning": (lambda case: case["history"].pop(0), "a history begins with 'opened'"),
    "a stay left out": (lambda case: case["history"][1].update(stay=7, to="new"), "does not follow"),
    "a comment that is nowhere": (lambda case: case["history"][1].update(comment=9), "is the place of no comment"),
    "a change of nothing": (lambda case: case["history"][0]["changes"].update(x=1), "nothing that a history sets"),
    "a change to no time": (
        lambda case: case["history"][-1]["changes"].update(close_at="soon"), "'soon' is not a time",
    ),
    "a list in the place of a text": (lambda case: case.update(owner=["a"]), "column owner"),
    "a history that is none": (lambda case: case.update(history="long"), "column history"),
    "an origin that is none": (lambda case: case.update(origin="here"), "column origin"),
    "a subject without end": (lambda case: case.update(subject="x" * 1001), "1001 characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_case_is_a_sentence(desk: TestDesk, tmp_path: Path, name: str) -> None:
    """A case that contradicts itself is named by line and key; the whole file is refused, or just that case."""
    breaks, words = BROKEN[name]
    desk.open()
    desk.ask(desk.open())
    file = tmp_path / "cases.json"
    export(desk, file)
    cases = json.loads(file.read_text(encoding="utf-8"))
    breaks(cases[1])
    file.write_text(json.dumps(cases, indent=1), encoding="utf-8")
    with desk_in(tmp_path, desk.clock, "other.db") as other:
        with pytest.raises(Misused, match=words):
            take(other, file)
        assert other.board.is_empty()
        done = take(other, file, skip_bad=True)
        assert (done.cases, done.bad_total) == (1, 1)


def test_a_case_that_stands_twice_is_taken_once(desk: TestDesk, tmp_path: Path) -> None:
    """Two files put together do not make two cases of one."""
    desk.open()
    file = tmp_path / "cases.json"
    export(desk, file)
    cases = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(cases * 2), encoding="utf-8")
    with desk_in(tmp_path, desk.clock, "other.db") as other:
        done = take(other, file)
        assert (done.cases, [odd.count for odd in done.warnings]) == (1, [1])


ACTS: list[Callable[[TestDesk, int, str], object]] = [
    lambda desk, _, words: desk.verbs.open(Facts(words, contact="C", email="c@example.org"), words),
    lambda desk, n, words: desk.verbs.comment(n, CommentKind.CUSTOMER, words),
    lambda desk, n, words: desk.verbs.comment(n, CommentKind.PUBLIC, words),
    lambda desk, n, words: desk.verbs.comment(n, CommentKind.INTERNAL, words),
    lambda desk, n, _: desk.ask(n),
    lambda desk, n, _: desk.answer(n),
    lambda desk, n, _: desk.test(n),
    lambda desk, n, words: desk.verbs.move(n, Request(Status.DEVELOPMENT, override=words, reason="defect")),
    lambda desk, n, _: desk.verbs.move(n, Request(Status.CLOSED)),
    lambda desk, n, words: desk.verbs.extend(n, "5d", words),
    lambda desk, n, words: desk.verbs.hold(n, "9d", words),
    lambda desk, n, _: desk.verbs.release(n),
    lambda desk, n, words: desk.verbs.assign(n, words),
    lambda desk, n, words: desk.verbs.edit(n, {"account": words, "priority": 2}),
    lambda desk, n, words: desk.verbs.clone(n, words),
    lambda desk, n, _: desk.verbs.read(n),
    lambda desk, n, _: Undo(desk.store, desk.clock, "ana").undo(n),
    lambda desk, _, __: desk.clock.advance(days=6, seconds=7),
    lambda desk, _, __: desk.sweeper.sweep(Missed.REMIND),
    lambda desk, _, __: desk.sweeper.sweep(Missed.APPLY),
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 4), st.text(min_size=1, max_size=12)), max_size=30)
)
def test_whatever_happened_comes_back(acts: list[tuple[Callable[[TestDesk, int, str], object], int, str]]) -> None:
    """Whatever agents, customers and the timer did: out, in and out again is the same, and in again is nothing."""
    with TemporaryDirectory() as name, desk_in(Path(name)) as desk:
        folder = Path(name)
        desk.open()
        for act, number, words in acts:
            try:
                act(desk, number, words)
            except Refused:
                continue
        one, two, three = (folder / file for file in ("one.json", "two.json", "three.csv"))
        count = export(desk, one)
        with desk_in(folder, desk.clock, "other.db") as other:
            assert take(other, one).cases == count
            assert export(other, two) == count
            assert two.read_bytes() == one.read_bytes()
            assert take(other, one).cases == take(desk, two).cases == 0
        export(desk, three)
        with desk_in(folder, desk.clock, "third.db") as third:
            assert take(third, three).cases == count
            assert take(third, three).cases == take(third, one).cases == take(desk, three).cases == 0
