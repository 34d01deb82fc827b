"""One's own keys: every action has an id, what is chosen is in force everywhere, and what cannot be is named."""

import json
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

from casetui import tui
from casetui.cli.root import run
from casetui.domain.errors import Misused
from casetui.settings import Chosen, Settings
from casetui.tui import keymap
from casetui.tui.commands import Place
from casetui.tui.keyboard import DECLARED, TYPING
from casetui.tui.keymap import TYPED, faults, keys_of
from casetui.tui.keynames import LOST, prints, read, shown
from casetui.tui.keyshow import KeyShow
from tests.desks import TestDesk
from tests.sittings import sitting


def test_no_place_gives_one_key_to_two_actions() -> None:
    """As casetui comes, a key means one thing wherever it can be pressed."""
    for place in Place:
        here = {(each.id, key) for each in DECLARED if place in each.places for key in each.keys.split(",")}
        twice = [key for key, many in Counter(key for _, key in here).items() if many > 1]
        assert not twice, place


def test_no_key_that_prints_is_heard_before_the_field_in_which_one_types() -> None:
    """Only two actions have priority, and no key that is text: neither as declared nor as somebody's own."""
    first = [command for command in DECLARED if command.priority]
    assert {command.id for command in first} == {"app.quit", "app.commands"}
    for command in first:
        assert not any(prints(key) for key in command.keys.split(","))
        assert list(faults({command.id: "x"}))


def test_every_declared_key_can_be_written_and_arrives() -> None:
    """What footer and help show is what the settings take, and no terminal swallows it."""
    for each in DECLARED:
        for key in each.keys.split(","):
            assert read(shown(key)) == key
            assert read(key) == key
            assert not (prints(key) and each.places & TYPING) or each.id == "one_of.next", each


def test_every_binding_of_ours_has_a_declared_id() -> None:
    """Nothing is bound beside the declarations, so the settings reach every key."""
    known = {each.id: set(each.keys.split(",")) for each in reversed(DECLARED)}
    seen = 0
    for module in walk_packages(tui.__path__, "casetui.tui."):
        for kind in vars(import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == module.name:
                for binding in kind.__dict__.get("BINDINGS", ()):
                    assert isinstance(binding, Binding)
                    assert binding.id in known, (kind, binding)
                    assert binding.tooltip, (kind, binding)
                    seen += 1
    assert seen > 100


def test_the_keys_of_text_fields_are_known() -> None:
    """Each key that Textual's own fields take is refused to what is pressed while one types."""
    for field in (Input, TextArea):
        for key, _ in field._merged_bindings or ():  # noqa: SLF001 - nothing else tells
            if not key.startswith(("super+", "alt+", "ctrl+shift+")) and key not in {"pageup", "pagedown", *LOST}:
                assert key in TYPED, key


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("crtl+y", "no key is called 'crtl+y'; did you mean ctrl+y?"),
        ("^h", "^h arrives as Backspace"),
        ("ctrl+m", "^m arrives as Enter"),
        ("alt+x", "Alt+x is taken by menus and by macOS, or arrives as another key"),
        ("shift+enter", "Shift+Enter arrives as Enter, or not at all"),
        ("ctrl+shift+x", "Ctrl+Shift+x is the terminal's own"),
        ("shift+x", "Shift+x arrives as X, so write that"),
        ("ctrl+1", "^1 is not handed over by terminals"),
        ("", "no key is called ''"),
        ("ctrl+", "no key is called 'ctrl+'"),
        ("hyper+x", "no key is called 'hyper+x'"),
        ("[/x]", "no key is called '[/x]'"),
        ("\x1b", "no key is called '\x1b'"),
    ],
)
def test_a_name_that_is_no_key_or_never_arrives_is_refused(written: str, says: str) -> None:
    """The sentence says what becomes of the key, or what was probably meant."""
    with pytest.raises(Misused) as refused:
        read(written)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("M", "M"), ("^Y", "ctrl+y"), ("Ctrl+Y", "ctrl+y"), ("Esc", "escape"), ("PgDn", "pagedown"), ("+", "plus"),
        ("?", "question_mark"), (",", "comma"), ("comma", "comma"), ("F4", "f4"), ("shift+up", "shift+up"),
        ("ctrl+left", "ctrl+left"), ("ä", "ä"), ("[", "left_square_bracket"), ("space", "space"),
        ("_", "underscore"),
    ],
)  # fmt: skip
def test_a_key_is_written_as_people_write_it(written: str, key: str) -> None:
    """Names of Textual, names on keys, carets and the signs themselves are all read."""
    assert read(written) == key


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ({"case.mvoe": "M"}, "no action is called 'case.mvoe'; did you mean 'case.move'?"),
        ({"move": "M"}, "no action is called 'move'; did you mean 'case.move'?"),
        ({"case.move": "M,,X"}, "'case.move': no key is called ''"),
        ({"case.move": "R"}, "R is 'case.move' and 'screen.refresh' (queues, case, due, search)"),
        ({"case.move": "X", "case.note": "X"}, "X is 'case.note' and 'case.move' (queues, case, due, search)"),
        ({"case.why": "j"}, "j is 'case.why' and 'list.down' (queues, case, due, search)"),
        ({"app.quit": "Q"}, "'app.quit' cannot be Q, which is text in the filter line"),
        ({"composer.save": "x"}, "'composer.save' cannot be x, which is text in the composer"),
        ({"composer.save": "^k"}, "'composer.save' cannot be ^k, which edits the text in the composer"),
        ({"queue.next": "Tab"}, "'queue.next' cannot be Tab, which goes from field to field"),
        ({"composer.save": "^t"}, "^t is 'composer.save' and 'composer.kind' (composer)"),
    ],
)
def test_what_cannot_be_bound_is_named(own: dict[str, str], says: str) -> None:
    """Ids, keys, and the place in which one key would mean two things."""
    assert [sentence for _, sentence in faults(own)] == [says]


