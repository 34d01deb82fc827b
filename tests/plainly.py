"""Queries as a test makes them: what each looks like, and, in plain Python, for which cases it holds."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from casetui.domain.records import Case, Entry, Priority, What
from casetui.domain.workflow import Party, Status

ME = "ana"
WORDS = (
    "proxy", "Proxy", "prox", "times out", "cafe", "CAFÉ", "504", "50", "e-mail", "über", "ghent", "uni ghent",
    "1", "12", "library", "zz", "...", "log", "the log", "a",
)  # fmt: skip
"""Words and phrases, some of them unfinished, some with accents, some nowhere."""
DAYS = (1, 3, 10, 20, 40, 70)


@dataclass(frozen=True)
class Known:
    """All that a plain look at a desk can know of a case."""

    case: Case
    entries: Sequence[Entry]
    changed: bool
    drafted: bool
    now: datetime


@dataclass(frozen=True)
class Query:
    """A query: its text, and for which cases it holds."""

    text: str
    holds: Callable[[Known, bool], bool] = field(compare=False)
    """``everywhere`` says whether words are looked for in all that was said, or in what a list shows."""
    said: str | None = None
    """The word or phrase, where it is no more than that."""
    joins: str = ""
    """What joins its parts, where it has some."""

    def __repr__(self) -> str:
        return self.text


def test(text: str, holds: Callable[[Known], bool]) -> Query:
    """Return a query that asks for something other than words."""
    return Query(text, lambda known, _everywhere: holds(known))


def tokens(text: str) -> list[str]:
    """Return a text's words as an index keeps them: without accents and capital letters."""
    plain = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return re.findall(r"[^\W_]+", plain.lower())


def has(text: str, wanted: str, least: int) -> bool:
    """Say whether a text holds a phrase, whose last word may be unfinished from ``least`` letters on."""
    held, words = tokens(text), tokens(wanted)
    unfinished = len(words[-1]) >= least

    def fits(at: int) -> bool:
        here = held[at : at + len(words)]
        last = here[-1] if here else ""
        return here[:-1] == words[:-1] and (last == words[-1] or (unfinished and last.startswith(words[-1])))

    return any(fits(at) for at in range(len(held) - len(words) + 1))


def says(known: Known, wanted: Sequence[str], *, everywhere: bool) -> bool:
    """Say whether one text of a case, or the facts that a list shows, hold all these words."""
    wanted = [each for each in wanted if tokens(each)]
    case = known.case
    facts = [case.subject, case.account, case.contact, case.email, case.product, case.external_id]
    if not everywhere:
        return all(
            any(has(fact, each, 1) for fact in facts if fact) or each == str(case.number) for each in wanted
        )
    about = " ".join(fact or "" for fact in (str(case.number), facts[5], *facts[:5]))
    bodies = [entry.body or "" for entry in known.entries if entry.body or entry.what is What.OPENED]
    return any(all(has(body, each, 3) or has(about, each, 3) for each in wanted) for body in bodies)


def word(text: str) -> Query:
    """Return a query of a word, or of a phrase in quotes."""
    shown = f'"{text}"' if " " in text else text
    return Query(shown, lambda known, everywhere: says(known, [text], everywhere=everywhere), said=text)


def together(parts: Sequence[Query]) -> Query:
    """Return what must all hold; words that stand side by side must stand in one text."""
    said = [part.said for part in parts if part.said is not None]
    others = [part for part in parts if part.said is None]

    def holds(known: Known, everywhere: bool) -> bool:  # noqa: FBT001 - one of two ways to look
        rest = all(part.holds(known, everywhere) for part in others)
        return rest and (not said or says(known, said, everywhere=everywhere))

    return Query(" ".join(f"({part.text})" if part.joins else part.text for part in parts), holds, joins="and")


def either(parts: Sequence[Query]) -> Query:
    """Return what must hold in part."""

    def holds(known: Known, everywhere: bool) -> bool:  # noqa: FBT001 - as above
        return any(part.holds(known, everywhere) for part in parts)

    return Query(
        " or ".join(f"({part.text})" if part.joins == "or" else part.text for part in parts), holds, joins="or"
    )


def negated(part: Query, sign: str) -> Query:
    """Return what must not hold."""
    shown = f"({part.text})" if part.joins else part.text
    gap = " " if sign == "not" or shown.startswith(("-", "not ", "(")) else ""
    return Query(f"{sign}{gap}{shown}", lambda known, everywhere: not part.holds(known, everywhere))


def next_act(case: Case) -> datetime | None:
    """Return when the timer acts next."""
    ahead = case.remind_at if case.reminded_at is None else None
    return min((at for at in (ahead, case.close_at) if at is not None), default=None)


def _compared(name: str, days: int, *, more: bool) -> Query:
    def holds(known: Known) -> bool:
        passed = known.now - SINCE[name](known.case)
        return passed > timedelta(days=days) if more else passed < timedelta(days=days)

    return test(f"{name}{'>' if more else '<'}{days}d", holds)


