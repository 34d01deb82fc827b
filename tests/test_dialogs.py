"""What the dialogs promise, pressed and read through Pilot."""

import asyncio
import re
import stat
import string
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widgets import Static

from casetui.canned import Canned
from casetui.domain.clocks import Period
from casetui.domain.facets import Facet, Facets
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Facts, Priority, Request
from casetui.domain.replies import Reply
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Rule, Status, has_clock, overridable
from casetui.faults import Fault
from casetui.tui.dialogs.assigning import AssignDialog, Assigned
from casetui.tui.dialogs.choices import Choices
from casetui.tui.dialogs.clocking import ExtendDialog, Extension, Hold, HoldDialog
from casetui.tui.dialogs.commenting import Draft, Written, offered_with_comment
from casetui.tui.dialogs.composer import Composer
from casetui.tui.dialogs.facets import FacetsDialog
from casetui.tui.dialogs.facts import NewCase, NewCaseDialog
from casetui.tui.dialogs.frame import Dialog, Line, cleaned
from casetui.tui.dialogs.last_look import LastLook
from casetui.tui.dialogs.missed import MissedDialog
from casetui.tui.dialogs.offers import Offers, wants_comment
from casetui.tui.dialogs.picker import Picker
from casetui.tui.dialogs.replies import Replies
from casetui.tui.dialogs.small import Confirm, PriorityDialog, TextPrompt
from tests.desks import HandClock, TestDesk
from tests.sittings import sitting
from tests.test_widgets import HOSTILE, a_case, an_entry

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
NOTHING = object()
"""What a desk that no dialog has answered yet remembers."""


class Behind(App[None]):
    """A screen that a dialog opens over, and which remembers what the dialog said."""

    def __init__(self, dialog: Dialog[Any] | None = None) -> None:
        super().__init__()
        self.dialog = dialog
        self.result: object = NOTHING
        self.drafts: list[tuple[CommentKind, str]] = []

    def compose(self) -> ComposeResult:
        """Draw the case behind."""
        yield Static("the case behind")

    def on_mount(self) -> None:
        """Open the dialog."""
        if self.dialog:
            self.ask(self.dialog)

    def ask(self, dialog: Dialog[Any]) -> None:
        """Open a dialog and forget what another one said."""
        self.result = NOTHING
        self.push_screen(dialog, self.answered)

    def answered(self, result: object) -> None:
        """Remember it."""
        self.result = result

    def on_composer_typed(self, event: Composer.Typed) -> None:
        """Remember a draft."""
        self.drafts.append((event.kind, event.text))


async def settle(app: App[Any]) -> None:
    """Wait until every message has been dealt with; Pilot's own waiting takes 60 ms a key."""
    quiet = 0
    while quiet < 10:
        await asyncio.sleep(0)
        pumps = [app, *app.screen_stack, *app.screen.walk_children()]
        quiet = quiet + 1 if all(pump.message_queue_size == 0 for pump in pumps) else 0


async def press(app: App[Any], *keys: str) -> None:
    """Press keys one after another."""
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        app.post_message(events.Key(key, character))
        await settle(app)


async def answers(*table: tuple[Dialog[Any], tuple[str, ...], object], size: tuple[int, int] = (80, 24)) -> None:
    """Open one dialog after another, press its keys, and compare its result."""
    app = Behind()
    async with app.run_test(size=size):
        for dialog, keys, result in table:
            app.ask(dialog)
            await settle(app)
            await press(app, *keys)
            assert app.result == result, (type(dialog).__name__, keys)
            assert len(app.screen_stack) == 1


def shown(app: App[Any]) -> str:
    """Return what stands on the screen."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - the only way to read the screen
    return "\n".join(strip.text for strip in strips)


def clickable(app: App[Any]) -> list[str]:
    """Return the actions that a click on the screen could run."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - the only way to read the screen
    metas = [segment.style.meta for strip in strips for segment in strip if segment.style]
    return [str(meta["@click"]) for meta in metas if "@click" in meta]


def a_picker(case: Case, **options: Any) -> Picker:
    """Return a picker at a fixed time."""
    given: dict[str, Any] = {"agent": "ana", "policy": Policy(), "clock": HandClock(NOW)} | options
    return Picker(case, **given)


def a_composer(status: Status = Status.UPDATE_RECEIVED, **options: Any) -> Composer:
    """Return a composer at a fixed time."""
    given: dict[str, Any] = {"agent": "ana", "policy": Policy(), "clock": HandClock(NOW)} | options
    return Composer(a_case(10412, status=status, contact="J. Peeters"), **given)


def waiting(**facts: Any) -> Case:
    """Return a case that waits for its customer's answer."""
    close = Period(days=28).after(NOW, "UTC")
    return a_case(10412, status=Status.CUSTOMER_INPUT, remind_at=NOW, close_at=close, **facts)


