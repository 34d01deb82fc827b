"""The smaller deeds of an agent on the screen: owner, priority, clock, facts, new cases, leaving."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from casetui.desk import stays
from casetui.domain import timer
from casetui.domain.errors import CasetuiError
from casetui.domain.records import Case, Facts
from casetui.domain.timer import Missed
from casetui.domain.words import line, many
from casetui.tui.bridge import Desk
from casetui.tui.dialogs.assigning import AssignDialog, Assigned
from casetui.tui.dialogs.clocking import ExtendDialog, Extension, Hold, HoldDialog
from casetui.tui.dialogs.facts import NewCase, NewCaseDialog
from casetui.tui.dialogs.missed import MissedDialog
from casetui.tui.dialogs.small import Confirm, PriorityDialog, Tell, TextPrompt
from casetui.tui.hands import Hands
from casetui.tui.keymap import key
from casetui.tui.writing import canned, move

_FACTS = ("subject", "account", "contact", "email", "product", "priority", "installation", "owner")


async def assign(hands: Hands, case: Case) -> None:
    """Give a case to an agent."""
    agents = await hands.session.bridge.read(lambda desk: desk.board.agents())

    def build(case: Case, was: Assigned | None) -> AssignDialog:
        return AssignDialog([case], agent=hands.session.agent, agents=agents, initial=(was and was.agent) or "")

    def act(desk: Desk, case: Case, answer: Assigned) -> Case:
        return desk.stops.assign(case.number, answer.agent, seen=case.version)

    if given := await hands.persist(case, build, act):
        hands.say(f"Case {given.number} belongs to {given.owner or 'nobody'}.")


async def unassign(hands: Hands, case: Case) -> None:
    """Give a case back to nobody, after asking."""
    if case.owner is None:
        hands.say(f"Case {case.number} belongs to nobody.")
    elif await hands.ask(Confirm(f"Take case {case.number} from {case.owner}?", yes="Take it", no="Leave it")):
        await hands.write(lambda desk: desk.stops.assign(case.number, None, seen=case.version))
        hands.say(f"Case {case.number} belongs to nobody.")


async def priority(hands: Hands, case: Case) -> None:
    """Set a case's priority."""
    edited = await hands.persist(
        case,
        lambda case, was: PriorityDialog(was or case.priority, cases=[case]),
        lambda desk, case, answer: desk.stops.edit(case.number, {"priority": answer}, seen=case.version),
    )
    if edited is not None:
        hands.say(f"Case {edited.number} has priority {edited.priority.short} {edited.priority.label}.")


async def extend(hands: Hands, case: Case) -> None:
    """Move the closure of a case's stay."""
    clock, zone = hands.session.clock, hands.session.policy.zone

    def build(case: Case, was: Extension | None) -> ExtendDialog:
        when, reason = (was.typed, was.reason) if was else ("", "")
        return ExtendDialog([case], clock=clock, zone=zone, when=when, reason=reason)

    def act(desk: Desk, case: Case, answer: Extension) -> Case:
        return desk.stops.extend(case.number, answer.typed, answer.reason, seen=case.version)

    if extended := await hands.persist(case, build, act):
        hands.say_moved(extended)


async def hold(hands: Hands, case: Case) -> None:
    """Stop the timer for a case, or let it run again."""
    clock, zone = hands.session.clock, hands.session.policy.zone
    if case.held(clock.now()):
        await _release(hands, case)
        return

    def build(case: Case, was: Hold | None) -> HoldDialog:
        when, reason = (was.typed, was.reason) if was else ("", "")
        return HoldDialog([case], clock=clock, zone=zone, when=when, reason=reason)

    def act(desk: Desk, case: Case, answer: Hold) -> Case:
        return desk.stops.hold(case.number, answer.typed or None, answer.reason, seen=case.version)

    if held := await hands.persist(case, build, act):
        until = f"until {hands.at(held.held_until)}" if held.held_until else "until it is released"
        hands.say(f"Case {held.number} is held {until}; {key('case.hold')} releases it.")


async def _release(hands: Hands, case: Case) -> None:
    question = f"Let the timer run again for case {case.number}?"
    details = [f"Held: {case.hold_reason}", "What fell due meanwhile is due at once."]
    if await hands.ask(Confirm(question, details, yes="Release", no="Keep holding", title="Release")):
        hands.say_moved(await hands.write(lambda desk: desk.stops.release(case.number, seen=case.version)))


async def remind(hands: Hands, case: Case) -> None:
    """Remind a customer before the timer does, after asking: a letter that is gone cannot be taken back."""
    can_be = timer.never_reminded(case) and case.email
    if not can_be or await hands.ask(_about_reminding(hands, case)):
        await hands.write(lambda desk: desk.stops.remind(case.number, desk.sweeper.wording, seen=case.version))
        hands.say(f"The reminder of case {case.number} is written.")


def _about_reminding(hands: Hands, case: Case) -> Confirm:
    now = hands.session.clock.now()
    held = case.held(now)
    was = held or timer.is_due(case.remind_at, now)
    planned = f"The timer {'was' if was else 'is'} to do it {hands.at(case.remind_at)}."
    stays = [f"It is held ({case.hold_reason}), and stays so."] if held else []
    late = timer.is_due(case.close_at, now)
    closes = "It closes a week from now." if late else f"It closes {hands.at(case.close_at)}, as before."
    question = f"Remind {case.contact or 'the customer'} of case {case.number} now?"
    details = [f"To: {case.email}", planned, *stays, closes, "This cannot be undone."]
    return Confirm(question, details, yes="Remind", no="Leave it", title="Remind now")


