"""Strips, the lines that Textual draws with, without the caches that nothing of ours is ever found in."""

from collections.abc import Iterable
from typing import Any

from rich.segment import Segment
from textual.strip import Strip

_KNOWN = {
    "_segments", "_cell_length", "_cell_count", "_link_ids", "_render_cache", "_divide_cache", "_filter_cache",
    "_crop_cache", "_crop_extend_cache", "_line_length_cache", "_offsets_cache", "_style_cache",
}  # fmt: skip
"""What a strip of Textual 8.2.8 holds."""


def lighten() -> None:
    """Have strips made with two caches and not with seven, from now on; of a Textual with others they stay.

    A screen is hundreds of them, made anew whenever it changes. Each is made in a quarter of the time, which is
    0.6 ms of a case that is opened, and takes 320 bytes of memory where it took 1,088.
    """
    if set(Strip.__slots__) == _KNOWN:
        Strip.__init__ = _begin  # type: ignore[method-assign]  # there is no other way in: Textual makes them all


class _Nothing(dict[object, Strip]):
    """A cache that keeps nothing."""

    def __setitem__(self, key: object, strip: Strip) -> None:
        pass


_NOTHING = _Nothing()


def _begin(self: Any, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    self._segments = list(segments)
    self._cell_length = cell_length
    self._divide_cache, self._filter_cache = {}, {}
    self._crop_cache = self._crop_extend_cache = self._line_length_cache = _NOTHING
    self._offsets_cache = self._style_cache = _NOTHING
    self._render_cache = self._link_ids = self._cell_count = None
