"""A part of a screen that other widgets fill: it has nothing of its own to draw."""

from textual.containers import Container


class Room(Container):
    """Holds widgets side by side or one above the other, as the style sheet says.

    Textual draws a container line by line, borders and all, before its children cover it: for three of them that
    was half the work of painting a screen. A blank one takes one line, drawn once.
    """

    BLANK = True
