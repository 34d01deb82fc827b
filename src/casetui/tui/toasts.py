"""Toasts that may run out while they are being drawn, and leave nothing behind."""

from typing import Any

from textual.notifications import Notification
from textual.screen import Screen
from textual.widgets._toast import ToastRack

_LEAST = 0.001
"""Seconds that a toast is drawn for at least."""


class Toast(Notification):
    """What a toast says, and for how long.

    Textual 8.2.8 draws a toast again on each new screen, for as long as it has left. Where its time runs out just
    then, that is less than nothing: the timer of such a length loops for ever, and the program with it.
    """

    @property
    def time_left(self) -> float:
        """Seconds for which it is still to be seen, more than none."""
        return max(super().time_left, _LEAST)

    def end(self) -> None:
        """Let its time be over; it goes when the next one comes."""
        self.timeout = 0

    @property
    def has_expired(self) -> bool:
        """Say whether its time is over."""
        return super().time_left <= 0


def clear_away(screen: Screen[Any]) -> None:
    """Take away from a screen what held toasts that others took the place of.

    Textual 8.2.8 leaves it there, empty and unseen, and lays it out with all the others: 30 KiB for each toast.
    """
    for rack in (child for child in screen.children if isinstance(child, ToastRack)):
        for holder in rack.children:
            if not holder.children:
                holder.remove()
