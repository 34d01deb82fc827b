"""What a user may set: one TOML file, the environment, the command line, in rising order of weight."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from casetui.domain.errors import Misused
from casetui.faults import faults, flat, letters_folder, refuse, text_of, wording_faults
from casetui.lean import platformdirs_alone

if TYPE_CHECKING:
    from casetui.domain.letters import Wording
    from casetui.domain.looks import Looks
    from casetui.domain.mail import Mail
    from casetui.domain.views import Saved, Views

PASSWORD = "CASETUI_MAIL_PASSWORD"
"""The environment variable that outweighs the password file."""


class Chosen(Struct, frozen=True):
    """A value, and where it comes from: a flag, the environment, the file or nowhere."""

    value: str
    source: str


class Settings(Struct, frozen=True):
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
    undo_window: timedelta | None = None
    """How long agents may take back what they did last, where the file says."""

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
        return Wording(**{kind: Template.read(text_of(file)) for kind, file in own.items() if file.is_file()})

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
        undo_window=timedelta(seconds=kept["undo_seconds"]) if "undo_seconds" in kept else None,
        keys=dict(flat(kept.get("keys", {}))),
    )


def file_of(config: str | None) -> Path:
    """Return the settings' file: the one that is named, or the default one."""
    return Path(config).expanduser() if config else default_file()


def default_file() -> Path:
    """Return where the settings lie unless told otherwise."""
    platformdirs_alone()
    from platformdirs import user_config_path  # noqa: PLC0415 - not needed where a file is named

    return user_config_path("casetui", appauthor=False) / "config.toml"


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
    words = text_of(kept).strip("\r\n")
    if not words or "\n" in words:
        raise Misused(f"The password file {kept} is to hold the password on one line, and nothing else.")
    return words


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
    platformdirs_alone()
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed where one is named

    return Chosen(str(user_data_path("casetui", appauthor=False) / "casetui.db"), by_default("XDG_DATA_HOME"))


def by_default(variable: str) -> str:
    """Say why a folder is where it is that nobody has chosen: a variable of XDG may have moved it."""
    return variable if os.environ.get(variable) else "the default"


def _choose(key: str, flag: str | None, variable: str, kept: dict[str, Any], file: Path) -> Chosen | None:
    if flag:
        return Chosen(flag, f"--{'as' if key == 'agent' else key}")
    if os.environ.get(variable):
        return Chosen(os.environ[variable], variable)
    return Chosen(kept[key], str(file)) if key in kept else None


def _read(file: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - as above

    refuse(faults(file))
    return tomllib.loads(text_of(file))


def _login() -> str:
    import getpass  # noqa: PLC0415 - not needed where the agent is named

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "agent"
