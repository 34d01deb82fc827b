"""README cannot drift: its tables are made from the program, and its commands run.

``python -m tests.test_readme`` writes the tables anew.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click import Context

from casetui.cli.root import casetui, run
from casetui.domain.workflow import Status
from casetui.tui.commands import ANY_VIEW, COMMANDS, SCREENS, Place
from casetui.tui.keynames import shown

README = Path(__file__).parents[1] / "README.md"


def statuses() -> str:
    """Return the status table as README has it."""
    lines = ["| status | whose move | reminder after | closes after | it means |", "|---|---|---|---|---|"]
    for status in Status:
        row = status.row
        promises = f"{row.reminder or ''} | {row.closure or ''}"
        lines.append(f"| {row.label} | {row.whose_move.value} | {promises} | {row.means} |")
    return "\n".join(lines)


def keys() -> str:
    """Return the keys as README has them: one row a command, however many screens have it."""
    rows: dict[tuple[str, str], set[Place]] = {}
    views = [command for command in COMMANDS if command.id.startswith("view.")]
    rows[f"`{views[0].keys}` to `{views[-1].keys}`", ANY_VIEW] = {Place.QUEUES}
    for command in COMMANDS:
        if command in views:
            continue
        pressed = " ".join(f"`{shown(key)}`" for key in command.keys.split(","))
        rows.setdefault((pressed, command.does), set()).update(command.places)
    lines = ["| key | does | where |", "|---|---|---|"]
    for (pressed, does), places in rows.items():
        where = "everywhere" if places >= {*SCREENS} else ", ".join(at.value for at in Place if at in places)
        lines.append(f"| {pressed} | {does} | {where} |")
    return "\n".join(lines)


def commands() -> str:
    """Return the commands as README has them."""
    lines = ["| command | does |", "|---|---|"]
    context = Context(casetui)
    for name in casetui.list_commands(context):
        command = casetui.get_command(context, name)
        assert command
        arguments = " ".join(command.collect_usage_pieces(Context(command))[1:])
        called = f"{name} {arguments}".strip().replace("|", "\\|")
        lines.append(f"| `{called}` | {command.get_short_help_str(200)} |")
    return "\n".join(lines)


TABLES = {"statuses": statuses, "keys": keys, "commands": commands}


def _filled(table: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match[1]}{table}\n{match[2]}"


def written(text: str) -> str:
    """Return a README with its tables made anew."""
    for name, table in TABLES.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- end -->)"
        text = re.sub(pattern, _filled(table()), text, flags=re.DOTALL)
    return text


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_the_programs_own(name: str) -> None:
    """Statuses, keys and commands stand in README as the program has them."""
    assert TABLES[name]() in README.read_text(encoding="utf-8"), "python -m tests.test_readme writes them anew"


def blocks(name: str) -> list[str]:
    """Return the lines of the code block that follows a mark."""
    match = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    return match[1].strip().splitlines()


def test_the_commands_of_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line of the block ends with exit code 0."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASETUI_DATABASE", str(tmp_path / "desk.db"))
    assert run(["new", "--subject", "S"]) == 0
    for line in blocks("run"):
        words = shlex.split(line, comments=True)
        assert words[0] == "casetui"
        assert run(words[1:]) == 0, line


def test_every_picture_is_there() -> None:
    """README shows none that the script did not make."""
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", README.read_text(encoding="utf-8"), re.DOTALL)
    assert pictures
    for picture in pictures:
        assert (README.parent / picture).is_file(), picture


def test_it_opens_with_a_picture_and_the_demo() -> None:
    """What casetui looks like, then one line that shows it, then how to install it."""
    text = README.read_text(encoding="utf-8")
    assert (
        0
        < text.index("](screenshots/dashboard.svg)")
        < text.index("<!-- demo -->")
        < text.index("pip install .\n")
    )
    assert text.index("<!-- demo -->") < 1200


def test_the_set_up_commands_are_one_line_each() -> None:
    """One command runs the demo, one runs the tests, and both set up what they need."""
    (demo,), (tests,) = blocks("demo"), blocks("test")
    assert demo.startswith("python3.11 -m venv .venv && .venv/bin/pip install")
    assert demo.endswith("casetui demo")
    assert tests.endswith("pytest")


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
