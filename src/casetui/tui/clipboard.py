"""Copying: to the terminal's clipboard (OSC 52), with a tool of this machine, or into a file; it says which."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Mapping

from textual.app import App

from casetui import crash

MOST = 70_000
"""Characters that terminals take at once; more of them are dropped without a word."""
_DEAF = ("linux", "dumb", "vt")
"""What terminals that have no clipboard begin their names with."""
_TOOLS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("pbcopy",)),
    ("", ("clip.exe",)),
)
_PATIENCE = 2.0
"""Seconds that a tool may take."""


async def copy(app: App[None], text: str, way: str = "auto", environment: Mapping[str, str] = os.environ) -> str:
    """Copy a text and return where it went, as the end of a sentence."""
    hears = not environment.get("TERM", "").startswith(_DEAF) and len(text) <= MOST
    if way == "terminal" or (way == "auto" and hears):
        app.copy_to_clipboard(text)
        return "sent to the terminal's clipboard"
    if way in ("auto", "tool") and (tool := await asyncio.to_thread(_with_tool, text, environment)):
        return f"copied with {tool}"
    return _into_file(text)


def _with_tool(text: str, environment: Mapping[str, str]) -> str | None:
    for variable, command in _TOOLS:
        if (not variable or environment.get(variable)) and (found := shutil.which(command[0])):
            try:
                subprocess.run(  # noqa: S603 - a known tool, found where the person's PATH has it
                    (found, *command[1:]), input=text.encode(), check=True, timeout=_PATIENCE,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except (OSError, subprocess.SubprocessError):
                continue
            return command[0]
    return None


def _into_file(text: str) -> str:
    file = crash.folder() / "copied.txt"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as stream:
            stream.write(text)
    except OSError as error:
        return f"not copied: {file} cannot be written ({error.strerror})"
    return f"written to {file}, for want of a clipboard"
