"""Keeping the index in the transaction of every write; making it anew; proving that it says what the things say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.utils import DatabaseError

from forestall.base.canonical import canonical_json, sha256
from forestall.labels.label import spell
from forestall.labels.models import Labelled, everything
from forestall.record.findable import Findable, all_things, findable_models
from forestall.record.models import Recorded

from .models import Document
from .normaliser import words

MOST_WORDS = 60_000
"""Words of one text that are indexed."""
MOST_BYTES = 600_000
"""Bytes of different words of one text that are indexed: PostgreSQL holds no more than a megabyte of lexemes."""
LABEL = tuple(field.name for field in Labelled._meta.get_fields())
FIELDS = ("kind", "digest", "words", "title_words", "at", "countries", "languages", "source", *LABEL)


def on_written(sender: type[Recorded], *, things: Sequence[Recorded], new: bool, **_: object) -> None:
    """What the record announces of every write."""
    if not new:
        for thing in things:
            keep(thing)
    elif _is_findable(sender):
        everything(Document).bulk_create(list(_documents(things)))


def on_migrated(sender: object, *, using: str, **_: object) -> None:
    """In a home that is older than its index, the index is made."""
    laid = Document._meta.db_table in connection.introspection.table_names()
    if using == DEFAULT_DB_ALIAS and laid and not everything(Document).exists():
        rebuild()


def keep(thing: Recorded) -> None:
    """Index a thing as it now stands; take it out when its content was removed. Part of the transaction around it.

    Whoever raises a thing above their own sight takes its words along: so the index is written whoever acts.
    """
    if not _is_findable(type(thing)):
        return
    kept = everything(Document).filter(object_id=thing.id)
    found = None if thing.expunged else thing.findable()
    if found is None:
        kept.delete()
        return
    if kept.filter(digest=_digest(thing, found)).exists():
        return
    row = _row(thing, found)
    if not kept.update(**row):
        everything(Document).bulk_create([Document(object_id=thing.id, **row)])


def _is_findable(model: type[Recorded]) -> bool:
    return model.findable is not Recorded.findable


def _digest(thing: Recorded, found: Findable) -> str:
    told = [thing.kind(), found.title, found.texts, found.at, found.countries, found.languages, found.source, _label(thing)]
    return sha256(canonical_json(told).encode("utf-8", "surrogatepass"))


def _label(thing: Recorded) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in LABEL}


def _row(thing: Recorded, found: Findable) -> dict[str, Any]:
    told, title = words_of(found)
    return {
        "kind": thing.kind(),
        "digest": _digest(thing, found),
        "words": spelled(told),
        "title_words": spelled(title),
        "at": found.at,
        "countries": spell(found.countries),
        "languages": spell(found.languages),
        "source": found.source,
        **_label(thing),
    }


def spelled(told: list[str]) -> str:
    """Words as one text with a space around each, so that a word is found by itself and not inside another."""
    return f" {' '.join(told)} " if told else ""


def words_of(found: Findable) -> tuple[list[str], list[str]]:
    """All words of a thing and those of its title, as far as they are indexed."""
    title = _bounded(words(found.title))
    return _bounded([*title, *words(found.text)]), title


def _bounded(told: list[str]) -> list[str]:
    """As many of the words as every database can hold, from the first on."""
    told = told[:MOST_WORDS]
    if sum(map(len, told)) * 4 <= MOST_BYTES:
        return told
    met: set[str] = set()
    size = 0
    for place, word in enumerate(told):
        if word not in met:
            met.add(word)
            size += len(word.encode()) + 8
            if size > MOST_BYTES:
                return told[:place]
    return told


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew from the things. Returns how many are in it."""
    every = everything(Document)
    every.all().delete()
    made = 0
    for rows in _batches(_wanted()):
        every.bulk_create(rows)
        made += len(rows)
    with connection.cursor() as cursor:
        cursor.execute(_AFTER[connection.vendor])
    return made


_AFTER = {
    "sqlite": "INSERT INTO search_words(search_words) VALUES('rebuild')",
    "postgresql": "ANALYZE search_document",
}
"""What a database does after the whole index was made anew: its segments, or what its planner knows."""


def _wanted() -> Iterator[Document]:
    for model in findable_models():
        yield from _documents(all_things(model))


def _documents(things: Iterable[Recorded]) -> Iterator[Document]:
    for thing in things:
        found = None if thing.expunged else thing.findable()
        if found is not None:
            yield Document(object_id=thing.id, **_row(thing, found))


def _batches(rows: Iterator[Document], *, size: int = 200) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@dataclass
class Comparison:
    """How the index and the things agree: how many things there are, and what differs."""

    things: int = 0
    missing: int = 0
    different: int = 0
    left_over: int = 0
    broken: bool = False

    @property
    def holds(self) -> bool:
        return not (self.missing or self.different or self.left_over or self.broken)


def compare() -> Comparison:
    """Hold index and things against each other, both ways, and the database's own index against ours."""
    found = Comparison()
    waiting = set(everything(Document).values_list("object_id", flat=True))
    for rows in _batches(_wanted()):
        kept = {one.object_id: one for one in everything(Document).filter(object_id__in=[row.object_id for row in rows])}
        for row in rows:
            found.things += 1
            waiting.discard(row.object_id)
            there = kept.get(row.object_id)
            found.missing += there is None
            found.different += there is not None and not _same(row, there)
    found.left_over = len(waiting)
    found.broken = not _own_index_holds()
    return found


def _same(one: Document, other: Document) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in FIELDS)


def _own_index_holds() -> bool:
    """Whether the table of FTS5 says what our words say; in PostgreSQL nobody writes it but the trigger itself."""
    if connection.vendor != "sqlite":
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words, rank) VALUES('integrity-check', 1)")
    except DatabaseError:
        return False
    return True
