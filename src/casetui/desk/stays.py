"""What a running stay goes by: its own periods, whatever the desk has changed since, and who moved its closure."""

from collections.abc import Sequence

from casetui.desk.facts import policy_of
from casetui.desk.ledger import standing
from casetui.domain.clocks import Clock, Period
from casetui.domain.policy import Policy
from casetui.domain.records import Case, Entry, What
from casetui.domain.why import explain
from casetui.domain.workflow import Rule, rules
from casetui.storage.store import Store
from casetui.storage.tables import ENTRY_COLUMNS, Entries, Policies

_MOVERS = (What.EXTENDED, What.REMINDED)
"""What an agent, or a late reminder, moves the closure of a stay with."""


class Stays:
    """The stays of a desk, by all the policies that it has had; to be made anew when one is added."""

    def __init__(self, store: Store) -> None:
        self.store = store
        columns = (Policies.at, Policies.key, Policies.value)
        self._changes = [tuple(row) for row in store.rows(Policies.select(*columns).order_by(Policies.id))]
        had = range(len(self._changes), -1, -1)
        self._had = [policy_of((key, value) for _, key, value in self._changes[:many]) for many in had]
        self._zones = list(dict.fromkeys(policy.zone for policy in self._had))

    def explains(self, case: Case, rule: Rule) -> bool:
        """Say whether a period that the desk has had leads to the deadline of a rule, or there is neither."""
        if rule not in rules(case.status):
            return (case.remind_at if rule is Rule.REMINDER else case.close_at) is None
        return self._period(case, rule, self._had) is not None

    def policy(self, case: Case) -> Policy:
        """Return the desk's policy with the periods by which the running stay of a case falls due."""
        changed = dict(self._had[0].changed)
        for rule in rules(case.status):
            period = self._period(case, rule, (self._begun(case), *self._had))
            if period is not None:
                changed[case.status, rule] = period
        return Policy(self._had[0].zone, changed)

    def is_moved(self, case: Case) -> bool:
        """Say whether an agent, or a late reminder, has moved the closure of the running stay."""
        of_stay = (Entries.number == case.number) & (Entries.stay == case.stay) & Entries.what.in_(_MOVERS)
        found = self.store.rows(standing(Entries.changes).where(of_stay))
        return any("close_at" in changes for (changes,) in found)

    def _begun(self, case: Case) -> Policy:
        """Return the policy of the second in which a stay began, as far as clocks that are set back allow."""
        return policy_of((key, value) for at, key, value in self._changes if at <= case.status_since)

    def _period(self, case: Case, rule: Rule, policies: Sequence[Policy]) -> Period | None:
        """Return the first of the policies' periods that leads from the beginning of a stay to its deadline.

        On whichever of the desk's calendars; None where an agent, or nobody, has put the deadline there.
        """
        deadline = case.remind_at if rule is Rule.REMINDER else case.close_at
        for period in dict.fromkeys(policy.period(case.status, rule) for policy in policies):
            if period and any(period.after(case.status_since, zone) == deadline for zone in self._zones):
                return period
        return None


def why(store: Store, clock: Clock, case: Case) -> list[str]:
    """Explain the clock of a case in sentences, by what stands of its history."""
    query = standing(*ENTRY_COLUMNS).where(Entries.number == case.number).order_by(Entries.id)
    history = [Entry(*row) for row in store.rows(query)]
    return explain(case, history, Stays(store).policy(case), clock.now())
