"""What each agent has looked at: an instant for all cases, and the version of each that was seen since."""

from typing import Any

STATEMENTS = (
    "CREATE TABLE looks (agent TEXT PRIMARY KEY, since INTEGER NOT NULL)",
    """CREATE TABLE seen (
        agent TEXT NOT NULL,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        version INTEGER NOT NULL,
        PRIMARY KEY (agent, case_id)
    )""",
    "CREATE INDEX cases_changed ON cases (updated_at, id, version)",
)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 - the signature that playhouse calls
    """Make the tables, and the way to what changed last."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
