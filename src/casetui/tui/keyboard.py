"""Every key that is no command of a screen, declared once: those of lists, lines, dialogs, the program."""

from casetui.tui.commands import COMMANDS, Command, Place

_LISTS = frozenset({Place.QUEUES, Place.CASE, Place.DUE, Place.SEARCH, Place.HELP})
_CASE, _HELP, _FILTER, _CHOICES = (
    frozenset({place}) for place in (Place.CASE, Place.HELP, Place.FILTER, Place.CHOICES)
)
_CONFIRM, _TELL, _MISSED, _FACTS = (
    frozenset({place}) for place in (Place.CONFIRM, Place.TELL, Place.MISSED, Place.FACTS)
)
_COMPOSER, _LOOK, _WALL = (frozenset({place}) for place in (Place.COMPOSER, Place.LOOK, Place.WALL))
DIALOGS = frozenset(Place) - _LISTS - _WALL - _FILTER - _COMPOSER
"""The dialogs that Escape closes without keeping anything."""
TYPING = frozenset({Place.FILTER, Place.CHOICES, Place.FACTS, Place.COMPOSER})
"""Places in which a printable key is text."""


def _key(
    id: str,  # noqa: A002 - as Textual calls it
    keys: str,
    action: str,
    word: str,
    does: str,
    places: frozenset[Place],
    *,
    footer: bool = False,
    priority: bool = False,
) -> Command:
    return Command(id, keys, action, word, does, places, footer=footer, priority=priority)


