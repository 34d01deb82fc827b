"""Moves and comments on the screen: the picker, the composer, one write; what was typed is never lost."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from msgspec.structs import replace

from casetui.domain.errors import CasetuiError
from casetui.domain.records import Case, Entry, Request
from casetui.domain.replies import Reply
from casetui.domain.workflow import CommentKind, Status
from casetui.tui.bridge import Desk
from casetui.tui.dialogs.commenting import Draft, Written, offered_with_comment, resumes
from casetui.tui.dialogs.composer import Composer
from casetui.tui.dialogs.offers import wants_comment
from casetui.tui.dialogs.picker import Picker
from casetui.tui.dialogs.replies import Replies
from casetui.tui.hands import Hands
from casetui.tui.session import Session

Act = Callable[[Desk], Case]
_RECALLED = 40
"""Entries that are read for the composer, which shows the last comments."""


async def move(hands: Hands, case: Case) -> None:
    """Ask where a case is to go, for its comment where the move wants one, and move it."""
    session = hands.session
    request, said = None, ""
    while True:
        answered = await session.bridge.read(_answered(case))
        picker = Picker(
            case,
            agent=session.agent,
            policy=session.policy,
            clock=session.clock,
            answered={case.number} if answered else (),
            initial=request,
        )
        request = await hands.ask(picker, said)
        if request is None:
            return
        if wants_comment(request, answered=answered):
            await comment(hands, case, CommentKind.PUBLIC, request)
            return
        try:
            hands.say_moved(await hands.write(_moving(case, request)))
        except CasetuiError as error:
            case, said = await hands.fresh(case), str(error)
        else:
            return


async def canned(hands: Hands, case: Case) -> None:
    """Ask for a canned reply, and open the composer with it."""
    session = hands.session
    replies = Replies(
        case, await session.canned(), agent=session.agent, policy=session.policy, clock=session.clock
    )
    if reply := await hands.ask(replies):
        await comment(hands, case, CommentKind.PUBLIC, reply=reply)


async def comment(
    hands: Hands, case: Case, kind: CommentKind, request: Request | None = None, *, reply: Reply | None = None
) -> None:
    """Take a comment, and with it the move that it is for, until it is written or left as a draft.

    A canned ``reply`` stands in the composer from the start, below the draft where there is one.
    """
    session, number, said = hands.session, case.number, ""
    drafts, led, entries = await session.bridge.read(
        lambda desk: (desk.drafts.of(number), desk.drafts.leads_to(number), _recall(desk, number))
    )
    target = request.target if request else led if led in offered_with_comment(case) else None
    while True:
        composer = Composer(
            case,
            agent=session.agent,
            policy=session.policy,
            clock=session.clock,
            kind=kind,
            drafts=drafts,
            target=target,
            entries=entries,
            canned=session.canned,
            reply=reply,
        )
        reply = None
        hands.composing = composer
        try:
            answer = await hands.ask(composer, said)
        finally:
            hands.composing = None
        drafts = dict(composer.drafting.texts)
        if not isinstance(answer, Written):
            await _leave(hands, number, drafts, answer, composer.target)
            return
        kind, target, drafts[answer.kind] = answer.kind, composer.target, answer.text
        act = _commenting(case, answer, request)
        try:
            after = await hands.write(act)
        except CasetuiError as error:
            case, said = await hands.fresh(case), str(error)
            session.bridge.post(_keeping(number, drafts, target))
            with suppress(CasetuiError):  # a desk out of reach still leaves the text on the screen
                entries = await session.bridge.read(lambda desk: _recall(desk, number))
        else:
            session.bridge.post(_keeping(number, {**drafts, kind: ""}, target))
            _say(hands, case, after, answer)
            return


async def tell_meanwhile(session: Session, composer: Composer) -> None:
    """Say above a comment that is being written what others have done to its case since it was begun."""
    number = composer.case.number
    case, entries = await session.bridge.read(lambda desk: (desk.board.case(number), _recall(desk, number)))
    if case.version != composer.case.version and composer.is_attached:
        composer.overtaken(entries)


def _recall(desk: Desk, number: int) -> list[Entry]:
    """Return the newest entries of a case, oldest first, without the comments that were taken back."""
    gone = desk.board.taken_back(number)
    return [entry for entry in desk.board.newest(number, _RECALLED)[::-1] if entry.id not in gone]


def _answered(case: Case) -> Callable[[Desk], bool]:
    return lambda desk: desk.board.answered(case.number)


def _keeping(number: int, drafts: Mapping[CommentKind, str], target: Status | None) -> Callable[[Desk], None]:
    return lambda desk: desk.drafts.keep(number, drafts, target)


def _moving(case: Case, request: Request) -> Act:
    return lambda desk: desk.stops.move(case.number, request, seen=case.version)


def _commenting(case: Case, written: Written, request: Request | None) -> Act:
    """Return the one write of a comment, with the move that goes along with it."""
    if written.target is None:
        return lambda desk: desk.stops.comment(case.number, written.kind, written.text, seen=case.version)
    asked = request if request and request.target is written.target else Request(written.target)
    return _moving(case, replace(asked, comment=written.text))


async def _leave(
    hands: Hands, number: int, drafts: Mapping[CommentKind, str], answer: Draft | None, target: Status | None
) -> None:
    await hands.session.bridge.write(_keeping(number, drafts, target))
    if answer and answer.text.strip():
        hands.say(f"Nothing is written. The draft on case {number} is kept; {resumes(answer.kind)} resumes it.")


def _say(hands: Hands, before: Case, after: Case, written: Written) -> None:
    if before.status is not after.status or written.target is not None:
        hands.say_moved(after)
        return
    said = {
        CommentKind.PUBLIC: "Your reply is on case {}; the customer sees it.",
        CommentKind.INTERNAL: "Your note is on case {}; only we see it.",
        CommentKind.CUSTOMER: "What the customer said is on case {}, marked unread.",
    }
    hands.say(said[written.kind].format(after.number))
