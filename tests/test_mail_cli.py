"""Letters on the command line, and the settings that they need."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from casetui.cli.root import run
from casetui.cli.session import Session
from casetui.settings import load
from tests.desks import HandClock
from tests.mailserver import MailServer
from tests.test_outbox import words

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

LETTER_KEYS = [
    "id", "number", "rule", "to", "subject", "message_id", "state", "written_at", "sent_at", "tries", "error",
]  # fmt: skip
PLAIN = 'host = "127.0.0.1"\nsecurity = "none"\nsender = "support@example.org"\n'


class Cli:
    """Runs commands with one settings' file, on one database, by one clock."""

    def __init__(self, folder: Path, clock: HandClock, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.file = folder / "config.toml"
        self.clock = clock
        self.capsys = capsys
        self.words = ""
        self.file.write_text("")

    def __call__(self, *arguments: object, code: int = 0) -> str:
        """Run a command that ends with ``code`` and return what it printed."""
        options = ["--config", str(self.file), "--database", str(self.folder / "desk.db"), "--as", "ana"]
        ended = run([*options, *map(str, arguments)], Session(clock=self.clock))
        printed = self.capsys.readouterr()
        self.words = printed.err
        assert ended == code, (arguments, printed)
        assert "Traceback" not in printed.err
        return printed.out

    def json(self, *arguments: object) -> Any:
        """Run a command and return its JSON document."""
        return json.loads(self(*arguments, "--json"))

    def set(self, *lines: str) -> None:
        """Write the settings' file: a mail server on this machine, and more of [mail]."""
        self.file.write_text("[mail]\n" + PLAIN + "\n".join(lines))

    def wording(self, kind: str, text: str) -> Path:
        """Write the desk's own wording of a letter."""
        file = self.folder / "letters" / f"{kind}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return file

    def remind(self, email: str = "j@example.org") -> None:
        """Open a case that has a reminder in the outbox."""
        self("new", "--subject", "Search times out", "--email", email, "--contact", "Jo")
        number = self.json("list")[0]["number"]
        self("move", number, "pending_customer_input", "-m", "Which?")
        self.clock.advance(days=7)
        self("sweep")


@pytest.fixture
def cli(tmp_path: Path, clock: HandClock, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Give a command line with settings of its own."""
    return Cli(tmp_path, clock, capsys)


def test_without_a_mail_server_letters_stay_waiting(cli: Cli) -> None:
    """The sentence says how many and where to name one; the exit code is that of settings."""
    cli.remind()
    cli("mail", "send", code=2)
    assert "No mail server is set, so 1 letter stays waiting" in cli.words
    assert str(cli.file) in cli.words
    assert cli.json("mail", "list")[0]["state"] == "waiting"


def test_mail_send_sends_and_says_how_many(cli: Cli, server: MailServer) -> None:
    """Exit 0 while nothing fails for good, 1 where something does."""
    cli.remind()
    cli.set(f"port = {server.port}")
    cli("mail", "send")
    assert cli.words == "1 sent, 0 wait, 0 failed.\n"
    cli.remind("grey@example.org")
    server.behaviour.to_recipient = {"grey@example.org": "450 busy", "gone@example.org": "550 no such user"}
    cli("mail", "send")
    assert cli.words == "0 sent, 1 wait, 0 failed.\n"
    cli.remind("gone@example.org")
    cli("mail", "send", code=1)
    assert cli.words.endswith("1 wait, 1 failed.\n")
    assert cli.json("show", 3)["history"][-1]["what"] == "unreachable"


def test_a_server_that_is_down_is_named(cli: Cli) -> None:
    """Nothing has failed yet, so the exit code is 0."""
    cli.remind()
    cli.set("port = 1")
    cli("mail", "send")
    assert "takes no letters now: 127.0.0.1: Connection refused\n0 sent, 1 wait, 0 failed." in cli.words


def test_the_outbox_in_json_has_exactly_the_keys_that_other_programs_read(cli: Cli, server: MailServer) -> None:
    """Oldest first, times as RFC 3339."""
    assert cli.json("mail", "list") == []
    cli.remind()
    (letter,) = cli.json("mail", "list")
    assert list(letter) == LETTER_KEYS
    assert letter == {
        "id": 1, "number": 1, "rule": "reminder", "to": "j@example.org",
        "subject": "[Case 1] We wait for your answer: Search times out", "message_id": letter["message_id"],
        "state": "waiting", "written_at": "2026-01-12T09:00:00Z", "sent_at": None, "tries": 0, "error": None,
    }  # fmt: skip
    cli.set(f"port = {server.port}")
    cli.clock.advance(minutes=3)
    cli("mail", "send")
    (sent,) = cli.json("mail", "list")
    assert (sent["state"], sent["sent_at"], sent["tries"]) == ("sent", "2026-01-12T09:03:00Z", 1)
    assert server.behaviour.ids == [sent["message_id"]]
    assert cli.json("mail", "list", "--state", "waiting") == []


def test_the_outbox_is_a_table_that_no_terminal_obeys(cli: Cli, server: MailServer) -> None:
    """With the server's words, and the next try of what backs off."""
    cli("mail", "list")
    assert "empty" in cli.words
    cli.remind("grey@example.org")
    cli.set(f"port = {server.port}")
    server.behaviour.to_recipient["grey@example.org"] = "451 \x1b[2Jlater"
    cli("mail", "send")
    printed = cli("mail", "list")
    assert "waiting, next try 12 Jan 2026 09:01" in printed
    assert "451 <U+001B>[2Jlater" in printed


def test_a_failed_letter_is_tried_again_by_its_id(cli: Cli, server: MailServer) -> None:
    """Others are refused with a sentence."""
    cli.remind("gone@example.org")
    cli.set(f"port = {server.port}")
    cli("mail", "retry", 1, code=1)
    assert "only a failed letter is tried again" in cli.words
    server.behaviour.to_recipient["gone@example.org"] = "550 gone"
    cli("mail", "send", code=1)
    server.behaviour.to_recipient.clear()
    cli("mail", "retry", 1)
    assert cli.words == "Letter 1 waits again, for gone@example.org.\n"
    cli("mail", "send")
    cli("mail", "retry", 1, code=1)
    cli("mail", "retry", 7, code=1)
    cli("mail", "retry", "x", code=2)


def test_public_comments_are_letters_when_the_setting_is_on(cli: Cli, server: MailServer) -> None:
    """And stay comments when it is off."""
    cli("new", "--subject", "S", "--email", "j@example.org")
    cli("comment", 1, "--public", "-m", "Before.")
    cli.set(f"port = {server.port}", "public_comments = true")
    cli("comment", 1, "--public", "-m", "Hello!")
    cli("comment", 1, "--internal", "-m", "Hm.")
    cli("move", 1, "awaiting_customer_confirmation", "-m", "Done?")
    assert [letter["rule"] for letter in cli.json("mail", "list")] == ["comment", "comment"]
    cli("undo", 1)
    assert [letter["state"] for letter in cli.json("mail", "list")] == ["waiting", "withdrawn"]
    cli("mail", "send")
    assert "\nHello!\n" in words(server.behaviour.taken[0])


@pytest.mark.parametrize("source", ["environment", "file"])
def test_the_password_comes_from_the_environment_or_a_file(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """The file lies beside the settings; the environment outweighs it."""
    (cli.folder / "secret").write_text("from the file\n")
    cli.set('user = "desk"', 'password_file = "secret"')
    if source == "environment":
        monkeypatch.setenv("CASETUI_MAIL_PASSWORD", "from the environment")
    settings = load(database=None, agent=None, config=str(cli.file))
    assert settings.password() == f"from the {source}"
    assert "from the" not in repr(settings)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['user = "desk"'], "'desk' has no password for 127.0.0.1: set CASETUI_MAIL_PASSWORD"),
        (['user = "desk"', 'password_file = "none"'], "none cannot be read: No such file"),
        (['user = "desk"', 'password_file = "two"'], "the password on one line"),
    ],
)
def test_a_password_that_is_not_there_is_a_sentence(cli: Cli, lines: list[str], said: str) -> None:
    """When it is needed, and when the settings are checked; other commands go on."""
    (cli.folder / "two").write_text("one\ntwo\n")
    cli.set(*lines)
    for command in (("mail", "send"), ("config", "check")):
        cli(*command, code=2)
        assert said in cli.words
    cli("list")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            'colour = "red"',
            1,
            "the settings have a key 'colour'; the keys are database, agent, undo_seconds, screen",
        ),
        ('agnet = "ana"', 1, "a key 'agnet'; did you mean 'agent'?"),
        ("\nagent = 7", 2, "the settings want a text for 'agent'"),
        ("# one\nagent", 2, "the settings are not TOML"),
        ("undo_seconds = 0", 1, "whole seconds from 1 to 86400 for 'undo_seconds'"),
        ('undo_seconds = "60"', 1, "whole seconds from 1 to 86400"),
        ("mail = 7", 1, "a table for 'mail'"),
        ("[mail]\n" + PLAIN + 'pasword_file = "x"', 5, "no 'mail.pasword_file'; did you mean 'password_file'?"),
        ("[mail]\n" + PLAIN + 'password = "x"', 5, "'mail.password' does not belong here: name a password_file"),
        ("[mail]\n" + PLAIN + 'password_file = "x"', 5, "no 'mail.user' who logs in"),
        ("[mail]\n" + PLAIN + "port = 70000", 5, "'mail.port' wants a number from 1 to 65535"),
        ("[mail]\n" + PLAIN + "port = true", 5, "'mail.port' wants"),
        ("[mail]\n" + PLAIN + "timeout = 0", 5, "'mail.timeout' wants seconds"),
        ("[mail]\n" + PLAIN + 'public_comments = "yes"', 5, "'mail.public_comments' wants true or false"),
        ("[mail]\n" + PLAIN + 'name = "a\\nBcc: x"', 5, "'mail.name' wants a text on one line"),
        ("[mail]\nsender = 's@x.org'\nhost = 'a b'", 3, "'mail.host' wants the name"),
        ("[mail]\nhost = 'x.org'\nsender = 'S <s@x.org>'", 3, "'mail.sender' wants an address"),
        ("[mail]\nhost = 'x.org'\nsender = 's@x.org'\nsecurity = ['tls']", 4, "'mail.security' wants 'starttls'"),
        ("[mail]\nhost = 'x.org'\nsender = 's@x.org'\nsecurity = 'none'", 4, "may be 'none' for localhost only"),
        ("\n[mail]\nhost = 'x.org'", 2, "[mail] lacks 'sender'"),
        ("mail.host = 'x.org'\nmail.sendr = 's@x.org'", 2, "did you mean 'sender'?"),
    ],
)
def test_a_wrong_setting_is_named_by_file_line_and_key(cli: Cli, text: str, line: int, said: str) -> None:
    """By ``config check`` as data, by every other command as a refusal."""
    cli.file.write_text(text)
    printed = cli("config", "check", code=2)
    named = [row for row in printed.splitlines() if row.startswith(f"{cli.file}, line {line}: ")]
    assert any(said in row for row in named), printed
    assert "in the settings." in cli.words
    cli("list", code=2)
    assert str(cli.file) in cli.words


