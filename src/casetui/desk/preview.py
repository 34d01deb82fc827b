"""The letters that the timer will write, as they will be sent."""

from collections.abc import Iterable

from casetui.desk.facts import desk_id, read_policy
from casetui.domain.letters import SHIPPED, Letter, Wording, compose
from casetui.domain.records import DueAct
from casetui.storage.store import Store


def foreseen(store: Store, acts: Iterable[DueAct], wording: Wording = SHIPPED) -> dict[DueAct, Letter | None]:
    """Return the letter of each act, or None where there is no address for it."""
    zone, desk = read_policy(store).zone, desk_id(store)
    return {
        act: compose(act.case, act.rule, zone=zone, desk=desk, wording=wording) if act.case.email else None
        for act in acts
    }
