"""The storm: processes sweep, deliver and write on one file, are killed at any instant, and nothing is done twice.

``CASETUI_STORM_KILLS`` and ``CASETUI_STORM_SEED`` in the environment make longer and other storms.
"""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from typing import cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from casetui.desk import sweep
from casetui.desk.check import problems
from casetui.desk.outbox import LEASE, MAILER, CommentPost, Outbox, deliver_once
from casetui.desk.policies import PolicyBook
from casetui.desk.post import Post
from casetui.desk.stops import Stops
from casetui.desk.undo import Undo
from casetui.domain.errors import CasetuiError, Refused
from casetui.domain.letters import Mailing
from casetui.domain.mail import Mail
from casetui.domain.records import CUSTOMER, RESTORING, TIMER, Entry, Request, What
from casetui.domain.timer import Missed
from casetui.domain.workflow import CommentKind, Rule, Status
from casetui.settings import Chosen, Settings
from casetui.storage.tables import Cases, Entries, Letters
from tests.desks import START, HandClock, TestDesk, desk_in
from tests.mailserver import Behaviour, MailServer

pytestmark = [
    # aiosmtpd cancels its dialogues when it stops, and leaves their sockets to the collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

KILLS = int(os.environ.get("CASETUI_STORM_KILLS", "150"))
"""How many processes are killed before the storm is over."""
SEED = int(os.environ.get("CASETUI_STORM_SEED", "1"))
CREW = ("sweeping", "sweeping", "sweeping", "delivering", "delivering", "delivering", "calling", "working")
"""Who is at the desk at the same time, a process each."""
BACK, FORTH = timedelta(days=-3), timedelta(days=9)
"""How far the clock is set back, or goes on, from one round to the next, at most."""
SKEW = 60
"""Seconds by which the clocks of a round differ, either way."""
LIFE = 0.4
"""Seconds that a process lives at most, unless it has done its errand before."""
PATIENCE = 60
"""Seconds that a round may take to gather on a machine that has other things to do."""
SLOW = 0.3
"""Seconds after which a desk gives up on the mail server."""
GONE = {f"gone{at}@example.org" for at in range(4)}
HERE = [f"here{at}@example.org" for at in range(12)]
ADDRESSES = [*HERE, *sorted(GONE), None]
LONGEST_STAY = 28
TO_RECIPIENT = ("put off", "dropped before the letter", "slow")
TO_LETTER = (
    "letter put off", "dropped with the letter",
    "taken, dropped before 250", "taken, dropped after 250", "taken, answered too late",
)  # fmt: skip
"""What the mail server does instead of taking a letter and saying so."""


class Weather(Behaviour):
    """A mail server at its worst, until it is told to be calm."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = Random(seed)  # noqa: S311 - the same weather each time
        self.calm = False
        self.troubles: Counter[str] = Counter()

    def strikes(self, *troubles: str) -> str | None:
        """Return one of some troubles, or none; none is three times as likely as all of them together."""
        if self.calm or self.random.random() > 0.25:
            return None
        trouble = self.random.choice(troubles)
        self.troubles[trouble] += 1
        return trouble

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse some addresses for good and any for now, drop the connection, or take the recipient."""
        if address in GONE:
            return "550 5.1.1 No such user"
        match self.strikes(*TO_RECIPIENT):
            case "put off":
                return "450 4.2.0 Try again later"
            case "dropped before the letter":
                _transport(server).abort()
            case "slow":
                await asyncio.sleep(SLOW / 10)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the letter or not, and say so, or not, or too late."""
        trouble = self.strikes(*TO_LETTER)
        if trouble == "letter put off":
            return "451 4.3.0 Try again later"
        if trouble == "dropped with the letter":
            _transport(server).abort()
            return "250 nobody hears this"
        answer = await super().handle_DATA(server, session, envelope)
        if trouble == "taken, dropped before 250":
            _transport(server).abort()
        elif trouble == "taken, dropped after 250":
            asyncio.get_running_loop().call_soon(_transport(server).abort)
        elif trouble == "taken, answered too late":
            await asyncio.sleep(SLOW * 1.5)
        return answer

    @property
    def in_doubt(self) -> int:
        """How many letters were taken without the deliverer being sure to know."""
        return sum(count for trouble, count in self.troubles.items() if trouble.startswith("taken"))


def _transport(server: SMTP) -> asyncio.Transport:
    return cast("asyncio.Transport", server.transport)


@dataclass(frozen=True, slots=True)
class Errand:
    """What one process is to do: as whom, in which folder, at which instant, by which mail server."""

    does: str
    folder: Path
    now: datetime
    mail: Mail
    seed: int

    def note(self, *words: object) -> None:
        """Append a line to the errand's journal, which outlives the process."""
        journal = os.open(self.folder / f"{self.seed}.journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(journal, (" ".join(map(str, words)) + "\n").encode())
        os.close(journal)


def run(errand: Errand, together: Barrier) -> None:
    """Do an errand in a process of its own, once all of the round are there, until it or the process ends."""
    doing: dict[str, Callable[[Errand, Random], None]] = {
        "sweeping": sweeping,
        "delivering": delivering,
        "calling": calling,
        "working": working,
    }
    together.wait(PATIENCE)
    doing[errand.does](errand, Random(errand.seed))  # noqa: S311 - the same choices each time


def sweeping(errand: Errand, random: Random) -> None:
    """Sweep again and again, a few cases a transaction, and note what each transaction did."""
    sweep.BATCH = random.randint(1, 6)
    with desk_in(errand.folder, HandClock(errand.now)) as desk:
        for _ in range(30):
            for done in desk.sweeper.steps(Missed.APPLY):
                for rule, numbers in ((Rule.REMINDER, done.reminded), (Rule.CLOSURE, done.closed)):
                    for number in numbers:
                        errand.note("swept", number, rule)
            time.sleep(0.01)


def delivering(errand: Errand, random: Random) -> None:
    """Deliver what waits, again and again."""
    file = errand.folder / "casetui.toml"
    settings = Settings(
        Chosen("desk.db", "test"), Chosen("ana", "test"), file, file_exists=False, mail=errand.mail
    )
    for _ in range(30):
        deliver_once(errand.folder / "desk.db", HandClock(errand.now), settings)
        time.sleep(0.01)


def calling(errand: Errand, random: Random) -> None:
    """Write customers' comments, each noted before and after."""
    with desk_in(errand.folder, HandClock(errand.now)) as desk:
        for turn in range(60):
            number, words = random.choice(_open(desk)), f"words-{errand.seed}-{turn}"
            errand.note("trying", words)
            with suppress(Refused):  # closed a moment ago
                desk.customer(number, words)
                errand.note("commented", number, words)
            time.sleep(random.random() / 50)


def working(errand: Errand, random: Random) -> None:
    """Do what agents do: read, ask, answer, extend, hold, take back; new cases come in beside it."""
    with desk_in(errand.folder, HandClock(errand.now)) as desk:
        agent = f"agent-{errand.seed}"
        verbs = Stops(desk.store, desk.clock, agent, CommentPost(desk.store))
        undo = Undo(desk.store, desk.clock, agent)
        for _ in range(60):
            with suppress(CasetuiError):  # refused or overtaken: it is a busy desk
                _work(desk, verbs, undo, random)
            time.sleep(random.random() / 100)


def _work(desk: TestDesk, verbs: Stops, undo: Undo, random: Random) -> None:
    case = desk.case(random.choice(_open(desk)))
    number, seen = case.number, case.version
    match random.randrange(12):
        case 0 | 1 | 2:
            verbs.read(number)
        case 3 | 4:
            verbs.move(number, Request(Status.CUSTOMER_INPUT, "Which version?", override="ask"), seen=seen)
        case 5:
            verbs.move(number, Request(Status.CONFIRMATION, "Try this.", override="answer"), seen=seen)
        case 6:
            verbs.move(number, Request(Status.CUSTOMER_TESTING, override="the fix is out"), seen=seen)
        case 7:
            verbs.comment(number, CommentKind.PUBLIC, "Any news?")
        case 8:
            verbs.extend(number, "2d", "holidays", seen=seen)
        case 9:
            verbs.hold(number, "3d", "holidays", seen=seen)
        case 10:
            random.choice((undo.undo, undo.redo))()
        case _:
            fresh = desk.open(email=random.choice(ADDRESSES))
            random.choice((desk.ask, desk.answer, desk.test))(fresh)


def _open(desk: TestDesk) -> list[int]:
    rows = desk.store.rows(Cases.select(Cases.id).where(Cases.closed_at.is_null()).order_by(Cases.id))
    return [number for (number,) in rows]


@dataclass
class Storm:
    """Rounds of processes at one desk, and what is remembered of them."""

    folder: Path
    server: MailServer
    weather: Weather
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - the same storm each time
    now: datetime = START
    errands: int = 0
    orphans: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    mishaps: list[str] = field(default_factory=list)

    def rage(self) -> None:
        """Let rounds of processes come and be killed, each round by another clock."""
        self.begin()
        while self.killed.total() < KILLS or not (self.was_one() or self.killed.total() > 5 * KILLS):
            shift = self.random.choice((BACK, FORTH, FORTH)) * self.random.random()
            self.now += timedelta(seconds=int(shift.total_seconds()))
            self.round()

    def was_one(self) -> bool:
        """Say whether everybody was killed, everything went wrong, and the timer had much to do in it."""
        swept = sum(line[0] == "swept" for line in self.journals())
        return (
            set(self.killed) == set(CREW)
            and set(self.weather.troubles) == {*TO_RECIPIENT, *TO_LETTER}
            and swept > KILLS / 2
        )

    def begin(self) -> None:
        """Open cases that wait on their customers, each in its way."""
        with desk_in(self.folder, HandClock(self.now)) as desk:
            # Tests that last as long as the other waits: more closures on which an unread comment has a say.
            PolicyBook(desk.store, desk.clock, "ana").set("pending_customer_testing.close=16d")
            with desk.store.write():
                for at in range(150):
                    (desk.ask, desk.answer, desk.test)[at % 3](desk.open(email=ADDRESSES[at % len(ADDRESSES)]))

    def round(self) -> None:
        """Start a crew, kill each of it at an instant of its own, and wait until nobody is left."""
        together = _fork_server().Barrier(len(CREW) + 1)
        running = [self.send(does, together) for does in CREW]
        together.wait(PATIENCE)
        began = time.monotonic()
        ends = sorted(((self.random.uniform(0, LIFE), at) for at in range(len(running))), key=lambda end: end[0])
        for after, at in ends:
            process, errand = running[at]
            process.join(max(0.0, began + after - time.monotonic()))
            process.kill()
            process.join()
            if process.exitcode == -signal.SIGKILL:
                self.killed[errand.does] += 1
            elif process.exitcode:
                self.mishaps.append(f"{errand.does} (errand {errand.seed}) ended with {process.exitcode}")
        self.orphans += self.claimed()

    def claimed(self) -> int:
        """Return how many letters of the round were in somebody's hands when he died."""
        with desk_in(self.folder) as desk:
            kept = Outbox(desk.store, desk.clock).listed("waiting")
        ends = [letter.next_try_at - LEASE - self.now for letter in kept if letter.next_try_at]
        return sum(abs(end) <= timedelta(seconds=SKEW) for end in ends)

    def send(self, does: str, together: Barrier) -> tuple[ForkServerProcess, Errand]:
        """Start a process on an errand, by a clock of its own that is a little off."""
        self.errands += 1
        now = self.now + timedelta(seconds=self.random.randint(-SKEW, SKEW))
        errand = Errand(does, self.folder, now, self.mail, SEED * 1_000_000 + self.errands)
        process = _fork_server().Process(target=run, args=(errand, together))
        process.start()
        return process, errand

    @property
    def mail(self) -> Mail:
        """The settings by which letters go out."""
        server = self.server.mail
        return Mail(server.host, server.sender, server.port, "none", timeout=SLOW)

    def subside(self) -> None:
        """Ask every open case once more and let all that was promised happen, day by day, in calm weather."""
        self.weather.calm = True
        self.now += timedelta(days=LONGEST_STAY)
        clock = HandClock(self.now)
        with desk_in(self.folder, clock) as desk:
            for number in _open(desk):
                request = Request(Status.CUSTOMER_INPUT, "Are you there?", override="the storm is over")
                desk.verbs.move(number, request)
            for _ in range(LONGEST_STAY + 1):
                desk.sweeper.sweep()
                self.post(desk)
                for case in desk.board.listed():
                    if case.unread:
                        desk.verbs.read(case.number)
                clock.advance(days=1)
            desk.sweeper.sweep()
            self.post(desk)

    def post(self, desk: TestDesk) -> None:
        """Deliver all that waits; what has used up its tries is tried again, but for those who are gone."""
        box = Outbox(desk.store, desk.clock)
        for kept in box.listed("failed"):
            if kept.recipient not in GONE:
                box.retry(kept.id)
        with Post(self.mail, None) as post:
            box.deliver(post)

    def journals(self) -> list[list[str]]:
        """Return the lines that the processes noted, each as its words; the last of a file may be torn."""
        texts = [journal.read_text() for journal in sorted(self.folder.glob("*.journal"))]
        return [line.split() for text in texts for line in text.split("\n")[:-1]]


def _fork_server() -> ForkServerContext:
    """Return a server that has imported all this once and forks in some milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "pendulum", "smtplib"])
    return context


@dataclass(frozen=True)
class Aftermath:
    """What the storm left in the database and at the mail server."""

    storm: Storm
    histories: dict[int, list[Entry]]
    acts: list[tuple[int, int, Rule, int]]
    mailings: list[Mailing]
    caused: list[tuple[int, int]]
    with_address: set[int]
    found: list[str]

    @classmethod
    def of(cls, storm: Storm) -> "Aftermath":
        """Read it all."""
        with desk_in(storm.folder) as desk:
            cases = desk.board.listed()
            acts = Entries.select(Entries.number, Entries.stay, Entries.rule, Entries.id)
            return cls(
                storm,
                {case.number: desk.board.history(case.number) for case in cases},
                [
                    cast("tuple[int, int, Rule, int]", row)
                    for row in desk.store.rows(acts.where(Entries.rule.is_null(False)))
                ],
                Outbox(desk.store, desk.clock).listed(),
                [
                    cast("tuple[int, int]", row)
                    for row in desk.store.rows(Letters.select(Letters.id, Letters.entry))
                ],
                {case.number for case in cases if case.email},
                [*problems(desk.store), *(f"case {case.number} is open" for case in cases if not case.closed_at)],
            )

    def wrongs(self) -> Iterator[str]:
        """Yield a sentence for every promise that the storm has broken."""
        yield from self.storm.mishaps
        yield from self.found
        yield from self.acts_not_done_once()
        yield from self.letters_not_written_once()
        yield from self.letters_not_delivered()
        yield from self.letters_that_differ()
        for number, history in self.histories.items():
            yield from self.acts_out_of_place(number, history)
        yield from self.words_lost()

    def acts_not_done_once(self) -> Iterator[str]:
        """Yield acts that a stay has twice, and cases that the timer did not close exactly once."""
        for (number, stay, rule), count in Counter(act[:3] for act in self.acts).items():
            if count > 1:
                yield f"case {number}, stay {stay}: {count} times {rule}"
        closures = Counter(number for number, _, rule, _ in self.acts if rule is Rule.CLOSURE)
        yield from (
            f"case {number}: {closures[number]} closures" for number in self.histories if closures[number] != 1
        )
        done = Counter((number, rule.value) for number, _, rule, _ in self.acts)
        noted = Counter((int(line[1]), line[2]) for line in self.storm.journals() if line[0] == "swept")
        yield from (
            f"case {number}: a sweep did a {rule} of which nothing is left" for number, rule in noted - done
        )

    def letters_not_written_once(self) -> Iterator[str]:
        """Yield acts and public comments without exactly one letter, and letters without either."""
        written = Counter(entry for _, entry in self.caused)
        for number, history in self.histories.items():
            for entry in history:
                acted = entry.what is What.REMINDED or entry.by == f"{TIMER}:{Rule.CLOSURE.value}"
                commented = entry.kind is CommentKind.PUBLIC and entry.by.startswith("agent-")
                promised = int((acted or commented) and number in self.with_address)
                if written.pop(entry.id, 0) != promised:
                    yield f"case {number}, entry {entry.id}: promised {promised} letters, and there are others"
        yield from (f"entry {entry}: nobody knows it, but it has a letter" for entry in written)
        for message_id, count in Counter(kept.message_id for kept in self.mailings).items():
            if count > 1:
                yield f"{message_id}: {count} times in the outbox"

    def letters_not_delivered(self) -> Iterator[str]:
        """Yield letters that did not arrive where they could, and those that were in no outbox."""
        arrived = set(self.storm.weather.ids)
        for kept in self.mailings:
            gone = kept.recipient in GONE
            fine = {"sent"} if not gone else {"failed"}
            if kept.state not in {*fine, "withdrawn"}:
                yield f"{kept.message_id} to {kept.recipient} is {kept.state}: {kept.error}"
            if kept.state == "sent" and kept.message_id not in arrived:
                yield f"{kept.message_id} is noted as sent and never arrived"
        yield from (f"{stray} is in no outbox" for stray in arrived - {kept.message_id for kept in self.mailings})

    def letters_that_differ(self) -> Iterator[str]:
        """Yield letters that arrived in two versions or not as written, and arrivals that nothing accounts for."""
        written = {kept.message_id: kept for kept in self.mailings}
        first: dict[str, EmailMessage] = {}
        for message in self.storm.weather.taken:
            name = str(message["Message-ID"])
            if name not in written:
                continue
            if first.setdefault(name, message).as_bytes() != message.as_bytes():
                yield f"{name} arrived in two versions"
            if (message["Subject"], message["To"]) != (written[name].subject, written[name].recipient):
                yield f"{name} is not as it was written"
        again = len(self.storm.weather.taken) - len(first)
        most = self.storm.orphans + self.storm.weather.in_doubt
        if again > most:
            yield f"{again} letters arrived again, and only {most} deliverers died over one or were left in doubt"

    @staticmethod
    def acts_out_of_place(number: int, history: list[Entry]) -> Iterator[str]:
        """Yield acts before their time, reminders that a stay got twice, closures over unread words."""
        unread, reminded = False, 0
        for entry in history:
            by_timer = entry.by.startswith(f"{TIMER}:") and entry.by != MAILER
            if by_timer and (entry.planned_at is None or entry.at < entry.planned_at):
                yield f"case {number}: {entry.by} planned for {entry.planned_at} came at {entry.at}"
            if by_timer and entry.target is Status.CLOSED and unread:
                yield f"case {number} was closed while its customer's words were unread"
            if entry.target is not None and entry.what not in RESTORING:
                reminded = 0
            reminded += entry.what is What.REMINDED
            if reminded > 1:
                yield f"case {number}, stay {entry.stay}: reminded {reminded} times"
            unread = _unread_after(entry, before=unread)

    def words_lost(self) -> Iterator[str]:
        """Yield customers' words that were acknowledged and lost, doubled, or that nobody said."""
        lines = self.storm.journals()
        said = {line[1] for line in lines if line[0] == "trying"}
        kept = Counter(
            (number, entry.body)
            for number, history in self.histories.items()
            for entry in history
            if entry.kind is CommentKind.CUSTOMER
        )
        acknowledged = {(int(line[1]), line[2]) for line in lines if line[0] == "commented"}
        yield from (f"case {number} lost '{words}'" for number, words in acknowledged - set(kept))
        yield from (
            f"case {number} has '{words}' {count} times" for (number, words), count in kept.items() if count > 1
        )
        yield from (f"case {number}: nobody said '{words}'" for number, words in kept if words not in said)


def _unread_after(entry: Entry, *, before: bool) -> bool:
    """Say whether a case has words that no agent has seen, by what its entry says and not by its columns."""
    if entry.what is What.UNREACHABLE or entry.kind is CommentKind.CUSTOMER:
        return True
    if entry.what in RESTORING:
        return bool(entry.changes.get("unread", before))
    by_agent = entry.by != CUSTOMER and not entry.by.startswith(f"{TIMER}:")
    looked = entry.what in (What.READ, What.MOVED) or entry.kind is not None
    return before and not (by_agent and looked)


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[Storm]:
    """Give a storm at a desk of its own, over a mail server of its own."""
    weather = Weather(SEED)
    server = MailServer(weather)
    server.start()
    yield Storm(tmp_path, server, weather)
    server.stop()


def test_whatever_dies_every_promise_is_kept_once(storm: Storm) -> None:
    """Every act, letter and comment is there once after hundreds of kills, and every letter has arrived."""
    storm.rage()
    storm.subside()
    left = Aftermath.of(storm)
    assert list(left.wrongs()) == []
    assert storm.was_one()
    assert {kept.rule for kept in left.mailings} == {"reminder", "closure", "comment"}


@pytest.mark.parametrize("rule", list(Rule))
def test_the_database_itself_refuses_a_second_act(desk: TestDesk, rule: Rule) -> None:
    """A unique key of case, stay and rule says that it is done once, not a check in the program."""
    number = desk.open()
    desk.ask(number)
    desk.clock.advance(days=7 if rule is Rule.REMINDER else 28)
    desk.sweeper.sweep()
    again = """
        INSERT INTO entries (case_id, at, "by", rule, what, stay)
        SELECT case_id, at, "by", rule, what, stay FROM entries WHERE rule = ?
    """
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        desk.store.database.connection().execute(again, (rule.value,))
