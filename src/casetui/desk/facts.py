"""What the desk knows of itself: its id, its policy, when its timer last ran."""

from collections.abc import Iterable
from datetime import datetime

from casetui.domain.clocks import Period, moment, rfc3339
from casetui.domain.policy import Policy
from casetui.domain.workflow import Rule, Status
from casetui.storage.store import Store
from casetui.storage.tables import Desk, Policies

_LAST_RUN = "timer.last_run"


def desk_id(store: Store) -> str:
    """Return the name that keeps this desk's letters apart from another's."""
    return str(store.value(Desk.select(Desk.value).where(Desk.key == "id")))


def read_policy(store: Store, at: datetime | None = None) -> Policy:
    """Return the zone and the periods in force, now or at an instant; a stay keeps those it began with."""
    changes = Policies.select(Policies.key, Policies.value).order_by(Policies.id)
    return policy_of(store.rows(changes if at is None else changes.where(Policies.at <= at)))


def policy_of(changes: Iterable[tuple[str, str]]) -> Policy:
    """Return the policy that changes, oldest first, have made of the status table's."""
    zone, changed = "UTC", {}
    for key, value in changes:
        if key == "zone":
            zone = value
        else:
            status, _, rule = key.partition(".")
            changed[Status(status), Rule(rule)] = Period.parse(value)
    return Policy(zone, changed)


def last_run(store: Store) -> datetime | None:
    """Return when the timer last ran, whoever ran it."""
    value = store.value(Desk.select(Desk.value).where(Desk.key == _LAST_RUN))
    return None if value is None else moment(str(value), "UTC")


def note_run(store: Store, now: datetime) -> None:
    """Write down that the timer ran; never an instant earlier than the one that is there."""
    previous = last_run(store)
    if previous is None or previous < now:
        store.execute(Desk.insert(key=_LAST_RUN, value=rfc3339(now)).on_conflict_replace())
