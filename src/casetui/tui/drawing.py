"""Text from outside made drawable: cleaned, measured in cells, never markup; and the marks beside words."""

from msgspec import Struct
from rich.cells import cell_len
from textual import widgets
from textual.content import Content

from casetui.domain.records import Case, Priority
from casetui.domain.safe import clean, lines_of
from casetui.domain.workflow import CommentKind, Group

_MOST_POINTS = 4
"""Code points that one cell shows at most."""


class Glyphs(Struct):
    """The characters of our own that a terminal has to show."""

    ellipsis: str
    cursor: str
    changed: str
    unread: str
    due: str
    held: str
    arrow: str
    unknown: str
    dash: str
    mark: str
    block: str
    shade: str


UNICODE = Glyphs("…", "▌", "*", "●", "!", "=", "→", "·", "─", "✓", "█", "▒")
ASCII = Glyphs("~", ">", "*", "o", "!", "=", "->", ".", "-", "+", "#", "x")

glyphs = Glyphs("…", "▌", "*", "●", "!", "=", "→", "·", "─", "✓", "█", "▒")
"""The characters in use; ``use`` changes them for the whole program."""

PRIORITY_TONES = {
    Priority.DOWN: "alarm", Priority.HIGH: "warn", Priority.NORMAL: "dim", Priority.LOW: "dim",
}  # fmt: skip
GROUP_TONES = {
    Group.WAITS_ON_US: "us", Group.IN_WORK: "work", Group.WAITS_ON_CUSTOMER: "customer",
    Group.WAITS_ON_OTHERS: "others", Group.CLOSED: "dim",
}  # fmt: skip
KIND_TONES = {
    CommentKind.CUSTOMER: "us", CommentKind.PUBLIC: "good", CommentKind.INTERNAL: "customer",
}  # fmt: skip
KIND_FRAMES = {CommentKind.CUSTOMER: "~", CommentKind.PUBLIC: "=", CommentKind.INTERNAL: "-"}
"""Who said it and who sees it, as the mark of a frame (UX 4.0)."""
KIND_WORDS = {
    CommentKind.CUSTOMER: "CUSTOMER", CommentKind.PUBLIC: "PUBLIC", CommentKind.INTERNAL: "INTERNAL",
}  # fmt: skip


def use(chosen: Glyphs) -> None:
    """Draw with these characters from now on: ``UNICODE`` or ``ASCII``."""
    for name in Glyphs.__struct_fields__:
        setattr(glyphs, name, getattr(chosen, name))


def width(text: str) -> int:
    """Return how many cells of a terminal a clean text takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str | None, cells: int, *, right: bool = False) -> str:
    """Return a text cleaned, cut to that many cells with an ellipsis, and padded to exactly so many."""
    if cells <= 0 or not text:
        return " " * cells
    start = text[: cells * _MOST_POINTS + 1]
    line = clean(start)
    room = cells - width(line)
    if room < 0 or len(start) < len(text):
        line = _cut(line, cells - len(glyphs.ellipsis)) + glyphs.ellipsis
        room = cells - width(line)
    return " " * room + line if right else line + " " * room


def content(text: str | None, tone: str = "") -> Content:
    """Return text as content for a widget: never markup, never a control.

    This is the one place where text becomes drawable, whoever wrote it. ``tone`` is a style such as
    ``$text-error`` or ``bold``.
    """
    lines = "\n".join(clean(line.expandtabs(4)) for line in lines_of(text or ""))
    return Content.styled(lines, tone) if tone else Content(lines)


class Static(widgets.Static):
    """Textual's Static, to which no bare string can be given: it would be read as markup."""

    def __init__(self, shown: Content | None = None, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(shown or Content(), id=id, classes=classes, markup=False)

    def update(self, shown: Content, *, layout: bool = True) -> None:  # type: ignore[override]  # narrower on purpose
        """Show something else."""
        super().update(shown, layout=layout)


def wrap(line: str, cells: int) -> list[str]:
    """Break a clean line at its spaces into lines of at most that many cells; a longer word is cut."""
    lines: list[str] = []
    while width(line) > cells:
        head = line[:cells] if line.isascii() else _cut(line, cells)
        head = head or line[0]
        at = len(head) if line[len(head)] == " " else head.rfind(" ")
        if at <= 0 or not head[:at].strip():
            at = len(head)
        lines.append(line[:at].rstrip(" "))
        line = line[at:].lstrip(" ")
    return [*lines, line]


def number(case: Case | int) -> str:
    """Return a case's number as screens write it."""
    return f"#{case if isinstance(case, int) else case.number}"


def _cut(line: str, cells: int) -> str:
    if line.isascii():
        return line[: max(0, cells)]
    used = 0
    for at, character in enumerate(line):
        used += cell_len(character)
        if used > cells or at >= cells * _MOST_POINTS:
            return line[:at]
    return line
