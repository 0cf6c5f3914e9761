"""From a drop folder to items: bytes first, then what could be read of them, then what the machine suggests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.db import transaction

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.words import Words
from forestall.collecting.childprocess import Reader
from forestall.collecting.contract import Source as CatalogueSource
from forestall.collecting.intake import Outcome, Reading, Seen, read_all
from forestall.collecting.record import Record
from forestall.labels.label import Label, Level
from forestall.monitoring import queries, suggesting
from forestall.monitoring.models import Item, Quarantine, Run, Source
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Evidence
from forestall.sources import all_sources
from forestall.suggesters.place.columns import table_countries

UNNAMED = "unnamed"
"""Key of the source of what came without saying from whom."""
OWN = ("sheet", "official-text")
"""Bytes the office keeps that never arrived as items: what is the same as one of these is no duplicate."""


@dataclass(frozen=True)
class Taken:
    """What became of one file, for a report: never more than the collector itself may see."""

    file: str
    outcome: str
    level: int
    items: tuple[Item, ...] = ()
    rows: int = 0
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    reason: Words | None = None


@dataclass
class _Turn:
    run: Run
    by: Session
    readers: Readers
    sources: dict[str, CatalogueSource]


def take_in(
    folder: Path, *, by: Session, readers: Readers, received_at: datetime | None = None, child: Reader | None = None
) -> Iterator[Taken]:
    """Take in every file of a folder, one transaction each, in a fixed order. Taking in twice changes nothing.

    Yields what became of each file. `received_at` (now) flags dates that lie after it; `child` is a limited process
    to read in, when the caller keeps one for several folders.
    """
    by.check_may("item.collect")
    run = Run(collector="folder", started_at=now()).labelled(Label(level=Level.INTERNAL))
    turn = _Turn(write(run, by=by.person_id, verb="run started"), by, readers, dict(all_sources()))
    for reading in read_all(folder, sources=turn.sources, now=received_at or now(), seen=_seen(), child=child):
        taken = _take(reading, turn=turn)
        _count(turn.run, taken)
        yield taken
    turn.run.ended_at = now()
    turn.run.state = "partly" if turn.run.quarantines else ("healthy" if turn.run.items else "empty")
    write(turn.run, by=by.person_id, verb="run ended")


def _count(run: Run, taken: Taken) -> None:
    run.files += 1
    run.items += len(taken.items)
    run.quarantines += taken.outcome == Outcome.QUARANTINED
    run.duplicates += taken.outcome == Outcome.DUPLICATE


def _seen() -> Seen:
    """What came before, as the collector must know it to recognise it again."""
    seen = Seen()
    for kept in Evidence.objects.exclude(media_type__in=OWN).only("sha256", "media_type", "level"):
        if kept.media_type:
            seen.files[kept.sha256] = (kept.media_type, kept.level)
    for sha256 in Quarantine.objects.values_list("evidence__sha256", flat=True):
        seen.files.pop(sha256, None)
    for native in Item.objects.filter(form="message").values_list("native", flat=True):
        if "message-id" in native:
            seen.messages.setdefault(native["message-id"], set()).add(native.get("message", ""))
    return seen


@transaction.atomic
def _take(reading: Reading, *, turn: _Turn) -> Taken:
    if reading.outcome is Outcome.DUPLICATE:
        return Taken(reading.name, reading.outcome, reading.level, reason=reading.reason)
    label = Label(level=Level(reading.level))
    for kept in reading.quarantined:
        _set_aside(reading, kept.name, kept.content or reading.content, kept.reason, label=label, turn=turn)
    if reading.outcome is Outcome.QUARANTINED:
        return Taken(reading.name, reading.outcome, reading.level, reason=reading.reason)
    told = {record.record_id: _told(record, turn=turn) for record in reading.records}
    label = label.within(*_compartments(reading.level, {c for one in told.values() for c in one.countries}))
    bytes_kept = evidence.keep(
        reading.content, name=reading.name, media_type=reading.kind, label=label, by=turn.by.person_id
    )
    items: dict[str, Item] = {}
    for record in reading.records:
        items[record.external_id] = _item(record, told[record.record_id], items, bytes_kept, label=label, turn=turn)
    return Taken(
        reading.name,
        reading.outcome,
        reading.level,
        tuple(items.values()),
        reading.rows,
        _together(one.languages for one in told.values()),
        _together(one.countries for one in told.values()),
        reading.reason,
    )


def _told(record: Record, *, turn: _Turn) -> suggesting.Read:
    """What the suggesters say of a record; a table's own country columns come first."""
    read = suggesting.read(record.title, record.body, readers=turn.readers)
    named = [
        code
        for table in record.tables
        for code in table_countries(table.header, table.tags, (row.cells for row in table.rows))
    ]
    return replace(read, countries=list(dict.fromkeys([*named, *read.countries]))) if named else read


