"""Thirty cases from the test suites of other desks, told in our words and lived on a real desk of ours.

Each names the project and the file that it was read in. Where their rule is another one on purpose, the case
asserts ours and says so.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casetui.desk.check import problems
from casetui.desk.policies import PolicyBook
from casetui.domain.errors import Refused
from casetui.domain.records import What
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Status
from tests.desks import START, TestDesk
from tests.mailserver import MailServer
from tests.test_outbox import deliver, outbox

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # aiosmtpd leaves its sockets open

ZNUNY = "znuny/Znuny scripts/test/Console/Command/Maint/Ticket/PendingCheck.t"
CHATWOOT = "chatwoot/chatwoot spec/jobs/conversations/resolution_job_spec.rb"
SNOOZED = "chatwoot/chatwoot spec/jobs/conversations/reopen_snoozed_conversations_job_spec.rb"
FOLLOW_UP = "zammad/zammad spec/models/channel/filter/follow_up_possible_check_spec.rb"
TICKET = "zammad/zammad spec/models/ticket_spec.rb"
ABSENT = "zammad/zammad spec/models/channel/filter/out_of_office_check_spec.rb"
BOUNCED = "zammad/zammad spec/models/channel/filter/bounce_delivery_permanent_failed_spec.rb"
GLPI = "glpi-project/glpi tests/functional/PendingReasonTest.php"
FRAPPE = "frappe/helpdesk helpdesk/helpdesk/doctype/hd_ticket/test_hd_ticket.py"

Life = Callable[[TestDesk], None]
CASES: list[tuple[str, Life]] = []


def case(source: str) -> Callable[[Life], Life]:
    """Add a case that was read in a file of another desk."""

    def add(life: Life) -> Life:
        CASES.append((source, life))
        return life

    return add


def after(desk: TestDesk, **length: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Let time pass, and the timer run; return whom it reminded and what it closed."""
    desk.clock.advance(**length)
    done = desk.sweeper.sweep()
    return done.reminded, done.closed


@case(ZNUNY)
def _auto_close_is_not_before_the_pending_time(desk: TestDesk) -> None:
    """Auto close is not before the pending time."""
    number = desk.open()
    desk.answer(number)
    assert after(desk, days=12, hours=12) == ((), ())
    assert desk.case(number).status is Status.CONFIRMATION


@case(ZNUNY)
def _auto_close_follows_the_first_check_after_it(desk: TestDesk) -> None:
    """Auto close follows the first check after it."""
    number = desk.open()
    desk.answer(number)
    assert after(desk, days=14, hours=3) == ((), (number,))
    assert desk.case(number).status is Status.CLOSED


@case(CHATWOOT)
def _without_a_duration_nothing_is_resolved(desk: TestDesk) -> None:
    """Without a duration nothing is resolved."""
    number = desk.open()  # New promises nothing
    assert after(desk, days=400) == ((), ())
    assert desk.case(number).status is Status.NEW


@case(CHATWOOT)
def _silence_beyond_the_duration_resolves(desk: TestDesk) -> None:
    """Silence beyond the duration resolves."""
    PolicyBook(desk.store, desk.clock, "ana").set("awaiting_customer_confirmation.close=10d")
    number = desk.open()
    desk.answer(number)
    assert after(desk, days=13) == ((), (number,))


@case(CHATWOOT)
def _who_waits_for_an_agent_is_not_resolved(desk: TestDesk) -> None:
    """Who waits for an agent is not resolved."""
    # Theirs is a setting; here nothing closes while a customer's comment is unread, ever.
    number = desk.open()
    desk.test(number)
    desk.customer(number, "Not yet, and what is this message?")
    assert after(desk, days=120) == ((), ())
    assert [(act.case.number, act.held) for act in desk.board.due(desk.clock.now())] == [(number, "unread")]


@case(CHATWOOT)
def _all_silent_ones_are_resolved_together(desk: TestDesk) -> None:
    """All silent ones are resolved together."""
    numbers = tuple(desk.open() for _ in range(2))
    for number in numbers:
        desk.answer(number)
    assert after(desk, days=14) == ((), numbers)


@case(CHATWOOT)
def _one_run_does_a_limited_number(desk: TestDesk) -> None:
    """One run does a limited number."""
    # Theirs leaves the rest for the next run; ours goes on, a limited number in each transaction.
    numbers = [desk.open() for _ in range(3)]
    for number in numbers:
        desk.answer(number)
    desk.clock.advance(days=14)
    steps = [step.closed for step in desk.sweeper.steps(Missed.APPLY)]
    assert [number for step in steps for number in step] == numbers


@case(SNOOZED)
def _a_hold_that_is_over_lets_the_timer_go_on(desk: TestDesk) -> None:
    """A hold that is over lets the timer go on."""
    number = desk.open()
    desk.answer(number)
    desk.clock.advance(days=13)
    desk.verbs.hold(number, "2d", "travelling")
    assert after(desk, days=1) == ((), ())
    assert after(desk, days=1, minutes=5) == ((), (number,))


