"""The ways that made-up cases go: which acts lead to which status, who does each, and how long it takes."""

from msgspec import Struct

from casetui.desk.demo.rhythm import DAY, HOUR, MINUTE
from casetui.domain.workflow import Status

CUSTOMER, AGENT, TIMER = "customer", "agent", "timer"


class Step(Struct, frozen=True):
    """One act in a case's life: whose it is, how many hours it may take to come, whether it begins a stay."""

    actor: str
    least: float
    most: float
    moves: bool = False


STEPS = {
    "open": Step(CUSTOMER, 0, 0, moves=True),
    "clone": Step(AGENT, 0, 0, moves=True),
    "review": Step(AGENT, 0.3, 10, moves=True),
    "take": Step(AGENT, 0.2, 20, moves=True),
    "tier1": Step(AGENT, 0.2, 16, moves=True),
    "hand": Step(AGENT, 1, 40, moves=True),
    "raise": Step(AGENT, 0.1, 4),
    "note1": Step(AGENT, 0.2, 5),
    "ask": Step(AGENT, 0.3, 8, moves=True),
    "remember": Step(AGENT, 200, 400, moves=True),
    "reply": Step(CUSTOMER, 2, 140, moves=True),
    "reply late": Step(CUSTOMER, 175, 460, moves=True),
    "resume": Step(AGENT, 0.2, 20, moves=True),
    "reviewed": Step(AGENT, 0.2, 20, moves=True),
    "note2": Step(AGENT, 0.5, 20),
    "more": Step(AGENT, 0.5, 20, moves=True),
    "may": Step(CUSTOMER, 1, 60, moves=True),
    "answer": Step(AGENT, 0.5, 30, moves=True),
    "again": Step(AGENT, 2, 50, moves=True),
    "object": Step(CUSTOMER, 2, 150, moves=True),
    "trying": Step(CUSTOMER, 2, 90, moves=True),
    "read": Step(AGENT, 0.1, 8),
    "confirm": Step(CUSTOMER, 2, 180, moves=True),
    "agree": Step(CUSTOMER, 2, 180, moves=True),
    "withdraw": Step(CUSTOMER, 2, 70),
    "close": Step(AGENT, 0.3, 20, moves=True),
    "lapse": Step(TIMER, 0, 0, moves=True),
    "dev": Step(AGENT, 1, 30, moves=True),
    "found": Step(AGENT, 20, 300),
    "release": Step(AGENT, 4, 160, moves=True),
    "test": Step(AGENT, 200, 1_000, moves=True),
    "delivered": Step(AGENT, 200, 1_000, moves=True),
    "tested": Step(CUSTOMER, 20, 700),
    "content": Step(AGENT, 1, 30, moves=True),
    "checked": Step(AGENT, 10, 150),
    "third": Step(AGENT, 2, 40, moves=True),
    "returned": Step(AGENT, 100, 700, moves=True),
    "back": Step(AGENT, 2, 60, moves=True),
    "chase": Step(CUSTOMER, 60, 400),
    "assign": Step(AGENT, 0.1, 3),
    "testing": Step(CUSTOMER, 900, 1_800),
    "late": Step(CUSTOMER, 0.5, 30),
    "update": Step(AGENT, 40, 300),
    "hold": Step(AGENT, 20, 60),
    "extend": Step(AGENT, 4, 80),
}


class Route(Struct, frozen=True):
    """A way through the statuses: the kind of thread that can go it, and its acts in order."""

    kind: str
    acts: tuple[str, ...]


_HEADS = {
    "ASKED": "note1 ask reply resume note2",
    "FIXED": "open tier1 note1 ask reply resume note2 hand dev found release",
    "LOADED": "open take note1 ask reply resume note2 content checked",
    "SOURCED": "open take note1 ask reply resume note2 content checked third returned back",
}


def _route(kind: str, acts: str) -> Route:
    for name, head in _HEADS.items():
        acts = acts.replace(name, head)
    return Route(kind, tuple(act.replace("_", " ") for act in acts.split()))


