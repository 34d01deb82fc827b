"""A screen whose list can be arranged: in another order, narrowed by what its cases have, kept as a view."""

from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from casetui.desk.lists import VIEW, View
from casetui.domain.query import joined
from casetui.domain.sorts import Sort
from casetui.domain.views import Saved
from casetui.tui.screens.marking import Marking
from casetui.tui.widgets.caselist import CaseList
from casetui.tui.widgets.filterline import FilterLine


class Arranging(Marking):
    """Sorts its list, narrows it by its facets, and makes views of it."""

    view: View | None

    @property
    def list(self) -> CaseList:
        """The cases."""
        raise NotImplementedError

    def narrowed(self) -> View:
        """Return what the list shows."""
        raise NotImplementedError

    def relist(self, view: View | None = None) -> None:
        """Show this list in the place of the present one, narrowed as the line says."""
        raise NotImplementedError

    def action_sort(self) -> None:
        """Choose an order for this list."""
        if self.view is not None and self.view.sort is None:
            self.notify("Closed cases are too many to sort: the latest come first.", timeout=4)
        elif self.view is not None:
            self.hands.begin(self._sort(self.view))

    def action_facets(self) -> None:
        """Count the list by what its cases have, and narrow it to one of those."""
        if self.list.total:
            self.hands.begin(self._facet(self.narrowed()))
        else:
            self.notify("Nothing is listed that could be counted.", timeout=4)

    def action_save_view(self) -> None:
        """Keep this list, as it is narrowed and sorted, as a view."""
        if self.view is not None:
            self.hands.begin(self._save(self.view))

    def more_commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Name what can be done with the agent's own views, for the palette."""
        for view in self.session.views.own:
            yield f"Forget the view {view.name}", "Take it out of the settings.", partial(self._forget, view)
        if not self.session.read_only:
            yield "Catch up", "Take all cases as seen: nothing is marked as changed any more.", self._catch_up

    async def _sort(self, view: View) -> None:
        from casetui.tui.arrangements import ask_order  # noqa: PLC0415 - read when first wanted

        chosen = await ask_order(self.hands, view.sort or Sort.URGENCY)
        if chosen is not None:
            self.session.sorts[view.key] = chosen
            self.relist(replace(view, sort=chosen))

    async def _facet(self, view: View) -> None:
        from casetui.tui.arrangements import ask_facet  # noqa: PLC0415 - read when first wanted

        line = self.query_one(FilterLine)
        self.session.read(line.text)  # one that cannot be read is refused before anything is asked
        await self.list.count()
        chosen = await ask_facet(self.hands, view, self.list.total)
        if chosen is not None:
            await line.put(joined(line.text, chosen))
            self.list.focus()
            self.relist()

    async def _save(self, view: View) -> None:
        from casetui.tui.arrangements import ask_name, save  # noqa: PLC0415 - read when first wanted

        query = joined(view.query, self.query_one(FilterLine).text)
        self.session.read(query)  # one that cannot be read is refused before a name is asked for
        name = await ask_name(self.hands, query, view)
        if name:
            await save(self.hands, Saved(name, query, view.sort or Sort.URGENCY))
            self.reload()

    def _forget(self, view: Saved) -> None:
        from casetui.tui.arrangements import forget  # noqa: PLC0415 - read when first wanted

        self.hands.begin(forget(self.hands, view, self._forgotten))

    def _forgotten(self, view: Saved) -> None:
        if self.view is not None and self.view.key == VIEW + view.key:
            self.action_view(5)
        else:
            self.reload()

    def action_view(self, digit: int) -> None:
        """Show the view of a digit."""
        raise NotImplementedError

    def _catch_up(self) -> None:
        self.look(self._take_all_as_seen, "news", asked=True)

    async def _take_all_as_seen(self) -> None:
        await self.session.bridge.write(lambda desk: desk.news.catch_up())
        self.reload()
