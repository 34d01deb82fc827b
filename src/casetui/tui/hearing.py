"""What is read from the terminal: bytes that are no text are no reason to end."""

from typing import Any

from textual.driver import Driver


def hearing(driver: type[Driver]) -> type[Driver]:
    """Return a driver that goes on listening whatever it hears.

    Textual 8.2.8 reads UTF-8 and nothing else. A terminal that has fallen back to the mouse reports of old sends
    other bytes right of column 95, as does one that is set to Latin-1, or a poor line: the program ended with a
    traceback and the exit code 0 (Textual#6668). What was read together with such bytes is dropped. A terminal
    that is being taken away cannot be read, for the moment before its end is reached: the app hangs up. Any other
    error is a mistake of ours, and ends the program as such.
    """
    listen = getattr(driver, "run_input_thread", None)
    if listen is None:
        return driver  # it listens in another way, or, in tests, not at all

    def run_input_thread(self: Any) -> None:
        while True:
            try:
                listen(self)
            except UnicodeDecodeError:
                continue
            except OSError:
                self._app.call_later(self._app.hang_up)
            except Exception as error:  # noqa: BLE001 - which Textual would print
                self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001 - as all others are
            return

    return type(driver.__name__, (driver,), {"run_input_thread": run_input_thread})
