"""A draft remembers the status that it is to lead to: what its text promises comes with it."""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 - the signature that playhouse calls
    """Add the column."""
    db.execute_sql("ALTER TABLE drafts ADD COLUMN target TEXT")
