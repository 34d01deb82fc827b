"""What the program writes to a real terminal, byte by byte, and what it leaves behind."""

import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from casetui import crash
from casetui.cli.root import CRASHED
from casetui.desk.drafts import Drafts
from casetui.domain.clocks import SystemClock
from casetui.domain.workflow import CommentKind
from tests.desks import TestDesk
from tests.ttys import PROGRAM, Tty, tty

MOUSE = {1000, 1002, 1003, 1005, 1006, 1015, 1016}
WALK = (
    ("\r", "CUSTOMER"),
    ("s", "Under Review"),
    ("\x1b", "CUSTOMER"),
    ("q", "Proxy times out"),
    ("?", "Statuses"),
)
AT_ONCE = "from casetui.cli import progress; progress._SOON = 0"
"""Says how far a work is from its beginning."""
COLOUR = re.compile(r"(?:^|;)(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;|$)")


def on(desk: TestDesk, *words: str) -> tuple[str, ...]:
    """Return the arguments that open a desk."""
    return ("--database", str(desk.store.path), "--as", "ana", *words)


def leave(run: Tty) -> int:
    """Quit as one quits, and return the exit code."""
    run.send("q")
    run.sees("Quit")
    run.send("y")
    return run.ends()


def test_without_colour_no_colour_is_written(desk: TestDesk) -> None:
    """Whatever is opened; words and marks say what colours would, and the cursor is seen."""
    desk.clock.instant = SystemClock().now() - timedelta(hours=1)  # nothing is missed, and no second is counted
    desk.customer(desk.open("Proxy times out"))
    desk.ask(desk.open("Labels print twice"))
    with tty(*on(desk), environment={"NO_COLOR": "1"}) as run:
        run.sees("Proxy times out")
        for keys, words in WALK:
            run.send(keys)
            run.sees(words)
        run.send("q")
        assert leave(run) == 0
    assert not [pen for pen in run.pens if COLOUR.search(pen)]
    assert any("7" in pen.split(";") for pen in run.pens)


@pytest.mark.parametrize(
    "name", ["xterm", "xterm-256color", "tmux-256color", "screen", "screen-256color", "linux", "vt100"]
)
def test_it_works_in_every_terminal_and_leaves_it_as_it_was(desk: TestDesk, name: str) -> None:
    """It opens, moves a case, quits with 0; the Linux console gets no character that it has not."""
    number = desk.open("Labels print twice")
    with tty(*on(desk), environment={"TERM": name}) as run:
        run.sees("Labels print twice")
        run.send("s")
        run.sees("Under Review")
        run.send("1")
        run.sees("is Under Review: no clock")
        assert leave(run) == 0
        assert run.is_restored
    assert desk.case(number).status.value == "under_review"
    if name == "linux":
        assert run.raw.isascii()


def test_the_palette_is_there_though_no_start_reads_it(desk: TestDesk) -> None:
    """Textual's app comes without it; its key brings it, and a case by its number."""
    desk.open("Labels print twice")
    number = desk.open("Proxy times out")
    desk.customer(number, "It does so at noon.")
    with tty(*on(desk)) as run:
        run.sees("Labels print twice")
        run.send("\x10")
        run.sees("Search for commands")
        run.send(str(number))
        run.sees(f"Open case {number}")
        run.send("\r")
        run.sees("It does so at noon")
        run.send("q")
        assert leave(run) == 0


def test_no_letter_before_the_end_is_lost(desk: TestDesk) -> None:
    """Typed in one go with the key that quits, all of it is in the draft; a new case stays on the screen."""
    number = desk.open("Proxy times out")
    with tty(*on(desk)) as run:
        run.sees("Proxy times out")
        run.send("iCalled them, they will look on Monday.\x11")
        assert run.ends() == 0
    assert Drafts(desk.store, desk.clock, "ana").of(number) == {
        CommentKind.INTERNAL: "Called them, they will look on Monday."
    }
    with tty(*on(desk)) as run:
        run.sees("Proxy times out")
        run.send("\x0eA new question\x11")
        run.sees("What you typed is not saved yet")
        run.send("\x1b")
        run.sees("Throw away what you typed?")
        run.send("y")
        run.send("\x11")
        assert run.ends() == 0


