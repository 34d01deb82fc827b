"""What the program promises on every terminal: themes, characters, sizes, and the settings for them."""

from pathlib import Path

import pytest

from casetui.cli.root import run
from casetui.cli.session import Session
from casetui.domain.looks import THEMES, Looks
from casetui.tui.legible import LEAST
from casetui.tui.widgets.keyline import KeyLine
from tests.desks import TestDesk
from tests.sittings import sitting
from tests.tours import cut_footers, furnish, least_contrast, walk


async def test_ascii_draws_nothing_above_0x7f(desk: TestDesk) -> None:
    """With plain characters no screen and no dialog needs more than ASCII; what a customer wrote stays.

    All of it can be read: this is the walk through the light theme, on a small screen; no line of keys is cut.
    """
    furnish(desk, "Naïve café")
    async with sitting(desk, size=(80, 24), looks=Looks("light", ascii=True)) as sat:
        async for stop in walk(sat):
            assert least_contrast(sat, stop) >= LEAST
            assert not cut_footers(sat), stop.name
            beyond = {sign for sign in sat.text if sign > "\x7e"} - set("Naïve café")
            assert not beyond, (stop.name, beyond, sat.text)
        assert "Naïve café" in sat.text


def looks(monkeypatch: pytest.MonkeyPatch, file: Path, *arguments: str, **environment: str) -> Looks:
    """Return how a screen would be drawn, without opening one."""
    for name in ("TERM", "COLORTERM", "CASETUI_THEME", "CASETUI_ASCII", "CASETUI_MOUSE", "CASETUI_COPY", "STY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = Session()
    assert run(["--config", str(file), *arguments, "statuses"], session) == 0
    return session.looks


def test_a_flag_outweighs_the_environment_and_that_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Theme, characters and mouse are chosen in that order; nothing chosen is what suits the terminal."""
    file = tmp_path / "config.toml"
    file.write_text("")
    assert looks(monkeypatch, file) == Looks("dark", ascii=False, mouse=True)
    file.write_text('[screen]\ntheme = "light"\nascii = true\nmouse = false\ncopy = "file"\n')
    assert looks(monkeypatch, file) == Looks("light", ascii=True, mouse=False, copy="file")
    given = {"CASETUI_THEME": "contrast", "CASETUI_ASCII": "0", "CASETUI_MOUSE": "yes", "CASETUI_COPY": "tool"}
    assert looks(monkeypatch, file, **given) == Looks("contrast", ascii=False, mouse=True, copy="tool")
    flags = ("--theme", "ansi-light", "--ascii", "--no-mouse")
    assert looks(monkeypatch, file, *flags, **given) == Looks("ansi-light", ascii=True, mouse=False, copy="tool")


@pytest.mark.parametrize(
    ("environment", "theme", "ascii_", "mouse"),
    [
        ({"TERM": "xterm-256color"}, "dark", False, True),
        ({"TERM": "tmux-256color", "COLORTERM": "truecolor"}, "dark", False, True),
        ({"TERM": "screen"}, "ansi-dark", False, True),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark", False, True),
        ({"TERM": "linux"}, "ansi-dark", True, True),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts-0.desk"}, "dark", False, False),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts-0.desk", "CASETUI_MOUSE": "1"}, "dark", False, True),
    ],
)
def test_what_is_not_chosen_suits_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    environment: dict[str, str],
    theme: str,
    *,
    ascii_: bool,
    mouse: bool,
) -> None:
    """Sixteen colours are the terminal's own, the console of Linux has few glyphs; screen wants no mouse."""
    file = tmp_path / "config.toml"
    file.write_text("")
    assert looks(monkeypatch, file, **environment) == Looks(theme, ascii=ascii_, mouse=mouse)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = 'drak'", "line 2: 'screen.theme' wants one of dark, light"),
        ("ascii = 1", "line 2: 'screen.ascii' wants true or false"),
        ("colour = 1", "line 2: there is no 'screen.colour'; the keys are theme, ascii"),
    ],
)
def test_a_wrong_setting_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, said: str
) -> None:
    """File, line, key, and what would be right."""
    file = tmp_path / "config.toml"
    file.write_text(f"[screen]\n{text}\n")
    assert run(["--config", str(file), "list"]) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_variable_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before any screen is opened."""
    monkeypatch.setenv("CASETUI_THEME", "drak")
    assert run(["--database", str(tmp_path / "desk.db")]) == 2
    assert capsys.readouterr().err == f"CASETUI_THEME wants one of {', '.join(THEMES)}.\n"


async def test_the_palette_changes_the_theme_for_this_sitting(desk: TestDesk) -> None:
    """It says how to keep it, and keeps nothing by itself."""
    desk.open()
    async with sitting(desk) as sat:
        for theme, name in (("light", "textual-light"), ("contrast", "contrast"), ("ansi-dark", "ansi-dark")):
            await sat.press("colon")
            await sat.type(f"theme: {theme}")
            await sat.sees(f"Theme: {theme}")
            await sat.press("enter")
            await sat.hears(f'theme = "{theme}" under [screen] in the settings keeps it.')
            assert sat.app.theme == name
            assert sat.screen.query_one(KeyLine).is_attached
