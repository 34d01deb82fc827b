"""What the widgets promise, pressed and read through Pilot."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.cache import FIFOCache
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from casetui.domain.policy import Policy
from casetui.domain.records import Case, Count, Entry, Priority, What
from casetui.domain.safe import clean, clean_lines
from casetui.domain.workflow import CommentKind, Status
from casetui.tui.drawing import ASCII, UNICODE, content, fit, use, wrap
from casetui.tui.strips import lighten
from casetui.tui.widgets.caselist import CaseList
from casetui.tui.widgets.caserow import MARKS, columns
from casetui.tui.widgets.facts import CaseHeader, Facts, clock_sentences
from casetui.tui.widgets.lines import Lines
from casetui.tui.widgets.queuelist import QueueLine, QueueList
from casetui.tui.widgets.timeline import Timeline
from casetui.tui.widgets.topline import TopLine
from casetui.tui.widgets.window import MOST, PAGE
from tests.desks import HandClock

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
HOSTILE = (
    "[/x]", "[/", "[@click=app.quit]q[/]", "arr[0] and [type=x, v={'a[0]'}]", "\x1b[31mred\x1b[0m\x1b]0;t\x07",
    "\u202egnp.exe\u2066x\u2069\u200f", "x" * 10_000, "a\x00b\x9b31mc\x7f", "図書館の検索が遅い" * 9,
    "e\u0301" * 200, "\u0301" * 5_000, "\ud800lone", "👩\u200d🔬👍🏽❤️", "one\ntwo\r\nthree\tfour",
    "{brace", "", " " * 500, "שלום עולם",
)  # fmt: skip


def a_case(number: int, **facts: object) -> Case:
    """Return a case of which only what matters is said."""
    case = Case(
        number=number, version=1, external_id=None, subject=f"Subject {number}", status=Status.NEW, stay=1,
        status_since=NOW - timedelta(hours=3), remind_at=None, close_at=None, reminded_at=None, held_until=None,
        hold_reason=None, unread=False, owner="ana", account="Uni Ghent", contact=None, email=None, product=None,
        priority=Priority.NORMAL, installation=None, reason=None, release=None, provider=None, cloned_from=None,
        opened_at=NOW - timedelta(days=2), updated_at=NOW - timedelta(days=1), closed_at=None,
    )  # fmt: skip
    return replace(case, **facts)


def an_entry(ident: int, **facts: object) -> Entry:
    """Return an entry of which only what matters is said."""
    entry = Entry(
        id=ident, number=1, at=NOW - timedelta(hours=1), what=What.COMMENTED, by="ana", stay=1, start=None,
        target=None, planned_at=None, note=None,
    )  # fmt: skip
    return replace(entry, **facts)


class Numbers:
    """A view of the cases whose numbers a range has, made when they are asked for."""

    def __init__(self, numbers: range) -> None:
        self.numbers = numbers
        self.reads: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def count(self) -> int:
        """Count them."""
        return len(self.numbers)

    async def after(self, case: Case | None, limit: int) -> list[Case]:
        """Read downwards."""
        start = 0 if case is None else self._place(case.number + 1)
        return await self._read("after", start, start + limit)

    async def before(self, case: Case | None, limit: int) -> list[Case]:
        """Read upwards."""
        stop = len(self.numbers) if case is None else self._place(case.number)
        return await self._read("before", max(0, stop - limit), stop)

    async def at(self, index: int, limit: int) -> list[Case]:
        """Jump."""
        return await self._read("at", index, index + limit)

    async def rank(self, case: Case) -> int:
        """Say how many stand before it."""
        return self._place(case.number)

    def _place(self, number: int) -> int:
        return min(max(0, number - self.numbers.start), len(self.numbers))

    async def _read(self, name: str, start: int, stop: int) -> list[Case]:
        self.reads.append(name)
        await self.open.wait()
        return [a_case(number) for number in self.numbers[start:stop]]


class Listed(Numbers):
    """A view of a few cases in the order of their numbers, which the test changes."""

    def __init__(self, cases: list[Case]) -> None:
        super().__init__(range(1))
        self.cases = cases

    async def count(self) -> int:
        """Count them."""
        return len(self.cases)

    def _place(self, number: int) -> int:
        return sum(case.number < number for case in self.cases)

    async def after(self, case: Case | None, limit: int) -> list[Case]:
        """Read downwards."""
        start = 0 if case is None else self._place(case.number + 1)
        return await self._read("after", start, start + limit)

    async def before(self, case: Case | None, limit: int) -> list[Case]:
        """Read upwards."""
        stop = len(self.cases) if case is None else self._place(case.number)
        return await self._read("before", max(0, stop - limit), stop)

    async def _read(self, name: str, start: int, stop: int) -> list[Case]:
        self.reads.append(name)
        await self.open.wait()
        return self.cases[start:stop]


class Stage(App[None]):
    """One widget, and what it said."""

    CSS = "Stage > * { height: 1fr; } Stage > TopLine { height: 1; }"

    def __init__(self, make: Callable[[HandClock], Lines]) -> None:
        super().__init__()
        self.hands = HandClock(NOW)
        self.make = make
        self.said: list[object] = []

    def compose(self) -> ComposeResult:
        """Have the one widget."""
        yield self.make(self.hands)

    def on_case_list_moved(self, message: CaseList.Moved) -> None:
        """Keep what was said."""
        self.said.append(message.case and message.case.number)

    def on_case_list_opened(self, message: CaseList.Opened) -> None:
        """Keep what was said."""
        self.said.append(f"open {message.case.number}")

    def on_queue_list_chosen(self, message: QueueList.Chosen) -> None:
        """Keep what was said."""
        self.said.append(message.key)


def seen(app: App[None]) -> list[str]:
    """Return the lines of the screen as text."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - what is drawn
    return ["".join(segment.text for segment in strip) for strip in strips]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read or drawn."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def number_at(cases: CaseList) -> int | None:
    """Return the number of the case under the cursor."""
    return None if cases.case is None else cases.case.number


