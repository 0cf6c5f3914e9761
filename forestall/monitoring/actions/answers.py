"""Keeping one answer of a producer: its bytes, what was read from them, what could not be, and how far it has been read.

All of it in one transaction, or none: whatever is broken off is asked for again, and whatever comes twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from forestall.access.session import Session
from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import today
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.base.words import kept as kept_words
from forestall.collecting.asking import BadRow, Cursor, Request
from forestall.collecting.childprocess import AnswerReader
from forestall.collecting.contract import Source
from forestall.collecting.enquiry import Reply
from forestall.collecting.intake import Outcome, Reading
from forestall.collecting.received import Received
from forestall.collecting.record import Record
from forestall.collecting.responses import Response as Read
from forestall.labels.label import Label, Level, join
from forestall.monitoring import holdings
from forestall.monitoring.actions import intake, leasing, reporters
from forestall.monitoring.models import Cursor as CursorRow
from forestall.monitoring.models import Holding, Item, Quarantine, Response, Run
from forestall.monitoring.setaside import ROWS_SET_ASIDE
from forestall.panel.manifest import Change, Manifest, write_manifest
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Evidence
from forestall.record.queries import there_at_all
from forestall.retention import recall
from forestall.vault import queries as vault

if TYPE_CHECKING:
    import pyarrow as pa

    from forestall.panel.factstore import Load


TAKEN_BACK = "The report was changed at its source: whoever gave it no longer agrees."
BY_HAND = "by hand"
"""Key of an answer that somebody had as a file: whatever it holds, it is not taken for everything that there is."""


@dataclass
class Turn:
    """One turn of asking: which source, as whom, in which run, behind which fence, with which suggesters."""

    source: Source
    run: Run
    by: Session
    fence: int
    reading: intake.Turn


@dataclass
class Kept:
    """What keeping an answer did."""

    items: list[Item] = field(default_factory=list)
    change: Change = field(default_factory=Change)


def label_of(source: Source) -> Label:
    """What is told of a source's turns: internal, or as close as what it brings."""
    return Label(level=Level(max(source.default_level, Level.INTERNAL)))


def keep(request: Request, reply: Reply, read: Read, *, turn: Turn, cursor: Cursor | None) -> Kept:
    """Keep an answer and what it held, and move the cursor. `cursor` None: it is read once more and stands already.

    Who reported goes into the vault with it, or nothing is kept.
    """
    news = _news(reply, read.records, turn=turn)
    turn.reading.hear(news)
    with reporters.apart(news, source=turn.source, by=turn.by) as apart:
        return _keep(request, reply, read, apart, turn=turn, cursor=cursor)


def _news(reply: Reply, records: tuple[Record, ...], *, turn: Turn) -> tuple[Record, ...]:
    """Of the records of an answer those that are new or changed; what was taken back or removed stays away."""
    before = _before(records, turn=turn)
    ids = [record.external_id for record in records]
    unseen = there_at_all(Item, "external_id", ids, collector=turn.source.id) - set(before)

    def is_news(record: Record) -> bool:
        held = before.get(record.external_id)
        if held is None:
            return record.external_id not in unseen
        return held.content_hash != record.sha256 and held.received_at <= reply.at

    return tuple(filter(is_news, records))


def _before(records: Iterable[Record], *, turn: Turn) -> dict[str, Item]:
    """What is held of these records: of each the item that came last."""
    ids = [record.external_id for record in records]
    held = Item.objects.filter(collector=turn.source.id, external_id__in=ids).order_by("received_at")
    return {item.external_id: item for item in held}


@transaction.atomic
def _keep(request: Request, reply: Reply, read: Read, apart: reporters.Apart, *, turn: Turn, cursor: Cursor | None) -> Kept:
    leasing.hold(turn.source.id, fence=turn.fence)
    kept = Kept()
    records = apart.named(by=turn.by)
    bytes_kept = _bytes(request, reply, turn=turn, closer=_closer(read, turn=turn)) if reply.body else None
    if cursor is not None:
        _response(request, reply, read, bytes_kept, turn=turn)
    if bytes_kept is not None:
        kept.items = _items(reply, records, bytes_kept, turn=turn)
        _take_back(read.bad, at=reply.at, turn=turn)
        kept.change = _facts(request, reply, read, turn=turn, reread=cursor is None)
        _set_aside_rows(request, read.bad, turn=turn)
    if cursor is not None:
        move(turn.source, cursor, by=turn.by)
    return kept


def _closer(read: Read, *, turn: Turn) -> frozenset[str]:
    """Bytes that tell who reported are for the source handlers of the desk alone."""
    if not any(record.identity for record in read.records):
        return frozenset()
    return vault.label_on(reporters.desk_of(turn.source)).compartments


