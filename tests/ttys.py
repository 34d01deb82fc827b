"""The program in a real pseudo-terminal: every byte that it writes, and what it leaves behind."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

PATIENCE = 60.0
_ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X].*?\x1b\\", re.DOTALL)
_MODES = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_SCREEN_BACK = b"\x1b[?1049l"
_PENS = re.compile(rb"\x1b\[([\d;:]*)m")
PROGRAM = "from casetui.cli import main; main()"
AT_FIRST = {25: True, 7: True}
"""Modes that a terminal has before anybody asked: the cursor is seen, long lines go on below."""


class Tty:
    """One run of a program; what it wrote is kept."""

    def __init__(self, pid: int, file: int) -> None:
        self.pid = pid
        self.raw = b""
        self._file = file
        self._from = 0
        self._code: int | None = None
        self.before = termios.tcgetattr(file)

    @property
    def words(self) -> str:
        """What it has written since `send`, without what only the terminal reads."""
        return _ESCAPES.sub(b"", self.raw[self._from :]).decode("utf-8", "replace")

    @property
    def parting(self) -> str:
        """What it wrote after it had given the screen back."""
        return _ESCAPES.sub(b"", self.raw.rpartition(_SCREEN_BACK)[2]).decode("utf-8", "replace")

    @property
    def pens(self) -> set[str]:
        """Every way of drawing that was asked for: the codes of colours and of traits."""
        return {pen.decode() for pen in _PENS.findall(self.raw)}

    @property
    def modes(self) -> dict[int, bool]:
        """The modes of the terminal that were touched, as they were left."""
        return {int(mode): end == b"h" for modes, end in _MODES.findall(self.raw) for mode in modes.split(b";")}

    @property
    def is_restored(self) -> bool:
        """Say whether the terminal is again as it was before the program."""
        left = {mode: on for mode, on in self.modes.items() if on is not AT_FIRST.get(mode, False)}
        return not left and termios.tcgetattr(self._file) == self.before

    def send(self, keys: str | bytes) -> None:
        """Press keys once the screen has come to rest; what is seen from now on is what they brought about."""
        while select.select([self._file], [], [], 0.2)[0] and self.read():
            pass
        self._from = len(self.raw)
        os.write(self._file, keys.encode() if isinstance(keys, str) else keys)

    def sees(self, words: str) -> None:
        """Wait until it has drawn some words, in one piece, since `send`."""
        end = time.monotonic() + PATIENCE
        while words not in self.words:
            assert time.monotonic() < end, f"waited in vain for {words!r} among {self.words[-3000:]!r}"
            assert self.read(), f"it ended without {words!r}: {self.words[-3000:]!r}"

    def signal(self, ending: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, ending)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._from = len(self.raw)
        _size(self._file, columns, rows)  # the kernel tells the program

    def read(self) -> bool:
        """Read what is there, waiting a little; say whether there may be more."""
        if not select.select([self._file], [], [], 0.1)[0]:
            return True
        try:
            some = os.read(self._file, 65536)
        except OSError:  # which is how Linux says that nobody writes any more
            return False
        self.raw += some
        return bool(some)

    def ends(self) -> int:
        """Wait for the end and return the exit code; below 0 is the signal that ended it."""
        end = time.monotonic() + PATIENCE
        while self._code is None:
            assert time.monotonic() < end, f"it goes on: {self.words[-3000:]!r}"
            self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        while select.select([self._file], [], [], 0)[0] and self.read():
            pass
        return self._code

    def hang_up(self) -> int:
        """Take the terminal away, wait for the end and return the exit code."""
        os.close(self._file)
        self._file = -1
        end = time.monotonic() + PATIENCE
        while self._code is None:
            assert time.monotonic() < end, "it goes on without a terminal"
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        return self._code

    def close(self) -> None:
        """End the program, whatever it does."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._file >= 0:
            os.close(self._file)


@contextmanager
def tty(
    *arguments: str,
    program: str = PROGRAM,
    size: tuple[int, int] = (110, 34),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Tty]:
    """Run the program, or another one written in Python, in a terminal of its own."""
    given = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLORTERM", "TERM_PROGRAM", "TMUX", "STY")
    }
    given |= {"TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path), **(environment or {})}
    pid, file = pty.fork()
    if pid == 0:
        _become([sys.executable, "-c", program, *arguments], given)
    _size(file, *size)
    running = Tty(pid, file)
    try:
        yield running
    finally:
        running.close()


def _size(file: int, columns: int, rows: int) -> None:
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _become(command: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        os.execve(command[0], list(command), dict(environment))  # noqa: S606 - the program under test
    finally:
        os._exit(127)
