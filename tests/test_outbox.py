"""Letters go out: each once, none lost, whatever the mail server does, against a real one."""

import random
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from casetui.desk.check import problems
from casetui.desk.facts import desk_id
from casetui.desk.outbox import LEASE, PAUSES, CommentPost, Delivered, Outbox
from casetui.desk.post import Answer, Fate, Post, message_of
from casetui.desk.stops import Stops
from casetui.desk.undo import Undo
from casetui.domain.errors import Misused, Overtaken, ReadOnly, Refused
from casetui.domain.letters import SHIPPED, Letter, Mailing, Template, Wording, faults
from casetui.domain.mail import Mail
from casetui.domain.records import Facts, Request, What
from casetui.domain.workflow import CommentKind, Status
from casetui.storage.store import Store
from casetui.storage.tables import Letters
from tests.desks import START, HandClock, TestDesk, desk_in
from tests.mailserver import Behaviour, MailServer

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
    # aiosmtpd cancels its dialogues when it stops, and leaves their sockets to the collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

DELIVERER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from casetui.desk.outbox import Outbox
from casetui.desk.post import Post
from casetui.domain.mail import Mail
from casetui.storage.store import Store

class Clock:
    def now(self):
        return datetime.fromisoformat(sys.argv[3])

class Dying(Post):
    def send(self, letter, thread, written_at):
        answer = super().send(letter, thread, written_at)
        os.kill(os.getpid(), signal.SIGKILL)

store = Store.open(Path(sys.argv[1]))
mail = Mail("127.0.0.1", "support@example.org", int(sys.argv[2]), "none", name="Support")
with (Dying if "die" in sys.argv else Post)(mail, None) as post:
    done = Outbox(store, Clock()).deliver(post)
print(done.sent, done.failed)
store.close()
"""


def deliver(desk: TestDesk, mail: Mail, password: str | None = None) -> Delivered:
    """Run one round."""
    with Post(mail, password) as post:
        return Outbox(desk.store, desk.clock).deliver(post)


def remind(desk: TestDesk, *emails: str) -> list[int]:
    """Open cases that have a reminder in the outbox."""
    numbers = [desk.open(email=email) for email in emails]
    for number in numbers:
        desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    return numbers


def outbox(desk: TestDesk) -> list[Mailing]:
    """Return the letters as they stand."""
    return Outbox(desk.store, desk.clock).listed()


def words(message: EmailMessage) -> str:
    """Return what a reader sees of a letter."""
    return str(message.get_content()).replace("\r\n", "\n")


def nobody() -> Mail:
    """Return a mail server that is not there."""
    return Mail("127.0.0.1", "support@example.org", 1, "none")


def test_a_letter_is_sent_and_noted(desk: TestDesk, server: MailServer) -> None:
    """It arrives with every header that it promises, and the outbox says when it went."""
    (number,) = remind(desk, "j@example.org")
    assert deliver(desk, server.mail) == Delivered(sent=1)
    (message,), (kept,) = server.behaviour.taken, outbox(desk)
    desk_id = kept.message_id.partition("@")[2]
    assert (message["From"], message["To"]) == ("Support <support@example.org>", "j@example.org")
    assert message["Subject"] == f"[Case {number}] We wait for your answer: Search times out"
    assert message["Message-ID"] == kept.message_id == f"<case-{number}.stay-2.reminder@{desk_id}"
    assert message["In-Reply-To"] == message["References"] == f"<case-{number}@{desk_id}"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == desk.clock.now()
    assert message.get_content_type() == "text/plain"
    assert words(message).startswith("Hello J. Peeters,\n\nwe asked you for information on your case")
    assert (kept.state, kept.sent_at, kept.tries, kept.error) == ("sent", desk.clock.now(), 1, None)
    assert server.behaviour.envelopes == [("support@example.org", ["j@example.org"])]
    assert deliver(desk, server.mail) == Delivered()


def test_the_letters_of_a_case_are_one_thread(desk: TestDesk, server: MailServer) -> None:
    """All refer to the case, and no two bear the same id."""
    remind(desk, "j@example.org")
    desk.clock.advance(days=21)
    desk.sweeper.sweep()
    assert deliver(desk, server.mail).sent == 2
    thread = f"<case-1@{desk_id(desk.store)}.casetui>"
    for header in ("References", "In-Reply-To"):
        assert {str(message[header]) for message in server.behaviour.taken} == {thread}
    assert len(set(server.behaviour.ids)) == 2


def test_words_of_every_alphabet_arrive(desk: TestDesk, server: MailServer) -> None:
    """In the subject, in the name and in the letter, all of it ASCII on the wire."""
    number = desk.verbs.open(Facts("Поиск — 検索 ❤", contact="Žofie Nováková", email="j@bücher.example")).number
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.sweep()
    assert deliver(desk, replace(server.mail, name="Soutien «œuvre»")).sent == 1
    (message,) = server.behaviour.taken
    assert "Поиск — 検索 ❤" in message["Subject"]
    assert "Hello Žofie Nováková,\n" in words(message)
    assert message["From"].addresses[0].display_name == "Soutien «œuvre»"
    assert server.behaviour.envelopes[0][1] == ["j@xn--bcher-kva.example"]


def test_a_refused_address_fails_at_once_and_holds_the_closure(desk: TestDesk, server: MailServer) -> None:
    """The history says it in the server's words, and the case is unread until an agent has looked."""
    number, other = remind(desk, "gone@example.org", "here@example.org")
    server.behaviour.to_recipient["gone@example.org"] = "550 5.1.1 No such\x1b[31m user"
    assert deliver(desk, server.mail) == Delivered(sent=1, failed=1)
    kept = outbox(desk)[0]
    assert (kept.state, kept.tries, kept.next_try_at) == ("failed", 1, None)
    assert kept.error == "550 5.1.1 No such<U+001B>[31m user"
    last = desk.board.history(number)[-1]
    assert (last.what, last.by, last.note) == (What.UNREACHABLE, "timer:mail", kept.error)
    assert (desk.case(number).unread, desk.case(other).unread) == (True, False)
    desk.clock.advance(days=21)
    swept = desk.sweeper.sweep()
    assert (swept.held, swept.closed) == ((number,), (other,))
    desk.verbs.read(number)
    assert desk.sweeper.sweep().closed == (number,)
    assert list(problems(desk.store)) == []


