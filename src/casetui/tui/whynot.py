"""Why a command cannot be given now: what the footer leaves out and a toast explains."""

from casetui.domain.records import Case
from casetui.tui.commands import Command, Need
from casetui.tui.keymap import key


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
