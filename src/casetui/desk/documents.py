"""What programs read: cases, histories, statuses and the timer's work as JSON documents (SPEC 8)."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from casetui.domain.clocks import rfc3339
from casetui.domain.letters import Letter, Mailing
from casetui.domain.records import Case, DueAct, Entry, Swept
from casetui.domain.safe import clean
from casetui.domain.workflow import Status

Document = dict[str, Any]

CASE_KEYS = (
    "number", "external_id", "subject", "status", "status_label", "whose_move", "stay", "status_since",
    "remind_at", "close_at", "reminded_at", "held_until", "hold_reason", "unread", "owner", "account", "contact",
    "email", "product", "priority", "installation", "reason", "release", "provider", "cloned_from", "clones",
    "opened_at", "updated_at", "closed_at", "version",
)  # fmt: skip
"""The keys of a case, in their order."""

_INSTANTS = (
    "status_since", "remind_at", "close_at", "reminded_at", "held_until", "opened_at", "updated_at", "closed_at",
)  # fmt: skip
_BEYOND_ASCII = re.compile("[^\n\x20-\x7e]")


def json_text(document: object, indent: int | None = None) -> str:
    """Return a document as JSON text that no terminal obeys: what ``clean`` would take out is escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    return text if text.isascii() and "\x7f" not in text else _BEYOND_ASCII.sub(_harmless, text)


def case_document(case: Case) -> Document:
    """Return a case as ``list`` prints it."""
    special = {
        "status": case.status.value,
        "status_label": case.status.label,
        "whose_move": case.whose_move.value,
        "priority": case.priority.slug,
        "clones": list(case.clones),
        **{name: rfc3339(getattr(case, name)) for name in _INSTANTS},
    }
    return {key: special[key] if key in special else getattr(case, key) for key in CASE_KEYS}


def shown_document(case: Case, history: Iterable[Entry]) -> Document:
    """Return a case as ``show`` prints it: with its comments and its history, oldest first."""
    entries = list(history)
    return {
        **case_document(case),
        "comments": [comment_document(entry) for entry in entries if entry.kind is not None],
        "history": [entry_document(entry) for entry in entries],
    }


def comment_document(entry: Entry) -> Document:
    """Return the comment that an entry holds."""
    return {
        "kind": None if entry.kind is None else entry.kind.value,
        "author": entry.author,
        "body": entry.body,
        "at": rfc3339(entry.at),
    }


def entry_document(entry: Entry) -> Document:
    """Return an entry without the words of its comment."""
    return {
        "what": entry.what.value,
        "by": entry.by,
        "at": rfc3339(entry.at),
        "from": None if entry.start is None else entry.start.value,
        "to": None if entry.target is None else entry.target.value,
        "planned_at": rfc3339(entry.planned_at),
        "note": entry.note,
    }


def due_document(act: DueAct) -> Document:
    """Return what the timer will do with a case."""
    return {
        "number": act.case.number,
        "status": act.case.status.value,
        "rule": act.rule.value,
        "due_at": rfc3339(act.due_at),
        "held": act.held,
    }


def swept_document(swept: Swept) -> Document:
    """Return what a sweep did."""
    return {
        "reminded": list(swept.reminded),
        "closed": list(swept.closed),
        "held": list(swept.held),
        "letters": swept.letters,
    }


def policy_document(
    zone: str, periods: Mapping[str, str], changes: Iterable[tuple[datetime, str, str, str]]
) -> Document:
    """Return the desk's zone, its periods by key, and every change of them."""
    names = ("at", "by", "key", "value")
    said = [dict(zip(names, (rfc3339(at), *rest), strict=True)) for at, *rest in changes]
    return {"zone": zone, "periods": dict(periods), "changes": said}


def status_document(status: Status) -> Document:
    """Return a row of the status table."""
    row = status.row
    return {
        "status": status.value,
        "label": row.label,
        "group": row.group.value,
        "whose_move": row.whose_move.value,
        "means": row.means,
        "on_customer_comment": None if row.on_customer_comment is None else row.on_customer_comment.value,
        "reminder": None if row.reminder is None else str(row.reminder),
        "closure": None if row.closure is None else str(row.closure),
        "moves": [target.value for target in row.moves],
        "customer_moves": [target.value for target in row.customer_moves],
        "reasons": list(row.reasons),
    }


def mailing_document(mailing: Mailing) -> Document:
    """Return a letter of the outbox."""
    return {
        "id": mailing.id,
        "number": mailing.number,
        "rule": mailing.rule,
        "to": mailing.recipient,
        "subject": mailing.subject,
        "message_id": mailing.message_id,
        "state": mailing.state,
        "written_at": rfc3339(mailing.written_at),
        "sent_at": rfc3339(mailing.sent_at),
        "tries": mailing.tries,
        "error": mailing.error,
    }


def letter_document(letter: Letter | None) -> Document | None:
    """Return a letter as it will be sent, or nothing where there is nobody to send it to."""
    if letter is None:
        return None
    return {
        "to": letter.recipient,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "body": letter.body,
    }


def _harmless(found: re.Match[str]) -> str:
    return _escaped(found[0])


@lru_cache(1_000)
def _escaped(sign: str) -> str:
    return sign if clean(sign) == sign else json.dumps(sign)[1:-1] if sign > "\x7f" else "\\u007f"