@case(SNOOZED)
def _a_hold_until_tomorrow_holds_today(desk: TestDesk) -> None:
    """A hold until tomorrow holds today."""
    number = desk.open()
    desk.answer(number)
    desk.clock.advance(days=13, hours=23)
    desk.verbs.hold(number, "1d", "asked us to wait")
    assert after(desk, hours=23) == ((), ())


@case(SNOOZED)
def _a_hold_without_an_end_holds(desk: TestDesk) -> None:
    """A hold without an end holds."""
    number = desk.open()
    desk.answer(number)
    desk.verbs.hold(number, None, "the library is moving")
    assert after(desk, days=700) == ((), ())
    desk.verbs.release(number)
    assert after(desk) == ((), (number,))


@case(FOLLOW_UP)
def _a_reply_to_a_closed_ticket_needs_a_new_one(desk: TestDesk) -> None:
    """A reply to a closed ticket needs a new one."""
    number = desk.open()
    desk.answer(number)
    after(desk, days=14)
    with pytest.raises(Refused, match="clone"):
        desk.customer(number, "It is back.")
    clone = desk.verbs.clone(number)
    assert (clone.status, clone.cloned_from) == (Status.NEW, number)


@case(FOLLOW_UP)
def _a_reply_to_a_new_ticket_joins_it(desk: TestDesk) -> None:
    """A reply to a new ticket joins it."""
    number = desk.open()
    assert desk.customer(number, "One more thing.").status is Status.NEW


@case(FOLLOW_UP)
def _a_closed_ticket_is_reopened_within_two_days(desk: TestDesk) -> None:
    """A closed ticket is reopened within two days."""
    # Theirs reopens within a time that is set; here closed is final from the first second.
    number = desk.open()
    desk.answer(number)
    after(desk, days=14)
    desk.clock.advance(days=2)
    with pytest.raises(Refused):
        desk.customer(number)
    assert desk.case(number).status is Status.CLOSED


@case(FOLLOW_UP)
def _no_ticket_is_reopened_after_five_days(desk: TestDesk) -> None:
    """No ticket is reopened after five days."""
    number = desk.open()
    desk.answer(number)
    after(desk, days=14)
    desk.clock.advance(days=5)
    with pytest.raises(Refused):
        desk.customer(number)


@case(TICKET)
def _a_customers_article_leaves_new_as_it_is(desk: TestDesk) -> None:
    """A customers article leaves new as it is."""
    number = desk.open()
    after_it = desk.customer(number, "Also in the other browser.")
    assert (after_it.status, after_it.unread) == (Status.NEW, True)


@case(TICKET)
def _an_agents_article_opens_a_new_ticket(desk: TestDesk) -> None:
    """An agents article opens a new ticket."""
    # Theirs moves to "open"; here a comment of ours moves nothing, and the agent says where the case goes.
    number = desk.open()
    assert desk.verbs.comment(number, CommentKind.PUBLIC, "We look into it.").status is Status.NEW


@case(TICKET)
def _an_agents_article_leaves_closed_as_it_is(desk: TestDesk) -> None:
    """An agents article leaves closed as it is."""
    number = desk.open()
    desk.answer(number)
    after(desk, days=14)
    noted = desk.verbs.comment(number, CommentKind.INTERNAL, "Seen at the conference, all is well.")
    assert noted.status is Status.CLOSED


@case(TICKET)
def _leaving_the_pending_state_drops_the_pending_time(desk: TestDesk) -> None:
    """Leaving the pending state drops the pending time."""
    number = desk.open()
    assert desk.ask(number).close_at == START + timedelta(days=28)
    answered = desk.customer(number)
    assert (answered.status, answered.remind_at, answered.close_at) == (Status.UPDATE_RECEIVED, None, None)


@case(TICKET)
def _a_relative_pending_time_counts_from_now(desk: TestDesk) -> None:
    """A relative pending time counts from now."""
    PolicyBook(desk.store, desk.clock, "ana").set("pending_customer_input.remind=2d")
    number = desk.open()
    desk.clock.advance(days=5)
    assert desk.ask(number).remind_at == desk.clock.now() + timedelta(days=2)


@case(TICKET)
def _an_article_leaves_the_owner(desk: TestDesk) -> None:
    """An article leaves the owner."""
    number = desk.open()
    desk.verbs.assign(number, "ben")
    desk.verbs.comment(number, CommentKind.PUBLIC, "Done.")
    assert desk.customer(number).owner == "ben"


@case(TICKET)
def _a_subject_names_the_ticket(desk: TestDesk) -> None:
    """A subject names the ticket."""
    number = desk.open()
    desk.ask(number)
    after(desk, days=7)
    (letter,) = outbox(desk)
    assert f"[Case {number}]" in letter.subject


