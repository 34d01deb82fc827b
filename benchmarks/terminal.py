"""A program in a pseudo-terminal, timed from outside: when it paints, what it writes, what it uses."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

COLUMNS, ROWS = 120, 36
QUIET = 0.06
"""Seconds of silence that end a repaint."""
PATIENCE = 60.0
_FRAME_BEGINS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
_ASKS_FOR_FRAMES = b"\x1b[?2026$p"
_KNOWS_FRAMES = b"\x1b[?2026;2$y"
_MOVES = re.compile(rb"\x1b\[[0-9;]*H")
_ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X].*?\x1b\\", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Painted:
    """What a key brought about: milliseconds to the first whole frame and to the last, bytes to the first, words.

    ``work`` are the milliseconds of processor time until it was at rest, which a busy machine hardly changes.

    Without any output ``first`` and ``last`` are None; ``first`` is that of the frame that showed what was
    waited for, where something was.
    """

    first: float | None
    last: float | None
    size: int
    work: float
    words: str


class Terminal:
    """One run of one command; leaving the context ends it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.start_work = 0.0
        """The milliseconds of processor time that its start has taken."""
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            _become(command, environment)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(self.pid, end)
            until = time.perf_counter() + 3
            while time.perf_counter() < until:
                self._read(0.01)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self._file)
                    return

    def started(self, pattern: str) -> float:
        """Return the milliseconds from the start to the frame that shows a pattern, and let it settle."""
        shown = self._watch(self.began, pattern, PATIENCE, quiet=0)
        if shown.first is None:
            raise TimeoutError(f"never showed {pattern!r}: {shown.words[-2000:]}")
        self.start_work = self.busy()
        self._watch(time.perf_counter(), None, 0.5, quiet=0.4)
        return shown.first

    def press(self, keys: str, pattern: str | None = None, *, patience: float = 0.6) -> Painted:
        """Press keys in one go and wait until the screen is at rest, not before it shows a pattern."""
        while self._read(0):
            pass
        began = time.perf_counter()
        os.write(self._file, keys.encode())
        return self._watch(began, pattern, patience if pattern is None else PATIENCE / 4)

    def idle(self, seconds: float) -> tuple[float, float]:
        """Return the milliseconds of processor time and the bytes a second while nobody touches it."""
        before, began, size = self.busy(), time.perf_counter(), 0
        while (left := began + seconds - time.perf_counter()) > 0:
            size += len(self._read(left))
        return (self.busy() - before) / seconds, size / seconds

    def busy(self) -> float:
        """Return the processor time used so far by all its threads, in milliseconds."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def peak(self) -> float:
        """Return the most memory that it has held so far, in MiB."""
        return self._memory("VmHWM")

    def held(self) -> float:
        """Return the memory that it holds now, in MiB."""
        return self._memory("VmRSS")

    def _memory(self, name: str) -> float:
        found = re.search(rf"{name}:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def _watch(self, began: float, pattern: str | None, patience: float, quiet: float = QUIET) -> Painted:
        """Read until it is quiet; with a pattern, not before that is shown."""
        wanted = None if pattern is None else re.compile(pattern)
        taken = b""
        first = last = None
        size, worked = 0, self.busy()
        while True:
            now = time.perf_counter()
            rests = last is not None and (wanted is None or first is not None)
            limit = began + last / 1000 + quiet if rests and last is not None else began + patience
            chunk = self._read(max(0.0, limit - now)) if limit > now else b""
            if not chunk:
                return Painted(first, last, size, self.busy() - worked, _words(taken))
            at = (time.perf_counter() - began) * 1000
            taken += chunk
            last = at
            is_whole = taken.rfind(_FRAME_ENDS) >= taken.rfind(_FRAME_BEGINS)
            if first is None and is_whole and (wanted is None or wanted.search(_words(taken))):
                first, size = at, len(taken)

    def _read(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._file], [], [], patience)
        try:
            chunk = os.read(self._file, 1 << 16) if ready else b""
        except OSError:
            time.sleep(0.005)  # its end of the terminal is closed: it is ending
            return b""
        if _ASKS_FOR_FRAMES in chunk:
            os.write(self._file, _KNOWS_FRAMES)
        return chunk


def _become(command: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execvpe(command[0], list(command), dict(environment))  # noqa: S606 - there is no shell in it
    finally:
        os._exit(127)


def _words(taken: bytes) -> str:
    """Return what was written without the escape sequences; a move of the cursor begins a line."""
    return _ESCAPES.sub(b"", _MOVES.sub(b"\n", taken)).decode("utf-8", "replace")
