"""What agents do with cases, on a real database."""

from collections.abc import Callable

import pytest

from casetui.domain.errors import Misused, NoSuchCase, Overtaken, Refused
from casetui.domain.history import differences
from casetui.domain.records import Facts, Priority, Request, What
from casetui.domain.workflow import CommentKind, Status
from tests.desks import TestDesk


def test_a_new_case_is_in_new_and_read_although_the_customer_wrote(desk: TestDesk) -> None:
    """The opening words are the first customer's comment; New says enough."""
    case = desk.verbs.open(Facts("Login fails", contact="Ada"), "It says 403.")
    assert (case.status, case.stay, case.unread, case.version) == (Status.NEW, 1, False, 1)
    history = desk.board.history(case.number)
    assert [(entry.what, entry.kind, entry.author) for entry in history] == [
        (What.OPENED, None, None),
        (What.COMMENTED, CommentKind.CUSTOMER, "Ada"),
    ]


def test_a_move_changes_status_stay_and_version_at_one_instant(desk: TestDesk) -> None:
    """A move begins a new stay, with the question in the same transaction."""
    number = desk.open()
    desk.clock.advance(hours=1)
    case = desk.ask(number)
    assert (case.status, case.stay, case.version) == (Status.CUSTOMER_INPUT, 2, 2)
    assert case.status_since == case.updated_at == desk.clock.now()
    comment, moved = desk.board.history(number)[-2:]
    assert (comment.body, comment.at) == ("Which version is it?", moved.at)
    assert (moved.start, moved.target, moved.by) == (Status.NEW, Status.CUSTOMER_INPUT, "ana")


def test_asking_again_is_a_new_stay_with_a_new_clock(desk: TestDesk) -> None:
    """Entering the same status again begins its promises anew."""
    number = desk.open()
    first = desk.ask(number)
    desk.clock.advance(days=8)
    desk.sweeper.sweep()
    again = desk.ask(number)
    assert again.stay == first.stay + 1
    assert again.reminded_at is None
    assert again.close_at is not None
    assert first.close_at is not None
    assert again.close_at > first.close_at


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(Status.RELEASE, release="2026.1"), "It can go to Under Review"),
        (Request(Status.CUSTOMER_INPUT), "asks for a public comment: the question"),
        (Request(Status.CUSTOMER_INPUT, comment="  \n "), "asks for a public comment"),
        (Request(Status.CONFIRMATION), "asks for a public comment: the answer"),
        (Request(Status.CONTENT), "asks for a reason: ingestion or new_content or clean_up or cataloging"),
        (Request(Status.CONTENT, reason="defect"), "'defect' is no reason"),
        (Request(Status.IN_PROGRESS, reason="defect"), "takes no reason"),
        (Request(Status.UPDATE_RECEIVED, override="because"), "only events lead to .* It can go to Under Review"),
        (Request(Status.DEVELOPMENT, override=" "), "needs a note"),
        (Request(Status.CLOSED, as_customer=True), "the customer cannot move it"),
    ],
)
def test_a_refused_move_changes_nothing_and_says_what_would_be_right(
    desk: TestDesk, request_: Request, words: str
) -> None:
    """The sentence names the moves that are allowed, or what the move asks for."""
    number = desk.open()
    before = desk.case(number), desk.board.history(number)
    with pytest.raises(Refused, match=words):
        desk.verbs.move(number, request_)
    assert (desk.case(number), desk.board.history(number)) == before


def test_the_answer_may_have_been_given_already(desk: TestDesk) -> None:
    """Awaiting Customer Confirmation asks for no comment when the newest one is public, whatever came before."""
    number = desk.open()
    desk.verbs.comment(number, CommentKind.PUBLIC, "Clear the cache, please.")
    desk.verbs.comment(number, CommentKind.INTERNAL, "A known issue.")
    with pytest.raises(Refused, match="the answer"):
        desk.verbs.move(number, Request(Status.CONFIRMATION))
    desk.verbs.comment(number, CommentKind.PUBLIC, "It is a known issue; clear the cache.")
    assert desk.verbs.move(number, Request(Status.CONFIRMATION)).status is Status.CONFIRMATION


