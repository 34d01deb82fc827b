"""Copying says where the text went: the terminal's clipboard, a tool of the machine, or a file."""

from pathlib import Path

import pytest

from casetui import crash
from casetui.domain.looks import Looks
from casetui.tui.clipboard import MOST
from tests.desks import TestDesk
from tests.sittings import Sitting, sitting


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a machine whose one tool writes what it is given into a file."""
    tool = tmp_path / "wl-copy"
    tool.write_text(f"#!/bin/sh\nexec cat > '{tmp_path}/tool.txt'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(crash, "folder", lambda: tmp_path / "state")
    return tmp_path


async def copied(desk: TestDesk, way: str, text: str = "") -> Sitting:
    """Copy the number of a case, or a text, and return the sitting once it was said."""
    desk.open()
    async with sitting(desk, looks=Looks("dark", ascii=False, copy=way)) as sat:
        if text:
            await sat.app.copy(text, "It")
        else:
            await sat.press("y")
        await sat.until(lambda: sat.toasts, "the sentence")
    return sat


async def test_a_terminal_that_has_a_clipboard_is_given_it(desk: TestDesk) -> None:
    """It is the first choice, and works through SSH and tmux."""
    sat = await copied(desk, "auto")
    assert "sent to the terminal's clipboard" in sat.toasts
    assert sat.app.clipboard == "1"


@pytest.mark.parametrize(("way", "terminal"), [("tool", "xterm-256color"), ("auto", "linux")])
async def test_a_tool_is_used_where_it_is_wanted_or_the_terminal_has_none(
    desk: TestDesk, machine: Path, monkeypatch: pytest.MonkeyPatch, way: str, terminal: str
) -> None:
    """The sentence names the tool, which was given the text."""
    monkeypatch.setenv("TERM", terminal)
    sat = await copied(desk, way)
    assert "copied with wl-copy" in sat.toasts
    assert (machine / "tool.txt").read_text() == "1"


async def test_a_tool_that_fails_does_not_lose_the_text(
    desk: TestDesk, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written into a file that only its owner can read, and the sentence says which."""
    monkeypatch.setenv("TERM", "linux")
    (machine / "wl-copy").write_text("#!/bin/sh\nexit 1\n")
    sat = await copied(desk, "auto")
    file = machine / "state" / "copied.txt"
    assert "copied.txt" in sat.toasts.replace("\n", "")
    assert file.read_text() == "1"
    assert file.stat().st_mode & 0o777 == 0o600


async def test_what_a_terminal_would_cut_off_goes_elsewhere(desk: TestDesk, machine: Path) -> None:
    """Terminals drop a long text without a word."""
    text = "x" * (MOST + 1)
    sat = await copied(desk, "auto", text)
    assert "copied with wl-copy" in sat.toasts
    assert (machine / "tool.txt").read_text() == text