def spelt(text: str) -> list[str]:
    """Return the keys that type a text."""
    return ["space" if character == " " else character for character in text]


DIALOGS: dict[str, Callable[[Case], Dialog[Any]]] = {
    "picker": a_picker,
    "composer": lambda case: Composer(
        case,
        agent="ana",
        policy=Policy(),
        clock=HandClock(NOW),
        entries=[an_entry(1, kind=CommentKind.CUSTOMER, author=case.contact, body=case.subject)],
        drafts={CommentKind.PUBLIC: case.subject},
    ),
    "replies": lambda case: Replies(
        case,
        Canned(
            (Reply(case.subject, Status.CLOSED, "{subject} {contact}"),),
            (Fault(Path(case.subject), 1, case.subject),),
        ),
        agent="ana",
        policy=Policy(),
        clock=HandClock(NOW),
    ),
    "confirm": lambda case: Confirm(case.subject, [case.subject, str(case.account)]),
    "prompt": lambda case: TextPrompt("Go to", value=case.subject, hint=case.subject, words=case.subject),
    "priority": lambda case: PriorityDialog(case.priority, cases=[case]),
    "assign": lambda case: AssignDialog([case], agent="ana", agents=[case.subject, "ben"]),
    "extend": lambda case: ExtendDialog([case], clock=HandClock(NOW), zone="UTC", reason=case.subject),
    "hold": lambda case: HoldDialog([case], clock=HandClock(NOW), zone="UTC", when=case.subject),
    "facets": lambda case: FacetsDialog(
        case.subject, Facets(3, 9, (Facet("owner", case.subject, 2), Facet("account", case.account, 1)))
    ),
    "extend many": lambda case: ExtendDialog([case, case], clock=HandClock(NOW), zone="UTC", when=case.subject),
    "new": lambda case: NewCaseDialog(
        Facts(case.subject, case.account, installation=case.subject), words=case.subject
    ),
    "missed": lambda case: MissedDialog([case] * 30, zone="UTC", now=NOW, gap=(case.status_since, NOW)),
}


# Every dialog


async def test_escape_changes_nothing() -> None:
    """Escape gives None, or what its dialog promises in its place."""
    instead = {"composer": Draft(CommentKind.PUBLIC, "Subject 10412"), "missed": Missed.ASK}
    await answers(*((make(waiting()), ("escape",), instead.get(name)) for name, make in DIALOGS.items()))


async def test_text_from_outside_is_only_text() -> None:
    """Hostile text neither crashes a dialog nor styles, acts, or reaches the terminal raw."""
    text = " ".join(HOSTILE)
    app = Behind()
    async with app.run_test(size=(80, 24)) as pilot:
        for make in DIALOGS.values():
            app.ask(make(waiting(subject=text, account=text, contact=text)))
            await pilot.pause()
            assert not {"\x1b", "\x00", "\x9b", "\u202e"} & set(shown(app))
            assert not any("quit" in action for action in clickable(app))


async def test_a_resize_leaves_it_usable() -> None:
    """At every size a dialog stands inside the screen, at most 112 wide, and Escape still closes it."""
    app = Behind()
    async with app.run_test(size=(80, 24)) as pilot:
        for make in DIALOGS.values():
            app.ask(make(waiting()))
            for width, height in ((300, 100), (60, 15), (30, 8)):
                await pilot.resize_terminal(width, height)
                await settle(app)
                box = app.screen.query("#box, #sheet").first().region
                assert box.width <= min(width, 112)
                assert app.screen.region.contains_region(box)
                assert app.screen.focused is not None
            await press(app, "escape")
            assert app.result is not NOTHING


@pytest.mark.parametrize("name", DIALOGS)
def test_bindings_explain_themselves(name: str) -> None:
    """Shown bindings have an id and a tooltip, and no printable key has priority."""
    for _, binding in DIALOGS[name](waiting())._bindings:  # noqa: SLF001 - what Textual made of BINDINGS
        assert not (binding.priority and len(binding.key) == 1)
        if binding.show and binding.id:
            assert binding.tooltip


async def test_a_second_enter_does_not_close_what_is_behind() -> None:
    """However fast Enter is pressed twice, one dialog closes."""
    app = Behind(PriorityDialog(Priority.LOW))
    async with app.run_test() as pilot:
        await pilot.pause()
        chosen = app.screen.query_one(Choices)
        chosen.action_select()
        chosen.action_select()
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert app.result is Priority.LOW


