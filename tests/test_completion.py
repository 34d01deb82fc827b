"""How a query goes on while it is typed: dim letters that Tab takes, and a mark at the word that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetui.domain.completion import Known, complete
from casetui.domain.errors import BadQuery
from casetui.domain.fields import Offer
from casetui.domain.query import parse
from casetui.tui.widgets.query import Query
from tests.desks import TestDesk
from tests.sittings import Sitting, sitting

KNOWN = Known(
    {
        Offer.OWNERS: ("ana", "ben", "Jo Ann"),
        Offer.ACCOUNTS: ("Uni Ghent", "Uni Bern, Library", 'The "Old" One'),
        Offer.VIEWS: ("changed", "ghent"),
    }
)


@pytest.mark.parametrize(
    ("typed", "rest", "whole"),
    [
        ("ow", "ner:", "owner:"),
        ("proxy -unr", "ead", "proxy -unread"),
        ("(sta", "tus:", "(status:"),
        ("Unr", "ead", "unread"),
        ("age", ">", "age>"),
        ("status:", "new", "status:new"),
        ("status:new,clo", "sed", "status:new,closed"),
        ("waits:c", "ustomer", "waits:customer"),
        ("owner:", "me", "owner:me"),
        ("owner:b", "en", "owner:ben"),
        ("owner:jo", " Ann", 'owner:"Jo Ann"'),
        ('account:"uni g', "hent", 'account:"Uni Ghent"'),
        ('account:"Uni Ghent",uni b', "ern, Library", 'account:"Uni Ghent","Uni Bern, Library"'),
        ("priority:", "down", "priority:down"),
        ("view:g", "hent", "view:ghent"),
    ],
)
def test_a_query_goes_on(typed: str, rest: str, whole: str) -> None:
    """Fields, flags, statuses, owners, accounts and views; names of several words come in quotes."""
    completion = complete(typed, KNOWN)
    assert completion is not None
    assert (completion.rest, completion.whole) == (rest, whole)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "o",
        "proxy",
        "unread",
        '"ow',
        "proxy ",
        'account:"Uni Ghent"',
        "account:the",
        "colour:r",
        "owner:x",
        "a:b:c",
    ],
)
def test_nothing_is_offered_where_nothing_fits(typed: str) -> None:
    """Not for one letter, not within a phrase, not for what is whole, and no name that a query cannot say."""
    assert complete(typed, KNOWN) is None


@given(st.text(st.sampled_from('acgnosuw:,-"( '), max_size=20))
def test_what_is_offered_can_be_read(typed: str) -> None:
    """A completion makes no query wrong that was right, and begins with what was typed before its last word."""
    completion = complete(typed, KNOWN)
    if completion is not None and not _is_wrong(typed + "x" * 9):
        assert not _is_wrong(completion.whole + ("7d" if completion.whole.endswith(">") else ""))


def _is_wrong(query: str) -> bool:
    try:
        parse(query, me="ana", views={"changed": "changed", "ghent": "ghent"})
    except BadQuery as error:
        return not error.unfinished
    return False


def line(sat: Sitting) -> Query:
    """Return the line that is typed in."""
    return sat.screen.query_one(Query)


async def test_tab_takes_what_is_offered_and_no_key_is_lost(desk: TestDesk) -> None:
    """However fast one types: field, value, another word, and Enter goes to the list."""
    desk.verbs.assign(desk.open("Proxy"), "benedict")
    desk.open("Labels")
    async with sitting(desk) as sat:
        await sat.press("slash")
        await sat.at_rest()
        sat.rush(*"own", "tab", *"ben", "right", "space", *"prox")
        await sat.until(lambda: line(sat).value == "owner:benedict prox", "what was typed")
        await sat.sees("/owner:benedict prox 1 of 2")
        await sat.press("tab")
        await sat.until(lambda: sat.list.has_focus, "the list")
        await sat.press("slash")
        sat.rush("home", *"acc", "right")
        await sat.until(lambda: line(sat).value == "accowner:benedict prox", "the text between")


async def test_letters_are_offered_and_typed_over(desk: TestDesk) -> None:
    """What is offered is drawn behind the cursor and is no part of the query."""
    desk.open("Unredacted")
    async with sitting(desk) as sat:
        await sat.press("slash")
        await sat.at_rest()
        await sat.type("unre")
        await sat.sees("/unread")
        await sat.sees("/unre 1 of 1")
        await sat.type("dac")
        await sat.sees("/unredac 1 of 1")
        await sat.press("enter")
        assert sat.number == 1


async def test_the_list_follows_as_far_as_the_query_is_finished(desk: TestDesk) -> None:
    """A field without a value is no mistake while one types, and is one when one is done."""
    desk.open("Proxy")
    desk.open("Labels")
    async with sitting(desk) as sat:
        await sat.press("slash")
        await sat.type("proxy status:")
        await sat.until(lambda: sat.list.total == 1, "the proxy")
        assert "nothing" not in sat.text
        await sat.press("enter")
        await sat.sees("The query says 'status:' and then nothing.")
        await sat.press("enter")
        await sat.opens("CaseScreen")


async def test_what_is_wrong_is_marked_in_the_line(desk: TestDesk) -> None:
    """The word is underlined, the sentence stands below, and both go when it is mended."""
    desk.open("Proxy")
    async with sitting(desk) as sat:
        await sat.press("slash")
        await sat.type("proxy ownr:me")
        await sat.sees("A query knows no 'ownr:'; did you mean 'owner:'?")
        strip = line(sat).render_line(0)
        marked = "".join(part.text for part in strip if part.style and part.style.underline)
        assert marked == "ownr:"
        await sat.press(*["backspace"] * 7)
        await sat.until(lambda: "did you mean" not in sat.text, "the end of the complaint")
