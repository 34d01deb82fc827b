"""The manual page, made from what ``--help`` says, the status table and the query language."""

import inspect
import re
from collections.abc import Iterable, Iterator

import click

from casetui import __version__
from casetui.domain.errors import Misused, OutOfReach, Refused
from casetui.domain.fields import FIELDS, FLAGS, MEASURES
from casetui.domain.views import ASIDE, FIXED
from casetui.domain.workflow import Status

VARIABLES = {
    "CASETUI_DATABASE": "The database file; --database outweighs it.",
    "CASETUI_AGENT": "The agent at work; --as outweighs it.",
    "CASETUI_THEME": "The colours of screens; --theme outweighs it.",
    "CASETUI_ASCII": "1 draws with ASCII characters only, 0 with all.",
    "CASETUI_MOUSE": "0 leaves the mouse to the terminal, 1 asks for it in screen too, where it costs Escape.",
    "CASETUI_COPY": "The way to copy: auto, terminal (OSC 52), tool or file.",
    "CASETUI_PLAIN": "1 prints lines of words, for screen readers.",
    "CASETUI_MAIL_PASSWORD": "The mail server's password; it outweighs the password file.",
    "NO_COLOR": "Where it is set, no colour is written.",
    "VISUAL, EDITOR": "What the composer opens for a long text.",
    "ESCDELAY": "Milliseconds that the rest of a key may come after its Escape, 50 unless set; for slow lines.",
    "TERM, COLORTERM": "What the terminal can show; where TERM is dumb, words take the place of screens.",
}
"""Variables of the environment, and what each says."""
FILES = {
    "config.toml": "The settings, in the user's folder for configuration unless --config names another file.",
    "letters/*.txt": "The desk's own wording of letters, beside it: reminder, closure and comment.",
    "replies/*.txt": "Canned replies, beside it: a title, the status that one leads to, and the text.",
    "casetui.db": "The cases, in the user's folder for data unless --database names another file.",
    "crash-*.txt": "What a mistake of casetui's leaves behind, without any customer's words.",
}
"""Files, and what each holds; ``paths`` says where they lie."""


@click.command()
@click.pass_context
def man(context: click.Context) -> None:
    """Print the manual page, as man reads it.

    Installing casetui brings it along. Where man does not find it:

    \b
      casetui man | man -l -
    """  # noqa: D301 - click reads the backspace as: leave these lines alone
    click.echo(page(context.find_root().command), nl=False)


def page(program: click.Command) -> str:
    """Return the manual page in roff."""
    sections = {
        "NAME": ["casetui \\- a support desk for the terminal"],
        "SYNOPSIS": list(_synopsis(program)),
        "DESCRIPTION": list(_prose(program.help or "")),
        "OPTIONS": list(_options(click.Context(program, info_name="casetui"))),
        "COMMANDS": list(_commands(click.Context(program, info_name="casetui"))),
        "STATUSES": list(_statuses()),
        "QUERIES": list(_queries()),
        "EXIT STATUS": list(_exits()),
        "ENVIRONMENT": list(_terms(VARIABLES.items())),
        "FILES": [_text("casetui paths says where they lie, and why there."), *_terms(FILES.items())],
    }
    lines = [f'.TH CASETUI 1 "" "casetui {__version__}" "User Commands"', ".nh", ".ad l"]
    for title, body in sections.items():
        lines += [f".SH {title}", *body]
    return "\n".join(lines) + "\n"


def _synopsis(command: click.Command) -> Iterator[str]:
    pieces = command.collect_usage_pieces(click.Context(command))
    yield " ".join([_bold("casetui"), *map(_text, pieces)])


def _commands(context: click.Context) -> Iterator[str]:
    """Yield every command, and those below it, with what its help says."""
    group = context.command
    assert isinstance(group, click.Group)  # noqa: S101 - whoever calls has seen it
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        here = click.Context(command, info_name=name, parent=context)
        usage = " ".join(map(_text, command.collect_usage_pieces(here)))
        yield f'.SS "{_text(here.command_path.removeprefix("casetui "))} {usage}"'
        yield from _prose(command.help or "")
        yield from _options(here)
        if isinstance(command, click.Group):
            yield from _commands(here)


def _options(context: click.Context) -> Iterator[str]:
    given = (param for param in context.command.get_params(context) if isinstance(param, click.Option))
    records = (param.get_help_record(context) for param in given if "--help" not in param.opts)
    yield from _terms(record for record in records if record)


def _statuses() -> Iterator[str]:
    for status in Status:
        row, then = status.row, status.row.on_customer_comment
        says = (
            row.means,
            f"Whose move: {row.whose_move.value}.",
            f"Reminder after {row.reminder}." if row.reminder else "",
            f"Closes after {row.closure}." if row.closure else "",
            f"When the customer comments: {then.label}." if then else "",
            f"Leads to {', '.join(target.label for target in row.moves)}." if row.moves else "",
        )
        yield from _terms([(f"{row.label} ({status.value})", " ".join(filter(None, says)))])


def _queries() -> Iterator[str]:
    yield _text(
        "Words are looked for in subjects, names and comments. Terms that stand side by side must all hold;"
        " 'or', 'not' or a dash, and parentheses do what they say."
    )
    terms = {
        **FLAGS,
        **{f"{name}:": field.does for name, field in FIELDS.items()},
        **{f"{name}>7d {name}<7d": f"a period {measured}" for name, measured in MEASURES.items()},
        **{f"view:{view.key}": f"the view {view.name}: {view.query}" for view in (*FIXED, *ASIDE)},
    }
    yield from _terms(terms.items())


def _exits() -> Iterator[str]:
    from casetui.cli.root import CRASHED  # noqa: PLC0415 - which imports this module

    yield from _terms([("0", "It is done.")])
    for error in (Refused, Misused, OutOfReach):
        yield from _terms([(str(error.exit_code), inspect.getdoc(error) or "")])
    yield from _terms([(str(CRASHED), "A mistake of casetui's own.")])


def _terms(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, says in pairs:
        yield from (".TP", _bold(term), _text(says))


def _prose(words: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; where one begins with a backspace its lines stay as they are."""
    for at, paragraph in enumerate(inspect.cleandoc(words).split("\n\n")):
        if at:
            yield ".PP"
        if paragraph.startswith("\b"):
            yield from (".nf", *map(_text, paragraph.splitlines()[1:]), ".fi")
        else:
            yield _text(" ".join(paragraph.split()))


def _bold(words: str) -> str:
    return f"\\fB{_text(words)}\\fR"


def _text(words: str) -> str:
    """Return words as roff shows them: no sign of theirs means anything to it."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("^", "\\(ha")
    return re.sub(r"^([.'])", r"\\&\1", escaped.replace("~", "\\(ti").replace("`", "\\(ga").replace("'", "\\(aq"))


COMMANDS = (man,)
