"""Every command of the screens, declared once: keys, footer, palette and help are made of these."""

from enum import Enum, auto
from functools import cache

from msgspec import Struct


class Place(Enum):
    """Where keys are heard: a screen, a line in which one types, or a dialog; named as people call it."""

    QUEUES = "queues"
    CASE = "case"
    DUE = "due"
    SEARCH = "search"
    WALL = "wall"
    HELP = "help"
    FILTER = "filter line"
    CHOICES = "list of a dialog"
    CONFIRM = "yes or no"
    TELL = "explanation"
    MISSED = "missed reminders"
    FACTS = "facts of a case"
    COMPOSER = "composer"
    LOOK = "last look"


class Need(Enum):
    """What a command needs of the case that it is about."""

    NOTHING = auto()
    CASE = auto()
    OPEN = auto()
    CLOCK = auto()


class Command(Struct, frozen=True):
    """Something that an agent can ask for: its keys, its word in the footer, and what it does in a sentence."""

    id: str
    keys: str
    action: str
    word: str
    does: str
    places: frozenset[Place]
    need: Need = Need.NOTHING
    writes: bool = False
    footer: bool = True
    priority: bool = False
    """Whether its keys are taken before those of any line that is typed in."""
    many: bool = False
    """Whether it is done to all cases that are marked."""

    @property
    def is_deed(self) -> bool:
        """Whether it changes the case that it is about, or those that are marked."""
        return self.writes and self.need is not Need.NOTHING and not self.action.startswith("mark(")


SCREENS = (Place.QUEUES, Place.CASE, Place.DUE, Place.SEARCH)
_ALL = frozenset(SCREENS)
_Q, _C, _D, _S = (frozenset({place}) for place in SCREENS)
_LISTED = _Q | _D | _S
_W = frozenset({Place.WALL})

