"""From a file to records or quarantine. The bytes stay with the caller; nothing is dropped, nothing is written.

`read` takes one file with everything inside it; `read_all` a drop folder, recognising what came before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from forestall.base.canonical import sha256
from forestall.base.words import Words, say

from .childprocess import Child, Reader
from .contract import Source
from .dispatch import Answer, Task
from .flags import Flag, FlagCode
from .folder import Waiting, waiting
from .kinds import KIND_WORDS, Kind, agrees, claimed
from .limits import LIMITS, Limits, megabytes
from .names import ending, shown
from .quarantined import Quarantined
from .received import Channel, Part, Received
from .record import Record, RecordKind

UPLOAD_LEVEL = 2  # what came by mail or upload and bears no marking


class Outcome(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Reading:
    """What became of one file. `level` is the highest of all that came out of it; `reason` is set unless all is well.

    `records` are accepted; `quarantined` are the file itself or those of its parts that could not be taken in.
    """

    name: str
    sha256: str
    size: int
    outcome: Outcome
    level: int
    kind: str = ""
    reason: Words | None = None
    records: tuple[Record, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    content: bytes = field(default=b"", repr=False)

    @property
    def items(self) -> int:
        """How many items it brought: 0 unless accepted."""
        return len(self.records)

    @property
    def rows(self) -> int:
        """Rows of data in all its tables."""
        return sum(record.rows for record in self.records)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages declared (BCP-47), sorted; detection is another room's."""
        return tuple(sorted({record.language for record in self.records} - {"und"}))


@dataclass
class Seen:
    """What was accepted before: kind and level by hash of bytes, and messages by identifier with their hash."""

    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    messages: dict[str, set[str]] = field(default_factory=dict)

    def remember(self, reading: Reading) -> None:
        """Add an accepted reading."""
        self.files[reading.sha256] = (reading.kind, reading.level)
        for record in _messages(reading.records):
            self.messages.setdefault(record.native["message-id"], set()).add(record.native["message"])


@dataclass
class _Gathered:
    records: list[Record] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    inflated: int = 0
    parts: int = 0
    kind: str = ""


def read(
    received: Received,
    *,
    sources: Mapping[str, Source] | Iterable[Source],
    child: Reader | None = None,
    limits: Limits = LIMITS,
) -> Reading:
    """Everything in one file, read in a limited process (`child`, or one started for this file).

    Dates later than `received.received_at` are flagged. Never raises for what is in the file.
    """
    chosen = _readers(sources)
    if len(received.content) > limits.file:
        size = megabytes(len(received.content))
        reason = say("The file has %(size)s MB; at most %(limit)s are read.", size=size, limit=megabytes(limits.file))
        return _refused(received, [_kept(received, Answer(refusal=reason))])
    with Child(limits=limits) if child is None else nullcontext(child) as reader:
        gathered = _Gathered()
        _gather(received, chosen, reader, gathered, limits=limits)
    return _concluded(received, gathered)


def _readers(sources: Mapping[str, Source] | Iterable[Source]) -> tuple[Source, ...]:
    """Those that read files whatever way they came; the others know the answers of their own producer alone."""
    given = sources.values() if isinstance(sources, Mapping) else sources
    return tuple(source for source in given if source.reads)


def _gather(
    received: Received,
    sources: tuple[Source, ...],
    reader: Reader,
    into: _Gathered,
    *,
    limits: Limits,
) -> None:
    """One file and, part by part, what lies inside: each is read on its own, so that one cannot take others along."""
    found = reader.ask(Task(received, sources))
    into.kind = into.kind or found.kind
    if found.refusal is not None:
        into.quarantined.append(_kept(received, found))
        return
    into.records.extend(found.records)
    level = max((record.level for record in found.records), default=max(received.level, UPLOAD_LEVEL))
    for part in found.parts:
        inner = _inner(received, part, level)
        into.inflated += len(part.content)
        into.parts += 1
        problem = part.problem or _too_much(into, inner.depth, limits)
        if problem is not None:
            hostile = part.problem is None
            into.quarantined.append(_kept(inner, Answer(refusal=problem, hostile=hostile), in_place=True))
        else:
            _gather(inner, sources, reader, into, limits=limits)


def _too_much(into: _Gathered, depth: int, limits: Limits) -> Words | None:
    if depth > limits.depth:
        return say("It lies deeper than %(limit)s files within files.", limit=limits.depth)
    if into.parts > limits.members:
        return say("More than %(limit)s files lie within one.", limit=limits.members)
    if into.inflated > limits.inflated:
        return say("What lies within unpacks to more than %(limit)s MB.", limit=megabytes(limits.inflated))
    return None


def _inner(outer: Received, part: Part, level: int) -> Received:
    return Received(
        name=part.name,
        content=part.content,
        received_at=outer.received_at,
        channel=outer.channel,
        declared_type=part.declared_type,
        declared_charset=part.declared_charset,
        parent=part.parent or outer.parent,
        locator=f"{outer.locator}/{part.locator}" if outer.locator else part.locator,
        depth=outer.depth + 1,
        level=max(level, UPLOAD_LEVEL),
    )


def _kept(received: Received, found: Answer, *, in_place: bool = False) -> Quarantined:
    assert found.refusal is not None
    return Quarantined(
        name=received.name,
        content=received.content,
        reason=found.refusal,
        found=found.kind,
        expected=found.claimed,
        hostile=found.hostile,
        locator=received.locator,
        parent=received.parent,
        depth=received.depth,
        in_place=in_place,
    )