def _bytes(request: Request, reply: Reply, *, turn: Turn, closer: frozenset[str]) -> Evidence:
    """The bytes as received; the very same from the same source are kept once. `closer` are compartments they need."""
    digest = sha256(reply.body)
    known = Response.objects.filter(collector=turn.source.id, evidence__sha256=digest).first()
    if known is not None and known.evidence is not None and known.evidence.address not in evidence.AWAY:
        return known.evidence
    label = Label(level=Level(turn.source.default_level)).within(*closer)
    kind = reply.headers.get("content-type", "").split(";")[0].strip() or "application/octet-stream"
    return evidence.keep(reply.body, name=request.name, media_type=kind, label=label, by=turn.by.person_id, packed=True)


def _response(
    request: Request, reply: Reply, read: Read, bytes_kept: Evidence | None, *, turn: Turn
) -> Response:
    made = Response(
        run=turn.run,
        evidence=bytes_kept,
        collector=turn.source.id,
        key=request.key,
        url=request.url,
        name=request.name,
        status=reply.status,
        etag=reply.headers.get("etag", ""),
        modified=reply.headers.get("last-modified", ""),
        received_at=reply.at,
        version=turn.source.version,
        rows=read.count,
        bad=len(read.bad),
    )
    return write(made.labelled(label_of(turn.source)), by=turn.by.person_id, verb="response received")


def _items(reply: Reply, records: tuple[Record, ...], bytes_kept: Evidence, *, turn: Turn) -> list[Item]:
    """Records as items: new ones arrive, changed ones are brought to what their source says now."""
    before = _before(records, turn=turn)
    fresh = [record for record in records if record.external_id not in before]
    renewed = [
        intake.renew(before[record.external_id], record, bytes_kept, turn=turn.reading)
        for record in records if record.external_id in before
    ]  # fmt: skip
    if not fresh:
        return renewed
    level = max([turn.source.default_level, *(record.level for record in fresh)])
    reading = Reading(
        name=bytes_kept.name, sha256=bytes_kept.sha256, size=bytes_kept.size, outcome=Outcome.ACCEPTED, level=level,
        kind=bytes_kept.media_type, records=tuple(fresh), content=reply.body,
    )  # fmt: skip
    apart = Label(level=Level(level)) if any(record.consent for record in fresh) else turn.reading.source_label
    (brought,) = intake.bring(
        [intake.Arrival(reading)], turn=replace(turn.reading, source_label=apart),
        keep=lambda pairs: [_fitted(bytes_kept, label, turn=turn) for _, label in pairs],
    )  # fmt: skip
    return [*brought.items, *renewed]


def _take_back(bad: tuple[BadRow, ...], *, at: datetime, turn: Turn) -> None:
    """What was agreed to and no longer is leaves the views at once, and whoever has it from us is listed for recall."""
    gone = [one.takes_back for one in bad if one.takes_back]
    for item in Item.objects.filter(collector=turn.source.id, external_id__in=gone, received_at__lte=at) if gone else ():
        recall.withdraw_consent(item, scopes=frozenset(), reason=TAKEN_BACK, by=turn.by)


def _fitted(bytes_kept: Evidence, label: Label, *, turn: Turn) -> Evidence:
    """The bytes under no looser label than what was read from them."""
    if bytes_kept.label.level >= label.level and label.compartments <= bytes_kept.label.compartments:
        return bytes_kept
    bytes_kept.label = join([bytes_kept.label, label])
    return write(bytes_kept, by=turn.by.person_id, verb="label raised")


def _facts(request: Request, reply: Reply, read: Read, *, turn: Turn, reread: bool) -> Change:
    """Merge the facts into what is held; the new list of files stands with this transaction."""
    from forestall.panel import factstore

    source = turn.source
    held = holdings.holding(source.id)
    manifest = holdings.manifest_of(held) if held else None
    change = Change()
    load = load_of(source, read, key=request.key, raw_sha256=sha256(reply.body), at=reply.at, reread=reread)
    tables = load.tables if load else {}
    if load:
        manifest, change = factstore.merge(holdings.root(), manifest, load)
    if read.withdrawn and manifest is not None:
        keys = {one.external_id for one in read.withdrawn}
        manifest, taken_back = factstore.withdraw(holdings.root(), manifest, keys=keys, at=reply.at)
        change.withdrawn += taken_back.withdrawn
    if manifest is not None and (held is None or held.manifest != manifest.sha256):
        _hold(source, held, manifest, tables, by=turn.by)
    return change


def read_kept(received: Received, *, source: Source, reader: AnswerReader) -> Read:
    """An answer of a source that is asked; of one that takes in files, a table of facts if it knows it."""
    files_alone = source.reads and source.asks is None
    return (reader.recognise if files_alone else reader.read)(received, source=source)


