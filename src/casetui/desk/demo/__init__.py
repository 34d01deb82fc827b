"""Made-up, lifelike cases in every status, the same for the same seed."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from casetui.desk.demo.cast import Cast
from casetui.desk.demo.lives import Life
from casetui.desk.demo.pen import Story
from casetui.desk.demo.plans import LARGE, Planner
from casetui.desk.demo.rhythm import DAY, HOUR, Calendar
from casetui.desk.demo.sheets import Sheet, no_collection
from casetui.desk.facts import note_run
from casetui.domain.errors import Refused
from casetui.storage.store import Store
from casetui.storage.tables import Cases

DOWNTIME = 60 * HOUR
"""How long before now the demo's timer ran last, in seconds."""
_BATCH = 5_000
_RECENT = 2 * DAY
"""How much of a large desk's history is written in the order of time; of a small one's it is all."""


def fill(
    store: Store,
    now: datetime,
    *,
    cases: int = 300,
    seed: int = 1,
    agent: str = "ana",
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Fill an empty store with cases as they stand at ``now``; ``agent`` works some of them.

    Tells ``progress`` from time to time how many cases are written, of how many. Writes several transactions:
    what is interrupted is half done. Raises Refused if the store is not empty.
    """
    if store.value(Cases.select(Cases.id).limit(1)) is not None:
        raise Refused(f"{store.path} has cases already; a demo fills an empty database only.")
    rng, instant = Random(seed), int(now.timestamp())  # noqa: S311 - made-up data, the same for the same seed
    last_run, tell = instant - DOWNTIME, progress or _silent
    cast, calendar = Cast(rng, agent), Calendar()
    sheet = Sheet(_desk_id(seed), 0 if cases <= LARGE else instant - _RECENT)
    story = Story(cast, calendar, sheet, last_run, instant)
    tell(0, cases)
    with no_collection():
        with store.write():
            store.executemany("UPDATE desk SET value = ? WHERE key = 'id'", [(sheet.desk,)])
            note_run(store, datetime.fromtimestamp(last_run, UTC))
        for plan in Planner(cast, calendar, instant, last_run).plans(cases):
            matter = plan.parent.matter if plan.parent else None
            plan.matter = matter or cast.matter(plan.kind, plan.account, plan.opened, mailless=plan.mailless)
            Life(story, plan, plan.matter).live()
            if len(sheet) >= _BATCH:
                sheet.write(store)
                tell(plan.number, cases)
        sheet.finish(store)
    tell(cases, cases)


def _desk_id(seed: int) -> str:
    """Return the id of a demo's desk: of the form that every desk has, the same for the same seed."""
    return f"de{seed % (1 << 40):010x}"


def _silent(_done: int, _of: int) -> None:
    """Tell nobody."""
