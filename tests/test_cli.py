"""The command line: data on standard output, words on standard error, and exit codes that mean something."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any

import pytest
from click import Context

from casetui.cli.root import casetui, run
from casetui.cli.session import Session
from casetui.domain.errors import Misused
from casetui.domain.workflow import Status
from casetui.lean import DRIVERS
from tests.desks import START, HandClock

PROGRAM = [sys.executable, "-c", "from casetui.cli import main; main()"]
CASE_KEYS = [
    "number",
    "external_id",
    "subject",
    "status",
    "status_label",
    "whose_move",
    "stay",
    "status_since",
    "remind_at",
    "close_at",
    "reminded_at",
    "held_until",
    "hold_reason",
    "unread",
    "owner",
    "account",
    "contact",
    "email",
    "product",
    "priority",
    "installation",
    "reason",
    "release",
    "provider",
    "cloned_from",
    "clones",
    "opened_at",
    "updated_at",
    "closed_at",
    "version",
]


class Cli:
    """Runs commands on one database by one clock, and keeps what they printed."""

    def __init__(self, path: Path, clock: HandClock, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.clock = clock
        self.capsys = capsys
        self.words = ""

    def __call__(self, *arguments: object, code: int = 0, agent: str = "ana") -> str:
        """Run a command that ends with ``code`` and return what it printed."""
        options = ["--database", str(self.path), "--as", agent]
        ended = run([*options, *map(str, arguments)], Session(clock=self.clock))
        printed = self.capsys.readouterr()
        self.words = printed.err
        assert ended == code, (arguments, printed)
        if code:
            assert "Traceback" not in printed.err
            assert printed.err.strip()
        return printed.out

    def json(self, *arguments: object) -> Any:
        """Run a command and return its JSON document."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def cli(tmp_path: Path, clock: HandClock, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Give a command line on an empty desk."""
    return Cli(tmp_path / "desk.db", clock, capsys)


def test_a_case_lives_from_new_to_closed_on_the_command_line(cli: Cli) -> None:
    """Open, ask, be reminded, be answered, answer, be closed by the timer."""
    assert cli("new", "--subject", "Search times out", "--email", "j@example.org", "-m", "Help!") == "1\n"
    cli("move", 1, "Pending Customer Input", "-m", "Which version?")
    cli.clock.advance(days=7)
    assert cli.json("sweep") == {"reminded": [1], "closed": [], "held": [], "letters": 1}
    cli("comment", 1, "--customer", "-m", "Version 7.")
    assert cli.json("show", 1)["status"] == "update_received"
    cli("move", 1, "awaiting_customer_confirmation", "-m", "Upgrade to 8.")
    cli.clock.advance(days=14)
    assert cli.json("sweep")["closed"] == [1]
    shown = cli.json("show", 1)
    assert (shown["status"], shown["closed_at"]) == ("closed", "2026-01-26T09:00:00Z")
    assert [comment["kind"] for comment in shown["comments"]] == ["customer", "public", "customer", "public"]
    assert "Sound" in (cli("check"), cli.words)[1]


def test_a_case_in_json_has_exactly_the_keys_that_other_programs_read(cli: Cli) -> None:
    """Times are RFC 3339 in UTC with seconds, statuses slugs."""
    made = cli.json("new", "--subject", "S", "--priority", "down", "--installation", "total care")
    assert list(made) == CASE_KEYS
    assert (made["number"], made["status"], made["status_label"], made["whose_move"]) == (1, "new", "New", "us")
    assert (made["opened_at"], made["priority"], made["installation"]) == (
        "2026-01-05T09:00:00Z",
        "down",
        "Total Care",
    )
    assert cli.json("list") == [made]
    shown = cli.json("show", 1)
    assert list(shown) == [*CASE_KEYS, "comments", "history"]
    assert list(shown["history"][0]) == ["what", "by", "at", "from", "to", "planned_at", "note"]
    assert cli.json("clone", 1)["cloned_from"] == 1


