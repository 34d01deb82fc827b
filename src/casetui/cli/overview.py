"""The desk in lines of words, where a screen cannot be shown or read: for screen readers and dumb terminals."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casetui.cli.session import Session
from casetui.domain.clocks import full_stamp
from casetui.domain.safe import clean
from casetui.domain.workflow import Group, in_group

if TYPE_CHECKING:
    from casetui.desk.board import Board

WHAT_NEXT = """\
'casetui list status:new' lists a queue, 'casetui list view:changed' a view, 'casetui due' the timer's agenda.
'casetui show 12' tells a case. 'casetui --help' names every command."""


def tell(session: Session, file: Path) -> None:
    """Print who sits at the desk, when the timer ran, how many cases each queue and view has, and what to type."""
    from casetui.desk.board import Board  # noqa: PLC0415 - nothing is read where a screen opens
    from casetui.storage.store import Store  # noqa: PLC0415 - as above

    store = Store.open(file, read_only=True)
    try:
        board = Board(store, session.clock)
        for line in (*_state(board, session, file.stem), *_queues(board), *_views(board, session)):
            click.echo(clean(line))
    finally:
        store.close()
    click.echo(WHAT_NEXT)


def _state(board: "Board", session: Session, desk: str) -> Iterator[str]:
    zone = board.policy.zone
    yield f"Desk {desk}, agent {session.agent}, {full_stamp(session.clock.now(), zone)}."
    ran = board.last_run
    yield f"The timer last ran {full_stamp(ran, zone)}." if ran else "The timer never ran."


def _queues(board: "Board") -> Iterator[str]:
    counts = board.counts()
    for group in list(Group)[:-1]:
        queues = in_group(group)
        yield f"{group}: {sum(counts[status].total for status in queues)}."
        for status in queues:
            count = counts[status]
            marks = [f"{many} {word}" for many, word in ((count.unread, "unread"), (count.due, "due")) if many]
            if count.total:
                yield f"{status.label}: {', '.join([str(count.total), *marks])}."


def _views(board: "Board", session: Session) -> Iterator[str]:
    from casetui.desk.lists import named  # noqa: PLC0415 - as above

    views = session.settings.views
    for view in views.numbered:
        yield f"View {view.name}, view:{view.key}: {board.count(named(view, session.agent, views))}."
