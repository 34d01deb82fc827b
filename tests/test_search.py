"""Search: what was said is found by its words, the newest first, and the index holds what the tables hold."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from casetui.desk import board as board_module
from casetui.desk import check
from casetui.desk.board import Board
from casetui.desk.finder import find
from casetui.desk.lists import View, queue, sorted_by
from casetui.desk.undo import Undo
from casetui.domain.errors import CasetuiError
from casetui.domain.query import Flag, parse
from casetui.domain.records import Case, Facts, Request
from casetui.domain.workflow import CommentKind, Status
from casetui.storage import fulltext, sieve
from casetui.storage.search import asked_of, condition
from casetui.storage.store import SCHEMA, Store
from casetui.storage.tables import Cases
from tests.desks import HandClock, TestDesk, desk_in


def numbers(desk: TestDesk, query: str, limit: int = 0, *, best: bool = False) -> list[int]:
    """Return the numbers of the cases that a query finds, in order."""
    hits = find(desk.board, parse(query, me="ana", everywhere=True), limit, best=best)
    return [hit.case.number for hit in hits]


def say(desk: TestDesk, number: int, text: str, kind: CommentKind = CommentKind.INTERNAL) -> Case:
    """Write a comment, a minute after the last one."""
    desk.clock.advance(minutes=1)
    return desk.verbs.comment(number, kind, text)


def test_words_are_found_in_comments_and_in_the_facts_of_their_case(desk: TestDesk) -> None:
    """Words of the subject, the names and one comment together find a case; those of two comments do not."""
    first = desk.open("Loan rules")
    second = desk.verbs.open(Facts("Proxy times out", account="Universität Zürich")).number
    say(desk, first, "The gateway answers 504 since Monday.")
    say(desk, first, "Please upgrade the proxy.")
    assert numbers(desk, "gateway") == [first]
    assert numbers(desk, "ghent gateway loan") == [first]
    assert numbers(desk, "proxy") == [first, second]
    assert numbers(desk, "gateway upgrade") == []
    assert numbers(desk, "gateway -upgrade") == []
    assert numbers(desk, "proxy -gateway") == [second]
    assert numbers(desk, "zurich") == [second]
    assert numbers(desk, "gateway or zurich") == [second, first]
    assert numbers(desk, '"answers 504"') == [first]
    assert numbers(desk, '"504 answers"') == []


def test_the_last_said_comes_first(desk: TestDesk) -> None:
    """The cases are in the order of the newest text that has the words; each is there once, with that text."""
    one, two, three = (desk.open(f"Case {name}") for name in ("one", "two", "three"))
    for number in (two, one, three, one, two):
        say(desk, number, f"proxy, said of {number}")
    say(desk, three, "printer")
    hits = find(desk.board, parse("proxy", everywhere=True))
    assert [hit.case.number for hit in hits] == [two, one, three]
    assert [hit.entry.at for hit in hits if hit.entry] == sorted(
        (entry.at for hit in hits if (entry := hit.entry)), reverse=True
    )
    assert numbers(desk, "proxy", 2) == [two, one]


def test_the_best_match_comes_first_where_that_is_asked(desk: TestDesk) -> None:
    """A short text that says a word twice goes before a long one that says it once, though that one is newer."""
    one, two = desk.open("One"), desk.open("Two")
    say(desk, one, "proxy proxy")
    say(desk, two, f"{'something else entirely ' * 20} proxy")
    assert numbers(desk, "proxy") == [two, one]
    assert numbers(desk, "proxy", best=True) == [one, two]


def test_three_letters_begin_a_word_and_fewer_are_one(desk: TestDesk) -> None:
    """What one is about to type finds already; 'in' does not find 'internal'."""
    number = desk.open("Internal server error")
    assert numbers(desk, "int") == [number]
    assert numbers(desk, "server err") == [number]
    assert numbers(desk, "in") == []
    say(desk, number, "in the log")
    assert numbers(desk, "in") == [number]


def test_words_with_many_endings_are_all_found(desk: TestDesk) -> None:
    """More endings than are looked for by name are found all the same."""
    number = desk.open("Endings")
    say(desk, number, " ".join(f"pre{count:04d}" for count in range(400)))
    other = desk.open("Others")
    say(desk, other, "pre0001")
    assert numbers(desk, "pre") == [other, number]
    assert numbers(desk, "pre0399") == [number]


def test_a_number_finds_its_case_first(desk: TestDesk) -> None:
    """A case's number goes before the cases that mention it; conditions beside it still count."""
    first, second = desk.open("One"), desk.open("Two")
    say(desk, second, f"As in case {first}.")
    assert numbers(desk, str(first)) == [first, second]
    assert numbers(desk, f"{first} closed") == []
    assert numbers(desk, "9" * 30) == []