def test_due_says_what_will_happen_when_and_what_stops_it(cli: Cli) -> None:
    """A reminder and a closure to come, within a period if asked, and why one is held."""
    cli("new", "--subject", "S")
    cli("move", 1, "pending_customer_input", "-m", "Which?")
    both = cli.json("due")
    assert [(act["rule"], act["due_at"], act["held"]) for act in both] == [
        ("reminder", "2026-01-12T09:00:00Z", None),
        ("closure", "2026-02-02T09:00:00Z", None),
    ]
    assert len(cli.json("due", "--within", "2w")) == 1
    cli("hold", 1, "--until", "2026-03-01", "--reason", "on leave")
    assert {act["held"] for act in cli.json("due")} == {"hold"}
    cli.clock.advance(days=40)
    assert cli.json("sweep", "--dry-run")["held"] == [1]
    assert "held until Sun 01 Mar 2026" in cli("why", 1)


def test_remind_first_is_offered_to_cron(cli: Cli) -> None:
    """The never reminded are reminded and get a week."""
    cli("new", "--subject", "S", "--email", "j@example.org")
    cli("move", 1, "pending_customer_input", "-m", "Which?")
    cli.clock.advance(days=50)
    assert cli.json("sweep", "--dry-run")["closed"] == [1]
    assert cli.json("sweep", "--remind-first") == {"reminded": [1], "closed": [], "held": [], "letters": 1}
    assert cli.json("show", 1)["close_at"] == "2026-03-03T09:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("move", 1, "pending_release", "--release", "x"), 1, "It can go to Under Review"),
        (("move", 1, "solved"), 2, "the statuses are new"),
        (("move", 1, "pending_customer_input"), 1, "the question"),
        (("show", 7), 1, "There is no case 7."),
        (("show", "seven"), 2, "seven"),
        (("show", 0), 2, "0"),
        (("show", "9" * 30), 2, "range"),
        (("list", "colour:red"), 2, "  ^^^^^^^\nA query knows no 'colour:'"),
        (("list", "age>soon"), 2, "is not a period"),
        (("list", "(new"), 2, "never closed"),
        (("list", "--colour"), 2, "no option --colour"),
        (("comment", 1, "-m", "hello"), 2, "--customer, --public or --internal"),
        (("comment", 1, "--public", "-m", " "), 1, "empty"),
        (("extend", 1, "7d", "--reason", "x"), 1, "no clock runs"),
        (("release", 1), 1, "not held"),
        (("edit", 1), 2, "Say what to change"),
        (("edit", 1, "--priority", "urgent"), 2, "urgent"),
        (("assign", 1, "ben", "--nobody"), 2, "not both"),
        (("new",), 2, "--subject"),
        (("new", "--subject", "  "), 1, "needs a subject"),
        (("frobnicate",), 2, "frobnicate"),
        (("--config", "/nowhere/casetui.toml", "list"), 2, "no settings file"),
        (("--database", "postgresql://db/desk", "list"), 2, "not a file"),
        (("--database", "/proc/none/desk.db", "list"), 3, "No database can be made"),
        (("--as", "customer", "assign", 1), 2, "--as"),
    ],
)
def test_bad_input_is_one_sentence_and_an_exit_code(
    cli: Cli, arguments: tuple[object, ...], code: int, words: str
) -> None:
    """1 refused, 2 usage or settings, 3 database out of reach; nothing is half done."""
    cli("new", "--subject", "S")
    before = cli.json("show", 1)
    cli(*arguments, code=code)
    assert words in cli.words
    assert cli.json("show", 1) == before


def test_a_desk_that_is_made_is_told_of(cli: Cli) -> None:
    """A name that was mistyped is an empty desk: it is said, once, and never on standard output."""
    assert cli("list", "--json").strip() == "[]"
    assert cli.words == f"There was no desk at {cli.path}; an empty one was made.\n"
    cli("list")
    assert "There was no desk" not in cli.words


def test_a_history_says_why_and_where_to(cli: Cli) -> None:
    """What a move was given stands in its line, as on the screen."""
    cli("new", "--subject", "x")
    cli("move", 1, "under_review")
    cli("move", 1, "in_progress")
    cli("move", 1, "pending_content_operations", "--reason", "clean_up")
    moved = next(line for line in cli("show", 1).splitlines() if "-> Pending Content Operations" in line)
    assert moved.endswith("(reason clean_up)")


