"""The full-text index over what was said: which texts hold the words of a query, the newest first.

A text is a comment together with the facts of its case; the entry that opened a case stands for the facts alone.
The index is the database's own (FTS5), kept true by triggers in the transaction that writes.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from peewee import JOIN, SQL, NodeList, fn

from casetui.domain.query import EVERYTHING, All
from casetui.storage.search import condition, holding, is_unfinished, phrase
from casetui.storage.store import Store
from casetui.storage.tables import Cases, CaseWords, Entries, Texts, TextTerms

Text = tuple[int, int]
"""An entry, and the case that it belongs to."""
_ENDINGS = 200
"""Words with one beginning that are looked for by name, which finds the newest at once; more are merged first."""
_FEW = 5_000
"""Cases up to which each is looked up, for its texts or its place in a list, and not the other way round."""
_COME = ("words_come", "texts_come")
"""The triggers that index what is inserted."""
FACTS = "subject, account, contact, email, product, external_id"
"""The columns of a case whose words are indexed."""
_INDEX = (
    f"""INSERT INTO case_words (rowid, {FACTS}) SELECT id, {FACTS} FROM cases
        WHERE id IN (SELECT case_id FROM entries WHERE id > ? AND what = 'opened')""",
    "INSERT INTO texts (rowid, body, about) SELECT id, body, about FROM text_sources WHERE id > ?",
)
_LAST = re.compile(r"(?<![^\W_])[a-z0-9]+$")
"""A last word that the index holds as it is written, and nothing of one that it does not."""


def matching(store: Store, words: Sequence[str]) -> str | None:
    """Return what the index is asked for texts with all these words or phrases; None where none can have them."""
    asked = []
    for text in words:
        endings = _endings(store, text.lower())
        if endings == []:
            return None
        each = [f"{phrase(text)} *"] if endings is None else endings
        asked.append(f"({' OR '.join(each)})")
    return " AND ".join(asked)


def texts_with(store: Store, words: Sequence[str], rest: All, now: datetime) -> Iterator[Text]:
    """Yield the entries that hold all these words, and their cases, the newest first; none for no words.

    ``rest`` is what must hold for the cases beside. The rows are read as they are asked for.
    """
    asked = matching(store, words)
    if not asked:
        return
    found = (
        Texts.select(Texts.rowid, Entries.number)
        .join(Entries, JOIN.CROSS)
        .where(SQL("texts MATCH ?", [asked]) & (Entries.id == Texts.rowid))
        .order_by(Texts.rowid.desc())
    )
    if rest != EVERYTHING:
        found = _among(store, found, condition(rest, now))
    with closing(store.stream(found)) as rows:
        yield from rows


def newest(texts: Iterator[Text], limit: int) -> list[Text]:
    """Return the newest text of each case, of so many cases; 0 for all."""
    seen: set[int] = set()
    fresh = (row for row in texts if row[1] not in seen and not seen.add(row[1]))  # type: ignore[func-returns-value]
    return list(islice(fresh, limit or None))


def ranked(store: Store, words: Sequence[str], entries: Sequence[int]) -> list[int]:
    """Return these entries, the best match first: the words that are rarer, and said more often, count more."""
    asked = matching(store, words)
    if not asked or not entries:
        return list(entries)
    wanted = set(entries)
    scored = Texts.select(Texts.rowid, fn.bm25(SQL("texts"))).where(
        SQL("texts MATCH ?", [asked]) & (Texts.rowid >= min(wanted))
    )
    scores = dict(store.rows(scored))
    return sorted(entries, key=lambda entry: (scores.get(entry, 0.0), -entry))


def is_common(store: Store, match: str) -> bool:
    """Say whether so many cases hold what the index of facts is asked that a list of cases is walked sooner."""
    few = CaseWords.select(SQL("1")).where(holding(match)).limit(_FEW + 1)
    return int(store.value(few.select_from(fn.COUNT(SQL("1"))))) > _FEW


def damage(store: Store) -> Iterator[str]:
    """Yield a sentence where an index does not hold what the tables hold; needs a connection that may write."""
    for index in ("texts", "case_words"):
        if not store.is_told(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"):
            yield f"the search index '{index}' is not what was written; 'casetui check --rebuild-search' mends it"


def rebuild(store: Store) -> None:
    """Read everything into the indexes again."""
    with store.write():
        for index in ("texts", "case_words"):
            store.executemany(f"INSERT INTO {index} ({index}) VALUES (?)", [("rebuild",)])


@contextmanager
def words_at_once(store: Store) -> Iterator[None]:
    """Index the words of what is inserted meanwhile by two statements, inside ``store.write()``.

    Triggers that index row after row take twice as long as all the rest of an import. A case is indexed with
    the entry that opens it.
    """
    database = store.database
    last = int(store.value(Entries.select(fn.MAX(Entries.id))) or 0)
    triggers = [store.made_by(name) for name in _COME]
    for name in _COME:
        database.execute_sql(f"DROP TRIGGER {name}")
    yield
    for statement in _INDEX:
        database.execute_sql(statement, (last,))
    for trigger in triggers:
        database.execute_sql(trigger)


def _among(store: Store, found: Any, wanted: Any) -> Any:
    """Narrow texts to those of some cases, from whichever side is the shorter way."""
    few = Cases.select(Cases.id).where(wanted).limit(_FEW + 1)
    if int(store.value(few.select_from(fn.COUNT(SQL("1"))))) > _FEW:
        return found.join(Cases, JOIN.CROSS).where((Cases.id == Entries.number) & wanted)
    said = Entries.alias()
    theirs = Cases.select(said.id).join(said, JOIN.CROSS).where((said.number == Cases.id) & wanted)
    # The plus keeps SQLite from asking the index once for each of these rows: 0.2 ms each, where a scan of a
    # hundred thousand texts takes 4 ms.
    return found.where(NodeList((SQL("+"), Texts.rowid)).in_(theirs))


def _endings(store: Store, text: str) -> list[str] | None:
    """Return a text with each word that its last one may begin; None where the index itself is to find those."""
    last = _LAST.search(text)
    if not is_unfinished(text):
        return [phrase(text)]
    if last is None:
        return None
    head, at, found = text[: last.start()], last[0], list[str]()
    while len(found) < _ENDINGS:
        term = store.value(TextTerms.select(TextTerms.term).where(TextTerms.term >= at).limit(1))
        if term is None or not term.startswith(last[0]):
            return found
        found.append(phrase(head + term))
        at = f"{term}\x01"
    return None
