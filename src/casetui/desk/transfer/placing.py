"""Finds exported cases their numbers in this desk: their own where it is free, and none where they are there."""

from collections.abc import Iterator

from peewee import fn

from casetui.desk.facts import desk_id
from casetui.desk.transfer import origins
from casetui.desk.transfer.report import Tally
from casetui.desk.transfer.staging import Staging
from casetui.storage.store import Store
from casetui.storage.tables import Cases

_TWICE = "a case that stands twice, of which the first counts"


def settle(store: Store, staging: Staging, tally: Tally) -> int:
    """Give each staged document its place in the desk, and return how many cases the desk has already.

    A case is known by the number that it had elsewhere, or by the desk that opened it and its number there:
    an export says those, and so does the history of every copy of the case in whatever desk.
    """
    desk = desk_id(store)
    staging.learn(_names(store))
    taken = int(store.value(Cases.select(fn.MAX(Cases.id))) or 0)
    following = max(taken, staging.greatest())
    present = 0
    for document, wish in staging.wishes():
        external = [] if wish.external_id is None else [f"external {wish.external_id}"]
        names = [*external, *origins.names(wish.origin, desk, wish.opened, is_said=wish.is_said)]
        known = next((place for place in map(staging.named, names) if place is not None), None)
        if known is not None and known > 0:
            present += 1
            staging.place(document, wish.number, known, is_new=False)
        elif known is not None:
            tally.wonder(_TWICE, wish.line)
            staging.place(document, wish.number, -known, is_new=False)
        else:
            place = wish.number
            if place is None or staging.named(f"# {place}") is not None:
                following += 1
                place = following
            staging.place(document, wish.number, place, is_new=True)
            staging.learn((name, -place) for name in (*names, f"# {place}"))
    return present


def _names(store: Store) -> Iterator[tuple[str, int]]:
    """Yield the names that the desk's cases are known by, without ever holding them all."""
    cases = store.database.execute_sql("SELECT id, external_id, opened_at FROM cases")
    for number, external_id, opened_at in cases:
        yield f"# {number}", number
        yield f"own {number}@{opened_at}", number
        if external_id is not None:
            yield f"external {external_id}", number
    for note, number in store.database.execute_sql("SELECT note, case_id FROM entries WHERE what = 'opened'"):
        _, origin = origins.parted(note)
        if origin is not None:
            yield f"origin {origin}", number
