"""The status table and the questions asked of it."""

import pytest

from casetui.domain.errors import Misused
from casetui.domain.workflow import (
    NOT_CHOSEN,
    TABLE,
    Ask,
    Group,
    Party,
    Status,
    has_clock,
    in_group,
    is_legal,
    overridable,
    read_status,
)

MOVES = """
new: under_review in_progress in_progress_tier_1 in_progress_tier_2 pending_customer_input
    pending_content_operations awaiting_customer_confirmation closed
under_review: in_progress in_progress_tier_1 in_progress_tier_2 pending_customer_input
    pending_content_operations awaiting_customer_confirmation closed
in_progress: in_progress_tier_1 in_progress_tier_2 pending_customer_input pending_content_operations
    awaiting_customer_confirmation closed
in_progress_tier_1: in_progress in_progress_tier_2 pending_customer_input pending_content_operations
    awaiting_customer_confirmation closed
in_progress_tier_2: in_progress in_progress_tier_1 pending_customer_input pending_content_operations
    awaiting_customer_confirmation closed pending_development
pending_customer_input: pending_customer_input in_progress in_progress_tier_1 in_progress_tier_2
    awaiting_customer_confirmation closed
update_received: under_review in_progress in_progress_tier_1 in_progress_tier_2 pending_customer_input
    pending_content_operations awaiting_customer_confirmation closed
pending_development: in_progress_tier_2 pending_release pending_customer_input
    awaiting_customer_confirmation closed
pending_release: pending_development in_progress_tier_2 pending_customer_testing
    awaiting_customer_confirmation closed
pending_customer_testing: pending_customer_testing in_progress in_progress_tier_1 in_progress_tier_2
    awaiting_customer_confirmation closed
pending_content_operations: pending_third_party_provider in_progress in_progress_tier_1
    in_progress_tier_2 pending_customer_input awaiting_customer_confirmation closed
pending_third_party_provider: pending_content_operations in_progress in_progress_tier_1
    in_progress_tier_2 awaiting_customer_confirmation closed
awaiting_customer_confirmation: pending_customer_testing in_progress in_progress_tier_1
    in_progress_tier_2 pending_customer_input closed
reopened: under_review in_progress in_progress_tier_1 in_progress_tier_2 pending_customer_input
    pending_content_operations awaiting_customer_confirmation closed
closed:
"""


def moves() -> dict[Status, set[Status]]:
    """Read the graph above."""
    graph: dict[Status, set[Status]] = {}
    start = Status.NEW
    for word in MOVES.split():
        if word.endswith(":"):
            start = Status(word[:-1])
            graph[start] = set()
        else:
            graph[start].add(Status(word))
    return graph


def test_the_table_has_exactly_the_moves_of_the_support_centre() -> None:
    """An agent may make each move of the article's graph and no other."""
    assert {status: set(status.row.moves) for status in Status} == moves()


def test_fifteen_statuses_stand_in_five_groups_in_the_dashboards_order() -> None:
    """Every status is under exactly one heading."""
    assert len(TABLE) == 15
    grouped = [status for group in Group for status in in_group(group)]
    assert sorted(grouped) == sorted(Status)
    assert in_group(Group.WAITS_ON_US) == (
        Status.NEW,
        Status.UNDER_REVIEW,
        Status.UPDATE_RECEIVED,
        Status.REOPENED,
    )


def test_only_tier_2_hands_over_to_development_and_only_content_to_a_third_party() -> None:
    """The two fixed transfers have one door each, beside the way back from a release."""
    into = {status for status in Status if Status.DEVELOPMENT in status.row.moves}
    assert into == {Status.TIER_2, Status.RELEASE}
    assert {status for status in Status if Status.THIRD_PARTY in status.row.moves} == {Status.CONTENT}


