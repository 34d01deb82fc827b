"""Taking back: an agent's own last act, for a minute, by a new entry."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetui.cli.root import run
from casetui.cli.session import Session
from casetui.desk.check import problems
from casetui.desk.undo import Undo
from casetui.domain.errors import NoSuchCase, Refused
from casetui.domain.history import REPLAYED
from casetui.domain.records import Case, Priority, Request, What
from casetui.domain.workflow import CommentKind, Status
from casetui.settings import load
from casetui.tui.bridge import Bridge
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


async def test_a_desk_may_have_it_longer_or_shorter(desk: TestDesk, tmp_path: Path) -> None:
    """``undo_seconds`` of the settings holds on the command line and on the screen, and refusals say it."""
    file = tmp_path / "config.toml"
    file.write_text("undo_seconds = 90")
    options = ["--config", str(file), "--database", str(desk.store.path), "--as", "ana"]
    number = desk.open()
    desk.verbs.assign(number, "ben")
    desk.clock.advance(seconds=90)
    assert run([*options, "undo"], Session(clock=desk.clock)) == 0
    assert desk.case(number).owner is None
    settings = load(database=None, agent=None, config=str(file))
    bridge = Bridge(desk.store.path, desk.clock, "ana", settings=settings)
    try:
        undone = await bridge.read(lambda there: there.undo.last_undone())
        assert undone.until == desk.clock.now() + timedelta(seconds=90)
        desk.clock.advance(seconds=91)
        with pytest.raises(Refused, match="You took nothing back in the last 90 seconds"):
            await bridge.read(lambda there: there.undo.last_undone())
    finally:
        bridge.close()


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


def test_what_was_taken_back_is_done_again_as_it_was(desk: TestDesk) -> None:
    """Status, stay number, beginning and deadlines, by a new entry; and it can be taken back again."""
    number = desk.open()
    desk.clock.advance(days=1)
    before = columns(desk.case(number))
    done = columns(desk.ask(number))
    for _ in range(2):
        desk.clock.advance(seconds=40)
        undo(desk).undo()
        assert columns(desk.case(number)) == before
        desk.clock.advance(seconds=40)
        again = undo(desk).redo()
        assert again.says == "replied, moved to Pending Customer Input"
        assert columns(desk.case(number)) == done
    last = desk.board.history(number)[-1]
    assert (last.what, last.start, last.target) == (What.REDONE, Status.NEW, Status.CUSTOMER_INPUT)
    assert len(desk.board.history(number)) == 7
    assert list(problems(desk.store)) == []


def test_a_stay_done_again_is_reminded_and_closed_once(desk: TestDesk) -> None:
    """Neither the stay that was left and came back, nor the one that was taken back and came again."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    desk.verbs.move(number, Request(Status.CUSTOMER_INPUT, comment="And which browser?"))
    undo(desk).undo()
    assert desk.sweeper.sweep().reminded == ()
    undo(desk).redo()
    assert desk.sweeper.sweep().reminded == ()
    desk.clock.advance(days=7)
    assert desk.sweeper.sweep().reminded == (number,)
    assert desk.sweeper.sweep().reminded == ()
    desk.clock.advance(days=21)
    assert desk.sweeper.sweep().closed == (number,)
    assert list(problems(desk.store)) == []


