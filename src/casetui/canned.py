"""The canned replies of whoever works here: a file each, in a folder beside the settings."""

from pathlib import Path

from msgspec import Struct

from casetui.domain.errors import Misused
from casetui.domain.replies import SHIPPED, Reply, faults
from casetui.faults import Fault, replies_folder, text_of


class Canned(Struct, frozen=True):
    """The replies in the order of their files, and what is wrong with the files that are not among them."""

    replies: tuple[Reply, ...] = SHIPPED
    wrong: tuple[Fault, ...] = ()


def read(file: Path) -> Canned:
    """Read the replies beside a settings' file; the shipped ones where there is no folder for them.

    A file with a mistake is left out and named; it spoils no other.
    """
    folder = replies_folder(file)
    if not folder.is_dir():
        return Canned()
    replies: list[Reply] = []
    wrong: list[Fault] = []
    for each in sorted(folder.glob("*.txt")):
        try:
            text = text_of(each)
        except Misused as error:
            wrong.append(Fault(each, 1, str(error).removesuffix(".")))
            continue
        if found := [Fault(each, line, says) for line, says in faults(text)]:
            wrong += found
        else:
            replies.append(Reply.read(text))
    return Canned(tuple(replies), tuple(wrong))