def _routes(text: str) -> tuple[Route, ...]:
    """Read lines of a weight, a kind of thread and acts; a route stands as often as its weight says."""
    lines = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(_route(kind, acts) for weight, kind, acts in lines for _ in range(int(weight)))


_S = Status
TO = {
    _S.NEW: _routes("""
        6 any open
        1 any open late"""),
    _S.UNDER_REVIEW: _routes("""
        5 any open review
        1 any open take ask reply reviewed"""),
    _S.IN_PROGRESS: _routes("""
        3 any open take
        3 any open take note1
        2 any open review take note1
        1 any open raise take note1
        4 any open take ASKED
        1 any open take note1 ask reply_late resume
        1 direct open take note1 answer object resume
        1 content LOADED back"""),
    _S.TIER_1: _routes("""
        3 any open tier1
        3 any open tier1 note1
        2 any open review tier1 note1
        4 any open tier1 ASKED"""),
    _S.TIER_2: _routes("""
        6 any open tier1 ASKED hand
        2 any open review tier1 note1 hand
        1 any open raise tier1 note1 hand"""),
    _S.CUSTOMER_INPUT: _routes("""
        3 any open take ask
        4 any open take note1 ask
        3 any open review tier1 note1 ask
        2 any open tier1 ASKED more
        1 any open take note1 ask remember"""),
    _S.UPDATE_RECEIVED: _routes("""
        3 any open take ask reply
        4 any open tier1 note1 ask reply
        1 any open tier1 note1 ask reply_late
        1 any open tier1 ASKED more may
        1 any open take note1 ask reply read"""),
    _S.DEVELOPMENT: _routes("""
        3 defect open tier1 ASKED hand dev
        3 defect open tier1 ASKED hand dev found
        1 defect open review tier1 ASKED hand dev update"""),
    _S.RELEASE: _routes("1 defect FIXED"),
    _S.CUSTOMER_TESTING: _routes("""
        3 defect FIXED test
        2 answer open take ASKED answer trying read"""),
    _S.CONTENT: _routes("""
        3 content open take ASKED content
        3 content LOADED"""),
    _S.THIRD_PARTY: _routes("1 content LOADED third"),
    _S.CONFIRMATION: _routes("""
        4 direct open take note1 answer
        5 answer open tier1 ASKED answer
        1 direct open take note1 answer object resume again
        2 defect FIXED delivered
        2 content LOADED back answer
        1 content SOURCED answer"""),
    _S.REOPENED: _routes("""
        2 direct open take note1 answer object
        3 answer open take ASKED answer object
        1 defect FIXED delivered object
        1 content LOADED back answer object"""),
    _S.CLOSED: _routes("""
        5 direct open take note1 answer agree read
        3 direct open take answer confirm
        4 answer open tier1 ASKED answer agree read
        3 answer open take ask reply resume answer confirm
        3 answer open take ASKED answer lapse
        2 direct open take answer lapse
        2 direct open take note1 answer object resume again agree read
        2 any open take note1 ask lapse
        1 any open review take ask lapse
        1 any open take note1 withdraw close
        1 any open withdraw close
        2 defect FIXED test tested close
        1 defect FIXED delivered agree read
        2 content LOADED back answer agree read
        1 content SOURCED answer lapse
        1 answer open take ASKED answer trying lapse"""),
}  # fmt: skip
"""For each status, the routes that end in it."""

SHORT = _routes("""
    4 direct open answer confirm
    3 direct open note1 answer confirm
    2 direct open answer lapse
    1 any open ask lapse
    1 answer open ask reply answer agree""")
"""How most cases of a large desk went: few words and little to do, with an owner from the first moment."""
QUICK = _routes("""
    2 direct open take answer confirm
    3 direct open take note1 answer agree read""")
"""How a case goes that was opened days ago and is closed already."""
FIRST_LIVES = _routes("1 answer open take ASKED answer confirm")
"""How a case went that was closed and came back as a clone."""
CLONED = {
    _S.NEW: _route("answer", "clone"),
    _S.IN_PROGRESS: _route("answer", "clone take"),
    _S.CONFIRMATION: _route("answer", "clone take again"),
}
"""How a clone goes to the status it is in."""