ANY_VIEW = "Show that view of the line above the list."
"""What the commands of the nine views do, where they are told as one."""
COMMANDS = (
    Command("help", "question_mark,f1", "help", "Help",
            "Explain the keys, the statuses and the clocks.", _ALL | _W),
    Command("wall.pause", "P", "pause", "Pause",
            "Have the wall stand still, or go on; its first line says so.", _W),
    Command("wall.next", "right_square_bracket,right", "page(1)", "Next page",
            "Show all, the queues, the clock, the last changes, or the last days, in turn.", _W),
    Command("wall.previous", "left_square_bracket,left", "page(-1)", "Page before",
            "Show the page before.", _W, footer=False),
    Command("wall.quit", "q", "leave", "Quit",
            "Quit, after asking.", _W),
    Command("case.open", "enter", "open", "Open",
            "Open the case under the cursor.", _Q | _D | _S, Need.CASE),
    Command("case.move", "s,m", "deed('move')", "Status",
            "Move the case to another status; a list of the legal moves opens first.", _ALL, Need.OPEN, True,
            many=True),
    Command("case.extend", "e", "deed('extend')", "Extend",
            "Give this stay more time before it closes, with a reason.", _D, Need.CLOCK, True, many=True),
    Command("case.hold", "t", "deed('hold')", "Hold/release",
            "Stop the timer for the case, with a reason, or let it run again.", _D, Need.CLOCK, True,
            many=True),
    Command("list.mark", "space", "mark(0)", "Mark",
            "Mark the case and go down; what is done next is done to all that are marked.",
            _LISTED, Need.CASE, True, footer=False),
    Command("list.mark_down", "shift+down", "mark(1)", "Mark down",
            "Mark the case and go down.", _LISTED, Need.CASE, True, footer=False),
    Command("list.mark_up", "shift+up", "mark(-1)", "Mark up",
            "Mark the case and go up.", _LISTED, Need.CASE, True, footer=False),
    Command("list.mark_all", "V", "mark_all", "Mark all",
            "Mark all cases of this list, or none.", _LISTED, writes=True, footer=False),
    Command("due.apply", "exclamation_mark", "apply", "Apply due now",
            "Let the timer do what is due, after asking; cases that were never reminded are decided here.",
            _D, writes=True),
    Command("due.remind", "b", "deed('remind')", "Remind now",
            "Send the reminder of the case before the timer does, after asking.", _D, Need.CLOCK, True, many=True),
    Command("due.letter", "v", "letter", "Letter",
            "Show the letter as it will be sent.", _D, Need.CASE),
    Command("due.show", "f", "show", "Show",
            "Show all, the reminders, the closures, or what is yours.", _D),
    Command("case.reply", "r,c", "comment('public')", "Reply",
            "Write a public comment; the customer sees it.", _ALL, Need.CASE, True),
    Command("case.note", "i", "comment('internal')", "Note",
            "Write an internal note; only we see it.", _ALL, Need.CASE, True, many=True),
    Command("list.filter", "slash", "filter", "Filter",
            "Narrow this list by words or a query, as you type.", _Q),
    Command("screen.search", "ctrl+f", "search", "Search",
            "Search all cases and what was said in them.", _Q | _C | _D),
    Command("search.line", "slash,ctrl+f", "ask", "Search",
            "Go to the line with the words.", _S),
    Command("search.best", "S", "best", "Best/newest",
            "Put the best match first, or what was said last.", _S),
    Command("case.assign", "a", "deed('assign')", "Assign",
            "Give the case to an agent; Enter takes it yourself.", _ALL, Need.CASE, True, many=True),
    Command("case.priority", "p", "deed('priority')", "Priority",
            "Set the priority, 1 to 4.", _ALL, Need.CASE, True, many=True),
    Command("case.canned", "M", "deed('canned')", "Canned",
            "Answer with a canned reply: its text, and the status that it leads to.", _ALL, Need.CASE, True),
    Command("screen.due", "d", "due", "Due",
            "Show what the timer will do, and when.", _Q | _C | _S),
    Command("case.next", "J", "next_case(1)", "Next case",
            "Go to the next case of the list.", _C),
    Command("case.previous", "K", "next_case(-1)", "Case before",
            "Go to the case before in the list.", _C),
    Command("case.customer", "C", "comment('customer')", "Customer said",
            "Record what the customer said elsewhere; it moves the case as their own comment would.",
            _Q | _C | _S, Need.OPEN, True),
    Command("case.extend", "e", "deed('extend')", "Extend",
            "Give this stay more time before it closes, with a reason.", _Q | _C | _S, Need.CLOCK, True,
            many=True),
    Command("case.hold", "t", "deed('hold')", "Hold/release",
            "Stop the timer for the case, with a reason, or let it run again.", _Q | _C | _S, Need.CLOCK, True,
            many=True),
    Command("due.remind", "b", "deed('remind')", "Remind now",
            "Send the reminder of the case before the timer does, after asking.", _Q | _C | _S, Need.CLOCK, True,
            many=True, footer=False),
    Command("case.new", "ctrl+n", "new_case", "New case",
            "Open a new case.", _Q, writes=True),
    Command("case.clone", "O", "deed('clone')", "Clone",
            "Open a new case from this one, linked both ways.", _Q | _C | _S, Need.CASE, True),
    Command("case.why", "w", "deed('why')", "Why",
            "Explain the clock of the case: what comes, and what would stop it.", _ALL, Need.CASE),
    Command("act.undo", "u,z", "undo", "Undo",
            "Take back your own last act, for a minute or undo_seconds; it says first which.", _ALL,
            writes=True),
    Command("act.redo", "U,Z", "redo", "Redo",
            "Do again what you took back last, for as long, if nothing happened to it since.", _ALL, writes=True,
            footer=False),
    Command("case.edit", "E", "deed('edit')", "Edit facts",
            "Change subject, account, contact, address and the like.", _Q | _C | _S, Need.CASE, True),
    Command("case.unassign", "A", "deed('unassign')", "Unassign",
            "Give the case back to nobody, after asking.", _Q | _C | _S, Need.CASE, True, many=True),
    Command("list.next", "n", "seek(1)", "Next for me",
            "Go to the next case of the list that has changed or waits on you.", _Q | _C),
    Command("list.previous", "N", "seek(-1)", "Before for me",
            "Go to the case before in the list that has changed or waits on you.", _Q | _C, footer=False),
    Command("queue.next", "right_square_bracket,ctrl+down", "queue(1)", "Next queue",
            "Show the next queue.", _Q),
    Command("queue.previous", "left_square_bracket,ctrl+up", "queue(-1)", "Queue before",
            "Show the queue before.", _Q, footer=False),
    *(Command(f"view.{digit}", str(digit), f"view({digit})", f"View {digit}",
              f"Show view {digit} of the line above the list.", _Q, footer=False) for digit in range(1, 10)),
    Command("list.sort", "S", "sort", "Sort",
            "Sort this list: by urgency, waiting, newest change, next deadline or priority.", _Q),
    Command("list.facets", "f", "facets", "Facets",
            "Count this list by status, owner, priority, account and more, and narrow it to one of them.", _Q),
    Command("list.save_view", "v", "save_view", "Save view",
            "Keep this list, as it is narrowed and sorted, as a view of your own.", _Q, footer=False),
    Command("peek.down", "ctrl+d", "peek(1)", "Peek down",
            "Scroll the last entries down.", _Q, footer=False),
    Command("peek.up", "ctrl+u", "peek(-1)", "Peek up",
            "Scroll the last entries up.", _Q, footer=False),
    Command("case.copy", "y", "copy", "Copy number",
            "Copy the number of the case to the clipboard.", _ALL, Need.CASE),
    Command("pane.next", "l,right", "app.focus_next", "Next pane",
            "Go to the next pane, as Tab does.", _Q, footer=False),
    Command("pane.previous", "h,left", "app.focus_previous", "Pane before",
            "Go to the pane before, as Shift+Tab does.", _Q, footer=False),
    Command("screen.refresh", "R,ctrl+r,f5", "refresh", "Refresh",
            "Read everything on the screen again.", _ALL | _W),
    Command("screen.back", "escape", "back", "Back",
            "Go back one step.", _C | _D | _S),
    Command("filter.clear", "escape", "back", "Clear",
            "Clear the filter, then the marks; never quits.", _Q, footer=False),
    Command("screen.leave", "q", "leave", "Leave",
            "Go back, as Escape does.", _C | _D | _S, footer=False),
    Command("screen.quit", "q", "leave", "Quit",
            "Quit, after asking: the timer stops with the program.", _Q),
)  # fmt: skip


@cache
def commands_of(place: Place) -> tuple[Command, ...]:
    """Return the commands of a screen, the most wanted first."""
    return tuple(command for command in COMMANDS if place in command.places)


@cache
def command_of(place: Place, action: str, parameters: tuple[object, ...]) -> Command | None:
    """Return the command that stands behind an action on a screen, or None where there is none."""
    words = f"{action}({', '.join(map(repr, parameters))})" if parameters else action
    return next((command for command in commands_of(place) if command.action == words), None)
