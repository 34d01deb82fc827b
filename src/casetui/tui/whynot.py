"""Why a command cannot be given now: what the footer leaves out and a toast explains."""

from collections.abc import Iterable

from casetui.domain.records import Case
from casetui.tui.commands import Command, Need
from casetui.tui.keymap import key

_ONE_BY_ONE = {
    "case.reply": "A reply is written to one customer at a time",
    "case.canned": "A canned reply is written to one customer at a time",
    "case.customer": "What a customer said belongs to one case",
    "case.edit": "The facts of a case are its own",
    "case.clone": "A case is cloned on its own",
}
"""Why deeds are not done to many cases at once, by their ids."""


def why_not(command: Command, case: Case | None, *, read_only: bool) -> str | None:
    """Return why a command cannot be given now, in a sentence, or None where it can."""
    if command.writes and read_only:
        return "This is a read-only session: nothing can be changed here."
    if command.need is Need.NOTHING:
        return None
    if case is None:
        return "There is no case under the cursor."
    if command.need is Need.OPEN and not case.status.row.moves:
        return f"Case {case.number} is closed, which is final; {key('case.clone')} opens a new case from it."
    if command.need is Need.CLOCK and case.close_at is None:
        return f"No clock runs while case {case.number} is {case.status.label}."
    return None


def why_not_all(command: Command, cases: Iterable[Case], *, read_only: bool, clear: str) -> str | None:
    """Return why a deed cannot be done to marked cases, in a sentence, or None where it can be to some of them.

    ``clear`` is the key that takes the marks off.
    """
    if not command.many:
        why = _ONE_BY_ONE.get(command.id, "That is done one case at a time")
        return f"{why}: {clear} takes the marks off first."
    first = None
    for case in cases:
        said = why_not(command, case, read_only=read_only)
        if said is None:
            return None
        first = first or said
    return f"None of the marked cases can: {first}"