OPEN = next(command for command in COMMANDS if command.id == "case.open")
"""A command of the screens that a list of cases hears before them."""
LIST = (
    _key("list.down", "j,down", "step(1)", "Down", "Go to the next line.", _LISTS),
    _key("list.up", "k,up", "step(-1)", "Up", "Go to the line above.", _LISTS),
    _key("list.first", "g,home", "edge(0)", "First", "Go to the first line.", _LISTS),
    _key("list.last", "G,end", "edge(-1)", "Last", "Go to the last line.", _LISTS),
    _key("list.page_down", "pagedown", "page(1)", "Page down", "Go down a page.", _LISTS),
    _key("list.page_up", "pageup", "page(-1)", "Page up", "Go up a page.", _LISTS),
)
"""The keys of every list, and of a history, whose lines are scrolled."""
TIMELINE = (
    _key("timeline.filter", "f", "filter", "Filter", "Show all entries, comments, status or clock only.", _CASE,
         footer=True),
    _key("timeline.half_down", "ctrl+d", "half(1)", "Down", "Scroll down half a page.", _CASE),
    _key("timeline.half_up", "ctrl+u", "half(-1)", "Up", "Scroll up half a page.", _CASE),
    _key("timeline.page_down", "space", "half(2)", "Page down", "Scroll down a page.", _CASE),
)  # fmt: skip
FILTER = (
    _key("filter.clear", "escape", "clear", "Clear", "Clear the filter.", _FILTER),
    _key("filter.leave", "down,up", "leave", "List", "Go to the list.", _FILTER),
    _key("filter.complete", "tab", "go_on", "Complete", "Take the dim letters, or go to the list.", _FILTER),
)
HELP = (
    _key("help.leave", "escape,question_mark,q,f1", "leave", "Close", "Close the help.", _HELP, footer=True),
    *(
        _key(f"help.page.{at}", str(at), f"page({at})", title, f"Show the page {title}.", _HELP, footer=True)
        for at, title in enumerate(("Keys", "Statuses", "Clocks", "Desk"), 1)
    ),
    _key("help.next", "tab,right,l", "turn(1)", "Next page", "Show the next page.", _HELP),
    _key("help.previous", "shift+tab,left,h", "turn(-1)", "Page before", "Show the page before.", _HELP),
    _key("help.find", "slash", "find", "Find", "Find a word on all pages.", _HELP, footer=True),
)
HELP_ROWS = (
    *LIST,
    _key("help.run", "enter", "choose", "Do it", "Do what the line under the cursor says.", _HELP, footer=True),
    _key("help.page_down", "space", "page(1)", "Page down", "Go down a page.", _HELP),
)
DIALOG = (
    _key("dialog.leave", "escape", "leave", "Cancel", "Close the dialog and change nothing.", DIALOGS,
         footer=True),
)  # fmt: skip
CHOICES = (
    _key("choice.down", "down", "walk('cursor_down')", "Down", "Go to the next one.", _CHOICES),
    _key("choice.up", "up", "walk('cursor_up')", "Up", "Go to the one before.", _CHOICES),
    _key("choice.page_down", "pagedown", "walk('page_down')", "Page down", "Go down a page.", _CHOICES),
    _key("choice.page_up", "pageup", "walk('page_up')", "Page up", "Go up a page.", _CHOICES),
)
CONFIRM = (
    _key("confirm.yes", "y", "answer(True)", "Yes", "Do it.", _CONFIRM, footer=True),
    _key("confirm.no", "n", "answer(False)", "No", "Leave everything as it is.", _CONFIRM, footer=True),
    _key("confirm.before", "left,up,h,k", "app.focus_previous", "Before", "Go to the answer before.", _CONFIRM),
    _key("confirm.next", "right,down,l,j", "app.focus_next", "Next", "Go to the next answer.", _CONFIRM),
)
TELL = (_key("tell.leave", "enter,q,w", "leave", "Close", "Close what was told.", _TELL),)
MISSED = (
    _key("missed.down", "ctrl+d,pagedown", "scroll(1)", "Scroll down", "Scroll the cases down.", _MISSED),
    _key("missed.up", "ctrl+u,pageup", "scroll(-1)", "Scroll up", "Scroll the cases up.", _MISSED),
)
LOOK = (
    _key("look.send", "y", "answer('SEND')", "Send", "Send it, or record it, now.", _LOOK, footer=True),
    _key("look.edit", "e", "answer('EDIT')", "Edit", "Go back to the text.", _LOOK, footer=True),
    _key("look.keep", "p", "answer('KEEP')", "Keep draft", "Keep it as a draft and leave.", _LOOK, footer=True),
    _key("look.before", "left,up", "app.focus_previous", "Before", "Go to the answer before.", _LOOK),
    _key("look.next", "right,down", "app.focus_next", "Next", "Go to the next answer.", _LOOK),
)
ONE_OF = (
    _key("one_of.before", "left,up", "walk(-1)", "Before", "Choose the one before.", _FACTS),
    _key("one_of.next", "right,down,space", "walk(1)", "Next", "Choose the next one.", _FACTS),
)
FACTS = (_key("facts.save", "ctrl+s", "save", "Save", "Accept what was typed.", _FACTS, footer=True),)
WORDS = (_key("words.new_line", "ctrl+j", "new_line", "New line", "Begin a new line.", _COMPOSER | _FACTS),)
COMPOSER = (
    _key("composer.save", "ctrl+s", "save", "Save", "Save a note; have a last look at the others.", _COMPOSER,
         footer=True),
    _key("composer.kind", "ctrl+t", "kind", "Kind", "Public, internal, or what the customer said.", _COMPOSER,
         footer=True),
    _key("composer.then", "ctrl+o", "then", "Then", "Choose the status that follows.", _COMPOSER, footer=True),
    _key("composer.canned", "ctrl+r", "canned", "Canned", "Put a canned reply where the cursor is.", _COMPOSER,
         footer=True),
    _key("composer.editor", "ctrl+g,f4", "editor", "Editor", "Write in $VISUAL or $EDITOR.", _COMPOSER,
         footer=True),
    _key("composer.leave", "escape", "leave", "Keep draft", "Leave; the text is kept.", _COMPOSER, footer=True),
)  # fmt: skip
APP = (
    _key("app.quit", "ctrl+q", "quit", "Quit now", "Quit at once; drafts are kept.", frozenset(Place),
         priority=True),
    _key("app.commands", "ctrl+p", "command_palette", "Commands",
         "All commands by name, and any case by its number.", frozenset(Place), priority=True),
    _key("app.copy", "ctrl+c", "help_quit", "Copy", "Copy what is marked; never quits.", frozenset(Place)),
    _key("app.colon", "colon", "command_palette", "Commands",
         "All commands by name, and any case by its number.", _LISTS - _HELP | _WALL),
)  # fmt: skip

DECLARED: tuple[Command, ...] = (
    *COMMANDS, *LIST, *TIMELINE, *FILTER, *HELP, *HELP_ROWS[len(LIST):], *DIALOG, *CHOICES, *CONFIRM, *TELL,
    *MISSED, *LOOK, *ONE_OF, *FACTS, *WORDS, *COMPOSER, *APP,
)  # fmt: skip
"""All of them. An id that stands here twice means the same in two places, and is bound anew in both."""