def test_an_agent_who_did_not_see_the_refusal_is_told(desk: TestDesk, server: MailServer) -> None:
    """The case has changed, and the sentence says how."""
    (number,) = remind(desk, "gone@example.org")
    seen = desk.case(number).version
    server.behaviour.to_recipient["gone@example.org"] = "550 gone"
    deliver(desk, server.mail)
    with pytest.raises(Overtaken, match="timer:mail could not reach its customer"):
        desk.verbs.assign(number, "ana", seen=seen)


@pytest.mark.parametrize("answer", ["554 5.7.1 Message refused", "552 5.3.4 Too large"])
def test_a_letter_refused_for_what_it_says_fails_at_once(desk: TestDesk, server: MailServer, answer: str) -> None:
    """Nothing reached the customer, so the case says so too."""
    (number,) = remind(desk, "j@example.org")
    server.behaviour.to_data = answer
    assert deliver(desk, server.mail).failed == 1
    assert outbox(desk)[0].error == answer
    assert desk.case(number).unread


def test_a_server_that_puts_off_is_tried_five_times(desk: TestDesk, server: MailServer) -> None:
    """After a minute, five, an hour and four; then the letter is failed, and the case as it was."""
    (number,) = remind(desk, "grey@example.org")
    server.behaviour.to_recipient["grey@example.org"] = "451 4.7.1 Try again later"
    for tries, pause in enumerate(PAUSES, start=1):
        assert deliver(desk, server.mail) == Delivered(waiting=1)
        kept = outbox(desk)[0]
        assert (kept.tries, kept.error) == (tries, "451 4.7.1 Try again later")
        assert kept.next_try_at == desk.clock.now() + pause
        desk.clock.advance(seconds=pause.total_seconds() - 1)
        assert deliver(desk, server.mail) == Delivered(waiting=1)
        assert outbox(desk)[0].tries == tries
        desk.clock.advance(seconds=1)
    assert deliver(desk, server.mail) == Delivered(failed=1)
    assert (outbox(desk)[0].state, outbox(desk)[0].tries) == ("failed", 5)
    assert not desk.case(number).unread


def test_a_letter_put_off_does_not_hold_the_others(desk: TestDesk, server: MailServer) -> None:
    """The rest of the round goes on."""
    remind(desk, "grey@example.org", "a@example.org", "b@example.org")
    server.behaviour.to_recipient["grey@example.org"] = "450 busy"
    assert deliver(desk, server.mail) == Delivered(sent=2, waiting=1)


