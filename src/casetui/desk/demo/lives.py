"""The life of one made-up case: what each act of its plan does, and says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from casetui.desk.demo.cast import pick
from casetui.desk.demo.pen import READ, Pen
from casetui.desk.demo.rhythm import DAY
from casetui.domain.records import CUSTOMER, Priority, What
from casetui.domain.workflow import Status

_MINE, _KEPT = 0.3, 0.6
"""How likely the demo's own agent takes a case, and keeps it when it goes to the second tier."""
_S = Status
_URGENT = (_S.NEW, _S.UNDER_REVIEW, _S.IN_PROGRESS, _S.TIER_1, _S.UPDATE_RECEIVED, _S.CLOSED)
"""Where a case may still be System Down: elsewhere somebody would have found a way around it by now."""
_TO_THE_RELEASE = 20 * DAY


class Life(Pen):
    """A case that is being lived."""

    work = Status.IN_PROGRESS

    def live(self) -> None:
        """Go through all acts of the plan, the timer's in between, and hand the rows to the sheet."""
        plan, story = self.plan, self.story
        if self.priority == Priority.DOWN and plan.status not in _URGENT:
            self.priority = int(Priority.HIGH)
        for act, at in (*zip(plan.head, plan.times, strict=True), *plan.later):
            if self.remind_at is not None:
                self.tick(at)
            self._ACTS[act](self, at)
        self.tick(story.now)
        if plan.clone is not None:
            note = f"cloned as {plan.clone.number}"
            self.enter(plan.clone.opened, What.CLONED.value, self._anybody(), note=note)
            self.touch(plan.clone.opened)
        story.sheet.add(self.row(), self.entries)

    def _open(self, at: int) -> None:
        if "raise" in self.plan.head:
            self.priority = int(Priority.NORMAL)
        if self.plan.assigned:
            self.owner = self._anybody()
        self.begin(at, CUSTOMER, self._facts(), self.story.cast.opening(self.matter))

    def _clone(self, at: int) -> None:
        number = self.plan.parent.number if self.plan.parent else None
        self.cloned_from, by = number, self._anybody()
        self.begin(at, by, {**self._facts(), "cloned_from": number}, None, f"cloned from {number}")
        again = f"We have to come back to case {number}.\n\n{self.matter.part('objection')}"
        self.hear(at + 40, again, f"recorded by {by}")

    def _facts(self) -> dict[str, object]:
        matter = self.matter
        facts = {
            "subject": matter.subject, "account": matter.account.name, "contact": matter.person.name,
            "email": matter.email, "product": matter.product, "priority": self.priority,
            "installation": matter.account.installation, "owner": self.owner,
        }  # fmt: skip
        return {name: value for name, value in facts.items() if value is not None}

    def _review(self, at: int) -> None:
        by = self._anybody()
        self.say(at - 50, by, self.story.cast.small_talk("review", self.matter))
        self.move(at, Status.UNDER_REVIEW, by)

    def _reviewed(self, at: int) -> None:
        self.move(at, Status.UNDER_REVIEW, self._agent())

    def _take(self, at: int) -> None:
        self._work_on(at, Status.IN_PROGRESS)

    def _tier1(self, at: int) -> None:
        self._work_on(at, Status.TIER_1)

    def _hand(self, at: int) -> None:
        cast = self.story.cast
        self.say(at - 80, self._agent(), cast.small_talk("handover", self.matter))
        if self.owner != cast.agent or cast.rng.random() > _KEPT:
            self._assign(at - 25, pick(cast.rng, cast.teams["second"]))
        self._work_on(at, Status.TIER_2)

    def _work_on(self, at: int, target: Status) -> None:
        if self.owner is None and not self.plan.unassigned:
            self._assigned(at - 25)
        self.work = target
        self.move(at, target, self._agent())

    def _assigned(self, at: int) -> None:
        cast = self.story.cast
        self._assign(at, cast.agent if cast.rng.random() < _MINE else pick(cast.rng, cast.teams["first"]))

    def _assign(self, at: int, owner: str) -> None:
        note = f"{self.owner or 'nobody'} -> {owner}"
        by, self.owner = self.owner or owner, owner
        self.set_fact(at, What.ASSIGNED, by, {"owner": owner}, note)

    def _raise(self, at: int) -> None:
        old, self.priority = Priority(self.priority), int(Priority.HIGH)
        by = self._anybody()
        self.say(at - 30, by, self.story.cast.say["raised"])
        self.set_fact(at, What.EDITED, by, {"priority": self.priority}, f"priority: {old.slug} -> high")

    def _note1(self, at: int) -> None:
        self.say(at, self._agent(), self.matter.part("note1"))

    def _note2(self, at: int) -> None:
        self.say(at, self._agent(), self.matter.part("note2"))

    def _ask(self, at: int) -> None:
        before = self.story.cast.small_talk("thanks_for", self.matter)
        self._post_letter(at, before + self.matter.part("ask"), Status.CUSTOMER_INPUT)

    def _remember(self, at: int) -> None:
        self._post_letter(at, self.story.cast.small_talk("ask_again", self.matter), Status.CUSTOMER_INPUT)

    def _more(self, at: int) -> None:
        self._post_letter(at, self.story.cast.say["still_missing"], Status.CUSTOMER_INPUT)

    def _answer(self, at: int) -> None:
        self._post_letter(at, self.matter.part("answer"), Status.CONFIRMATION)

    def _again(self, at: int) -> None:
        self._post_letter(at, self.matter.part("answer2"), Status.CONFIRMATION)

    def _test(self, at: int) -> None:
        self._post_letter(at, self.matter.part("answer"), Status.CUSTOMER_TESTING)

    def _close(self, at: int) -> None:
        self._post_letter(at, self.story.cast.small_talk("closing", self.matter), Status.CLOSED)

    def _update(self, at: int) -> None:
        cast, agent = self.story.cast, self._agent()
        self.say(at, agent, cast.letter(self.matter, agent, cast.small_talk("update", self.matter)), public=True)

    def _post_letter(self, at: int, body: str, target: Status, facts: dict[str, object] | None = None) -> None:
        agent = self._agent()
        self.write(at, agent, self.story.cast.letter(self.matter, agent, body), target, facts)

    def _reply(self, at: int) -> None:
        self.hear(at, self.matter.part("reply"))

    def _object(self, at: int) -> None:
        self.hear(at, self.matter.part("objection"))

    def _tested(self, at: int) -> None:
        self.hear(at, self.matter.part("thanks"))

    def _may(self, at: int) -> None:
        self.hear(at, self.story.cast.say["may_test"])

    def _withdraw(self, at: int) -> None:
        self.hear(at, self.story.cast.small_talk("withdrawn", self.matter))

    def _chase(self, at: int) -> None:
        self.hear(at, self.story.cast.small_talk("chase", self.matter))

    def _late(self, at: int) -> None:
        self.hear(at, self.story.cast.small_talk("late", self.matter))

    def _testing(self, at: int) -> None:
        self.hear(at, self.story.cast.small_talk("testing", self.matter))

    def _trying(self, at: int) -> None:
        self.choose(at, Status.CUSTOMER_TESTING, self.story.cast.small_talk("trying", self.matter))

    def _agree(self, at: int) -> None:
        self.choose(at, Status.CLOSED, self.matter.part("thanks"))

    def _confirm(self, at: int) -> None:
        self.move(at, Status.CLOSED, CUSTOMER)

    def _resume(self, at: int) -> None:
        self.move(at, self.work, self._agent())

    def _read(self, at: int) -> None:
        if self.unread:
            self.unread = False
            self.enter(at, What.READ.value, self._agent(), changes=READ)

    def _dev(self, at: int) -> None:
        self.reason = "defect"
        self.say(at - 60, self._agent(), self.matter.part("dev"))
        self.move(at, Status.DEVELOPMENT, self._agent(), {"reason": self.reason})

    def _found(self, at: int) -> None:
        self.say(at, pick(self.story.cast.rng, self.story.cast.teams["development"]), self.matter.part("found"))

    def _release(self, at: int) -> None:
        acts = zip(self.plan.head, self.plan.times, strict=True)
        out = (then for act, then in acts if act in ("test", "delivered"))
        month = datetime.fromtimestamp(next(out, self.story.now + _TO_THE_RELEASE), UTC)
        self.release = self.matter.words["release"] = f"{month:%B %Y}"
        if self.owner is None:
            self._assigned(at - 25)
        news = self.story.cast.say["release_news"].format_map(self.matter.words)
        self._post_letter(at, news, Status.RELEASE, {"release": self.release})

    def _content(self, at: int) -> None:
        self.reason = self.matter.thread.reason
        self.say(at - 60, self._agent(), self.matter.part("hand"))
        self.move(at, Status.CONTENT, self._agent(), {"reason": self.reason})

    def _checked(self, at: int) -> None:
        self.say(at, self._curator(), self.matter.part("found"))

    def _third(self, at: int) -> None:
        self.provider = self.matter.words["provider"]
        self.say(at - 60, self._curator(), self.matter.part("wait"))
        self.move(at, Status.THIRD_PARTY, self._curator(), {"provider": self.provider})

    def _returned(self, at: int) -> None:
        self.say(at - 60, self._curator(), f"Answer from {self.provider} is here, we can go on.")
        self.move(at, Status.CONTENT, self._curator(), {"reason": self.matter.thread.reason})

    def _back(self, at: int) -> None:
        self.move(at, self.work, self._curator())

    def _hold(self, at: int) -> None:
        why, until = str(self.plan.why), self.plan.held_until
        self.held_until, self.hold_reason = until, why
        stamp = None if until is None else self.story.calendar.stamp(until)
        self.set_fact(at, What.HELD, self._agent(), {"held_until": stamp, "hold_reason": why}, why, until)

    def _extend(self, at: int) -> None:
        if self.close_at is not None:
            self.close_at += 14 * DAY
            changes = {"close_at": self.story.calendar.stamp(self.close_at)}
            self.set_fact(at, What.EXTENDED, self._agent(), changes, str(self.plan.why), self.close_at)

    def _agent(self) -> str:
        """Return who works the case: its owner, or for want of one always the same colleague."""
        return self.owner or self._anybody()

    def _anybody(self) -> str:
        team = self.story.cast.teams["first"]
        return team[self.plan.number % len(team)]

    def _curator(self) -> str:
        team = self.story.cast.teams["content"]
        return team[self.plan.number % len(team)]

    _ACTS: ClassVar[dict[str, Callable[..., None]]] = {
        "open": _open, "clone": _clone, "assign": _assigned, "review": _review, "reviewed": _reviewed,
        "take": _take, "tier1": _tier1, "hand": _hand, "raise": _raise, "note1": _note1, "note2": _note2,
        "ask": _ask, "remember": _remember, "more": _more, "answer": _answer, "again": _again, "test": _test,
        "close": _close, "update": _update, "reply": _reply, "object": _object, "tested": _tested, "may": _may,
        "withdraw": _withdraw, "chase": _chase, "late": _late, "trying": _trying, "testing": _testing,
        "agree": _agree, "confirm": _confirm, "resume": _resume, "read": _read, "dev": _dev, "found": _found,
        "release": _release, "content": _content, "checked": _checked, "third": _third, "returned": _returned,
        "back": _back, "hold": _hold, "extend": _extend, "delivered": _answer, "reply late": _reply,
        "lapse": Pen.lapse,
    }  # fmt: skip
