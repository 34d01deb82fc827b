"""One language: a query finds the same cases through every door, and those that plain Python finds."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from casetui.cli.root import run
from casetui.cli.session import Session
from casetui.desk.drafts import Drafts
from casetui.desk.finder import find
from casetui.desk.lists import View, named, queue
from casetui.desk.news import News
from casetui.domain.query import parse
from casetui.domain.records import Facts, Priority, Request
from casetui.domain.views import FIXED, Saved, Views
from casetui.domain.workflow import Ask, CommentKind, Status
from tests.desks import HandClock, TestDesk, desk_in
from tests.plainly import ME, VIEWS, Known, Query, queries

OWN = Views(tuple(Saved(name.capitalize(), query) for name, query in VIEWS.items()))


class Doors:
    """A desk, and the ways to ask it."""

    def __init__(self, desk: TestDesk, folder: Path, known: list[Known]) -> None:
        self.desk = desk
        self.folder = folder
        self.known = known

    def plainly(self, query: Query, *, everywhere: bool) -> list[int]:
        """Return the numbers that plain Python finds."""
        return [each.case.number for each in self.known if query.holds(each, everywhere)]

    def run(self, *words: str) -> str:
        """Run a command on the desk as ana, and return what it prints."""
        said = io.StringIO()
        options = ["--database", str(self.desk.store.path), "--as", ME, "--config", str(self.folder / "c.toml")]
        with redirect_stdout(said), redirect_stderr(said):
            assert run([*options, *words], Session(clock=self.desk.clock)) == 0, said.getvalue()
        return said.getvalue()

    def listed(self, query: str) -> list[int]:
        """Return what ``list`` prints."""
        return sorted(case["number"] for case in json.loads(self.run("list", query, "--limit", "0", "--json")))

    def exported(self, query: str) -> list[int]:
        """Return what ``export`` writes."""
        file = self.folder / "out.json"
        self.run("export", query, str(file))
        return [case["number"] for case in json.loads(file.read_text())]

    def searched(self, query: str) -> list[int]:
        """Return what the search finds, the newest first and the best first."""
        term = parse(query, me=ME, everywhere=True, views=OWN.queries)
        board = self.desk.board
        found, best = (
            sorted(hit.case.number for hit in find(board, term, 99, best=best)) for best in (False, True)
        )
        assert found == best
        return found

    def filtered(self, view: View, query: str) -> list[int]:
        """Return what a list shows that is narrowed by a query: paged, counted and ranked."""
        board, narrowed = self.desk.board, view.narrowed(parse(query, me=ME, views=OWN.queries))
        rows = board.after(narrowed, None, 7)
        while more := board.after(narrowed, rows[-1], 7) if rows else []:
            rows += more
        assert board.count(narrowed) == len(rows)
        assert [board.rank(narrowed, case) for case in rows[-1:]] == [len(rows) - 1][: len(rows)]
        return sorted(case.number for case in rows)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """Give a desk with cases of every kind, some of them seen, some closed."""
    folder = tmp_path_factory.mktemp("doors")
    views = "".join(f'[[views]]\nname = "{view.name}"\nquery = "{view.query}"\n' for view in OWN.own)
    (folder / "c.toml").write_text(views, encoding="utf-8")
    with desk_in(folder, HandClock(datetime(2026, 1, 5, 9, tzinfo=UTC))) as desk:
        _fill(desk)
        looks = desk.store.database.execute_sql("SELECT since FROM looks WHERE agent = ?", (ME,)).fetchone()
        seen = dict(desk.store.database.execute_sql("SELECT case_id, version FROM seen WHERE agent = ?", (ME,)))
        since = datetime.fromtimestamp(looks[0], UTC)
        known = []
        for case in sorted(desk.board.listed(), key=lambda case: case.number):
            fresh = case.updated_at > since and seen.get(case.number, 0) < case.version
            drafted = bool(Drafts(desk.store, desk.clock, ME).of(case.number))
            known.append(Known(case, desk.board.history(case.number), fresh, drafted, desk.clock.now()))
        yield Doors(desk, folder, known)


@settings(max_examples=80, deadline=None)
@given(query=queries)
def test_every_door_finds_what_plain_python_finds(doors: Doors, query: Query) -> None:
    """List, export, search, filter and view agree with a look at each case, one after the other."""
    everywhere = doors.plainly(query, everywhere=True)
    assert doors.listed(query.text) == everywhere
    assert doors.exported(query.text) == everywhere
    assert doors.searched(query.text) == everywhere
    shown = doors.plainly(query, everywhere=False)
    numbers_open = {each.case.number for each in doors.known if each.case.closed_at is None}
    assert doors.filtered(named(FIXED[-1], ME, OWN), query.text) == [
        number for number in shown if number in numbers_open
    ]
    assert doors.filtered(queue(Status.CLOSED), query.text) == [
        number for number in shown if number not in numbers_open
    ]


def _fill(desk: TestDesk) -> None:
    """Open some thirty cases over eighty days, of all that a query can tell apart."""
    accounts = ("Uni Ghent", "Uni Ghent Library", None, "Café Überlingen", "UNI GHENT", "none")
    for at in range(30):
        facts = Facts(
            ("Proxy times out", "Labels print twice", "Café über alles", "Error 504 in the log", "e mail 12")[
                at % 5
            ],
            account=accounts[at % 6],
            contact=("J. Peeters", None, "jan peeters-maes")[at % 3],
            email=("j.peeters@example.org", "it@uni-ghent.be", None, "peeters@j.example")[at % 4],
            product=("Alma", None)[at % 2],
            priority=Priority(1 + at % 4),
            installation=("Direct", None, "Local")[at % 3],
            owner=(ME, None, "ben", "Ana")[at * 7 % 4],
        )
        desk.verbs.open(facts, ("The log says 504.", None, "uni ghent's proxy, again: café")[at * 5 % 3])
        desk.clock.advance(hours=53)
    _move(desk)
    News(desk.store, desk.clock, ME).settle()
    desk.clock.advance(hours=5)
    for number in (2, 9, 17, 23):
        desk.customer(number, ("Still the proxy.", "The log: times out", "Ghent 504")[number % 3])
        desk.clock.advance(minutes=7)
    for number, agent in ((3, ME), (9, ME), (12, "ben")):
        Drafts(desk.store, desk.clock, agent).keep(
            number, {CommentKind.PUBLIC: "half a", CommentKind.INTERNAL: "b"}
        )
    News(desk.store, desk.clock, ME).saw(9, desk.case(9).version)
    desk.agent("ben").comment(4, CommentKind.INTERNAL, "über 50")
    desk.clock.advance(hours=1)


def _move(desk: TestDesk) -> None:
    """Move most of them on, each by what its number is."""
    targets = [status for status in Status if status not in (Status.NEW, Status.UPDATE_RECEIVED, Status.REOPENED)]
    for number in range(1, 31):
        if number % 6 == 5:
            continue
        target = targets[number % len(targets)]
        asks = {"provider": "Ex", "release": "4.2", "reason": target.row.reasons[-1:]}
        more: dict[str, Any] = {name: "".join(word) for name, word in asks.items() if Ask(name) in target.row.asks}
        desk.verbs.move(number, Request(target, override="as it is", **more))
        desk.clock.advance(hours=9)
        if number % 7 == 3 and desk.case(number).close_at:
            desk.verbs.hold(number, None, "they are away")
    desk.verbs.remind(10) if desk.case(10).remind_at else None
    desk.clock.advance(days=1 + timedelta(hours=3) / timedelta(days=1))