def test_a_connection_dropped_after_the_letter_sends_it_again(desk: TestDesk, server: MailServer) -> None:
    """Nobody knows whether it was taken, so it goes out again as the same letter; the next one is not held."""
    remind(desk, "a@example.org", "b@example.org")
    server.behaviour.drops = 1
    assert deliver(desk, server.mail) == Delivered(sent=1, waiting=1)
    assert "closed" in str(outbox(desk)[0].error)
    desk.clock.advance(minutes=1)
    assert deliver(desk, server.mail) == Delivered(sent=1)
    assert sorted(server.behaviour.ids) == sorted(kept.message_id for kept in outbox(desk))


def test_a_server_that_drops_everything_is_left_alone(desk: TestDesk, server: MailServer) -> None:
    """The second drop in a row ends the round."""
    remind(desk, *(f"{at}@example.org" for at in range(5)))
    server.behaviour.drops = 99
    delivered = deliver(desk, server.mail)
    assert (delivered.waiting, bool(delivered.trouble)) == (5, True)
    assert [kept.tries for kept in outbox(desk)] == [1, 1, 0, 0, 0]


def test_a_server_that_is_too_slow_is_not_waited_for(desk: TestDesk, server: MailServer) -> None:
    """The timeout of the settings counts, and the letter waits."""
    remind(desk, "a@example.org")
    server.behaviour.delay = 1.5
    began = time.monotonic()
    assert deliver(desk, replace(server.mail, timeout=0.2)).waiting == 1
    assert time.monotonic() - began < 1
    assert outbox(desk)[0].error == "127.0.0.1: no answer within 0.2 seconds"


def test_an_outage_costs_one_letter_one_try_a_round(desk: TestDesk) -> None:
    """The round ends at the first connection refused; an hour of rounds burns five tries of none."""
    remind(desk, *(f"{at}@example.org" for at in range(40)))
    delivered = deliver(desk, nobody())
    assert (delivered.sent, delivered.waiting, delivered.failed) == (0, 40, 0)
    assert "127.0.0.1: Connection refused" in delivered.trouble
    assert sum(kept.tries for kept in outbox(desk)) == 1
    for _ in range(60):
        desk.clock.advance(minutes=1)
        deliver(desk, nobody())
    assert {kept.state for kept in outbox(desk)} == {"waiting"}
    assert max(kept.tries for kept in outbox(desk)) <= 3


@pytest.mark.parametrize(
    ("to_sender", "to_recipient"),
    [
        ("550 5.1.8 Sender unknown", "250 OK"),
        ("451 4.3.2 Too many letters", "250 OK"),
        ("421 Going down", "250 OK"),
        ("250 OK", "554 5.7.1 Relay access denied"),
        ("250 OK", "530 5.7.0 Log in first"),
    ],
)
def test_a_refusal_of_us_is_no_refusal_of_the_customer(
    desk: TestDesk, server: MailServer, to_sender: str, to_recipient: str
) -> None:
    """The round ends, the letters wait, and no case is marked."""
    numbers = remind(desk, "a@example.org", "b@example.org")
    server.behaviour.to_sender = to_sender
    server.behaviour.to_recipient["a@example.org"] = to_recipient
    delivered = deliver(desk, server.mail)
    assert (delivered.waiting, delivered.failed) == (2, 0)
    assert delivered.trouble in (to_sender, to_recipient)
    assert not any(desk.case(number).unread for number in numbers)


def test_a_recipient_after_whom_the_server_leaves_costs_the_next_nothing(
    desk: TestDesk, server: MailServer
) -> None:
    """A 421 ends the connection; the next letter gets a new one."""
    remind(desk, "a@example.org", "b@example.org")
    server.behaviour.to_recipient["a@example.org"] = "421 4.7.0 Too many errors"
    assert deliver(desk, server.mail) == Delivered(sent=1, waiting=1)


