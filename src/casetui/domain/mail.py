"""The desk's mail server as the settings name it, what is wrong with such settings, and what an address is."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from casetui.domain.safe import clean
from casetui.domain.words import closest

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How a connection is secured, and the port that is usual for it."""
_LONGEST = 254
"""Characters of the longest address that a mail server has to take (RFC 5321)."""
_ADDRESS = re.compile(
    r"""[^\s"(),:;<>@[\\\]]+
        @ [^\W_] (?: [\w-]* [^\W_] )? (?: \. [^\W_] (?: [\w-]* [^\W_] )? )* """,
    re.VERBOSE,
)

_HOST = re.compile(r"[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,252}")


class Mail(Struct, frozen=True):
    """Where letters are handed over, and in whose name; the password is read where it is needed, and not kept."""

    host: str
    sender: str
    port: int
    security: str = "starttls"
    user: str | None = None
    password_file: str | None = None
    name: str | None = None
    timeout: float = 30.0
    public_comments: bool = False

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Mail":
        """Return what a table without `faults` says."""
        port = PORTS[table.get("security", "starttls")]
        return cls(**{"port": port, **table})


def is_address(text: str) -> bool:
    """Say whether a text is one plain address, such as a mail server takes; a name beside it is too much."""
    return len(text) <= _LONGEST and text == clean(text) and _ADDRESS.fullmatch(text) is not None


def is_local(host: str) -> bool:
    """Say whether a host is this machine, so that nobody listens between it and us."""
    from ipaddress import ip_address  # noqa: PLC0415 - only where mail is set

    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the table ``[mail]``: a key of it, and a sentence that begins with it."""
    for key, value in table.items():
        if key == "password":
            yield key, "'mail.password' does not belong here: name a password_file, or set CASETUI_MAIL_PASSWORD"
        elif key not in _KEYS:
            yield key, f"there is no 'mail.{key}'; {nearest(key, _KEYS)}"
        elif wanted := _KEYS[key](value):
            yield key, f"'mail.{key}' wants {wanted}"
    for key in ("host", "sender"):
        if key not in table:
            yield "", f"[mail] lacks '{key}'"
    host = table.get("host")
    if table.get("security") == "none" and isinstance(host, str) and not is_local(host):
        yield "security", f"'mail.security' may be 'none' for localhost only; {host} needs starttls or tls"
    if "password_file" in table and "user" not in table:
        yield "password_file", "'mail.password_file' is there, but no 'mail.user' who logs in with it"


def nearest(key: str, known: Collection[str]) -> str:
    """Return the known key that was probably meant, or all of them."""
    close = closest(key, known)
    return f"did you mean '{close}'?" if close else f"the keys are {', '.join(known)}"


def _text(value: object) -> str | None:
    fits = isinstance(value, str) and value.strip() and value.isprintable()
    return None if fits else "a text on one line"


def _host(value: object) -> str | None:
    fits = isinstance(value, str) and _HOST.fullmatch(value) and ".." not in value
    return None if fits else "the name or the number of a machine, such as smtp.example.org"


def _port(value: object) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65535  # noqa: PLR2004 - TCP's
    return None if fits else "a number from 1 to 65535"


def _security(value: object) -> str | None:
    return None if isinstance(value, str) and value in PORTS else "'starttls', 'tls' or 'none'"


def _sender(value: object) -> str | None:
    return None if isinstance(value, str) and is_address(value) else "an address, such as support@example.org"


def _timeout(value: object) -> str | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 600  # noqa: PLR2004
    return None if fits else "seconds, from 1 to 600"


def _switch(value: object) -> str | None:
    return None if isinstance(value, bool) else "true or false"


_KEYS: dict[str, Callable[[object], str | None]] = {
    "host": _host,
    "port": _port,
    "security": _security,
    "user": _text,
    "password_file": _text,
    "sender": _sender,
    "name": _text,
    "timeout": _timeout,
    "public_comments": _switch,
}
