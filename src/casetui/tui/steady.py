"""A screen whose styles are worked out once: as it is built, and again only for another theme or size."""

from typing import TypeVar

from textual import events, on
from textual._styles_cache import StylesCache
from textual.geometry import Size
from textual.screen import Screen

from casetui.tui.toasts import clear_away

Result = TypeVar("Result")


class Steady(Screen[Result]):
    """A screen that is built as it is drawn.

    Textual works out the styles of all that is on a screen again once it has been laid out, for the classes of its
    size, and whenever it comes to the top: a third of opening a case or the composer.
    """

    _theme = ""

    @on(events.Compose)
    def _take_size(self) -> None:
        """Have the classes of its size before its widgets are there."""
        size = self.app.size
        sides = ((size.width, self.HORIZONTAL_BREAKPOINTS), (size.height, self.VERTICAL_BREAKPOINTS))
        passed = ([name for least, name in points or () if cells >= least] for cells, points in sides)
        self.add_class(*(names[-1] for names in passed if names))

    @on(events.Mount)
    def _take_theme(self) -> None:
        """Remember the theme that it was built in."""
        self._theme = self.app.theme

    @on(events.ScreenResume)
    def _stay(self, event: events.ScreenResume) -> None:
        """Be drawn as before, unless the theme is another one."""
        event.refresh_styles = self._theme != self.app.theme
        self._theme = self.app.theme
        # Textual 8.2.8 caches by widget there, and so keeps a thousand dead ones with all that they drew: 1 MiB
        # for each case that was opened.
        StylesCache.get_inner_outer.cache_clear()
        clear_away(self)

    def _screen_resized(self, size: Size) -> None:
        """Be laid out for another size, and not three times more for the one that it opened in."""
        if size != self._compositor.size:
            super()._screen_resized(size)
