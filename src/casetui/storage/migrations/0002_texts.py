"""Full text over everything that was said: each comment, and each opening, with the facts of its case."""

from typing import Any

ABOUT = ("id", "external_id", "subject", "account", "contact", "email", "product")
FACTS = ", ".join(ABOUT[1:])


def about(case: str) -> str:
    """Return the SQL of a case's facts as one text."""
    return " || ' ' || ".join(f"coalesce({case}.{name}, '')" for name in ABOUT)


# A text is searched together with the facts of its case: 'ghent proxy' finds what Ghent wrote of a proxy. The
# entry that opens a case stands for the facts alone, so that a case without a comment is found too.
SQLITE = (
    f"""CREATE VIEW text_sources AS
        SELECT entries.id AS id, entries.body AS body, {about("cases")} AS about
        FROM entries JOIN cases ON cases.id = entries.case_id
        WHERE entries.body IS NOT NULL OR entries.what = 'opened'""",
    """CREATE VIRTUAL TABLE texts USING fts5(
        body, about, content='text_sources', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    "CREATE VIRTUAL TABLE text_terms USING fts5vocab(texts, instance)",
    f"""CREATE TRIGGER texts_come AFTER INSERT ON entries WHEN new.body IS NOT NULL OR new.what = 'opened' BEGIN
        INSERT INTO texts (rowid, body, about)
        SELECT new.id, new.body, {about("cases")} FROM cases WHERE cases.id = new.case_id; END""",
    f"""CREATE TRIGGER texts_change AFTER UPDATE OF {FACTS} ON cases WHEN {about("new")} <> {about("old")} BEGIN
        INSERT INTO texts (texts, rowid, body, about)
        SELECT 'delete', id, body, {about("old")} FROM entries
        WHERE case_id = old.id AND (body IS NOT NULL OR what = 'opened');
        INSERT INTO texts (rowid, body, about)
        SELECT id, body, {about("new")} FROM entries
        WHERE case_id = new.id AND (body IS NOT NULL OR what = 'opened'); END""",
    "INSERT INTO texts (texts) VALUES ('rebuild')",
)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 - the signature that playhouse calls
    """Make the index, and read into it what is there."""
    for statement in SQLITE:
        db.execute_sql(statement)
