"""Undo and redo on the screen: what is about to change is said first, then asked, then done."""

from casetui.desk.undo import Undoable
from casetui.domain.clocks import in_words
from casetui.domain.workflow import Status, has_clock
from casetui.tui.bridge import Desk
from casetui.tui.dialogs.small import Confirm
from casetui.tui.drawing import number
from casetui.tui.hands import Hands
from casetui.tui.keymap import key

_NAMED = 6
"""Cases of an act on many that are named."""


async def undo(hands: Hands) -> None:
    """Take back the agent's own last act, after saying what it was."""
    last, cases = await hands.session.bridge.read(lambda desk: _told(desk, desk.undo.last_act()))
    question = f"Take back what you did to {last.cases}: {last.says}?"
    letters = [
        f"{_letters(last.letters)} not gone yet: withdrawn." if last.letters else "",
        f"{_letters(last.gone)} gone already: the customer keeps it." if last.gone else "",
    ]
    details = [*_when(hands, last, "Done"), *cases, *filter(None, letters), "The history keeps both."]
    if await hands.ask(Confirm(question, details, yes="Take back", no="Leave it", title="Undo")):
        await hands.write(lambda desk: desk.board.case(desk.undo.undo(act=last.act).numbers[-1]))
        hands.say(f"Taken back: {last.says} ({last.cases}). {key('act.redo')} does it again.")


async def redo(hands: Hands) -> None:
    """Do again what the agent took back last, after saying what that was."""
    last, cases = await hands.session.bridge.read(lambda desk: _told(desk, desk.undo.last_undone()))
    question = f"Do again what you took back on {last.cases}: {last.says}?"
    letters = f"{_letters(last.letters)} withdrawn: sent after all." if last.letters else ""
    clocked = any(f"moved to {status.label}" in last.says for status in Status if has_clock(status))
    clock = "The clock that it started runs from when it was first done." if clocked else ""
    details = [*_when(hands, last, "Taken back"), *cases, *filter(None, [letters, clock])]
    if await hands.ask(Confirm(question, details, yes="Do again", no="Leave it", title="Redo")):
        await hands.write(lambda desk: desk.board.case(desk.undo.redo(act=last.act).numbers[-1]))
        hands.say(f"Done again: {last.says} ({last.cases}). {key('act.undo')} takes it back.")


def _told(desk: Desk, last: Undoable) -> tuple[Undoable, list[str]]:
    """Return an act with the first of its cases by number and subject."""
    cases = desk.board.cases(last.numbers[:_NAMED])
    more = [f"and {len(last.numbers) - _NAMED} more"] if len(last.numbers) > _NAMED else []
    return last, [*(f"{number(case)}  {case.subject}" for case in cases), *more]


def _when(hands: Hands, last: Undoable, what: str) -> list[str]:
    """Say when something was done, and for how long that can still be changed."""
    now = hands.session.clock.now()
    return [f"{what} {in_words(now - last.at)} ago, with {in_words(last.until - now)} left to change your mind."]


def _letters(many: int) -> str:
    return "A letter" if many == 1 else f"{many} letters"
