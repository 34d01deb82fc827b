"""Files of other systems become cases with their histories: by mappings, whole or not at all, never twice."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetui.desk import check
from casetui.desk.policies import PolicyBook
from casetui.desk.transfer import sheets
from casetui.desk.transfer.importing import import_file
from casetui.desk.transfer.mapping import Versions, load, shipped
from casetui.desk.transfer.report import Imported
from casetui.domain.clocks import moment
from casetui.domain.errors import Misused, Unreadable
from casetui.domain.query import parse
from casetui.domain.records import Priority, What
from casetui.domain.workflow import CommentKind, Rule, Status
from tests.desks import TestDesk

DATA = Path(__file__).parents[2] / "shared" / "data"
LOG = "number,incident_state,caller_id,opened_at,sys_updated_by,sys_updated_at,location,category,subcategory,"
LOG += "u_symptom,cmdb_ci,priority,assigned_to,vendor"
TABLE = "number,sys_updated_on,incident_state,hold_reason,opened_at,short_description,sys_updated_by"
ROW = "INC1,2020-01-02 00:00:00,2,,2020-01-01 00:00:00,Hello,ann"


def take(desk: TestDesk, file: Path, mapping: str | Path | None = None, **options: Any) -> Imported:
    """Import a file, which leaves the desk sound."""
    done = import_file(desk.store, desk.clock, file, mapping, **options)
    assert list(check.problems(desk.store)) == []
    return done


def data(name: str) -> Path:
    """Return one of the real files, or skip."""
    if not (DATA / name).is_file():
        pytest.skip(f"{DATA / name} is not there: real records lie beside the checkout")
    return DATA / name


def table(folder: Path, *rows: str, header: str = TABLE, name: str = "cases.csv") -> Path:
    """Write a table and return its file."""
    file = folder / name
    file.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return file


def log(folder: Path, *events: tuple[str, str], number: str = "INC1", **facts: str) -> Path:
    """Write a log of one incident, a state and a time an event; return its file."""
    columns = LOG.split(",")
    given = {
        "number": number,
        "sys_updated_by": "Updated by 1",
        "opened_at": "?",
        "priority": "3 - Moderate",
        **facts,
    }
    rows = [{**dict.fromkeys(columns, "?"), **given, "incident_state": s, "sys_updated_at": t} for s, t in events]
    return table(folder, *(",".join(row[name] for name in columns) for row in rows), header=LOG, name="log.csv")


def stays(desk: TestDesk, number: int = 1) -> list[Status]:
    """Return the statuses that a case entered, in order."""
    return [entry.target for entry in desk.board.history(number) if entry.target]


def test_the_whole_log_is_what_its_sources_say(desk: TestDesk) -> None:
    """The incident log gives 24,918 cases, all closed, and the entries into statuses that SOURCES.md counts."""
    told: list[tuple[int, int]] = []
    done = take(desk, data("incident_event_log.csv.gz"), progress=lambda at, of: told.append((at, of)))
    assert (done.mapping, done.cases, done.present, done.bad_total) == ("servicenow-log", 24918, 0, 0)
    assert done.entered == {
        Status.NEW: 16397, Status.IN_PROGRESS: 14519, Status.CUSTOMER_INPUT: 5850, Status.UPDATE_RECEIVED: 1140,
        Status.THIRD_PARTY: 269, Status.DEVELOPMENT: 253, Status.CUSTOMER_TESTING: 24, Status.CONFIRMATION: 25236,
        Status.REOPENED: 332, Status.CLOSED: 24930,
    }  # fmt: skip
    odd = {warning.kind: warning.count for warning in done.warnings}
    assert odd["a case that left Closed"] == 12
    assert odd["a state that the mapping ignores"] == 5
    assert done.as_of == moment("2017-02-18T15:00:00Z", "UTC")
    assert len(desk.board.listed(parse("closed"))) == 24918
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_the_log_as_it_stood_is_a_lifelike_desk(desk: TestDesk) -> None:
    """On 21 March 2016 5,067 cases were open; moved to now, 316 reminders and closures of them are due."""
    until = moment("2016-03-21T09:00:30Z", "UTC")
    done = take(desk, data("incident_event_log.csv.gz"), "servicenow-log", until=until, shift_to_now=True)
    now = desk.clock.now()
    assert done.as_of == now
    cases = desk.board.listed()
    assert max(case.updated_at for case in cases) <= now
    queues = Counter(case.status for case in cases)
    assert queues == {
        Status.NEW: 316, Status.IN_PROGRESS: 718, Status.CUSTOMER_INPUT: 651, Status.UPDATE_RECEIVED: 35,
        Status.DEVELOPMENT: 36, Status.CONFIRMATION: 3297, Status.REOPENED: 14, Status.CLOSED: 898,
    }  # fmt: skip
    due = Counter(act.rule for act in desk.board.due(now))
    assert due == {Rule.REMINDER: 252, Rule.CLOSURE: 64}
    assert all(case.reminded_at is None and not case.unread for case in cases)


def test_the_tables_of_other_systems(desk: TestDesk) -> None:
    """ServiceNow's table and Salesforce's bulk export are known by their headers."""
    done = take(desk, data("servicenow_incidents.csv"))
    assert (done.mapping, done.cases, done.entered[Status.CLOSED]) == ("servicenow", 67, 27)
    assert Counter(case.status for case in desk.board.listed(parse("open")))[Status.CUSTOMER_INPUT] == 4
    done = take(desk, data("salesforce_Case.csv"))
    assert (done.mapping, done.cases) == ("salesforce", 3)
    case = next(case for case in desk.board.listed() if case.external_id == "00001028")
    assert (case.subject, case.status) == ("My hoverbike is broken", Status.TIER_2)
    assert (case.email, case.priority) == ("cropblems@example.com", Priority.HIGH)
    words = next(entry for entry in desk.board.history(case.number) if entry.kind)
    assert words.kind is CommentKind.CUSTOMER
    assert str(words.body).startswith("Dear Hoverbike Corporation:\n\nI am writing")
    assert not case.unread


@pytest.mark.parametrize(
    ("states", "entered"),
    [
        (["New", "Active", "Active"], [Status.NEW, Status.IN_PROGRESS]),
        (["Awaiting User Info", "Active"], [Status.CUSTOMER_INPUT, Status.UPDATE_RECEIVED]),
        (["Awaiting User Info", "Active", "New"], [Status.CUSTOMER_INPUT, Status.UPDATE_RECEIVED, Status.NEW]),
        (["Awaiting User Info", "New"], [Status.CUSTOMER_INPUT, Status.NEW]),
        (["Resolved", "Active", "Closed"], [Status.CONFIRMATION, Status.REOPENED, Status.CLOSED]),
        (["Resolved", "Awaiting User Info"], [Status.CONFIRMATION, Status.REOPENED]),
        (["Resolved", "Closed", "Resolved"], [Status.CONFIRMATION, Status.CLOSED, Status.REOPENED]),
        (["Resolved", "-100", "Active"], [Status.CONFIRMATION, Status.REOPENED]),
        (["-100", "Active"], [Status.IN_PROGRESS]),
        (["Awaiting Vendor", "Awaiting Problem"], [Status.THIRD_PARTY, Status.DEVELOPMENT]),
        (["Tier 1 Analysis", "update_received"], [Status.TIER_1, Status.UPDATE_RECEIVED]),
    ],
)
def test_what_a_state_means_directly_after_another(
    desk: TestDesk, tmp_path: Path, states: list[str], entered: list[Status]
) -> None:
    """A log's state is a status by itself and by the state before; one that is ignored stands between nothing."""
    events = [(state, f"5/3/2016 10:{minute:02}") for minute, state in enumerate(states)]
    take(desk, log(tmp_path, *events), "servicenow-log")
    assert stays(desk) == entered


