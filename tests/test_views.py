"""Views: fixed ones and one's own, with counts, orders, and the settings that keep them."""

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from peewee import Ordering

from casetui.cli.root import run
from casetui.cli.session import Session
from casetui.desk.lists import ORDERS, View, named, queue
from casetui.desk.overview import Overview
from casetui.domain.errors import Misused
from casetui.domain.query import All, Flag
from casetui.domain.records import Case, Count, Facts, Priority, Request
from casetui.domain.sorts import Sort
from casetui.domain.views import ASIDE, FIXED, Saved, Views
from casetui.domain.workflow import CommentKind, Status
from casetui.faults import faults
from casetui.keeping import forget_view, keep_view
from casetui.settings import load
from casetui.storage.search import condition
from casetui.storage.tables import Cases
from casetui.tui.drawing import glyphs
from casetui.tui.headings import view_words
from casetui.tui.screens.case import CaseScreen
from casetui.tui.screens.queues import Queues
from tests.desks import HandClock, TestDesk
from tests.sittings import sitting

OPEN = View("open", "All open", Flag("open"))


def settings_in(folder: Path, text: str) -> Path:
    """Write a settings' file."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def busy(desk: TestDesk, clock: HandClock) -> TestDesk:
    """Give a desk whose cases stand in another place in each order."""
    for at in range(12):
        number = desk.verbs.open(
            Facts(f"Case {at}", email="a@b.c" if at % 3 else None, priority=Priority(1 + at * 5 % 4))
        ).number
        clock.advance(hours=at * 7 % 5)
        if at % 3 == 1:
            desk.ask(number)
        if at % 4 == 2:
            desk.answer(number)
    clock.advance(days=8)
    desk.sweeper.sweep()
    desk.customer(2)
    return desk


@pytest.mark.parametrize("sort", Sort)
def test_every_order_is_paged_by_its_keys(busy: TestDesk, sort: Sort) -> None:
    """Forwards, backwards and by place, page by page, the same cases stand in the same order."""
    board, view = busy.board, replace(OPEN, sort=sort)
    whole = board.after(view, None, 100)
    assert len(whole) == board.count(view) == 12
    for size in (1, 5):
        page, seen = board.after(view, None, size), []
        while page:
            seen += page
            page = board.after(view, page[-1], size)
        assert seen == whole
    assert board.before(view, None, 4) == whole[-4:]
    for at, case in enumerate(whole):
        assert board.rank(view, case) == at
        assert board.before(view, case, 3) == whole[max(0, at - 3) : at]
        assert board.at(view, at, 2) == whole[at : at + 2]


def test_each_order_is_what_it_says(busy: TestDesk) -> None:
    """The keys of the cases ascend, or descend for the newest change; who has no deadline stands last."""

    def listed(sort: Sort) -> list[Case]:
        return busy.board.after(replace(OPEN, sort=sort), None, 100)

    def next_act(case: Case) -> datetime:
        ahead = None if case.reminded_at else case.remind_at
        return min((at for at in (ahead, case.close_at) if at), default=busy.clock.now() + timedelta(days=999))

    waiting = [case.status_since for case in listed(Sort.WAITING)]
    assert waiting == sorted(waiting)
    changed = [case.updated_at for case in listed(Sort.NEWEST)]
    assert changed == sorted(changed, reverse=True)
    deadlines = [next_act(case) for case in listed(Sort.DEADLINE)]
    assert deadlines == sorted(deadlines)
    assert len(set(deadlines)) > 3
    priorities = [(case.priority, case.status_since) for case in listed(Sort.PRIORITY)]
    assert priorities == sorted(priorities)
    assert listed(Sort.URGENCY)[0].unread
    assert len(set(map(id, ORDERS.values()))) == len(Sort)


def test_closed_cases_have_one_order(desk: TestDesk) -> None:
    """They are too many for another: the latest stands first."""
    assert queue(Status.CLOSED).sort is None


def test_a_view_is_of_open_cases_unless_it_says_otherwise(desk: TestDesk) -> None:
    """So that no count of a view goes through the closed cases of years."""
    views = Views((Saved("P3", "p3"), Saved("Gone", "closed p3")))
    p3, gone = (named(view, "ana", views) for view in views.own)
    assert p3.term == All((Flag("open"), named(Saved("x", "p3"), "ana", views).term.terms[1]))  # type: ignore[union-attr]
    assert "open" not in str(gone.term)


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ("closed", None),
        ("status:closed owner:me", None),
        ("status:new,closed", None),
        ("age>30d -open", None),
        ("closed or p1", None),
        ("closed account:ghent", Sort.WAITING),
        ("closed proxy", Sort.WAITING),
        ("changed", Sort.WAITING),
        ("-closed", Sort.WAITING),
        ("due or held", Sort.WAITING),
        ("waits:us", Sort.WAITING),
    ],
)
def test_a_view_of_many_closed_cases_has_one_order(desk: TestDesk, query: str, sort: Sort | None) -> None:
    """Putting the closed cases of years into another one would take seconds; few of them are sorted as asked."""
    view = named(Saved("x", query, Sort.WAITING), "ana", Views())
    assert view.sort is sort
    number, other = desk.open(), desk.open()
    for each in (other, number):
        desk.clock.advance(minutes=1)
        desk.verbs.move(each, Request(Status.CLOSED))
    if sort is None:
        assert [case.number for case in desk.board.after(view, None, 9)] in ([number, other], [])
        desk.store.database.execute_sql("ANALYZE")
        plan = " ".join(desk.store.plan(_rows_asked(view, desk)))
        assert "TEMP B-TREE" not in plan, plan


def _rows_asked(view: View, desk: TestDesk) -> Any:
    """Return what a page of a view asks the database for."""
    wanted = condition(view.term, desk.clock.now())
    columns = [Ordering(column, "DESC") for column in view.order.columns]
    return Cases.select(Cases.id).where(wanted).order_by(*columns).limit(9)


def test_what_the_queues_add_up_to_is_what_the_lists_have(busy: TestDesk) -> None:
    """All open and Unread are not counted twice, and each view says how many its list has."""
    views = [named(view, "ana", Views()) for view in (*FIXED, *ASIDE)]
    taken = Overview.take(busy.board, views)
    assert taken.views == {view.key: len(busy.board.after(view, None, 100)) for view in views}
    assert taken.views["view:open"] > taken.views["view:unread"] > 0
    assert not taken.empty


def test_what_is_counted_later_shows_its_last_number_until_it_is(desk: TestDesk) -> None:
    """One's own views and the closed cases may take long: until then the number of before stands, or none."""
    own = Saved("Proxies", "proxy")
    views = [named(view, "ana", Views((own,))) for view in FIXED]
    before, after = (Overview.take(desk.board, views) for _ in range(2))
    assert view_words(before, (own,))[0].count == glyphs.unknown
    assert before.total(queue(Status.CLOSED)) is None
    before.views[f"view:{own.key}"] = 7
    before.counts[Status.CLOSED] = Count(3)
    after.remember(before)
    assert view_words(after, (own,))[0].count == "7"
    assert after.total(queue(Status.CLOSED)) == 3


