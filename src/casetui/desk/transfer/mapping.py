"""How a file becomes cases, as data: the shape of a mapping, where mappings lie, and what is wrong with one."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from casetui.domain.errors import Misused
from casetui.domain.records import Priority
from casetui.domain.safe import clean
from casetui.domain.workflow import read_status

ISO = "iso"
"""The date format that stands for every form of ISO 8601."""
FACTS = (
    "subject", "account", "contact", "email", "product", "installation", "owner", "release", "provider", "opening",
)  # fmt: skip
"""What a mapping may fill from columns; ``opening`` are the customer's first words."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_AT = re.compile(r" - at `\$\.?(.*)`$")

Columns = str | list[str]
"""A column, a template of several (``"{a}: {b}"``), or several of these: the first that is not nothing counts."""


class After(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A value that means another status directly after some value: ``values`` or, without them, all ``but``."""

    after: str
    status: str
    values: list[str] = []
    but: list[str] = []
    warning: str | None = None


class Statuses(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which value is which status; ``since`` names the column that says since when, by status."""

    column: Columns
    values: dict[str, str]
    after: list[After] = []
    ignored: list[str] = []
    since: dict[str, str] = {}


class Priorities(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which value is which priority."""

    column: Columns
    values: dict[str, str] = {}


class Dates(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How times are written, and in which zone where they do not say."""

    formats: list[str]
    zone: str = "UTC"


class Case(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The columns of a case's facts."""

    subject: Columns
    account: Columns | None = None
    contact: Columns | None = None
    email: Columns | None = None
    product: Columns | None = None
    installation: Columns | None = None
    owner: Columns | None = None
    release: Columns | None = None
    provider: Columns | None = None
    opening: Columns | None = None


class Rows(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="shape", tag="one row a case"):
    """A table of cases: a row has a case's number, its state and the time of its last change."""

    about: str
    key: str
    time: str
    statuses: Statuses
    dates: Dates
    case: Case
    priorities: Priorities | None = None
    by: Columns | None = None
    opened: str | None = None
    opened_by: Columns | None = None
    nothing: list[str] = []
    optional: list[str] = []
    distrusted: list[str] = []

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns that are read."""
        return tuple(dict.fromkeys((*self.row_columns, *self.fact_columns)))

    @property
    def row_columns(self) -> tuple[str, ...]:
        """The names of the columns that say what a row is, in most rows another than before."""
        named = (self.key, self.time, self.statuses.column, *self.statuses.since.values())
        return _names(*named, self.by, self.opened, self.opened_by, self.case.opening)

    @property
    def fact_columns(self) -> tuple[str, ...]:
        """The names of the columns of a case's facts."""
        priority = self.priorities.column if self.priorities else None
        return _names(priority, *(getattr(self.case, name) for name in FACTS if name != "opening"))


class Versions(Rows, forbid_unknown_fields=True, frozen=True, tag="one row a version"):
    """A log of cases: each row is one version of a case at its time."""


class Exported(
    msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="shape", tag="one case as exported"
):
    """What casetui's own export writes; there is nothing to be said about its columns."""

    about: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that no such file is without."""
        return ("number", "subject", "status", "status_since", "opened_at", "updated_at", "priority", "version")

    @property
    def optional(self) -> list[str]:
        """The columns that may be missing: none of those."""
        return []


Mapping = Rows | Versions | Exported


def _names(*given: Columns | None) -> tuple[str, ...]:
    """Return the names of the columns in columns, templates and lists of them."""
    texts = [text for columns in given for text in ([columns] if isinstance(columns, str) else columns or [])]
    return tuple(name for text in texts for name in (_PLACE.findall(text) if "{" in text else [text]))


def shipped() -> dict[str, Path]:
    """Return the mappings that casetui brings, by name."""
    folder = Path(str(resources.files("casetui.desk") / "mappings"))
    return {file.stem: file for file in sorted(folder.glob("*.toml"), key=lambda file: file.stem)}


def load(mapping: str | Path) -> Mapping:
    """Return a mapping by the name of a shipped one, or from a file of the user's own; raise Misused."""
    if isinstance(mapping, Path):
        return _read(mapping)
    known = shipped()
    if mapping not in known:
        raise Misused(
            f"'{clean(mapping)}' is no mapping; casetui brings {', '.join(known)}. --map takes your own."
        )
    return _read(known[mapping])


def guess(header: Iterable[str], file: str) -> str:
    """Return the name of the shipped mapping that fits a file's header best; raise Misused where none does.

    A file without any column is an export without any case.
    """
    there = set(header)
    fitting = {} if there else {"casetui": 0}
    for name, path in shipped().items():
        mapping = _read(path)
        wanted = set(mapping.columns) - set(mapping.optional)
        if wanted <= there:
            fitting[name] = len(wanted)
    if not fitting:
        raise Misused(
            f"{file} has the columns of no mapping that casetui brings ({', '.join(shipped())});"
            " name one with --as, or write your own and name it with --map."
        )
    return max(fitting, key=lambda name: fitting[name])


def _read(file: Path) -> Mapping:
    place = f"The mapping {clean(str(file))}"
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misused(f"{place} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError:
        raise Misused(f"{place} is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise Misused(f"{place} is not TOML: {clean(str(error))}.") from None
    try:
        mapping: Mapping = msgspec.convert(document, type=Mapping)
    except msgspec.ValidationError as error:
        raise Misused(f"{place} {_sentence(document, str(error))}") from None
    if isinstance(mapping, Rows) and (wrong := next(_mistakes(mapping), None)):
        raise Misused(f"{place} {wrong}")
    return mapping


def _sentence(document: dict[str, Any], error: str) -> str:
    """Turn msgspec's words about a value into a sentence about a key."""
    found = _AT.search(error)
    key, said = (found[1], error[: found.start()]) if found else ("", error)
    if said.startswith(("Invalid value", "Object missing required field `shape`")) and key in ("", "shape"):
        known = "; ".join(f"'{each.__struct_config__.tag}'" for each in get_args(Mapping))
        return f"wants 'shape' to be one of {known}, not {clean(repr(document.get('shape')))}."
    named = said.replace("`", "'").replace("Object contains unknown field", "has a key that no mapping has:")
    named = named.replace("Object missing required field", "lacks the key")
    named = re.sub("^Expected (.*), got (.*)$", r"wants \1, not \2,", named)
    return clean(f"{named}{f' in {key!r}' if key else ''}.")


def _mistakes(mapping: Rows) -> Iterator[str]:
    """Yield what is wrong with a mapping that has the right shape."""
    yield from _mistaken_words(mapping)
    for pattern in mapping.dates.formats or [""]:
        if not _is_format(pattern):
            right = "'iso' or a pattern such as '%d/%m/%Y %H:%M'"
            yield f"has '{clean(pattern)}' in 'dates.formats'; write {right}."
    if not _is_zone(mapping.dates.zone):
        yield f"has '{clean(mapping.dates.zone)}' as 'dates.zone'; write a time zone such as Europe/Berlin."
    for name in mapping.columns:
        if name in mapping.distrusted:
            yield f"reads the column '{clean(name)}', which it calls 'distrusted' itself."
        if not name:
            yield "names a column that has no name; write {name} in a template."


def _mistaken_words(mapping: Rows) -> Iterator[str]:
    """Yield the statuses and priorities that are none, and the "directly after" that never comes up."""
    statuses = mapping.statuses
    words = [(f"statuses.values.{value}", word) for value, word in statuses.values.items()]
    words += [("statuses.after", rule.status) for rule in statuses.after]
    words += [("statuses.since", word) for word in statuses.since]
    for key, word in words:
        try:
            read_status(word)
        except Misused as error:
            yield f"is wrong in '{clean(key)}': {clean(str(error))}"
    for value, word in (mapping.priorities.values if mapping.priorities else {}).items():
        try:
            Priority.read(word)
        except Misused as error:
            yield f"is wrong in 'priorities.values.{clean(value)}': {clean(str(error))}"
    if statuses.after and not isinstance(mapping, Versions):
        yield "has 'statuses.after', which means something only where 'shape' is 'one row a version'."


def _is_format(pattern: str) -> bool:
    sample = datetime(2016, 1, 31, 12, 30)  # noqa: DTZ001 - only its digits are looked at
    try:
        return pattern == ISO or datetime.strptime(sample.strftime(pattern), pattern).date() == sample.date()  # noqa: DTZ007 - as above
    except (ValueError, re.error):
        return False


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True