def test_customers_words_reach_the_terminal_harmless(cli: Cli) -> None:
    """No escape, control or bidirectional character of theirs is printed raw, in words or in JSON."""
    nasty = "\x1b[31mred\x07 \u202egpj.exe [/x] \x9b2J"
    cli("new", "--subject", nasty, "--account", nasty, "--contact", nasty, "-m", f"{nasty}\nmore")
    for command in (("list",), ("show", 1), ("due",), ("why", 1)):
        printed = cli(*command) + cli.words
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(printed)
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(cli("show", 1, "--json"))
    assert cli.json("show", 1)["subject"] == "\x1b[31mred\x07 \u202egpj.exe [/x] \x9b2J"


def test_a_lone_byte_that_is_no_text_is_taken_as_a_mark(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are not UTF-8, in an argument or on standard input, are no traceback."""
    cli("new", "--subject", os.fsdecode(b"caf\xe9"))
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"caf\xe9 au lait\0")))
    cli("comment", 1, "--customer")
    shown = cli.json("show", 1)
    assert "caf" in shown["subject"]
    assert shown["comments"][0]["body"] == "caf\ufffd au lait\ufffd"


def test_undo_takes_back_the_last_act_and_says_which(cli: Cli) -> None:
    """Within a minute, and only one's own."""
    cli("new", "--subject", "S")
    cli("move", 1, "in_progress", agent="ben")
    cli("undo", code=1)
    cli("undo", 1, agent="ben")
    assert cli.words == "Taken back: moved to In Progress (case 1, Mon 05 Jan 2026 09:00 UTC).\n"
    assert cli.json("show", 1)["status"] == "new"


def test_redo_does_again_what_was_taken_back(cli: Cli) -> None:
    """Until something else happens to the case."""
    cli("new", "--subject", "S")
    cli("redo", code=1)
    cli("move", 1, "in_progress", agent="ben")
    cli("undo", agent="ben")
    cli("redo", 1, agent="ben")
    assert cli.words == "Done again: moved to In Progress (case 1, Mon 05 Jan 2026 09:00 UTC).\n"
    assert cli.json("show", 1)["status"] == "in_progress"
    cli("undo", "--yes", agent="ben")
    cli("assign", 1)
    cli("redo", code=1, agent="ben")
    assert "It is too late to do that again: case 1, ana assigned it since." in cli.words


def test_the_customer_moves_what_is_the_customers_to_move(cli: Cli) -> None:
    """--as-customer confirms or goes on testing, and nothing else."""
    cli("new", "--subject", "S")
    cli("move", 1, "awaiting_customer_confirmation", "-m", "Done.")
    cli("move", 1, "in_progress", "--as-customer", code=1)
    moved = cli.json("move", 1, "pending_customer_testing", "--as-customer", "-m", "We try it.")
    assert (moved["status"], moved["unread"]) == ("pending_customer_testing", True)


def test_check_finds_what_does_not_fit(cli: Cli) -> None:
    """A row changed behind the desk's back is named, and the exit code is 1."""
    cli("new", "--subject", "S")
    cli("move", 1, "pending_customer_input", "-m", "Which?")
    with Session(database=str(cli.path)).store() as store:
        store.database.execute_sql("UPDATE cases SET owner = 'eve', close_at = close_at + 60")
    printed = cli("check", code=1)
    assert "case 1: owner is eve, its history says nothing" in printed
    assert "no period leads to its closure at" in printed
    assert "contradictions" in cli.words


def test_paths_say_where_and_why(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag outweighs the environment, which outweighs the settings' file."""
    file = tmp_path / "casetui.toml"
    file.write_text('database = "from-the-file.db"\nagent = "cem"\n')
    run(["--config", str(file), "paths"], Session())
    printed = cli.capsys.readouterr().out
    assert "from-the-file.db" in printed
    assert "cem" in printed
    monkeypatch.setenv("CASETUI_DATABASE", "from-the-environment.db")
    run(["--config", str(file), "paths"], Session())
    assert "from-the-environment.db" in cli.capsys.readouterr().out
    assert str(cli.path) in cli("paths")


def test_paths_say_which_variable_moved_a_folder(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is chosen: data, settings, wording and crash files are where XDG has them."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"/somewhere/{name.lower()}")
    run(["paths"], Session())
    rows = {row[0]: row for row in (line.split("  ") for line in cli.capsys.readouterr().out.splitlines())}
    said = {name: [word.strip() for word in row if word][1:] for name, row in rows.items()}
    assert said["database"] == ["/somewhere/data/casetui/casetui.db", "XDG_DATA_HOME"]
    assert said["settings"] == [
        "/somewhere/config/casetui/config.toml",
        "XDG_CONFIG_HOME, not there: nothing is set",
    ]
    assert said["letters"] == ["/somewhere/config/casetui/letters", "beside the settings"]
    assert said["crash files"] == ["/somewhere/state/casetui", "XDG_STATE_HOME"]
    monkeypatch.delenv("XDG_DATA_HOME")
    run(["paths"], Session())
    assert "the default" in cli.capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 'red'", "has a key|have a key 'colour'"),
        ("agent = 7", "want a text for 'agent'"),
        ("agent", "not TOML"),
    ],
)
def test_a_wrong_setting_is_named(cli: Cli, tmp_path: Path, text: str, words: str) -> None:
    """The sentence names the file and the key."""
    file = tmp_path / "casetui.toml"
    file.write_text(text)
    cli("--config", file, "list", code=2)
    assert any(word in cli.words for word in words.split("|"))
    assert str(file) in cli.words


def test_long_work_is_announced_in_a_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no person watches there is no bar, and nothing at all about what takes no second."""
    file = tmp_path / "all.csv"
    cli("new", "--subject", "S")
    cli("export", file)
    cli("import", file)
    assert "ctrl+c" not in cli.words
    monkeypatch.setattr("casetui.cli.progress._SOON", 0)
    cli("import", file)
    assert cli.words.startswith("Importing; ctrl+c stops it.\n")
    assert cli.words.count("ctrl+c") == 1


def test_no_command_that_opens_no_screen_imports_textual(tmp_path: Path) -> None:
    """Headless stays headless, and light: no Textual, no driver, no calendar where none is needed."""
    program = (
        "import sys; from casetui.cli.root import run\n"
        f"code = run(['--database', {str(tmp_path / 'd.db')!r}, 'list', 'status:new'])\n"
        "heavy = {'textual', 'rich', 'psycopg', 'pendulum', 'zoneinfo', 'dataclasses'}\n"
        "print(code, *sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]


def test_msgspec_reads_without_what_it_is_spared(tmp_path: Path) -> None:
    """A command has no typing_extensions, and what msgspec takes from typing in its place reads the same types."""
    program = (
        "import sys; from casetui.lean import msgspec_alone; msgspec_alone()\n"
        "from typing import Annotated, NotRequired, TypedDict; import msgspec\n"
        "Row = TypedDict('Row', {'id': Annotated[int, msgspec.Meta(ge=1)], 'note': NotRequired[str]})\n"
        "print(msgspec.json.decode(b'{\"id\": 7}', type=Row), 'typing_extensions' in sys.modules)\n"
        "from casetui.cli.root import run\n"
        f"run(['--database', {str(tmp_path / 'd.db')!r}, 'list']); print('typing_extensions' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["{'id': 7} False", "False"]


def test_what_is_imported_without_something_leaves_that_to_others(tmp_path: Path) -> None:
    """A command has neither platform nor tempfile; who imports them afterwards gets them whole."""
    program = (
        "import sys; from casetui.lean import msgspec_alone; msgspec_alone()\n"
        "from casetui.cli.root import run\n"
        f"run(['--database', {str(tmp_path / 'd.db')!r}, 'list'])\n"
        "print('platform' in sys.modules, 'tempfile' in sys.modules)\n"
        "import platform, tempfile, uuid\n"
        "print(platform.system() != '', tempfile.gettempdir() != '', uuid.uuid4().version)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False False", "True True 4"]


def test_one_is_told_as_one_and_several_as_several(cli: Cli, tmp_path: Path) -> None:
    """Of what was written, what came in, what was there, and what was proved."""

    def told(*arguments: str) -> str:
        cli(*arguments)
        return cli.words

    first, both, other = (str(tmp_path / name) for name in ("one.json", "two.json", "other.db"))
    cli("new", "--subject", "Labels print twice")
    assert told("export", first) == f"1 case written to {first}.\n"
    assert told("check") == "Sound: 1 case, 1 entry.\n"
    cli("new", "--subject", "Proxy times out")
    assert told("export", both) == f"2 cases written to {both}.\n"
    assert told("check") == "Sound: 2 cases, 2 entries.\n"
    assert "1 case added with 1 entry, read as casetui." in told("--database", other, "import", first)
    assert "1 case was there already and is as it was." in told("--database", other, "import", both)
    assert "2 cases were there already and are as they were." in told("--database", other, "import", both)


def test_what_is_put_off_is_imported_when_it_is_wanted(tmp_path: Path) -> None:
    """A command leaves all of it where it is; whoever asks for a name, or a part, of one has the whole module."""
    program = (
        "import sys; from casetui.lean import NAMED_ONLY, put_off; put_off()\n"
        "from casetui.cli.root import run\n"
        f"run(['--database', {str(tmp_path / 'd.db')!r}, 'list'])\n"
        "print([name for name in NAMED_ONLY if '__file__' in vars(sys.modules[name])])\n"
        "import json.encoder, socket, traceback; from shutil import which\n"
        "print(json.dumps([1]), json is sys.modules['json'], socket.timeout is TimeoutError, which('no such'))\n"
        "held = [sys.modules[name] for name in NAMED_ONLY]\n"
        "print(all(module.__file__ for module in held), len({type(sys.modules[name]) for name in NAMED_ONLY}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[1] True True None", "True 1"]


@pytest.mark.parametrize("driver", DRIVERS)
def test_no_driver_of_another_database_is_imported(tmp_path: Path, driver: str) -> None:
    """Where psycopg is installed, Peewee would import it: 150 ms for every command and for the dashboard."""
    (tmp_path / f"{driver}.py").write_text(f"raise SystemExit('{driver} was imported')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "CASETUI_DATABASE": str(tmp_path / "desk.db")}
    done = subprocess.run(
        [sys.executable, "-m", "casetui", "list"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


HEADLESS = (
    "new --subject S", "list", "list --json", "list --csv", "show 1", "show 1 --json", "assign 1",
    "edit 1 --priority low", "comment 1 --internal -m x", "move 1 pending_customer_input -m x",
    "extend 1 7d --reason x", "hold 1 --reason x", "release 1", "due", "due --letters", "why 1", "undo", "redo",
    "clone 1", "sweep", "sweep --dry-run", "policy", "policy set zone=UTC", "mail list", "statuses", "paths",
    "check", "config check", "keys --list", "completion bash", "man", "export all.json", "import all.json",
    "--plain", "--plain list", "--help", "list --help",
)  # fmt: skip
"""Commands that open no screen, in an order in which each of them succeeds."""


def test_each_headless_command_runs_without_textual(tmp_path: Path) -> None:
    """Blocking the import proves it for each of them, and none is left out."""
    program = (
        "import sys; sys.modules['textual'] = None\n"
        "from casetui.cli.root import run\n"
        f"for words in {HEADLESS!r}:\n"
        f"    code = run(['--database', {str(tmp_path / 'd.db')!r}, '--as', 'ana', *words.split()])\n"
        "    assert code == 0, words\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    named = {word for words in HEADLESS for word in words.split()}
    assert {*casetui.list_commands(Context(casetui))} - named == {"demo", "monitor", "wall"}


@pytest.fixture
def full() -> Iterator[IO[str]]:
    """Give a file on a disk that is full."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no full disk to write to")
    with Path("/dev/full").open("w") as disk:
        yield disk


