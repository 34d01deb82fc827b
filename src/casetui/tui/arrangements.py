"""What arranging a list asks and does: an order, a facet, a name for a view, and the settings that keep it."""

import asyncio
from collections.abc import Callable

from casetui.desk.lists import View
from casetui.domain.sorts import Sort
from casetui.domain.views import Saved, name_fault
from casetui.tui.dialogs.choices import Choice, Choose
from casetui.tui.dialogs.facets import FacetsDialog
from casetui.tui.dialogs.small import Confirm, TextPrompt
from casetui.tui.drawing import content, fit
from casetui.tui.hands import Hands
from casetui.tui.keymap import key

COUNTED = 2_000
"""Cases of a list that are counted at most: 13 ms of a million, and those changed last stand for the rest."""
_ORDERS = {
    Sort.URGENCY: "Urgency",
    Sort.WAITING: "Longest waiting",
    Sort.NEWEST: "Newest change",
    Sort.DEADLINE: "Next deadline",
    Sort.PRIORITY: "Priority",
}


async def ask_order(hands: Hands, present: Sort) -> Sort | None:
    """Ask how a list is to be sorted."""
    choices = [
        Choice(sort.value, str(digit), content(fit(name, 17)) + content(sort.says, "dim"))
        for digit, (sort, name) in enumerate(_ORDERS.items(), 1)
    ]
    chosen = await hands.ask(Choose("Sort this list", choices, first=present.value))
    return None if chosen is None else Sort(chosen)


async def ask_facet(hands: Hands, view: View, total: int) -> str | None:
    """Ask by which of the values that its cases have a list of ``total`` cases is to be narrowed."""
    found = await hands.session.bridge.read(lambda desk: desk.board.facets(view, total, COUNTED))
    return await hands.ask(FacetsDialog(view.label, found))


async def ask_name(hands: Hands, query: str, view: View) -> str | None:
    """Ask what a view is to be called; the name of one of one's own gives that one another query."""
    own = {saved.key: saved for saved in hands.session.views.own}
    known = own.get(view.key.partition(":")[2])
    name, said = known.name if known else "", ""
    while True:
        order = view.sort.says if view.sort else "latest first"
        words = f"It lists {query}, {order}, and has a digit while there are four of them."
        dialog = TextPrompt("Keep this list as a view", value=name, hint="a name, such as Ghent", words=words)
        if not (typed := await hands.ask(dialog, said)):
            return None
        fault = name_fault(typed)
        if fault is None:
            return typed
        name, said = typed, f"{fault[0].upper()}{fault[1:]}."


async def save(hands: Hands, saved: Saved) -> None:
    """Keep a view in the settings' file, and in this sitting."""
    session = hands.session
    views = session.views.with_own(saved)
    settings = session.bridge.settings
    if settings is not None:
        from casetui.keeping import keep_view  # noqa: PLC0415 - few sittings save one

        await asyncio.to_thread(keep_view, settings.file, saved)
    where = f"in {settings.file}" if settings else "for this sitting"
    session.views = views
    digit = next((at for at, view in enumerate(views.numbered, 1) if view.key == saved.key), None)
    reached = (
        f"{digit} shows it"
        if digit
        else f"all digits are taken; {key('app.commands')} and view:{saved.key} reach it"
    )
    hands.say(f"The view '{saved.name}' is kept {where}: {reached}.")


async def forget(hands: Hands, view: Saved, then: Callable[[Saved], None]) -> None:
    """Take a view out of the settings, after asking."""
    session = hands.session
    question = f"Forget the view '{view.name}', which lists {view.query}?"
    if not await hands.ask(Confirm(question, yes="Forget", no="Keep", title="View")):
        return
    if session.bridge.settings is not None:
        from casetui.keeping import forget_view  # noqa: PLC0415 - as above

        await asyncio.to_thread(forget_view, session.bridge.settings.file, view)
    session.views = session.views.without(view.key)
    then(view)