async def new_case(hands: Hands) -> None:
    """Open a case; what the desk refuses stays in the fields."""
    typed, said = NewCase(Facts(""), None), ""
    while (answer := await hands.ask(NewCaseDialog(typed.facts, words=typed.words or ""), said)) is not None:
        typed = answer
        try:
            opened = await hands.write(partial(_opening, typed))
        except CasetuiError as error:
            said = str(error)
        else:
            hands.say(f"Case {opened.number} is opened, in New.")
            return


def _opening(typed: NewCase, desk: Desk) -> Case:
    return desk.stops.open(typed.facts, typed.words)


async def clone(hands: Hands, case: Case) -> None:
    """Open a new case from an old one."""
    words = "The customer's facts come along, the work does not; the two cases are linked both ways."
    opened = await hands.persist(
        case,
        lambda case, was: TextPrompt(f"New case from {case.number}", value=was or case.subject, words=words),
        lambda desk, case, answer: desk.stops.clone(case.number, answer, seen=case.version),
    )
    if opened is not None:
        hands.say(f"Case {opened.number} is opened from {case.number}, in New.")


async def why(hands: Hands, case: Case) -> None:
    """Explain a case's clock in sentences."""
    sentences = await hands.session.bridge.read(
        lambda desk: stays.why(desk.store, desk.board.clock, desk.board.case(case.number))
    )
    await hands.ask(Tell(f"Why, case {case.number}", sentences))


async def edit(hands: Hands, case: Case) -> None:
    """Change facts of a case."""

    def build(case: Case, was: NewCase | None) -> NewCaseDialog:
        facts = was.facts if was else Facts(**{name: getattr(case, name) for name in _FACTS})
        return NewCaseDialog(facts, title=f"Facts of case {case.number}", opening=False)

    def act(desk: Desk, case: Case, answer: NewCase) -> Case:
        typed = {name: getattr(answer.facts, name) for name in _FACTS}
        changed = {name: value for name, value in typed.items() if value != _shown(getattr(case, name))}
        return desk.stops.edit(case.number, changed, seen=case.version)

    if edited := await hands.persist(case, build, act):
        hands.say(f"The facts of case {edited.number} are as you typed them.")


async def leave(hands: Hands) -> None:
    """Quit, after asking."""
    stops = "The timer stops with the program: what falls due meanwhile is done when it starts again."
    details = [] if hands.session.read_only else [stops]
    if await hands.ask(Confirm("Quit casetui?", details, yes="Quit", no="Stay", title="Quit")):
        await hands.app.action_quit()


async def apply(hands: Hands) -> bool:
    """Ask whether the timer is to do now what is due; say so where nothing is."""
    now = hands.session.clock.now()
    due = await hands.session.bridge.read(lambda desk: desk.board.due(now))
    acts = [timer.decide(act.case, now, Missed.ASK) for act in due]
    closures, reminders = acts.count(timer.Act.CLOSE), acts.count(timer.Act.REMIND)
    if not closures + reminders:
        held = f" {len(acts)} held or unread: the timer leaves those alone." if acts else ""
        hands.say(f"Nothing is due that the timer could do.{held}")
        return False
    question = f"Apply what is due now: close {closures}, remind {reminders}?"
    sure = await hands.ask(Confirm(question, yes="Apply", no="Leave it", title="Due now"))
    return sure is True


async def never_reminded(hands: Hands) -> list[int]:
    """Return the cases that wait for an answer: their closure is due, and their reminder never went."""
    now = hands.session.clock.now()
    due = await hands.session.bridge.read(lambda desk: desk.board.due(now))
    return [act.case.number for act in due if timer.decide(act.case, now, Missed.ASK) is timer.Act.MISSED]


async def decide(hands: Hands, waiting: Sequence[int]) -> Missed:
    """Ask the one question about cases that were never reminded, and once more before anything is written."""
    read, session = hands.session.bridge.read, hands.session
    cases, gap = await read(lambda desk: (desk.board.cases(waiting), desk.board.last_gap))
    if not cases:
        return Missed.ASK
    dialog = MissedDialog(cases, zone=session.policy.zone, now=session.clock.now(), gap=gap)
    answer = await hands.ask(dialog)
    await session.bridge.write(lambda desk: desk.watch.note_asked(waiting))
    if answer is None or answer is Missed.ASK:
        return Missed.ASK
    these = many(len(cases), "case")
    question = f"Close {these} now?" if answer is Missed.APPLY else f"Remind {these} now, with a week to answer?"
    return answer if await hands.ask(Confirm(question, yes="Do it", no="Decide later")) else Missed.ASK


def _shown(value: object) -> object:
    """Return a fact as a field shows it, so that only what was typed counts as changed."""
    return line(value) if isinstance(value, str) else value


DEEDS: dict[str, Callable[[Hands, Case], Coroutine[Any, Any, None]]] = {
    "assign": assign, "canned": canned, "clone": clone, "edit": edit, "extend": extend, "hold": hold, "move": move,
    "priority": priority, "remind": remind, "unassign": unassign, "why": why,
}  # fmt: skip
"""The deeds on a case, by the names that commands call them."""
