"""Canned replies: answers written once, which a case's facts complete, and the status that one may lead to.

A text of theirs reads as a letter's wording does::

    Title: Ask for logs
    Status: pending_customer_input

    Please send us the log of {product} from the hour in which it failed.

``Status`` may be missing; such a reply leaves the case where it is.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from casetui.domain.clocks import full_stamp
from casetui.domain.errors import Misused
from casetui.domain.placeholders import fill, misplaced, plain
from casetui.domain.policy import Policy
from casetui.domain.records import Case
from casetui.domain.workflow import NOT_CHOSEN, Rule, Status, has_clock, read_status, takes_comment_only

PLACES = ("number", "subject", "contact", "account", "product", "agent", "closes")
"""The placeholders; ``{closes}`` is the time at which the timer will close a case that the reply has moved."""
_CLOCKLESS = "wants a Status that closes by the clock"
_HEADS = ("title", "status")


class Reply(Struct, frozen=True):
    """A public comment written beforehand; ``status`` is where it leads the case, None where it stays."""

    title: str
    status: Status | None
    text: str

    @classmethod
    def read(cls, text: str) -> "Reply":
        """Return the reply that a text without `faults` is."""
        head, _, body = plain(text).partition("\n\n")
        said = {name.strip().lower(): value.strip() for name, _, value in _heads(head)}
        status = read_status(said["status"])[0] if "status" in said else None
        return cls(said["title"], status, body.strip("\n"))

    def filled(self, case: Case, agent: str, policy: Policy, now: datetime) -> str:
        """Return the text as it would be sent now; a fact that the case has not leaves no gap."""
        closes = policy.deadline(self.status, Rule.CLOSURE, now) if self.status else None
        facts = {
            "number": str(case.number),
            "subject": case.subject,
            "contact": case.contact,
            "account": case.account,
            "product": case.product,
            "agent": agent,
            "closes": full_stamp(closes, policy.zone) if closes else "",
        }
        return fill(self.text, {name: " ".join((value or "").split()) for name, value in facts.items()})


SHIPPED = (
    Reply(
        "Ask for logs",
        Status.CUSTOMER_INPUT,
        """\
To find the cause we need the log of the time when it happened. Please send us

- the log file, from a few minutes before until a few minutes after,
- the exact time, with the time zone,
- the text of any message that you saw.

Without an answer the case closes on {closes}.""",
    ),
    Reply(
        "Ask for steps",
        Status.CUSTOMER_INPUT,
        """\
We have not been able to see this ourselves yet. Please tell us

1. what you did, step by step,
2. what you expected to happen,
3. what happened instead,
4. whether it happens every time.

Without an answer the case closes on {closes}.""",
    ),
    Reply(
        "We are at work on it",
        None,
        """\
Your case {number}, "{subject}", is in work. You need not do anything now; we write as soon as there is
something to tell, and sooner if we need something from you.""",
    ),
    Reply(
        "Please test",
        Status.CUSTOMER_TESTING,
        """\
We believe that this is mended now. Please try it, and tell us whether it does what you need.

If we do not hear from you, the case closes on {closes}.""",
    ),
    Reply(
        "Please confirm",
        Status.CONFIRMATION,
        """\
We believe that your question is answered. If it is not, just write back, and we go on.

If we do not hear from you, the case closes on {closes}.""",
    ),
)
"""The replies that casetui brings, where a desk has none of its own."""


def faults(text: str) -> list[tuple[int, str]]:
    """Return what is wrong with the text of a reply, each with its line."""
    head, blank, body = plain(text).partition("\n\n")
    found, said = [], {}
    for at, (name, colon, value) in enumerate(_heads(head), start=1):
        known = name.strip().lower()
        if not colon or known not in _HEADS:
            found.append((at, "the lines above the first blank one are 'Title: ' and, if wanted, 'Status: '"))
        elif known in said:
            found.append((at, f"'{name.strip()}' is said twice"))
        elif known == "status":
            found += [(at, sentence) for sentence in _unfit(value.strip())]
        said[known] = value.strip()
    if not said.get("title"):
        found.append((1, "the reply has no 'Title: ' by which it is chosen"))
    if not body.strip():
        found.append((len(head.split("\n")) + 1, "there is no reply below the title, after a blank line"))
    status = None if found or "status" not in said else read_status(said["status"])[0]
    elsewhere = {} if found or (status and has_clock(status)) else {"closes": _CLOCKLESS}
    first = len((head + blank).split("\n"))
    for at, line in enumerate(body.split("\n"), start=first):
        found += [(at, sentence) for sentence in misplaced(line, PLACES, elsewhere)]
    return sorted(found)


def _heads(head: str) -> Iterator[tuple[str, str, str]]:
    return (line.partition(":") for line in head.split("\n"))


def _unfit(name: str) -> Iterator[str]:
    """Yield why a reply cannot lead to a status of that name."""
    try:
        status = read_status(name)[0]
    except Misused as error:
        yield str(error).removesuffix(".")
        return
    if status in NOT_CHOSEN or not takes_comment_only(status):
        yield f"a reply alone cannot lead to {status.label}"
