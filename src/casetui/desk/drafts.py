"""Comments that an agent has begun and not yet written: kept for each case and kind, whatever happens."""

from collections.abc import Mapping

from casetui.domain import words
from casetui.domain.clocks import Clock
from casetui.domain.workflow import CommentKind, Status
from casetui.storage.store import Store
from casetui.storage.tables import Drafts as Table


class Drafts:
    """The drafts of one agent."""

    def __init__(self, store: Store, clock: Clock, agent: str) -> None:
        self.store = store
        self.clock = clock
        self.agent = agent

    def of(self, number: int) -> dict[CommentKind, str]:
        """Return what was begun on a case, by kind."""
        kept = Table.select(Table.kind, Table.body).where((Table.agent == self.agent) & (Table.number == number))
        return dict(self.store.rows(kept))

    def leads_to(self, number: int) -> Status | None:
        """Return the status that the reply which was begun on a case is to move it to, if any."""
        public = Table.kind == CommentKind.PUBLIC
        target: Status | None = self.store.value(
            Table.select(Table.target).where((Table.agent == self.agent) & (Table.number == number) & public)
        )
        return target

    def keep(self, number: int, texts: Mapping[CommentKind, str], target: Status | None = None) -> None:
        """Keep texts in the place of what was kept of their kinds; an empty one is forgotten.

        ``target`` is where the public one is to lead.
        """
        now = self.clock.now()
        with self.store.write():
            for kind, text in texts.items():
                body = words.text(text, "draft")
                if body is None:
                    self._forget(number, kind)
                else:
                    row = {"agent": self.agent, "number": number, "kind": kind, "body": body, "saved_at": now}
                    row["target"] = target if kind is CommentKind.PUBLIC else None
                    self.store.execute(Table.insert(row).on_conflict_replace())

    def _forget(self, number: int, kind: CommentKind) -> None:
        mine = (Table.agent == self.agent) & (Table.number == number) & (Table.kind == kind)
        self.store.execute(Table.delete().where(mine))
