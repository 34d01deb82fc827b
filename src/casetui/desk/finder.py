"""Finds cases by what was said in them: the newest first, or the best match."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from casetui.desk.board import Board
from casetui.desk.ledger import entries_with, with_clones
from casetui.domain.query import All, Is, Term, words_of
from casetui.domain.records import Case, Entry
from casetui.storage import fulltext

_LOOKED_THROUGH = 20
"""Entries, the newest of a case, among which the last comment is looked for."""
POOL = 1_000
"""Cases, the newest of those that match, among which the best match is looked for."""


class Hit(Struct, frozen=True):
    """A case that was found, and the entry that holds the words; none where there were no words to find."""

    case: Case
    entry: Entry | None


def find(board: Board, term: Term, limit: int = 0, *, best: bool = False) -> list[Hit]:
    """Return the cases of a query, those first in which its words were said last; 0 for all.

    ``best`` puts first what matches best among the newest. A query without words gives its cases as a list does:
    unread ones first, then the newest.
    """
    words, rest = words_of(term)
    if not words:
        return [Hit(case, None) for case in board.listed(term, limit)]
    now = board.clock.now()
    named = list(_named(board, words, rest))
    texts = fulltext.newest(fulltext.texts_with(board.store, words, rest, now), POOL if best else limit)
    found = {entry: number for entry, number in texts if number not in {hit.case.number for hit in named}}
    entries = fulltext.ranked(board.store, words, list(found)) if best else list(found)
    entries = entries[: limit or None]
    said = {entry.id: entry for entry in entries_with(board.store, entries)}
    numbers = [found[entry] for entry in entries]
    cases = {case.number: case for case in with_clones(board.store, board.cases(numbers))}
    return [*named, *(Hit(cases[found[entry]], said[entry]) for entry in entries)][: limit or None]


def told(board: Board, hits: Sequence[Hit]) -> list[Hit]:
    """Return the same cases, those without an entry with what was said in them last."""
    return [hit if hit.entry else Hit(hit.case, _last_said(board, hit.case.number)) for hit in hits]


def _last_said(board: Board, number: int) -> Entry | None:
    return next((entry for entry in board.newest(number, _LOOKED_THROUGH) if entry.body), None)


def _named(board: Board, words: tuple[str, ...], rest: All) -> Iterator[Hit]:
    """Yield the case whose number a query of one word is."""
    number = words[0]
    if len(words) == 1 and number.isdecimal() and len(number) < len("9000000000000000000"):
        yield from (Hit(case, None) for case in board.listed(All((Is("number", (int(number),)), rest)), 1))
