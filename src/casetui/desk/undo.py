"""Takes back an agent's own last act, and does it again: by new entries, never an erasure (SPEC 3).

Undo gives every case of an act back the columns that it had before: fields, stay, number and deadlines of the
stay, so that what the timer did in that stay is not done twice. A letter of the act that has not gone is
withdrawn; one that has gone stays sent.

Redo gives them the columns that they had when the act was taken back. It can be done for as long as undo can,
and only while nothing happened to any of those cases since (reading is nothing; what another agent took back
is something, unless it was done again). The stay that comes back is the
act's own, with its number and its deadlines, counted from when the act was first done: the key (case, stay, rule)
is that of the first time, so that no stay is reminded or closed twice however often it comes and goes. The act's
comments count again, and a letter that was withdrawn waits again, the same one under the same Message-ID; one that
had gone before is not sent again. What was done again can be taken back again, for as long, from then on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from peewee import JOIN, fn

from casetui.desk.ledger import STANDS, Ledger, Undos, entries_of, standing
from casetui.desk.verbs import Verbs
from casetui.domain.clocks import Clock, Period
from casetui.domain.errors import Refused
from casetui.domain.history import replay
from casetui.domain.records import RESTORING, Case, Entry, What
from casetui.domain.workflow import CommentKind
from casetui.storage.reading import ENTRY
from casetui.storage.store import Store
from casetui.storage.tables import Acts, Entries, Letters

WINDOW = timedelta(seconds=60)
"""How long an act can be taken back, and one that was taken back be done again, unless a desk has it otherwise."""
_NOTHING = (What.READ, *RESTORING)
"""Entries that are no act to take back, and none that would be in the way."""
_STAY = ("status_since", "closed_at", "remind_at", "close_at", "reminded_at", "held_until", "hold_reason")
_SAID = {
    CommentKind.PUBLIC: "replied",
    CommentKind.INTERNAL: "noted",
    CommentKind.CUSTOMER: "recorded what the customer said",
}
_MOST_SAID = 4
Redos = Acts.alias("redo")


class Undoable(Struct, frozen=True):
    """An act that can still be taken back, or be done again: what it was, on which cases, and until when."""

    act: int
    does: str
    numbers: tuple[int, ...]
    until: datetime
    at: datetime
    """When it was done, or taken back."""
    says: str = ""
    """What was done, in words that may hold text from outside."""
    letters: int = 0
    """Letters that are withdrawn with it, or wait again."""
    gone: int = 0
    """Letters of it that have gone, which nothing takes back."""

    @property
    def cases(self) -> str:
        """The cases in words: ``case 12``, or ``12 cases``."""
        return f"case {self.numbers[0]}" if len(self.numbers) == 1 else f"{len(self.numbers)} cases"


class Undo(Verbs):
    """The verbs of an agent, with those that take the last act back and do it again, for as long as ``window``."""

    def __init__(self, store: Store, clock: Clock, agent: str, window: timedelta | None = None) -> None:
        super().__init__(store, clock, agent)
        self.window = window or WINDOW

    def last_act(self, number: int | None = None) -> Undoable:
        """Return the agent's own last act (on a case) that can be taken back; raise Refused if there is none."""
        since = self.clock.now() - self.window
        done = Acts.select(Acts.id, Acts.at, Redos.id, Redos.at).join(
            Undos, JOIN.LEFT_OUTER, on=Acts.undone_by == Undos.id
        )
        done = done.join(Redos, JOIN.LEFT_OUTER, on=Undos.undone_by == Redos.id)
        own = (Acts.agent == self.agent) & STANDS & ((Acts.at >= since) | (Redos.at >= since))
        latest = [(redo or act, act, again or at) for act, at, redo, again in self.store.rows(done.where(own))]
        return self._first(sorted(latest, reverse=True), number, "waiting", "You did nothing{where} in the last")

    def last_undone(self, number: int | None = None) -> Undoable:
        """Return the act that the agent took back last (on a case); raise Refused if none can be done again."""
        since = self.clock.now() - self.window
        undone = Acts.select(Undos.id, Acts.id, Undos.at).join(Undos, on=Acts.undone_by == Undos.id)
        own = (Acts.agent == self.agent) & Undos.undone_by.is_null() & (Undos.at >= since)
        latest = self.store.rows(undone.where(own).order_by(Undos.id.desc()))
        return self._first(latest, number, "withdrawn", "You took nothing back{where} in the last")

    def undo(self, number: int | None = None, *, act: int | None = None) -> Undoable:
        """Take back the agent's own last act (on a case): on all the cases that it touched, or on none.

        ``act`` is the one that the agent was shown; another one that came since is left alone.
        """
        with self.store.write():
            last = self.last_act(number)
            if act not in (None, last.act):
                raise Refused(f"Your last act is another one by now: {last.does}. Look again first.")
            ledger = Ledger(self.store, self.clock.now(), self.agent)
            for touched in last.numbers:
                self._take_back(ledger, self.case(touched), last)
            self._post(last.act, "waiting", "withdrawn")
            self.store.execute(Acts.update(undone_by=ledger.act).where(Acts.id == last.act))
            return last

    def redo(self, number: int | None = None, *, act: int | None = None) -> Undoable:
        """Do again what the agent took back last (on a case): on all the cases that it touched, or on none.

        ``act`` is as for ``undo``.
        """
        with self.store.write():
            last = self.last_undone(number)
            if act not in (None, last.act):
                raise Refused(f"What you took back last is another act by now: {last.does}. Look again first.")
            ledger = Ledger(self.store, self.clock.now(), self.agent)
            undone = int(self.store.value(Acts.select(Acts.undone_by).where(Acts.id == last.act)))
            for touched in last.numbers:
                self._do_again(ledger, self.case(touched), last, undone)
            self._post(last.act, "withdrawn", "waiting")
            self.store.execute(Acts.update(undone_by=ledger.act).where(Acts.id == undone))
            return last

    def _first(
        self, acts: Sequence[tuple[Any, int, datetime]], number: int | None, state: str, refusal: str
    ) -> Undoable:
        """Return the first of some acts that did something (to a case), with what can be said of it."""
        if number is not None:
            self.case(number)
        for _, act, at in acts:
            entries = ENTRY.read(self.store, ENTRY.select().where(Entries.act == act).order_by(Entries.id))
            done = [entry for entry in entries if entry.what not in _NOTHING]
            touched = tuple(sorted({entry.number for entry in done}))
            if done and number in (None, *touched):
                does = " and ".join(dict.fromkeys(entry.what.value for entry in done))
                counts = self._letters(act)
                gone = sum(many for kept, many in counts.items() if kept in ("sent", "failed"))
                return Undoable(act, does, touched, at + self.window, at, _said(done), counts.get(state, 0), gone)
        where = f" on case {number}" if number is not None else ""
        raise Refused(f"{refusal.format(where=where)} {_words(self.window)} that could be {_DONE[state]}.")

    def _letters(self, act: int) -> dict[str, int]:
        entries = Entries.select(Entries.id).where(Entries.act == act)
        states = Letters.select(Letters.state, fn.COUNT(Letters.id)).where(Letters.entry.in_(entries))
        return dict(self.store.rows(states.group_by(Letters.state)))

    def _post(self, act: int, state: str, then: str) -> None:
        """Withdraw the letters of an act, or let them wait again: a try that is under way keeps its lease."""
        entries = Entries.select(Entries.id).where(Entries.act == act)
        here = Letters.entry.in_(entries) & (Letters.state == state)
        self.store.execute(Letters.update(state=then).where(here))

    def _take_back(self, ledger: Ledger, case: Case, last: Undoable) -> None:
        """Give a case back the columns that it had before an act, its stay with all its deadlines included."""
        history = entries_of(self.store, case.number)
        acts = self._standing(case.number)
        first = next(at for at, entry in enumerate(history) if acts.get(entry.id) == last.act)
        self._refuse_unless_last(case, history, acts, last.act)
        self._restore(ledger, case, history, first, What.UNDONE, f"took back: {last.does}")

    def _do_again(self, ledger: Ledger, case: Case, last: Undoable, undone: int) -> None:
        """Give a case the columns that it had when an act was taken back by another, which was ``undone``."""
        history = entries_of(self.store, case.number)
        query = Entries.select(Entries.id).where((Entries.number == case.number) & (Entries.act == undone))
        back = int(self.store.value(query))
        at = next(at for at, entry in enumerate(history) if entry.id == back)
        still_back = self._taken_back(case.number)
        for entry in history[at + 1 :]:
            if entry.what not in _NOTHING or entry.id in still_back:
                raise Refused(f"It is too late to do that again: case {case.number}, {_since(entry)} since.")
        self._restore(ledger, case, history, at, What.REDONE, f"did again: {last.does}")

    def _restore(self, ledger: Ledger, case: Case, history: list[Entry], at: int, what: What, note: str) -> None:
        """Give a case the columns that its history had come to before its entry ``at``; what was read is read."""
        wanted = replay(history[:at])
        if any(entry.what is What.READ for entry in history[at:]):
            wanted["unread"] = False
        moved = case.stay != wanted["stay"]
        differing = {name: value for name, value in wanted.items() if value != getattr(case, name)}
        ledger.update(case, differing)
        stay = {name: wanted[name] for name in _STAY} if moved else {}
        changes = {name: value for name, value in (differing | stay).items() if name not in ("status", "stay")}
        facts = {"start": case.status, "target": wanted["status"], "stay": wanted["stay"]} if moved else {}
        ledger.enter(case, what, changes, note=note, **facts)

    def _standing(self, number: int) -> dict[int, int | None]:
        """Return the entries of a case that stand, each with its act: not the reading, nor what was taken back."""
        here = (Entries.number == number) & Entries.what.not_in(_NOTHING)
        return dict(self.store.rows(standing(Entries.id, Entries.act).where(here)))

    def _taken_back(self, number: int) -> set[int]:
        """Return the entries of a case by which acts were taken back that were not done again."""
        undos = Entries.select(Entries.id).join(Acts, on=Acts.id == Entries.act)
        here = (Entries.number == number) & (Entries.what == What.UNDONE) & Acts.undone_by.is_null()
        return {entry for (entry,) in self.store.rows(undos.where(here))}

    @staticmethod
    def _refuse_unless_last(case: Case, history: list[Entry], acts: dict[int, int | None], act: int) -> None:
        newest = next(entry for entry in reversed(history) if entry.id in acts)
        if acts[newest.id] != act:
            raise Refused(f"It is too late to take that back: case {case.number}, {_since(newest)} since.")
        if any(entry.what is What.OPENED for entry in history if acts.get(entry.id) == act):
            raise Refused(f"Case {case.number} was opened by that, and a case is never deleted; close it instead.")


_DONE = {"waiting": "taken back", "withdrawn": "done again"}


def _words(window: timedelta) -> str:
    """Return a length of time to the second."""
    minutes, seconds = divmod(int(window.total_seconds()), 60)
    return f"{60 * minutes + seconds} seconds" if seconds else str(Period(minutes=minutes))


def _since(entry: Entry) -> str:
    did = f"moved it to {entry.target.label}" if entry.target else entry.what.did
    if entry.what is What.UNDONE:
        did = entry.note or did
    return f"{entry.by} {did}"


def _said(done: Sequence[Entry]) -> str:
    """Return what the entries of an act did, each thing once however many cases it was done to."""
    words = list(dict.fromkeys(map(_word, done)))
    more = [f"and {len(words) - _MOST_SAID} more"] if len(words) > _MOST_SAID else []
    return ", ".join([*words[:_MOST_SAID], *more])


def _word(entry: Entry) -> str:
    if entry.target is not None:
        return f"moved to {entry.target.label}"
    if entry.kind is not None:
        return _SAID[entry.kind]
    told = entry.what in (What.ASSIGNED, What.EDITED) and entry.note
    return f"{entry.what.value} ({entry.note})" if told else entry.what.value
