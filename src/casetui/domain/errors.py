"""What can go wrong, each with the sentence that an agent can act on and its exit code.

CasetuiError
├── Refused              1  the desk says no; nothing has changed
│   ├── NoSuchCase
│   ├── Overtaken           somebody was faster
│   ├── ReadOnly            the database was opened to look at only
│   └── Unsound             ``check`` found the database in contradiction with itself
├── Misused              2  the command, a value or a setting is wrong
│   ├── Unreadable          a file that was to be imported
│   └── BadQuery            a query; knows which of its words is wrong
└── OutOfReach           3  the database cannot be opened, read or written
"""


class CasetuiError(Exception):
    """A sentence for a person; the program goes on or ends with ``exit_code``."""

    exit_code = 1


class Refused(CasetuiError):
    """The desk's rules say no, and nothing has changed."""


class NoSuchCase(Refused):
    """There is no case of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no case {number}.")


class Overtaken(Refused):
    """The case is not the one that the agent saw: somebody was faster (SPEC 3)."""


class ReadOnly(Refused):
    """The database was opened to look at only."""

    def __init__(self) -> None:
        super().__init__("This is a read-only session: nothing can be changed here.")


class Unsound(Refused):
    """The database contradicts itself."""


class Misused(CasetuiError):
    """The command, a value or a setting is wrong."""

    exit_code = 2


class Unreadable(Misused):
    """A file cannot be read as cases; the sentence names line, column and value."""


class BadQuery(Misused):
    """A query cannot be read; what is wrong with it stands from ``start`` to ``stop``.

    ``unfinished`` where going on to type may make it right.
    """

    def __init__(self, says: str, query: str, start: int, stop: int, *, unfinished: bool = False) -> None:
        super().__init__(says)
        self.query = query
        self.start = start
        self.stop = stop
        self.unfinished = unfinished


class OutOfReach(CasetuiError):
    """The database cannot be opened, read or written."""

    exit_code = 3