def watch_drawing(widget: Lines) -> list[int]:
    """Return a list that is told each line that the widget draws from now on."""
    drawn: list[int] = []
    render_line = widget.render_line

    def watched(y: int) -> Strip:
        drawn.append(y)
        return render_line(y)

    widget.render_line = watched  # type: ignore[method-assign]
    return drawn


def line_of(app: App[None], number: int) -> int:
    """Return the line of the screen that shows a case."""
    return next(y for y, line in enumerate(seen(app)) if f" {number} P3" in line)


async def test_cursor_follows_the_case_when_rows_appear_above() -> None:
    """A reload keeps cursor and scroll position with the case, whatever came above it."""
    source = Listed([a_case(number) for number in range(1000, 1400, 2)])
    app = Stage(CaseList)
    async with app.run_test(size=(80, 20)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        await pilot.press("pagedown", "pagedown", "j", "j")
        await settle(pilot)
        case, line = cases.case, line_of(app, 1076)
        assert case is not None
        assert case.number == 1076
        source.cases[:0] = [a_case(number) for number in range(900, 940)]
        source.cases.insert(50, a_case(1019))
        await cases.reload()
        await settle(pilot)
        assert cases.case == case
        assert line_of(app, 1076) == line
        assert cases.total == 241
        assert cases.index == 79


async def test_cursor_takes_the_next_case_when_its_own_left() -> None:
    """A case that left the view leaves the cursor at its place, on the case that follows it."""
    source = Listed([a_case(number) for number in range(10)])
    app = Stage(CaseList)
    async with app.run_test() as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        await pilot.press("j", "j", "j")
        del source.cases[3]
        await cases.reload()
        assert cases.case == a_case(4)
        await pilot.press("G")
        del source.cases[-1]
        await cases.reload()
        assert cases.case == a_case(8)
        source.cases.clear()
        await cases.reload()
        assert number_at(cases) is None
        await settle(pilot)
        assert app.said[-1] is None
        assert "Nothing here." in "".join(seen(app))


async def test_a_case_that_moved_in_the_order_is_followed() -> None:
    """A reload that is told the case as it is now goes where the case went."""
    source = Listed([a_case(number) for number in range(100, 400)])
    app = Stage(CaseList)
    async with app.run_test(size=(80, 20)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        await pilot.press("j")
        await cases.reload(a_case(390))
        assert cases.case == a_case(390)
        assert cases.index == 290


async def test_a_million_rows_stay_a_small_window() -> None:
    """The list keeps a few pages in memory, and goes to the end without counting through the rows."""
    source = Numbers(range(1, 1_000_001))
    app = Stage(CaseList)
    async with app.run_test(size=(100, 30)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        await pilot.press("G")
        await settle(pilot)
        assert cases.case == a_case(1_000_000)
        assert "1000000" in seen(app)[29]
        assert source.reads == ["after", "before"]
        await pilot.press(*["pageup"] * 20)
        await settle(pilot)
        assert cases.case is not None
        assert cases.case.number == 1_000_000 - 20 * 28
        cases.scroll_to(y=500_000, animate=False, immediate=True)
        await settle(pilot)
        assert cases.case is not None
        assert 500_000 <= cases.case.number <= 500_030
        window = cases._window  # noqa: SLF001 - its size is the promise
        assert window is not None
        assert len(window.rows) <= MOST + 6 * 30
        await pilot.press("g")
        await settle(pilot)
        assert cases.case == a_case(1)


async def test_holding_j_loses_no_step() -> None:
    """Steps into rows that are still being read are taken, drawn as places, and filled when the rows come."""
    source = Numbers(range(1, 5001))
    app = Stage(CaseList)
    async with app.run_test(size=(80, 24)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        source.open.clear()
        for _ in range(PAGE + 45):
            cases.action_step(1)
        await pilot.press(*"jjjjj")
        assert cases.index == PAGE + 50
        assert number_at(cases) is None
        assert "···" in "".join(seen(app))
        source.open.set()
        await settle(pilot)
        assert cases.case == a_case(PAGE + 51)
        assert app.said[-1] == PAGE + 51
        await pilot.press(*["k"] * 10)
        assert cases.case == a_case(PAGE + 41)


async def test_steps_taken_while_a_reload_reads_are_kept() -> None:
    """Keys pressed during a reload count from where the case is afterwards."""
    source = Listed([a_case(number) for number in range(100, 400)])
    app = Stage(CaseList)
    async with app.run_test(size=(80, 24)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        await pilot.press("j", "j")
        source.open.clear()
        source.cases.insert(0, a_case(5))
        reading = asyncio.create_task(cases.reload())
        await pilot.press("j", "j", "j")
        source.open.set()
        await reading
        assert cases.case == a_case(105)


async def test_a_slow_view_does_not_replace_a_later_one() -> None:
    """The rows of a view that was left meanwhile are thrown away."""
    slow, quick = Numbers(range(1, 50)), Numbers(range(600, 650))
    app = Stage(CaseList)
    async with app.run_test() as pilot:
        cases = app.query_one(CaseList)
        slow.open.clear()
        first = asyncio.create_task(cases.show(slow))
        await pilot.pause()
        await cases.show(quick)
        slow.open.set()
        await first
        assert cases.case == a_case(600)


async def test_first_last_page_click_and_open() -> None:
    """The keys go to the ends and by screens; a click puts the cursor, Enter and a double click open."""
    app = Stage(CaseList)
    async with app.run_test(size=(80, 21)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(Numbers(range(1, 101)))
        steps = {"end": 99, "home": 0, "pagedown": 19, "pageup": 0, "k": 0, "G": 99, "j": 99}
        for key, index in steps.items():
            await pilot.press(key)
            assert cases.index == index
        await pilot.press("g", "enter")
        await pilot.click(CaseList, offset=(10, 4))
        assert cases.index == 3
        await pilot.click(CaseList, offset=(10, 6), times=2)
        await settle(pilot)
        assert [said for said in app.said if isinstance(said, str)] == ["open 1", "open 6"]


async def test_a_step_draws_two_lines() -> None:
    """A step of the cursor draws the line it leaves and the line it enters, and lays nothing out."""
    app = Stage(CaseList)
    async with app.run_test(size=(80, 21)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(Numbers(range(1, 101)))
        await settle(pilot)
        drawn = watch_drawing(cases)
        await pilot.press("j")
        await settle(pilot)
        assert sorted(set(drawn)) == [1, 2]


async def test_other_contents_lay_nothing_out() -> None:
    """Another queue, other counts and another case move scroll bars, and never the screen."""

    class All(Stage):
        """Every widget whose contents change with a key press."""

        def compose(self) -> ComposeResult:
            """Have them all."""
            yield from (QueueList(), CaseList(self.hands), Timeline(self.hands), Facts(self.hands), TopLine())

    app = All(CaseList)
    entries = [an_entry(at, kind=CommentKind.PUBLIC, author="ana", body="words") for at in range(90, 0, -1)]
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.pause()
        laid_out: list[int] = []
        reflow = app.screen._compositor.reflow  # noqa: SLF001 - where layouts happen

        def watched(*args: Any, **kwargs: Any) -> Any:
            laid_out.append(1)
            return reflow(*args, **kwargs)

        app.screen._compositor.reflow = watched  # type: ignore[method-assign]  # noqa: SLF001
        for cases in (900, 3, 50_000):
            await app.query_one(CaseList).show(Numbers(range(1, cases)))
            app.query_one(QueueList).show({status: Count(cases) for status in Status})
            app.query_one(Timeline).show(a_case(cases), entries[:cases])
            app.query_one(Facts).show(a_case(cases), Policy())
            app.query_one(TopLine).timer = f"timer on, next 09:{cases}"
            await settle(pilot)
        assert laid_out == []


async def test_times_are_drawn_again_only_where_they_changed() -> None:
    """A tick draws the rows whose times read differently now, and no others."""
    app = Stage(CaseList)
    source = Listed([a_case(1, status_since=NOW - timedelta(seconds=90)), a_case(2)])
    async with app.run_test(size=(80, 21)) as pilot:
        cases = app.query_one(CaseList)
        await cases.show(source)
        await settle(pilot)
        assert "  1m " in seen(app)[1]
        app.hands.advance(seconds=60)
        drawn = watch_drawing(cases)
        cases.tick()
        await pilot.pause()
        assert drawn == [1]
        assert "  2m " in seen(app)[1]


async def test_marks_say_what_colours_say() -> None:
    """Unread, due and held cases bear a mark each; a closure that passed counts below nothing."""
    ago = NOW - timedelta(days=2)
    waits = {"status": Status.CONFIRMATION, "close_at": ago}
    source = Listed([a_case(1, unread=True), a_case(2, **waits), a_case(3, **waits, hold_reason="leave")])
    app = Stage(CaseList)
    async with app.run_test(size=(80, 21)) as pilot:
        await app.query_one(CaseList).show(source)
        await settle(pilot)
        unread, due, held = seen(app)[1:4]
        assert "●" in unread
        assert "!" in due
        assert "-2d" in due
        assert "=" in held
        assert " held " in held


def test_columns_give_way_to_the_subject() -> None:
    """Account goes first, then Owner, then For; the subject takes the rest and the line is always full."""
    names = {cells: [column.name for column in columns(cells, clock=False)] for cells in (31, 37, 51, 86, 150)}
    assert names[31] == ["Case", "P", "Subject"]
    assert names[37] == ["Case", "P", "For", "Subject"]
    assert names[51] == ["Case", "P", "For", "Subject", "Owner"]
    assert names[86] == ["Case", "P", "For", "Subject", "Account", "Owner"]
    for cells in range(30, 220):
        for status in (False, True):
            assert sum(column.cells + 1 for column in columns(cells, status=status)) + MARKS == cells


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_is_cut_and_filled_to_its_cells(text: str) -> None:
    """Whatever a person wrote takes exactly the cells it is given and bears nothing a terminal obeys."""
    for cells in (0, 1, 2, 3, 10, 40):
        line = fit(text, cells)
        assert cell_len(line) == cells
        assert len(line) <= 4 * cells + 2
    for line in (clean(text), *clean_lines(text)):
        assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in line)
        assert not set(line) & set("\u202e\u2066\u2069\u200f\u200d\ud800")
        assert all(cell_len(part) <= 20 for part in wrap(line, 20))


def test_wrapping_loses_no_word() -> None:
    """A wrapped line has all words of the line, in order, and keeps the indent it began with."""
    line = "    at line 1 of a trace that goes on and on, 図書館の検索が遅い, and ends"
    parts = wrap(line, 16)
    assert "".join(parts).replace(" ", "") == line.replace(" ", "")
    assert parts[0].startswith("    at")
    assert wrap("", 10) == [""]


async def test_hostile_text_neither_styles_nor_acts_nor_shifts() -> None:
    """Subjects, accounts and owners with markup, escapes or wide characters leave the columns in place."""
    rows = [a_case(at, subject=text, account=text, owner=text) for at, text in enumerate(HOSTILE, 1)]
    app = Stage(CaseList)
    async with app.run_test(size=(120, 30)) as pilot:
        await app.query_one(CaseList).show(Listed(rows))
        await settle(pilot)
        lines = seen(app)
        assert {cell_len(line) for line in lines} == {120}
        assert "[@click=app.quit]q[/]" in lines[3]
        assert "[/x]" in lines[1]
        assert "<U+001B>[31mred<U+001B>[0m" in lines[5]
        await pilot.click(CaseList, offset=(35, 3))
        assert app.is_running


async def test_wide_text_keeps_the_columns_to_its_right_in_place() -> None:
    """Chinese, combining, right-to-left and emoji, short and long: the owner stands in the same cell."""
    texts = ("plain", "竹溪市立圖書館", "e\u0301" * 9, "שלום עולם", "👩\u200d🔬 👍🏽", "図" * 99, "a\u0301" * 300)
    rows = [a_case(at, subject=text, account=text, owner="ana") for at, text in enumerate(texts, 1)]
    app = Stage(CaseList)
    async with app.run_test(size=(140, 30)) as pilot:
        await app.query_one(CaseList).show(Listed(rows))
        await settle(pilot)
        lines = [line for line in seen(app) if "ana" in line]
        assert len(lines) == len(texts)
        assert len({cell_len(line.partition("ana")[0]) for line in lines}) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_in_every_widget(text: str) -> None:
    """No widget dies of what a person wrote, nor lets it reach the terminal."""
    case = a_case(1, **dict.fromkeys(("subject", "owner", "account", "contact", "product", "provider"), text))
    case = replace(case, status=Status.CUSTOMER_INPUT, hold_reason=text, close_at=NOW)
    entries = [
        an_entry(9, kind=CommentKind.CUSTOMER, author=text, body=text, note=text),
        an_entry(8, what=What.MOVED, by=text, start=Status.NEW, target=Status.RELEASE, note=text,
                 changes={"release": text}),
        an_entry(7, what=What.EDITED, by=text, note=text),
    ]  # fmt: skip

    class All(Stage):
        """Every widget that shows a person's words."""

        def compose(self) -> ComposeResult:
            """Have them all."""
            yield Facts(self.hands)
            yield CaseHeader(self.hands)
            yield Timeline(self.hands)
            yield TopLine()
            yield Static(content(text, "bold"))

    app = All(CaseList)
    async with app.run_test(size=(90, 60)) as pilot:
        app.query_one(Facts).show(case, Policy())
        app.query_one(CaseHeader).show(case, Policy())
        timeline = app.query_one(Timeline)
        timeline.border_title = content(text)
        timeline.show(case, entries)
        top = app.query_one(TopLine)
        top.database = top.agent = top.timer = text
        await pilot.pause()
        top.stale = text
        await pilot.pause()
        drawn = "".join(seen(app))
        assert not set(drawn) & set("\x1b\x00\x07\x9b\x7f\u202e\u2066\u200f\ud800")
        assert app.is_running


async def test_queues_fit_the_smallest_screen_and_breathe_in_larger_ones() -> None:
    """All statuses and headings stand in 19 lines; with room blank lines part the groups."""
    statuses: list[Status] = [status for status in Status if status is not Status.CLOSED]
    counts = {status: Count(at, at % 2, at % 3) for at, status in enumerate(statuses)}
    app = Stage(lambda _: QueueList())
    async with app.run_test(size=(26, 19)) as pilot:
        queues = app.query_one(QueueList)
        queues.show(counts)
        await pilot.pause()
        lines = seen(app)
        assert lines[0].startswith("WAITS ON US")
        assert lines[18].startswith(" Closed")
        assert "·" in lines[18]
        assert all(status.value in queues.keys for status in Status)
        await pilot.resize_terminal(40, 30)
        await pilot.pause()
        assert seen(app)[5].strip() == ""
        assert "Awaiting Customer Confirmation" in "".join(seen(app))


async def test_queues_are_chosen_by_key_and_by_mouse() -> None:
    """Steps skip the headings and say which queue was chosen; a view stands above the queues."""
    counts = {status: Count(status is Status.REOPENED) for status in Status}
    app = Stage(lambda _: QueueList())
    async with app.run_test(size=(30, 30)) as pilot:
        queues = app.query_one(QueueList)
        queues.show(counts, [QueueLine("open", "All open", count=Count(3))])
        assert queues.selected == "open"
        await pilot.press("j", "j", "k", "k", "k", "G", "g")
        await settle(pilot)
        assert app.said[-1] == "open"
        assert queues.next(-1) == "closed"
        assert queues.next_nonempty() == "reopened"
        await pilot.click(QueueList, offset=(4, 4))
        assert queues.selected == "under_review"
        await pilot.click(QueueList, offset=(4, 2))
        assert queues.selected == "under_review"


async def test_timeline_tells_in_words_and_marks() -> None:
    """A comment says its kind in a word and a mark, a move its rule; what is new says so, but not reading."""
    ago = NOW - timedelta(days=3)
    entries = [
        an_entry(5, what=What.MOVED, by="customer", start=Status.CUSTOMER_INPUT, target=Status.UPDATE_RECEIVED,
                 note="the customer commented"),
        an_entry(4, kind=CommentKind.CUSTOMER, author="J. Peeters", body="Still there.", by="customer"),
        an_entry(6, what=What.READ, by="ana"),
        an_entry(3, kind=CommentKind.INTERNAL, author="ana", body="Suspect the proxy.", at=ago),
        an_entry(2, kind=CommentKind.PUBLIC, author="ana", body="Please upgrade.", at=NOW - timedelta(days=4)),
        an_entry(1, what=What.REMINDED, by="timer:reminder", planned_at=NOW - timedelta(days=6),
                 at=NOW - timedelta(days=5)),
    ]  # fmt: skip
    app = Stage(Timeline)
    async with app.run_test(size=(100, 40)) as pilot:
        timeline = app.query_one(Timeline)
        timeline.show(a_case(1), entries, since=NOW - timedelta(days=1))
        await pilot.pause()
        drawn = "\n".join(line.rstrip() for line in seen(app))
        assert "Pending Customer Input → Update Received" in drawn
        assert "by rule: the customer commented" in drawn
        told = ("CUSTOMER", "~ Still there.", "INTERNAL", "- Suspect", "PUBLIC", "= Please", "CLOCK")
        assert all(words in drawn for words in (*told, "24 hours late"))
        assert drawn.count("NEW") == 2
        await pilot.press("f")
        await pilot.pause()
        drawn = "\n".join(seen(app))
        assert timeline.filter == "comments"
        assert "Update Received" not in drawn
        await pilot.press("f", "f")
        await pilot.pause()
        assert "Reminder" in "\n".join(seen(app))
        assert "Still there" not in "\n".join(seen(app))


async def test_timeline_stays_where_it_is_read() -> None:
    """An entry that comes on top leaves the lines that are being read in their place."""
    entries = [an_entry(at, kind=CommentKind.PUBLIC, author="ana", body=f"words {at}") for at in range(50, 0, -1)]
    app = Stage(Timeline)
    async with app.run_test(size=(80, 20)) as pilot:
        timeline = app.query_one(Timeline)
        timeline.show(a_case(1), entries)
        await pilot.press("ctrl+d", "pagedown", "j")
        await pilot.pause()
        before = [line[:79] for line in seen(app)]
        timeline.show(a_case(1), [an_entry(99, kind=CommentKind.CUSTOMER, author="x", body="new"), *entries])
        await pilot.pause()
        assert [line[:79] for line in seen(app)] == before
        await pilot.press("G")
        await pilot.pause()
        assert "end: case opened" in "".join(seen(app))


async def test_timeline_says_how_long_a_history_is_of_which_it_has_the_newest() -> None:
    """The newest entries stand there at once; the rest comes below them, and nothing moves."""
    said = {"kind": CommentKind.PUBLIC, "author": "ana"}
    entries = [an_entry(at, body=f"words {at}", **said) for at in range(1000, 0, -1)]
    app = Stage(Timeline)
    async with app.run_test(size=(80, 20)) as pilot:
        timeline = app.query_one(Timeline)
        timeline.show(a_case(1), entries[:60], total=1000)
        assert "Timeline 1000" in str(timeline.border_title)
        await pilot.press("j", "j")
        await pilot.pause()
        before = seen(app)
        timeline.show(a_case(1), entries)
        await pilot.pause()
        assert [line[:79] for line in seen(app)] == [line[:79] for line in before]
        assert "Timeline 1000" in str(timeline.border_title)
        assert timeline.virtual_size.height == 3 * 1000 + 1
        await pilot.press("G")
        await pilot.pause()
        assert "words 1 " in "".join(seen(app))


async def test_facts_say_the_clock_in_sentences() -> None:
    """The panel says when the case is reminded and closed, what stops that, and which moves there are."""
    case = a_case(
        1, status=Status.CUSTOMER_INPUT, remind_at=NOW - timedelta(days=1), reminded_at=NOW - timedelta(days=1),
        close_at=NOW + timedelta(days=20), unread=True, hold_reason="on leave", clones=(7,),
    )  # fmt: skip
    sentences = [text for text, _ in clock_sentences(case, NOW, "UTC")]
    assert sentences == [
        "Reminded 23 Nov 09:41.", "Closes 14 Dec 09:41 (+20d).", "Held until released: on leave",
        "Not closed while the customer's comment is unread.", "No e-mail address: cannot be reminded.",
    ]  # fmt: skip
    app = Stage(Facts)
    async with app.run_test(size=(46, 40)) as pilot:
        app.query_one(Facts).show(case, Policy())
        await pilot.pause()
        drawn = "\n".join(seen(app))
        told = ("Pending Customer Input, 3h", "the customer", "P3 Normal", "#7", "remind 7d, close 28d", "final")
        assert all(words in drawn for words in told)


async def test_top_line_drops_what_matters_least() -> None:
    """A short line keeps the timer; a stale desk is all that the line says."""
    app = Stage(lambda _: TopLine())
    async with app.run_test(size=(120, 3)) as pilot:
        top = app.query_one(TopLine)
        top.database, top.agent, top.others = "support", "ana", "also here: ben"
        top.timer, top.timer_short = "timer on, last 09:41, next 09:42", "timer on, next 09:42"
        top.now, top.now_short = "Tue 24 Nov 2026 09:41 UTC", "24 Nov 09:41"
        await pilot.pause()
        assert all(words in seen(app)[0] for words in ("db:support", "ana", "last 09:41", "ben", "2026"))
        await pilot.resize_terminal(60, 3)
        await pilot.pause()
        assert "timer on, next 09:42   24 Nov 09:41" in seen(app)[0]
        assert "ben" not in seen(app)[0]
        top.read_only = True
        await pilot.pause()
        assert "READ-ONLY" in seen(app)[0]
        top.stale = "STALE since 09:38:02: cannot read support.db. R tries again."
        await pilot.pause()
        assert seen(app)[0].startswith(" STALE since 09:38:02: cannot read support.db. R tries again")
        assert "timer" not in seen(app)[0]


async def test_ascii_draws_nothing_above_0x7f() -> None:
    """With the plain characters no mark of our own needs more than ASCII."""
    use(ASCII)
    try:
        app = Stage(CaseList)
        async with app.run_test(size=(80, 10)) as pilot:
            await app.query_one(CaseList).show(Listed([a_case(1, unread=True, subject="x" * 300)]))
            await settle(pilot)
            app.query_one(CaseList).styles.scrollbar_size_vertical = 0
            await pilot.pause()
            assert all(line.isascii() for line in seen(app))
    finally:
        use(UNICODE)


class Tall(Lines):
    """A list of numbered lines."""

    def render_line(self, y: int) -> Strip:
        """Return a line."""
        return self.line([(f"line {y + self.scroll_offset.y}", "plain")])


@pytest.mark.parametrize("rows", [0, 5, 21, 90, 5_000])
async def test_the_bar_is_textuals_own(rows: int) -> None:
    """Each cell of our scroll bar is the one that Textual would draw, wherever the list stands."""
    app = Stage(lambda _: Tall())
    async with app.run_test(size=(40, 20)) as pilot:
        tall = app.query_one(Tall)
        tall.extent(rows)
        for at in sorted({0, 1, 2, 7, rows // 3, rows - 21, rows - 20}):
            tall.scroll_to(y=at, animate=False, immediate=True)
            await pilot.pause()
            bar = tall.vertical_scrollbar
            for crop in (bar.size.region, Region(0, 3, 1, 5)):
                ours, theirs = bar.render_lines(crop), Widget.render_lines(bar, crop)
                assert [list(strip) for strip in ours] == [list(strip) for strip in theirs]


async def test_the_bar_is_clicked_and_dragged() -> None:
    """A click beside the thumb turns a page, and the thumb can be dragged."""
    app = Stage(lambda _: Tall())
    async with app.run_test(size=(40, 20)) as pilot:
        tall = app.query_one(Tall)
        tall.extent(200)
        await pilot.pause()
        await pilot.mouse_down(offset=(39, 15))
        await pilot.mouse_up(offset=(39, 15))
        await pilot.pause(0.5)
        assert tall.scroll_y > 0
        tall.scroll_to(y=0, animate=False, immediate=True)
        await pilot.pause()
        await pilot.mouse_down(offset=(39, 1))
        await pilot.hover(offset=(39, 11))
        await pilot.mouse_up(offset=(39, 11))
        await pilot.pause(0.5)
        assert tall.scroll_y == pytest.approx(100, abs=10)


def test_strips_are_light() -> None:
    """The Textual that is installed has strips as we know them: others would stay heavy, untold."""
    lighten()
    strip = Strip([Segment("as light as "), Segment("a feather", Style(bold=True))])
    assert not any(isinstance(getattr(strip, slot), FIFOCache) for slot in Strip.__slots__)
    assert [part.text for part in strip.divide([3, 12, 21])] == ["as ", "light as ", "a feather"]
    assert strip.divide([3, 12, 21]) is strip.divide([3, 12, 21])
    assert strip.crop(3, 8).text == strip.crop(3, 8).text == "light"
    assert strip.apply_style(Style(italic=True)).text == strip.adjust_cell_length(30).text.rstrip() == strip.text
