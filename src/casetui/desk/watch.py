"""Who runs the timer: one dashboard at a time keeps the watch, and when it is gone another takes over."""

import json
import os
from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from casetui.desk.facts import fact, forget, note
from casetui.domain.clocks import Clock, moment, rfc3339
from casetui.storage.store import Store

LEASE = timedelta(seconds=75)
"""How long a watch lasts unless it is renewed, which a dashboard does each minute."""
_KEEPER = "timer.keeper"
_ASKED = "timer.asked"


class Keeper(Struct, frozen=True):
    """The session that runs the timer, by the name of its agent, and when it was last known to live."""

    token: str
    agent: str
    since: datetime
    seen: datetime

    def is_gone(self, now: datetime) -> bool:
        """Say whether it has not been heard of for too long; a clock that was set back counts as that too."""
        return abs(now - self.seen) >= LEASE


class Watch:
    """One session's part in the watch: it takes it where nobody has it, renews it, and leaves it."""

    def __init__(self, store: Store, clock: Clock, agent: str) -> None:
        self.store = store
        self.clock = clock
        self.agent = agent
        self.token = os.urandom(6).hex()

    def keeper(self) -> Keeper | None:
        """Return who has the watch, or had it last without leaving it."""
        kept = fact(self.store, _KEEPER)
        if kept is None:
            return None
        told = json.loads(kept)
        return Keeper(told["token"], told["agent"], _instant(told["since"]), _instant(told["seen"]))

    def take(self) -> Keeper:
        """Take the watch or renew it, unless another session that lives has it; return who has it then."""
        with self.store.write():
            now, here = self.clock.now(), self.keeper()
            mine = here is not None and here.token == self.token
            if here is not None and not mine and not here.is_gone(now):
                return here
            keeper = Keeper(self.token, self.agent, here.since if here and mine else now, now)
            times = {"since": rfc3339(keeper.since), "seen": rfc3339(now)}
            note(self.store, _KEEPER, json.dumps({"token": keeper.token, "agent": keeper.agent, **times}))
            return keeper

    def leave(self) -> None:
        """Give the watch up, if this session has it, so that another takes it at once."""
        with self.store.write():
            here = self.keeper()
            if here is not None and here.token == self.token:
                forget(self.store, _KEEPER)

    def asked(self) -> frozenset[int]:
        """Return the cases about which the question after a downtime has been put, to whichever agent."""
        kept = fact(self.store, _ASKED)
        return frozenset(json.loads(kept)) if kept else frozenset()

    def note_asked(self, numbers: Collection[int]) -> None:
        """Remember that somebody was asked about these cases, so that nobody is asked again."""
        with self.store.write():
            note(self.store, _ASKED, json.dumps(sorted(numbers)))


def _instant(text: str) -> datetime:
    return moment(text, "UTC")
