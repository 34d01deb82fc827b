"""What a user may set: one TOML file, the environment, the command line, in rising order of weight."""

import getpass
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casetui.domain.errors import Misused
from casetui.domain.safe import clean

if TYPE_CHECKING:
    from casetui.domain.letters import Wording
    from casetui.domain.looks import Looks
    from casetui.domain.mail import Mail
    from casetui.domain.views import Saved, Views

KEYS = ("database", "agent", "screen", "mail", "keys", "views")
"""The keys of the settings' file."""
TABLES = ("screen", "mail", "keys")
"""Those of them that are tables."""
PASSWORD = "CASETUI_MAIL_PASSWORD"
"""The environment variable that outweighs the password file."""
_TABLE = re.compile(r"\s*\[+\s*([\w.\"'-]+)\s*\]+")
_KEY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value, and where it comes from: a flag, the environment, the file or nowhere."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: the line where it stands, and a sentence that names the key."""

    file: Path
    line: int
    says: str

    def __str__(self) -> str:
        """Return file, line and sentence."""
        return clean(f"{self.file}, line {self.line}: {self.says}{'' if self.says.endswith('?') else '.'}")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force, and the file that was read for it."""

    database: Chosen
    agent: Chosen
    file: Path
    file_exists: bool
    mail: "Mail | None" = None
    """The mail server; letters stay waiting without one."""
    screen: "Looks | None" = None
    """How screens are drawn, where the file says something of it."""
    own_views: "tuple[Saved, ...]" = ()

    @property
    def views(self) -> "Views":
        """All views of whoever these settings are of."""
        from casetui.domain.views import Views  # noqa: PLC0415 - only lists have views

        return Views(self.own_views)

    keys: Mapping[str, str] = field(default_factory=dict)
    """A person's own keys for the screens, by the id of the action."""

    def wording(self) -> "Wording":
        """Return the wording of letters, the desk's own where there is one; raise Misused where it is wrong."""
        from casetui.domain.letters import KINDS, SHIPPED, Template, Wording  # noqa: PLC0415 - few need it

        folder = letters_folder(self.file)
        if not folder.is_dir():
            return SHIPPED
        refuse(wording_faults(self.file))
        own = {kind: folder / f"{kind}.txt" for kind in KINDS}
        return Wording(**{kind: Template.read(_text(file)) for kind, file in own.items() if file.is_file()})

    def password(self) -> str | None:
        """Return the mail server's password, read anew each time, or None where nobody logs in.

        Raises Misused where there is none to be had.
        """
        return None if self.mail is None else password_of(self.mail, self.file)


def load(*, database: str | None, agent: str | None, config: str | None) -> Settings:
    """Return the settings in force; raise Misused with the file and the key where the file is wrong."""
    file = file_of(config)
    if config and not file.is_file():
        raise Misused(f"There is no settings file {file}.")
    kept = _read(file) if file.is_file() else {}
    return Settings(
        database=_choose("database", database, "CASETUI_DATABASE", kept, file) or _default_database(),
        agent=_choose("agent", agent, "CASETUI_AGENT", kept, file) or Chosen(_login(), "your login name"),
        file=file,
        file_exists=file.is_file(),
        mail=_mail(kept),
        screen=_screen(kept),
        own_views=_own_views(kept),
        keys=dict(_flat(kept.get("keys", {}))),
    )


def file_of(config: str | None) -> Path:
    """Return the settings' file: the one that is named, or the default one."""
    return Path(config).expanduser() if config else default_file()


def default_file() -> Path:
    """Return where the settings lie unless told otherwise."""
    from platformdirs import user_config_path  # noqa: PLC0415 - not needed where a file is named

    return user_config_path("casetui", appauthor=False) / "config.toml"


def letters_folder(file: Path) -> Path:
    """Return where the desk's own wording of letters lies, beside a settings' file."""
    return file.parent / "letters"


def password_of(mail: "Mail", file: Path) -> str | None:
    """Return the password of a mail server's user; a relative file lies beside the settings' ``file``."""
    if mail.user is None:
        return None
    if os.environ.get(PASSWORD):
        return os.environ[PASSWORD]
    if mail.password_file is None:
        asks = f"set {PASSWORD}, or name a password_file under [mail] in {file}"
        raise Misused(f"'{mail.user}' has no password for {mail.host}: {asks}.")
    kept = file.parent / Path(mail.password_file).expanduser()
    words = _text(kept).strip("\r\n")
    if not words or "\n" in words:
        raise Misused(f"The password file {kept} is to hold the password on one line, and nothing else.")
    return words