def _together(lists: Iterable[list[str]]) -> tuple[str, ...]:
    known = dict.fromkeys(one for found in lists for one in found)
    return tuple(one for one in known if one != "und" or len(known) == 1)


def _compartments(level: int, countries: set[str]) -> frozenset[str]:
    """What is confidential and speaks of a desk's countries is seen by that desk."""
    if level < Level.CONFIDENTIAL:
        return frozenset()
    return frozenset().union(*(people.compartments_for(country) for country in sorted(countries)))


def _set_aside(reading: Reading, name: str, content: bytes, reason: Words, *, label: Label, turn: _Turn) -> None:
    """Keep the bytes and the reason, for reviewers alone; once, however often the file comes."""
    hidden = Label(level=label.level, quarantined=True)
    if Quarantine.objects.filter(name=name, evidence__sha256=reading.sha256).exists():
        return
    kept = evidence.keep(content, name=name, media_type=reading.kind or "unknown", label=hidden, by=turn.by.person_id)
    made = Quarantine(
        evidence=kept,
        run=turn.run,
        name=name,
        collector=turn.run.collector,
        message=reason.message,
        parameters={key: str(value) for key, value in reason.parameters.items()},
    ).labelled(hidden)
    write(made, by=turn.by.person_id, verb="set aside")


def _item(
    record: Record,
    told: suggesting.Read,
    items: dict[str, Item],
    bytes_kept: Evidence,
    *,
    label: Label,
    turn: _Turn,
) -> Item:
    made = Item(
        source=_source(record, turn=turn),
        run=turn.run,
        evidence=bytes_kept,
        parent=items.get(record.parent),
        collector=record.source_id,
        external_id=record.external_id,
        locator=record.locator,
        content_hash=record.sha256,
        form=record.kind.value,
        native=dict(record.native),
        url=record.url,
        reporter=record.reporter,
        title=record.title or record.file_name or bytes_kept.name,
        text=record.body,
        languages=told.languages,
        countries=told.countries,
        published_at=record.published.earliest if record.published else None,
        published_precision=record.published.precision.value if record.published else "none",
        received_at=record.received_at,
        table=_table(record),
        flags=[
            {"message": flag.words.message, "parameters": {k: str(v) for k, v in flag.words.parameters.items()}}
            for flag in record.flags
        ],
    ).labelled(label.raised_to(Level(record.level)))
    write(made, by=turn.by.person_id, verb="item received")
    suggesting.keep(made, told.found)
    return made


def _table(record: Record) -> dict[str, object]:
    if not record.tables:
        return {}
    first = record.tables[0]
    return {"header": list(first.header), "rows": record.rows, "refused": len(first.problems)}


def _source(record: Record, *, turn: _Turn) -> Source:
    """Who says it: known by the address or name the record gives; somebody new is proposed, never active at once."""
    name, address = parseaddr(record.reporter) if "@" in record.reporter else (record.reporter.strip(), "")
    key = address or name or UNNAMED
    known = queries.source_of(record.source_id, key=key) or queries.source_named(name)
    if known is not None:
        return known
    catalogue = turn.sources[record.source_id]
    made = Source(
        name=name or (key if key != UNNAMED else catalogue.title),
        key=key,
        collector=record.source_id,
        language=record.language if record.language != "und" else "",
        licence=record.licence or catalogue.licence,
        state="proposed",
    ).labelled(Label(level=Level.INTERNAL))
    return write(made, by=turn.by.person_id, verb="source proposed")