def test_saving_a_view_leaves_the_settings_as_they_were_written(tmp_path: Path) -> None:
    """Comments, order and blank lines stay; a view stands at the end, and is replaced when it is kept again."""
    text = """# ours
agent = "ana"   # that is me

[mail]
host = "localhost"
sender = "a@b.c"
security = "none"  # to this machine
"""
    file = settings_in(tmp_path, text)
    file.chmod(0o640)
    keep_view(file, Saved("Ghent P1", 'account:"Uni Ghent" p1', Sort.WAITING))
    kept = file.read_text()
    assert kept.startswith(text)
    assert kept[len(text) :].strip().splitlines() == [
        "[[views]]", 'name = "Ghent P1"', "query = 'account:\"Uni Ghent\" p1'", 'sort = "waiting"',
    ]  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o640
    keep_view(file, Saved("Loan", "loan"))
    keep_view(file, Saved("ghent p1", "p1"))
    assert load(database=None, agent=None, config=str(file)).own_views == (
        Saved("ghent p1", "p1"),
        Saved("Loan", "loan"),
    )
    forget_view(file, Saved("Ghent P1", ""))
    forget_view(file, Saved("Loan", ""))
    assert file.read_text().strip() == text.strip()
    assert [part.name for part in tmp_path.iterdir()] == ["config.toml"]


