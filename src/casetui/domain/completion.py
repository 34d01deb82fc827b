"""What a query that is being typed may go on with: fields, flags, and the values that they take."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from casetui.domain.fields import FIELDS, FLAGS, MEASURES, Offer

_TYPED = re.compile(r"""(?:[^\s()"]|"[^"]*"?)*$""")
"""The piece at the end of a query that is being typed."""
_LEAST = 2
"""Letters from which on a word is taken for the beginning of a field or a flag."""
_PLAIN = re.compile(r"""[^\s(),"]+""")
_SAYS = {
    **FLAGS,
    **{f"{name}:": field.does for name, field in FIELDS.items()},
    **{f"{name}>": f"more than a period {measured}" for name, measured in MEASURES.items()},
}
"""The words that begin a term, and what each says."""
_WORDS = tuple(_SAYS)


class Known(Struct, frozen=True):
    """The desk's own names, as values to offer."""

    names: Mapping[Offer, tuple[str, ...]] = field(default_factory=dict)

    def of(self, name: str) -> Iterable[str]:
        """Return what can be offered for a field."""
        offers = FIELDS[name].offers
        if not isinstance(offers, Offer):
            return offers
        own = self.names.get(offers, ())
        return ("me", "nobody", *own) if offers is Offer.OWNERS else own


class Completion(Struct, frozen=True):
    """How a query may go on: the letters that would follow what is typed, and the whole as it would be then."""

    rest: str
    whole: str


def complete(query: str, known: Known) -> Completion | None:
    """Return how a query may go on at its end, or None."""
    return next(_ways(query, known, _LEAST), None)


def offers(word: str, known: Known) -> Iterator[tuple[str, str]]:
    """Yield all words of a query that begin with this one, and what each says, where that is not plain."""
    sign = "-" if word.startswith("-") else ""
    for way in _ways(word.removeprefix(sign), known, 0):
        yield f"{sign}{way.whole}", _SAYS.get(way.whole, "")


def _ways(query: str, known: Known, least: int) -> Iterator[Completion]:
    match = _TYPED.search(query)
    typed = match[0].removeprefix("-") if match else ""
    before = query[: len(query) - len(typed)]
    name, colon, values = typed.partition(":")
    if colon and name.lower() in FIELDS:
        yield from _values(before + name + colon, values, known.of(name.lower()))
    elif len(typed) >= least:
        yield from (Completion(rest, before + word) for word, rest in _beginning_with(typed, _WORDS))


def quoted(value: str) -> str:
    """Return a value as a query says it: in quotes where it has more than one word."""
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


def _values(before: str, values: str, offered: Iterable[str]) -> Iterator[Completion]:
    at = _last_comma(values) + 1
    equals = "=" if values[at:].startswith("=") else ""
    typed = values[at:].removeprefix("=").removeprefix('"')
    if '"' in typed:
        return  # it is closed
    for value, rest in _beginning_with(typed, offered):
        yield Completion(rest, before + values[:at] + equals + quoted(value))


def _beginning_with(typed: str, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the words that are longer than what is typed and begin with it, and what they go on with."""
    start = typed.lower()
    for word in words:
        if len(word) > len(typed) and word.lower().startswith(start) and '"' not in word:
            yield word, word[len(typed) :]


def _last_comma(values: str) -> int:
    """Return where the last comma stands that is not within quotes, or -1."""
    last, within = -1, False
    for at, character in enumerate(values):
        within ^= character == '"'
        last = at if character == "," and not within else last
    return last
