"""The picker of legal moves: each says who has the ball next and, with dates, what the clock will do."""

from collections.abc import Collection, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList

from casetui.domain.clocks import Clock
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Request
from casetui.domain.workflow import Status
from casetui.tui.dialogs import wording
from casetui.tui.dialogs.asking import Inquiry
from casetui.tui.dialogs.choices import Choice, Choices, Narrow, Narrowed
from casetui.tui.dialogs.frame import Pair
from casetui.tui.dialogs.offers import Offers
from casetui.tui.drawing import Static, content, fit, glyphs, number
from casetui.tui.keymap import key

_STATUS, _MANY, _WAITS, _MARGIN = 31, 13, 12, 9
_WIDEST, _ROOMY = 108, 70
_DIGITS = "123456789"
_OVERRIDE = "override"
_EXPLAINED = ("Means", "Needs", "Clock", "Leaves by", "Customer")


class Picker(Narrowed[Request]):
    """Asks where a case is to go and what the move wants with it, all but the public comment.

    The result is a Request; the caller opens the composer where ``wants_comment`` says so. ``answered`` are the
    numbers of the cases whose newest comment is a public one. With ``others`` each move says how many of the cases
    can make it together, and those that all can make come first.
    ``initial`` brings back a request that was refused.
    """

    DEFAULT_CSS = """
    Picker {
        #box { width: 100%; max-width: 108; }
        #heading { color: $text-muted; padding: 0 1; text-wrap: nowrap; }
        Choices { max-height: 13; }
        &.-normal Choices { max-height: 9; }
        &.-low Choices { max-height: 5; }
        #explained, #why {
            height: auto;
            border-top: solid $primary 40%;
            border-title-color: $text-accent;
            border-title-style: bold;
        }
        &.-low #explained Pair { display: none; }
        &.-low #explained #clock { display: block; }
        #why, #explained.-empty { display: none; }
        &.-why #why { display: block; }
        &.-why #explained { display: none; }
        &.-asked Choices { display: none; }
        &.-asked #heading { display: none; }
    }
    """

    def __init__(
        self,
        case: Case,
        *,
        agent: str,
        policy: Policy,
        clock: Clock,
        answered: Collection[int] = (),
        initial: Request | None = None,
        others: Sequence[Case] = (),
    ) -> None:
        which = f"{len(others) + 1} cases" if others else f"{number(case)} out of {case.status.label}"
        super().__init__(f"Move {which}", f"Enter choose   {key('dialog.leave')} cancel   ? why is one missing")
        self.case = case
        self.offers = Offers((case, *others), agent=agent, answered=answered)
        self.agent = agent
        self.policy = policy
        self.clock = clock
        self.initial = initial
        self.overriding = bool(initial and initial.override is not None)
        self.asked_why = False

    def body(self) -> ComposeResult:
        """Draw the line to narrow with, the moves, and what is under the cursor in words."""
        yield Narrow(hint="type to narrow", takes=self._takes)
        yield Static(id="heading")
        yield Choices()
        with Vertical(id="explained"):
            for word in _EXPLAINED:
                yield Pair(word, id=word.split()[0].lower())
        yield Static(id="why")

    def on_mount(self) -> None:
        """Show the moves, with the cursor where it was when the request was refused."""
        self.inquiry = Inquiry(self.app, self.finish, kept=self.initial)
        self.query_one("#why").border_title = Content("Not offered")
        self._fill(first=_key(self.initial) if self.initial else None)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._fill()

    async def action_walk(self, step: str) -> None:
        """Move the cursor of the list, or scroll where the reasons stand in its place."""
        if self.asked_why:
            await self.query_one("#box").run_action(
                {"cursor_down": "scroll_down", "cursor_up": "scroll_up"}.get(step, step)
            )
        else:
            await super().action_walk(step)

    def accept(self) -> None:
        """Choose what is under the cursor, if it can be seen."""
        if self.asked_why:
            self._switch(overriding=self.overriding)
        else:
            super().accept()

    def action_leave(self) -> None:
        """Go back from the reasons or the overrides to the moves, from there out."""
        if self.overriding or self.asked_why:
            self._switch(overriding=self.overriding and self.asked_why)
        else:
            super().action_leave()

    def offered(self) -> dict[str, Request]:
        """Return what can be chosen, by its id, in the order of the list."""
        return {_key(request): request for request in self.offers.moves(overriding=self.overriding)}

    @on(Input.Changed, "#narrow")
    def _narrowed(self) -> None:
        self.refuse("")
        self._fill()

    @on(Narrow.Pressed)
    def _pressed(self, event: Narrow.Pressed) -> None:
        if event.key == "?":
            self.asked_why = not self.asked_why
            self._fill()
        elif not self.asked_why:
            self.query_one(Choices).choose(event.key)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._explain(event.option_id)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id == _OVERRIDE:
            self._switch(overriding=True)
        elif request := self.offered().get(event.option_id or ""):
            sentence = self.offers.refusal(request)
            self.refuse(sentence)
            if not sentence:
                self.inquiry.ask(request)

    def _switch(self, *, overriding: bool) -> None:
        self.overriding = overriding
        self.asked_why = False
        self.refuse("")
        self._fill()

    def _takes(self, key: str) -> bool:
        """Say whether the list takes a digit: not where typing it narrows to a name such as Tier 2."""
        typed = self.query_one(Narrow).value
        return key == "?" or (key in self.query_one(Choices).keys and not (typed and self._matching(typed + key)))

    def _matching(self, typed: str) -> list[str]:
        words = typed.lower().split()
        offered = self.offered().items()
        return [name for name, request in offered if all(word in self._called(request).lower() for word in words)]

    def _fill(self, *, first: str | None = None) -> None:
        """Show the moves that the typed words leave; each keeps its digit."""
        moves, typed = self.query_one(Choices), self.query_one(Narrow).value
        room = min(self.app.size.width, _WIDEST) - _MARGIN - self._many
        offered, matching = self.offered(), self._matching(typed)
        digits = dict(zip(offered, _DIGITS, strict=False))
        lines = [Choice(name, digits.get(name, ""), self._words(offered[name], room)) for name in matching]
        if not self.overriding and any(case.status is not Status.CLOSED for case in self.offers.cases):
            words = f"Override: another status, with a note{glyphs.ellipsis}"
            lines.append(Choice(_OVERRIDE, "0", content(words, "dim")))
        here = moves.highlighted_option
        moves.show(lines, first=first or (here.id if here and here.id in matching else None))
        self.query_one("#heading", Static).update(
            Content("  ") + self._columns("Status", "For", "Waits on", "Clock", room)
        )
        self._say_why("" if self.asked_why else typed, said=self.asked_why or not matching)
        self._explain(moves.highlighted_option.id if moves.highlighted_option else None)

    def _words(self, request: Request, room: int) -> Content:
        clock = wording.clock_in_brief(request.target, self.policy, short=room < _ROOMY)
        return self._columns(
            self._called(request), self._for(request), wording.waits_on(request.target), clock, room
        )

    @property
    def _many(self) -> int:
        """The room of the column that says for how many cases a move is."""
        return _MANY if self.offers.many else 0

    def _for(self, request: Request) -> str:
        acting, many = len(self.offers.acting(request)), len(self.offers.cases)
        return f"all {many}" if acting == many else f"{acting} of {many}"

    def _columns(self, status: str, many: str, waits: str, clock: str, room: int) -> Content:
        fitted = (fit(status, _STATUS), fit(many, self._many), fit(waits, _WAITS if room >= _ROOMY else 0))
        return content("".join(fitted)) + content(clock, "dim")

    def _say_why(self, typed: str, *, said: bool) -> None:
        """Say why statuses are not offered: all of them, or those that the typed words would find."""
        offered = {request.target for request in self.offered().values()}
        missing = [
            status for status in Status if status not in offered and typed.strip().lower() in status.label.lower()
        ]
        lines = [f"{status.label}: {self._why_not(status)}" for status in missing] or ["There is no such status."]
        self.set_class(said, "-why")
        self.set_class(self.asked_why, "-asked")
        self.query_one("#why", Static).update(content("\n".join(lines)))

    def _why_not(self, status: Status) -> str:
        for case in self.offers.cases:
            if status not in case.status.row.moves:
                which = f"{number(case)}: " if self.offers.many else ""
                return which + wording.why_not(case.status, status)
        return "not even an override leads there."

    def _explain(self, name: str | None) -> None:
        """Put what is under the cursor into words."""
        explained = self.query_one("#explained")
        request = self.offered().get(name or "")
        explained.set_class(request is None, "-empty")
        if request is None:
            return
        target, case = request.target, next(iter(self.offers.acting(request)), self.case)
        answered = self.offers.answered(case) or self.overriding or request.as_customer
        values = (
            target.row.means,
            self._needs(request),
            wording.clock_in_full(target, self.policy, self.clock.now()),
            wording.leaves_by(target),
            wording.customer_sees(target, answered=answered),
        )
        few = f": {self._for(request)} cases" if self.offers.many else ""
        explained.border_title = content(self._called(request) + few)
        for pair, words in zip(explained.query(Pair), values, strict=True):
            pair.say(content(words))

    def _needs(self, request: Request) -> str:
        if self.overriding:
            return "A note that says why; it stands in for what the move would ask."
        if request.as_customer:
            return "Nothing: it is the customer's word, and the history says so."
        if self.offers.many and (refusal := self.offers.refusal(request)):
            return refusal
        case = next(iter(self.offers.acting(request)), self.case)
        return wording.needs(case, request.target, agent=self.agent, answered=self.offers.answered(case))

    def _called(self, request: Request) -> str:
        if self.overriding:
            return request.target.label
        starts = [case.status for case in self.offers.acting(request)] or [self.case.status]
        start = next((start for start in starts if start is not request.target), request.target)
        return wording.name_of_move(start, request.target, by_customer=request.as_customer)


def _key(request: Request) -> str:
    """Return what the list knows a request by."""
    return f"{'customer' if request.as_customer else 'move'}-{request.target.value}"