def test_conditions_narrow_what_is_found(desk: TestDesk) -> None:
    """The rest of the query holds for the cases, whichever way round they are looked for."""
    cases = [desk.open(f"Proxy {count}") for count in range(6)]
    for number in cases[:2]:
        desk.ask(number)
    desk.verbs.assign(cases[0], "ana")
    assert numbers(desk, "proxy status:pending_customer_input") == [cases[1], cases[0]]
    assert numbers(desk, "proxy owner:me") == [cases[0]]
    assert numbers(desk, "owner:nobody version status:pending_customer_input") == [cases[1]]


def test_the_index_follows_what_is_written(desk: TestDesk) -> None:
    """A new subject is found with the old comments, the old one no longer; undo brings it back."""
    number = desk.open("Printer jams")
    say(desk, number, "on the third floor")
    desk.verbs.edit(number, {"subject": "Scanner jams"})
    assert numbers(desk, "scanner floor") == [number]
    assert numbers(desk, "printer") == []
    Undo(desk.store, desk.clock, "ana").undo()
    assert numbers(desk, "printer floor") == [number]
    assert list(check.problems(desk.store)) == []


def test_check_finds_an_index_that_is_not_true_and_rebuilding_mends_it(desk: TestDesk) -> None:
    """A text that is missing in the index is a problem with the words that help."""
    number = desk.open("Printer jams")
    with sqlite3.connect(desk.store.path) as raw:
        raw.execute("INSERT INTO texts (texts, rowid, body, about) VALUES ('delete', 1, NULL, 'printer')")
    assert any("check --rebuild-search" in problem for problem in check.problems(desk.store))
    check.rebuild_search(desk.store)
    assert list(check.problems(desk.store)) == []
    assert numbers(desk, "printer") == [number]