def test_events_are_sorted_by_time_and_then_by_their_place(desk: TestDesk, tmp_path: Path) -> None:
    """Day comes before month, and a later line of the same minute is a later event."""
    file = log(tmp_path, ("Active", "1/4/2016 00:00"), ("New", "5/3/2016 00:00"), ("Resolved", "1/4/2016 00:00"))
    take(desk, file)
    assert stays(desk) == [Status.NEW, Status.IN_PROGRESS, Status.CONFIRMATION]
    case = desk.case(1)
    assert case.status_since == case.updated_at == datetime(2016, 4, 1, tzinfo=UTC)
    assert case.close_at == datetime(2016, 4, 15, tzinfo=UTC)
    assert (case.version, case.stay, case.external_id) == (1, 3, "INC1")


def test_a_case_is_opened_by_its_first_row(desk: TestDesk, tmp_path: Path) -> None:
    """It begins in the status of that row, at that time; the column that says since when it is open counts too."""
    file = log(tmp_path, ("Resolved", "5/3/2016 10:30"), opened_at="5/3/2016 10:12")
    take(desk, file)
    first = desk.board.history(1)[0]
    assert (first.what, first.target, first.by) == (What.OPENED, Status.CONFIRMATION, "Updated by 1")
    assert desk.case(1).opened_at == datetime(2016, 3, 5, 10, 12, tzinfo=UTC)
    assert desk.case(1).status_since == datetime(2016, 3, 5, 10, 30, tzinfo=UTC)


