"""The wording of letters, shipped or the desk's own, and the names by which mail programs thread them (SPEC 6)."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from casetui.domain.clocks import full_stamp
from casetui.domain.placeholders import fill, misplaced, plain, says
from casetui.domain.records import Case
from casetui.domain.workflow import Rule

COMMENT = "comment"
"""The rule of a letter that carries a public comment."""
KINDS = (Rule.REMINDER.value, Rule.CLOSURE.value, COMMENT)
"""What a letter can be; the wording of each can be replaced."""
PLACES = {
    "number": KINDS,
    "subject": KINDS,
    "contact": KINDS,
    "status": KINDS,
    "closes": KINDS,
    "comment": (COMMENT,),
}
"""The placeholders of a wording, and the letters that have something to say there."""
_HEAD = "subject:"


class Letter(Struct, frozen=True):
    """A letter as it will be sent; the same case, stay and rule always give the same Message-ID."""

    recipient: str
    subject: str
    body: str
    message_id: str


class Mailing(Struct, frozen=True):
    """A letter of the outbox as it stands: ``state`` is waiting, sent, failed or withdrawn."""

    id: int
    number: int
    rule: str
    recipient: str
    subject: str
    message_id: str
    state: str
    written_at: datetime
    sent_at: datetime | None
    tries: int
    next_try_at: datetime | None
    error: str | None


class Template(Struct, frozen=True):
    """The wording of one kind of letter, with placeholders such as ``{number}``."""

    subject: str
    body: str

    @classmethod
    def read(cls, text: str) -> "Template":
        """Return the template that a text without `faults` is: ``Subject: ...``, a blank line, the body."""
        head, _, body = plain(text).partition("\n")
        return cls(head[len(_HEAD) :].strip(), body.strip("\n") + "\n")

    def says(self, name: str) -> bool:
        """Say whether the wording has a placeholder."""
        return says(self.subject, name) or says(self.body, name)

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return subject and body; the subject names the case's number even where the wording does not."""
        subject = " ".join(fill(self.subject, values).split())
        if not says(self.subject, "number"):
            subject = f"[Case {values['number']}] {subject}"
        return subject, fill(self.body, values)


class Wording(Struct, frozen=True):
    """The wording of every kind of letter, as shipped unless the desk has its own."""

    reminder: Template = Template(
        "[Case {number}] We wait for your answer: {subject}",
        """\
Hello {contact},

we asked you for information on your case {number}, "{subject}", and have not heard from you yet.

Please answer this letter so that we can go on. Without an answer the case closes on {closes}.

Your support team
""",
    )
    closure: Template = Template(
        "[Case {number}] Closed: {subject}",
        """\
Hello {contact},

we have closed your case {number}, "{subject}", because it waited for you ({status}) and we did not hear from
you.

A closed case stays closed. If the matter is still open, write to us, and we will open a new case from this
one.

Your support team
""",
    )
    comment: Template = Template(
        "[Case {number}] {subject}",
        """\
Hello {contact},

{comment}

Your support team
""",
    )


SHIPPED = Wording()
"""The wording that casetui brings."""


def compose(case: Case, rule: Rule, *, zone: str, desk: str, wording: Wording = SHIPPED) -> Letter:
    """Write the letter of a rule to the case's customer; ``desk`` is the id that keeps desks apart.

    Raises ValueError where the case has no address.
    """
    template = wording.reminder if rule is Rule.REMINDER else wording.closure
    return _write(case, template, f"stay-{case.stay}.{rule.value}", zone=zone, desk=desk)


def compose_comment(
    case: Case, entry: int, comment: str, *, zone: str, desk: str, wording: Wording = SHIPPED
) -> Letter:
    """Write the letter that carries a public comment, which is the entry of that id.

    Raises ValueError where the case has no address.
    """
    return _write(case, wording.comment, f"entry-{entry}", zone=zone, desk=desk, comment=comment)


def thread(number: int, desk: str) -> str:
    """Return the id to which all letters of a case refer, so that mail programs show them as one thread."""
    return f"<case-{number}@{desk}.casetui>"


def faults(text: str, kind: str) -> list[tuple[int, str]]:
    """Return what is wrong with the text of a template, each with its line."""
    head, *rest = plain(text).split("\n")
    found = []
    if not head.lower().startswith(_HEAD) or not head[len(_HEAD) :].strip():
        found.append((1, "the first line is to be 'Subject: ' and the subject"))
    if rest and rest[0].strip():
        found.append((2, "the second line is to be blank; the letter begins below it"))
    if not any(line.strip() for line in rest[1:]):
        found.append((len(rest) + 1, "there is no letter below the subject"))
    known = [name for name, kinds in PLACES.items() if kind in kinds]
    silent = {name: "has nothing to say in this letter" for name in PLACES if name not in known}
    for at, line in enumerate((head, *rest), start=1):
        found += [(at, sentence) for sentence in misplaced(line, known, silent)]
    return sorted(found)


def _write(case: Case, template: Template, what: str, *, zone: str, desk: str, comment: str = "") -> Letter:
    if not case.email:
        raise ValueError(case.number)
    values = {
        "number": str(case.number),
        "subject": " ".join(case.subject.split()),
        "contact": case.contact or "",
        "status": case.status.label,
        "closes": full_stamp(case.close_at, zone) if case.close_at and template.says("closes") else "",
        "comment": comment,
    }
    subject, body = template.filled(values)
    return Letter(case.email, subject, body, f"<case-{case.number}.{what}@{desk}.casetui>")