def test_a_slow_line_may_tear_a_key_apart(desk: TestDesk) -> None:
    """An arrow whose Escape comes first, and the rest later than usual, is an arrow where that is asked for."""
    for subject in ("Labels print twice", "Proxy times out"):
        desk.customer(desk.open(subject), f"{subject} at noon.")
        desk.clock.advance(minutes=1)
    with tty(*on(desk), environment={"ESCDELAY": "20000"}) as run:
        run.sees("Proxy times out")
        run.send("\x1b")
        run.send("[B")  # down; with Escape as a key of its own "[" would be another queue
        run.send("\r")
        run.sees("Proxy times out at noon.")
        assert "[B" not in run.words


def test_what_is_behind_a_dialog_stays_in_sight(desk: TestDesk) -> None:
    """It is dimmed, and not gone: one decides by what one sees."""
    desk.clock.instant = SystemClock().now() - timedelta(hours=1)
    desk.open("Proxy times out")
    desk.open("Labels print twice")
    with tty(*on(desk)) as run:
        run.sees("Labels print twice")
        run.send("p")
        run.sees("System Down")
        run.sees("Labels print twice")
        run.send("\x1b")
        run.sees("Proxy times out")
        assert leave(run) == 0


def test_the_mouse_is_left_alone_where_that_is_wanted(desk: TestDesk) -> None:
    """No mode of the mouse is touched; without the wish it is asked for, and given back."""
    for words in ((), ("--no-mouse",)):
        with tty(*on(desk, *words)) as run:
            run.sees("timer on")
            assert leave(run) == 0
            assert run.is_restored
        assert bool(MOUSE & run.modes.keys()) is not bool(words)


DEAF = f"""
import signal
from casetui.tui import app
app.ENDINGS = ()
signal.signal(signal.SIGHUP, signal.SIG_IGN)
{PROGRAM}
"""
"""The program where no signal says that the terminal is gone."""


def test_without_a_terminal_it_ends(desk: TestDesk) -> None:
    """One that was taken away leaves nothing that runs on, and takes a processor for it."""
    desk.open("Proxy times out")
    with tty(*on(desk), program=DEAF) as run:
        run.sees("Proxy times out")
        assert run.hang_up() == 128 + signal.SIGHUP


UNREAD = f"""
import errno, time
from textual.drivers.linux_driver import LinuxDriver
def listen(driver):
    while not (hasattr(driver._app, "first") and driver._app.first.revealed.is_set()):
        time.sleep(0.01)
    raise OSError(errno.EIO, "Input/output error")
LinuxDriver.run_input_thread = listen
{PROGRAM}
"""
"""The program where the terminal is being taken away: keys cannot be read, and it is still there."""


def test_a_terminal_that_cannot_be_read_ends_it(desk: TestDesk) -> None:
    """It is no mistake of ours: no crash file, and the end of a terminal that is gone."""
    desk.open("Proxy times out")
    with tty(*on(desk), program=UNREAD) as run:
        assert run.ends() == 128 + signal.SIGHUP
        assert run.is_restored
        assert "mistake" not in run.parting


def test_what_is_no_text_does_not_end_it(desk: TestDesk) -> None:
    """A mouse report of old from column 223, a word in Latin-1: nothing happens, and the next key is heard."""
    desk.open("Proxy times out")
    with tty(*on(desk)) as run:
        run.sees("Proxy times out")
        for noise in (b"\x1b[M \xff\xff", b"\xe9t\xe9 "):
            run.send(noise)
            run.send("?")
            run.sees("Statuses")
            run.send("\x1b")
            run.sees("Proxy times out")
        assert leave(run) == 0
        assert run.is_restored


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_properly(desk: TestDesk, ending: signal.Signals) -> None:
    """The terminal is restored, the exit code is not 0, and what is being typed is kept."""
    number = desk.open()
    with tty(*on(desk)) as run:
        run.sees("Search times out")
        run.send("i")
        run.sees("internal note")
        run.send("half a thought")
        run.sees("half a thought")
        run.signal(ending)
        assert run.ends() == 128 + ending
        assert run.is_restored
    assert drafts(desk, number) == {CommentKind.INTERNAL: "half a thought"}


