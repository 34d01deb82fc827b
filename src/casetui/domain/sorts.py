"""The orders of a list of cases."""

from enum import StrEnum


class Sort(StrEnum):
    """How a list of cases is sorted; the value is the word that settings and commands use."""

    URGENCY = "urgency"
    WAITING = "waiting"
    NEWEST = "newest"
    DEADLINE = "deadline"
    PRIORITY = "priority"

    @property
    def says(self) -> str:
        """What stands above a list that is sorted so."""
        return _SAYS[self]


_SAYS = {
    Sort.URGENCY: "unread first, then P1, then longest waiting",
    Sort.WAITING: "longest waiting first",
    Sort.NEWEST: "newest change first",
    Sort.DEADLINE: "next deadline first",
    Sort.PRIORITY: "P1 first, then longest waiting",
}