@pytest.mark.parametrize(
    "own",
    [
        {"case.move": "X,^y"},
        {"case.move": "r", "case.reply": "s,c"},  # changed for one another
        {"timeline.filter": "v"},  # means something elsewhere only
        {"composer.save": "F4", "composer.editor": "^g"},
        {"list.down": "j,Down,^j"},
        {"app.commands": "F2"},
    ],
)
def test_what_can_be_bound_is_not_complained_about(own: dict[str, str]) -> None:
    """A key may mean one thing here and another there, and two actions may change their keys."""
    assert not list(faults(own))


def chosen(desk: TestDesk, own: Mapping[str, str]) -> Settings:
    """Return settings in which somebody has chosen keys."""
    nobody = Chosen("", "")
    return Settings(nobody, nobody, desk.store.path, file_exists=False, keys=own)


async def test_own_keys_are_the_keys_everywhere(desk: TestDesk) -> None:
    """The new key acts, the old one does not; footer, help, sentences and the palette's key name the new one."""
    number = desk.open("Proxy times out")
    own = {"case.move": "X,^y", "help": "H,F2", "app.quit": "^e", "queue.next": "ä", "list.down": "x"}
    async with sitting(desk, size=(160, 40), settings=chosen(desk, own)) as sat:
        await sat.sees("X Status")
        assert "H Help" in sat.text
        await sat.press("s")
        assert type(sat.screen).__name__ == "Queues"
        await sat.press("X")
        await sat.opens("Picker")
        await sat.press("escape", "H")
        await sat.opens("Help")
        await sat.sees("X ^y")
        await sat.press("escape", "ctrl+c")
        await sat.hears("^e quits at once")
        await sat.press("ä")
        await sat.sees("ä goes on")
        await sat.press("slash")
        await sat.sees("F2 Help")
        await sat.type("Hx")
        assert type(sat.screen).__name__ == "Queues"
        await sat.press("escape", "ctrl+e")
        await sat.until(lambda: not sat.app.is_running)
    assert desk.case(number).status.value == "new"


async def test_a_help_key_that_is_text_is_not_offered_while_one_types(desk: TestDesk) -> None:
    """Where every key of the help prints, the line of keys leaves it out as long as a filter is typed."""
    desk.open()
    async with sitting(desk, settings=chosen(desk, {"help": "H"})) as sat:
        await sat.sees("H Help")
        await sat.press("slash")
        await sat.sees("To the list")
        assert "Help" not in sat.text


