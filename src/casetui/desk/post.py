"""Hands letters to a mail server by SMTP, and says of each what became of it, in the server's own words."""

import re
from contextlib import ExitStack, suppress
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from casetui.domain.errors import Misused
from casetui.domain.letters import Letter
from casetui.domain.mail import Mail, is_address
from casetui.domain.safe import clean

if TYPE_CHECKING:
    from email.message import EmailMessage
    from smtplib import SMTP, SMTPException

_LONGEST = 300
"""Characters of a header, and of what is kept of a server's words; a line of mail has at most 998 (RFC 5322)."""
_A_CONNECTION = 20
"""Letters that are sent through one connection; some servers take no more."""
_PERMANENT, _TOO_LARGE = 500, 552
_LOG_IN_FIRST = (503, 530, 535, 538)
"""Codes by which a server refuses us, whoever the recipient is."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Fate(Enum):
    """What became of a letter: sent, to be tried again, never to be delivered, or no server to take it."""

    SENT = auto()
    AGAIN = auto()
    NEVER = auto()
    DOWN = auto()


class Answer(Struct, frozen=True):
    """What became of a letter, and what the server said."""

    fate: Fate
    words: str = ""


class Post:
    """A connection to a mail server, opened when the first letter needs it; to be closed in the end.

    Nothing that a server does or says raises anything but a refused login, which is a matter of the settings.
    """

    def __init__(self, mail: Mail, password: str | None) -> None:
        self.mail = mail
        self._password = password
        self._server: SMTP | None = None
        self._sent = 0
        self._dropped = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> Answer | None:
        """Connect and log in where that is not done; return an answer only where the server is DOWN.

        Raises Misused where the server refuses the login.
        """
        if self._server is not None and self._sent < _A_CONNECTION:
            return None
        self.close()
        try:
            self._server = self._connected()
        except (OSError, ValueError) as error:  # smtplib's, TLS's and the network's are all OSErrors
            return Answer(Fate.DOWN, _clear(f"{self.mail.host}: {_reason(error, self.mail.timeout)}"))
        self._sent = 0
        return None

    def send(self, letter: Letter, thread: str, written_at: datetime) -> Answer:
        """Hand over a letter and say what became of it; ``thread`` is the id to which its case's letters refer."""
        recipient = ascii_domain(letter.recipient)
        if recipient is None:
            return Answer(Fate.NEVER, _clear(f"not an address: {letter.recipient}"))
        if (down := self.open()) is not None:
            return down
        answer = self._hand_over(message_of(letter, self.mail, thread, written_at), recipient)
        self._sent += 1
        return answer

    def close(self) -> None:
        """Take leave of the server, if there is one."""
        if self._server is not None:
            with suppress(OSError):  # it may have gone before us
                self._server.quit()
            self._hang_up()

    def _connected(self) -> "SMTP":
        import ssl  # noqa: PLC0415 - only delivery needs it
        from smtplib import SMTP, SMTP_SSL  # noqa: PLC0415 - as above

        mail = self.mail
        with ExitStack() as stack:
            if mail.security == "tls":
                context = ssl.create_default_context()
                server: SMTP = SMTP_SSL(mail.host, mail.port, timeout=mail.timeout, context=context)
            else:
                server = SMTP(mail.host, mail.port, timeout=mail.timeout)
            stack.callback(server.close)
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            self._log_in(server)
            stack.pop_all()
        return server

    def _log_in(self, server: "SMTP") -> None:
        if self.mail.user is None or self._password is None:
            return
        from smtplib import SMTPException  # noqa: PLC0415 - only delivery needs it

        who = f"The mail server {self.mail.host} does not let '{self.mail.user}' in"
        try:
            server.login(self.mail.user, self._password)
        except UnicodeEncodeError:
            raise Misused(f"{who}: user and password are to be of ASCII characters.") from None
        except SMTPException as error:
            if _refuses_login(error):
                raise Misused(f"{who}: {_clear(_reason(error, self.mail.timeout))}.") from None
            raise

    def _hand_over(self, message: "EmailMessage", recipient: str) -> Answer:
        from smtplib import (  # noqa: PLC0415 - only delivery needs it
            SMTPDataError,
            SMTPNotSupportedError,
            SMTPRecipientsRefused,
            SMTPSenderRefused,
        )

        try:
            self._connection.send_message(message, ascii_domain(self.mail.sender), [recipient])
        except SMTPRecipientsRefused as error:
            answer = _refused(*error.recipients[recipient])
        except SMTPSenderRefused as error:
            fate = Fate.NEVER if error.smtp_code == _TOO_LARGE else Fate.DOWN
            answer = Answer(fate, _said(error.smtp_code, error.smtp_error))
        except SMTPDataError as error:
            answer = Answer(_fate(error.smtp_code), _said(error.smtp_code, error.smtp_error))
        except SMTPNotSupportedError as error:
            answer = Answer(Fate.NEVER, _clear(str(error)))
        except OSError as error:  # dropped, timed out, broken in any other way
            return self._lost(_reason(error, self.mail.timeout))
        else:
            answer = Answer(Fate.SENT)
        if self._connection.sock is None:
            self._hang_up()  # a server that answers 421 has gone
        self._dropped = 0
        return answer

    def _lost(self, reason: str) -> Answer:
        """Give up a connection in mid-letter; the second time in a row it is the server, not the letter."""
        self._hang_up()
        self._dropped += 1
        return Answer(Fate.DOWN if self._dropped > 1 else Fate.AGAIN, _clear(f"{self.mail.host}: {reason}"))

    @property
    def _connection(self) -> "SMTP":
        if self._server is None:
            raise ConnectionError
        return self._server

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def message_of(letter: Letter, mail: Mail, thread: str, written_at: datetime) -> "EmailMessage":
    """Return a letter as it goes out: plain text, all of it ASCII on the wire, no header but ours."""
    from email.headerregistry import Address  # noqa: PLC0415 - only delivery needs it
    from email.message import EmailMessage  # noqa: PLC0415 - as above
    from email.policy import SMTP as POLICY  # noqa: PLC0415 - as above

    message = EmailMessage(POLICY.clone(cte_type="7bit"))
    message["From"] = Address(_header(mail.name or ""), *_parts(mail.sender))
    message["To"] = Address("", *_parts(letter.recipient))
    message["Subject"] = _header(letter.subject)
    message["Date"] = written_at
    message["Message-ID"] = letter.message_id
    message["In-Reply-To"] = thread
    message["References"] = thread
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_CONTROLS.sub("?", letter.body))
    return message


