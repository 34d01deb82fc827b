"""What surrounds the program in a shell: completion, and the manual page.

``python -m tests.test_shells`` writes the manual page anew.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click import Context, Group

from casetui.cli.completion import SHELLS
from casetui.cli.manual import page
from casetui.cli.root import ASKED, casetui, run
from casetui.domain.policy import Policy
from casetui.domain.workflow import Status
from casetui.tui.pages import statuses

ROOT = Path(__file__).parents[1]
MAN = ROOT / "share/man/man1/casetui.1"
PLACES = {
    "bash": "share/bash-completion/completions/casetui",
    "zsh": "share/zsh/site-functions/_casetui",
    "fish": "share/fish/vendor_completions.d/casetui.fish",
}
"""Where each shell looks."""


def asked(shell: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a shell is told that asks how a line may go on."""
    words = line.split(" ")
    environment = {
        ASKED: f"{shell}_complete",
        "COMP_LINE": line,
        "COMP_WORD": re.split("[:=]", words[-1])[-1] if "'" not in line else words[-1],
        "COMP_BREAKS": " \t\n\"'><=;|&(:",
        "COMP_WORDS": line,
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        run([])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("casetui mo", "plain,move|plain,monitor"),
        ("casetui move 1 pending_d", "plain,pending_development"),
        ("casetui --theme co", "plain,contrast"),
        ("casetui --database x", "file,x"),
        ("casetui list sta", "part,status:"),
        ("casetui list status:ne", "plain,new"),
        ("casetui list open status:new,reo", "plain,new,reopened"),
        ("casetui list 'status:ne", "plain,status:new"),
        ("casetui list -une", ""),
        ("casetui list -unrea", "plain,-unread"),
        ("casetui list --cs", "plain,--csv"),
        ("casetui list idle", r"part,idle\>"),
        ("casetui list view:gh", "plain,ghent"),
        ("casetui export held desk.js", "file,desk.js"),
        ("casetui import x.csv --as sales", "plain,salesforce"),
        ("casetui new --installation tot", r"plain,total\ care"),
        ("casetui policy set pending_customer_t", "part,pending_customer_testing.close="),
        ("casetui policy set zone=Europe/Berl", "plain,Europe/Berlin"),
        ("casetui completion z", "plain,zsh"),
    ],
)
def test_bash_is_told_how_a_line_goes_on(
    line: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Commands, options, values, queries and one's own views; of a broken word only its last part."""
    settings = tmp_path / "casetui" / "config.toml"
    settings.parent.mkdir()
    settings.write_text('[[views]]\nname = "Ghent"\nquery = "account:ghent"\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert asked("bash", line, monkeypatch, capsys).strip().split("\n") == told.split("|")


def test_other_shells_are_told_what_each_value_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A status with its sentence from the table; zsh puts no space after what goes on."""
    means = Status.CUSTOMER_TESTING.row.means
    line = "casetui move 1 pending_customer_t"
    assert asked("zsh", line, monkeypatch, capsys) == f"plain\npending_customer_testing\n{means}\n"
    assert asked("zsh", "casetui list wai", monkeypatch, capsys) == "part\nwaits:\nwhose move it is\n"
    fish = asked("fish", line, monkeypatch, capsys)
    assert fish == f"plain,pending_customer_testing\t{means.replace(',', ';')}\n"


def test_settings_that_are_wrong_stop_no_completion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The views that everybody has are offered."""
    wrong = tmp_path / "config.toml"
    wrong.write_text("colour = 'red'", encoding="utf-8")
    told = asked("bash", f"casetui --config {wrong} list view:min", monkeypatch, capsys)
    assert told == "plain,mine\n"


def test_bash_itself_completes(tmp_path: Path) -> None:
    """The installed file, in a real shell, with the program that is installed beside this Python."""
    program = f"""
        set -eu
        PATH={Path(sys.executable).parent}:$PATH
        source {ROOT / PLACES["bash"]}
        COMP_LINE='casetui list status:awa' COMP_POINT=23
        COMP_WORDS=(casetui list status : awa) COMP_CWORD=4
        $(complete -p casetui | sed 's/.*-F \\([^ ]*\\).*/\\1/') casetui awa :
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("awaiting_customer_confirmation\n", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints it, and what is installed where that shell looks asks the command for it."""
    assert run(["completion", shell]) == 0
    assert f"{ASKED}={shell}_complete" in capsys.readouterr().out
    assert f"casetui completion {shell}" in (ROOT / PLACES[shell]).read_text(encoding="utf-8")


def test_what_is_installed_is_declared() -> None:
    """The wheel carries the folder in which shells and man look, and nothing else lies in it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"] == {"share": "share"}
    found = {str(file.relative_to(ROOT)) for file in (ROOT / "share").rglob("*") if file.is_file()}
    assert found == {str(MAN.relative_to(ROOT)), *PLACES.values()}


def test_the_manual_page_is_made_from_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    """The installed one is the one that the command prints."""
    assert run(["man"]) == 0
    printed = capsys.readouterr().out
    assert printed == MAN.read_text(encoding="utf-8"), "python -m tests.test_shells writes it anew"


def test_the_manual_page_leaves_nothing_out() -> None:
    """Every status with its sentence, every command with its options, every variable that the program reads."""
    plain = re.sub(r"\\f[BIR]", "", page(casetui))
    for sign, escaped in {"-": r"\-", "'": r"\(aq", "^": r"\(ha", '"': r"\(dq"}.items():
        plain = plain.replace(escaped, sign)
    for status in Status:
        assert f"{status.label} ({status.value})\n{status.row.means}" in plain
    for command in every_command(casetui, Context(casetui)):
        assert f'.SS "{command}' in plain
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py"))
    variables = set(re.findall(r"\bCASETUI_[A-Z_]*[A-Z]\b", sources))
    assert variables > {"CASETUI_DATABASE", "CASETUI_THEME"}
    for variable in variables - {"CASETUI_COMPLETE"}:
        assert variable in plain


def test_a_status_has_one_sentence_wherever_it_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """In ``statuses``, as JSON too, and on the page of the help."""
    assert run(["statuses"]) == 0
    assert run(["statuses", "--json"]) == 0
    printed = capsys.readouterr().out
    helped = "\n".join(row.words for row in statuses(Policy())(300))
    for status in Status:
        assert printed.count(status.row.means) == 2
        assert status.row.means.lower() in helped


def test_examples_stay_as_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    """No help runs the lines of a command together."""
    assert run(["completion", "--help"]) == 0
    assert '\n    eval "$(casetui completion bash)"      # ~/.bashrc\n' in capsys.readouterr().out
    for name in casetui.list_commands(Context(casetui)):
        assert run([name, "--help"]) == 0
        assert "\\b" not in capsys.readouterr().out


def test_the_manual_page_is_roff() -> None:
    """Each request is known, no word of ours is one by accident, and all of it is ASCII."""
    text = page(casetui)
    assert text.isascii()
    requests = {line.split()[0] for line in text.splitlines() if line[:1] in (".", "'")}
    assert requests == {".TH", ".nh", ".ad", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi"}
    assert set(re.findall(r"\\(?:f.|\(..|.)", text)) <= {
        r"\fB", r"\fR", r"\-", r"\e", r"\(dq", r"\(ha", r"\(ti", r"\(ga", r"\(aq", r"\&",
    }  # fmt: skip


def every_command(group: Group, context: Context) -> list[str]:
    """Return the names of all commands, and of those below them."""
    names = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        names.append(name)
        if isinstance(command, Group):
            names += [f"{name} {below}" for below in every_command(command, context)]
    return names


if __name__ == "__main__":
    MAN.write_text(page(casetui), encoding="utf-8")