async def test_the_styles_of_a_dialog_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its size nor its coming to the top has all that is in it styled anew; another theme has."""
    styled: list[set[DOMNode]] = []
    anew = Stylesheet.update_nodes

    def update_nodes(sheet: Stylesheet, nodes: Iterable[DOMNode], *, animate: bool = False) -> None:
        styled.append(set(nodes))
        anew(sheet, styled[-1], animate=animate)

    monkeypatch.setattr(Stylesheet, "update_nodes", update_nodes)
    app = Behind()
    async with app.run_test(size=(120, 36)):
        for name, make in DIALOGS.items():
            dialog = make(waiting())
            app.ask(dialog)
            await settle(app)
            inside = set(dialog.walk_children())
            assert not [name for nodes in styled if nodes > inside]
            app.push_screen(PriorityDialog(Priority.LOW))
            await settle(app)
            app.pop_screen()
            await settle(app)
            assert not [name for nodes in styled if nodes > inside]
            app.push_screen(PriorityDialog(Priority.LOW))
            app.theme = "textual-light" if app.current_theme.dark else "textual-dark"
            await settle(app)
            app.pop_screen()
            await settle(app)
            assert any(nodes > inside for nodes in styled)
            app.pop_screen()
            await settle(app)
            styled.clear()


# The picker


@pytest.mark.parametrize("status", list(Status))
def test_the_picker_offers_what_the_table_allows(status: Status) -> None:
    """From each status exactly its moves are offered, the customer's own after them."""
    offered = list(a_picker(a_case(1, status=status)).offered().values())
    ours = [Request(target) for target in status.row.moves]
    assert offered == ours + [Request(target, as_customer=True) for target in status.row.customer_moves]


async def test_the_picker_lists_what_it_offers() -> None:
    """All that is offered stands in the list, and the override below it, except on a closed case."""
    for status, lines in ((Status.NEW, 9), (Status.CONFIRMATION, 9), (Status.CLOSED, 0)):
        picker = a_picker(a_case(1, status=status))
        app = Behind(picker)
        async with app.run_test():
            await settle(app)
            assert picker.query_one(Choices).option_count == lines


async def test_the_picker_says_who_acts_next_and_which_clock_starts() -> None:
    """In the line of each move, before one is chosen."""
    app = Behind(a_picker(a_case(1, status=Status.TIER_2, owner="ana")))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        lines = shown(app).splitlines()
    for status in Status.TIER_2.row.moves:
        said = [found[1] for line in lines if (found := re.search(rf"\d {re.escape(status.label)} +(\w.*)", line))]
        acts = "" if status is Status.CLOSED else f"{status.row.whose_move} "
        clock = "final" if status is Status.CLOSED else "close" if has_clock(status) else "no clock"
        assert len(said) == 1
        assert said[0].startswith(acts), status
        assert clock in said[0]


async def test_the_picker_says_what_each_status_means() -> None:
    """With the sentence of the status table, for all that anybody can choose."""
    picker = a_picker(a_case(1, status=Status.TIER_2, owner="ana"))
    app, told = Behind(picker), ""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(app, "0")
        for _ in overridable(Status.TIER_2):
            await pilot.pause()
            told += " ".join(shown(app).replace("│", " ").split())
            await press(app, "down")
    for status in overridable(Status.TIER_2):
        assert " ".join(status.row.means.split()[:8]) in told, status


async def test_the_picker_is_driven_by_keys() -> None:
    """Digits, typing, arrows and Enter choose; what the move asks for is asked next."""
    table: list[tuple[tuple[str, ...], object]] = [
        (("1",), Request(Status.UNDER_REVIEW)),
        (("enter",), Request(Status.UNDER_REVIEW)),
        (("down", "down", "enter"), Request(Status.TIER_1)),
        ((*"tier", "space", "2", "enter"), Request(Status.TIER_2)),
        ((*"clos", "8"), Request(Status.CLOSED)),
        (("5",), Request(Status.CUSTOMER_INPUT)),
        (("6", "3"), Request(Status.CONTENT, reason="clean_up")),
        (("6", "down", "enter"), Request(Status.CONTENT, reason="new_content")),
        (("0", *"third", "enter", *"why", "enter"), Request(Status.THIRD_PARTY, override="why")),
        (("?", "escape", "2"), Request(Status.IN_PROGRESS)),
        (("6", "escape", "0", "escape", "escape"), None),
    ]
    case = a_case(1, status=Status.UPDATE_RECEIVED)
    await answers(*((a_picker(case), keys, request) for keys, request in table))


async def test_the_picker_asks_for_what_the_move_wants() -> None:
    """Reasons, releases and providers come with the request, the customer's own moves as the customer's."""
    table: list[tuple[Status, tuple[str, ...], object]] = [
        (Status.TIER_2, ("4", "2"), Request(Status.DEVELOPMENT, reason="defect")),
        (Status.DEVELOPMENT, ("2", *"5.1", "enter"), Request(Status.RELEASE, release="5.1")),
        (Status.CONTENT, ("1", *"ACME", "enter"), Request(Status.THIRD_PARTY, provider="ACME")),
        (Status.CONFIRMATION, ("8",), Request(Status.CLOSED, as_customer=True)),
        (Status.CONFIRMATION, ("7",), Request(Status.CUSTOMER_TESTING, as_customer=True)),
        (Status.CUSTOMER_INPUT, ("1",), Request(Status.CUSTOMER_INPUT)),
    ]
    await answers(*((a_picker(a_case(1, status=status)), keys, request_) for status, keys, request_ in table))


