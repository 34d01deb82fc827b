"""What a comment is and does, in words: who sees it, and where it leads the case."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content
from textual.style import Style

from casetui.domain.clocks import stamp
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry
from casetui.domain.safe import clean
from casetui.domain.workflow import CommentKind, Status, takes_comment_only
from casetui.tui import keyboard
from casetui.tui.dialogs import wording
from casetui.tui.drawing import KIND_WORDS, content, fit, glyphs
from casetui.tui.keymap import key

KINDS = (CommentKind.PUBLIC, CommentKind.INTERNAL, CommentKind.CUSTOMER)
NAMES = {
    CommentKind.PUBLIC: "PUBLIC reply",
    CommentKind.INTERNAL: "internal note",
    CommentKind.CUSTOMER: "customer said",
}
NO_MORE = "A closed case takes no customer's comment; clone it instead."
_PUBLIC_ONLY = ("then", "canned")
_ROOMY, _EDGES = 70, 2
_LONGEST = 4_000
_QUOTED = 120
"""Cells of what a customer wrote that are quoted above the text; below it stands all of it."""


class Draft(Struct, frozen=True):
    """A comment left unfinished."""

    kind: CommentKind
    text: str


class Written(Struct, frozen=True):
    """A finished comment, and the status that a public one is to move the case to, if any."""

    kind: CommentKind
    text: str
    target: Status | None


def offered_with_comment(case: Case) -> tuple[Status | None, ...]:
    """Return where a public comment can move a case: None stays, then the moves that ask for nothing else."""
    return (None, *(target for target in case.status.row.moves if takes_comment_only(target)))


class Prospect(Struct, frozen=True):
    """What becomes of a case if a comment of that kind is saved now, with that status to follow."""

    case: Case
    kind: CommentKind
    target: Status | None
    policy: Policy
    now: datetime

    @property
    def refused(self) -> str:
        """The sentence that says why there can be no such comment, or nothing."""
        closed = self.case.status is Status.CLOSED
        return NO_MORE if closed and self.kind is CommentKind.CUSTOMER else ""

    @property
    def who(self) -> str:
        """The customer, with the account; not cleaned."""
        contact, account = self.case.contact, self.case.account
        if contact and account:
            return f"{contact} ({account})"
        return contact or account or "the customer"

    def frame(self, cells: int) -> Content:
        """Return what stands in the frame of the text; the name gives way where it is narrow."""
        before, after = {
            CommentKind.PUBLIC: ("PUBLIC  ", " WILL SEE THIS"),
            CommentKind.INTERNAL: ("internal note  staff only, the customer never sees it", ""),
            CommentKind.CUSTOMER: ("CUSTOMER SAID  recorded as from ", ""),
        }[self.kind]
        room = max(8, cells - len(before) - len(after))
        who = "" if self.kind is CommentKind.INTERNAL else fit(self.who, room).rstrip()
        return content(before + who + after)

    def follows(self) -> Content:
        """Say where the case will be."""
        start = self.case.status
        if self.refused:
            return content(self.refused, "$text-error")
        by_customer = self.kind is CommentKind.CUSTOMER
        target = start.row.on_customer_comment if by_customer else self.target
        if target is None:
            return content(f"The case stays {start.label}{', marked unread' if by_customer else ''}.")
        moves = content("This moves the case: " if by_customer else "")
        return moves + content(f"{start.label} {glyphs.arrow} {target.label}", "bold")

    def clock(self, target: Status | None) -> Content:
        """Say when the timer will act there; nothing where the case stays as it is."""
        words = "" if target is None else wording.deadlines(target, self.policy, self.now)
        return content(words, "dim")

    def in_short(self, offered: Sequence[Status | None]) -> Content:
        """Say what follows on one line or two."""
        if self.kind is CommentKind.INTERNAL:
            return content(f"No status change. {key('composer.save')} saves at once.")
        if self.kind is CommentKind.CUSTOMER:
            return self.follows()
        change = content(f"   {key('composer.then')} change" if len(offered) > 1 else "", "dim")
        return Content("Then  ") + self.follows() + change + "\n      " + self.clock(self.target)

    def in_full(self, offered: Sequence[Status | None]) -> Content:
        """List what can follow a public comment, the chosen one marked; each line can be clicked."""
        if self.kind is not CommentKind.PUBLIC or len(offered) == 1:
            return self.in_short(offered)
        rows = [content(f"Then  {key('composer.then')} changes it")]
        for at, target in enumerate(offered):
            mark, style = ("(o)", "bold") if target is self.target else ("( )", "")
            start = self.case.status
            name = f"keep {start.label}" if target is None else wording.name_of_move(start, target)
            words = content(f" {mark} {fit(name, 35)}", style)
            rows.append(link(words, f"then({at})") + self.clock(target))
        return Content("\n").join(rows)


def resumes(kind: CommentKind) -> str:
    """Return the key that opens the composer with the draft of a kind."""
    ids = {
        CommentKind.PUBLIC: "case.reply",
        CommentKind.INTERNAL: "case.note",
        CommentKind.CUSTOMER: "case.customer",
    }
    return key(ids[kind])


def meanwhile(entries: Sequence[Entry], zone: str, now: datetime) -> str:
    """Say what others have done to a case, the newest last: what the customer wrote before all else.

    There is at least one entry.
    """
    customers = [entry for entry in entries if entry.kind is CommentKind.CUSTOMER]
    told = (customers or entries)[-1]
    who, at = clean(told.author or told.by), stamp(told.at, zone, now=now)
    if customers:
        words = fit(" ".join(clean(told.body or "").split()), _QUOTED).rstrip()
        return f'Meanwhile {who} wrote ({at}): "{words}"'
    did = f"moved it to {told.target.label}" if told.target else told.what.did
    return f"Meanwhile {who} {did} ({at})."


def said(entries: Sequence[Entry], zone: str, now: datetime) -> Content:
    """Return comments for reference, in the order given."""
    lines: list[Content] = []
    for entry in entries:
        kind = KIND_WORDS[entry.kind] if entry.kind else ""
        at = stamp(entry.at, zone, now=now)
        lines.append(content(f"{kind} {at} {clean(entry.author or entry.by)}", "bold"))
        lines.append(content((entry.body or "")[:_LONGEST]))
        lines.append(Content())
    return Content("\n").join(lines[:-1])


def link(words: Content, action: str) -> Content:
    """Return words of ours that do, clicked, what a key of the screen does."""
    return words.stylize(Style.from_meta({"@click": f"screen.{action}"}))


def kinds_in_line(chosen: CommentKind) -> Content:
    """Return the kinds that a comment can have, the chosen one marked; each can be clicked."""
    styles = {kind: "reverse" if kind is chosen else "" for kind in KINDS}
    words = [content(f" {NAMES[kind]} ", style) for kind, style in styles.items()]
    return content(f"Kind {key('composer.kind')}  ") + content(" ").join(
        link(each, f"kind({at})") for at, each in enumerate(words)
    )


def keys_in_line(kind: CommentKind, cells: int) -> Content:
    """Return the keys in force, as many as there is room for, and that which leaves; each can be clicked."""
    keys: list[Content] = []
    for command in keyboard.COMPOSER:
        asks = command.action == "save" and kind is not CommentKind.INTERNAL
        words = content(" Last look" if asks else f" {command.word}")
        if command.action not in _PUBLIC_ONLY or kind is CommentKind.PUBLIC:
            name = content(key(command.id), "bold $text-accent")
            keys.append(link(name + words, command.action))
    gap, room = content("   " if cells > _ROOMY else "  "), cells - _EDGES
    while len(keys) > 1 and gap.join(keys).cell_length > room:
        del keys[-2]
    return gap.join(keys)