def ascii_domain(address: str) -> str | None:
    """Return an address as mail servers take it, its domain in ASCII; None for what is no address."""
    if not is_address(address):
        return None
    name, domain = address.split("@")
    try:
        return f"{name}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None


def _parts(address: str) -> tuple[str, str]:
    name, domain = (ascii_domain(address) or "").split("@")
    return name, domain


def _header(text: str) -> str:
    """Return a text that stays one header: no break, no encoded word in which one could hide, not too long."""
    return _cut(clean(" ".join(text.split())).replace("=?", "= ?"))


def _refused(code: int, words: bytes) -> Answer:
    """Return what a server's refusal of a recipient means; "log in" and "no relay" mean us, not the recipient."""
    said = _said(code, words)
    ours = code in _LOG_IN_FIRST or "relay" in said.lower()
    return Answer(Fate.DOWN if ours else _fate(code), said)


def _fate(code: int) -> Fate:
    return Fate.NEVER if code >= _PERMANENT else Fate.AGAIN


def _refuses_login(error: "SMTPException") -> bool:
    """Say whether a server will not let us in, however often we try."""
    from smtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupportedError  # noqa: PLC0415 - as above

    if isinstance(error, SMTPAuthenticationError):
        return error.smtp_code >= _PERMANENT
    return isinstance(error, SMTPNotSupportedError) or type(error) is SMTPException


def _reason(error: Exception, timeout: float) -> str:
    """Return what an agent can do something about, of an error of the network, of TLS or of the dialogue."""
    from smtplib import SMTPResponseException  # noqa: PLC0415 - only delivery needs it
    from ssl import SSLCertVerificationError  # noqa: PLC0415 - as above

    if isinstance(error, SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    if isinstance(error, SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message}"
    if "timed out" in str(error):
        return f"no answer within {timeout:g} seconds"
    return str(getattr(error, "strerror", None) or error)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return _clear(f"{code} {text}")


def _clear(text: str) -> str:
    return _cut(clean(" ".join(text.split())))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
