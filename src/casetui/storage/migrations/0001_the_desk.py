"""The first schema: cases, their histories, the outbox, drafts, and the desk's own facts and periods."""

from typing import Any

STATUSES = (
    "'new','under_review','in_progress','in_progress_tier_1','in_progress_tier_2','pending_customer_input',"
    "'update_received','pending_development','pending_release','pending_customer_testing',"
    "'pending_content_operations','pending_third_party_provider','awaiting_customer_confirmation',"
    "'reopened','closed'"
)
WITH_CLOCK = "'pending_customer_input','pending_customer_testing','awaiting_customer_confirmation'"

TABLES = (
    f"""CREATE TABLE cases (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version INTEGER NOT NULL,
        external_id TEXT,
        subject TEXT NOT NULL CHECK (subject <> ''),
        status TEXT NOT NULL CHECK (status IN ({STATUSES})),
        stay INTEGER NOT NULL CHECK (stay >= 1),
        status_since INTEGER NOT NULL,
        remind_at INTEGER,
        close_at INTEGER,
        reminded_at INTEGER,
        held_until INTEGER,
        hold_reason TEXT,
        unread SMALLINT NOT NULL CHECK (unread IN (-1, 0)),
        owner TEXT,
        account TEXT,
        contact TEXT,
        email TEXT,
        product TEXT,
        priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
        installation TEXT,
        reason TEXT,
        release TEXT,
        provider TEXT,
        cloned_from INTEGER REFERENCES cases (id),
        opened_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        closed_at INTEGER,
        CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
        CHECK ((close_at IS NOT NULL) = (status IN ({WITH_CLOCK}))),
        CHECK (remind_at IS NULL OR status = 'pending_customer_input'),
        CHECK (reminded_at IS NULL OR remind_at IS NOT NULL),
        CHECK (hold_reason IS NULL OR close_at IS NOT NULL),
        CHECK (held_until IS NULL OR hold_reason IS NOT NULL)
    )""",
    """CREATE TABLE acts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        agent TEXT NOT NULL,
        at INTEGER NOT NULL,
        undone_by INTEGER REFERENCES acts (id)
    )""",
    """CREATE TABLE entries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        "by" TEXT NOT NULL,
        stay INTEGER NOT NULL,
        from_status TEXT,
        to_status TEXT,
        planned_at INTEGER,
        note TEXT,
        kind TEXT CHECK (kind IN ('customer', 'public', 'internal')),
        author TEXT,
        body TEXT,
        changes TEXT,
        rule TEXT CHECK (rule IN ('reminder', 'closure')),
        act INTEGER REFERENCES acts (id),
        CHECK ((kind IS NULL) = (body IS NULL))
    )""",
    """CREATE TABLE letters (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        entry_id INTEGER NOT NULL REFERENCES entries (id),
        rule TEXT NOT NULL CHECK (rule IN ('reminder', 'closure', 'comment')),
        recipient TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        message_id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'withdrawn')),
        written_at INTEGER NOT NULL,
        sent_at INTEGER,
        tries INTEGER NOT NULL,
        next_try_at INTEGER,
        error TEXT
    )""",
    """CREATE TABLE drafts (
        agent TEXT NOT NULL,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        PRIMARY KEY (agent, case_id, kind)
    )""",
    "CREATE TABLE desk (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE policies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        "by" TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL
    )""",
)

# Open cases are about one in twenty: the indexes that the screens live on hold only those.
INDEXES = (
    "CREATE UNIQUE INDEX cases_external ON cases (external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX cases_newest ON cases (unread, id DESC)",
    "CREATE INDEX cases_queue ON cases (status, unread, priority, status_since, id) WHERE closed_at IS NULL",
    "CREATE INDEX cases_open ON cases (unread, priority, status_since, id) WHERE closed_at IS NULL",
    "CREATE INDEX cases_owner ON cases (owner, unread, priority, status_since, id) WHERE closed_at IS NULL",
    "CREATE INDEX cases_closed ON cases (closed_at DESC, id DESC) WHERE closed_at IS NOT NULL",
    "CREATE INDEX cases_remind ON cases (remind_at, id) WHERE remind_at IS NOT NULL AND reminded_at IS NULL",
    "CREATE INDEX cases_close ON cases (close_at, id) WHERE close_at IS NOT NULL",
    "CREATE INDEX cases_held ON cases (unread, priority, status_since, id) WHERE hold_reason IS NOT NULL",
    "CREATE INDEX cases_clones ON cases (cloned_from) WHERE cloned_from IS NOT NULL",
    "CREATE INDEX entries_case ON entries (case_id, id)",
    "CREATE UNIQUE INDEX entries_once ON entries (case_id, stay, rule) WHERE rule IS NOT NULL",
    "CREATE INDEX entries_act ON entries (act) WHERE act IS NOT NULL",
    "CREATE INDEX acts_agent ON acts (agent, id)",
    "CREATE INDEX letters_state ON letters (state, next_try_at, id)",
    "CREATE INDEX letters_case ON letters (case_id, id)",
)

WORDS = "subject, account, contact, email, product, external_id"
NEW_WORDS = ", ".join(f"new.{word}" for word in WORDS.split(", "))
OLD_WORDS = ", ".join(f"old.{word}" for word in WORDS.split(", "))
SQLITE = (
    """CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
        BEGIN SELECT RAISE(ABORT, 'entries are only added'); END""",
    """CREATE TRIGGER entries_remain BEFORE DELETE ON entries
        BEGIN SELECT RAISE(ABORT, 'entries are only added'); END""",
    """CREATE TRIGGER cases_remain BEFORE DELETE ON cases
        BEGIN SELECT RAISE(ABORT, 'cases are never deleted'); END""",
    f"""CREATE VIRTUAL TABLE case_words USING fts5(
        {WORDS}, content='cases', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    f"""CREATE TRIGGER words_come AFTER INSERT ON cases BEGIN
        INSERT INTO case_words (rowid, {WORDS}) VALUES (new.id, {NEW_WORDS}); END""",
    f"""CREATE TRIGGER words_change AFTER UPDATE OF {WORDS} ON cases BEGIN
        INSERT INTO case_words (case_words, rowid, {WORDS}) VALUES ('delete', old.id, {OLD_WORDS});
        INSERT INTO case_words (rowid, {WORDS}) VALUES (new.id, {NEW_WORDS}); END""",
    "INSERT INTO desk (key, value) VALUES ('id', lower(hex(randomblob(6))))",
)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 - the signature that playhouse calls
    """Make everything."""
    for statement in (*TABLES, *INDEXES, *SQLITE):
        db.execute_sql(statement)
