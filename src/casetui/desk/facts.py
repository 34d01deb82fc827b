"""What the desk knows of itself: its id, its policy, when its timer last ran."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from casetui.domain.clocks import Period, moment, rfc3339
from casetui.domain.policy import Policy
from casetui.domain.workflow import Rule, Status
from casetui.storage.store import Store
from casetui.storage.tables import Desk, Policies

GAP = timedelta(minutes=15)
"""A standstill of the timer that is worth telling; cron may well run it every ten minutes only."""
_LAST_RUN = "timer.last_run"
_LAST_GAP = "timer.last_gap"


def desk_id(store: Store) -> str:
    """Return the name that keeps this desk's letters apart from another's."""
    return str(fact(store, "id"))


def read_policy(store: Store) -> Policy:
    """Return the zone and the periods in force; a running stay keeps those that it began with."""
    return policy_of(store.rows(Policies.select(Policies.key, Policies.value).order_by(Policies.id)))


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


def fact(store: Store, key: str) -> str | None:
    """Return something that the desk knows of itself, or None."""
    value = store.value(Desk.select(Desk.value).where(Desk.key == key))
    return None if value is None else str(value)


def note(store: Store, key: str, value: str) -> None:
    """Write down something that the desk is to know of itself."""
    store.execute(Desk.insert(key=key, value=value).on_conflict_replace())


def forget(store: Store, key: str) -> None:
    """Strike out something that no longer holds."""
    store.execute(Desk.delete().where(Desk.key == key))


def last_run(store: Store) -> datetime | None:
    """Return when the timer last ran, whoever ran it."""
    value = fact(store, _LAST_RUN)
    return None if value is None else moment(value, "UTC")


def last_gap(store: Store) -> tuple[datetime, datetime] | None:
    """Return from when to when the timer last stood still for longer than `GAP`, or None where it never did."""
    value = fact(store, _LAST_GAP)
    if value is None:
        return None
    start, end = value.split()
    return moment(start, "UTC"), moment(end, "UTC")


def note_run(store: Store, now: datetime) -> None:
    """Write down that the timer ran, and for how long it had not; a clock set back unwrites nothing."""
    previous = last_run(store)
    if previous is None or previous < now:
        note(store, _LAST_RUN, f"{rfc3339(now)}")
    if previous is not None and now - previous > GAP:
        note(store, _LAST_GAP, f"{rfc3339(previous)} {rfc3339(now)}")
