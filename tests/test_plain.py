"""Lines of words in the place of tables and screens, for screen readers and terminals that show no screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casetui.cli.root import run
from casetui.cli.session import Session
from casetui.domain.looks import Looks
from tests.desks import TestDesk


@pytest.fixture
def said(desk: TestDesk, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> list[str]:
    """Give the lines that a command prints on a desk of two cases, one unread and one that waits."""
    desk.customer(desk.open("Search times out"), "Still so.")
    desk.ask(desk.open("Labels print twice"))
    desk.clock.advance(days=29)
    given = ("--database", str(desk.store.path), "--as", "ana", "--plain", *request.param)
    assert run(given, Session(clock=desk.clock)) == 0
    return capsys.readouterr().out.splitlines()


def of(*words: str) -> pytest.MarkDecorator:
    """Give the lines of a command to a test."""
    return pytest.mark.parametrize("said", [words], indirect=True)


@of("list")
def test_a_case_is_a_line_of_words(said: list[str]) -> None:
    """What one listens for comes first, nothing is empty, and no column is made of spaces."""
    assert said == [
        "case 1: Search times out; unread; New for 29 days; Normal; owner nobody; account Uni Ghent",
        "case 2: Labels print twice; Pending Customer Input for 29 days; Normal; owner nobody; account Uni Ghent",
    ]


@of("due")
def test_the_agenda_says_how_late_what_is(said: list[str]) -> None:
    """In words, and with the date."""
    late = "overdue by 24 hours, Mon 02 Feb 2026 09:00 UTC"
    assert said[0] == f"closure of case 2: Labels print twice; {late}; Pending Customer Input"


@of("statuses")
def test_each_row_of_any_table_names_its_columns(said: list[str]) -> None:
    """What a column has nothing for is left out."""
    assert said[0] == "status New; slug new; whose move us; means Just opened; nobody has looked at it."


@of()
def test_the_dashboard_is_told(said: list[str]) -> None:
    """Who, when, the queues that have cases, the views, and what to type next."""
    assert said[0] == "Desk desk, agent ana, Tue 03 Feb 2026 09:00 UTC."
    assert "Waits on us: 1." in said
    assert "New: 1, 1 unread." in said
    assert "Pending Customer Input: 1, 1 due." in said
    assert "View Unassigned, view:unassigned: 2." in said
    assert not [line for line in said if line.startswith("Reopened")]
    assert "casetui list view:changed" in "".join(said)


def test_a_terminal_that_shows_no_screen_is_told_in_words() -> None:
    """TERM=dumb is that of editors and of what reads aloud."""
    assert Looks().suited({"TERM": "dumb"}).plain
    assert not Looks().suited({"TERM": "xterm"}).plain


def test_it_can_be_kept(
    desk: TestDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a variable, as by ``plain = true`` in the settings."""
    desk.open()
    monkeypatch.setenv("CASETUI_PLAIN", "1")
    assert run(["--database", str(desk.store.path), "list"]) == 0
    assert capsys.readouterr().out.startswith("case 1: Search times out; New for")


def test_a_demo_in_words_says_how_it_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """It is told like any desk, and is gone afterwards."""
    assert run(["--plain", "demo", "--cases", "20"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Desk demo, agent ")
    assert "--keep FILE keeps this demo" in said.err


@pytest.mark.parametrize("command", [(), ("demo", "--cases", "3")])
def test_a_screen_without_a_terminal_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    """As under cron or behind a pipe: in a sentence, and nothing is drawn into a log."""
    program = [sys.executable, "-m", "casetui", "--database", str(tmp_path / "desk.db"), *command]
    environment = {**os.environ, "TERM": "xterm-256color"}
    said = subprocess.run(
        program, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=environment
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("A screen wants a terminal")
    assert said.stderr.count("\n") == 1
