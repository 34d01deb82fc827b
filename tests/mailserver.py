"""A real mail server to test with, which does what it is told."""

import asyncio
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from casetui.domain.mail import Mail


class Behaviour:
    """What the mail server does, and what it has taken."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.to_sender = "250 OK"
        self.to_recipient: dict[str, str] = {}
        self.to_data = "250 OK"
        self.drops = 0
        self.delay = 0.0
        self.secure: list[bool] = []
        self.sessions: Counter[Session] = Counter()
        self.most = 1000

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [str(message["Message-ID"]) for message in self.taken]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the sender; nobody sends more than ``most`` letters through one connection."""
        self.sessions[session] += 1
        if self.sessions[session] > self.most:
            return "421 4.7.0 Too many letters"
        if self.to_sender.startswith("250"):
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to a recipient."""
        answer = self.to_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Answer to the letter itself, late or never if so told."""
        await asyncio.sleep(self.delay)
        if self.drops:
            self.drops -= 1
            cast("asyncio.Transport", server.transport).abort()
            return "250 nobody hears this"
        if self.to_data.startswith("250"):
            self.taken.append(message_from_bytes(cast("bytes", envelope.content), policy=policy.default))
            self.envelopes.append((str(envelope.mail_from), [*envelope.rcpt_tos]))
            transport = cast("asyncio.Transport", server.transport)
            self.secure.append(transport.get_extra_info("ssl_object") is not None)
        return self.to_data


class MailServer(Controller):
    """A mail server on a port that the system chooses."""

    def __init__(self, behaviour: Behaviour, **options: Any) -> None:
        super().__init__(behaviour, hostname="127.0.0.1", port=0, **options)
        self.behaviour = behaviour

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    @property
    def mail(self) -> Mail:
        """The settings of a desk that sends through this server."""
        return Mail("127.0.0.1", "support@example.org", self.port, "none", name="Support", timeout=5)
