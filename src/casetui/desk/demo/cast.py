"""Who and what a made-up case is about: libraries, people, agents, and the thread of its conversation."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from casetui.desk.demo.rhythm import HOUR
from casetui.domain.records import INSTALLATIONS

_T = TypeVar("_T")

_INSTALLATIONS = (*INSTALLATIONS, "Direct", "Direct", "Total Care", None)
_PRIORITIES = {
    "outage": (1, 1, 1, 2, 2, 2, 2, 3),
    "trouble": (2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4),
    "question": (2, 3, 3, 3, 3, 3, 4, 4, 4),
}
_PARTS = (
    "ask", "reply", "note1", "note2", "answer", "thanks", "objection", "answer2",
    "dev", "found", "hand", "wait",
)  # fmt: skip
_PEOPLE = 4
_LATIN = re.compile(r"[\u0000-\u024f\u0300-\u036f\u1e00-\u1eff]*")
_SOFT_BREAK = re.compile(r"(?<!\n)\n(?=[^\n\-\[ >])")


class Person(Struct, frozen=True):
    """A contact of a library; ``call`` is how others address them, ``signs`` how they sign."""

    name: str
    call: str
    signs: str
    email: str
    style: int


class Account(Struct, frozen=True):
    """A library with its people; ``offset`` is its distance from UTC in seconds."""

    name: str
    town: str
    host: str
    code: str
    offset: int
    installation: str | None
    people: tuple[Person, ...]


class Thread(Struct, frozen=True):
    """A problem and the conversation that solves it: a table of ``threads.toml``."""

    index: int
    kind: str
    urgency: str
    reason: str | None
    direct: bool
    product: tuple[str, ...]
    subject: tuple[str, ...]
    opening: tuple[str, ...]
    parts: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    tied: Mapping[str, tuple[str, ...]]
    """Words of which those at the same place belong together."""


class Words(dict[str, str]):
    """The words of one case's texts; those that chance decides are chosen when a text first asks for them."""

    def __init__(self, rng: Random, opened: int, thread: Thread) -> None:
        super().__init__()
        self.rng = rng
        self.opened = opened
        self.thread = thread

    def __missing__(self, name: str) -> str:
        """Choose a word, and keep it for the rest of the conversation."""
        thread = self.thread
        if name in thread.words:
            self[name] = pick(self.rng, thread.words[name])
        elif name in thread.tied:
            place = int(self.rng.random() * len(thread.tied[name]))
            self.update((tied, values[place]) for tied, values in thread.tied.items())
        else:
            self[name] = _MAKERS[name](self.rng, datetime.fromtimestamp(self.opened, UTC))
        return self[name]


class Matter(Struct, frozen=True):
    """What one case is about: the facts that its customer states, and the words of its thread."""

    thread: Thread
    account: Account
    person: Person
    email: str | None
    product: str
    subject: str
    priority: int
    words: Words

    def part(self, name: str) -> str:
        """Return a part of the conversation with this case's words."""
        return capital(self.thread.parts[name].format_map(self.words))


class Cast:
    """Everybody and everything that cases are made of, in an order that only the seed decides."""

    def __init__(self, rng: Random, agent: str) -> None:
        data = _read("words.toml")
        self.rng = rng
        self.agent = agent
        self.say: Mapping[str, Any] = data["say"]
        self.reasons: Mapping[str, list[str]] = data["reasons"]
        self.teams: dict[str, list[str]] = {
            team: [name for name in names if name != agent] for team, names in data["agents"].items()
        }
        self.accounts = [account for country in data["countries"] for account in _accounts(rng, country)]
        rng.shuffle(self.accounts)
        threads = enumerate(_read("threads.toml")["thread"])
        self.threads = [_thread(index, thread, data["products"]) for index, thread in threads]
        rng.shuffle(self.threads)
        self._turns: dict[object, int] = {}
        self._manners: dict[str, tuple[str, str]] = {}
        self._kinds = {
            kind: [each for each in self.threads if kind in ("any", each.kind)]
            for kind in ("any", "answer", "defect", "content")
        }
        self._kinds["direct"] = [each for each in self._kinds["answer"] if each.direct]

    def matter(self, kind: str, account: Account, opened: int, *, mailless: bool = False) -> Matter:
        """Return what a case of a kind of thread is about; threads, subjects and openings take turns."""
        rng = self.rng
        thread = self._next(kind, self._kinds[kind])
        person = pick(rng, account.people)
        words = Words(rng, opened, thread)
        words.update(
            product=pick(rng, thread.product), account=account.name, town=account.town, host=account.host,
            code=account.code, contact=person.name, call=person.call, call_self=person.signs,
        )  # fmt: skip
        subject = self._next((thread.index, "subject"), thread.subject).format_map(words)
        email = None if mailless else person.email
        priority = pick(rng, _PRIORITIES[thread.urgency])
        return Matter(thread, account, person, email, words["product"], capital(subject), priority, words)

    def opening(self, matter: Matter) -> str:
        """Return a customer's first words, with greeting and signature in that person's manner."""
        style, words = matter.person.style, matter.words
        body = self._next((matter.thread.index, "opening"), matter.thread.opening).format_map(words)
        hellos, byes = self.say["hello"], self.say["bye"]
        hello, bye = hellos[style % len(hellos)], byes[style % len(byes)].format_map(words)
        return f"{hello}{capital(body)}{bye}"

    def letter(self, matter: Matter, agent: str, body: str) -> str:
        """Return what an agent writes to the customer, in that agent's manner."""
        dear, sign = self._manner(agent)
        return f"{dear.format(call=matter.person.call)}{capital(body)}{sign}"

    def _manner(self, agent: str) -> tuple[str, str]:
        """Return how an agent begins a letter and ends it."""
        manner = self._manners.get(agent)
        if manner is None:
            signs = (agent.replace(".", " ").split() or [agent])[0].capitalize()
            dears, ends = self.say["dear"], self.say["sign"]
            manner = dears[len(agent) % len(dears)], ends[len(agent) % len(ends)].format(me=signs)
            self._manners[agent] = manner
        return manner

    def small_talk(self, name: str, matter: Matter) -> str:
        """Return one of the things that people say in any case, in turn; some are not said where all is well."""
        calm = f"{name}_question"
        said = calm if matter.thread.urgency == "question" and calm in self.say else name
        text: str = self._next(said, self.say[said])
        return text

    def _next(self, key: object, values: Sequence[_T]) -> _T:
        turn = self._turns[key] = self._turns.get(key, -1) + 1
        return values[turn % len(values)]