def test_what_was_typed_outlives_a_kill(desk: TestDesk) -> None:
    """What the composer says is kept is kept; nothing has to be saved at the end."""
    number = desk.open()
    with tty(*on(desk)) as run:
        run.sees("Search times out")
        run.send("r")
        run.sees("WILL SEE THIS")
        run.send("half a thought")
        run.sees("kept")
        run.signal(signal.SIGKILL)
        assert run.ends() == -signal.SIGKILL
    assert drafts(desk, number) == {CommentKind.PUBLIC: "half a thought"}


def test_stopping_a_demo_leaves_nothing(tmp_path: Path) -> None:
    """A bar shows how far it is; ctrl+c ends it with a sentence, and there is no half of a desk."""
    near = tmp_path / "desk.db.old"
    near.touch()
    with tty("demo", "--cases", "20000", "--keep", str(tmp_path / "desk.db")) as run:
        run.sees("Making 20000 cases  [#")
        run.signal(signal.SIGINT)
        assert run.ends() == 1
        assert run.words.endswith("Stopped; no demo was made.\r\n")
        assert run.is_restored
    assert list(tmp_path.iterdir()) == [near]


def test_stopping_an_import_leaves_the_desk_as_it_was(desk: TestDesk, tmp_path: Path) -> None:
    """The same of an import."""
    file = tmp_path / "many.csv"
    rows = [
        f"C{number},Subject {number},New,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z" for number in range(20_000)
    ]
    file.write_text("\n".join(["CaseNumber,Subject,Status,CreatedDate,LastModifiedDate", *rows]))
    with tty(*on(desk, "import", str(file)), program=f"{AT_ONCE}; {PROGRAM}") as run:
        run.sees("Importing  [#####")
        run.signal(signal.SIGINT)
        assert run.ends() == 1
        assert run.words.endswith("Stopped; nothing was imported.\r\n")
        assert run.is_restored
    assert desk.board.is_empty()


@pytest.mark.parametrize("ending", [None, signal.SIGTERM])
def test_a_demo_leaves_nothing_behind(tmp_path: Path, ending: signal.Signals | None) -> None:
    """Neither in the temporary folder in which it lives nor in one's own: no database, no settings, no draft."""
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE")}
    (tmp_path / "tmp").mkdir()
    with tty("demo", "--cases", "40", environment={**homes, "TMPDIR": str(tmp_path / "tmp")}) as run:
        run.sees("Close them as planned")
        assert list((tmp_path / "tmp").iterdir())
        if ending:
            run.signal(ending)
        else:
            run.send("\x11")
        assert run.ends() == (128 + ending if ending else 0)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    assert not list((tmp_path / "tmp").iterdir())


MISTAKE = f"""
from casetui.tui import app
async def action_quit(self):
    words = "what a customer wrote"
    raise ValueError(words)
app.Casetui.action_quit = action_quit
{PROGRAM}
"""


def test_a_mistake_of_ours_restores_the_terminal_and_says_one_sentence(desk: TestDesk) -> None:
    """No traceback, no customers' words, an exit code that is not 0, and a file that says where."""
    desk.open("what a customer wrote")
    with tty(*on(desk), program=MISTAKE) as run:
        run.sees("what a customer wrote")
        run.send("\x11")
        assert run.ends() == CRASHED
        assert run.is_restored
        said = " ".join(run.parting.split())
    assert "casetui made a mistake (ValueError); where it happened stands in" in said
    assert "Traceback" not in said
    (file,) = crash.folder().iterdir()
    assert file.name in said.replace(" ", "")
    assert "action_quit" in file.read_text()
    assert "customer wrote" not in said + file.read_text()


def drafts(desk: TestDesk, number: int) -> dict[CommentKind, str]:
    """Return what is kept of the comments that were being written."""
    return dict(Drafts(desk.store, desk.clock, "ana").of(number))
