"""The list of canned replies: each with where it leads the case, and its text as it would be sent."""

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList

from casetui.canned import Canned
from casetui.domain.clocks import Clock
from casetui.domain.policy import Policy
from casetui.domain.records import Case
from casetui.domain.replies import Reply
from casetui.domain.safe import clean
from casetui.tui.dialogs.choices import Choice, Choices, Narrow, Narrowed
from casetui.tui.dialogs.commenting import offered_with_comment
from casetui.tui.drawing import Static, content, fit, glyphs, number
from casetui.tui.keymap import key

_DIGITS = "123456789"
_NAMED = 2
_WIDEST, _MARGIN, _LEADS = 108, 12, 38


class Replies(Narrowed[Reply]):
    """Asks which canned reply a case is to get; the words narrow by title and text."""

    DEFAULT_CSS = """
    Replies {
        #box { width: 100%; max-width: 108; }
        Choices { max-height: 10; }
        &.-low Choices { max-height: 4; }
        #preview {
            height: auto; max-height: 14; scrollbar-size-vertical: 1;
            border-top: solid $primary 40%; border-title-color: $text-accent; border-title-style: bold;
        }
        &.-normal #preview { max-height: 9; }
        &.-low #preview { max-height: 4; }
        #preview.-empty { display: none; }
        #wrong { color: $text-warning; }
        #wrong.-empty { display: none; }
    }
    """

    def __init__(self, case: Case, canned: Canned, *, agent: str, policy: Policy, clock: Clock) -> None:
        title = f"Reply to {number(case)} with"
        super().__init__(title, f"digit or Enter choose   type to narrow   {key('dialog.leave')} cancel")
        self.case = case
        self.canned = canned
        self.agent = agent
        self.policy = policy
        self.clock = clock
        self.offered = offered_with_comment(case)

    def body(self) -> ComposeResult:
        """Draw the line to narrow with, the replies, the one under the cursor, and what is wrong with files."""
        yield Narrow(hint="type to narrow", takes=self._takes)
        yield Choices()
        with VerticalScroll(id="preview", can_focus=False):
            yield Static(id="text")
        yield Static(
            content("\n".join(map(clean, self._wrong()))),
            id="wrong",
            classes="" if self.canned.wrong else "-empty",
        )

    def on_mount(self) -> None:
        """Show the replies; say how to make one where there is none."""
        self._fill()
        if self.canned == Canned((), ()):
            self.refuse(
                "There is no canned reply yet: each is a .txt file in the folder 'replies' beside the settings."
            )

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._fill()

    @on(Input.Changed, "#narrow")
    def _narrowed(self) -> None:
        self._fill()
        some = self.query_one(Choices).option_count
        self.refuse("" if some else "No canned reply has these words.")

    @on(Narrow.Pressed)
    def _pressed(self, event: Narrow.Pressed) -> None:
        self.query_one(Choices).choose(event.key)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._preview(event.option_id)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.finish(self.canned.replies[int(event.option_id or 0)])

    def _takes(self, key: str) -> bool:
        """Say whether the list takes a digit: not where typing it finds a reply with that digit in it."""
        typed = self.query_one(Narrow).value
        return key in self.query_one(Choices).keys and not (typed and self._matching(typed + key))

    def _matching(self, typed: str) -> list[int]:
        words = typed.casefold().split()
        texts = [f"{reply.title} {reply.text}".casefold() for reply in self.canned.replies]
        return [at for at, text in enumerate(texts) if all(word in text for word in words)]

    def _fill(self) -> None:
        choices = self.query_one(Choices)
        here = choices.highlighted_option
        matching = self._matching(self.query_one(Narrow).value)
        choices.show(
            [Choice(str(at), _DIGITS[at : at + 1], self._words(self.canned.replies[at])) for at in matching],
            first=here.id if here else None,
        )
        self._preview(choices.highlighted_option.id if choices.highlighted_option else None)

    def _words(self, reply: Reply) -> Content:
        room = min(self.app.size.width, _WIDEST) - _MARGIN
        return content(f"{fit(clean(reply.title), room - _LEADS)}  ") + content(
            fit(self._leads(reply), _LEADS), "dim"
        )

    def _leads(self, reply: Reply) -> str:
        """Say where a reply leads the case."""
        here = self.case.status.label
        if reply.status is None:
            return f"stays {here}"
        if reply.status not in self.offered:
            return f"stays: no move to {reply.status.row.short}"
        return f"{glyphs.arrow} {reply.status.label}"

    def _preview(self, chosen: str | None) -> None:
        """Show a reply as it would be sent now."""
        preview = self.query_one("#preview", VerticalScroll)
        preview.set_class(chosen is None, "-empty")
        if chosen is not None:
            reply = self.canned.replies[int(chosen)]
            preview.border_title = content(clean(reply.title))
            text = reply.filled(self.case, self.agent, self.policy, self.clock.now())
            self.query_one("#text", Static).update(content(text))
            preview.scroll_home(animate=False)

    def _wrong(self) -> list[str]:
        """Name the files that are left out, the first of them in full."""
        wrong = self.canned.wrong
        said = [f"Left out: {fault.file.name}, line {fault.line}: {fault.says}." for fault in wrong[:_NAMED]]
        more = len(wrong) - _NAMED
        if more > 0:
            said.append(f"{more} more mistake{'s' * (more > 1)}: 'casetui config check' names them.")
        return said
