"""The tables as Peewee sees them; keys, indexes and checks stand in the migrations.

No model is bound to a database: a query runs only where a Store runs it, so a query off the database thread
fails loudly.
"""

import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import peewee

from casetui.domain.records import Priority, What
from casetui.domain.workflow import CommentKind, Rule, Status


class InstantField(peewee.Field):
    """A UTC instant in whole seconds, stored as the seconds since 1970: it sorts and it is small."""

    field_type = "INTEGER"

    def db_value(self, value: datetime | None) -> int | None:
        """Return the seconds since 1970."""
        return None if value is None else int(value.timestamp())

    def python_value(self, value: int | None) -> datetime | None:
        """Return the instant in UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class WordField(peewee.Field):
    """One of the words of an enumeration."""

    field_type = "TEXT"

    def __init__(self, words: type[Enum], **options: Any) -> None:
        super().__init__(**options)
        self.words = {word.value: word for word in words}

    def db_value(self, value: Enum | None) -> Any:
        """Return the word itself."""
        return None if value is None else value.value

    def python_value(self, value: object) -> Enum | None:
        """Return the member that the word stands for."""
        return None if value is None else self.words[value]


class UnreadField(peewee.Field):
    """A flag stored as -1 or 0, so that an ascending index puts unread cases first."""

    field_type = "SMALLINT"

    def db_value(self, value: bool) -> int:  # noqa: FBT001 - a column's value
        """Return -1 for unread."""
        return -1 if value else 0

    def python_value(self, value: int) -> bool:
        """Say whether it is unread."""
        return bool(value)


class ChangesField(peewee.Field):
    """The columns that an entry set, by name, as one JSON object; nothing where it set none."""

    field_type = "TEXT"

    def db_value(self, value: dict[str, object] | None) -> str | None:
        """Return the object as JSON text."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None

    def python_value(self, value: str | None) -> dict[str, object]:
        """Return the object, empty where there is none."""
        return json.loads(value) if value else {}


class Cases(peewee.Model):
    """One row a case, in the order of `records.Case`."""

    id = peewee.AutoField()
    version = peewee.IntegerField()
    external_id = peewee.TextField(null=True)
    subject = peewee.TextField()
    status = WordField(Status)
    stay = peewee.IntegerField()
    status_since = InstantField()
    remind_at = InstantField(null=True)
    close_at = InstantField(null=True)
    reminded_at = InstantField(null=True)
    held_until = InstantField(null=True)
    hold_reason = peewee.TextField(null=True)
    unread = UnreadField()
    owner = peewee.TextField(null=True)
    account = peewee.TextField(null=True)
    contact = peewee.TextField(null=True)
    email = peewee.TextField(null=True)
    product = peewee.TextField(null=True)
    priority = WordField(Priority)
    installation = peewee.TextField(null=True)
    reason = peewee.TextField(null=True)
    release = peewee.TextField(null=True)
    provider = peewee.TextField(null=True)
    cloned_from = peewee.IntegerField(null=True)
    opened_at = InstantField()
    updated_at = InstantField()
    closed_at = InstantField(null=True)

    class Meta:
        table_name = "cases"


class Entries(peewee.Model):
    """One row an entry of a history, in the order of `records.Entry`, then what only the desk asks for."""

    id = peewee.AutoField()
    number = peewee.IntegerField(column_name="case_id")
    at = InstantField()
    what = WordField(What)
    by = peewee.TextField()
    stay = peewee.IntegerField()
    start = WordField(Status, null=True, column_name="from_status")
    target = WordField(Status, null=True, column_name="to_status")
    planned_at = InstantField(null=True)
    note = peewee.TextField(null=True)
    kind = WordField(CommentKind, null=True)
    author = peewee.TextField(null=True)
    body = peewee.TextField(null=True)
    changes = ChangesField(null=True)
    rule = WordField(Rule, null=True)
    act = peewee.IntegerField(null=True)

    class Meta:
        table_name = "entries"


class Acts(peewee.Model):
    """One row an act of an agent, which may have touched several cases; the entries of an act bear its id."""

    id = peewee.AutoField()
    agent = peewee.TextField()
    at = InstantField()
    undone_by = peewee.IntegerField(null=True)

    class Meta:
        table_name = "acts"


class Letters(peewee.Model):
    """One row a letter of the outbox."""

    id = peewee.AutoField()
    number = peewee.IntegerField(column_name="case_id")
    entry = peewee.IntegerField(column_name="entry_id")
    rule = peewee.TextField()
    recipient = peewee.TextField()
    subject = peewee.TextField()
    body = peewee.TextField()
    message_id = peewee.TextField()
    state = peewee.TextField()
    written_at = InstantField()
    sent_at = InstantField(null=True)
    tries = peewee.IntegerField()
    next_try_at = InstantField(null=True)
    error = peewee.TextField(null=True)

    class Meta:
        table_name = "letters"


class Drafts(peewee.Model):
    """One row a comment that an agent has begun: one for each case and kind."""

    agent = peewee.TextField()
    number = peewee.IntegerField(column_name="case_id")
    kind = WordField(CommentKind)
    body = peewee.TextField()
    saved_at = InstantField()
    target = WordField(Status, null=True)
    """The status that a public comment is to move the case to."""

    class Meta:
        table_name = "drafts"
        primary_key = peewee.CompositeKey("agent", "number", "kind")


class LastLooks(peewee.Model):
    """One row an agent who looks at the desk: the instant up to which everything counts as seen."""

    agent = peewee.TextField(primary_key=True)
    since = InstantField()

    class Meta:
        table_name = "looks"


class Seen(peewee.Model):
    """One row a case that an agent has seen after that instant, and in which version."""

    agent = peewee.TextField()
    number = peewee.IntegerField(column_name="case_id")
    version = peewee.IntegerField()

    class Meta:
        table_name = "seen"
        primary_key = peewee.CompositeKey("agent", "number")


class Desk(peewee.Model):
    """What the desk knows of itself, a key and a value a row: its id, when the timer last ran."""

    key = peewee.TextField(primary_key=True)
    value = peewee.TextField()

    class Meta:
        table_name = "desk"


class Policies(peewee.Model):
    """One row a change of the desk's periods or zone, with the instant from which it holds."""

    id = peewee.AutoField()
    at = InstantField()
    by = peewee.TextField()
    key = peewee.TextField()
    value = peewee.TextField()

    class Meta:
        table_name = "policies"


class CaseWords(peewee.Model):
    """The full-text index over the cases' facts, kept true by triggers; ``rowid`` is the case's number."""

    rowid = peewee.IntegerField(primary_key=True)

    class Meta:
        table_name = "case_words"


class Texts(peewee.Model):
    """The full-text index over what was said, kept true by triggers; ``rowid`` is the entry's id."""

    rowid = peewee.IntegerField(primary_key=True)

    class Meta:
        table_name = "texts"


class TextTerms(peewee.Model):
    """The words of that index, in order."""

    term = peewee.TextField()

    class Meta:
        table_name = "text_terms"
        primary_key = False


CASE_COLUMNS = tuple(Cases._meta.sorted_fields)  # noqa: SLF001 - peewee's documented introspection
ENTRY_COLUMNS = tuple(Entries._meta.sorted_fields[:-2])  # noqa: SLF001 - peewee's documented introspection
