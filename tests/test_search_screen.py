"""The search screen: as one types, and on into the cases that were found."""

from casetui.domain.quote import quote, spans
from casetui.domain.records import Request
from casetui.domain.workflow import CommentKind, Status
from casetui.tui.screens.search import AT_ONCE
from casetui.tui.widgets.hitlist import HitList
from tests.desks import TestDesk
from tests.sittings import Sitting, sitting


def found(sat: Sitting) -> list[int]:
    """Return the numbers of the cases that the screen has found."""
    hits = sat.screen.query_one(HitList)._hits  # noqa: SLF001 - the list hands out only the case under the cursor
    return [hit.case.number for hit in hits]


def _talk(desk: TestDesk) -> list[int]:
    numbers = [desk.open(f"Case {name}") for name in ("one", "two", "three")]
    for number in (numbers[1], numbers[2], numbers[0]):
        desk.clock.advance(minutes=1)
        desk.verbs.comment(number, CommentKind.INTERNAL, f"Again the [/proxy], number {number}.\nNext line.")
    return numbers


async def test_words_are_found_as_one_types_and_the_case_opens_among_them(desk: TestDesk) -> None:
    """Letters narrow, Enter goes to the list and on into a case; J goes on in the order of the search."""
    one, two, three = _talk(desk)
    async with sitting(desk) as sat:
        await sat.press("ctrl+f")
        await sat.opens("Search")
        await sat.sees("Type words that were said")
        await sat.type("prox")
        await sat.until(lambda: found(sat) == [one, three, two], "the newest first")
        await sat.sees("Again the [/proxy], number 1. Next line.")
        await sat.press("enter", "j", "enter")
        await sat.opens("CaseScreen")
        await sat.sees("/prox 2 of 3")
        await sat.press("J")
        await sat.sees("/prox 3 of 3")
        await sat.press("K", "K")
        await sat.sees("/prox 1 of 3")
        await sat.press("escape")
        await sat.opens("Search")
        await sat.press("escape")
        await sat.opens("Queues")


async def test_the_words_of_the_filter_are_searched_for_and_kept(desk: TestDesk) -> None:
    """A filter that finds nothing in its list is one key from all cases; the next search begins with its words."""
    _talk(desk)
    async with sitting(desk) as sat:
        await sat.press("slash")
        await sat.type("proxy")
        await sat.sees("^f searches all")
        await sat.press("enter", "ctrl+f")
        await sat.opens("Search")
        await sat.until(lambda: len(found(sat)) == len("all"), "all three")
        await sat.press("escape", "escape", "ctrl+f")
        await sat.opens("Search")
        await sat.sees("/proxy")


async def test_a_bad_query_says_what_is_wrong_and_nothing_found_says_so(desk: TestDesk) -> None:
    """What was found last stays while a query cannot be read."""
    _talk(desk)
    async with sitting(desk) as sat:
        await sat.press("ctrl+f")
        await sat.type("proxy owner:")
        await sat.until(lambda: found(sat), "what was said of a proxy")
        assert "then nothing" not in sat.text
        await sat.type("me,")
        await sat.press("backspace")
        await sat.sees("No case has /proxy owner:me. Fewer words find more: / goes")


async def test_acts_work_on_what_was_found(desk: TestDesk) -> None:
    """A status is changed from the search, which then shows it; read-only sessions search too."""
    one, *_ = _talk(desk)
    async with sitting(desk) as sat:
        await sat.press("ctrl+f")
        await sat.type("number 1")
        await sat.until(lambda: found(sat) == [one], "case one")
        await sat.press("enter", "a")
        await sat.opens("AssignDialog")
        await sat.press("enter")
        await sat.until(lambda: desk.case(one).owner == "ana", "the owner")
        await sat.sees(" ana  ")
    async with sitting(desk, read_only=True) as sat:
        await sat.press("ctrl+f")
        await sat.type("proxy")
        await sat.until(lambda: len(found(sat)) == len("all"), "all three")


async def test_what_others_write_is_found_while_one_looks(desk: TestDesk) -> None:
    """A new comment of somebody else brings its case to the top; the cursor stays with its case."""
    one, two, _ = _talk(desk)
    async with sitting(desk) as sat:
        await sat.press("ctrl+f")
        await sat.type("proxy")
        await sat.press("enter")
        await sat.until(lambda: found(sat)[:1] == [one], "the first")
        await sat.at_rest()  # what was found by the first letters is found by the last ones too
        desk.clock.advance(minutes=1)
        desk.agent("bo").comment(two, CommentKind.INTERNAL, "Another proxy.")
        await sat.beat()
        await sat.until(lambda: found(sat)[:2] == [two, one], "the new one above")
        case = sat.screen.query_one(HitList).case
        assert case is not None
        assert case.number == one


async def test_the_end_of_what_was_found_finds_more(desk: TestDesk) -> None:
    """Only so many are read at first, and closed ones are among them."""
    for count in range(AT_ONCE + 20):
        desk.verbs.move(desk.open(f"Proxy {count}"), Request(Status.CLOSED))
    async with sitting(desk) as sat:
        await sat.press("ctrl+f")
        await sat.type("proxy")
        await sat.sees(f"the first {AT_ONCE}")
        await sat.press("enter", "G")
        await sat.until(lambda: len(found(sat)) == AT_ONCE + 20, "the rest")
        await sat.press("S")
        await sat.sees("best match first")


def test_a_quotation_begins_a_little_before_the_words() -> None:
    """Words are set off where they begin a word, in any case and with any accents."""
    text = f"{'la ' * 60}the Próxy's stanza {'la ' * 60}"
    said = quote(text, ["proxy"], 60)
    assert said.startswith("...")
    assert spans(said, ["proxy"]) == [(said.index("Próxy"), said.index("Próxy") + 5)]
    assert said.index("Próxy") < 60 // 2
    assert quote("short proxy", ["proxy"], 60) == "short proxy"
    assert quote("a\tb\x1b[31m", ["x"], 60) == "a b<U+001B>[31m"
    assert spans("approximate", ["proxy"]) == []