def test_output_that_cannot_be_written_is_no_mistake_of_ours(full: IO[str]) -> None:
    """A sentence, the exit code 1, and nothing more at the end."""
    done = subprocess.run([*PROGRAM, "statuses"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Standard output cannot be written: no space left on device.\n")


def test_output_that_is_lost_at_the_very_end_is_said_too(cli: Cli, full: IO[str]) -> None:
    """What Python would write only when it ends: a command that ends at once must not lose it without a word."""
    cli("new", "--subject", "Proxy times out")
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [*PROGRAM, "--database", str(cli.path), "list", "--csv"]
    done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=buffered, check=False)
    assert (done.returncode, done.stderr) == (1, "Standard output cannot be written: no space left on device.\n")
    done = subprocess.run(command, capture_output=True, text=True, env=buffered, check=True)
    assert "Proxy times out" in done.stdout


@pytest.mark.parametrize("closed", ["1", "2", "1 2"])
@pytest.mark.parametrize("how", ["", "--csv", "--json"])
def test_output_that_is_closed_is_no_mistake(cli: Cli, closed: str, how: str) -> None:
    """A command does its work, whoever closed what it prints to; it writes into no file instead."""
    cli("new", "--subject", "Proxy times out")
    before = cli.path.read_bytes()
    shut = "; ".join(f"os.close({number})" for number in closed.split())
    start = (
        f"import os; {shut}; os.execv(os.sys.executable, [os.sys.executable, '-m', 'casetui', *os.sys.argv[1:]])"
    )
    arguments = ["--database", str(cli.path), "list", *how.split()]
    done = subprocess.run([sys.executable, "-c", start, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert cli.path.read_bytes() == before


def test_a_refusal_that_nobody_can_read_keeps_its_exit_code(tmp_path: Path, full: IO[str]) -> None:
    """Where standard error takes nothing, the code alone says what it was, and no mistake of ours comes of it."""
    command = [*PROGRAM, "--config", str(tmp_path / "missing.toml"), "statuses"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False)
    assert done.returncode == Misused.exit_code


def test_a_mistake_of_ours_is_a_sentence_and_a_file_without_customers_words(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The crash file says where, holds no local variables, and the exit code is not 0."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    secret = "Secret".upper()
    cli("new", "--subject", secret)

    def broken(*_: object) -> str:
        raise ZeroDivisionError(secret)

    monkeypatch.setattr("casetui.desk.stays.explain", broken)
    cli("why", 1, code=70)
    assert "ZeroDivisionError" in cli.words
    (file,) = (tmp_path / "casetui").glob("crash-*.txt")
    assert "broken" in file.read_text()
    assert secret not in file.read_text() + cli.words


def test_every_command_explains_itself(cli: Cli) -> None:
    """Each has help, and the list of commands names each."""
    listed = cli("--help")
    for name in casetui.list_commands(Context(casetui)):
        assert f"\n  {name} " in listed
        assert "Usage: casetui" in cli(name, "--help")


def test_the_json_of_the_statuses_is_the_table(cli: Cli) -> None:
    """Fifteen, in the table's order."""
    assert [row["status"] for row in cli.json("statuses")] == [status.value for status in Status]


def test_a_clock_set_by_hand_is_the_only_clock(cli: Cli) -> None:
    """Every time that a command writes is the session's."""
    cli.clock.advance(days=100)
    made = cli.json("new", "--subject", "S")
    assert made["opened_at"] == (START + timedelta(days=100)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_word_with_a_dash_is_negated_and_no_option(cli: Cli) -> None:
    """Also where an option begins with its letter; -h alone, and two dashes, are options."""
    cli("new", "--subject", "held up")
    assert "held up" in cli("list", "-held")
    assert "held up" in cli("list", "-help")
    assert "held up" not in cli("list", "-up")
    assert "Usage:" in cli("list", "-h")
    assert "Usage:" in cli("export", "--help")


def test_lists_are_cut_and_say_so(cli: Cli) -> None:
    """Fifty unless told, 0 for all, unread first and then the newest."""
    for at in range(53):
        cli("new", "--subject", f"S{at}")
    cli("comment", 5, "--customer", "-m", "x")
    assert len(cli.json("list")) == 50
    assert "--limit 0" in cli.words
    numbers = [case["number"] for case in cli.json("list", "--limit", 0)]
    assert numbers[:3] == [5, 53, 52]
    assert len(numbers) == 53
    assert [case["number"] for case in cli.json("list", "-status:new", "or", "unread")] == [5]
