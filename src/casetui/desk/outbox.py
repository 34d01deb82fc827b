"""The outbox: letters are claimed, handed to the post outside any transaction, and what became of them noted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from peewee import fn

from casetui.desk.facts import desk_id, read_policy
from casetui.desk.ledger import Ledger, case_of
from casetui.desk.post import Answer, Fate, Post
from casetui.domain import letters
from casetui.domain.clocks import Clock, stamp
from casetui.domain.errors import Misused, Refused
from casetui.domain.letters import SHIPPED, Letter, Mailing, Wording
from casetui.domain.records import TIMER, What
from casetui.domain.workflow import CommentKind
from casetui.storage.store import Store
from casetui.storage.tables import Entries, Letters

if TYPE_CHECKING:
    from casetui.settings import Settings

MAILER = f"{TIMER}:mail"
"""Who says in a history that a customer cannot be reached."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=4))
"""How long a letter waits after each try that failed; after one more it is failed."""
LEASE = timedelta(minutes=15)
"""How long a claimed letter is left to its deliverer; one that dies leaves it to the next after that."""
_SLOWEST = 20
"""Answers of a server that one letter may have to wait for, each for as long as the settings allow."""
_SET_BACK = timedelta(days=1)
"""A next try further away than this was set by a clock that has been set back since."""
_COLUMNS = (
    Letters.id, Letters.number, Letters.rule, Letters.recipient, Letters.subject, Letters.message_id,
    Letters.state, Letters.written_at, Letters.sent_at, Letters.tries, Letters.next_try_at, Letters.error,
)  # fmt: skip


class Delivered(Struct, frozen=True):
    """What one round of delivery did: letters sent and failed for good, and how many wait after it.

    ``trouble`` says why the round ended before its end, where it did: the server takes no letters now.
    """

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    trouble: str = ""


class _Claim(Struct, frozen=True):
    """A letter that is ours to send until its lease ends; its count of tries says whose."""

    id: int
    number: int
    tries: int
    written_at: datetime
    letter: Letter


class Outbox:
    """The letters of a desk, written in the transactions that caused them, and their delivery."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def listed(self, *states: str) -> list[Mailing]:
        """Return the letters, oldest first: all of them, or those in some states."""
        query = Letters.select(*_COLUMNS).order_by(Letters.id)
        rows = self.store.rows(query.where(Letters.state.in_(states)) if states else query)
        return [Mailing(*row) for row in rows]

    def waiting(self) -> int:
        """Return how many letters wait."""
        return self._count("waiting")

    def failed(self) -> int:
        """Return how many letters have failed for good."""
        return self._count("failed")

    def mailing(self, number: int) -> Mailing:
        """Return a letter of the outbox by its id; raise Refused where there is none."""
        rows = self.store.rows(Letters.select(*_COLUMNS).where(Letters.id == number))
        if not rows:
            raise Refused(f"There is no letter {number}; 'casetui mail list' lists them.")
        return Mailing(*rows[0])

    def letter(self, number: int) -> Letter:
        """Return a letter as it is sent, by its id; raise Refused where there is none."""
        self.mailing(number)
        columns = (Letters.recipient, Letters.subject, Letters.body, Letters.message_id)
        return Letter(*self.store.rows(Letters.select(*columns).where(Letters.id == number))[0])

    def retry(self, number: int) -> Mailing:
        """Let a failed letter wait again with all its tries, to the address that its case has now.

        Raises Refused for a letter that has not failed.
        """
        with self.store.write():
            kept = self.mailing(number)
            if kept.state != "failed":
                raise Refused(f"Letter {number} {self._standing(kept)}; only a failed letter is tried again.")
            case = case_of(self.store, kept.number)
            address = (case.email if case else None) or kept.recipient
            anew = {"state": "waiting", "tries": 0, "next_try_at": None, "error": None, "recipient": address}
            self.store.execute(Letters.update(anew).where(Letters.id == number))
            return self.mailing(number)

    def deliver(self, post: Post, stop: Callable[[], bool] = bool) -> Delivered:
        """Send what is due, oldest first, until ``stop`` says so, and return what became of it.

        Each letter is claimed first, in a transaction of its own, so that of many deliverers one sends it. None
        is open while the server is spoken to. Once the server takes no letters the round is over, and only the
        letter at hand has used up a try. Raises Misused where the server refuses the login.
        """
        sent = failed = last = 0
        trouble = ""
        desk, lease = desk_id(self.store), max(LEASE, _SLOWEST * timedelta(seconds=post.mail.timeout))
        while not stop() and self._next(last) is not None:
            down = post.open()
            claim = self._claim(last, lease)
            if claim is None:
                break
            last = claim.id
            thread = letters.thread(claim.number, desk)
            answer = down or post.send(claim.letter, thread, claim.written_at)
            state = self._note(claim, answer)
            sent += state == "sent"
            failed += state == "failed"
            if answer.fate is Fate.DOWN:
                trouble = answer.words
                break
        return Delivered(sent, self.waiting(), failed, trouble)

    def _count(self, state: str) -> int:
        return int(self.store.value(Letters.select(fn.COUNT(Letters.id)).where(Letters.state == state)))

    def _standing(self, kept: Mailing) -> str:
        if kept.state == "waiting" and kept.next_try_at is not None:
            return f"waits, and its next try is at {stamp(kept.next_try_at, read_policy(self.store).zone)}"
        return "waits already" if kept.state == "waiting" else f"is {kept.state}"

    def _next(self, last: int) -> tuple[Any, ...] | None:
        """Return the first letter after ``last`` that is due, or None."""
        now = self.clock.now()
        at = Letters.next_try_at
        due = at.is_null() | (at <= now) | (at > now + _SET_BACK)
        columns = (Letters.recipient, Letters.subject, Letters.body, Letters.message_id)
        query = Letters.select(Letters.id, Letters.number, Letters.tries, Letters.written_at, *columns)
        rows = self.store.rows(
            query.where((Letters.state == "waiting") & (Letters.id > last) & due).order_by(Letters.id).limit(1)
        )
        return rows[0] if rows else None

    def _claim(self, last: int, lease: timedelta) -> _Claim | None:
        """Take the first letter after ``last`` that is due, for as long as a lease."""
        with self.store.write():
            found = self._next(last)
            if found is None:
                return None
            number, case, tries, written_at, *words = found
            ours = {"tries": tries + 1, "next_try_at": self.clock.now() + lease}
            self.store.execute(Letters.update(ours).where(Letters.id == number))
        return _Claim(number, case, tries + 1, written_at, Letter(*words))

    def _note(self, claim: _Claim, answer: Answer) -> str:
        """Write down what became of a letter and return its state; what was sent is sent, whoever has it now."""
        now = self.clock.now()
        with self.store.write():
            if answer.fate is Fate.SENT:
                done = {"state": "sent", "sent_at": now, "next_try_at": None, "error": None}
                self.store.execute(Letters.update(done).where(Letters.id == claim.id))
                return "sent"
            gone = answer.fate is Fate.NEVER or claim.tries > len(PAUSES)
            pause = None if gone else now + PAUSES[claim.tries - 1]
            noted = {"state": "failed" if gone else "waiting", "next_try_at": pause, "error": answer.words}
            ours = (Letters.id == claim.id) & (Letters.state == "waiting") & (Letters.tries == claim.tries)
            if not self.store.execute(Letters.update(noted).where(ours)):
                return ""
            if answer.fate is Fate.NEVER:
                self._mark_unreachable(claim.number, answer.words)
            return str(noted["state"])

    def _mark_unreachable(self, number: int, words: str) -> None:
        """Say in the case's history that its customer cannot be reached; its closure waits until that is seen."""
        case = case_of(self.store, number)
        if case is not None:
            ledger = Ledger(self.store, self.clock.now(), MAILER)
            ledger.update(case, {"unread": True})
            ledger.enter(case, What.UNREACHABLE, {"unread": True}, note=words)


