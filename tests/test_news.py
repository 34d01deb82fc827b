"""What changed since one last looked: for each agent, until it was seen, whoever restarts what."""

from datetime import timedelta

import pytest

from casetui.desk.news import HORIZON, News
from casetui.domain.query import parse
from casetui.domain.workflow import CommentKind
from tests.desks import HandClock, TestDesk


def news(desk: TestDesk, agent: str = "ana") -> News:
    """Return an agent's looks."""
    return News(desk.store, desk.clock, agent)


def changed(desk: TestDesk, agent: str = "ana") -> list[int]:
    """Return the cases that have changed for an agent, as a list finds them."""
    return sorted(case.number for case in desk.board.listed(parse("changed", me=agent)))


@pytest.fixture
def number(desk: TestDesk, clock: HandClock) -> int:
    """Give a case that ana and ben have seen."""
    number = desk.open()
    clock.advance(minutes=1)
    for agent in ("ana", "ben"):
        news(desk, agent).settle()
    clock.advance(minutes=1)
    return number


def test_a_new_agent_begins_at_that_instant(desk: TestDesk, number: int, clock: HandClock) -> None:
    """Nothing has changed for who comes new, whatever happened before, also in the same second."""
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "Seen this before.")
    news(desk, "cem").settle()
    assert changed(desk, "cem") == []
    clock.advance(seconds=1)
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "And again.")
    assert changed(desk, "cem") == [number]


def test_what_others_do_is_a_change_until_it_is_seen(desk: TestDesk, number: int) -> None:
    """Another agent's comment marks the case for everybody but them; a look at it takes one agent's mark off."""
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "Proxy?")
    assert (changed(desk, "ana"), changed(desk, "ben")) == ([number], [])
    assert news(desk).changed([number, 99]) == {number}
    assert news(desk).saw(number, desk.case(number).version)
    assert changed(desk) == []
    desk.agent("ben").assign(number, "ben")
    assert changed(desk) == [number]


def test_what_one_does_oneself_is_no_change(desk: TestDesk, number: int, clock: HandClock) -> None:
    """One's own acts, the customer's words that one records and one's own reminders mark nothing of one's own."""
    desk.ask(number)
    clock.advance(days=1)
    desk.verbs.remind(number)
    desk.customer(number)
    own = desk.open()
    assert (changed(desk, "ana"), changed(desk, "ben")) == ([], [number, own])


def test_an_act_on_a_case_is_a_look_at_it(desk: TestDesk, number: int) -> None:
    """Who acts on a case that has changed has seen it."""
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "Proxy?")
    desk.verbs.assign(number, "ana")
    assert (changed(desk, "ana"), changed(desk, "ben")) == ([], [number])


def test_what_the_timer_does_is_a_change(desk: TestDesk, number: int, clock: HandClock) -> None:
    """A case that the timer has closed is told, though it is in no queue any more."""
    desk.ask(number)
    clock.advance(days=29)
    desk.sweeper.sweep()
    assert changed(desk) == [number]


def test_reading_is_no_change_for_others(desk: TestDesk, number: int) -> None:
    """Whoever opens a case with news in it, and whoever looks at it, marks it for nobody."""
    desk.customer(number)
    news(desk, "ben").saw(number, desk.case(number).version)
    before = desk.case(number)
    desk.verbs.read(number)
    news(desk).saw(number, before.version)
    assert (changed(desk, "ana"), changed(desk, "ben")) == ([], [])
    assert desk.case(number).version == before.version
    assert desk.case(number).updated_at == before.updated_at


def test_a_look_at_what_was_seen_writes_nothing(desk: TestDesk, number: int) -> None:
    """So that nobody's dashboard wakes up because somebody looks at things."""
    assert not news(desk).saw(number, desk.case(number).version)
    assert not news(desk, "nobody here").saw(number, desk.case(number).version)


def test_a_look_at_an_older_state_takes_no_newer_look_back(desk: TestDesk, number: int) -> None:
    """Two dashboards of one agent do not quarrel."""
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "One.")
    old = desk.case(number).version
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "Two.")
    news(desk).saw(number, old)
    assert changed(desk) == [number]
    news(desk).saw(number, old + 1)
    news(desk).saw(number, old)
    assert changed(desk) == []


def test_catching_up_takes_all_marks_off(desk: TestDesk, number: int, clock: HandClock) -> None:
    """Also those of this very second; what comes next is a change again."""
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "Proxy?")
    news(desk).catch_up()
    assert changed(desk) == []
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "No.")
    assert changed(desk) == [number]


def test_settling_forgets_nothing_that_is_unseen(desk: TestDesk, number: int, clock: HandClock) -> None:
    """Days later the same cases are marked, and what was seen before them is remembered by the instant alone."""
    seen, unseen, later = desk.open(), desk.open(), desk.open()
    ben = desk.agent("ben")
    for each in (seen, unseen, later):
        ben.comment(each, CommentKind.INTERNAL, "Hm.")
        news(desk).saw(each, desk.case(each).version) if each != unseen else None
        clock.advance(hours=1)
    clock.advance(days=2)
    news(desk).settle()
    assert changed(desk) == [unseen]
    rows = desk.store.database.execute_sql("SELECT case_id FROM seen WHERE agent = 'ana' ORDER BY 1").fetchall()
    assert [row[0] for row in rows] == [unseen, later]
    clock.advance(days=2)
    news(desk).saw(unseen, desk.case(unseen).version)
    news(desk).settle()
    assert changed(desk) == []
    assert desk.store.database.execute_sql("SELECT COUNT(*) FROM seen WHERE agent = 'ana'").fetchone() == (0,)


def test_a_mark_lasts_four_weeks(desk: TestDesk, number: int, clock: HandClock) -> None:
    """What nobody cared to look at for so long is news no more."""
    desk.agent("ben").comment(number, CommentKind.INTERNAL, "Proxy?")
    clock.advance(days=HORIZON.days - 1)
    news(desk).settle()
    assert changed(desk) == [number]
    clock.instant += timedelta(days=2)
    news(desk).settle()
    assert changed(desk) == []