@pytest.mark.parametrize(
    "address",
    [
        "nobody", "a@b@c", "a@", "@b", "a b@c.org", "a,b@c.org", "J <j@c.org>", "a@c.org\r\nRCPT TO:<evil@x.org>",
        "a@c.org>", "a@-", "a@c..org", "a\u202e@c.org", "\x00@c.org", "a" * 300 + "@c.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_a_failure_that_is_recorded(
    desk: TestDesk, server: MailServer, address: str
) -> None:
    """Never an exception, and never a word of it to the server."""
    number, _ = remind(desk, "x@example.org", "fine@example.org")
    desk.store.database.execute_sql("UPDATE letters SET recipient = ? WHERE id = 1", (address,))
    assert deliver(desk, server.mail) == Delivered(sent=1, failed=1)
    assert "not an address: " in str(outbox(desk)[0].error)
    assert desk.case(number).unread
    assert server.behaviour.envelopes == [("support@example.org", ["fine@example.org"])]


HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip


@pytest.mark.parametrize(
    "nasty",
    [
        "Hi\r\nBcc: evil@example.org", "Hi\nBcc: evil@example.org", "Hi\r\rBcc: evil@example.org\r\n\r\nBody",
        "=?utf-8?q?Hi=0D=0ABcc:=20evil@example.org?=", "=?utf-8?b?SGkNCkJjYzogZXZpbEBleGFtcGxlLm9yZw==?=",
        "Hi\x0bBcc: a@b\x0cBcc: a@b\x1cBcc: a@b\x85Bcc: a@b\u2028Bcc: a@b", "Hi\x00\x1b]0;x\x07\ud800",
        "x" * 5000, "ü" * 3000, "{number} {subject.__class__} {0} }{", ".\r\n.\r\nMAIL FROM:<a@b>",
    ],
)  # fmt: skip
def test_no_header_is_injected(desk: TestDesk, server: MailServer, nasty: str) -> None:
    """Whatever subject, name and comment hold, the letter has our headers and no other."""
    number = desk.open()
    clock, store = desk.clock, desk.store
    verbs = Stops(store, clock, "ana", CommentPost(store))
    verbs.edit(number, {"subject": f"S {nasty}"[:900], "contact": nasty[:900]})
    verbs.comment(number, CommentKind.PUBLIC, f"Words\n.\n{nasty}")
    # What some other program may have written into the table is no better.
    store.database.execute_sql(
        "UPDATE letters SET subject = ?", (nasty.encode("utf-8", "replace").decode(),)
    ) if "\x00" not in nasty else None
    assert deliver(desk, replace(server.mail, name=nasty)).sent == 1
    (message,) = server.behaviour.taken
    assert sorted(message.keys()) == sorted(HEADERS)
    assert server.behaviour.envelopes == [("support@example.org", ["j.peeters@example.org"])]
    assert [address.addr_spec for address in message["From"].addresses] == ["support@example.org"]
    assert "Words\n.\n" in words(message)


@given(subject=st.text(), name=st.text(), body=st.text())
@settings(max_examples=100, deadline=None)
def test_any_text_at_all_makes_a_letter_with_our_headers(subject: str, name: str, body: str) -> None:
    """Read back from its bytes, which are all ASCII."""
    mail = replace(nobody(), name=name)
    letter = Letter("j@example.org", subject, body, "<case-1.stay-2.reminder@d.casetui>")
    raw = message_of(letter, mail, "<case-1@d.casetui>", START).as_bytes()
    assert raw.isascii()
    assert sorted(message_from_bytes(raw, policy=policy.default).keys()) == sorted(HEADERS)


def test_what_no_terminal_and_no_charset_can_take_is_marked_in_the_letter() -> None:
    """Escapes, controls and halves of characters become question marks; tabs and lines stay."""
    letter = Letter("j@example.org", "S", "a\x1b[2J\x00\x9b\ud800\tb\nc\n", "<x@d.casetui>")
    message = message_of(letter, nobody(), "<y@d.casetui>", START)
    assert words(message) == "a?[2J???\tb\nc\n"


def certificate(folder: Path) -> Path:
    """Make a certificate for this machine that nobody has signed; key and certificate in one file."""
    key, made = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    try:
        subprocess.run([*command, "-keyout", key, "-out", made, *subject], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate with")
    made.write_text(made.read_text() + key.read_text())
    return made


@pytest.fixture(params=["starttls", "tls"])
def secure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[MailServer, Mail, Path]]:
    """Give a mail server that insists on TLS, from the first byte or by STARTTLS, and its certificate."""
    made = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made)
    tls = request.param == "tls"
    options = {"ssl_context": context} if tls else {"tls_context": context, "require_starttls": True}
    running = MailServer(Behaviour(), **options)
    running.start()
    yield running, replace(running.mail, security=request.param), made
    running.stop()