def load_of(
    source: Source, read: Read, *, key: str, raw_sha256: str, at: datetime, reread: bool = False
) -> Load | None:
    """The facts of an answer as they would be brought in, or None when it holds none. `key` is that of its request."""
    from forestall.panel.factstore import Load

    snapshot = source.asks.snapshot if source.asks and key != BY_HAND else ""
    tables = tables_of(read)
    if not tables:
        return None
    return Load(
        source_id=source.id, level=read.level if read.mapping else source.default_level, tables=tables,
        raw_sha256=raw_sha256, received_at=at, snapshot=bool(snapshot) and not read.envelope.more,
        by_arrival=source.filed_by == "arrival", scope=f"{key}:" if snapshot == "key" else "", reread=reread,
    )  # fmt: skip


def tables_of(read: Read) -> dict[str, pa.Table]:
    """The facts of an answer as one table for each dataset. Raises `Malformed` for columns that are not ours."""
    import pyarrow as pa

    from forestall.facts.arrow import SCHEMAS

    found: dict[str, list[pa.RecordBatch]] = {}
    for batch in read.facts:
        with pa.ipc.open_stream(batch.stream) as stream:
            for one in stream:
                if one.schema != SCHEMAS[batch.dataset]:
                    raise Malformed(say("The limited process answered with something unexpected."))
                one.validate(full=True)
                found.setdefault(batch.dataset, []).append(one)
    return {dataset: pa.Table.from_batches(batches).unify_dictionaries() for dataset, batches in found.items()}


def _hold(source: Source, held: Holding | None, manifest: Manifest, tables: Mapping[str, pa.Table], *, by: Session) -> None:
    made = held or Holding(collector=source.id).labelled(Label(level=Level.INTERNAL))
    made.manifest = write_manifest(holdings.root(), manifest)
    made.events, made.measures, made.findings = (manifest.rows(name) for name in ("events", "measures", "findings"))
    made.newest = max((day for day in (made.newest, _newest(tables)) if day is not None), default=None)
    write(made, by=by.person_id, verb="facts kept")


def _newest(tables: Mapping[str, pa.Table]) -> date | None:
    """The latest day that rows speak of or were published on, of those that are over."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = []
    for table in tables.values():
        for name in ("day", "published_at"):
            days = table.column(name).cast(pa.date32())
            days = days.filter(pc.less_equal(days, pa.scalar(today())))
            found.append(pc.max(days).as_py())
    return max((day for day in found if day is not None), default=None)


def _set_aside_rows(request: Request, bad: tuple[BadRow, ...], *, turn: Turn) -> None:
    """Keep the rows that could not be read, with why, for reviewers alone; once, however often they come."""
    if not bad:
        return
    content = "\n".join(canonical_json({"where": one.place, "why": one.reason.text(), "row": one.content}) for one in bad)
    reason = say("%(count)s rows could not be taken. The first: %(first)s", count=len(bad), first=bad[0].reason)
    set_aside(content.encode(), name=f"{request.name}{ROWS_SET_ASIDE}", reason=reason, turn=turn)


def set_aside(content: bytes, *, name: str, reason: Words, turn: Turn, hostile: bool = False) -> Quarantine | None:
    """Keep bytes and the reason in quarantine; None when the very same is there already. Inside a transaction."""
    known = Quarantine.objects.filter(collector=turn.source.id, name=name, evidence__sha256=sha256(content))
    if known.exists():
        return None
    hidden = replace(label_of(turn.source), quarantined=True)
    told = kept_words(reason)
    bytes_kept = evidence.keep(content, name=name, media_type="unknown", label=hidden, by=turn.by.person_id)
    made = Quarantine(
        evidence=bytes_kept, run=turn.run, name=name, collector=turn.source.id, message=told["message"],
        parameters=told["parameters"], hostile=hostile,
    )  # fmt: skip
    turn.run.quarantines += 1
    return write(made.labelled(hidden), by=turn.by.person_id, verb="set aside")


def cursor_of(source: Source) -> Cursor:
    """How far the source has been read."""
    row = CursorRow.objects.filter(collector=source.id, key="").first()
    return dict(row.value) if row else {}


def move(source: Source, cursor: Cursor, *, by: Session) -> None:
    """Note how far a source has been read. Inside the transaction that keeps what was read."""
    row = CursorRow.objects.filter(collector=source.id, key="").first()
    if row is not None and row.value == cursor:
        return
    row = row or CursorRow(collector=source.id, key="").labelled(label_of(source))
    row.value = cursor
    write(row, by=by.person_id, verb="cursor moved")