async def test_the_picker_refuses_a_move_that_only_the_owner_makes() -> None:
    """Pending Release is refused in words to another agent, who may still override."""
    app = Behind(a_picker(a_case(1, status=Status.DEVELOPMENT), agent="ben"))
    async with app.run_test(size=(100, 40)) as pilot:
        await press(app, "2")
        await pilot.pause()
        assert "it belongs to ana" in shown(app)
        await press(app, "0", *"release", "enter", *"urgent", "enter")
    assert app.result == Request(Status.RELEASE, override="urgent")


async def test_the_picker_says_why_a_status_is_missing() -> None:
    """The question mark lists what is not offered, and typing its name says the same of one."""
    app = Behind(a_picker(a_case(1, status=Status.TIER_1)))
    async with app.run_test(size=(100, 40)) as pilot:
        await press(app, "?")
        await pilot.pause()
        assert "Pending Development: only from In Progress - Tier 2" in shown(app)
        assert "Reopened: entered only by a customer's comment" in shown(app)
        await press(app, "?", *"develop")
        await pilot.pause()
        assert "Pending Development: only from In Progress - Tier 2" in shown(app)
        assert "Reopened" not in shown(app)


@pytest.mark.parametrize(
    ("now", "zone", "key", "dates"),
    [
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "UTC", "3", ["closes Sun 28 Feb 2027 23:30 UTC (3 months)"]),
        (datetime(2028, 11, 30, 12, 0, tzinfo=UTC), "UTC", "3", ["closes Wed 28 Feb 2029 12:00 UTC"]),
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "Europe/Berlin", "3", ["closes Fri 01 May 2026 00:30 CEST"]),
    ],
)
async def test_the_picker_dates_the_clock(now: datetime, zone: str, key: str, dates: list[str]) -> None:
    """The move under the cursor shows its deadlines with weekday, zone and period, clamped at month ends."""
    case = a_case(1, status=Status.RELEASE)
    app = Behind(a_picker(case, clock=HandClock(now), policy=Policy(zone)))
    async with app.run_test(size=(120, 36)) as pilot:
        await press(app, *["down"] * (int(key) - 1))
        await pilot.pause()
        screen = shown(app)
        assert all(date.replace("closes", "Closes") in screen for date in dates), screen


async def test_the_picker_goes_by_the_desks_own_periods() -> None:
    """A period that the desk has changed stands in the list and in the dates."""
    policy = Policy("UTC", {(Status.CUSTOMER_INPUT, Rule.CLOSURE): Period(days=21)})
    app = Behind(a_picker(a_case(1), policy=policy))
    async with app.run_test(size=(120, 36)) as pilot:
        await press(app, *spelt("input"))
        await pilot.pause()
        assert "remind 1 week, close 21 days" in shown(app)
        assert "closes Tue 15 Dec 2026 09:41 UTC (21 days)" in shown(app)


async def test_the_picker_brings_back_what_was_refused() -> None:
    """A request that the desk refused comes back with its words and under the cursor."""
    refused = Request(Status.RELEASE, release="5.1")
    override = Request(Status.THIRD_PARTY, override="late")
    await answers(
        (
            a_picker(a_case(1, status=Status.DEVELOPMENT), initial=refused),
            ("enter", "!", "enter"),
            Request(Status.RELEASE, release="5.1!"),
        ),
        (a_picker(a_case(1), initial=override), ("enter", "enter"), override),
    )


async def test_what_was_typed_for_a_move_survives_escape() -> None:
    """A release typed, left by Escape, stands there the next time."""
    keys = ("2", *"5.1", "escape", "2", "enter")
    picker = a_picker(a_case(1, status=Status.DEVELOPMENT))
    await answers((picker, keys, Request(Status.RELEASE, release="5.1")))