def test_config_check_names_all_mistakes_at_once(cli: Cli) -> None:
    """Settings and wording; a refusal elsewhere names the first and says how many there are."""
    cli.file.write_text("colour = 1\n[mail]\nhots = 1\nport = 'x'\n")
    own = cli.wording("reminder", "Subject: Hello\n\n{number}\n{nmber} {number.__class__} {number!r:>{status}}\n")
    cli.wording("remindre", "")
    printed = cli("config", "check", code=2).splitlines()
    assert len(printed) == 9
    assert f"{own}, line 4: the placeholder {{nmber}} is unknown" in "\n".join(printed)
    assert "no letter is called 'remindre.txt'" in printed[-1]
    assert "9 mistakes" in cli.words
    cli("list", code=2)
    assert "(4 more: see 'casetui config check')" in cli.words


def test_config_check_finds_nothing_wrong(cli: Cli, tmp_path: Path) -> None:
    """In good settings, and where there are none."""
    cli.set("port = 2525", 'name = "Support"', "timeout = 2.5")
    cli.wording("closure", "Subject: Closed {number}\n\nGoodbye {contact}, {{{subject}}}.\n")
    cli("config", "check")
    assert "Nothing is wrong" in cli.words
    assert run(["config", "check"], Session()) == 0
    assert run(["--config", str(tmp_path / "none.toml"), "config", "check"], Session()) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello\n\nBody\n", "line 1: the first line is to be 'Subject: '"),
        ("Subject: x\nBody\n", "line 2: the second line is to be blank"),
        ("Subject: x\n\n", "there is no letter below the subject"),
        ("Subject: x\n\n{comment}\n", "line 3: the placeholder {comment} has nothing to say in this letter"),
        ("Subject: {}\n\nBody\n", "line 1: the placeholder {} is unknown; there are {number}"),
        ("Subject: x\n\nBody }\n", "line 3: a brace stands alone"),
        ("Subject: x\n\n{subject[0]} {contact:>999999999}\n", "line 3: the placeholder {contact} takes nothing"),
    ],
)
def test_wrong_wording_is_refused_before_anything_is_swept(cli: Cli, text: str, said: str) -> None:
    """No letter is written in it, and no case is touched."""
    cli.wording("reminder", text)
    cli("new", "--subject", "S", "--email", "j@example.org")
    cli("move", 1, "pending_customer_input", "-m", "Which?")
    cli.clock.advance(days=7)
    assert said in cli("config", "check", code=2)
    cli("sweep", code=2)
    assert cli.json("show", 1)["reminded_at"] is None


