"""From a drop folder to items: bytes first, then what could be read of them, then what the machine suggests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.db import transaction

from forestall.access import queries as people
from forestall.access.session import Session, bound_to, system_reader
from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.words import Words, kept, say
from forestall.collecting.childprocess import Reader
from forestall.collecting.contract import Source as CatalogueSource
from forestall.collecting.intake import Outcome, Reading, Seen, read_all
from forestall.collecting.quarantined import Quarantined
from forestall.collecting.record import Record
from forestall.labels.label import Label, Level, join, spell
from forestall.monitoring import queries, suggesting
from forestall.monitoring.models import Item, Quarantine, Run, Source, Suggestion
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Evidence
from forestall.sources import all_sources
from forestall.suggesters.place.columns import table_countries

PUBLIC, INTERNAL = Label(level=Level.PUBLIC), Label(level=Level.INTERNAL)
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
class Turn:
    """One turn of taking in: as whom, with which suggesters and sources; `run` is None outside a collector's run.

    `source_label` is what a source that nobody knew yet is held under.
    """

    run: Run | None
    by: Session
    readers: Readers
    sources: dict[str, CatalogueSource]
    source_label: Label = INTERNAL


def take_in(
    folder: Path,
    *,
    by: Session,
    readers: Readers,
    received_at: datetime | None = None,
    child: Reader | None = None,
    level: Level = Level.PUBLIC,
    only: Collection[Path] | None = None,
) -> Iterator[Taken]:
    """Take in every file of a folder, one transaction each, in a fixed order. Taking in twice changes nothing.

    Yields what became of each file. `received_at` (now) flags dates that lie after it; `child` is a limited process
    to read in, when the caller keeps one for several folders; `level` is the lowest that anything of it may have. With `only`,
    none but these files of the folder.
    """
    by.check_may("item.collect")
    run = Run(collector="folder", started_at=now()).labelled(Label(level=Level.INTERNAL))
    turn = Turn(write(run, by=by.person_id, verb="run started"), by, readers, dict(all_sources()))
    at = received_at or now()
    for reading in read_all(folder, sources=turn.sources, now=at, seen=seen_before(), child=child, level=level, only=only):
        taken = take(reading, turn=turn)
        count(run, taken)
        yield taken
    run.ended_at = now()
    run.state = "partly" if run.quarantines else ("healthy" if run.items else "empty")
    write(run, by=by.person_id, verb="run ended")


def count(run: Run, taken: Taken) -> None:
    """Add what became of one file to the run that brought it."""
    run.files += 1
    run.items += len(taken.items)
    run.quarantines += taken.outcome == Outcome.QUARANTINED
    run.duplicates += taken.outcome == Outcome.DUPLICATE


def seen_before() -> Seen:
    """What was taken in before, as the collector must know it to recognise it again; what was set aside was not."""
    seen = Seen()
    accepted = Evidence.objects.exclude(media_type__in=OWN).filter(quarantined=False)
    for one in accepted.only("sha256", "media_type", "level"):
        if one.media_type:
            seen.files[one.sha256] = (one.media_type, one.level)
    for native in Item.objects.filter(form="message").values_list("native", flat=True):
        if "message-id" in native:
            seen.messages.setdefault(native["message-id"], set()).add(native.get("message", ""))
    return seen


@transaction.atomic
def take(reading: Reading, *, turn: Turn) -> Taken:
    """Keep one reading, or what is left of it for reviewers; a duplicate changes nothing."""
    if reading.outcome is Outcome.ACCEPTED:
        return bring(reading, turn=turn, keep=lambda label: _kept(reading, label=label, turn=turn))
    if reading.outcome is Outcome.QUARANTINED:
        for one in reading.quarantined:
            set_aside_once(one, reading=reading, label=Label(level=Level(reading.level)), turn=turn)
    return Taken(reading.name, reading.outcome, reading.level, reason=reading.reason)


def _kept(reading: Reading, *, label: Label, turn: Turn) -> Evidence:
    by = turn.by.person_id
    return evidence.keep(reading.content, name=reading.name, media_type=reading.kind, label=label, by=by)


def bring(
    reading: Reading,
    *,
    turn: Turn,
    keep: Callable[[Label], Evidence],
    floor: Label = PUBLIC,
    parent: Item | None = None,
    remark: Words | None = None,
) -> Taken:
    """The items of an accepted reading, written inside the caller's transaction; parts that were not read are set aside.

    `keep` keeps the bytes under the label it is given, which is no lower than `floor`. `parent` is the item that the
    file came in, `remark` what readers of each item must know of how it came.
    """
    told = {record.record_id: _told(record, turn=turn) for record in reading.records}
    countries = {country for one in told.values() for country in one.countries}
    own = Label(level=Level(reading.level)).within(*_compartments(reading.level, countries))
    label = join([own, floor])
    bytes_kept = keep(label)
    items: dict[str, Item] = {parent.external_id: parent} if parent else {}
    for record in reading.records:
        made = _item(record, told[record.record_id], items, bytes_kept, label=label, turn=turn, remark=remark)
        items[record.external_id] = made
    for one in reading.quarantined:
        set_aside_once(one, reading=reading, label=label, turn=turn)
    return Taken(
        reading.name,
        reading.outcome,
        label.level,
        tuple(item for item in items.values() if item is not parent),
        reading.rows,
        _together(one.languages for one in told.values()),
        _together(one.countries for one in told.values()),
        reading.reason,
    )


def _told(record: Record, *, turn: Turn) -> suggesting.Read:
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


def set_aside_once(one: Quarantined, *, reading: Reading, label: Label, turn: Turn) -> None:
    """Set a file or a part of one aside, unless the very same waits already: however often the file comes."""
    made, content = _aside(one, reading=reading, label=label, turn=turn)
    if not _set_aside_before(made, content):
        _keep_aside(made, content, one=one, reading=reading, turn=turn)


def set_aside(one: Quarantined, *, reading: Reading, label: Label, turn: Turn) -> Evidence:
    """Keep the bytes and the reason, for reviewers alone. Returns the bytes as kept."""
    made, content = _aside(one, reading=reading, label=label, turn=turn)
    return _keep_aside(made, content, one=one, reading=reading, turn=turn)


def _aside(one: Quarantined, *, reading: Reading, label: Label, turn: Turn) -> tuple[Quarantine, bytes]:
    content = one.content or (reading.content if one.in_place else b"")
    reason = kept(one.reason)
    made = Quarantine(
        run=turn.run,
        name=one.name,
        collector=turn.run.collector if turn.run else "quarantine",
        message=reason["message"],
        parameters=reason["parameters"],
        within=one.parent,
        locator=one.locator,
        depth=one.depth,
        in_place=one.in_place,
        hostile=one.hostile,
    ).labelled(replace(label, quarantined=True))
    return made, content


def _keep_aside(made: Quarantine, content: bytes, *, one: Quarantined, reading: Reading, turn: Turn) -> Evidence:
    media_type = (reading.kind if content is reading.content else one.found) or "unknown"
    by = turn.by.person_id
    made.evidence = evidence.keep(content, name=one.name, media_type=media_type, label=made.label, by=by)
    write(made, by=by, verb="set aside")
    return made.evidence


def _set_aside_before(made: Quarantine, content: bytes) -> bool:
    """Asked as the collector: whoever hands a file in may not see that it came before, and is told nothing of it."""
    same: dict[str, object] = {"name": made.name, "locator": made.locator, "evidence__sha256": sha256(content)}
    if not content:
        same["parameters"] = made.parameters
    with bound_to(system_reader("collector", reason="whether it was set aside before")):
        found = Quarantine.objects.filter(level=made.level, compartments=spell(made.label.compartments), **same)
        return found.exists()


def _item(
    record: Record,
    told: suggesting.Read,
    items: dict[str, Item],
    bytes_kept: Evidence,
    *,
    label: Label,
    turn: Turn,
    remark: Words | None,
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
        flags=[kept(words) for words in (*([remark] if remark else []), *(flag.words for flag in record.flags))],
    ).labelled(_label_of(record, label=label))
    write(made, by=turn.by.person_id, verb="item received")
    suggesting.keep(made, told.found)
    return made


def _label_of(record: Record, *, label: Label) -> Label:
    """The label of what it came with, no lower than the record's own, within what whoever reported agreed to."""
    return join([label.raised_to(Level(record.level)), Label(level=Level.PUBLIC, consent=frozenset(record.consent))])