def test_a_beginning_after_the_first_event_is_not_believed(desk: TestDesk, tmp_path: Path) -> None:
    """The first event's time is taken instead, with a warning."""
    done = take(desk, log(tmp_path, ("New", "5/3/2016 10:30"), opened_at="6/3/2016 10:12"))
    assert desk.case(1).opened_at == datetime(2016, 3, 5, 10, 30, tzinfo=UTC)
    assert [(odd.count, odd.first) for odd in done.warnings if "opened later" in odd.kind] == [
        (1, "line 2: 'INC1'")
    ]


def test_facts_that_change_are_told(desk: TestDesk, tmp_path: Path) -> None:
    """A new owner and other facts are entries; what stands for nothing is nothing, and blanks are single."""
    one = log(tmp_path, ("New", "5/3/2016 10:30"), assigned_to="Resolver  4", category="Category 5").read_text(
        "utf-8"
    )
    two = log(tmp_path, ("New", "6/3/2016 10:30"), assigned_to="?", u_symptom="Symptom 1", priority="1 - Critical")
    (tmp_path / "log.csv").write_text(one + two.read_text("utf-8").split("\n", 1)[1], encoding="utf-8")
    take(desk, tmp_path / "log.csv")
    opened, assigned, edited = desk.board.history(1)
    assert opened.changes["owner"] == "Resolver 4"
    assert (assigned.what, assigned.note) == (What.ASSIGNED, "Resolver 4 -> nobody")
    assert edited.note == "priority: normal -> down; subject: Category 5 -> Symptom 1"
    assert (desk.case(1).owner, desk.case(1).priority) == (None, Priority.DOWN)


def test_the_same_file_again_adds_nothing(desk: TestDesk, tmp_path: Path) -> None:
    """Cases are known by the number that they had elsewhere, and new ones among them still come in."""
    assert take(desk, table(tmp_path, ROW)).cases == 1
    assert (take(desk, table(tmp_path, ROW)).cases, take(desk, table(tmp_path, ROW)).present) == (0, 1)
    done = take(desk, table(tmp_path, ROW, ROW.replace("INC1", "INC2")))
    assert (done.cases, done.present) == (1, 1)
    assert desk.case(2).external_id == "INC2"


def test_a_dry_run_changes_nothing(desk: TestDesk, tmp_path: Path) -> None:
    """It reads everything and says what it would do."""
    done = take(desk, table(tmp_path, ROW), dry_run=True)
    assert (done.cases, done.entries, desk.board.is_empty()) == (1, 2, True)


def test_until_leaves_out_what_came_later(desk: TestDesk, tmp_path: Path) -> None:
    """Events after it are not there yet; an event of that instant is."""
    file = log(tmp_path, ("New", "5/3/2016 10:30"), ("Active", "6/3/2016 10:30"), ("Closed", "7/3/2016 10:30"))
    done = take(desk, file, until=datetime(2016, 3, 6, 10, 30, tzinfo=UTC))
    assert stays(desk) == [Status.NEW, Status.IN_PROGRESS]
    assert done.as_of == datetime(2016, 3, 6, 10, 30, tzinfo=UTC)


def test_until_of_a_table_takes_only_what_has_not_changed_since(desk: TestDesk, tmp_path: Path) -> None:
    """A table has no history: a case that changed later is left out with a warning, one opened later without."""
    file = table(tmp_path, ROW, ROW.replace("INC1", "INC2").replace("01-02", "06-02"), ROW.replace("2020", "2021"))
    done = take(desk, file, until=datetime(2020, 3, 1, tzinfo=UTC))
    assert [case.external_id for case in desk.board.listed()] == ["INC1"]
    assert [(odd.count, odd.first) for odd in done.warnings] == [(1, "line 3: 'INC2'")]


