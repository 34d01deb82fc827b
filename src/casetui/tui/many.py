"""The deeds of an agent that many cases take at once: each asks what is wanted, and hands it on to be done."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from casetui.desk.stops import Stops
from casetui.domain import timer
from casetui.domain.records import Case
from casetui.domain.workflow import CommentKind
from casetui.tui import writing
from casetui.tui.bridge import Desk
from casetui.tui.bulk import Deed, Remark, do
from casetui.tui.dialogs.assigning import AssignDialog
from casetui.tui.dialogs.choices import Choice, Choose
from casetui.tui.dialogs.clocking import ExtendDialog, HoldDialog, no_extension
from casetui.tui.dialogs.offers import Offers
from casetui.tui.dialogs.picker import Picker
from casetui.tui.dialogs.small import PriorityDialog, TextPrompt
from casetui.tui.drawing import content
from casetui.tui.hands import Hands


async def move(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Move many cases to a status; those that may not go there, or want a public comment for it, are left out."""
    session = hands.session
    case, *others = cases
    if not others:
        await _move_alone(hands, case, remark)
        return
    numbers = [each.number for each in cases]
    answered = await session.bridge.read(lambda desk: desk.board.all_answered(numbers))
    picker = Picker(
        case, agent=session.agent, policy=session.policy, clock=session.clock, answered=answered, others=others
    )
    request = await hands.ask(picker)
    if request is None:
        return
    offers = Offers(cases, agent=session.agent, answered=answered)
    verb = "Override" if request.override else "Move"

    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.move(case.number, request, seen=case.version)

    def left_out(case: Case) -> str:
        return offers.left_out(case, request)

    await do(hands, cases, remark, Deed(f"{verb} {{}} to {request.target.label}?", act, left_out))


async def assign(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Give many cases to an agent."""
    agents = await hands.session.bridge.read(lambda desk: desk.board.agents())
    answer = await hands.ask(AssignDialog(cases, agent=hands.session.agent, agents=agents))
    if answer is not None:
        await _give(hands, cases, remark, answer.agent)


async def unassign(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Give many cases back to nobody."""
    await _give(hands, cases, remark, None)


async def priority(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Set the priority of many cases."""
    wanted = await hands.ask(PriorityDialog(cases[0].priority, cases=cases))
    if wanted is None:
        return

    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.edit(case.number, {"priority": wanted}, seen=case.version)

    question = f"Set {{}} to {wanted.short} {wanted.label}?"
    deed = Deed(question, act, lambda case: f"{wanted.short} already" if case.priority is wanted else "")
    await do(hands, cases, remark, deed)


async def note(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Write the same internal note on many cases."""
    prompt = TextPrompt(f"Internal note on {len(cases)} cases", words="Staff only: no customer sees it.")
    text = await hands.ask(prompt)
    if text is None:
        return

    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.comment(case.number, CommentKind.INTERNAL, text, seen=case.version)

    await do(hands, cases, remark, Deed("Write the note on {}?", act))


async def extend(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Move the closures of many cases: by a period, each from where it is, or to one date."""
    clock, zone = hands.session.clock, hands.session.policy.zone
    answer = await hands.ask(ExtendDialog(cases, clock=clock, zone=zone))
    if answer is None:
        return

    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.extend(case.number, answer.typed, answer.reason, seen=case.version)

    def left_out(case: Case) -> str:
        return no_extension(case, answer.typed, zone, clock.now())

    question = f"Extend the clocks of {{}}: {answer.typed}?"
    await do(hands, cases, remark, Deed(question, act, left_out, [f"Why: {answer.reason}"]))


async def hold(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Stop the timer for many cases, or let it run again; where both can be done, ask which."""
    now = hands.session.clock.now()
    held = sum(case.held(now) for case in cases)
    free = sum(case.close_at is not None and not case.held(now) for case in cases)
    wanted = "hold" if free else "release"
    if held and free:
        choices = [
            Choice("hold", "1", content(f"Hold {free} whose timer runs")),
            Choice("release", "2", content(f"Release {held} that are held")),
        ]
        wanted = await hands.ask(Choose(f"The timer of {len(cases)} cases", choices)) or ""
    if wanted == "hold":
        await _hold(hands, cases, remark)
    elif wanted == "release":
        await _release(hands, cases, remark)


async def remind(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Remind the customers of many cases before the timer does; letters that are gone cannot be taken back."""
    now = hands.session.clock.now()
    late = sum(not _no_reminder(case) and timer.is_due(case.close_at, now) for case in cases)
    details = [f"{late} whose closure is due get a week more."] if late else []

    def act(verbs: Stops, desk: Desk, case: Case) -> Case:
        return verbs.remind(case.number, desk.sweeper.wording, seen=case.version)

    deed = Deed("Remind the customers of {} now?", act, _no_reminder, details, undone=False)
    await do(hands, cases, remark, deed)


async def _move_alone(hands: Hands, case: Case, remark: Remark) -> None:
    """Move the only marked case, which can have a public comment with it."""
    await writing.move(hands, case)
    if (await hands.fresh(case)).version != case.version:
        remark(())


async def _give(hands: Hands, cases: Sequence[Case], remark: Remark, agent: str | None) -> None:
    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.assign(case.number, agent, seen=case.version)

    name = agent or "nobody"
    question = f"Give {{}} to {name}?" if agent else "Give {} back to nobody?"
    deed = Deed(question, act, lambda case: f"{name}'s already" if case.owner == agent else "")
    await do(hands, cases, remark, deed)


async def _hold(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    clock, zone = hands.session.clock, hands.session.policy.zone
    answer = await hands.ask(HoldDialog(cases, clock=clock, zone=zone))
    if answer is None:
        return

    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.hold(case.number, answer.typed or None, answer.reason, seen=case.version)

    def left_out(case: Case) -> str:
        return "without a clock" if case.close_at is None else "held already" if case.held(clock.now()) else ""

    until = f"until {hands.at(answer.ends)}" if answer.ends else "until released"
    await do(hands, cases, remark, Deed(f"Hold {{}} {until}?", act, left_out, [f"Why: {answer.reason}"]))


async def _release(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    now = hands.session.clock.now()

    def act(verbs: Stops, _: Desk, case: Case) -> Case:
        return verbs.release(case.number, seen=case.version)

    def left_out(case: Case) -> str:
        return "" if case.held(now) else "not held"

    details = ["What fell due meanwhile is due at once."]
    await do(hands, cases, remark, Deed("Let the timer run again for {}?", act, left_out, details))


def _no_reminder(case: Case) -> str:
    """Return why the customer of a case cannot be reminded, in a few words, or nothing."""
    if case.remind_at is None:
        return f"in {case.status.label}, where nobody is reminded"
    if case.reminded_at is not None:
        return "reminded already"
    return "" if case.email else "without an address"


DEEDS: dict[str, Callable[[Hands, Sequence[Case], Remark], Coroutine[Any, Any, None]]] = {
    "assign": assign, "extend": extend, "hold": hold, "internal": note, "move": move, "priority": priority,
    "remind": remind, "unassign": unassign,
}  # fmt: skip
"""The deeds that many cases take, by the names that commands call them."""