def test_several_cases_are_offered_what_all_may_do_and_then_what_some_may() -> None:
    """With marks each move knows whose it is; a release counts the cases of the agent alone."""
    starts = (Status.TIER_2, Status.REOPENED, Status.DEVELOPMENT, Status.DEVELOPMENT, Status.CLOSED)
    cases = [a_case(at, status=status, owner="ana" if at == 3 else "ben") for at, status in enumerate(starts, 1)]
    picker = a_picker(cases[0], others=cases[1:4], answered={1, 2, 3, 4})
    requests = {request.target: request for request in picker.offered().values()}
    common = set.intersection(*(set(case.status.row.moves) for case in cases[:4])) - {Status.CUSTOMER_INPUT}
    assert set(list(requests)[: len(common)]) == common
    assert all(len(picker.offers.acting(requests[target])) == 4 for target in common)
    assert [case.number for case in picker.offers.acting(requests[Status.DEVELOPMENT])] == [1]
    assert [case.number for case in picker.offers.acting(requests[Status.RELEASE])] == [3]
    picker.overriding = True
    assert {request.target for request in picker.offered().values()} == set(overridable(Status.TIER_2))
    picker = a_picker(cases[4], others=cases[:1])
    closing = next(request for request in picker.offered().values() if request.target is Status.CLOSED)
    assert picker.offers.acting(closing) == cases[:1]


async def test_a_move_that_wants_a_public_comment_counts_only_whom_it_can_move() -> None:
    """An answer moves those that have one, a question none: that is counted, explained, and refused at once."""
    cases = [a_case(at, status=Status.TIER_1) for at in (1, 2, 3)]
    app = Behind(a_picker(cases[0], others=cases[1:], answered={2}))
    async with app.run_test(size=(110, 34)):
        await press(app, *"await")
        assert "1 of 3" in shown(app)
        await press(app, *["backspace"] * 5, *"customer input")
        assert "0 of 3" in shown(app)
        assert "written to one" in shown(app)
        await press(app, "enter")
        assert isinstance(app.screen, Picker)
        await press(app, "escape")
    offers = Offers(cases, agent="ana", answered={2})
    assert [offers.left_out(case, Request(Status.CONFIRMATION)) for case in cases] == [
        "wanting a public comment", "", "wanting a public comment",
    ]  # fmt: skip
    assert not any(offers.left_out(case, Request(Status.CUSTOMER_INPUT, override="asked")) for case in cases)
    assert Offers(cases[:1], agent="ana").acting(Request(Status.CUSTOMER_INPUT)) == cases[:1]


@pytest.mark.parametrize(
    ("request_", "answered", "wanted"),
    [
        (Request(Status.CUSTOMER_INPUT), True, True),
        (Request(Status.CONFIRMATION), False, True),
        (Request(Status.CONFIRMATION), True, False),
        (Request(Status.CUSTOMER_INPUT, override="note"), False, False),
        (Request(Status.CLOSED, as_customer=True), False, False),
        (Request(Status.CLOSED), False, False),
    ],
)
def test_a_request_knows_whether_it_wants_a_comment(request_: Request, answered: bool, wanted: bool) -> None:  # noqa: FBT001
    """A question always, an answer unless one was given, else nothing."""
    assert wants_comment(request_, answered=answered) is wanted


# The composer


async def test_the_alphabet_only_becomes_text() -> None:
    """Every printable key changes the text of the composer and nothing else."""
    for kind in CommentKind:
        composer = a_composer(kind=kind)
        app = Behind(composer)
        printable = string.digits + string.ascii_letters + string.punctuation + " "
        async with app.run_test():
            for key in spelt(printable):
                app.post_message(events.Key(key, " " if key == "space" else key))
            await settle(app)
            assert (composer.text, composer.kind, composer.target) == (printable, kind, None)
            assert app.screen is composer


async def test_the_composer_is_driven_by_keys() -> None:
    """Notes are saved at once, the others after a last look; Escape keeps the text; Enter and ^j are new lines."""
    table: list[tuple[tuple[str, ...], object]] = [
        ((*"ab", "ctrl+s", "y"), Written(CommentKind.PUBLIC, "ab", None)),
        ((*"ab", "ctrl+s", "escape", "c", "escape"), Draft(CommentKind.PUBLIC, "abc")),
        ((*"ab", "ctrl+s", "e", "c", "escape"), Draft(CommentKind.PUBLIC, "abc")),
        ((*"ab", "ctrl+s", "enter", "c", "escape"), Draft(CommentKind.PUBLIC, "abc")),
        ((*"ab", "ctrl+s", "p"), Draft(CommentKind.PUBLIC, "ab")),
        (("a", "enter", "b", "ctrl+j", "c", "escape"), Draft(CommentKind.PUBLIC, "a\nb\nc")),
        (("a", "ctrl+t", "ctrl+s"), Written(CommentKind.INTERNAL, "a", None)),
        (("a", "ctrl+t", "ctrl+t", "ctrl+s", "y"), Written(CommentKind.CUSTOMER, "a", None)),
        (("a", "ctrl+o", "ctrl+s", "y"), Written(CommentKind.PUBLIC, "a", Status.UNDER_REVIEW)),
        (("ctrl+s", "escape"), Draft(CommentKind.PUBLIC, "")),
        (("space", "enter", "ctrl+s", "escape"), Draft(CommentKind.PUBLIC, " \n")),
    ]
    await answers(*((a_composer(), keys, result) for keys, result in table))


