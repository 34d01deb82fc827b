"""Delivers the outbox beside the screen: on a thread and a connection of its own, a round at a time."""

from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from casetui import crash
from casetui.domain.clocks import Clock
from casetui.domain.errors import CasetuiError
from casetui.domain.words import many

if TYPE_CHECKING:
    from casetui.settings import Settings


class Postman:
    """Takes letters to the mail server of the settings; ``trouble`` is why they do not go, where they do not."""

    def __init__(self, path: Path, clock: Clock, settings: "Settings | None") -> None:
        self.path = path
        self.clock = clock
        self.settings = settings
        self.trouble = ""
        self._round: Thread | None = None
        self._stopped = Event()

    @property
    def has_server(self) -> bool:
        """Whether there is a mail server to take letters to."""
        return self.settings is not None and self.settings.mail is not None

    def go(self) -> None:
        """Begin a round, unless one is still under way or there is no server."""
        if self.has_server and (self._round is None or not self._round.is_alive()):
            # A daemon: a server that answers slowly holds nobody who quits; the letter goes again later.
            self._round = Thread(target=self._deliver, name="post", daemon=True)
            self._round.start()

    def stop(self) -> None:
        """Let a round end after the letter that it has in hand."""
        self._stopped.set()

    def words(self, waiting: int, failed: int) -> str:
        """Say what the top line is to say of the letters; nothing where all is well."""
        wait = f"{many(waiting, 'letter')} wait{'s' * (waiting == 1)}"
        if waiting and not self.has_server:
            return f"{wait}: no mail server set"
        if waiting and self.trouble:
            return f"{wait}: {self.trouble}"
        return f"{many(failed, 'letter')} failed" if failed else ""

    def _deliver(self) -> None:
        from casetui.desk.outbox import deliver_once  # noqa: PLC0415 - only where mail is set

        if self.settings is None:
            return
        try:
            self.trouble = deliver_once(self.path, self.clock, self.settings, self._stopped.is_set).trouble
        except CasetuiError as error:
            self.trouble = str(error)
        except Exception as error:  # noqa: BLE001 - the end of a thread: a traceback would run over the screen
            self.trouble = crash.report(error)