def test_settings_that_are_not_there_yet_are_made(tmp_path: Path) -> None:
    """With their folder."""
    file = tmp_path / "new" / "config.toml"
    keep_view(file, Saved("Loan", "loan"))
    assert load(database=None, agent=None, config=str(file)).own_views == (Saved("Loan", "loan"),)


def test_settings_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    """Who was writing in them meanwhile finds them as they were."""
    file = settings_in(tmp_path, "agent = ")
    with pytest.raises(Misused, match="not TOML any more"):
        keep_view(file, Saved("Loan", "loan"))
    assert file.read_text() == "agent = "


def test_wrong_views_are_told_by_line_and_key(tmp_path: Path) -> None:
    """Unknown keys, unknown orders, names that are taken, queries that cannot be read."""
    file = settings_in(
        tmp_path,
        """[[views]]
name = "Due"
query = "p1"
[[views]]
name = "Ghent"
qery = "x"
query = "ownr:me"
sort = "waitng"
[[views]]
name = "ghent"
query = "view:opne"
""",
    )
    told = [(fault.line, fault.says) for fault in faults(file)]
    assert [line for line, _ in told] == [6, 2, 10, 8, 7, 11]
    for (_, says), words in zip(
        told,
        ("did you mean 'query'?", "everybody's", "two views", "did you mean 'waiting'?", "at 'ownr:'", "'open'?"),
        strict=True,
    ):
        assert words in says
    (fault,) = faults(settings_in(tmp_path, "views = 3"))
    assert fault.says.startswith("the settings want a list of tables")