def test_shifting_moves_everything_by_the_same(desk: TestDesk, tmp_path: Path) -> None:
    """The last event is now, the others as long before it as they were, and deadlines are counted from there."""
    file = log(tmp_path, ("New", "5/3/2016 10:30"), ("Awaiting User Info", "8/3/2016 10:30"))
    done = take(desk, file, shift_to_now=True)
    now = desk.clock.now()
    case = desk.case(1)
    assert done.as_of == case.status_since == now
    assert case.opened_at == now - timedelta(days=3)
    assert (case.remind_at, case.close_at) == (now + timedelta(days=7), now + timedelta(days=28))


def test_a_changed_policy_holds_for_imported_stays(desk: TestDesk, tmp_path: Path) -> None:
    """Deadlines are the desk's own; where its policy came after a stay's beginning the history says so."""
    PolicyBook(desk.store, desk.clock, "ana").set("pending_customer_input.close=60d")
    take(desk, log(tmp_path, ("Awaiting User Info", "8/3/2016 10:30")))
    case = desk.case(1)
    assert case.close_at == case.status_since + timedelta(days=60)
    assert desk.board.history(1)[-1].what is What.RESCHEDULED


def test_since_when_a_closed_row_is_closed(desk: TestDesk, tmp_path: Path) -> None:
    """A table's own columns say since when a status holds; without them the last change does."""
    header = f"{TABLE},closed_at"
    rows = (
        f"{ROW.replace(',2,', ',7,')},2020-01-01 12:00:00",
        f"{ROW.replace('INC1', 'INC2').replace(',2,', ',7,')},",
    )
    take(desk, table(tmp_path, *rows, header=header))
    assert desk.case(1).closed_at == datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert desk.case(2).closed_at == datetime(2020, 1, 2, tzinfo=UTC)


def test_names_that_the_desk_keeps_for_itself(desk: TestDesk, tmp_path: Path) -> None:
    """Somebody called "customer" or "timer" in a file is neither here."""
    take(
        desk, table(tmp_path, ROW.replace("ann", "timer:closure"), ROW.replace("INC1", "INC2").replace("ann", ""))
    )
    assert desk.board.history(1)[-1].by == "import: timer:closure"
    assert desk.board.history(2)[-1].by == "import"


ENCODED = {
    "utf-8": "caf\u00e9", "utf-8-sig": "caf\u00e9", "iso-8859-1": "caf\u00e9", "cp1252": "\u201ccaf\u00e9\u201d",
    "utf-16": "caf\u00e9",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODED)
