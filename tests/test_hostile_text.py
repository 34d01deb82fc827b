"""Text from outside is only text, wherever it goes (UX M1, M2; SPEC 9)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from casetui.cli.root import run
from casetui.domain.safe import clean
from casetui.domain.words import line
from casetui.tui.legible import LEAST
from tests.desks import TestDesk
from tests.sittings import sitting
from tests.tours import furnish, least_contrast, walk

TUI = Path(__file__).parents[1] / "src" / "casetui" / "tui"
WORST = (
    "[/x] [@click=app.quit]q[/] [/ {0} %s =1+1 a\x1b[31mb\x1b]52;c;aGk=\x07 \x1b]8;;http://x\x1b\\y"
    " \u202egpj\u2066 \x9b31m\x00\x7f \u200d图書👩\u200d🔬 e\u0301\u0301\u0301\u0301\u0301\u0301 שלום\u200f"
    "\tx\rSubject: y"
)
OBEYED = frozenset("\x00\x07\x1b\x7f\x9b\u202e\u2066\u200f\u200d")


MARKED = ("Static", "Label", "DataTable", "Markdown", "RichLog", "Log", "Footer")
"""Widgets of Textual that take a bare string as markup, or colour it."""


def bare(source: str) -> Iterator[str]:
    """Yield each place of a source that makes words drawable past ``drawing.content``."""
    for node in ast.walk(ast.parse(source)):
        if _is_bare_call(node) or _is_bare_widget(node):
            yield ast.unparse(node)


def _is_bare_call(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="Content"), args=args):
            return bool(args) and not isinstance(args[0], ast.Constant)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Content"), attr="styled"), args=[first, *_]):
            return not isinstance(first, ast.Constant)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Content")) | ast.Name(id="Text")):
            return True
        case ast.keyword(arg="markup", value=ast.Constant(value=True)):
            return True
    return False


def _is_bare_widget(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="Button" | "Option" | "DiscoveryHit"), args=[first, *_]):
            return not isinstance(first, ast.Call)
        case ast.ImportFrom(module="textual.widgets", names=names):
            return any(name.name in MARKED for name in names)
        case ast.Assign(targets=[ast.Attribute(attr="border_title" | "border_subtitle")], value=value):
            return not isinstance(value, ast.Call | ast.Attribute)
    return False


@pytest.mark.parametrize("file", sorted(TUI.rglob("*.py")), ids=lambda file: str(file.relative_to(TUI)))
def test_only_one_place_makes_text_drawable(file: Path) -> None:
    """Everything that is drawn from words goes through ``drawing.content``; mypy holds what is handed on."""
    if file.name not in ("drawing.py", "app.py"):
        assert not list(bare(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "Content(case.subject)", "Content(f'{x}')", "Content.styled(name, 'dim')", "Content.from_markup('x')",
        "from textual.widgets import Input, Static", "self.border_title = f'{x}'", "box.border_title = 'Case'",
        "Option(case.owner)", "Button(label)", "notify(x, markup=True)", "Text(x)",
    ],
)  # fmt: skip
def test_what_goes_past_it_is_found(source: str) -> None:
    """Each way in which a bare string could reach a widget is named."""
    assert list(bare(source))


async def test_every_screen_and_dialog_shows_the_worst_as_text(desk: TestDesk) -> None:
    """Markup neither styles nor acts nor crashes; no control reaches the terminal, also in names and titles.

    All of it can be read: this is the walk through the dark theme.
    """
    furnish(desk, WORST)
    async with sitting(desk, name=WORST, agent=str(line(WORST))) as sat:
        async for stop in walk(sat):
            assert not OBEYED & set(sat.text), stop.name
            assert least_contrast(sat, stop) >= LEAST
            assert sat.app.is_running
        sat.app.notify(WORST, title=WORST)
        await sat.at_rest()
        assert not OBEYED & set(sat.text + sat.toasts)


def test_commands_print_the_worst_as_text(desk: TestDesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables, facts, explanations and refusals hold nothing that a terminal obeys, piped or not."""
    number = furnish(desk, WORST)
    for words in (
        ["list"], ["list", "--json"], ["show", str(number)], ["show", str(number), "--json"], ["due", "--letters"],
        ["why", str(number)], ["list", f"status:{WORST}"], ["move", str(number), WORST], ["import", f"/no{WORST}"],
        ["export", f"/no{WORST}/x.csv"],
    ):  # fmt: skip
        run(["--database", str(desk.store.path), "--as", "ana", *(word.replace("\0", "") for word in words)])
        said = capsys.readouterr()
        assert not OBEYED & set(said.out + said.err), words


def test_characters_that_a_terminal_obeys_are_named() -> None:
    """In one form, each as what it is; joiners that nobody sees go."""
    assert clean("a\x1b[0m\u202eb\x9b\ud800\x00") == "a<U+001B>[0m<U+202E>b<U+009B><U+D800><U+0000>"
    assert clean("👩\u200d🔬 na\u00adive\ufe0f") == "👩🔬 naive"
