"""Whether a move may be made, and what it still asks for; every refusal is a sentence (SPEC 3)."""

from casetui.domain.errors import Refused
from casetui.domain.records import Case, Request
from casetui.domain.workflow import NOT_CHOSEN, Ask, CommentKind, Status, is_legal, overridable


def examine(case: Case, request: Request, *, agent: str, newest: CommentKind | None) -> None:
    """Raise Refused unless the move is allowed and brings what it asks for.

    ``newest`` is the kind of the case's newest comment. An override's note stands in for all that the move
    would ask.
    """
    _refuse_superfluous(request)
    if request.override is not None:
        _examine_override(case, request)
        return
    if not is_legal(case.status, request.target, by_customer=request.as_customer):
        raise Refused(_illegal(case, request))
    if not request.as_customer:
        for ask in request.target.row.asks:
            if sentence := _missing(case, request, ask, agent, newest):
                raise Refused(sentence)


def allowed(case: Case, *, as_customer: bool = False, but: Status | None = None) -> str:
    """Say in words where a case may go, ``but`` left out."""
    row = case.status.row
    targets = [target for target in (row.customer_moves if as_customer else row.moves) if target is not but]
    if case.status is Status.CLOSED:
        return f"A closed case is final; 'casetui clone {case.number}' opens a new one from it."
    if not targets:
        return "From there the customer moves it by a comment alone."
    return f"It can go to {', '.join(target.label for target in targets)}."


def _illegal(case: Case, request: Request) -> str:
    who = "the customer cannot move it" if request.as_customer else "it cannot go"
    asked = request.target.label
    return (
        f"Case {case.number} is {case.status.label}: {who} to {asked}."
        f" {allowed(case, as_customer=request.as_customer)}"
    )


def _examine_override(case: Case, request: Request) -> None:
    if request.as_customer:
        raise Refused("An override is an agent's; leave out the customer.")
    if not (request.override or "").strip():
        raise Refused("An override needs a note that says why.")
    if case.status is Status.CLOSED:
        raise Refused(f"Case {case.number} is Closed. {allowed(case)}")
    if request.target not in overridable(case.status):
        names = ", ".join(status.label for status in Status if status in NOT_CHOSEN)
        never = f"Not even an override leads to {request.target.label}: only events lead to {names}."
        raise Refused(f"{never} {allowed(case)}")


def _refuse_superfluous(request: Request) -> None:
    asks = request.target.row.asks
    for name, ask in (("reason", Ask.REASON), ("release", Ask.RELEASE), ("provider", Ask.PROVIDER)):
        value = getattr(request, name)
        if value is not None and ask not in asks:
            raise Refused(f"A move to {request.target.label} takes no {name}.")
    if request.reason is not None and request.reason not in request.target.row.reasons:
        reasons = ", ".join(request.target.row.reasons)
        raise Refused(f"'{request.reason}' is no reason for {request.target.label}; it is one of {reasons}.")


def _missing(case: Case, request: Request, ask: Ask, agent: str, newest: CommentKind | None) -> str | None:
    """Return the sentence for something that a move asks for and did not get."""
    lacking = {
        Ask.QUESTION: not request.comment,
        Ask.ANSWER: not request.comment and newest is not CommentKind.PUBLIC,
        Ask.REASON: request.reason is None,
        Ask.RELEASE: not request.release,
        Ask.PROVIDER: not request.provider,
        Ask.OWNERSHIP: case.owner != agent,
    }
    if not lacking[ask]:
        return None
    if ask is Ask.OWNERSHIP:
        owner = case.owner or "nobody"
        only = f"Only its owner moves a case to {request.target.label}; case {case.number} belongs to {owner}."
        return f"{only} {allowed(case, but=request.target)}"
    wanted = _WANTED[ask].format(reasons=" or ".join(request.target.row.reasons))
    return f"A move to {request.target.label} asks for {wanted}."


_WANTED = {
    Ask.QUESTION: "a public comment: the question",
    Ask.ANSWER: "a public comment: the answer",
    Ask.REASON: "a reason: {reasons}",
    Ask.RELEASE: "the name of the release",
    Ask.PROVIDER: "the provider's name",
}