def test_only_its_owner_moves_a_case_to_pending_release(desk: TestDesk) -> None:
    """The fixed rule of the support centre; an override's note stands in for it."""
    number = desk.open()
    desk.verbs.move(number, Request(Status.TIER_2))
    desk.verbs.move(number, Request(Status.DEVELOPMENT, reason="defect"))
    with pytest.raises(
        Refused, match=r"belongs to nobody\. It can go to In Progress - Tier 2, Pending Customer Input"
    ):
        desk.verbs.move(number, Request(Status.RELEASE, release="2026.1"))
    desk.verbs.assign(number, "ana")
    with pytest.raises(Refused, match="belongs to ana"):
        desk.agent("ben").move(number, Request(Status.RELEASE, release="2026.1"))
    case = desk.verbs.move(number, Request(Status.RELEASE, release="2026.1"))
    assert (case.status, case.release, case.reason) == (Status.RELEASE, "2026.1", "defect")
    back = desk.verbs.move(number, Request(Status.DEVELOPMENT, reason="diagnosis"))
    assert back.reason == "diagnosis"
    again = desk.agent("ben").move(number, Request(Status.RELEASE, override="ana is away"))
    assert again.status is Status.RELEASE
    assert desk.board.history(number)[-1].note == "override: ana is away"


def test_an_override_leads_to_any_status_but_three(desk: TestDesk) -> None:
    """From any open status to any but New, Update Received and Reopened; the history says that it was one."""
    for target in set(Status) - {Status.NEW, Status.UPDATE_RECEIVED, Status.REOPENED}:
        number = desk.open()
        assert desk.verbs.move(number, Request(target, override="told by phone")).status is target
        assert desk.board.history(number)[-1].note == "override: told by phone"


def test_a_customers_comment_moves_the_case_and_marks_it_unread(desk: TestDesk) -> None:
    """Pending Customer Input becomes Update Received, Awaiting Customer Confirmation becomes Reopened."""
    asked, answered = desk.open(), desk.open()
    desk.ask(asked)
    desk.answer(answered)
    one, other = desk.customer(asked), desk.customer(answered)
    assert (one.status, one.unread, one.close_at, one.remind_at) == (Status.UPDATE_RECEIVED, True, None, None)
    assert (other.status, other.unread, other.close_at) == (Status.REOPENED, True, None)
    assert desk.board.history(asked)[-1].by == "customer"


def test_every_other_status_stays_when_the_customer_comments(desk: TestDesk) -> None:
    """The stay goes on, with its clock, and the case is unread."""
    number = desk.open()
    before = desk.test(number)
    desk.clock.advance(days=1)
    after = desk.customer(number)
    assert after.unread
    assert (after.status, after.stay, after.close_at) == (before.status, before.stay, before.close_at)


def test_a_closed_case_takes_no_more_of_the_customers_words(desk: TestDesk) -> None:
    """The refusal offers the clone, which is linked both ways and begins in New."""
    number = desk.open()
    desk.verbs.move(number, Request(Status.CLOSED))
    with pytest.raises(Refused, match=f"casetui clone {number}"):
        desk.customer(number)
    with pytest.raises(Refused, match="final"):
        desk.verbs.move(number, Request(Status.IN_PROGRESS, override="please"))
    clone = desk.verbs.clone(number, "Search times out again")
    assert (clone.status, clone.cloned_from, clone.account, clone.subject) == (
        Status.NEW,
        number,
        "Uni Ghent",
        "Search times out again",
    )
    assert desk.case(number).clones == (clone.number,)
    assert desk.case(number).status is Status.CLOSED


def test_unread_ends_when_an_agent_opens_comments_or_moves(desk: TestDesk) -> None:
    """Looking at lists and at the case from the command line does not end it; assigning neither."""
    acts: list[Callable[[int], object]] = [
        desk.verbs.read,
        lambda number: desk.verbs.comment(number, CommentKind.INTERNAL, "seen"),
        lambda number: desk.verbs.move(number, Request(Status.IN_PROGRESS)),
    ]
    for act in acts:
        number = desk.open()
        desk.customer(number)
        desk.verbs.assign(number, "ben")
        desk.board.listed()
        assert desk.case(number).unread
        act(number)
        assert not desk.case(number).unread


