"""The dialog of facets: by what a list can be narrowed, how many cases each leaves, and which one is wanted."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from casetui.domain.facets import Facet, Facets
from casetui.tui.dialogs.choices import Choice, Choices, Narrow, Narrowed
from casetui.tui.drawing import Static, content, fit
from casetui.tui.keymap import key

_FIELD, _MANY = 13, 7
_WIDEST = 72
_FIRST = 5
"""Values of each field that are shown before anything is typed."""
_MOST = 100
"""Values that are shown of those that were typed for."""


class FacetsDialog(Narrowed[str]):
    """Asks for one of the values that the cases of a list have; the result is the query that finds those."""

    DEFAULT_CSS = """
    FacetsDialog {
        #box { width: 72; }
        #counted, #more { color: $text-muted; }
        Choices { max-height: 24; }
        &.-normal Choices { max-height: 14; }
        &.-low Choices { max-height: 8; }
    }
    """

    def __init__(self, name: str, facets: Facets) -> None:
        super().__init__(f"Facets of {name}", f"type to find   Enter narrow   {key('dialog.leave')} cancel")
        self.facets = facets
        self.counted = _counted(facets)
        self._shown: list[Facet] = []

    def body(self) -> ComposeResult:
        """Draw a line to find values with, of how many cases they were counted, and the values."""
        yield Narrow(hint="a status, a name, an account")
        yield Static(content(self.counted), id="counted")
        yield Choices()
        yield Static(id="more")

    def on_mount(self) -> None:
        """Show what most cases have."""
        self._fill()

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._fill()

    @on(Input.Changed, "#narrow")
    def _typed(self) -> None:
        self.refuse("")
        self._fill()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        facet = self._shown[int((event.option_id or "").removeprefix("facet-"))]
        if facet.query is None:
            self.refuse("A query cannot say this name; its words, typed after the slash, find these cases.")
        else:
            self.finish(facet.query)

    def _fill(self) -> None:
        """Show the values that the typed words leave, or the first of each field."""
        typed = self.query_one(Narrow).value.lower().split()
        self._shown = list(islice(self._found(typed), _MOST))
        room = min(self.app.size.width, _WIDEST) - _FIELD - _MANY - 8
        lines = [Choice(f"facet-{at}", "", _words(facet, room)) for at, facet in enumerate(self._shown)]
        self.query_one(Choices).show(lines)
        self.query_one("#more", Static).update(content(self._more(typed)))

    def _found(self, typed: list[str]) -> Iterator[Facet]:
        seen = Counter[str]()
        for facet in self.facets.narrowing:
            seen[facet.field] += 1
            called = f"{facet.field} {facet.says}".lower()
            if all(word in called for word in typed) if typed else seen[facet.field] <= _FIRST:
                yield facet

    def _more(self, typed: list[str]) -> str:
        """Say of which fields there are more values than are shown, or why none is."""
        if not self._shown:
            leave = f"{key('dialog.leave')} goes back to the list."
            return f"No case of the list has that. {leave}" if typed else f"They are alike in all of this. {leave}"
        if typed:
            return ""
        fields = Counter(facet.field for facet in self.facets.narrowing)
        said = ", ".join(f"{many - _FIRST} more of {field}" for field, many in fields.items() if many > _FIRST)
        return f"{said}: type to find them." if said else ""


def _counted(facets: Facets) -> str:
    if facets.counted < facets.total:
        return f"Counted: of {facets.total:,} cases the {facets.counted:,} that changed last."
    return f"Counted: all {facets.total:,} cases." if facets.total > 1 else "Counted: 1 case."


def _words(facet: Facet, room: int) -> Content:
    return content(fit(facet.field, _FIELD), "dim") + content(
        f"{fit(facet.says, room)}{fit(f'{facet.many:,}', _MANY, right=True)}"
    )