class CommentPost:
    """Puts public comments into the outbox, for desks that send them as letters; called by the verbs."""

    def __init__(self, store: Store, wording: Wording = SHIPPED) -> None:
        self.store = store
        self.wording = wording

    def __call__(self, number: int, now: datetime) -> None:
        """Write the newest public comment of a case as a letter, in the transaction that wrote the comment."""
        case = case_of(self.store, number)
        if case is None or not case.email:
            return
        public = (Entries.number == number) & (Entries.kind == CommentKind.PUBLIC)
        newest = Entries.select(Entries.id, Entries.body).where(public).order_by(Entries.id.desc()).limit(1)
        entry, body = self.store.rows(newest)[0]
        zone, desk = read_policy(self.store).zone, desk_id(self.store)
        letter = letters.compose_comment(case, entry, body, zone=zone, desk=desk, wording=self.wording)
        row = {
            "number": number, "entry": entry, "rule": letters.COMMENT, "recipient": letter.recipient,
            "subject": letter.subject, "body": letter.body, "message_id": letter.message_id, "state": "waiting",
            "written_at": now, "tries": 0,
        }  # fmt: skip
        self.store.execute(Letters.insert(row))


def comment_post(store: Store, settings: "Settings") -> CommentPost | None:
    """Return what the verbs are to be given as ``post``: nothing where public comments are not sent as letters."""
    if settings.mail is None or not settings.mail.public_comments:
        return None
    return CommentPost(store, settings.wording())


def deliver_once(path: Path, clock: Clock, settings: "Settings", stop: Callable[[], bool] = bool) -> Delivered:
    """Open the database, send what is due and close it again: one round, on the thread that calls it.

    Raises Misused without a mail server in the settings, without its password, or where it refuses the login;
    OutOfReach where the database cannot be opened or written.
    """
    if settings.mail is None:
        raise Misused(f"No mail server is set: {settings.file} has no [mail].")
    password = settings.password()
    store = Store.open(path)
    try:
        with Post(settings.mail, password) as post:
            return Outbox(store, clock).deliver(post, stop)
    finally:
        store.close()