def test_letters_are_written_in_the_desks_own_wording(cli: Cli, server: MailServer) -> None:
    """Customers' words that look like placeholders are only words."""
    body = "Guten Tag {contact},\r\n\r\n{subject}: {status}, {closes}\r\n"
    cli.wording("reminder", f"\ufeffSubject: Fall {{number}}: noch da?\r\n\r\n{body}")
    cli("new", "--subject", "{closes} {0.__class__} }", "--email", "j@example.org")
    cli("move", 1, "pending_customer_input", "-m", "Which?")
    cli.clock.advance(days=7)
    cli.set(f"port = {server.port}")
    cli("sweep")
    cli("mail", "send")
    (message,) = server.behaviour.taken
    assert message["Subject"] == "Fall 1: noch da?"
    closes = "{closes} {0.__class__} }: Pending Customer Input, Mon 02 Feb 2026 09:00 UTC"
    assert words(message) == f"Guten Tag,\n\n{closes}\n"


def test_due_shows_each_letter_as_it_will_be_sent(cli: Cli, server: MailServer) -> None:
    """To whom, in which words; and says where there is nobody to write to."""
    cli.set(f"port = {server.port}")
    cli("new", "--subject", "Search", "--email", "j@example.org")
    cli("new", "--subject", "Silent")
    for number in (1, 2):
        cli("move", number, "pending_customer_input", "-m", "Which?")
    printed = cli("due", "--letters", "--within", "7d")
    assert "Mon 12 Jan 2026 09:00 UTC  reminder of case 1\n    To: j@example.org\n" in printed
    assert "    Subject: [Case 1] We wait for your answer: Search\n" in printed
    assert "reminder of case 2\n    no letter: the case has no e-mail address" in printed
    planned = cli.json("due", "--letters", "--within", "7d")
    assert list(planned[0]) == ["number", "status", "rule", "due_at", "held", "letter"]
    assert planned[1]["letter"] is None
    assert "letter" not in cli.json("due")[0]
    cli.clock.advance(days=7)
    cli("sweep")
    cli("mail", "send")
    (message,) = server.behaviour.taken
    letter = planned[0]["letter"]
    assert letter == {
        "to": message["To"], "subject": message["Subject"], "message_id": message["Message-ID"],
        "body": words(message),
    }  # fmt: skip


def test_commands_that_send_nothing_load_nothing_of_mail(cli: Cli) -> None:
    """Neither the mail library nor TLS, and no command loads a screen."""
    cli.set("public_comments = true")
    options = ["--config", str(cli.file), "--database", str(cli.folder / "desk.db")]
    program = (
        "import sys; from casetui.cli.root import run; code = run(sys.argv[1:]);"
        "print(code, *sorted({'textual', 'smtplib', 'ssl', 'email.message'} & set(sys.modules)))"
    )
    for command in (["list"], ["new", "--subject", "S"], ["mail", "list"], ["config", "check"]):
        arguments = [sys.executable, "-c", program, *options, *command]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "0"