@case(GLPI)
def _a_question_just_asked_is_not_bumped(desk: TestDesk) -> None:
    """A question just asked is not bumped."""
    number = desk.open()
    desk.ask(number)
    assert after(desk) == ((), ())


@case(GLPI)
def _a_second_before_the_bump_nothing_happens(desk: TestDesk) -> None:
    """A second before the bump nothing happens."""
    number = desk.open()
    desk.ask(number)
    assert after(desk, days=7, seconds=-1) == ((), ())


@case(GLPI)
def _at_the_bump_the_customer_is_reminded(desk: TestDesk) -> None:
    """At the bump the customer is reminded."""
    number = desk.open()
    desk.ask(number)
    assert after(desk, days=7) == ((number,), ())


@case(GLPI)
def _a_second_bump_comes_after_the_same_time(desk: TestDesk) -> None:
    """A second bump comes after the same time."""
    # Theirs reminds as often as is set; here once a stay, and asking again begins another stay.
    number = desk.open()
    desk.ask(number)
    after(desk, days=7)
    assert after(desk, days=7) == ((), ())
    desk.ask(number)
    assert after(desk, days=7) == ((number,), ())


@case(GLPI)
def _after_the_last_bump_the_ticket_is_solved(desk: TestDesk) -> None:
    """After the last bump the ticket is solved."""
    number = desk.open()
    desk.ask(number)
    after(desk, days=7)
    assert after(desk, days=21) == ((), (number,))


@case(GLPI)
def _a_status_that_changes_takes_the_pending_reason_along(desk: TestDesk) -> None:
    """A status that changes takes the pending reason along."""
    number = desk.open()
    desk.ask(number)
    desk.verbs.hold(number, None, "holidays")
    moved = desk.customer(number)
    assert (moved.hold_reason, moved.held_until, moved.reminded_at) == (None, None, None)


@case(GLPI)
def _adding_and_closing_are_told_once_each(desk: TestDesk) -> None:
    """Adding and closing are told once each."""
    number = desk.open()
    desk.ask(number)
    after(desk, days=7)
    after(desk, days=21)
    after(desk, days=1)
    assert [letter.rule for letter in outbox(desk)] == ["reminder", "closure"]


@case(FRAPPE)
def _a_customers_reply_reopens_what_was_answered(desk: TestDesk) -> None:
    """A customers reply reopens what was answered."""
    number = desk.open()
    desk.answer(number)
    assert desk.customer(number, "Testing reply").status is Status.REOPENED


@case(FRAPPE)
def _time_on_hold_is_added_to_the_deadline(desk: TestDesk) -> None:
    """Time on hold is added to the deadline."""
    # Theirs moves the deadline by the time on hold; here it stays, and what fell due meanwhile is due at once.
    number = desk.open()
    closes = desk.answer(number).close_at
    desk.verbs.hold(number, None, "paused")
    desk.clock.advance(days=3)
    assert desk.verbs.release(number).close_at == closes


@case(FRAPPE)
def _closing_later_does_not_change_when_it_was_resolved(desk: TestDesk) -> None:
    """Closing later does not change when it was resolved."""
    number = desk.open()
    since = desk.answer(number).status_since
    after(desk, days=14)
    answered = [entry for entry in desk.board.history(number) if entry.target is Status.CONFIRMATION]
    assert [entry.at for entry in answered] == [since]


@pytest.mark.parametrize(("source", "life"), CASES, ids=[life.__name__.strip("_") for _, life in CASES])
def test_a_case_of_another_desk(desk: TestDesk, source: str, life: Life) -> None:
    """It ends as its suite says, or as our rules say where they differ, with a sound history."""
    assert source.count(" ") == 1
    life(desk)
    assert not list(problems(desk.store))


def test_letters_say_that_no_person_wrote_them(desk: TestDesk, server: MailServer) -> None:
    """Zammad tells an absence by ``Auto-Submitted``; ours bears it, so that no two machines answer each other."""
    assert ABSENT.startswith("zammad/zammad")
    number = desk.open()
    desk.ask(number)
    after(desk, days=7)
    deliver(desk, server.mail)
    assert server.behaviour.taken[0]["Auto-Submitted"] == "auto-generated"


def test_who_cannot_be_reached_is_marked(desk: TestDesk, server: MailServer) -> None:
    """Zammad stops writing to an address that was refused for good; here the case waits for an agent as well."""
    assert BOUNCED.startswith("zammad/zammad")
    number = desk.open(email="gone@example.org")
    desk.ask(number)
    after(desk, days=7)
    server.behaviour.to_recipient["gone@example.org"] = "550 5.1.1 No such user"
    deliver(desk, server.mail)
    assert desk.case(number).unread
    assert What.UNREACHABLE in [entry.what for entry in desk.board.history(number)]
    assert after(desk, days=30) == ((), ())