def test_a_desk_of_the_first_schema_is_searched_after_its_migration(tmp_path: Path) -> None:
    """Opening an older file reads what is in it into the index; what is written next follows."""
    with desk_in(tmp_path) as desk:
        number = desk.open("Printer jams")
        say(desk, number, "on the third floor")
        path = desk.store.path
    with sqlite3.connect(path) as raw:
        raw.executescript(
            "DROP TRIGGER texts_come; DROP TRIGGER texts_change; DROP TABLE text_terms; DROP TABLE texts;"
            "DROP VIEW text_sources; DELETE FROM schema_migration WHERE name LIKE '0002%';"
            "PRAGMA user_version = 1;"
        )
    with desk_in(tmp_path) as desk:
        assert desk.store.database.pragma("user_version") == SCHEMA
        assert numbers(desk, "printer floor") == [number]
        say(desk, number, "and on the fourth")
        assert numbers(desk, "fourth") == [number]
        assert list(check.problems(desk.store)) == []


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Give a desk on which much was said in several scripts."""
    with desk_in(tmp_path_factory.mktemp("talked")) as desk:
        for count, subject in enumerate(WORDS):
            number = desk.verbs.open(Facts(subject, account=WORDS[-count])).number
            say(desk, number, " ".join(WORDS[count : count + 3]))
            say(desk, number, WORDS[count - 1].upper())
            if count % 3 == 0:
                desk.verbs.move(number, Request(Status.CLOSED))
        path = desk.store.path
    return Store.open(path, read_only=True)


OPEN = View("open", "All open", Flag("open"))
WORDS = (
    "proxy", "login?url=", "naïve", "Straße", "日本語", "हिन्दी", "don't", "a", "in", "x_y", "504", "0x1F",
    "e-mail", "ghent@uni.example",
    "çok", "печать", "ﬁne", "100%", "…", "NEAR", "OR", "body:", "*", "(x)", "^a", "-", "½",
)  # fmt: skip


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(
        st.lists(st.sampled_from([*WORDS, "-", "or", "not", '"', "open", "status:new"]), max_size=5).map(" ".join),
        st.text(max_size=30),
    )
)
def test_no_query_is_an_error_and_all_ways_find_the_same(talked: Store, query: str) -> None:
    """Whatever is typed is either found or refused in words; the search finds what an export would."""
    board = Board(talked, HandClock())
    try:
        term = parse(query, me="ana", everywhere=True)
    except CasetuiError:
        return
    searched = {hit.case.number for hit in find(board, term)}
    exported = {row[0] for row in talked.rows(Cases.select(Cases.id).where(condition(term, board.clock.now())))}
    assert searched - exported <= {int(word) for word in query.split() if word.isdecimal()}
    assert exported <= searched


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from([*WORDS, "-", "or", "account:", "1", "closed", "open"]), max_size=4))
def test_common_words_are_found_as_rare_ones_are(talked: Store, words: list[str]) -> None:
    """A list that is walked, since many cases hold a word, is the list that looks up each; so it is counted."""
    try:
        term = parse(" ".join(words).replace("account: ", "account:"), me="ana")
    except CasetuiError:
        return
    now = HandClock().now()
    ways = [condition(term, now), condition(term, now, lambda _: True)]
    rare, common = ([*talked.rows(Cases.select(Cases.id).where(way))] for way in ways)
    assert sorted(rare) == sorted(common)
    board = Board(talked, HandClock())
    for listed in (queue(Status.CLOSED), queue(Status.NEW), OPEN):
        view = listed.narrowed(term)
        assert board.count(view) == len(board.after(view, None, len(WORDS)))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from([*WORDS, "n", "p", "account:g"]), min_size=1, max_size=2).map(" ".join),
    listed=st.sampled_from([queue(Status.CLOSED), queue(Status.NEW), OPEN]),
    limit=st.integers(1, 6),
    at_once=st.integers(1, 9),
    backwards=st.booleans(),
)
def test_looking_through_a_list_finds_what_the_index_finds(
    talked: Store, words: str, listed: View, limit: int, at_once: int, *, backwards: bool
) -> None:
    """Whether it ends with enough cases, with the list, or leaves it to the index; in either direction."""
    try:
        term = parse(words)
    except CasetuiError:
        return
    assume(asked := asked_of(term))
    within, order = condition(listed.term, HandClock().now()), sorted_by(listed, backwards=backwards)
    holds = condition(listed.narrowed(term).term, HandClock().now())
    indexed = Cases.select(Cases.id).where(holds).order_by(*order).limit(limit)
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sieve, "_AT_ONCE", at_once)
        small.setattr(sieve, "_MOST", 2 * at_once)
        first = sieve.first_holding(talked, within, order, str(asked), limit)
    assert first is None or first == [number for (number,) in talked.rows(indexed)]


def test_a_list_is_not_looked_through_for_what_few_of_its_cases_hold(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index finds it sooner; what many hold is found without the index of all cases."""
    monkeypatch.setattr(sieve, "_AT_ONCE", 4)
    monkeypatch.setattr(sieve, "_MOST", 8)
    for subject in [*["Labels print twice"] * 8, *["Proxy times out"] * 4]:
        desk.open(subject)
    wanted, order = condition(OPEN.term, desk.clock.now()), sorted_by(OPEN, backwards=False)
    assert sieve.first_holding(desk.store, wanted, order, "proxy", 1) is None
    assert sieve.first_holding(desk.store, wanted, order, "lab *", 4) == [1, 2, 3, 4]
    assert sieve.first_holding(desk.store, wanted, order, "twice", 8) == [*range(1, 9)]


def test_a_list_is_walked_for_common_words(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up each of those that hold one would be most of a large desk, for one page of its order."""
    monkeypatch.setattr(fulltext, "_FEW", 3)
    monkeypatch.setattr(board_module, "first_holding", lambda *_: None)
    for subject in ["Proxy times out"] * 4 + ["Proxy is slow"] * 2:
        desk.open(subject)
    board, closed, reader = Board(desk.store, desk.clock), queue(Status.CLOSED), desk.store.database.connection()
    for words, walks in (("proxy", True), ("times out", True), ("proxy slow", False), ("slow", False)):
        asked: list[str] = []
        reader.set_trace_callback(asked.append)
        board.after(closed.narrowed(parse(words, me="ana")), None, 200)
        reader.set_trace_callback(None)
        page = next(statement for statement in asked if statement.startswith('SELECT "id"'))
        plan = " ".join(row[3] for row in reader.execute(f"EXPLAIN QUERY PLAN {page}"))
        assert ("cases_closed" in plan) is walks, f"{words}: {plan}"


def test_closed_cases_are_found(desk: TestDesk) -> None:
    """Most of what was ever said was said in cases that are closed."""
    number = desk.open("Printer jams")
    desk.verbs.move(number, Request(Status.CLOSED))
    assert numbers(desk, "printer closed") == [number]
