"""The pages of the help, made of what is in force: live keys, the status table, the desk's periods and paths."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from textual.binding import ActiveBinding

from casetui import __version__, crash
from casetui.domain.policy import REPRIEVE, Policy
from casetui.domain.safe import clean
from casetui.domain.workflow import TABLE, Rule, Status, has_clock
from casetui.tui.commands import ANY_VIEW
from casetui.tui.dialogs import wording
from casetui.tui.dialogs.wording import leaves_by
from casetui.tui.drawing import GROUP_TONES, fit, glyphs, wrap
from casetui.tui.keyboard import DECLARED
from casetui.tui.keymap import is_own, key
from casetui.tui.session import Session
from casetui.tui.widgets.lines import Part

_NARROW = 96


class Row(Struct, frozen=True):
    """A line of a page: what is drawn, what Enter presses, and more words on it."""

    parts: tuple[Part, ...]
    press: str = ""
    more: str = ""

    @property
    def words(self) -> str:
        """All that a search looks at."""
        return " ".join((*(text for text, _ in self.parts), self.more)).lower()


Page = Callable[[int], list[Row]]
"""A page for a width in cells."""


def keys(active: Mapping[str, ActiveBinding], shown: Callable[[ActiveBinding], str]) -> Page:
    """Return the page of the keys that work on the screen below, and everywhere."""

    def page(cells: int) -> list[Row]:
        bound: dict[str, list[tuple[str, ActiveBinding]]] = {}
        for pressed, each in active.items():
            if each.enabled and each.binding.id and each.binding.tooltip:
                bound.setdefault(each.binding.id, []).append((pressed, each))
        order = {id_: at for at, id_ in enumerate(dict.fromkeys(command.id for command in DECLARED))}
        views = [id_ for id_ in bound if id_.startswith("view.") and not is_own(id_)]
        ids = sorted(bound.keys() - set(views[1:]), key=lambda id_: order.get(id_, len(order)))
        return [row for id_ in ids for row in (_views(views, cells) if id_ in views else _key(bound[id_], cells))]

    def _views(ids: Sequence[str], cells: int) -> list[Row]:
        """Tell the views as one: they would take nine lines of a small screen."""
        first, last = (key(id_) for id_ in (ids[0], ids[-1]))
        return _row(f"{first}-{last}", "View", ANY_VIEW, first, cells)

    def _key(same: list[tuple[str, ActiveBinding]], cells: int) -> list[Row]:
        press, binding = same[0][0], same[0][1].binding
        names = " ".join(dict.fromkeys(shown(each) for _, each in same))
        return _row(names, binding.description, binding.tooltip, press, cells)

    def _row(names: str, word: str, does: str, press: str, cells: int) -> list[Row]:
        lines = wrap(does, max(20, cells - 34))
        heads = [((fit(f"  {names}", 16), "us"), (fit(word, 16), "plain"))]
        heads += [((" " * 16, "us"), (" " * 16, "plain"))] * (len(lines) - 1)
        return [Row((*head, (f" {line}", "dim")), press, does) for head, line in zip(heads, lines, strict=True)]

    return page


def statuses(policy: Policy) -> Page:
    """Return the page of the fifteen statuses: whose move it is, the clock, what it means."""

    def page(cells: int) -> list[Row]:
        narrow = cells < _NARROW
        sizes = (20, 12, 18) if narrow else (31, 12, 24)
        rows = [_line(("Status", "Whose move", "Clock", "Means"), sizes, cells, ("heading",) * 4)]
        for status in Status:
            row = TABLE[status]
            clock = wording.clock_in_brief(status, policy, short=True)
            words = (row.short if narrow else row.label, row.whose_move.value, clock, row.means)
            line = _line(words, sizes, cells, (GROUP_TONES[row.group], "plain", "plain", "dim"))
            rows.append(Row(line.parts, more=_status(status, policy)))
        return rows

    return page


def clocks(policy: Policy) -> Page:
    """Return the page of the clocks: how long, what stops them, what happens after downtime."""
    said = [
        f"{status.label}: {wording.clock_in_brief(status, policy)}. It ends with {_inside(leaves_by(status))}"
        for status in Status
        if has_clock(status)
    ]
    said += [
        f"Periods are counted on the calendar of {policy.zone}, from the moment the case entered the status.",
        "Comments of ours never move a clock. A new stay in the status, an extension or a hold does.",
        f"Extend ({key('case.extend')}) moves this stay's closure to a later time, with a reason.",
        f"Hold ({key('case.hold')}) stops the timer for a case until a date, or until the same key releases it.",
        "A hold moves no deadline: what fell due meanwhile is due when the hold ends.",
        "No case is closed by the timer while a customer's comment on it is unread.",
        "A case without an e-mail address cannot be reminded: its history says so, and it closes all the same.",
        "What fell due while casetui was not running is done when it starts.",
        f"Where a closure is due whose reminder never went, you are asked: close, or remind and give {REPRIEVE}.",
        f"Closed is final. Who comes back gets a new case, cloned from the old one ({key('case.clone')}).",
    ]

    def page(cells: int) -> list[Row]:
        rows = []
        for sentence in said:
            for at, line in enumerate(wrap(sentence, max(20, cells - 4))):
                rows.append(Row(((("    " if at else "  ") + line, "plain"),), more=sentence))
            rows.append(Row(()))
        return rows

    return page


def desk(session: Session) -> Page:
    """Return the page of what this sitting works with: paths, agent, version, the words of a query."""
    facts = [
        ("casetui", __version__),
        ("Database", str(session.bridge.path)),
        ("Agent", session.agent),
        (
            "Session",
            "read-only: nothing can be changed" if session.read_only else "reads and writes, runs the timer",
        ),
        ("Time zone", session.policy.zone),
        ("Crash files", str(crash.folder())),
        (
            "Filter",
            "words, or: owner:me owner:nobody status:new,reopened waits:us p1 (p1 or p2) changed unread due",
        ),
        ("", 'account:"Uni Ghent" age>7d for>2w idle>1mo due<2d -printer not closed number:12 view:mine'),
        ("Marks", f"{glyphs.unread} unread   ! due   = held   bold: unread or System Down"),
    ]

    def page(cells: int) -> list[Row]:
        rows = []
        for name, value in facts:
            first, *more = wrap(clean(value), max(20, cells - 16))
            rows.append(Row(((fit(f"  {name}", 15), "dim"), (first, "plain"))))
            rows += [Row(((" " * 15, "dim"), (line, "plain"))) for line in more]
        return rows

    return page


def _status(status: Status, policy: Policy) -> str:
    """Say of a status what it means, how a case comes there and where it goes."""
    row = TABLE[status]
    sources = [source.label for source in Status if status in TABLE[source].moves and source is not status]
    sources += [
        f"{each.label}, by a customer's comment" for each in Status if TABLE[each].on_customer_comment is status
    ]
    if status is Status.NEW:
        sources = ["opening or cloning a case"]
    periods = [
        f"{'reminder' if rule is Rule.REMINDER else 'closes'} after {period}"
        for rule in Rule
        if (period := policy.period(status, rule)) is not None
    ]
    return (
        f"{row.label}: {row.means} Comes from {', '.join(sources)}. Leaves by {_inside(leaves_by(status))}"
        f" Clock: {', '.join(periods) or 'none'}. Moves: {', '.join(each.label for each in row.moves) or 'none'}."
    )


def _inside(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _heading(words: str) -> Row:
    return Row(((f" {words}", "heading"),))


def _line(words: tuple[str, ...], sizes: tuple[int, ...], cells: int, tones: tuple[str, ...]) -> Row:
    widths = (*sizes, max(10, cells - 2 - sum(sizes) - len(sizes)))
    parts = [(f" {fit(word, size)}", tone) for word, size, tone in zip(words, widths, tones, strict=True)]
    return Row(tuple(parts))
