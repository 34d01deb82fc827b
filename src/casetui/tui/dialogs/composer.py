"""The composer of comments, in three kinds that cannot be mistaken for one another."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from casetui.canned import Canned
from casetui.domain.clocks import Clock, stamp
from casetui.domain.errors import Refused
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry
from casetui.domain.replies import Reply
from casetui.domain.safe import clean
from casetui.domain.words import many
from casetui.domain.workflow import CommentKind, Status
from casetui.tui import keyboard
from casetui.tui.bindings import bound
from casetui.tui.dialogs.commenting import (
    KINDS,
    NAMES,
    Draft,
    Prospect,
    Written,
    keys_in_line,
    kinds_in_line,
    meanwhile,
    offered_with_comment,
    said,
)
from casetui.tui.dialogs.drafting import Drafting
from casetui.tui.dialogs.editing import edit_outside
from casetui.tui.dialogs.frame import WIDE, Dialog, Words
from casetui.tui.dialogs.last_look import LastLook, Look
from casetui.tui.dialogs.replies import Replies
from casetui.tui.drawing import Static, content, number
from casetui.tui.keymap import key

_EVERY = 1.0
"""Seconds between two ``Typed`` at least."""
_SHOWN = 12
_FRAME, _TALL = 112, 30


class Composer(Dialog[Draft | Written]):
    """Takes a comment: ``Written`` when it is saved, ``Draft`` on Escape, which throws nothing away.

    ``drafts`` are the texts kept for each kind; changing the kind takes along what was typed, unless the other
    kind has a draft of its own. ``entries`` is the case's history, oldest first. A canned ``reply`` is put below
    the draft. The app hears ``Typed``, at most once a second while one types.
    """

    class Typed(Message):
        """The text of a kind changed, so that the draft can be stored; empty when it is gone.

        ``target`` is where a public one is to lead.
        """

        def __init__(self, number: int, kind: CommentKind, text: str, target: Status | None) -> None:
            super().__init__()
            self.number = number
            self.kind = kind
            self.text = text
            self.target = target

    DEFAULT_CSS = """
    Composer {
        background: $background;
        #sheet { width: 100%; max-width: 112; height: 100%; background: $surface; }
        #head { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; text-style: bold; }
        #kinds, #then, #keys { link-style: none; link-style-hover: bold; link-background-hover: $primary 30%;
                               link-color: $text; link-color-hover: $text; }
        #kinds { height: 1; padding: 0 1; text-wrap: nowrap; }
        #announced { display: none; height: auto; padding: 0 1; background: $warning-muted; color: $text-warning; }
        #announced.-said { display: block; }
        #middle { height: 1fr; layout: vertical; }
        #text { height: 2fr; min-height: 4; padding: 0 1; background: $surface; border-title-style: bold; }
        #text, #text:focus { border: double $success; border-title-color: $text-success; }
        &.-internal #text { border: round $warning; border-title-color: $text-warning; }
        &.-customer #text { border: dashed $accent; border-title-color: $text-accent; }
        #reference { height: 1fr; min-height: 3; max-height: 9; padding: 0 1; border: round $foreground 25%;
                     border-title-color: $text-muted; scrollbar-size-vertical: 1; }
        #reference:focus { border: round $primary; }
        #reference.-empty { display: none; }
        &.-low #reference { display: none; }
        &.-wide #middle { layout: horizontal; }
        &.-wide #text { width: 7fr; height: 100%; }
        &.-wide #reference { width: 4fr; height: 100%; max-height: 100%; }
        #then { height: auto; padding: 0 1; }
        #refusal { margin: 0; padding: 0 1; }
        #keys { height: 1; padding: 0 1; background: $panel; color: $text-muted; text-wrap: nowrap; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bound(keyboard.COMPOSER)

    def __init__(
        self,
        case: Case,
        *,
        agent: str,
        policy: Policy,
        clock: Clock,
        kind: CommentKind = CommentKind.PUBLIC,
        drafts: Mapping[CommentKind, str] | None = None,
        target: Status | None = None,
        entries: Sequence[Entry] = (),
        canned: Callable[[], Awaitable[Canned]] | None = None,
        reply: Reply | None = None,
    ) -> None:
        super().__init__(f"{number(case)}  {clean(case.subject)}", "")
        self.case = case
        self.agent = agent
        self.policy = policy
        self.clock = clock
        self.drafting = Drafting(kind, drafts, self._tell)
        self.add_class(f"-{kind.value}")
        self.offered = offered_with_comment(case)
        self.target = target = None if target is case.status else target
        if target not in self.offered:
            self.offered = (*self.offered, target)
        self.entries = _comments(entries)
        self._known = entries[-1].id if entries else 0
        self.canned = canned
        self.reply = reply
        self._keeping: Timer | None = None

    def compose(self) -> ComposeResult:
        """Draw the text in the frame of its kind, what was said last, and what follows."""
        with Vertical(id="sheet"):
            yield Static(self.titled, id="head")
            yield Static(id="kinds")
            yield Static(id="announced")
            with Container(id="middle"):
                yield Words(self.drafting.text, id="text")
                with VerticalScroll(id="reference") as reference:
                    reference.border_title = Content("said last")
                    yield Static(said(self.entries, self.policy.zone, self.clock.now()), id="said")
            yield Static(id="then")
            yield Static(id="refusal")
            yield Static(id="keys")

    def on_mount(self) -> None:
        """Begin at the end of a draft."""
        self.query_one("#reference").set_class(not self.entries, "-empty")
        words = self.query_one(Words)
        words.move_cursor(words.document.end)
        self._draw()
        if self.reply is not None:
            words.add("\n\n" if words.text.strip() else "")
            self._put(self.reply)

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._draw()

    @property
    def kind(self) -> CommentKind:
        """The kind of comment that is being written."""
        return self.drafting.kind

    @property
    def prospect(self) -> Prospect:
        """What becomes of the case if this is saved now."""
        return Prospect(self.case, self.kind, self.target, self.policy, self.clock.now())

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.query_one(Words).text

    def announce(self, text: str) -> None:
        """Say something above the text, such as that the customer wrote meanwhile; nothing for an empty text."""
        line = self.query_one("#announced", Static)
        line.update(content(text))
        line.set_class(bool(text), "-said")

    def overtaken(self, entries: Sequence[Entry]) -> None:
        """Say what others have done meanwhile; ``entries`` is the case's history, oldest first.

        The last look says it too, where it is open: what it shows is refused.
        """
        zone, now = self.policy.zone, self.clock.now()
        news = [entry for entry in entries if entry.id > self._known] or entries[-1:]
        sentence = meanwhile(news, zone, now)
        self.announce(f"{sentence} Saving asks you to look again; your text stays here.")
        if isinstance(self.app.screen, LastLook):
            self.app.screen.refuse(sentence)
        self.entries = _comments(entries)
        self.query_one("#reference").set_class(not self.entries, "-empty")
        self.query_one("#said", Static).update(said(self.entries, zone, now))

    def kept(self) -> None:
        """Say in the frame that the draft has been stored just now."""
        self._count(f"   draft kept {stamp(self.clock.now(), self.policy.zone)[-5:]}")

    def action_leave(self) -> None:
        """Leave, and keep the text."""
        self._finish(Draft(self.kind, self.text))

    def action_discard(self) -> None:
        """Leave without the text; for the palette, which asks first."""
        self.query_one(Words).put("")
        self.action_leave()

    def action_kind(self, at: int | None = None) -> None:
        """Go to the next kind, or to one of them."""
        self._note()
        self.drafting.turn(KINDS[(KINDS.index(self.kind) + 1) % len(KINDS) if at is None else at])
        words = self.query_one(Words)
        if words.text != self.drafting.text:
            words.put(self.drafting.text)
        words.focus()
        self._draw()

    def action_then(self, at: int | None = None) -> None:
        """Go to the next status that a public comment can lead to, or to one of them."""
        if self.kind is CommentKind.PUBLIC:
            here = self.offered.index(self.target)
            self.target = self.offered[(here + 1) % len(self.offered) if at is None else at]
            self._keep()
            self._draw()

    async def action_canned(self) -> None:
        """Ask for a canned reply to put where the cursor is; they are read when they are asked for."""
        if self.kind is CommentKind.PUBLIC:
            canned = await self.canned() if self.canned else Canned()
            replies = Replies(self.case, canned, agent=self.agent, policy=self.policy, clock=self.clock)
            self.app.push_screen(replies, self._put)
        else:
            self.refuse(f"Canned replies are for the customer; {key('composer.kind')} makes this a public reply.")

    def action_editor(self) -> None:
        """Lend the terminal to the person's own editor."""
        try:
            self.query_one(Words).put(edit_outside(self.app, self.text))
        except Refused as error:
            self.refuse(str(error))

    def action_save(self) -> None:
        """Save a note; show a last look at what leaves the house or moves the case."""
        if not self.text.strip():
            self.refuse(f"There is nothing to save yet; type something, or press {key('composer.leave')}.")
        elif self.prospect.refused:
            self.refuse(self.prospect.refused)
        elif self.kind is CommentKind.INTERNAL:
            self._written()
        else:
            self.app.push_screen(self._last_look(), self._looked)

    def _put(self, reply: Reply | None) -> None:
        if reply is None:
            return
        self.query_one(Words).add(reply.filled(self.case, self.agent, self.policy, self.clock.now()))
        if reply.status is None:
            return
        if reply.status in self.offered:
            self.target = reply.status
            self._draw()
        else:
            here, there = self.case.status.label, reply.status.label
            self.announce(f"No move leads from {here} to {there}: the case stays where it is.")

    def _looked(self, look: Look | None) -> None:
        if look is Look.SEND:
            self._written()
        elif look is Look.KEEP:
            self.action_leave()

    def _written(self) -> None:
        target = self.target if self.kind is CommentKind.PUBLIC else None
        self._finish(Written(self.kind, self.text.strip(), target))

    def _finish(self, result: Draft | Written) -> None:
        if self._keeping is not None or self.text != self.drafting.text:
            self._keep()
        self.finish(result)

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.refuse("")
        self._count()
        if self.text != self.drafting.text and self._keeping is None:
            self._keeping = self.set_timer(_EVERY, self._keep)

    def _keep(self) -> None:
        self._note()
        self.drafting.tell()

    def _note(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        self.drafting.note(self.text)

    def _tell(self, kind: CommentKind, text: str) -> None:
        # To the app itself: what a screen posts to itself while it is being closed is dropped.
        self.app.post_message(self.Typed(self.case.number, kind, text, self.target))

    def _last_look(self) -> LastLook:
        public = self.kind is CommentKind.PUBLIC
        goes = "goes to the customer" if public else "is recorded as the customer's"
        prospect = self.prospect
        facts = [
            ("To" if public else "From", content(prospect.who)),
            ("Case", self.titled),
            ("Kind", content(f"{NAMES[self.kind]}, {self._lines()}")),
        ]
        then = prospect.follows()
        if public and self.target is not None:
            then += Content("\n") + prospect.clock(self.target)
        yes = "send" if public else "record"
        return LastLook(f"Last look: this {goes}", facts, self.text.strip(), then, yes=yes)

    def _draw(self) -> None:
        """Put the kind into the frame, and what follows below it."""
        for kind in KINDS:
            self.set_class(kind is self.kind, f"-{kind.value}")
        prospect, words = self.prospect, self.query_one(Words)
        width = min(self.app.size.width, _FRAME)
        beside = self.app.size.width >= WIDE and bool(self.entries)  # before Textual has given it the class
        words.border_title = prospect.frame((width * 7 // 11 if beside else width) - 8)
        full = self.app.size.height >= _TALL
        then = prospect.in_full(self.offered) if full else prospect.in_short(self.offered)
        self.query_one("#kinds", Static).update(kinds_in_line(self.kind))
        self.query_one("#then", Static).update(then)
        self.query_one("#keys", Static).update(keys_in_line(self.kind, self.app.size.width))
        self._count()

    def _count(self, more: str = "") -> None:
        self.query_one(Words).border_subtitle = content(f"{self._lines()}{more}")

    def _lines(self) -> str:
        return many(len(self.text.strip().splitlines()), "line")


def _comments(entries: Sequence[Entry]) -> list[Entry]:
    """Return the last comments of a history, newest first."""
    return [entry for entry in entries if entry.body][: -_SHOWN - 1 : -1]