def test_reading_overtakes_nobody(desk: TestDesk) -> None:
    """An agent who opened the case before another did can still write."""
    number = desk.open()
    seen = desk.customer(number).version
    desk.agent("ben").read(number, seen=seen)
    assert desk.verbs.assign(number, "ana", seen=seen).owner == "ana"


def test_assigning_a_case_to_its_owner_is_nothing_to_tell(desk: TestDesk) -> None:
    """No entry, no new version; that it belongs to nobody neither."""
    number = desk.open()
    before = desk.case(number)
    assert desk.verbs.assign(number, None) == before
    given = desk.verbs.assign(number, "ana")
    assert desk.agent("ben").assign(number, "ana") == given
    assert len(desk.board.history(number)) == 2


def test_whoever_was_slower_is_refused_and_told_what_happened(desk: TestDesk) -> None:
    """Every write carries the version that its agent saw."""
    number = desk.open()
    seen = desk.case(number).version
    desk.agent("ben").move(number, Request(Status.IN_PROGRESS), seen=seen)
    with pytest.raises(Overtaken, match="ben moved it to In Progress"):
        desk.verbs.comment(number, CommentKind.PUBLIC, "Hello", seen=seen)
    assert all(entry.kind is None for entry in desk.board.history(number))


def test_the_customer_confirms_and_the_case_is_closed(desk: TestDesk) -> None:
    """A move of the customer's own is in the customer's name and asks for nothing."""
    number = desk.open()
    desk.answer(number)
    case = desk.verbs.move(number, Request(Status.CLOSED, as_customer=True))
    assert (case.status, case.closed_at) == (Status.CLOSED, desk.clock.now())
    last = desk.board.history(number)[-1]
    assert (last.by, last.note) == ("customer", "recorded by ana")


def test_facts_are_edited_one_by_one_and_the_history_says_how(desk: TestDesk) -> None:
    """What is so already is no change, and no entry."""
    number = desk.open()
    case = desk.verbs.edit(number, {"priority": Priority.DOWN, "account": "ETH", "contact": "J. Peeters"})
    assert (case.priority, case.account, case.version) == (Priority.DOWN, "ETH", 2)
    assert desk.board.history(number)[-1].note == "priority: normal -> down; account: Uni Ghent -> ETH"
    assert desk.verbs.edit(number, {"priority": Priority.DOWN}).version == 2
    with pytest.raises(Misused, match="Dedicated-Direct"):
        desk.verbs.edit(number, {"installation": "cloud"})
    with pytest.raises(Refused, match="needs a subject"):
        desk.verbs.edit(number, {"subject": "  "})


def test_an_extension_moves_the_closure_by_a_period_or_to_a_date(desk: TestDesk) -> None:
    """Only to a later time, only with a reason, only where a clock runs, and only for this stay."""
    number = desk.open()
    with pytest.raises(Refused, match="no clock runs"):
        desk.verbs.extend(number, "7d", "holidays")
    closes = desk.ask(number).close_at
    assert closes is not None
    later = desk.verbs.extend(number, "7d", "holidays").close_at
    assert later is not None
    assert (later - closes).days == 7
    with pytest.raises(Refused, match="later time"):
        desk.verbs.extend(number, "2026-01-06", "holidays")
    with pytest.raises(Refused, match="reason"):
        desk.verbs.extend(number, "7d", " ")
    with pytest.raises(Misused, match="neither a period"):
        desk.verbs.extend(number, "soon", "holidays")
    assert desk.verbs.extend(number, "2026-06-01", "holidays").close_at is not None
    assert desk.ask(number).close_at == closes