OPEN = {
    _S.NEW: 10, _S.UNDER_REVIEW: 8, _S.IN_PROGRESS: 22, _S.TIER_1: 19, _S.TIER_2: 15, _S.CUSTOMER_INPUT: 36,
    _S.UPDATE_RECEIVED: 10, _S.DEVELOPMENT: 14, _S.RELEASE: 8, _S.CUSTOMER_TESTING: 11, _S.CONTENT: 8,
    _S.THIRD_PARTY: 5, _S.CONFIRMATION: 22, _S.REOPENED: 7,
}  # fmt: skip
"""How many open cases of 195 are in each status."""

STAYED = {
    _S.NEW: (0.1, 50), _S.UNDER_REVIEW: (0.5, 90), _S.IN_PROGRESS: (0.4, 400), _S.TIER_1: (0.3, 300),
    _S.TIER_2: (2, 700), _S.CUSTOMER_INPUT: (1, 728), _S.UPDATE_RECEIVED: (0.2, 70), _S.DEVELOPMENT: (30, 2_000),
    _S.RELEASE: (30, 900), _S.CUSTOMER_TESTING: (60, 1_900), _S.CONTENT: (10, 700), _S.THIRD_PARTY: (70, 1_300),
    _S.CONFIRMATION: (1, 390), _S.REOPENED: (0.3, 90),
}  # fmt: skip
"""How many hours ago an open case came into its status, at least and at most."""

LAPSES = {
    "ask": _S.CUSTOMER_INPUT.row.closure, "answer": _S.CONFIRMATION.row.closure,
    "again": _S.CONFIRMATION.row.closure, "trying": _S.CUSTOMER_TESTING.row.closure,
}  # fmt: skip
"""After which act the timer closes a case, and when."""


class Slot(Struct, frozen=True):
    """An open case whose reminder or closure falls due at an offset from now, in seconds, and what stops it."""

    closes: int | None = None
    reminds: int | None = None
    act: str | None = None
    until: int | None = None
    mailless: bool = False


SLOTS = {
    _S.CUSTOMER_INPUT: (
        Slot(reminds=2 * MINUTE),
        Slot(closes=-9 * HOUR, act="hold", until=-8 * HOUR),
        Slot(closes=-5 * HOUR),
        Slot(closes=6 * MINUTE + 20),
        Slot(closes=12 * DAY, act="hold", until=5 * DAY),
        Slot(closes=-26 * HOUR, act="hold", until=-20 * HOUR),
        Slot(reminds=9 * MINUTE, mailless=True),
        Slot(reminds=-40 * MINUTE),
        Slot(closes=-30 * HOUR),
        Slot(closes=-3 * HOUR, act="hold", until=-2 * HOUR),
        Slot(closes=-2 * DAY, act="hold"),
        Slot(reminds=25 * MINUTE),
        Slot(closes=45 * MINUTE),
        Slot(closes=-4 * DAY, act="extend"),
        Slot(closes=-41 * HOUR, act="hold", until=-30 * HOUR),
        Slot(reminds=-7 * HOUR),
        Slot(reminds=80 * MINUTE),
        Slot(closes=3 * HOUR, mailless=True),
        Slot(reminds=40 * HOUR, act="hold", until=9 * DAY),
    ),
    _S.CONFIRMATION: (
        Slot(closes=4 * MINUTE),
        Slot(closes=-3 * HOUR),
        Slot(closes=DAY, act="hold", until=3 * DAY),
        Slot(closes=14 * MINUTE),
        Slot(closes=-20 * HOUR),
        Slot(closes=-2 * DAY, act="extend"),
        Slot(closes=2 * HOUR),
    ),
    _S.CUSTOMER_TESTING: (
        Slot(closes=-6 * HOUR, act="testing"),
        Slot(closes=35 * MINUTE),
        Slot(closes=20 * DAY, act="hold"),
    ),
}  # fmt: skip
"""Clocks worth watching, the most telling first. A hold that ended leaves a closure without a reminder."""
