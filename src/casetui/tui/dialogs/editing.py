"""A text handed to the person's own editor and taken back."""

import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.app import App, SuspendNotSupported

from casetui.domain.errors import Refused


def edit_outside(app: App[object], text: str) -> str:
    """Return the text as $VISUAL or $EDITOR left it; raise Refused where there is none or it fails."""
    command = _command()
    with TemporaryDirectory(prefix="casetui-") as folder:
        path = Path(folder, "comment.txt")
        path.write_text(text.rstrip("\n") + "\n" * bool(text), encoding="utf-8")
        try:
            with app.suspend():
                failure = _run([*command, str(path)])
        except SuspendNotSupported:
            raise Refused("This terminal cannot be lent to an editor.") from None
        if failure:
            raise Refused(f"{failure} The text is as it was.")
        try:
            return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
        except OSError as error:
            raise Refused(f"The editor left nothing to read: {error.strerror}. The text is as it was.") from None


def _command() -> list[str]:
    given = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(given)
    except ValueError:
        raise Refused(f"VISUAL or EDITOR cannot be read: {given}.") from None
    if not command:
        raise Refused("No editor is set; set VISUAL or EDITOR, such as EDITOR=nano.")
    return command


def _run(command: list[str]) -> str:
    """Run it; return what went wrong. Nothing may be raised here, else the screen never comes back."""
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - the person's own editor
    except OSError as error:
        return f"The editor {command[0]} cannot be started: {error.strerror}."
    return f"The editor {command[0]} ended with {done.returncode}." if done.returncode else ""
