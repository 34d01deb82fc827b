"""One deed on many cases: confirmed once with their number, done one by one, told as one, taken back as one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from msgspec import Struct, field

from casetui.desk.stops import Stops
from casetui.domain.errors import CasetuiError, OutOfReach
from casetui.domain.records import Case
from casetui.domain.words import many
from casetui.tui.bridge import Desk
from casetui.tui.dialogs.offers import told
from casetui.tui.dialogs.small import Confirm, Progress, Tell
from casetui.tui.hands import Hands
from casetui.tui.keymap import key

Remark = Callable[[Sequence[Case]], None]
"""Told which cases are to stay marked."""
SHOWN_AFTER = 0.3
"""Seconds of work after which its progress is shown: what is done at once needs no bar."""
AT_ONCE = 10
"""Cases of one transaction, after which others and the screen get their turn: 25 ms, and a tenth of the waiting
for the disk."""
_NAMED = 12
"""Cases left out that are named with their reason."""


class Deed(Struct, frozen=True):
    """What is to be done to many cases, and how that is asked."""

    question: str
    """What will be done; the first braces are for the cases. What follows may hold text from outside."""
    act: Callable[[Stops, Desk, Case], object]
    left_out: Callable[[Case], str] = lambda _: ""
    """What keeps a case from it, as far as can be seen, in a few words after its number of cases; or nothing."""
    details: Sequence[str] = ()
    undone: bool = True
    """Whether it can be taken back."""


class _Outcome(Struct):
    """How far a deed has come."""

    done: int = 0
    refused: list[tuple[Case, str]] = field(default_factory=list)
    waiting: Sequence[Case] = ()
    """Those whose turn had not come when it was stopped."""
    trouble: str = ""
    """What stopped it, where that was not the agent."""


async def do(hands: Hands, marked: Sequence[Case], remark: Remark, deed: Deed) -> None:
    """Confirm with the number and write one by one; what is refused or overtaken is left out and named.

    What a deed leaves out from the beginning is named before, with why; it stays marked.
    """
    left = [(case, why) for case in marked if (why := deed.left_out(case))]
    spared = {case.number: case for case, _ in left}
    cases = [case for case in marked if case.number not in spared]
    if not cases:
        await hands.ask(Tell("Nothing to be done", told(left)))
    elif await hands.ask(_confirm(deed, len(cases), len(marked), told(left))):
        outcome = await _write(hands, cases, deed)
        remark([*spared.values(), *(case for case, _ in outcome.refused), *outcome.waiting])
        hands.changed()
        await _tell(hands, outcome, len(marked), deed)


def _confirm(deed: Deed, taken: int, marked: int, left: Sequence[str]) -> Confirm:
    """Return the one question: how many cases, what becomes of them, who stays out, whether it can be undone."""
    which = many(taken, "case") if taken == marked else f"{taken} of {many(marked, 'case')}"
    back = f"{key('act.undo')} takes it all back as one." if deed.undone else "This cannot be undone."
    details = [*left, *deed.details, "Cases that somebody has changed meanwhile are left out.", back]
    return Confirm(deed.question.replace("{}", which, 1), details, yes="Do it", no="Leave it", title=which)


async def _write(hands: Hands, cases: Sequence[Case], deed: Deed) -> _Outcome:
    """Write some at a time, so that the screen gets its turn and the agent can stop between them."""
    outcome = _Outcome()
    verbs = await hands.session.bridge.read(lambda desk: desk.stops.as_one())
    with _progress(hands, len(cases)) as progress:
        for start in range(0, len(cases), AT_ONCE):
            if progress.stopped:
                outcome.waiting = cases[start:]
                break
            some = cases[start : start + AT_ONCE]
            try:
                refused = await hands.session.bridge.write(partial(_step, verbs, some, deed))
            except OutOfReach as error:
                outcome.trouble, outcome.waiting = f"{error} ", cases[start:]
                break
            outcome.refused += refused
            outcome.done += len(some) - len(refused)
            progress.show(start + len(some))
    return outcome


@contextmanager
def _progress(hands: Hands, cases: int) -> Iterator[Progress]:
    """Show how far a deed has come, once it takes long."""
    progress = Progress(cases)
    later = hands.app.set_timer(SHOWN_AFTER, lambda: hands.app.push_screen(progress))
    try:
        yield progress
    finally:
        later.stop()
        if progress.is_attached:
            progress.finish(None)


async def _tell(hands: Hands, outcome: _Outcome, marked: int, deed: Deed) -> None:
    """Say how many of how many were done, and name those that were refused."""
    done = f"{outcome.done} of {many(marked, 'case')}"
    back = f" {key('act.undo')} takes it back." if deed.undone and outcome.done else ""
    if outcome.waiting:
        still = f"{len(outcome.waiting)} whose turn had not come stay marked"
        hands.say(f"Stopped. {outcome.trouble}Done on {done}; {still}.{back}")
    else:
        hands.say(f"Done on {done}.{back}" if outcome.done else "Nothing was changed.")
    if refused := outcome.refused:
        more = [f"and {len(refused) - _NAMED} more"] if len(refused) > _NAMED else []
        named = [f"#{case.number}: {why}" for case, why in refused[:_NAMED]]
        await hands.ask(Tell(f"{len(refused)} left out, still marked", [*named, *more]))


def _step(verbs: Stops, cases: Sequence[Case], deed: Deed, desk: Desk) -> list[tuple[Case, str]]:
    """Act on some cases in one transaction, each all or not at all; return those that were refused, and why.

    Nothing of it is done where the database is out of reach.
    """
    refused = []
    with desk.store.write():
        for case in cases:
            try:
                deed.act(verbs, desk, case)
            except OutOfReach:
                raise
            except CasetuiError as error:
                refused.append((case, str(error)))
    return refused
