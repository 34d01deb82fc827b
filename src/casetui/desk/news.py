"""What is news to an agent: the cases that others have changed since they were looked at."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from peewee import EXCLUDED, SQL, fn

from casetui.domain.clocks import Clock
from casetui.domain.query import Changed
from casetui.storage.search import condition
from casetui.storage.store import Store
from casetui.storage.tables import Cases, LastLooks, Seen

HORIZON = timedelta(days=28)
"""How far back a change is told at most: who has been away for longer begins anew."""
_TIDIED = timedelta(days=1)
"""How old the one instant may be before it is moved on, so that little has to be remembered case by case."""
_A_SECOND = timedelta(seconds=1)


class News:
    """What is news to one agent: all since an instant, but for the cases seen since, each in its version.

    What is written here takes no version of a case: looking is no change.
    """

    def __init__(self, store: Store, clock: Clock, agent: str) -> None:
        self.store = store
        self.clock = clock
        self.agent = agent

    def settle(self) -> None:
        """Let a new agent begin now; move the instant of another one on to the oldest change that was not seen."""
        since = self.store.value(LastLooks.select(LastLooks.since).where(LastLooks.agent == self.agent))
        now = self.clock.now()
        if since is None:
            self.catch_up()
        elif now - since > _TIDIED:
            oldest = self.store.value(Cases.select(fn.MIN(Cases.updated_at)).where(self._is_changed()))
            with self.store.write():
                self._move_on(max(oldest or now, now - HORIZON) - _A_SECOND)

    def catch_up(self) -> None:
        """Take every case as seen, as it is now."""
        since = self.clock.now() - _A_SECOND
        with self.store.write():
            self._move_on(since)
            fresh = Cases.select(SQL("?", [self.agent]), Cases.id, Cases.version).where(Cases.updated_at > since)
            _see(self.store, fresh)

    def saw(self, number: int, version: int) -> bool:
        """Take one case as seen in a version; say whether that was news, for only then anything is written."""
        if not self.changed([number]):
            return False
        with self.store.write():
            note_seen(self.store, self.agent, number, version)
        return True

    def changed(self, numbers: Collection[int]) -> frozenset[int]:
        """Return those of some cases that others have changed since the agent looked at them."""
        wanted = Cases.id.in_(list(numbers)) & self._is_changed()
        return frozenset(number for (number,) in self.store.rows(Cases.select(Cases.id).where(wanted)))

    def _is_changed(self) -> Any:
        return condition(Changed(self.agent), self.clock.now())

    def _move_on(self, since: datetime) -> None:
        """Set the instant, and forget what it makes superfluous."""
        self.store.execute(LastLooks.insert(agent=self.agent, since=since).on_conflict_replace())
        old = Cases.select(SQL("1")).where((Cases.id == Seen.number) & (Cases.updated_at <= since))
        self.store.execute(Seen.delete().where((Seen.agent == self.agent) & fn.EXISTS(old)))


def note_seen(store: Store, agent: str, number: int, version: int) -> None:
    """Note inside ``store.write()`` that an agent knows a case; of those who never look nothing is noted."""
    seen = LastLooks.select(LastLooks.agent, SQL("?", [number]), SQL("?", [version]))
    _see(store, seen.where(LastLooks.agent == agent))


def _see(store: Store, seen: Any) -> None:
    rows = Seen.insert_from(seen, [Seen.agent, Seen.number, Seen.version])
    newest = {Seen.version: EXCLUDED.version}
    known = [Seen.agent, Seen.number]
    store.execute(rows.on_conflict(conflict_target=known, update=newest, where=EXCLUDED.version > Seen.version))