async def test_a_status_chosen_before_is_the_next_status() -> None:
    """The picker's status comes along, with a public comment and with no other."""
    target = Status.CUSTOMER_INPUT
    await answers(
        (a_composer(target=target), ("a", "ctrl+s", "y"), Written(CommentKind.PUBLIC, "a", target)),
        (a_composer(target=target), ("a", "ctrl+t", "ctrl+s"), Written(CommentKind.INTERNAL, "a", None)),
    )


@pytest.mark.parametrize("status", list(Status))
def test_a_comment_offers_moves_that_ask_for_nothing_else(status: Status) -> None:
    """Only legal moves without a reason, release or provider can follow a comment; staying comes first."""
    offered = offered_with_comment(a_case(1, status=status))
    assert offered[0] is None
    assert {Status.DEVELOPMENT, Status.RELEASE, Status.CONTENT, Status.THIRD_PARTY}.isdisjoint(offered)
    assert set(offered[1:]) <= set(status.row.moves)


async def test_each_kind_says_who_will_see_it() -> None:
    """The frame says in words whose comment it is, and below it what becomes of the case."""
    composer = a_composer(Status.CONFIRMATION)
    app = Behind(composer)
    async with app.run_test() as pilot:
        await pilot.pause()
        public = shown(app)
        assert "PUBLIC  J. Peeters (Uni Ghent) WILL SEE THIS" in public
        assert "╔" in public
        await press(app, "ctrl+t")
        await pilot.pause()
        assert "internal note  staff only, the customer never sees it" in shown(app)
        await press(app, "ctrl+t")
        await pilot.pause()
        assert "CUSTOMER SAID  recorded as from J. Peeters" in shown(app)
        assert "Awaiting Customer Confirmation → Reopened" in shown(app)


async def test_a_long_name_leaves_the_warning_in_sight() -> None:
    """However long the customer is called, WILL SEE THIS stands in the frame."""
    app = Behind(a_composer())
    app.dialog = Composer(
        a_case(1, contact="A" * 300, account="B" * 300), agent="ana", policy=Policy(), clock=HandClock(NOW)
    )
    async with app.run_test(size=(60, 15)) as pilot:
        for size in ((60, 15), (120, 36), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert "WILL SEE THIS" in shown(app)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 36), (200, 60)])
async def test_the_warning_is_in_sight_as_soon_as_one_types(desk: TestDesk, size: tuple[int, int]) -> None:
    """In the program itself, which gives a dialog its width after it has been drawn."""
    facts = Facts("Labels", account="B" * 90, contact="A" * 90, email="a@example.org")
    number = desk.verbs.open(facts, "Since Monday.").number
    desk.verbs.comment(number, CommentKind.INTERNAL, "seen")
    async with sitting(desk, size=size) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.pilot.pause()
        assert "WILL SEE THIS" in sat.text


async def test_a_closed_case_takes_no_customers_comment() -> None:
    """Recording the customer's words on a closed case is refused, and the words stay."""
    composer = a_composer(Status.CLOSED, kind=CommentKind.CUSTOMER)
    app = Behind(composer)
    async with app.run_test() as pilot:
        await press(app, "a", "ctrl+s")
        await pilot.pause()
        assert "clone it instead" in shown(app)
        assert app.screen is composer
        assert composer.text == "a"


