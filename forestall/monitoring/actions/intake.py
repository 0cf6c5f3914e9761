"""From a drop folder to items: bytes first, then what could be read of them, then what the machine suggests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.db import transaction

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.groups import ahead, few
from forestall.base.words import Words, kept, say
from forestall.collecting.childprocess import Reader
from forestall.collecting.contract import Source as CatalogueSource
from forestall.collecting.intake import Outcome, Reading, Seen, read_all
from forestall.collecting.record import Record
from forestall.labels.label import Label, Level, join
from forestall.monitoring import queries, suggesting
from forestall.monitoring.actions.aside import set_aside_once
from forestall.monitoring.models import Item, Run, Source, Suggestion
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.actions import write, write_new
from forestall.record.models import Evidence
from forestall.sources import all_sources
from forestall.suggesters.place.columns import table_countries

PUBLIC, INTERNAL = Label(level=Level.PUBLIC), Label(level=Level.INTERNAL)
UNNAMED = "unnamed"
"""Key of the source of what came without saying from whom."""
GROUP, GROUP_BYTES = 20, 20_000_000
"""Files that are kept in one transaction: so many, or so many bytes."""
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

    `met` are the originators that it met, by collector, key and name; `source_label` is what one that nobody knew yet is
    held under; `heard` is what the suggesters said of records that are about to be kept.
    """

    run: Run | None
    by: Session
    readers: Readers
    sources: dict[str, CatalogueSource]
    met: dict[tuple[str, str, str], Source] = field(default_factory=dict)
    source_label: Label = INTERNAL
    heard: dict[tuple[str, str, str], suggesting.Read] = field(default_factory=dict)

    def hear(self, records: Iterable[Record]) -> None:
        """Ask the suggesters, before the transaction that keeps these records: nobody waits for it to write while texts are read."""
        for record in records:
            self.heard[_key(record)] = _asked(record, readers=self.readers)


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
    """Take in every file of a folder, in a fixed order, a few in one transaction. Taking in twice changes nothing.

    Yields what became of each file once it is kept; the next few are read meanwhile. `received_at` (now) flags dates
    that lie after it; `child` is a limited process to read in, when the caller keeps one for several folders; `level` is
    the lowest that anything of it may have. With `only`, none but these files of the folder.
    """
    by.check_may("item.collect")
    run = Run(collector="folder", started_at=now()).labelled(Label(level=Level.INTERNAL))
    turn = Turn(write(run, by=by.person_id, verb="run started"), by, readers, dict(all_sources()))
    at = received_at or now()
    readings = read_all(folder, sources=turn.sources, now=at, seen=seen_before(), child=child, level=level, only=only)
    groups = few(readings, most=GROUP, size=lambda one: one.size, most_size=GROUP_BYTES)
    with closing(ahead(groups)) as ready:
        for group in ready:
            turn.hear(record for one in group if one.outcome is Outcome.ACCEPTED for record in one.records)
            for taken in take(group, turn=turn):
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
def take(group: Sequence[Reading], *, turn: Turn) -> list[Taken]:
    """Keep a few readings, or what is left of them for reviewers, and tell what became of each; a duplicate changes nothing."""
    accepted = [Arrival(one) for one in group if one.outcome is Outcome.ACCEPTED]
    brought = iter(bring(accepted, turn=turn, keep=_keeping(turn)) if accepted else ())
    for reading in group:
        if reading.outcome is Outcome.QUARANTINED:
            for one in reading.quarantined:
                set_aside_once(one, reading=reading, label=Label(level=Level(reading.level)), turn=turn)
    return [next(brought) if one.outcome is Outcome.ACCEPTED else _not_taken(one) for one in group]


def _not_taken(reading: Reading) -> Taken:
    return Taken(reading.name, reading.outcome, reading.level, reason=reading.reason)


Keeping = Callable[[Sequence[tuple[Reading, Label]]], Sequence[Evidence]]
"""What keeps the bytes of readings, each under its label."""


def _keeping(turn: Turn) -> Keeping:
    def keep(pairs: Sequence[tuple[Reading, Label]]) -> list[Evidence]:
        arrived = [evidence.Arrived(one.content, one.name, one.kind, label) for one, label in pairs]
        return evidence.keep_all(arrived, by=turn.by.person_id)

    return keep


@dataclass(frozen=True)
class Arrival:
    """An accepted reading on its way in: nothing of it is less sensitive than `floor`.

    `parent` is the item that the file came in, `remark` what readers of each item must know of how it came.
    """

    reading: Reading
    floor: Label = PUBLIC
    parent: Item | None = None
    remark: Words | None = None


