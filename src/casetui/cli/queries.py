"""Queries as commands take them: words with dashes, what is wrong with one, and the language in brief."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from casetui.cli.session import Session
from casetui.cli.table import say, width
from casetui.cli.values import query_words
from casetui.domain.errors import BadQuery, Misused
from casetui.domain.safe import clean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from casetui.domain.query import Term
    from casetui.domain.sorts import Sort


class Asking(click.Command):
    """A command that takes a query, in which a word with one dash before it is negated."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Leave such words alone: '-held' is no '-h'."""
        given = ["--help" if each == "-h" else each for each in args]
        settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
        return super().make_context(info_name, given, parent, **{**extra, **settings})

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[Any]]":
        """Return the negated words too where a dash is typed."""
        words = query_words(ctx, None, incomplete) if incomplete.strip("-") else []
        return words + super().shell_complete(ctx, incomplete)


def query_text(words: Sequence[str]) -> str:
    """Return a query from the command line, where a leading dash negates and two of them are a mistyped option."""
    for word in words:
        if word.startswith("--"):
            raise Misused(f"There is no option {word}; --help lists them.")
    return " ".join(words)


def read_query(words: Sequence[str], session: Session) -> "Term":
    """Return the query of a command; one that cannot be read is shown, with a mark under the word."""
    from casetui.domain.query import parse  # noqa: PLC0415 - only lists read queries

    try:
        return parse(query_text(words), me=session.agent, everywhere=True, views=session.settings.views.queries)
    except BadQuery as error:
        before, wrong = clean(error.query[: error.start]), clean(error.query[error.start : error.stop])
        say(f"  {clean(error.query)}")
        say(f"  {' ' * width(before)}{'^' * max(1, width(wrong))}")
        raise


def order_of(words: Sequence[str], session: Session) -> "Sort | None":
    """Return the order of the view that is all a query asks for."""
    view = session.settings.views.find(words[0].removeprefix("view:")) if len(words) == 1 else None
    return view.sort if view and words[0].startswith("view:") else None