async def test_the_last_look_shows_the_dates() -> None:
    """What goes out is shown with its text, its receiver, and the deadlines it begins."""
    app = Behind(a_composer(target=Status.CUSTOMER_INPUT))
    async with app.run_test() as pilot:
        await press(app, *"log?", "ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, LastLook)
        screen = shown(app)
        for words in ("J. Peeters (Uni Ghent)", "log?", "reminder 01 Dec 09:41, closes 22 Dec 09:41 UTC"):
            assert words in screen


async def test_a_resize_wraps_the_text_anew() -> None:
    """The lines of the text follow the width of the box."""
    text = "Thank you for the log; the window matches the rotation of the log at eight."
    app = Behind(a_composer(drafts={CommentKind.PUBLIC: text}))
    async with app.run_test(size=(60, 15)) as pilot:
        await pilot.pause()
        assert text not in shown(app)
        await pilot.resize_terminal(100, 20)
        await pilot.pause()
        assert text in shown(app)


async def test_drafts_are_told_to_the_app() -> None:
    """What is typed is told when the kind changes and when the composer is left, each text under its kind."""
    composer = a_composer()
    app = Behind(composer)
    async with app.run_test() as pilot:
        await press(app, "a", "ctrl+t", "b", "escape")
        await pilot.pause()
    assert app.drafts == [(CommentKind.PUBLIC, ""), (CommentKind.INTERNAL, "a"), (CommentKind.INTERNAL, "ab")]
    assert app.result == Draft(CommentKind.INTERNAL, "ab")


async def test_drafts_of_two_kinds_do_not_meet() -> None:
    """A kind that has a draft of its own shows it, and the other text waits where it was."""
    drafts = {CommentKind.PUBLIC: "to them", CommentKind.INTERNAL: "to us"}
    composer = a_composer(drafts=drafts)
    app = Behind(composer)
    async with app.run_test():
        await settle(app)
        await press(app, "ctrl+t")
        assert composer.text == "to us"
        await press(app, "ctrl+t", "ctrl+t")
        assert (composer.kind, composer.text) == (CommentKind.PUBLIC, "to them")


async def test_an_announcement_stands_above_the_text() -> None:
    """What the caller announces is shown, and the typed text is left alone."""
    composer = a_composer()
    app = Behind(composer)
    async with app.run_test() as pilot:
        await press(app, "a")
        composer.announce("the customer replied 09:41; Esc shows it [/x]")
        composer.kept()
        await pilot.pause()
        assert "the customer replied 09:41; Esc shows it [/x]" in shown(app)
        assert "draft kept 09:41" in shown(app)
        assert composer.text == "a"


@pytest.mark.parametrize(
    ("script", "text", "said"),
    [
        ("echo more >>$1", "a\nmore", ""),
        ("exit 3", "a", "ended with 3"),
        (None, "a", "cannot be started"),
        ("", "a", "No editor is set"),
    ],
)
async def test_an_editor_is_handed_the_text(
    script: str | None, text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """^g takes the text as the editor left it; one that is missing or fails is named, and the text kept."""
    editor = tmp_path / "my editor"
    if script:
        editor.write_text(f"#!/bin/sh\n{script}\n")
        editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", f"'{editor}'" if script != "" else "")
    monkeypatch.delenv("VISUAL", raising=False)
    composer = a_composer(drafts={CommentKind.PUBLIC: "a"})
    app = Behind(composer)

    @contextmanager
    def lend() -> Any:
        yield

    monkeypatch.setattr(app, "suspend", lend)
    async with app.run_test() as pilot:
        await press(app, "ctrl+g")
        await pilot.pause()
        assert composer.text == text
        assert said in shown(app)


# The small ones


async def test_yes_is_never_the_first_answer() -> None:
    """Y and n answer; Enter takes the safe answer unless the other was gone to."""
    table: list[tuple[tuple[str, ...], object]] = [
        (("y",), True),
        (("n",), False),
        (("enter",), False),
        (("left", "enter"), True),
        (("escape",), None),
    ]
    await answers(*((Confirm("Close 3 cases?"), keys, result) for keys, result in table))


async def test_a_case_is_taken_with_enter() -> None:
    """Enter takes the case; a part of a name, another name and nobody can be typed."""
    table: list[tuple[tuple[str, ...], object]] = [
        (("enter",), Assigned("ana")),
        ((*"be", "enter"), Assigned("ben")),
        ((*"nob", "enter"), Assigned(None)),
        ((*"zoe", "enter"), Assigned("zoe")),
        (("down", "enter"), Assigned("ben")),
    ]
    await answers(
        *((AssignDialog([a_case(1)], agent="ana", agents=["ben", "ana"]), keys, result) for keys, result in table)
    )


async def test_a_priority_is_a_digit() -> None:
    """A digit chooses, Enter keeps the present one."""
    table = (("1", Priority.DOWN), ("enter", Priority.NORMAL))
    await answers(*((PriorityDialog(Priority.NORMAL), (key,), result) for key, result in table))


async def test_an_extension_shows_what_comes_of_it() -> None:
    """The new closing time stands there while one types; what cannot be read is refused with a sentence."""
    app = Behind(ExtendDialog([waiting()], clock=HandClock(NOW), zone="UTC"))
    async with app.run_test() as pilot:
        await press(app, *"2w")
        await pilot.pause()
        assert "Closes Tue 05 Jan 2027 09:41 UTC, in 42 days." in shown(app)
        await press(app, "x", "enter", *"because", "enter")
        await pilot.pause()
        assert "'2wx' is neither a period such as 7d, 2w or 3mo nor a date" in shown(app)
        await press(app, "backspace", "enter", "enter")
    assert app.result == Extension("2w", "because", datetime(2027, 1, 5, 9, 41, tzinfo=UTC))


@pytest.mark.parametrize("when", ["2026-11-30", "2026-12-22T09:41Z"])
async def test_an_extension_never_shortens(when: str) -> None:
    """A date before the closure is refused in words."""
    app = Behind(ExtendDialog([waiting()], clock=HandClock(NOW), zone="UTC", when=when, reason="r"))
    async with app.run_test() as pilot:
        await press(app, "enter", "enter")
        await pilot.pause()
        assert "An extension leads to a later time" in shown(app)
        assert app.result is NOTHING


async def test_an_extension_of_what_is_overdue_leads_to_a_time_to_come() -> None:
    """A period that ends before now is refused in words, before anything is asked of the desk."""
    clock = HandClock(NOW + timedelta(days=60))
    app = Behind(ExtendDialog([waiting()], clock=clock, zone="UTC", when="7d", reason="r"))
    async with app.run_test() as pilot:
        await press(app, "enter", "enter")
        await pilot.pause()
        assert "is past, and the case would close at once" in shown(app)
        assert app.result is NOTHING


async def test_a_hold_lasts_until_a_day_or_until_released() -> None:
    """Nothing typed holds until released; a date means its beginning in the desk's zone; a reason is needed."""
    clock = HandClock(NOW)
    keys = ("enter", "enter", *"asked", "enter")
    dialog = HoldDialog([waiting()], clock=clock, zone="Europe/Berlin", when="2026-12-01", reason="r")
    ends = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    await answers(
        (HoldDialog([waiting()], clock=clock, zone="UTC"), keys, Hold("", "asked", None)),
        (dialog, ("enter", "enter"), Hold("2026-12-01", "r", ends)),
    )


async def test_a_case_is_typed_field_by_field() -> None:
    """Tab goes from field to field, digits choose priority and installation, ^s saves."""
    app = Behind(NewCaseDialog())
    async with app.run_test() as pilot:
        await press(app, "ctrl+s")
        await pilot.pause()
        assert "A case needs a subject." in shown(app)
        await press(app, *spelt("No hits"))
        await press(app, "tab", *"Ghent", "tab", "tab", *"a@b.c", "enter", "tab", "tab", "2", "tab", "3", "tab")
        await press(app, *spelt("It fails"))
        await press(app, "ctrl+s")
    facts = Facts("No hits", account="Ghent", email="a@b.c", priority=Priority.HIGH, installation="Local")
    assert app.result == NewCase(facts, "It fails")


async def test_facts_come_back_as_they_were() -> None:
    """Initial facts, an installation that only an import knows included, are saved unchanged."""
    facts = Facts("S", "A", "C", "e@x.org", "P", Priority.LOW, "Mainframe", "ana")
    await answers((NewCaseDialog(facts, title="Edit", opening=False), ("ctrl+s",), NewCase(facts, None)))


async def test_typed_facts_are_not_thrown_away_unasked() -> None:
    """Escape closes an untouched form, and asks before it drops anything."""
    app = Behind(NewCaseDialog())
    async with app.run_test() as pilot:
        await press(app, "a", "escape", "enter", "b")
        assert app.result is NOTHING
        assert app.screen.query_one("#subject", Line).value == "ab"
        await press(app, "escape", "y")
        await pilot.pause()
    assert app.result is None


async def test_downtime_asks_once_and_safely() -> None:
    """Reminding is under the cursor; closing takes its digit; Escape decides later."""
    table: list[tuple[str, object]] = [
        ("1", Missed.REMIND),
        ("2", Missed.APPLY),
        ("3", Missed.ASK),
        ("enter", Missed.REMIND),
        ("escape", Missed.ASK),
    ]
    await answers(*((MissedDialog([waiting()], zone="UTC", now=NOW), (key,), result) for key, result in table))


async def test_a_line_is_needed() -> None:
    """An empty line is refused in words; what was typed can be read after Escape."""
    prompt = TextPrompt("Go to")
    app = Behind(prompt)
    async with app.run_test() as pilot:
        await press(app, "space", "enter")
        await pilot.pause()
        assert "Type something first" in shown(app)
        await press(app, "7", "escape")
    assert (app.result, prompt.typed) == (None, " 7")


async def test_options_and_buttons_can_be_clicked() -> None:
    """A click chooses as a key does."""
    app = Behind(PriorityDialog(Priority.LOW))
    async with app.run_test() as pilot:
        await pilot.click(Choices, offset=(3, 1))
    assert app.result is Priority.HIGH
    app = Behind(Confirm("Sure?"))
    async with app.run_test() as pilot:
        await pilot.click("#yes")
    assert app.result is True
    composer = a_composer()
    async with Behind(composer).run_test() as pilot:
        await pilot.click("#kinds", offset=(26, 0))
        assert composer.kind is CommentKind.INTERNAL


async def test_pasted_text_is_cleaned() -> None:
    """A paste brings its lines and its words, and nothing that a terminal obeys."""
    composer = a_composer()
    app = Behind(composer)
    async with app.run_test() as pilot:
        await pilot.pause()
        app.post_message(events.Paste("one\r\n\x1b[31mtwo\u202e\tend\u200d"))
        await pilot.pause()
        assert composer.text == cleaned(composer.text) == "one\n[31mtwo end\u200d"