async def test_the_composer_speaks_of_own_keys(desk: TestDesk) -> None:
    """Its frame, its choices and its sentences name the keys that were chosen."""
    desk.open()
    own = {"composer.save": "F9", "composer.then": "F8", "composer.kind": "F10"}
    async with sitting(desk, settings=chosen(desk, own)) as sat:
        await sat.press("r")
        await sat.opens("Composer")
        await sat.sees("F8")
        assert "^o" not in sat.text
        await sat.press("f10")
        await sat.sees("No status change. F9 saves at once.")
        assert "^s" not in sat.text


async def test_why_not_answers_the_key_in_force(desk: TestDesk) -> None:
    """A key that was given away is silent; the key that has it says why it does nothing."""
    desk.open()
    async with sitting(desk, read_only=True, settings=chosen(desk, {"case.move": "X"})) as sat:
        await sat.press("s")
        assert not sat.toasts
        await sat.press("X")
        await sat.hears("read-only session")


async def test_without_own_keys_nothing_is_bound_anew(desk: TestDesk) -> None:
    """A sitting begins with the keys as they are declared, whatever was chosen in another."""
    keymap.use({"case.move": "X"})
    desk.open()
    async with sitting(desk):
        assert keys_of("case.move") == ("s", "m")


async def test_each_key_is_shown_as_it_arrives() -> None:
    """Its names and what it does, by place; twice Escape leaves."""
    keymap.use({})
    app = KeyShow()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("ctrl+t", "escape", "f19", "r")
        strips = app.screen._compositor.render_strips(app.size)  # noqa: SLF001 - as Textual draws it
        text = "\n".join(strip.text for strip in strips)
        assert "^t" in text
        assert "Public, internal, or what the customer said.  (composer)" in text
        assert "nothing in casetui" in text
        assert "Write a public comment; the customer sees it.  (all screens)" in text
        await pilot.press("escape", "escape")
        assert not app.is_running


def _settings(folder: Path, text: str) -> list[str]:
    file = folder / "casetui.toml"
    file.write_text(text)
    return ["--config", str(file), "--database", str(folder / "desk.db")]


def test_config_check_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each mistake in the keys stands on a line of its own, by file and line, beside all other mistakes."""
    text = (
        'agnet = "ana"\n[keys]\n"case.move" = "R"\ncase.note = "^h"\n"nothing" = "x"\n"case.why" = 5\n'
        "[screen]\ntheme = 'drak'\n"
    )
    assert run([*_settings(tmp_path, text), "config", "check"]) == 2
    said = capsys.readouterr()
    lines = [line.split("casetui.toml, ")[1] for line in said.out.splitlines()]
    assert [line.split(":")[0] for line in lines] == [f"line {at}" for at in (1, 3, 4, 5, 6, 8)]
    assert "R is 'case.move' and 'screen.refresh'" in lines[1]
    assert "'case.why' wants the names of keys" in lines[4]
    assert "6 mistakes" in said.err


def test_the_example_of_readme_is_right(tmp_path: Path) -> None:
    """The keys that README chooses can be chosen."""
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = readme.split("<!-- own keys -->\n```toml\n")[1].split("```")[0]
    assert run([*_settings(tmp_path, example), "config", "check"]) == 0


def test_a_screen_does_not_open_on_keys_that_clash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said before the terminal is taken, by file and line; commands without a screen go on."""
    options = _settings(tmp_path, '[keys]\n"case.move" = "R"\n')
    for screen in ([], ["monitor"], ["keys"]):
        assert run([*options, *screen]) == 2
        assert "casetui.toml, line 2: R is 'case.move' and 'screen.refresh'" in capsys.readouterr().err
    assert run([*options, "list"]) == 0


def test_the_keys_are_listed_with_where_they_come_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every id once, its keys, its places, its sentence, and the line of the settings that chose them."""
    options = _settings(tmp_path, '[keys]\n"case.move" = "X, ^y"\n')
    assert run([*options, "keys", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows.keys() == {each.id for each in DECLARED}
    assert rows["case.move"]["keys"] == ["X", "^y"]
    assert rows["case.move"]["from"].endswith("casetui.toml, line 2")
    assert rows["case.note"] == {
        "id": "case.note", "keys": ["i"], "from": "casetui", "places": ["all screens"],
        "does": "Write an internal note; only we see it.",
    }  # fmt: skip
    assert run([*options, "keys"]) == 0
    assert "X ^y" in capsys.readouterr().out
