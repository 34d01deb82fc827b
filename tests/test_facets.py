"""By what a list can be narrowed: counted truly, in the words of the query language, of a bit of it at most."""

import pytest
from msgspec.structs import replace

from casetui.desk.lists import View, queue, sorted_by
from casetui.domain.facets import FIELDS, Facet, Facets
from casetui.domain.query import Flag, parse
from casetui.domain.records import Facts, Priority, Request
from casetui.domain.sorts import Sort
from casetui.domain.workflow import Status
from casetui.storage.tables import Cases
from casetui.tui.dialogs.facets import FacetsDialog
from casetui.tui.drawing import Static
from tests.desks import TestDesk
from tests.sittings import sitting
from tests.test_dialogs import Behind, press, shown
from tests.test_widgets import HOSTILE

LONGEST = 1_000
"""Characters of a name that a desk takes."""
OPEN = View("view:open", "All open", Flag("open"))
NAMES = ("me", "nobody", "none", "=", "=x", "a,b", "(a)", "or", "p1", "owner:ben", "-ben", "Total  Care",
         *(text for text in HOSTILE if len(text) < LONGEST))  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_facet_finds_as_many_as_it_says(desk: TestDesk, name: str) -> None:
    """Whatever an owner, an account or a product is called, its query finds the cases that were counted."""
    for facts in (Facts("1"), Facts("2", name), Facts("3", owner=name), Facts("4", product=name, owner="ben")):
        desk.verbs.open(facts)
    found = desk.board.facets(OPEN, 4, 100)
    assert (found.counted, found.total) == (4, 4)
    for facet in found.found:
        if facet.query is None:
            assert '"' in (facet.value or "") or facet.value == "="
        else:
            narrowed = OPEN.narrowed(parse(facet.query, me="ana"))
            assert desk.board.count(narrowed) == facet.many, facet


def test_every_field_is_counted_those_that_most_cases_have_first(desk: TestDesk) -> None:
    """Small and capital letters of an account are the same; what all cases have narrows nothing."""
    for at, account in enumerate(("Uni Ghent", "UNI GHENT", "Uni Oslo", None)):
        case = desk.verbs.open(Facts(f"Labels {at}", account=account, installation="Direct"))
        if at:
            desk.verbs.edit(case.number, {"priority": Priority.HIGH, "owner": "ben"})
    found = desk.board.facets(OPEN, 4, 100)
    assert [facet.field for facet in found.found] == sorted((f.field for f in found.found), key=FIELDS.index)
    said = [(facet.field, facet.says, facet.many, facet.query) for facet in found.narrowing]
    assert said == [
        ("owner", "ben", 3, "owner:ben"),
        ("owner", "nobody", 1, "owner:nobody"),
        ("priority", "P2 High", 3, "priority:high"),
        ("priority", "P3 Normal", 1, "priority:normal"),
        ("account", "Uni Ghent", 2, 'account:="Uni Ghent"'),
        ("account", "none", 1, "account:none"),
        ("account", "Uni Oslo", 1, 'account:="Uni Oslo"'),
    ]


@pytest.mark.parametrize("view", [OPEN, queue(Status.CLOSED), queue(Status.NEW)], ids=lambda view: view.key)
def test_of_a_long_list_those_that_changed_last_are_counted(desk: TestDesk, view: View) -> None:
    """No more than that are read along an index where a list may be of any length; a queue is sorted by itself."""
    numbers = [desk.open(f"Labels {at}") for at in range(6)]
    for at, number in enumerate(numbers):
        desk.clock.advance(minutes=1)
        desk.verbs.assign(number, f"agent {at}")
        if view.key == "closed":
            desk.verbs.move(number, Request(Status.CLOSED))
    found = desk.board.facets(view, 6, 2)
    assert (found.counted, found.total) == (2, 6)
    assert {facet.value for facet in found.narrowing if facet.field == "owner"} == {"agent 4", "agent 5"}
    newest = replace(view, sort=view.sort and Sort.NEWEST)
    query = Cases.select(Cases.owner).where(desk.board._of(view))  # noqa: SLF001 - as it is asked
    plan = " ".join(desk.store.plan(query.order_by(*sorted_by(newest, backwards=False)).limit(2)))
    assert {"view:open": "cases_news", "closed": "cases_closed", "new": "cases_queue"}[view.key] in plan.split()
    assert ("TEMP B-TREE" in plan) is (view.key == "new")