def renew(item: Item, record: Record, bytes_kept: Evidence, *, turn: Turn) -> Item:
    """Bring an item to what its source says now; what it said before is in the record. What people did with it stays."""
    told = _told(record, turn=turn)
    item.evidence, item.content_hash, item.native = bytes_kept, record.sha256, dict(record.native)
    item.title, item.text, item.url = record.title or item.title, record.body, record.url
    item.reporter, item.languages, item.countries = record.reporter, told.languages, told.countries
    if record.published:
        item.published_at, item.published_precision = record.published.earliest, record.published.precision.value
    item.received_at, item.table = record.received_at, _table(record)
    changed = kept(say("Its source changed it after it first came. What it said before is in its history."))
    item.flags = [changed, *(kept(flag.words) for flag in record.flags)]
    item.labelled(join([item.label, _label_of(record, label=item.label)]))
    write(item, by=turn.by.person_id, verb="item changed at its source")
    for proposed in Suggestion.objects.filter(item=item, state="proposed"):
        proposed.delete()
    decided = {(one.suggester, one.value) for one in Suggestion.objects.filter(item=item)}
    suggesting.keep(item, [one for one in told.found if (one[0].suggester, one[0].label) not in decided])
    return item


def _table(record: Record) -> dict[str, object]:
    if not record.tables:
        return {}
    first = record.tables[0]
    return {"header": list(first.header), "rows": record.rows, "refused": len(first.problems)}


def _source(record: Record, *, turn: Turn) -> Source:
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
    ).labelled(turn.source_label)
    return write(made, by=turn.by.person_id, verb="source proposed")
