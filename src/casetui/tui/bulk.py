"""The same deed on many cases: asked once, confirmed with their number, done one by one, taken back as one."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from casetui.desk.stops import Stops
from casetui.domain.errors import CasetuiError
from casetui.domain.records import Case, Request
from casetui.domain.workflow import CommentKind
from casetui.tui.bridge import Desk
from casetui.tui.dialogs import offers
from casetui.tui.dialogs.assigning import AssignDialog
from casetui.tui.dialogs.picker import Picker, wants_comment
from casetui.tui.dialogs.small import Confirm, PriorityDialog, Progress, Tell, TextPrompt
from casetui.tui.hands import Hands
from casetui.tui.keymap import key

Act = Callable[[Stops, Case], Case]
Remark = Callable[[Sequence[Case]], None]
"""Told which cases are to stay marked."""
_AT_ONCE = 20
"""Cases that are written before the screen gets its turn."""
_NAMED = 12
"""Cases left out that are named with their reason."""


async def move(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Move many cases to a status that asks for no public comment; those that may not go there are left out."""
    session = hands.session
    case, *others = cases
    answered = await session.bridge.read(lambda desk: all(desk.board.answered(each.number) for each in cases))
    request, said = None, ""
    while True:
        picker = Picker(
            case,
            agent=session.agent,
            policy=session.policy,
            clock=session.clock,
            answered=answered,
            initial=request,
            others=others,
        )
        request = await hands.ask(picker, said)
        if request is None:
            return
        if not wants_comment(request, answered=answered):
            break
        said = f"{request.target.label} asks for a public comment, which is written to one customer at a time."
    question = f"Move {{}} to {request.target.label}?"
    left = [(case, why) for case in cases if (why := offers.left_out(case, request, session.agent))]
    await _do(hands, cases, remark, question, partial(_move, request), left=left)


async def assign(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Give many cases to an agent."""
    agents = await hands.session.bridge.read(lambda desk: desk.board.agents())
    answer = await hands.ask(AssignDialog(cases, agent=hands.session.agent, agents=agents))
    if answer is not None:
        question = f"Give {{}} to {answer.agent or 'nobody'}?"
        await _do(hands, cases, remark, question, partial(_assign, answer.agent))


async def unassign(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Give many cases back to nobody."""
    await _do(hands, cases, remark, "Give {} back to nobody?", partial(_assign, None))


async def priority(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Set the priority of many cases."""
    answer = await hands.ask(PriorityDialog(cases[0].priority, cases=cases))
    if answer is not None:
        question = f"Set {{}} to {answer.short} {answer.label}?"
        await _do(
            hands,
            cases,
            remark,
            question,
            lambda verbs, case: verbs.edit(case.number, {"priority": answer}, seen=case.version),
        )


async def note(hands: Hands, cases: Sequence[Case], remark: Remark) -> None:
    """Write the same internal note on many cases."""
    prompt = TextPrompt(f"Internal note on {len(cases)} cases", words="Staff only: no customer sees it.")
    text = await hands.ask(prompt)
    if text is not None:
        await _do(
            hands,
            cases,
            remark,
            "Write the note on {}?",
            lambda verbs, case: verbs.comment(case.number, CommentKind.INTERNAL, text, seen=case.version),
        )


async def _do(
    hands: Hands,
    marked: Sequence[Case],
    remark: Remark,
    question: str,
    act: Act,
    *,
    left: Sequence[tuple[Case, str]] = (),
) -> None:
    """Confirm with the number and write one by one; what is refused or overtaken is left out and named.

    What is ``left`` out from the beginning, and why, is named before; it stays marked.
    """
    spared = {case.number: case for case, _ in left}
    cases = [case for case in marked if case.number not in spared]
    all_ = "1 case" if len(marked) == 1 else f"{len(marked)} cases"
    many = f"{len(cases)} of {all_}" if spared else all_
    details = [
        *offers.told(left),
        f"Cases that somebody has changed meanwhile are left out. {key('act.undo')} takes it all back as one.",
    ]
    if not await hands.ask(Confirm(question.format(many), details, yes="Do it", no="Leave it", title=many)):
        return
    verbs = await hands.session.bridge.read(lambda desk: desk.stops.as_one())
    progress = Progress(len(cases))
    hands.app.push_screen(progress)
    refused: list[tuple[Case, str]] = []
    done = 0
    for start in range(0, len(cases), _AT_ONCE):
        if progress.stopped:
            refused += [(case, "stopped before it was its turn") for case in cases[start:]]
            break
        some = cases[start : start + _AT_ONCE]
        not_done = await hands.session.bridge.write(partial(_step, verbs, some, act))
        refused += not_done
        done += len(some) - len(not_done)
        progress.show(start + len(some))
    progress.finish(None)
    remark([*spared.values(), *(case for case, _ in refused)])
    hands.changed()
    hands.say(
        f"Done on {done} of {len(marked)} cases; {key('act.undo')} takes it back."
        if done
        else "Nothing was changed."
    )
    if refused:
        more = [f"and {len(refused) - _NAMED} more"] if len(refused) > _NAMED else []
        named = [f"#{case.number}: {why}" for case, why in refused[:_NAMED]]
        await hands.ask(Tell(f"{len(refused)} left out, still marked", [*named, *more]))


def _step(verbs: Stops, cases: Sequence[Case], act: Act, _: Desk) -> list[tuple[Case, str]]:
    """Act on some cases, each in a transaction of its own, and return those that were refused, and why."""
    left = []
    for case in cases:
        try:
            act(verbs, case)
        except CasetuiError as error:
            left.append((case, str(error)))
    return left


def _move(request: Request, verbs: Stops, case: Case) -> Case:
    return verbs.move(case.number, request, seen=case.version)


def _assign(agent: str | None, verbs: Stops, case: Case) -> Case:
    return verbs.assign(case.number, agent, seen=case.version)


DEEDS: dict[str, Callable[[Hands, Sequence[Case], Remark], Coroutine[Any, Any, None]]] = {
    "assign": assign, "internal": note, "move": move, "priority": priority, "unassign": unassign,
}  # fmt: skip
"""The deeds that many cases take, by the names that commands call them."""