def _concluded(received: Received, gathered: _Gathered) -> Reading:
    """An archive that holds anything hostile is kept shut whole; a mail keeps its text, and loses only that part."""
    if not gathered.records:
        return _refused(received, gathered.quarantined, kind=gathered.kind)
    trapped = [kept for kept in gathered.quarantined if kept.hostile]
    if trapped and gathered.kind == Kind.ARCHIVE:
        return _refused(received, trapped, kind=gathered.kind)
    reason = _partly(gathered.quarantined) if gathered.quarantined else None
    return Reading(
        name=received.name,
        sha256=sha256(received.content),
        size=len(received.content),
        outcome=Outcome.ACCEPTED,
        level=max(record.level for record in gathered.records),
        kind=gathered.kind,
        reason=reason,
        records=tuple(gathered.records),
        quarantined=tuple(gathered.quarantined),
        content=received.content,
    )


def _partly(kept: list[Quarantined]) -> Words:
    first = kept[0]
    return say(
        "%(count)s part in quarantine, %(name)s: %(reason)s",
        count=len(kept),
        name=shown(first.name),
        reason=first.reason,
    )


def _refused(received: Received, kept: list[Quarantined], *, kind: str = "") -> Reading:
    """The whole file in quarantine, for the reason of the first of its parts that was refused."""
    whole = Answer(kind=kind, refusal=say("Nothing in it could be read."))
    first = kept[0] if kept else _kept(received, whole)
    reason = first.reason
    if first.locator and first.locator != received.locator:
        reason = say("%(name)s: %(reason)s", name=shown(first.locator), reason=first.reason)
    file = Quarantined(
        received.name,
        received.content,
        reason,
        kind or first.found,
        first.expected,
        first.hostile,
        received.locator,
        received.parent,
        received.depth,
    )
    return Reading(
        name=received.name,
        sha256=sha256(received.content),
        size=len(received.content),
        outcome=Outcome.QUARANTINED,
        level=max(received.level, UPLOAD_LEVEL),
        kind=kind or first.found,
        reason=reason,
        quarantined=(file,),
        content=received.content,
    )


def read_all(
    folder: Path,
    *,
    sources: Mapping[str, Source] | Iterable[Source],
    now: datetime,
    seen: Seen | None = None,
    child: Reader | None = None,
    level: int = 0,
    only: Collection[Path] | None = None,
) -> Iterator[Reading]:
    """One reading per file of a drop folder, in a fixed order, received at `now` (aware, UTC).

    `seen` is what came before, and is added to: the same bytes, or the same message, are duplicates. `level` is the
    lowest that any of them may have; with `only`, none but these files are read.
    """
    before = Seen() if seen is None else seen
    chosen = _readers(sources)
    with Child() if child is None else nullcontext(child) as reader:
        for file in waiting(folder, only=only):
            yield _one(file, chosen, reader, now, before, level=level)


def _one(
    file: Waiting, sources: tuple[Source, ...], reader: Reader, now: datetime, seen: Seen, *, level: int
) -> Reading:
    if file.refusal is not None:
        kept = Quarantined(file.name, b"", file.refusal, path=file.path)
        return Reading(
            file.name,
            file.sha256,
            file.size,
            Outcome.QUARANTINED,
            max(level, UPLOAD_LEVEL),
            reason=file.refusal,
            quarantined=(kept,),
        )
    received = Received(file.name, file.content, now, Channel.FOLDER, file.mapping, level=level)
    reading = same_file(received, seen=seen)
    if reading is None:
        reading = compared(read(received, sources=sources, child=reader), seen=seen)
    if reading.outcome is Outcome.ACCEPTED:
        seen.remember(reading)
    return reading


def same_file(received: Received, *, seen: Seen) -> Reading | None:
    """The duplicate that these bytes are under this name, or None when they did not come before or the name is false."""
    known = seen.files.get(sha256(received.content))
    if known is None or not _honest(received.name, known[0]):
        return None
    return _duplicate(received, known[1], kind=known[0], reason=say("The same file came before."))


def _honest(name: str, kind: str) -> bool:
    """A second name for the same bytes must be true as well."""
    return claimed(ending(name)) is None or agrees(Kind(kind), ending=ending(name))


def _duplicate(received: Received, level: int, *, kind: str, reason: Words) -> Reading:
    size = megabytes(len(received.content))
    return Reading(
        received.name,
        sha256(received.content),
        size,
        Outcome.DUPLICATE,
        level,
        kind,
        reason,
        content=received.content,
    )


def _messages(records: Iterable[Record]) -> list[Record]:
    return [
        record for record in records if record.kind is RecordKind.MESSAGE and "message-id" in record.native
    ]


def compared(reading: Reading, *, seen: Seen) -> Reading:
    """`reading` against what came before: the same message is a duplicate; its identifier with other words is flagged."""
    if reading.outcome is not Outcome.ACCEPTED or reading.kind != Kind.MAIL:
        return reading
    first = next(iter(_messages(reading.records)), None)
    known = seen.messages.get(first.native["message-id"]) if first else None
    if first is None or not known:
        return reading
    if first.native["message"] in known:
        reason = say("The same message came before.")
        return replace(reading, outcome=Outcome.DUPLICATE, records=(), quarantined=(), reason=reason)
    marked = first.flagged(Flag(FlagCode.MESSAGE_ID_REUSED))
    return replace(
        reading, records=tuple(marked if record is first else record for record in reading.records)
    )


__all__ = ["KIND_WORDS", "Outcome", "Reading", "Seen", "compared", "read", "read_all", "same_file"]
