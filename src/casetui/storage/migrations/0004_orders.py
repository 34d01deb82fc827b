"""The orders of lists: open cases by how long they wait, by their last change, by deadline and by priority."""

from typing import Any

NEXT_ACT = """coalesce(
    CASE WHEN reminded_at IS NULL AND remind_at < close_at THEN remind_at ELSE close_at END,
    9000000000000000000
)"""

INDEXES = (
    "CREATE INDEX cases_waiting ON cases (status_since, id) WHERE closed_at IS NULL",
    "CREATE INDEX cases_news ON cases (updated_at, id) WHERE closed_at IS NULL",
    f"CREATE INDEX cases_next ON cases ({NEXT_ACT}, id) WHERE closed_at IS NULL",
    "CREATE INDEX cases_priority ON cases (priority, status_since, id) WHERE closed_at IS NULL",
)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 - the signature that playhouse calls
    """Make the indexes."""
    for statement in INDEXES:
        db.execute_sql(statement)