def test_what_was_counted_is_said() -> None:
    """All of a list, or that of a long one only a part was."""
    few, many = Facets(3, 3), Facets(2_000, 48_211)
    assert "all 3 cases" in str(FacetsDialog("x", few).counted)
    assert "of 48,211 cases the 2,000 that changed last" in str(FacetsDialog("x", many).counted)


async def test_a_list_is_narrowed_by_its_facets(desk: TestDesk) -> None:
    """Each choice goes into the filter line as a query, where it can be read, gone on with and cleared."""
    for at in range(5):
        number = desk.verbs.open(Facts(f"Labels {at}", account="Uni Ghent" if at < 3 else "Uni Oslo")).number
        if at % 2:
            desk.verbs.assign(number, "ben")
    async with sitting(desk) as sat:
        await sat.press("5", "f")
        await sat.opens("FacetsDialog")
        await sat.sees("Facets of All open")
        await sat.sees("Counted: all 5 cases.")
        await sat.type("ghent")
        await sat.press("enter")
        await sat.sees('/account:="Uni Ghent" 3 of 5')
        await sat.press("f")
        await sat.opens("FacetsDialog")
        await sat.sees("Counted: all 3 cases.")
        assert "Ghent  " not in sat.text.split("Counted")[1]  # which all of them have
        await sat.type("owner ben")
        await sat.press("enter")
        await sat.sees('/account:="Uni Ghent" owner:ben 1 of 5')
        await sat.until(lambda: sat.list.total == 1)
        await sat.press("slash")
        await sat.type(" or owner:nobody")
        await sat.press("enter")
        await sat.until(lambda: sat.list.total == 4)
        await sat.press("f")
        await sat.opens("FacetsDialog")
        await sat.type("oslo")
        await sat.press("enter")
        await sat.until(lambda: sat.list.total == 1)
        await sat.sees('/(account:="Uni Ghent" owner:ben or owner:nobody) account:="Uni Oslo"')
        await sat.press("escape")
        await sat.until(lambda: sat.list.total == 5)


async def test_an_empty_list_has_no_facets(desk: TestDesk) -> None:
    """And says so."""
    async with sitting(desk) as sat:
        await sat.press("f")
        await sat.hears("Nothing is listed that could be counted.")


async def test_what_no_query_can_say_is_refused_in_the_dialog() -> None:
    """A name with a quote in it is counted like any other; more values than fit are found by typing."""
    values = [Facet("owner", f"agent {at}", 2) for at in range(8)]
    app = Behind(FacetsDialog("x", Facets(20, 20, (*values, Facet("product", 'The "Box"', 4)))))
    async with app.run_test(size=(80, 24)):
        await press(app, "up")
        assert "agent 7" not in shown(app)
        assert "3 more of owner: type to find them." in shown(app)
        await press(app, *"box", "enter")
        assert isinstance(app.screen, FacetsDialog)
        assert "A query cannot say this name" in str(app.screen.query_one("#refusal", Static).content)
        await press(app, *["backspace"] * 3, *"7", "enter")
        assert app.result == 'owner:"agent 7"'


async def test_facets_that_narrow_nothing_say_so() -> None:
    """Where all cases are alike, and where no value has the words that were typed."""
    alike, differing = Facets(2, 2, (Facet("owner", "ana", 2),)), Facets(2, 2, (Facet("owner", "ana", 1),))
    for facets, typed, said in ((alike, "", "alike in all of this"), (differing, "zoe", "No case of the list")):
        app = Behind(FacetsDialog("x", facets))
        async with app.run_test(size=(80, 24)):
            await press(app, "up", *typed, "enter")
            assert isinstance(app.screen, FacetsDialog)
            assert said in shown(app)
