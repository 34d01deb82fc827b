"""Which status a row's state is, by a mapping: its own value, and the value directly before it."""

from casetui.desk.transfer.mapping import Statuses
from casetui.domain.errors import Misused
from casetui.domain.workflow import Status, read_status

IGNORED = "a state that the mapping ignores"
UNKNOWN = "a state that is no status"

Found = tuple[Status | None, str | None]
"""A status, or None for a state that is none, and a warning."""


class States:
    """The states of one mapping, each worked out once."""

    def __init__(self, statuses: Statuses) -> None:
        self._ignored = frozenset(map(_folded, statuses.ignored))
        self._values = {_folded(value): _status(word) for value, word in statuses.values.items()}
        self._rules = [
            (
                _folded(rule.after),
                frozenset(map(_folded, rule.values)),
                frozenset(map(_folded, rule.but)),
                (_status(rule.status), rule.warning),
            )
            for rule in statuses.after
        ]
        self._alone: dict[str, Found] = {}
        self._pairs: dict[tuple[str | None, str], Found] = {}

    def alone(self, state: str) -> Found:
        """Return what a state means by itself; the statuses' own names, older ones too, are always known."""
        if state not in self._alone:
            self._alone[state] = self._find(_folded(state))
        return self._alone[state]

    def after(self, last: str | None, state: str) -> Found:
        """Return what a state means directly after another one, or at the beginning."""
        pair = last, state
        if pair not in self._pairs:
            self._pairs[pair] = self._follow(last, state)
        return self._pairs[pair]

    def _find(self, state: str) -> Found:
        if state in self._ignored:
            return None, IGNORED
        if state in self._values:
            return self._values[state], None
        try:
            return read_status(state)
        except Misused:
            return None, UNKNOWN

    def _follow(self, last: str | None, state: str) -> Found:
        alone, this = self.alone(state), _folded(state)
        if alone[0] is None or last is None:
            return alone
        for after, values, but, found in self._rules:
            if after == _folded(last) and this not in but and (this in values or not values):
                return found
        return alone


def _folded(state: str) -> str:
    return " ".join(state.split()).casefold()


def _status(word: str) -> Status:
    return read_status(word)[0]