def test_what_the_timer_did_in_between_is_in_the_way(desk: TestDesk) -> None:
    """The stay that came back was due and was reminded: its customer's week is not taken away again."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=6, hours=23, minutes=59, seconds=30)
    desk.verbs.move(number, Request(Status.IN_PROGRESS))
    undo(desk).undo()
    desk.clock.advance(seconds=30)
    desk.sweeper.sweep()
    with pytest.raises(Refused, match=r"too late to do that again: case 1, timer:reminder reminded it since"):
        undo(desk).redo()


def test_reading_is_nothing_and_stays_read(desk: TestDesk) -> None:
    """What somebody has read between the two is not unread again."""
    number = desk.open()
    desk.clock.advance(days=1)
    desk.customer(number)
    undo(desk).undo()
    undo(desk).redo()
    assert desk.case(number).unread
    desk.agent("ben").read(number)
    undo(desk).undo()
    undo(desk).redo()
    assert not desk.case(number).unread
    assert list(problems(desk.store)) == []


def test_acts_are_done_again_one_after_the_other(desk: TestDesk) -> None:
    """The last one that was taken back first; what is done anew ends that."""
    number = desk.open()
    desk.clock.advance(days=1)
    desk.verbs.assign(number, "ben")
    desk.verbs.edit(number, {"priority": Priority.DOWN})
    done = columns(desk.case(number))
    undo(desk).undo()
    undo(desk).undo()
    assert undo(desk).redo().does == "assigned"
    assert undo(desk).redo().does == "edited"
    assert columns(desk.case(number)) == done
    undo(desk).undo()
    desk.verbs.comment(number, CommentKind.INTERNAL, "hm")
    undo(desk).undo()
    assert undo(desk).redo().does == "commented"
    with pytest.raises(Refused, match="too late"):
        undo(desk).redo()
    assert undo(desk).undo().does == "commented"
    assert undo(desk).undo().does == "assigned"


def test_an_act_on_many_is_done_again_on_all_or_on_none(desk: TestDesk) -> None:
    """One case that somebody has touched since keeps all of them as they are."""
    numbers = [desk.open() for _ in range(3)]
    desk.clock.advance(days=1)
    hands = desk.verbs.as_one()
    for number in numbers:
        hands.assign(number, "ana")
    assert undo(desk).undo().numbers == tuple(numbers)
    assert undo(desk).redo(numbers[1]).numbers == tuple(numbers)
    assert {desk.case(number).owner for number in numbers} == {"ana"}
    undo(desk).undo()
    desk.agent("ben").assign(numbers[2], "ben")
    with pytest.raises(Refused, match="case 3, ben assigned it since"):
        undo(desk).redo()
    assert [desk.case(number).owner for number in numbers] == [None, None, "ben"]


def test_what_stood_on_an_act_that_was_taken_back_waits_for_it(desk: TestDesk) -> None:
    """Ben's owner came after ana's question: taken back in turn, they are done again in turn, or not at all."""
    number = desk.open()
    desk.clock.advance(days=1)
    desk.ask(number)
    desk.agent("ben").assign(number, "ben")
    done = columns(desk.case(number))
    undo(desk, "ben").undo()
    undo(desk).undo()
    with pytest.raises(Refused, match="case 1, ana took back: commented and moved since"):
        undo(desk, "ben").redo()
    assert desk.case(number).status is Status.NEW
    undo(desk).redo()
    undo(desk, "ben").redo()
    assert columns(desk.case(number)) == done
    assert list(problems(desk.store)) == []


def test_only_what_was_shown_is_done_again_and_for_a_minute(desk: TestDesk) -> None:
    """Another act that was taken back since is left alone; sixty-one seconds are too long."""
    number = desk.open()
    desk.clock.advance(days=1)
    desk.verbs.assign(number, "ben")
    shown = undo(desk).undo().act
    desk.verbs.comment(number, CommentKind.INTERNAL, "hm")
    undo(desk).undo()
    with pytest.raises(Refused, match="another act by now: commented"):
        undo(desk).redo(act=shown)
    desk.clock.advance(seconds=61)
    with pytest.raises(Refused, match="You took nothing back in the last"):
        undo(desk).redo()


def test_an_answer_done_again_counts_as_an_answer(desk: TestDesk) -> None:
    """Awaiting Customer Confirmation asks for no other one."""
    number = desk.open()
    desk.verbs.comment(number, CommentKind.PUBLIC, "Clear the cache.")
    undo(desk).undo()
    undo(desk).redo()
    assert desk.verbs.move(number, Request(Status.CONFIRMATION)).status is Status.CONFIRMATION


@given(steps=st.lists(st.sampled_from((*ACTS, "undo", "redo")), min_size=2, max_size=14))
@settings(max_examples=80, deadline=None)
def test_redo_is_the_inverse_of_undo(steps: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """In any order of acts, undos and redos the case is what a list of states would say, and replays."""
    from tests.desks import desk_in  # noqa: PLC0415 - one desk an example

    with desk_in(tmp_path_factory.mktemp("redo")) as desk:
        number = desk.open()
        desk.clock.advance(minutes=5)
        states, at = [columns(desk.case(number))], 0
        for step in steps:
            again, version = step in ("undo", "redo"), desk.case(number).version
            try:
                if again:
                    getattr(undo(desk), step)(number)
                    at += 1 if step == "redo" else -1
                else:
                    act(desk, number, step)
            except Refused:
                assert not again or at == (0 if step == "undo" else len(states) - 1)
            if not again and desk.case(number).version != version:
                at += 1
                states[at:] = [columns(desk.case(number))]
            assert columns(desk.case(number)) == states[at]
        assert list(problems(desk.store)) == []
