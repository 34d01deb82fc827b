"""What arguments of commands may be, for a shell that completes them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def items(word: str, offers: Iterable[tuple[str, str]]) -> "list[CompletionItem[str]]":
    """Return those of some values, each with what it says, that begin with a word."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only where a shell asks

    return [CompletionItem(value, help=says or None) for value, says in offers if value.startswith(word)]


def query_words(context: click.Context, _: Any, word: str) -> "list[CompletionItem[str]]":
    """Return the words of a query that begin with this one."""
    from casetui.domain.completion import Known, offers  # noqa: PLC0415 - only where a shell asks
    from casetui.domain.fields import Offer  # noqa: PLC0415 - as above

    known = Known({Offer.VIEWS: _views(context)})
    # What has quotes is left out: a shell takes them away.
    return items(word, ((offer, says) for offer, says in offers(word, known) if '"' not in offer))


def query_or_file(context: click.Context, parameter: Any, word: str) -> "list[CompletionItem[str]]":
    """Return the words of a query that begin with this one, and leave files to the shell where there are none."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - as above

    return (query_words(context, parameter, word) if word else []) or [CompletionItem(word, type="file")]


def policy_changes(_: click.Context, __: Any, word: str) -> "list[CompletionItem[str]]":
    """Return the keys of the policy, and after ``zone=`` the zones."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - as above

    from casetui.desk.policies import keys  # noqa: PLC0415 - as above

    if word.startswith("zone="):
        return items(word, ((f"zone={zone}", "") for zone in sorted(available_timezones())))
    return items(word, ((f"{key}=", "") for key in ("zone", *keys())))


def mappings(_: click.Context, __: Any, word: str) -> "list[CompletionItem[str]]":
    """Return the mappings that casetui brings."""
    from casetui.desk.transfer.mapping import shipped  # noqa: PLC0415 - as above

    return items(word, ((name, "") for name in shipped()))


def _views(context: click.Context) -> tuple[str, ...]:
    """Return what queries call the views, one's own too where the settings are right."""
    from casetui.domain.errors import Misused  # noqa: PLC0415 - as above
    from casetui.domain.views import Views  # noqa: PLC0415 - as above
    from casetui.settings import load  # noqa: PLC0415 - as above

    try:
        views = load(database=None, agent=None, config=context.find_root().params.get("config")).views
    except Misused:
        views = Views()
    return tuple(view.key for view in views)
