"""Fixtures: a clock in our hands, and a desk in a temporary folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks import HandClock, TestDesk, desk_in
from tests.mailserver import Behaviour, MailServer


@pytest.fixture
def clock() -> HandClock:
    """Give a clock that moves when told to."""
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[TestDesk]:
    """Give an empty desk that goes by ``clock``."""
    with desk_in(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a mail server that takes everything."""
    running = MailServer(Behaviour())
    running.start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the settings, data, crash files and terminal of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(home))
    for name in [*os.environ]:
        if name.startswith("CASETUI_") or name in ("NO_COLOR", "COLORTERM"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm-256color")