def pick(rng: Random, values: Sequence[_T]) -> _T:
    """Return one of several, five times as fast as ``Random.choice``."""
    return values[int(rng.random() * len(values))]


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _thread(index: int, table: Mapping[str, Any], products: Mapping[str, str]) -> Thread:
    words = {name: tuple(values) for name, values in table.get("words", {}).items()}
    tied = {name: words.pop(name) for name in words.pop("tied", ())}
    parts = {name: _SOFT_BREAK.sub(" ", table[name].strip("\n")) for name in _PARTS if name in table}
    return Thread(
        index=index,
        kind=table["kind"],
        urgency=table["urgency"],
        reason=table.get("reason"),
        direct=table.get("direct", True),
        product=tuple(products[name] for name in table["product"]),
        subject=tuple(table["subject"]),
        opening=tuple(_SOFT_BREAK.sub(" ", text.strip("\n")) for text in table["opening"]),
        parts=parts,
        words=words,
        tied=tied,
    )


def _accounts(rng: Random, country: Mapping[str, Any]) -> list[Account]:
    accounts = []
    for town, domain in map(_spelt, country["towns"]):
        for house, host in map(_spelt, country["houses"]):
            address = f"{host.format(d=domain)}.example"
            account = Account(
                name=house.format(t=town),
                town=town,
                host=address,
                code=(host.replace("{d}", "").strip(".-")[:3] + domain[:3]).replace(".", "").upper(),
                offset=country["offset"] * HOUR,
                installation=pick(rng, _INSTALLATIONS),
                people=tuple({each.name: each for each in _people(rng, country, address)}.values()),
            )
            accounts.append(account)
    return accounts


def _people(rng: Random, country: Mapping[str, Any], host: str) -> list[Person]:
    return [
        replace(_person(country, pick(rng, country["given"]), pick(rng, country["family"]), host), style=style)
        for style in (int(rng.random() * 30) for _ in range(_PEOPLE))
    ]


def _person(country: Mapping[str, Any], given: str, family: str, host: str) -> Person:
    first, first_mail = _spelt(given)
    last, last_mail = _spelt(family)
    names = (last, first) if country.get("family_first") else (first, last)
    signs = first if _LATIN.fullmatch(first) else first_mail.capitalize()
    call = country["title"].format(last_mail.capitalize()) if country["call"] == "family" else signs
    name = ("" if country.get("joined") else " ").join(names)
    return Person(name, call, signs, f"{first_mail}.{last_mail}@{host}", style=0)


def _spelt(name: str) -> tuple[str, str]:
    native, _, ascii_name = name.partition("|")
    return native, ascii_name


def _digits(rng: Random, count: int) -> str:
    return str(int((1 + 8 * rng.random()) * 10 ** (count - 1)))


_MAKERS: dict[str, Callable[[Random, datetime], str]] = {
    "few": lambda rng, _: str(3 + int(rng.random() * 6)),
    "some": lambda rng, _: str(11 + int(rng.random() * 78)),
    "many": lambda rng, _: str(140 + int(rng.random() * 840)),
    "mms": lambda rng, _: f"99{_digits(rng, 10)}",
    "barcode": lambda rng, _: f"3{_digits(rng, 11)}",
    "isbn": lambda rng, _: f"978-0-{_digits(rng, 4)}-{_digits(rng, 4)}-{int(rng.random() * 10)}",
    "ip": lambda rng, _: f"203.0.113.{1 + int(rng.random() * 250)}",
    "day": lambda rng, opened: f"{opened - timedelta(days=1 + int(rng.random() * 3)):%A}",
    "date": lambda rng, opened: f"{opened - timedelta(days=6 + int(rng.random() * 9)):%d %B}".lstrip("0"),
    "month": lambda _, opened: f"{opened.replace(day=1) - timedelta(days=1):%B}",
}
