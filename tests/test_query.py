"""The query language: what it says, and that what is wrong with a query is shown at the word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetui.domain.clocks import Period
from casetui.domain.errors import BadQuery
from casetui.domain.fields import Exactly
from casetui.domain.query import All, Changed, Drafted, Either, Flag, Is, Measure, Not, Term, Word, joined, parse
from casetui.domain.records import Priority
from casetui.domain.workflow import Party, Status

VIEWS = {
    "ghent": "account:ghent or p1",
    "mine": "owner:me waits:us",
    "odd": "view:odd",
    "bad": "ownr:me",
    "gone": "closed proxy",
}

OURS = tuple(status for status in Status if status.row.whose_move is Party.US)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", All()),
        ("proxy", Word("proxy")),
        ('"two words"', Word("two words")),
        ("status:new,Reopened", Is("status", (Status.NEW, Status.REOPENED))),
        ('status:"Update Received"', Is("status", (Status.UPDATE_RECEIVED,))),
        ('status:"waiting for process",closing', Is("status", (Status.UPDATE_RECEIVED, Status.CUSTOMER_INPUT))),
        ("waits:us", Is("status", OURS)),
        ("owner:me,nobody", Is("owner", ("ana", None))),
        ("owner:none", Is("owner", (None,))),
        ("owner:=none", Is("owner", ("none",))),
        ("p1", Is("priority", (Priority.DOWN,))),
        ("priority:high,4", Is("priority", (Priority.HIGH, Priority.LOW))),
        ('account:"Uni Ghent, Library",Bern', Is("account", ("Uni Ghent, Library", "Bern"))),
        ("installation:direct,none", Is("installation", ("Direct", None))),
        ("number:12", Is("number", (12,))),
        ("changed", Changed("ana")),
        ("draft", Drafted("ana")),
        ("unread -held", All((Flag("unread"), Not(Flag("held"))))),
        ("not closed", Flag("open")),
        ("-open", Flag("closed")),
        ("not -held", Not(Not(Flag("held")))),
        ('account:="Uni Ghent",none,ghent', Is("account", (Exactly("Uni Ghent"), None, "ghent"))),
        ("owner:=ana release:none", All((Is("owner", ("ana",)), Is("release", (None,))))),
        ("age>7d", Measure("age", more=True, period=Period(days=7))),
        ("due<=2d", Measure("due", more=False, period=Period(days=2))),
        ("p1 or p2 unread", Either((Is("priority", (Priority.DOWN,)),
                                    All((Is("priority", (Priority.HIGH,)), Flag("unread")))))),
        ("-(a or b)", Not(Either((Word("a"), Word("b"))))),
        ("view:mine", All((Flag("open"), All((Is("owner", ("ana",)), Is("status", OURS)))))),
        ("view:gone", All((Flag("closed"), Word("proxy")))),
        ("view:Ghent", All((Flag("open"),
                            Either((Is("account", ("ghent",)), Is("priority", (Priority.DOWN,))))))),
    ],
)  # fmt: skip
def test_a_query_is_read(text: str, term: Term) -> None:
    """Terms side by side must all hold; labels, slugs, older names and several values are understood."""
    assert parse(text, me="ana", views=VIEWS) == term


@pytest.mark.parametrize(
    ("text", "wrong", "says"),
    [
        ("proxy ownr:me", "ownr:", "did you mean 'owner:'?"),
        ("error:504", "error:", "put it in quotes"),
        ("unread status:new,nwe", "nwe", "did you mean 'new'?"),
        ("-status:closd", "closd", "did you mean 'closed'?"),
        ("priority:urgent p1", "urgent", "not a priority"),
        ("waits:them", "them", "customer"),
        ("installation:cloud", "cloud", "Total Care"),
        ("aeg>7d", "aeg", "did you mean 'age'?"),
        ("age>soon", "soon", "not a period"),
        ("number:x", "x", "not a case number"),
        ("(a or b", "(", "never closed"),
        ("a ) b", ")", "too many"),
        ("view:gent", "gent", "did you mean 'ghent'?"),
        ("view:bad", "bad", "cannot be read"),
        ("view:odd", "odd", "No view is called 'odd'"),
        ("a or", "or", "between two things"),
        ("or a", "or", "between two things"),
        ("owner:", "owner:", "then nothing"),
        ("account:=", "account:", "then nothing"),
        ("not", "not", "must not be"),
        ("due<", "due<", "compared with nothing"),
    ],
)
def test_what_is_wrong_is_shown_at_the_word(text: str, wrong: str, says: str) -> None:
    """The error knows from where to where it stands, and names what was probably meant."""
    with pytest.raises(BadQuery) as caught:
        parse(text, me="ana", views=VIEWS)
    error = caught.value
    assert error.query == text
    assert text[error.start : error.stop] == wrong
    assert says in str(error)


@pytest.mark.parametrize(
    "text", ["owner:", "status:upd", "status:new,under", "age>", "age>7", "not", "-", "(new", "a or", "view:gh"]
)
def test_a_query_that_is_being_typed_is_no_mistake_yet(text: str) -> None:
    """What may become right by typing on is told apart from what cannot."""
    with pytest.raises(BadQuery) as caught:
        parse(text, views=VIEWS)
    assert caught.value.unfinished


@pytest.mark.parametrize("text", ["owner: me", "status:upx", "age>7x", "status:upd proxy", "ownr:"])
def test_a_mistake_is_one_also_at_the_end(text: str) -> None:
    """What no typing can mend is said at once."""
    with pytest.raises(BadQuery) as caught:
        parse(text, views=VIEWS)
    assert not caught.value.unfinished


@pytest.mark.parametrize(
    ("queries", "query"),
    [
        (("", " proxy "), "proxy"),
        (("p1 or p2", ""), "p1 or p2"),
        (("open", "p1 or(unread)"), "open (p1 or(unread))"),
        (("open", "p1\tOR\tp2"), "open (p1\tOR\tp2)"),
        (("p1 or p2", '"this or that"'), '(p1 or p2) "this or that"'),
    ],
)
def test_queries_are_joined_so_that_both_hold(queries: tuple[str, ...], query: str) -> None:
    """Alternatives are put in parentheses, however they were written, and nothing else is."""
    assert joined(*queries) == query


@given(st.text(st.sampled_from('ab1:<>"(), -\tor\0é漢') | st.characters(), max_size=30))
def test_any_text_is_a_query_or_says_where_it_is_none(text: str) -> None:
    """Nothing that is typed crashes, and the place of an error lies within the text."""
    error = _error(text)
    assert error is None or (error.query == text and 0 <= error.start < error.stop <= len(text))


def _error(text: str) -> BadQuery | None:
    try:
        parse(text, me="ana", views=VIEWS)
    except BadQuery as error:
        return error
    return None
