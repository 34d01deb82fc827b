"""Takes back an agent's own last act: a new entry, never an erasure (SPEC 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import JOIN

from casetui.desk.ledger import Ledger, entries_of
from casetui.desk.verbs import Verbs
from casetui.domain.clocks import in_words
from casetui.domain.errors import Refused
from casetui.domain.history import replay
from casetui.domain.records import Case, Entry, What
from casetui.storage.tables import Acts, Entries, Letters

WINDOW = timedelta(seconds=60)
"""How long an act can be taken back."""
_NOTHING = (What.READ, What.UNDONE)
"""Entries that are no act to take back, and none that would be in the way."""
_STAY = ("status_since", "closed_at", "remind_at", "close_at", "reminded_at", "held_until", "hold_reason")


@dataclass(frozen=True, slots=True)
class Undoable:
    """An act that can still be taken back: what it was, on which cases, and until when."""

    act: int
    does: str
    numbers: tuple[int, ...]
    until: datetime


class Undo(Verbs):
    """The verbs of an agent, with the one that takes the last of them back."""

    window = WINDOW

    def last_act(self, number: int | None = None) -> Undoable:
        """Return the agent's own last act (on a case) that can be taken back; raise Refused if there is none."""
        if number is not None:
            self.case(number)
        now = self.clock.now()
        own = (Acts.agent == self.agent) & Acts.undone_by.is_null() & (Acts.at >= now - self.window)
        for act, at in self.store.rows(Acts.select(Acts.id, Acts.at).where(own).order_by(Acts.id.desc())):
            wanted = Entries.select(Entries.number, Entries.what).where(Entries.act == act).order_by(Entries.id)
            done = [(case, what) for case, what in self.store.rows(wanted) if what not in _NOTHING]
            touched = tuple(sorted({case for case, _ in done}))
            if done and number in (None, *touched):
                words = " and ".join(dict.fromkeys(what.value for _, what in done))
                return Undoable(act, words, touched, at + self.window)
        where = f" on case {number}" if number is not None else ""
        raise Refused(f"You did nothing{where} in the last {in_words(self.window)} that could be taken back.")

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
            entries = Entries.select(Entries.id).where(Entries.act == last.act)
            unsent = Letters.entry.in_(entries) & (Letters.state == "waiting")
            self.store.execute(Letters.update(state="withdrawn").where(unsent))
            self.store.execute(Acts.update(undone_by=ledger.act).where(Acts.id == last.act))
            return last

    def _take_back(self, ledger: Ledger, case: Case, last: Undoable) -> None:
        """Give a case back the columns that it had before an act, its stay with all its deadlines included."""
        history = entries_of(self.store, case.number)
        acts = self._standing(case.number)
        first = next(at for at, entry in enumerate(history) if acts.get(entry.id) == last.act)
        self._refuse_unless_last(case, history, acts, last.act)
        before = replay(history[:first])
        if any(entry.what is What.READ for entry in history[first:]):
            before["unread"] = False
        back = case.stay != before["stay"]
        differing = {name: value for name, value in before.items() if value != getattr(case, name)}
        ledger.update(case, differing)
        stay = {name: before[name] for name in _STAY} if back else {}
        changes = {name: value for name, value in (differing | stay).items() if name not in ("status", "stay")}
        moved = {"start": case.status, "target": before["status"], "stay": before["stay"]} if back else {}
        ledger.enter(case, What.UNDONE, changes, note=f"took back: {last.does}", **moved)

    def _standing(self, number: int) -> dict[int, int | None]:
        """Return the entries of a case that stand, each with its act: not the reading, nor what was taken back."""
        acts = Entries.select(Entries.id, Entries.act).join(Acts, JOIN.LEFT_OUTER, on=(Acts.id == Entries.act))
        stands = (Entries.number == number) & Entries.what.not_in(_NOTHING) & Acts.undone_by.is_null()
        return dict(self.store.rows(acts.where(stands)))

    @staticmethod
    def _refuse_unless_last(case: Case, history: list[Entry], acts: dict[int, int | None], act: int) -> None:
        newest = next(entry for entry in reversed(history) if entry.id in acts)
        if acts[newest.id] != act:
            did = f"moved it to {newest.target.label}" if newest.target else newest.what.did
            raise Refused(f"It is too late to take that back: case {case.number}, {newest.by} {did} since.")
        if any(entry.what is What.OPENED for entry in history if acts.get(entry.id) == act):
            raise Refused(f"Case {case.number} was opened by that, and a case is never deleted; close it instead.")