def _due(days: int, *, more: bool) -> Query:
    def holds(known: Known) -> bool:
        at = next_act(known.case)
        limit = known.now + timedelta(days=days)
        return at is not None and (at > limit if more else at <= limit)

    return test(f"due{'>' if more else '<'}{days}d", holds)


def _fact(name: str, value: str) -> Query:
    """Return a query for a fact: some words of it, exactly this, or none."""
    if value == "none":
        return test(f"{name}:none", lambda known: getattr(known.case, name) is None)
    if value.startswith("="):
        wanted = value[1:].lower()
        return test(f'{name}:="{value[1:]}"', lambda known: (getattr(known.case, name) or "").lower() == wanted)
    return test(f'{name}:"{value}"', lambda known: has(getattr(known.case, name) or "", value, 1))


def _statuses(found: Sequence[Status]) -> Query:
    return test(f"status:{','.join(found)}", lambda known: known.case.status in found)


def _owners(names: Sequence[str]) -> Query:
    owners = [{"me": ME, "nobody": None}.get(name, name) for name in names]
    return test(f"owner:{','.join(names)}", lambda known: known.case.owner in owners)


def _waits(word: str, *parties: Party) -> Query:
    return test(f"waits:{word}", lambda known: known.case.whose_move in parties)


def _priority(text: str, priority: Priority) -> Query:
    return test(text, lambda known: known.case.priority is priority)


FLAGS = (
    test("changed", lambda known: known.changed),
    test("draft", lambda known: known.drafted),
    test("unread", lambda known: known.case.unread),
    test("due", lambda known: (at := next_act(known.case)) is not None and at <= known.now),
    test("held", lambda known: known.case.held(known.now)),
    test("unassigned", lambda known: known.case.owner is None and known.case.closed_at is None),
    test("open", lambda known: known.case.closed_at is None),
    test("closed", lambda known: known.case.closed_at is not None),
    test("unreminded", lambda known: known.case.remind_at is not None and known.case.email is None),
)
PARTIES = tuple(_waits(party.value.replace(" ", "_"), party) for party in Party)
OTHERS = _waits("others", Party.DEVELOPMENT, Party.CONTENT, Party.THIRD_PARTY)
PRIORITIES = tuple(
    _priority(text, each) for each in Priority for text in (f"p{each.value}", f"priority:{each.slug}")
)
FACTS = tuple(
    _fact(name, value)
    for name, values in {
        "account": ("ghent", "uni ghent", "=Uni Ghent", "=uni ghent library", "none", "café"),
        "contact": ("peeters", "none", "=J. Peeters"),
        "email": ("j", "example", "none"),
        "product": ("alma", "none"),
    }.items()
    for value in values
)
MORE = (
    test("installation:direct", lambda known: known.case.installation == "Direct"),
    test("installation:none", lambda known: known.case.installation is None),
    test("reason:defect,none", lambda known: known.case.reason in ("defect", None)),
    test("release:none", lambda known: known.case.release is None),
    test("provider:Ex", lambda known: known.case.provider == "Ex"),
    test("number:1,3,999", lambda known: known.case.number in (1, 3, 999)),
    test("view:mine", lambda known: known.case.owner == ME and known.case.whose_move is Party.US),
    test(
        "view:loud",
        lambda known: (
            known.case.closed_at is None
            and (known.case.priority is Priority.DOWN or says(known, ["proxy"], everywhere=False))
        ),
    ),
    test("view:gone", lambda known: known.case.closed_at is not None),
)
VIEWS = {"loud": "p1 or proxy", "gone": "closed"}
"""Views of one's own that the queries name."""

SINCE: dict[str, Callable[[Case], datetime]] = {
    "age": lambda case: case.opened_at,
    "for": lambda case: case.status_since,
    "idle": lambda case: case.updated_at,
}
MEASURES = tuple(
    made for days in DAYS for more in (True, False)
    for made in (*(_compared(name, days, more=more) for name in SINCE), _due(days, more=more))
)  # fmt: skip
signs = st.sampled_from(("-", "not"))
plain = st.one_of(
    st.sampled_from((*FLAGS, *PARTIES, OTHERS, *PRIORITIES, *FACTS, *MORE)),
    st.sampled_from(MEASURES),
    st.sampled_from(WORDS).map(word),
    st.lists(st.sampled_from(list(Status)), min_size=1, max_size=3, unique=True).map(_statuses),
    st.lists(st.sampled_from(("me", "nobody", "ben", "zed")), min_size=1, max_size=2, unique=True).map(_owners),
)
single = st.one_of(plain, plain, st.builds(negated, plain, signs))


def _grown(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    parts = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(parts.map(together), parts.map(either), st.builds(negated, inner, signs))


queries = st.recursive(single, _grown, max_leaves=6)
