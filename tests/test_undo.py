"""Taking back: an agent's own last act, for a minute, by a new entry."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetui.desk.check import problems
from casetui.desk.undo import Undo
from casetui.domain.errors import NoSuchCase, Refused
from casetui.domain.history import REPLAYED
from casetui.domain.records import Case, Priority, Request, What
from casetui.domain.workflow import CommentKind, Status
from tests.desks import TestDesk


def undo(desk: TestDesk, agent: str = "ana") -> Undo:
    """Give the verb to an agent."""
    return Undo(desk.store, desk.clock, agent)


def columns(case: Case) -> dict[str, object]:
    """Return what an undo has to bring back."""
    return {name: getattr(case, name) for name in REPLAYED}


def test_the_old_stay_comes_back_with_its_number_and_its_deadlines(desk: TestDesk) -> None:
    """So it is not reminded again, and closes when it would have."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.clock.advance(days=1)
    before = desk.case(number)
    desk.verbs.move(number, Request(Status.IN_PROGRESS))
    desk.clock.advance(seconds=60)
    undo(desk).undo()
    after = desk.case(number)
    assert columns(after) == columns(before)
    assert after.version == before.version + 2
    assert desk.sweeper.sweep().reminded == ()
    last = desk.board.history(number)[-1]
    assert (last.what, last.start, last.target) == (What.UNDONE, Status.IN_PROGRESS, Status.CUSTOMER_INPUT)
    desk.clock.advance(days=20)
    assert desk.sweeper.sweep().closed == (number,)
    assert list(problems(desk.store)) == []


def test_after_a_minute_it_is_too_late(desk: TestDesk) -> None:
    """Sixty seconds count, sixty-one do not."""
    number = desk.open()
    desk.clock.advance(minutes=5)
    desk.verbs.assign(number, "ben")
    desk.clock.advance(seconds=61)
    with pytest.raises(Refused, match="You did nothing in the last"):
        undo(desk).undo()


def test_only_ones_own_last_act_on_that_case(desk: TestDesk) -> None:
    """Another agent's act is not mine to take back; and a case that does not exist is said so."""
    one, other = desk.open(), desk.open()
    desk.clock.advance(minutes=5)
    desk.verbs.assign(one, "ana")
    desk.verbs.assign(other, "ana")
    with pytest.raises(Refused, match=f"on case {one}"):
        undo(desk, "ben").undo(one)
    undo(desk).undo(one)
    assert (desk.case(one).owner, desk.case(other).owner) == (None, "ana")
    with pytest.raises(NoSuchCase):
        undo(desk).undo(99)


def test_what_happened_since_is_in_the_way(desk: TestDesk) -> None:
    """Another agent's note, or the customer's comment; reading is not."""
    number = desk.open()
    desk.answer(number)
    desk.agent("ben").read(number)
    desk.agent("ben").comment(number, CommentKind.CUSTOMER, "No!")
    with pytest.raises(Refused, match=r"too late to take that back.*Reopened since"):
        undo(desk).undo(number)
    assert desk.case(number).status is Status.REOPENED


def test_acts_are_taken_back_one_after_the_other(desk: TestDesk) -> None:
    """What was taken back is not in the way of what was done before it."""
    number = desk.open()
    desk.clock.advance(minutes=5)
    before = columns(desk.case(number))
    desk.verbs.assign(number, "ben")
    desk.verbs.edit(number, {"priority": Priority.DOWN})
    assert undo(desk).undo().does == "edited"
    assert undo(desk).undo().does == "assigned"
    assert columns(desk.case(number)) == before
    with pytest.raises(Refused):
        undo(desk).undo()


def test_an_answer_taken_back_does_not_count_as_an_answer(desk: TestDesk) -> None:
    """Awaiting Customer Confirmation asks for it again."""
    number = desk.open()
    desk.verbs.comment(number, CommentKind.PUBLIC, "Oops, wrong case.")
    undo(desk).undo()
    with pytest.raises(Refused, match="the answer"):
        desk.verbs.move(number, Request(Status.CONFIRMATION))


def test_a_case_is_never_unopened(desk: TestDesk) -> None:
    """The sentence says what to do instead."""
    desk.open()
    with pytest.raises(Refused, match="close it instead"):
        undo(desk).undo()


ACTS = ("assign", "edit", "ask", "answer", "test", "hold", "extend", "note", "customer", "close")


def act(desk: TestDesk, number: int, name: str) -> None:
    """Do one of the acts, if it is allowed."""
    verbs = desk.verbs
    acts = {
        "assign": lambda: verbs.assign(number, "ana"),
        "edit": lambda: verbs.edit(number, {"account": "ETH"}),
        "ask": lambda: desk.ask(number),
        "answer": lambda: desk.answer(number),
        "test": lambda: desk.test(number),
        "hold": lambda: verbs.hold(number, "30d", "away"),
        "extend": lambda: verbs.extend(number, "7d", "away"),
        "note": lambda: verbs.comment(number, CommentKind.INTERNAL, "hm"),
        "customer": lambda: desk.customer(number),
        "close": lambda: verbs.move(number, Request(Status.CLOSED)),
    }
    acts[name]()


@given(names=st.lists(st.sampled_from(ACTS), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_undo_is_the_inverse_of_every_act(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever was done, taking it all back restores the case, and the history still replays."""
    from tests.desks import desk_in  # noqa: PLC0415 - one desk an example

    with desk_in(tmp_path_factory.mktemp("undo")) as desk:
        number = desk.open()
        desk.clock.advance(minutes=5)
        states = []
        for name in names:
            before = desk.case(number)
            try:
                act(desk, number, name)
            except Refused:
                continue
            if desk.case(number).version != before.version:
                states.append(columns(before))
        while states:
            undo(desk).undo(number)
            assert columns(desk.case(number)) == states.pop()
        assert list(problems(desk.store)) == []