def test_an_extension_leads_to_a_time_that_is_to_come(desk: TestDesk) -> None:
    """What is long overdue is not extended to yesterday, where the next sweep would close it all the same."""
    number = desk.open()
    closes = desk.answer(number).close_at
    desk.clock.advance(days=20)
    with pytest.raises(Refused, match="is past"):
        desk.verbs.extend(number, "6d", "holidays")
    assert desk.case(number).close_at == closes
    desk.verbs.extend(number, "7d", "holidays")
    assert desk.sweeper.sweep().closed == ()


def test_no_clock_goes_where_it_could_not_be_shown(desk: TestDesk) -> None:
    """However often it is extended; a case that closes in the year 9999 would end every screen that shows it."""
    number = desk.open()
    closes = desk.ask(number).close_at
    for to in ("9999-12-31", "9999-12-31T23:59:59-05:00"):
        with pytest.raises(Misused, match="too far away"):
            desk.verbs.extend(number, to, "for ever")
        with pytest.raises(Misused, match="too far away"):
            desk.verbs.hold(number, to, "for ever")
    assert desk.case(number).close_at == closes
    desk.verbs.extend(number, "9999mo", "for ever")
    with pytest.raises(Misused, match="beyond the year 2999"):
        desk.verbs.extend(number, "9999mo", "for ever")


def test_a_hold_ends_with_its_stay(desk: TestDesk) -> None:
    """A new stay is not held; a case without a clock cannot be."""
    number = desk.open()
    with pytest.raises(Refused, match="no clock runs"):
        desk.verbs.hold(number, None, "the customer is away")
    desk.ask(number)
    held = desk.verbs.hold(number, "2026-02-01", "the customer is away")
    assert held.held(desk.clock.now())
    with pytest.raises(Refused, match="past"):
        desk.verbs.hold(number, "2025-02-01", "the customer is away")
    moved = desk.verbs.move(number, Request(Status.IN_PROGRESS))
    assert (moved.hold_reason, moved.held_until) == (None, None)
    with pytest.raises(Refused, match="is not held"):
        desk.verbs.release(number)


def test_every_history_replays_to_its_case(desk: TestDesk) -> None:
    """Whatever agents did, the entries account for every column."""
    numbers = [desk.open() for _ in range(3)]
    desk.ask(numbers[0])
    desk.verbs.hold(numbers[0], "2026-03-01", "waits")
    desk.verbs.extend(numbers[0], "2w", "holidays")
    desk.verbs.release(numbers[0])
    desk.answer(numbers[1])
    desk.customer(numbers[1])
    desk.verbs.read(numbers[1])
    desk.verbs.assign(numbers[2], "ben")
    desk.verbs.clone(numbers[2])
    desk.verbs.move(numbers[2], Request(Status.CONTENT, reason="clean_up"))
    for case in desk.board.listed():
        assert differences(case, desk.board.history(case.number)) == []


def test_what_does_not_exist_is_said_so(desk: TestDesk) -> None:
    """An unknown number is one sentence."""
    with pytest.raises(NoSuchCase, match=r"There is no case 99\."):
        desk.verbs.assign(99, "ana")
    with pytest.raises(NoSuchCase):
        desk.board.case(99)


@pytest.mark.parametrize("name", ["", "  ", "customer", "timer:closure"])
def test_an_agent_cannot_pass_for_the_customer_or_the_timer(desk: TestDesk, name: str) -> None:
    """Histories say who did what, so two names are taken."""
    with pytest.raises(Misused, match="--as"):
        desk.agent(name)


@pytest.mark.parametrize("address", ["bad mail", "jo", "jo@", "@example.org", "jo@x@example.org"])
def test_what_no_letter_can_be_sent_to_is_refused(desk: TestDesk, address: str) -> None:
    """An agent hears of it at once, and not from a server in a week; what an import brought stays as it is."""
    number = desk.open()
    with pytest.raises(Misused, match="is no e-mail address"):
        desk.verbs.edit(number, {"email": address})
    with pytest.raises(Misused, match="is no e-mail address"):
        desk.verbs.open(Facts("x", email=address))
    assert desk.verbs.edit(number, {"email": " jo@böse.example "}).email == "jo@böse.example"
    assert desk.verbs.edit(number, {"email": None}).email is None