def test_nobody_chooses_new_update_received_or_reopened() -> None:
    """Only events lead to them: no move does, and no override."""
    for status in Status:
        assert not NOT_CHOSEN & set(status.row.moves)
        assert not NOT_CHOSEN & set(overridable(status))
    assert overridable(Status.CLOSED) == ()


def test_a_customers_comment_moves_two_statuses() -> None:
    """Pending Customer Input becomes Update Received, Awaiting Customer Confirmation becomes Reopened."""
    moved = {status: status.row.on_customer_comment for status in Status if status.row.on_customer_comment}
    assert moved == {
        Status.CUSTOMER_INPUT: Status.UPDATE_RECEIVED,
        Status.CONFIRMATION: Status.REOPENED,
    }


def test_three_statuses_make_promises() -> None:
    """A week and 28 days, three months, 14 days; no other status has a clock."""
    clocked = [status for status in Status if has_clock(status)]
    promised = {status: (str(status.row.reminder), str(status.row.closure)) for status in clocked}
    assert promised == {
        Status.CUSTOMER_INPUT: ("1 week", "28 days"),
        Status.CUSTOMER_TESTING: ("None", "3 months"),
        Status.CONFIRMATION: ("None", "14 days"),
    }


def test_the_customer_confirms_or_goes_on_testing_and_moves_nothing_else() -> None:
    """Out of Awaiting Customer Confirmation the customer has two moves; elsewhere none."""
    for status in Status:
        for target in Status:
            expected = status is Status.CONFIRMATION and target in (Status.CUSTOMER_TESTING, Status.CLOSED)
            assert is_legal(status, target, by_customer=True) is expected


def test_what_a_move_asks_for_belongs_to_where_it_leads() -> None:
    """The asks of the table are those of the support centre."""
    asks = {status: status.row.asks for status in Status if status.row.asks}
    assert asks == {
        Status.CUSTOMER_INPUT: (Ask.QUESTION,),
        Status.DEVELOPMENT: (Ask.REASON,),
        Status.RELEASE: (Ask.RELEASE, Ask.OWNERSHIP),
        Status.CONTENT: (Ask.REASON,),
        Status.THIRD_PARTY: (Ask.PROVIDER,),
        Status.CONFIRMATION: (Ask.ANSWER,),
    }


@pytest.mark.parametrize(
    ("name", "status", "warns"),
    [
        ("In Progress - Tier 1", Status.TIER_1, False),
        ("in_progress_tier_2", Status.TIER_2, False),
        ("  pending   customer INPUT ", Status.CUSTOMER_INPUT, False),
        ("Tier 1 Analysis", Status.TIER_1, False),
        ("Tier 2 New", Status.TIER_2, False),
        ("Pending Customer Response", Status.CUSTOMER_INPUT, False),
        ("Pending Customer Reply", Status.CUSTOMER_INPUT, False),
        ("Waiting for Process", Status.UPDATE_RECEIVED, False),
        ("Pending Work Plan", Status.DEVELOPMENT, True),
        ("Closing", Status.CUSTOMER_INPUT, True),
    ],
)
def test_labels_slugs_and_older_names_are_read(name: str, status: Status, *, warns: bool) -> None:
    """Two of the older names are ambiguous, and a warning says how they are taken."""
    found, warning = read_status(name)
    assert found is status
    assert bool(warning) is warns


def test_an_unknown_status_is_refused_with_those_that_are_known() -> None:
    """The sentence names every slug."""
    with pytest.raises(Misused, match="pending_customer_input"):
        read_status("Solved")


def test_whose_move_it_is() -> None:
    """Each party has the statuses that the article gives it."""
    parties: dict[Party, int] = {}
    for status in Status:
        parties[status.row.whose_move] = parties.get(status.row.whose_move, 0) + 1
    assert parties == {
        Party.US: 7,
        Party.CUSTOMER: 3,
        Party.DEVELOPMENT: 2,
        Party.CONTENT: 1,
        Party.THIRD_PARTY: 1,
        Party.NOBODY: 1,
    }