def faults(file: Path) -> Iterator[Fault]:
    """Yield all that is wrong in a settings' file, by line and key."""
    import tomllib  # noqa: PLC0415 - only where there is a file to read

    text = _text(file)
    try:
        kept = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = int(line[1]) if line else len(text.splitlines())
        yield Fault(file, at, f"the settings are not TOML: {error}")
        return
    for key, value in kept.items():
        if key not in KEYS:
            from casetui.domain.mail import nearest  # noqa: PLC0415 - only a mistake needs it

            yield Fault(file, line_of(text, key), f"the settings have a key '{key}'; {nearest(key, KEYS)}")
        elif key == "views":
            yield from _view_faults(file, text, value)
        elif key in TABLES:
            yield from _table_faults(file, text, key, value)
        elif not isinstance(value, str) or not value.strip():
            yield Fault(file, line_of(text, key), f"the settings want a text for '{key}'")


def wording_faults(file: Path) -> Iterator[Fault]:
    """Yield all that is wrong with the desk's own wording of letters, by file and line."""
    from casetui.domain import letters  # noqa: PLC0415 - few commands need it

    folder = letters_folder(file)
    for own in sorted(folder.glob("*.txt")):
        if own.stem in letters.KINDS:
            for line, says in letters.faults(_text(own), own.stem):
                yield Fault(own, line, says)
        else:
            known = ", ".join(f"{kind}.txt" for kind in letters.KINDS)
            yield Fault(own, 1, f"no letter is called '{own.name}'; there are {known}")


def _view_faults(file: Path, text: str, rows: object) -> Iterator[Fault]:
    from casetui.domain import views  # noqa: PLC0415 - only where there are views

    for at, key, says in views.faults(rows):
        yield Fault(file, _line_of_row(text, "views", at, key), says)


def _table_faults(file: Path, text: str, name: str, table: object) -> Iterator[Fault]:
    from casetui.domain import looks, mail  # noqa: PLC0415 - only where there are tables

    if not isinstance(table, dict):
        yield Fault(file, line_of(text, name), f"the settings want a table for '{name}'; begin it with [{name}]")
        return
    for key, says in {"mail": mail.faults, "screen": looks.faults, "keys": _key_faults}[name](table):
        yield Fault(file, line_of(text, f"{name}.{key}") or line_of(text, name), says)


def _key_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for action, written in _flat(table):
        if not isinstance(written, str) or not written.strip():
            yield action, f"'{action}' wants the names of keys, such as \"M,ctrl+y\""


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a table by their dotted names: ``case.move`` may be written with quotes or without."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _mail(kept: dict[str, Any]) -> "Mail | None":
    if "mail" not in kept:
        return None
    from casetui.domain.mail import Mail  # noqa: PLC0415 - only where mail is set

    return Mail.read(kept["mail"])


def _screen(kept: dict[str, Any]) -> "Looks | None":
    if "screen" not in kept:
        return None
    from casetui.domain.looks import Looks  # noqa: PLC0415 - only where the screen is set

    return Looks.read(kept["screen"])


def _own_views(kept: dict[str, Any]) -> "tuple[Saved, ...]":
    if "views" not in kept:
        return ()
    from casetui.domain import views  # noqa: PLC0415 - only where there are views

    return views.read(kept["views"])


def _default_database() -> Chosen:
    from casetui.storage.store import default_path  # noqa: PLC0415 - not needed where one is named

    return Chosen(str(default_path()), "the default")


def _choose(key: str, flag: str | None, variable: str, kept: dict[str, Any], file: Path) -> Chosen | None:
    if flag:
        return Chosen(flag, f"--{'as' if key == 'agent' else key}")
    if os.environ.get(variable):
        return Chosen(os.environ[variable], variable)
    return Chosen(kept[key], str(file)) if key in kept else None


def _read(file: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - as above

    refuse(faults(file))
    return tomllib.loads(_text(file))


def refuse(found: Iterator[Fault]) -> None:
    """Raise Misused for the first fault, and say how many there are."""
    if wrong := list(found):
        more = f" ({len(wrong) - 1} more: see 'casetui config check')" if len(wrong) > 1 else ""
        raise Misused(f"{wrong[0]}{more}")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Misused(f"{file} cannot be read: {reason}.") from None


def line_in(file: Path, *wanted: str) -> int:
    """Return the line of a settings' file on which the first of these keys stands that is there."""
    text = _text(file)
    return next((line for each in wanted if (line := line_of(text, each))), 0)


def line_of(text: str, wanted: str) -> int:
    """Return the line on which a key such as ``mail.port`` stands, or a table begins; 0 where it is not found."""
    table = ""
    for at, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = header[1]
            if table == wanted:
                return at
        elif key := _KEY.match(line):
            name = f"{table}.{key[1]}" if table else key[1]
            if name == wanted or (name.startswith(f"{wanted}.") and "." not in wanted):
                return at
    return 0


def _line_of_row(text: str, table: str, row: int, key: str) -> int:
    """Return the line on which a key stands in the so manieth table of a list, or on which that table begins."""
    found, line_of_table = -1, line_of(text, table)
    for at, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            found += header[1] == table
            line_of_table = at if header[1] == table and found == row else line_of_table
        elif found == row and (known := _KEY.match(line)) and known[1] == key:
            return at
    return line_of_table


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "agent"
