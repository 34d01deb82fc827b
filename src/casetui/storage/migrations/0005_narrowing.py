"""What lists are narrowed by without a look at each case: facts of the closed ones, the account of open ones."""

from typing import Any

STATEMENTS = (
    "DROP INDEX cases_closed",
    """CREATE INDEX cases_closed ON cases (closed_at DESC, id DESC, owner, priority, opened_at)
       WHERE closed_at IS NOT NULL""",
    "CREATE INDEX cases_account ON cases (account COLLATE NOCASE) WHERE closed_at IS NULL",
)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 - the signature that playhouse calls
    """Make the indexes."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