def test_letters_go_through_tls(
    desk: TestDesk, secure: tuple[MailServer, Mail, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that verifies is enough."""
    server, mail, made = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    remind(desk, "j@example.org")
    assert deliver(desk, mail) == Delivered(sent=1)
    assert server.behaviour.secure == [True]


def test_a_certificate_that_does_not_verify_is_refused(
    desk: TestDesk, secure: tuple[MailServer, Mail, Path]
) -> None:
    """Nothing is sent, and the letter waits."""
    server, mail, _ = secure
    remind(desk, "j@example.org")
    delivered = deliver(desk, mail)
    assert (delivered.waiting, server.behaviour.taken) == (1, [])
    assert "certificate cannot be trusted: self-signed certificate" in delivered.trouble


def test_a_server_without_starttls_gets_nothing_in_the_clear(desk: TestDesk, server: MailServer) -> None:
    """Neither letter nor password."""
    remind(desk, "j@example.org")
    delivered = deliver(desk, replace(server.mail, security="starttls", user="desk"), "secret")
    assert "STARTTLS" in delivered.trouble
    assert server.behaviour.taken == []


@pytest.fixture
def guarded() -> Iterator[MailServer]:
    """Give a mail server that asks who is there."""

    def known(_: object, __: object, ___: object, ____: str, who: LoginPassword) -> AuthResult:
        return AuthResult(success=who == LoginPassword(b"desk", b"open sesame"), handled=False)

    running = MailServer(Behaviour(), authenticator=known, auth_required=True, auth_require_tls=False)
    running.start()
    yield running
    running.stop()


def test_a_login_is_made_and_its_refusal_is_a_sentence(desk: TestDesk, guarded: MailServer) -> None:
    """The refusal is about the settings: no letter uses up a try."""
    remind(desk, "a@example.org", "b@example.org")
    mail = replace(guarded.mail, user="desk")
    for wrong in ("shut", "pässwörd"):
        with pytest.raises(Misused, match="does not let 'desk' in"):
            deliver(desk, mail, wrong)
    assert [kept.tries for kept in outbox(desk)] == [0, 0]
    assert deliver(desk, mail, "open sesame").sent == 2


def test_a_login_where_there_is_none_is_a_sentence(desk: TestDesk, server: MailServer) -> None:
    """So is a server that knows no logins."""
    remind(desk, "a@example.org")
    with pytest.raises(Misused, match="does not let 'desk' in"):
        deliver(desk, replace(server.mail, user="desk"), "secret")


def deliverer(desk: TestDesk, server: MailServer, *options: str) -> "subprocess.Popen[str]":
    """Start a process that runs one round."""
    arguments = (str(desk.store.path), str(server.port), desk.clock.now().isoformat(), *options)
    return subprocess.Popen([sys.executable, "-c", DELIVERER, *arguments], stdout=subprocess.PIPE, text=True)


def test_of_many_deliverers_one_sends_each_letter(desk: TestDesk, server: MailServer) -> None:
    """Four processes at once, and each letter arrives once."""
    remind(desk, *(f"{at}@example.org" for at in range(80)))
    running = [deliverer(desk, server) for _ in range(4)]
    sent = [int(process.communicate()[0].split()[0]) for process in running]
    assert sum(sent) == 80
    assert sorted(server.behaviour.ids) == sorted(kept.message_id for kept in outbox(desk))
    assert {(kept.state, kept.tries) for kept in outbox(desk)} == {("sent", 1)}


def test_a_letter_killed_before_it_was_noted_goes_again(desk: TestDesk, server: MailServer) -> None:
    """After its lease, as the same letter; a reader's mail program shows it once."""
    remind(desk, "a@example.org", "b@example.org")
    process = deliverer(desk, server, "die")
    process.communicate()
    assert process.returncode == -9
    assert (len(server.behaviour.taken), outbox(desk)[0].state) == (1, "waiting")
    assert deliver(desk, server.mail) == Delivered(sent=1, waiting=1)
    desk.clock.advance(seconds=LEASE.total_seconds())
    assert deliver(desk, server.mail) == Delivered(sent=1)
    first, second = (kept.message_id for kept in outbox(desk))
    assert server.behaviour.ids == [first, second, first]
    assert server.behaviour.taken[0].as_bytes() == server.behaviour.taken[2].as_bytes()


def test_kills_at_any_moment_lose_no_letter(desk: TestDesk, server: MailServer) -> None:
    """Every letter arrives, and what arrives twice bears one id: one letter for each kill at most."""
    remind(desk, *(f"{at}@example.org" for at in range(60)))
    server.behaviour.delay = 0.02
    moments = random.Random(3)  # noqa: S311 - the same moments each time
    kills = 8
    for _ in range(kills):
        goal = len(server.behaviour.taken) + moments.randint(1, 6)
        process = deliverer(desk, server)
        while len(server.behaviour.taken) < goal:
            time.sleep(moments.random() / 100)
        process.kill()
        process.communicate()
        desk.clock.advance(minutes=1)
    server.behaviour.delay = 0
    desk.clock.advance(seconds=LEASE.total_seconds())
    assert deliver(desk, server.mail).waiting == 0
    arrived = Counter(server.behaviour.ids)
    assert set(arrived) == {kept.message_id for kept in outbox(desk)}
    assert sum(arrived.values()) <= len(arrived) + kills
    assert {kept.state for kept in outbox(desk)} == {"sent"}
    assert list(problems(desk.store)) == []


def test_a_deliverer_that_wakes_after_its_lease_changes_nothing(desk: TestDesk, server: MailServer) -> None:
    """What the next one noted of the letter stands, unless the late one did send it."""
    remind(desk, "a@example.org")

    class Sleepy(Post):
        def send(self, letter: Letter, thread: str, written_at: datetime) -> Answer:
            desk.clock.advance(seconds=LEASE.total_seconds())
            deliver(desk, nobody())
            return super().send(letter, thread, written_at)

    def wake() -> Mailing:
        with Sleepy(server.mail, None) as post:
            Outbox(desk.store, desk.clock).deliver(post)
        return outbox(desk)[0]

    server.behaviour.to_recipient["a@example.org"] = "450 late"
    kept = wake()
    assert (kept.tries, kept.error) == (2, "127.0.0.1: Connection refused")
    server.behaviour.to_recipient.clear()
    desk.clock.advance(hours=5)
    assert wake().state == "sent"


def test_a_letter_that_went_while_it_was_taken_back_is_sent(desk: TestDesk, server: MailServer) -> None:
    """The customer has it, so the outbox says so, and redo does not send it again."""
    number = desk.open()
    desk.clock.advance(minutes=5)
    undo = Undo(desk.store, desk.clock, "ana")
    posting(desk).comment(number, CommentKind.PUBLIC, "Good.")

    class Slow(Post):
        def send(self, letter: Letter, thread: str, written_at: datetime) -> Answer:
            undo.undo()
            return super().send(letter, thread, written_at)

    with Slow(server.mail, None) as post:
        Outbox(desk.store, desk.clock).deliver(post)
    assert [kept.state for kept in outbox(desk)] == ["sent"]
    assert undo.redo().gone == 1
    assert deliver(desk, server.mail) == Delivered()


def test_a_letter_is_left_to_its_deliverer_for_as_long_as_its_server_may_take(desk: TestDesk) -> None:
    """A server that is given more time is given it in each of its answers."""
    remind(desk, "a@example.org")
    left: list[timedelta] = []

    class Patient(Post):
        def open(self) -> Answer | None:
            return None

        def send(self, letter: Letter, thread: str, written_at: datetime) -> Answer:
            until = outbox(desk)[0].next_try_at
            left.extend([until - desk.clock.now()] if until else [])
            return Answer(Fate.AGAIN, "later")

    for timeout in (5.0, 300.0):
        with Patient(replace(nobody(), timeout=timeout), None) as post:
            Outbox(desk.store, desk.clock).deliver(post)
        desk.clock.advance(hours=1)
    assert left == [LEASE, timedelta(seconds=20 * 300)]


def test_an_outage_without_a_word_is_one_too(desk: TestDesk) -> None:
    """What the server says is for the agent; whether it is there decides."""
    remind(desk, "a@example.org", "b@example.org")

    class Mute(Post):
        def open(self) -> Answer | None:
            return Answer(Fate.DOWN)

    with Mute(nobody(), None) as post:
        assert Outbox(desk.store, desk.clock).deliver(post) == Delivered(waiting=2)
    assert [kept.tries for kept in outbox(desk)] == [1, 0]


def test_a_server_that_takes_its_time_holds_nobody(desk: TestDesk, server: MailServer) -> None:
    """No transaction is open while it is spoken to: whoever wants to write can."""
    remind(desk, "a@example.org")
    folder = desk.store.path.parent

    class Slow(Post):
        def send(self, letter: Letter, thread: str, written_at: datetime) -> Answer:
            with desk_in(folder, desk.clock) as other:
                other.customer(1)
            return super().send(letter, thread, written_at)

    with Slow(server.mail, None) as post:
        assert Outbox(desk.store, desk.clock).deliver(post).sent == 1
    assert desk.case(1).status is Status.UPDATE_RECEIVED


def test_a_clock_set_back_holds_no_letter_for_long(desk: TestDesk, server: MailServer) -> None:
    """A next try a year away was not meant."""
    remind(desk, "a@example.org")
    deliver(desk, nobody())
    desk.clock.advance(days=-365)
    assert deliver(desk, server.mail).sent == 1


def test_a_round_stops_when_it_is_told_to(desk: TestDesk, server: MailServer) -> None:
    """A dashboard that closes does not wait for all the letters."""
    remind(desk, *(f"{at}@example.org" for at in range(5)))
    answers = iter([False, False, True])
    with Post(server.mail, None) as post:
        delivered = Outbox(desk.store, desk.clock).deliver(post, lambda: next(answers))
    assert (delivered.sent, delivered.waiting) == (2, 3)


def test_many_letters_go_through_several_connections(desk: TestDesk, server: MailServer) -> None:
    """Some servers take twenty through one; the forty-first goes all the same."""
    server.behaviour.most = 20
    remind(desk, *(f"{at}@example.org" for at in range(41)))
    assert deliver(desk, server.mail) == Delivered(sent=41)


def test_a_failed_letter_is_tried_again_at_the_address_that_the_case_has_now(
    desk: TestDesk, server: MailServer
) -> None:
    """With all its tries; a letter that has not failed is not."""
    (number,) = remind(desk, "gone@example.org")
    box = Outbox(desk.store, desk.clock)
    with pytest.raises(Refused, match="Letter 1 waits already; only a failed letter"):
        box.retry(1)
    server.behaviour.to_recipient["gone@example.org"] = "550 gone"
    deliver(desk, server.mail)
    desk.verbs.edit(number, {"email": "here@example.org"})
    again = box.retry(1)
    assert (again.state, again.tries, again.error, again.recipient) == ("waiting", 0, None, "here@example.org")
    assert deliver(desk, server.mail).sent == 1
    with pytest.raises(Refused, match="Letter 1 is sent"):
        box.retry(1)
    with pytest.raises(Refused, match="no letter 9"):
        box.retry(9)


def test_a_letter_that_backs_off_says_when_it_is_tried_next(desk: TestDesk) -> None:
    """In the refusal to retry it."""
    remind(desk, "a@example.org")
    deliver(desk, nobody())
    with pytest.raises(Refused, match=r"its next try is at 12 Jan 2026 09:01"):
        Outbox(desk.store, desk.clock).retry(1)


def posting(desk: TestDesk, wording: Wording = SHIPPED) -> Stops:
    """Return verbs that send public comments as letters."""
    return Stops(desk.store, desk.clock, "ana", CommentPost(desk.store, wording))


def test_public_comments_are_letters_where_the_desk_wants_it(desk: TestDesk, server: MailServer) -> None:
    """A comment or the words of a move, in the case's thread; nothing internal, nothing of the customer's."""
    number = desk.open()
    verbs = posting(desk)
    verbs.comment(number, CommentKind.INTERNAL, "They are slow.")
    verbs.comment(number, CommentKind.CUSTOMER, "Well?")
    verbs.comment(number, CommentKind.PUBLIC, "Try {this}.\nThen that.")
    verbs.move(number, Request(Status.CONFIRMATION, comment="Solved?"))
    verbs.move(number, Request(Status.CUSTOMER_TESTING, comment="We test.", as_customer=True))
    desk.verbs.comment(number, CommentKind.PUBLIC, "Not a letter.")
    assert deliver(desk, server.mail).sent == 2
    first, second = server.behaviour.taken
    assert words(first) == "Hello J. Peeters,\n\nTry {this}.\nThen that.\n\nYour support team\n"
    assert "Solved?" in words(second)
    assert first["References"] == second["References"]
    kept = outbox(desk)
    assert [letter.rule for letter in kept] == ["comment", "comment"]
    commented = [entry for entry in desk.board.history(number) if entry.body == "Solved?"]
    assert kept[1].message_id.startswith(f"<case-{number}.entry-{commented[0].id}@")


def test_a_comment_without_an_address_is_no_letter(desk: TestDesk) -> None:
    """The comment is kept, the outbox stays empty."""
    number = desk.open(email=None)
    posting(desk).comment(number, CommentKind.PUBLIC, "Hello?")
    assert outbox(desk) == []


def test_undo_withdraws_a_letter_that_has_not_gone(desk: TestDesk, server: MailServer) -> None:
    """And only that: one that has gone stays sent."""
    number = desk.open()
    desk.clock.advance(minutes=5)
    verbs, undo = posting(desk), Undo(desk.store, desk.clock, "ana")
    verbs.comment(number, CommentKind.PUBLIC, "Oops.")
    undo.undo()
    assert deliver(desk, server.mail) == Delivered()
    verbs.comment(number, CommentKind.PUBLIC, "Good.")
    deliver(desk, server.mail)
    undo.undo()
    assert [kept.state for kept in outbox(desk)] == ["withdrawn", "sent"]
    assert list(problems(desk.store)) == []


def test_redo_sends_a_withdrawn_letter_once_under_its_own_message_id(desk: TestDesk, server: MailServer) -> None:
    """And no second time one that had gone, or went while it was being taken back."""
    number = desk.open()
    desk.clock.advance(minutes=5)
    verbs, undo = posting(desk), Undo(desk.store, desk.clock, "ana")
    verbs.comment(number, CommentKind.PUBLIC, "Good.")
    named = outbox(desk)[0].message_id
    assert undo.undo().letters == 1
    assert deliver(desk, server.mail) == Delivered()
    assert undo.redo().letters == 1
    assert deliver(desk, server.mail).sent == 1
    assert undo.undo().gone == 1
    assert undo.redo().letters == 0
    assert deliver(desk, server.mail) == Delivered()
    assert [(kept.state, kept.message_id) for kept in outbox(desk)] == [("sent", named)]
    assert len(server.behaviour.taken) == 1
    assert list(problems(desk.store)) == []


def test_a_letter_under_way_keeps_its_deliverer_through_undo_and_redo(desk: TestDesk, server: MailServer) -> None:
    """Who has claimed it has it until the lease ends: no second one sends it meanwhile."""
    number = desk.open()
    desk.clock.advance(minutes=5)
    verbs, undo = posting(desk), Undo(desk.store, desk.clock, "ana")
    verbs.comment(number, CommentKind.PUBLIC, "Good.")
    desk.store.execute(Letters.update(tries=1, next_try_at=desk.clock.now() + LEASE))
    undo.undo()
    undo.redo()
    assert deliver(desk, server.mail) == Delivered(waiting=1)
    desk.clock.advance(seconds=LEASE.total_seconds())
    assert deliver(desk, server.mail).sent == 1


def test_the_desks_own_wording_is_used(desk: TestDesk) -> None:
    """From the sweep on; the subject names the case even where the wording does not."""
    own = Wording(reminder=Template("Noch da?", "Guten Tag {contact},\n{status} bis {closes}: {subject} {{x}}\n"))
    number = desk.verbs.open(Facts("{closes} } {0}", email="j@example.org")).number
    desk.ask(number)
    desk.clock.advance(days=7)
    desk.sweeper.wording = own
    desk.sweeper.sweep()
    letter = Outbox(desk.store, desk.clock).letter(1)
    assert letter.subject == f"[Case {number}] Noch da?"
    closes = (START + timedelta(days=28)).strftime("%a %d %b %Y %H:%M UTC")
    assert letter.body == f"Guten Tag,\nPending Customer Input bis {closes}: {{closes}} }} {{0}} {{x}}\n"


@pytest.mark.parametrize("kind", ["reminder", "closure", "comment"])
def test_the_shipped_wording_has_no_faults(kind: str) -> None:
    """Written into a file, it is a template; and read back, it is the same."""
    template: Template = getattr(SHIPPED, kind)
    text = f"Subject: {template.subject}\r\n\r\n{template.body}"
    assert faults(text, kind) == []
    assert Template.read(text) == template


def test_a_read_only_desk_sends_nothing(desk: TestDesk, server: MailServer) -> None:
    """The claim is refused before a word is said."""
    remind(desk, "a@example.org")
    store = Store.open(desk.store.path, read_only=True)
    try:
        with Post(server.mail, None) as post, pytest.raises(ReadOnly):
            Outbox(store, desk.clock).deliver(post)
    finally:
        store.close()
    assert server.behaviour.taken == []


def test_several_desks_on_one_server_keep_their_letters_apart(tmp_path: Path, server: MailServer) -> None:
    """The same case of two desks gives two ids."""
    for name in ("one.db", "two.db"):
        with desk_in(tmp_path, HandClock(), name) as desk:
            remind(desk, "a@example.org")
            deliver(desk, server.mail)
    assert len(set(server.behaviour.ids)) == 2