def bring(arrivals: Sequence[Arrival], *, turn: Turn, keep: Keeping) -> list[Taken]:
    """The items of accepted readings, written inside the caller's transaction; parts that were not read are set aside."""
    by = turn.by.person_id
    told = [[_told(record, turn=turn) for record in one.reading.records] for one in arrivals]
    labels = [join([_label(one.reading, said), one.floor]) for one, said in zip(arrivals, told, strict=True)]
    bytes_kept = keep([(one.reading, label) for one, label in zip(arrivals, labels, strict=True)])
    items = [_items(*each, turn=turn) for each in zip(arrivals, told, bytes_kept, labels, strict=True)]
    write_new([item for made in items for item in made], by=by, verb="item received")
    suggesting.keep(
        (item, one.found)
        for made, said in zip(items, told, strict=True)
        for item, one in zip(made, said, strict=True)
    )
    for one, label in zip(arrivals, labels, strict=True):
        for part in one.reading.quarantined:
            set_aside_once(part, reading=one.reading, label=label, turn=turn)
    return [_taken(*each) for each in zip(arrivals, told, labels, items, strict=True)]


def label_of(reading: Reading, *, turn: Turn) -> Label:
    """The label that the items of an accepted reading would get, before that of what they came in."""
    return _label(reading, [_told(record, turn=turn) for record in reading.records])


def _label(reading: Reading, told: list[suggesting.Read]) -> Label:
    countries = {country for one in told for country in one.countries}
    return Label(level=Level(reading.level)).within(*_compartments(reading.level, countries))


def _items(
    arrival: Arrival, told: list[suggesting.Read], bytes_kept: Evidence, label: Label, *, turn: Turn
) -> list[Item]:
    """The items of one reading, not saved yet, each with the one it lay in."""
    parent = arrival.parent
    around: dict[str, Item] = {parent.external_id: parent} if parent else {}
    made = []
    for record, said in zip(arrival.reading.records, told, strict=True):
        item = _item(
            record, said, around.get(record.parent), bytes_kept, label=label, turn=turn, remark=arrival.remark
        )
        around[record.external_id] = item
        made.append(item)
    return made


def _taken(arrival: Arrival, told: list[suggesting.Read], label: Label, items: list[Item]) -> Taken:
    reading = arrival.reading
    return Taken(
        reading.name,
        reading.outcome,
        label.level,
        tuple(items),
        reading.rows,
        _together(one.languages for one in told),
        _together(one.countries for one in told),
        reading.reason,
    )


def _told(record: Record, *, turn: Turn) -> suggesting.Read:
    return turn.heard.pop(_key(record), None) or _asked(record, readers=turn.readers)


def _key(record: Record) -> tuple[str, str, str]:
    return record.source_id, record.external_id, record.sha256


def _asked(record: Record, *, readers: Readers) -> suggesting.Read:
    """What the suggesters say of a record; a table's own country columns come first."""
    read = suggesting.read(record.title, record.body, readers=readers)
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


def _item(
    record: Record,
    told: suggesting.Read,
    parent: Item | None,
    bytes_kept: Evidence,
    *,
    label: Label,
    turn: Turn,
    remark: Words | None,
) -> Item:
    return Item(
        source=_source(record, turn=turn),
        run=turn.run,
        evidence=bytes_kept,
        parent=parent,
        collector=record.source_id,
        external_id=record.external_id,
        locator=record.locator,
        content_hash=record.sha256,
        form=record.kind.value,
        native=dict(record.native),
        url=record.url,
        licence=_own_licence(record, turn=turn),
        redistribution=record.redistribution,
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


def _label_of(record: Record, *, label: Label) -> Label:
    """The label of what it came with, no lower than the record's own, within what whoever reported agreed to."""
    return join([label.raised_to(Level(record.level)), Label(level=Level.PUBLIC, consent=frozenset(record.consent))])


def renew(item: Item, record: Record, bytes_kept: Evidence, *, turn: Turn) -> Item:
    """Bring an item to what its source says now; what it said before is in the record. What people did with it stays."""
    told = _told(record, turn=turn)
    item.evidence, item.content_hash, item.native = bytes_kept, record.sha256, dict(record.native)
    item.title, item.text, item.url = record.title or item.title, record.body, record.url
    item.licence, item.redistribution = _own_licence(record, turn=turn), record.redistribution
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
    suggesting.keep([(item, [one for one in told.found if (one[0].suggester, one[0].label) not in decided])])
    return item


def _own_licence(record: Record, *, turn: Turn) -> str:
    """The terms that a record names, where they are not those of all its source's records."""
    source = turn.sources[record.source_id]
    return "" if record.licence == source.licence else record.licence


def _table(record: Record) -> dict[str, object]:
    if not record.tables:
        return {}
    first = record.tables[0]
    return {"header": list(first.header), "rows": record.rows, "refused": len(first.problems)}


def _source(record: Record, *, turn: Turn) -> Source:
    """Who says it: known by the address or name the record gives; somebody new is proposed, never active at once."""
    name, address = parseaddr(record.reporter) if "@" in record.reporter else (record.reporter.strip(), "")
    key = address or name or UNNAMED
    met = turn.met.get((record.source_id, key, name))
    if met is None:
        met = (
            queries.source_of(record.source_id, key=key)
            or queries.source_named(name)
            or _proposed(record, key, name, turn=turn)
        )
        turn.met[record.source_id, key, name] = met
    return met


def _proposed(record: Record, key: str, name: str, *, turn: Turn) -> Source:
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