def test_encodings(desk: TestDesk, tmp_path: Path, encoding: str) -> None:
    """UTF-8 with a mark or without, UTF-16 with one, and otherwise ISO-8859-1, with a warning."""
    file = tmp_path / "cases.csv"
    file.write_bytes(f"{TABLE}\n{ROW.replace('Hello', ENCODED[encoding])}\n".encode(encoding))
    done = take(desk, file)
    assert desk.case(1).subject == ENCODED[encoding]
    assert bool(done.warnings) is (encoding in ("iso-8859-1", "cp1252"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_dialects(desk: TestDesk, tmp_path: Path, delimiter: str, end: str) -> None:
    """Every usual delimiter and line end is read, packed or not, and line breaks within quotes stay."""
    text = f'{TABLE},description\n{ROW},"one\ntwo, ""three"""\n'.replace(",", delimiter).replace("\n", end)
    file = tmp_path / "cases.csv"
    file.write_bytes(gzip.compress(text.encode()))
    take(desk, file)
    words = [entry.body for entry in desk.board.history(1) if entry.body]
    assert words == [f'one\ntwo{delimiter} "three"']


def test_json_rows_are_mapped_too(desk: TestDesk, tmp_path: Path) -> None:
    """An array of objects, alone or in an object, is as good as a table; objects within have dotted names."""
    row = dict(zip(TABLE.split(","), ROW.split(","), strict=True))
    row |= {"hold_reason": None, "caller_id": {"name": "J. Peeters"}}  # type: ignore[dict-item]
    file = tmp_path / "rest.json"
    file.write_text(json.dumps({"result": [row, {**row, "number": "INC2"}]}, indent=2), encoding="utf-8")
    assert take(desk, file).cases == 2
    own = tmp_path / "own.toml"
    own.write_text(
        shipped()["servicenow"].read_text("utf-8").replace('"caller_id"\nproduct', '"caller_id.name"\nproduct'),
        "utf-8",
    )
    row["number"] = "INC3"
    file.write_text(json.dumps([row]), encoding="utf-8")
    take(desk, file, own)
    assert desk.case(3).contact == "J. Peeters"


def test_text_of_a_file_is_data(desk: TestDesk, tmp_path: Path) -> None:
    """Escapes are kept as text on one line and quoted harmlessly in what is said about them."""
    take(desk, table(tmp_path, ROW.replace("Hello", "\x1b[31m[bold]x\x85 y")))
    assert desk.case(1).subject == "\x1b[31m[bold]x y"
    with pytest.raises(Unreadable) as refused:
        take(desk, table(tmp_path, ROW.replace("2020-01-02", "\x1b]0;x\x07\u202e")))
    assert not set(str(refused.value)) & set("\x1b\x07\u202e")


BAD = {
    "no date": (ROW.replace("2020-01-02", "soon"), "column sys_updated_on: 'soon 00:00:00' is not a time such as"),
    "the 30th of February": (ROW.replace("2020-01-02", "2020-02-30"), "column sys_updated_on"),
    "month first": (ROW.replace("2020-01-01 00", "1/2/2020 00"), "column opened_at"),
    "a year beyond all": (ROW.replace("2020-01-02", "9999-12-31"), "column sys_updated_on"),
    "no time": (ROW.replace("2020-01-02 00:00:00", ""), "column sys_updated_on: it has no time"),
    "no number": (ROW.replace("INC1", " "), "column number: it has no number"),
    "cells missing": ("INC1,2020-01-02 00:00:00", "it has 2 cells, and the header has 7"),
    "cells too many": (f"{ROW},x", "it has 8 cells"),
    "a footer": ("Copyright 2020", "it has one cell"),
    "an endless subject": (
        ROW.replace("Hello", "x" * 1001),
        "column short_description: 'x+...' has 1001 characters",
    ),
    "an endless cell": (ROW.replace("Hello", "x" * (sheets.LONGEST_CELL + 1)), "a quote may never be closed"),
    "an open quote": (ROW.replace("Hello", '"Hello'), "a quote opens that is never closed"),
    "a quote in a quote": (ROW.replace("Hello", '"He"llo'), "a quote inside one is written twice"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_named(desk: TestDesk, tmp_path: Path, name: str) -> None:
    """One bad row refuses a file whole, by its line, column and value; ``skip_bad`` loses just that row."""
    row, words = BAD[name]
    file = table(tmp_path, ROW.replace("INC1", "INC0"), row, ROW.replace("INC1", "INC2"))
    with pytest.raises(Unreadable, match=f"cases.csv, line 3(,|:) .*{words}") as refused:
        take(desk, file)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300
    assert desk.board.is_empty()
    done = take(desk, file, skip_bad=True)
    assert (done.cases, done.bad_total, done.bad[0].line) == (2, 1, 3)


def test_many_bad_rows_are_counted(desk: TestDesk, tmp_path: Path) -> None:
    """The first is named, the others are counted, and only some are kept."""
    file = table(tmp_path, *[ROW.replace("2020-01-02", "x")] * 100)
    with pytest.raises(Unreadable, match=r"line 2, .*\(99 more rows cannot be read\); nothing was imported"):
        take(desk, file)
    done = take(desk, file, skip_bad=True)
    assert (done.bad_total, len(done.bad), done.as_of) == (100, 20, None)


ODD = {
    "an unknown state": (ROW.replace(",2,", ",77,"), "a state that is no status, taken as New"),
    "an older name": (ROW.replace(",2,", ",Closing,"), "Closing is read as Pending Customer Input."),
    "no subject": (ROW.replace("Hello", ""), "a row without a subject"),
    "the header again": (TABLE, "the header once more"),
    "a case twice": (ROW.replace("INC1", "INC0"), "a case that stands twice, whose latest row counts"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_only_odd_is_a_warning(desk: TestDesk, tmp_path: Path, name: str) -> None:
    """It is counted by its kind, with the first place where it came up."""
    row, kind = ODD[name]
    done = take(desk, table(tmp_path, ROW.replace("INC1", "INC0"), row))
    assert [(odd.kind, odd.count) for odd in done.warnings] == [(kind, 1)]
    assert done.warnings[0].first.startswith("line 3")


FILES: dict[str, tuple[bytes | None, str]] = {
    "missing.csv": (None, "There is no file"),
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\n \n\n", "is empty"),
    "fake.csv.gz": (TABLE.encode(), "was not packed by gzip"),
    "cut.csv.gz": (gzip.compress(TABLE.encode() * 99)[:-9], "is damaged"),
    "broken.csv.gz": (b"\x1f\x8b" + bytes(range(255)), "is damaged"),
    "image.csv": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no text"),
    "noise.csv": (bytes(range(1, 256)) * 9, "."),
    "words.txt": (b"Dear support,\nmy printer\n", "has the columns of no mapping"),
    "columns.csv": (f"{TABLE},number\n".encode(), "has the columns of no mapping|twice"),
    "one.json": (b'{"number": 1}', "not an array of objects"),
    "numbers.json": (b"[1, 2]", "line 1: it is no object .1 more row"),
    "cut.json": (b'[\n{"num', "line 2: this is not JSON"),
    "open.json": (b"[", "line 1: this is not JSON"),
    "deep.json": (b'[{"a":' * 50_000, "this is not JSON"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_of_cases_is_a_sentence(desk: TestDesk, tmp_path: Path, name: str) -> None:
    """Whatever it is, it is refused by one line that names it, and nothing changes."""
    content, words = FILES[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Misused, match=words) as refused:
        take(desk, tmp_path / name)
    assert name in str(refused.value)
    assert str(refused.value).isprintable()
    assert desk.board.is_empty()


def test_a_folder_is_a_sentence(desk: TestDesk, tmp_path: Path) -> None:
    """A folder is no file of cases."""
    with pytest.raises(Unreadable, match="is a folder"):
        take(desk, tmp_path)


def test_missing_columns_are_named(desk: TestDesk, tmp_path: Path) -> None:
    """A file that lacks what its mapping reads is refused by the columns' names, and those that it has."""
    file = table(tmp_path, "1,2", header="number,colour")
    with pytest.raises(Unreadable, match=r"no columns 'sys_updated_on', .*; it has number, colour"):
        take(desk, file, "servicenow")


def test_a_column_that_stands_twice_is_named_if_it_is_read(desk: TestDesk, tmp_path: Path) -> None:
    """Nobody can say which one is meant; one that nobody reads may stand as often as it likes."""
    with pytest.raises(Unreadable, match="column 'opened_at' twice"):
        take(desk, table(tmp_path, f"{ROW},x", header=f"{TABLE},opened_at"), "servicenow")
    take(desk, table(tmp_path, f"{ROW},a,b", header=f"{TABLE},Labels,Labels"))


def test_an_unknown_mapping_names_the_known_ones(desk: TestDesk, tmp_path: Path) -> None:
    """A name that is none is refused with those that there are."""
    with pytest.raises(Misused, match="casetui, salesforce, servicenow, servicenow-log"):
        take(desk, table(tmp_path, ROW), "remedy")


def test_every_shipped_mapping_can_be_loaded() -> None:
    """Those that casetui brings are right, and the log's is one of versions that trusts no final value."""
    assert set(shipped()) == {"casetui", "salesforce", "servicenow", "servicenow-log"}
    for name in shipped():
        assert load(name).about
    mapping = load("servicenow-log")
    assert isinstance(mapping, Versions)
    assert not {"resolved_at", "closed_at", "closed_code", "resolved_by"} & set(mapping.columns)


MISTAKES = {
    "no TOML": ("shape =", "=", "is not TOML"),
    "an unknown key": ('zone = "UTC"', 'zome = "UTC"', r"has a key that no mapping has: 'zome' in 'dates'"),
    "a missing key": ('key = "number"', "", "lacks the key 'key'"),
    "a wrong type": ('key = "number"', "key = 7", "wants 'str', not 'int', in 'key'"),
    "an unknown shape": ("one row a version", "rows", "wants 'shape' to be one of 'one row a case'"),
    "an unknown status": (
        'New = "new"',
        'New = "newish"',
        "is wrong in 'statuses.values.New': 'newish' is not a status",
    ),
    "an unknown priority": ('"1 - Critical" = "down"', '"1 - Critical" = "dire"', "'dire' is not a priority"),
    "an unknown zone": ('zone = "UTC"', 'zone = "Mars"', "write a time zone such as Europe/Berlin"),
    "an impossible format": ("%d/%m/%Y %H:%M", "%q", "write 'iso' or a pattern such as"),
    "no format": ('formats = ["%d/%m/%Y %H:%M"]', "formats = []", "write 'iso' or a pattern"),
    "a distrusted column": ('owner = "assigned_to"', 'owner = "resolved_by"', "calls 'distrusted' itself"),
    "after in a table": ("one row a version", "one row a case", "only where 'shape' is 'one row a version'"),
    "a nameless column": ('owner = "assigned_to"', 'owner = "{}"', "a column that has no name"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_wrong_mapping_is_a_sentence(desk: TestDesk, tmp_path: Path, name: str) -> None:
    """It names the file, the key and what would be right."""
    right, wrong, words = MISTAKES[name]
    text = shipped()["servicenow-log"].read_text(encoding="utf-8")
    assert right in text
    own = tmp_path / "own.toml"
    own.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(Misused, match=words) as refused:
        take(desk, table(tmp_path, ROW), own)
    assert str(own) in str(refused.value)


def test_a_mapping_that_is_not_there_is_a_sentence(desk: TestDesk, tmp_path: Path) -> None:
    """So is one that is no text."""
    with pytest.raises(Misused, match="cannot be read"):
        take(desk, table(tmp_path, ROW), tmp_path / "none.toml")
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Misused, match="is not UTF-8 text"):
        take(desk, table(tmp_path, ROW), tmp_path / "own.toml")


def test_templates_leave_out_the_words_before_nothing(desk: TestDesk, tmp_path: Path) -> None:
    """A column that is nothing takes the words before it along; other zones and day-first dates are understood."""
    own = tmp_path / "own.toml"
    own.write_text(
        'about = "mine"\nshape = "one row a case"\nkey = "id"\ntime = "at"\nnothing = ["-"]\n'
        '[dates]\nformats = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y"]\nzone = "Europe/Berlin"\n'
        '[case]\nsubject = "No. {id}: {a} / {b}, {c}!"\naccount = ["a", "b"]\ninstallation = "c"\n'
        '[statuses]\ncolumn = "s"\n[statuses.values]\nx = "In Progress"\n',
        encoding="utf-8",
    )
    rows = ("1,1.7.2020,x,A,B,Direct", "2,1.7.2020 00:00:01,x,-,B,total care", "3,1.1.2020,x,A,-,Cloud")
    done = take(desk, table(tmp_path, *rows, header="id,at,s,a,b,c"), own)
    cases = [desk.case(number) for number in (1, 2, 3)]
    assert [case.subject for case in cases] == [
        "No. 1: A / B, Direct!",
        "No. 2 / B, total care!",
        "No. 3: A, Cloud!",
    ]
    assert [case.account for case in cases] == ["A", "B", "A"]
    assert [case.installation for case in cases] == ["Direct", "Total Care", None]
    assert cases[0].status_since == datetime(2020, 6, 30, 22, tzinfo=UTC)
    assert done.mapping == str(own)
    assert [odd.first for odd in done.warnings] == ["line 4: 'Cloud'"]


def test_stopping_an_import_leaves_nothing(desk: TestDesk, tmp_path: Path) -> None:
    """Ctrl+c while it reads, and while it writes, leaves the desk as it was."""
    file = table(tmp_path, *(ROW.replace("INC1", f"INC{number}") for number in range(1, 2500)))
    for part in (0, 0.6):
        told: list[float] = []

        def stop(done: int, of: int, part: float = part, told: list[float] = told) -> None:
            told.append(done / of)
            if told[-1] > part:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_file(desk.store, desk.clock, file, progress=stop)
        assert desk.board.is_empty()
    assert take(desk, file).cases == 2499


@given(st.text(max_size=8))
def test_a_defused_cell_comes_back(text: str) -> None:
    """Whatever a cell holds, defusing it can be undone, and it never starts a formula."""
    cell = sheets.defused(text)
    assert sheets.restored(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