def test_a_view_is_a_word_of_the_command_line(
    desk: TestDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``list view:ghent`` lists it in its own order; a name that is unknown is told with those that are known."""
    first, second = desk.open("One"), desk.open("Two")
    desk.clock.advance(hours=1)
    desk.verbs.assign(first, "ben")
    file = settings_in(tmp_path, '[[views]]\nname = "Ghent"\nquery = "account:ghent"\nsort = "newest"\n')
    options = ["--database", str(desk.store.path), "--config", str(file)]

    def numbers(*arguments: str) -> list[str]:
        assert run([*options, "list", *arguments], Session(clock=desk.clock)) == 0
        first = [line.split()[:1] for line in capsys.readouterr().out.splitlines()]
        return [word for line in first for word in line if word.isdecimal()]

    assert numbers("view:ghent") == [str(first), str(second)]
    assert numbers("view:ghent", "--sort", "waiting") == [str(first), str(second)]
    assert numbers("-view:ghent") == []
    assert run([*options, "list", "view:gent"], Session()) == 2
    assert "did you mean 'ghent'?" in capsys.readouterr().err


async def test_digits_show_views_with_their_counts(desk: TestDesk, clock: HandClock) -> None:
    """Changed, due, mine, unassigned, all open, then one's own."""
    one, other = desk.open("Proxy"), desk.open("Labels")
    desk.ask(one)
    desk.agent("ben").assign(other, "ana")
    clock.advance(days=6, hours=2)
    async with sitting(desk, size=(120, 36)) as sat:
        clock.advance(minutes=1)
        sat.app.session.views = Views((Saved("Labels", "labels", Sort.WAITING),))
        desk.agent("ben").comment(one, CommentKind.INTERNAL, "Proxy?")
        await sat.beat()
        line = "1 Changed 1   2 Due 1   3 Waits on me 1   4 Unassigned 1   5 All open 2   6 Labels 1"
        await sat.sees(line)
        for digit, title in enumerate(
            ("Changed (1)  newest", "Due (1)  next deadline", "Waits on me (1)  unread", "Unassigned (1)",
             "All open (2)", "Labels (1)  longest waiting"), 1
        ):  # fmt: skip
            await sat.press(str(digit))
            await sat.sees(title)
        await sat.press("7")
        await sat.hears("There is no view 7 yet")


async def test_title_and_rows_of_another_view_change_together(desk: TestDesk) -> None:
    """Until the rows are read the old title stands over the old rows, whatever else is drawn meanwhile."""
    for subject in ("Proxy", "Labels"):
        desk.open(subject)
    async with sitting(desk, size=(120, 36)) as sat:
        sat.app.session.views = Views((Saved("First", "proxy"), Saved("Second", "labels")))

        def drawn() -> tuple[bool, bool]:
            case = sat.list.case
            assert case is not None
            return "Second" in str(sat.list.border_title), case.subject == "Labels"

        await sat.press("6")
        await sat.sees("First (1)")
        gate = threading.Event()
        held = sat.app.session.bridge.post(lambda _: gate.wait(30))
        sat.rush("7")
        for _ in range(20):
            await asyncio.sleep(0)
            sat.list.mark(())  # which draws the title again
            sat.app.first.reload()
            assert drawn() == (False, False)
        gate.set()
        while drawn() != (True, True):
            assert len(set(drawn())) == 1
            await asyncio.sleep(0)
        assert held.result()
        await sat.sees("Second (1)")


async def test_a_case_is_marked_until_its_newest_entry_was_looked_at(
    desk: TestDesk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The star goes when it was in sight for two seconds, and stays away after a restart; others keep theirs."""
    monkeypatch.setattr("casetui.tui.screens.case.LOOKED_AT", 0.01)
    number, other = desk.open("Proxy"), desk.open("Labels")
    async with sitting(desk) as sat:
        clock.advance(minutes=1)
        for each in (number, other):
            desk.agent("ben").comment(each, CommentKind.INTERNAL, "\n".join("abcdefghijklmnopqrstuvwxyz"))
        await sat.beat()
        await sat.press("1")
        await sat.sees("Changed (2)")
        await sat.until(lambda: sat.text.count("*") == 2, "two stars")
        await sat.press("enter")
        await sat.opens("CaseScreen")
        assert isinstance(sat.screen, CaseScreen)
        opened = sat.screen.case.number
        await sat.until(lambda: opened not in sat.app.session.changed, "the look")
        await sat.press("escape")
        await sat.opens("Queues")
        await sat.sees("Changed (1)")
    async with sitting(desk) as sat:
        await sat.sees("Changed (1)")
        assert sat.number != opened
        await sat.press("n")
        assert sat.number != opened
    async with sitting(desk, read_only=True) as sat:
        await sat.sees("1 Changed 1")


async def test_what_is_not_in_sight_is_not_seen(
    desk: TestDesk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A history that is filtered keeps the star until the newest entry is in sight."""
    monkeypatch.setattr("casetui.tui.screens.case.LOOKED_AT", 0.01)
    number = desk.open("Proxy")
    async with sitting(desk) as sat:
        await sat.press("enter")
        await sat.opens("CaseScreen")
        await sat.press("f", "f")
        await sat.sees("status only")
        clock.advance(minutes=1)
        desk.agent("ben").comment(number, CommentKind.INTERNAL, "Hm.")
        await sat.beat()
        clock.advance(seconds=1)
        for _ in range(5):
            await sat.at_rest()
        assert await sat.app.session.bridge.read(lambda desk: desk.news.changed([number]))
        await sat.press("f", "f")
        await sat.until(lambda: number not in sat.app.session.changed, "the look")


async def test_a_look_wakes_no_other_dashboard(desk: TestDesk, clock: HandClock) -> None:
    """Others read nothing again because somebody looked at a case, or renewed their watch."""
    number = desk.open("Proxy")
    async with sitting(desk) as sat:
        await sat.beat()
        clock.advance(seconds=10)
        desk.agent("ben").comment(number, CommentKind.INTERNAL, "Hm.")
        await sat.beat()
        dashboard = sat.app.screen_stack[0]
        assert isinstance(dashboard, Queues)
        before = dashboard.snapshot
        with desk.store.write():
            desk.store.database.execute_sql("INSERT INTO seen VALUES ('ben', 1, 1)")
        await sat.beat()
        assert dashboard.snapshot is before
        desk.agent("ben").assign(number, "ben")
        await sat.beat()
        assert dashboard.snapshot is not before


async def test_a_list_is_sorted_and_stays_so(busy: TestDesk) -> None:
    """The title says how; another list has its own order; the filter stays."""
    async with sitting(busy, size=(120, 36)) as sat:
        await sat.press("5")
        await sat.sees("All open (12)  unread first")
        await sat.press("slash")
        await sat.type("case")
        await sat.press("enter")
        await sat.press("S")
        await sat.opens("Choose")
        await sat.press("2")
        await sat.sees("/case 12 of 12  longest waiting first")
        first = busy.board.after(replace(OPEN, sort=Sort.WAITING), None, 1)[0].number
        assert sat.number == first
        await sat.press("4", "5")
        await sat.sees("All open (12)  longest waiting first")
        await sat.press("right_square_bracket")
        await sat.press("S")
        await sat.opens("Choose")
        await sat.press("escape")
        busy.verbs.move(1, Request(Status.CLOSED))
        await sat.press("h", "G")
        await sat.sees("Closed (1)  latest first")
        await sat.press("S")
        await sat.hears("too many to sort")


async def test_a_filtered_list_is_kept_as_a_view(desk: TestDesk, tmp_path: Path) -> None:
    """With its query and its order, in the settings and under the next digit; it can be forgotten again."""
    for subject in ("Proxy times out", "Labels print twice"):
        desk.open(subject)
    file = settings_in(tmp_path, "# mine\n")
    settings = load(database=None, agent=None, config=str(file))
    async with sitting(desk, settings=settings, size=(120, 36)) as sat:
        await sat.press("slash")
        await sat.type("proxy or p1")
        await sat.press("enter")
        await sat.press("v")
        await sat.opens("TextPrompt")
        await sat.type("Due")
        await sat.press("enter")
        await sat.sees("everybody's")
        await sat.press(*["backspace"] * 3)
        await sat.type("Proxies")
        await sat.press("enter")
        await sat.hears("6 shows it")
        assert load(database=None, agent=None, config=str(file)).own_views == (
            Saved("Proxies", "status:new (proxy or p1)"),
        )
        await sat.sees("6 Proxies 1")
        await sat.press("6")
        await sat.sees("Proxies (1)")
        await sat.press("colon")
        await sat.type("Forget the view")
        await sat.sees("Forget the view Proxies")
        await sat.press("enter")
        await sat.opens("Confirm")
        await sat.press("y")
        await sat.until(lambda: "Proxies" not in sat.text.splitlines()[1], "the end of the view")
        assert file.read_text() == "# mine\n"


async def test_the_palette_finds_a_view_whatever_its_name(desk: TestDesk, tmp_path: Path) -> None:
    """Brackets in a name are what they are: no markup, and no end of what is found."""
    file = tmp_path / "config.toml"
    file.write_text('[[views]]\nname = "oops [/x] b"\nquery = "status:new"\n')
    desk.open()
    async with sitting(desk, settings=load(database=None, agent=None, config=str(file))) as sat:
        await sat.press("colon")
        await sat.type("go to oops")
        await sat.sees("Go to oops [/x] b")
        await sat.press("enter")
        await sat.sees("oops [/x] b (1)")


async def test_catching_up_takes_all_stars_off(desk: TestDesk, clock: HandClock) -> None:
    """From the palette."""
    number = desk.open("Proxy")
    async with sitting(desk) as sat:
        clock.advance(minutes=1)
        desk.agent("ben").comment(number, CommentKind.INTERNAL, "Hm.")
        await sat.beat()
        await sat.sees("1 Changed 1")
        await sat.press("colon")
        await sat.type("Catch up")
        await sat.sees("Take all cases as seen")
        await sat.press("enter")
        await sat.sees("1 Changed 0")


def test_the_fixed_views_are_the_first_five() -> None:
    """Their digits never move, however many views one has of one's own."""
    views = Views(tuple(Saved(f"V{at}", "p1") for at in range(9)))
    assert [view.name for view in views.numbered[:5]] == [
        "Changed", "Due", "Waits on me", "Unassigned", "All open",
    ]  # fmt: skip
    assert len(views.numbered) == 9
    assert views.queries["v8"] == "p1"
    assert list(views)[: len(FIXED)] == list(FIXED)
