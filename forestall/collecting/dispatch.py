"""One file through identification, agreement and its source. This is what runs inside the limited child."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import cast

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from .concealment import concealment
from .contract import Collector, Source
from .flags import Flag, FlagCode
from .hostile import Hostile
from .identification import identify
from .kinds import CLAIM_WORDS, KIND_WORDS, REFUSED, Kind, agrees, claimed
from .markings import find_marking
from .names import disguise, ending, remarks, shown
from .polyglots import second_reading
from .received import Channel, Part, Received
from .record import Record
from .workingcopies import WorkingCopy, make
from .workingcopies.within import part_of


@dataclass(frozen=True)
class Task:
    """One file for the child to read, and the sources that may read it; or to make the working copy of."""

    received: Received
    sources: tuple[Source, ...]
    copied: bool = False


@dataclass(frozen=True)
class Answer:
    """What became of it: records and the files inside it, its working copy, or a refusal. Kinds are empty when unknown."""

    kind: str = ""
    claimed: str = ""
    records: tuple[Record, ...] = ()
    parts: tuple[Part, ...] = ()
    refusal: Words | None = None
    hostile: bool = False
    copy: WorkingCopy | None = None


def answer(task: Task) -> Answer:
    """Read one file. Never raises for what is in it: a refusal is an answer."""
    received = task.received
    if task.copied:
        return _copied(received)
    suffix = ending(received.name)
    promise = claimed(suffix)
    blank = Answer(claimed=promise.value if promise else "")
    kind: Kind | None = None
    try:
        kind = _kind_of(received, suffix)
        _check_name(received, kind, suffix)
        found = _read(received, kind, _source_for(kind, task.sources))
    except Malformed as refused:
        name = kind.value if kind else ""
        return replace(blank, kind=name, refusal=refused.words, hostile=isinstance(refused, Hostile))
    records = tuple(item for item in found if isinstance(item, Record))
    parts = tuple(item for item in found if isinstance(item, Part))
    return replace(blank, kind=kind.value, records=records, parts=parts)


def _copied(received: Received) -> Answer:
    kind: Kind | None = None
    try:
        received = part_of(received)
        kind = identify(received.content, ending=ending(received.name), charset=received.declared_charset).kind
        double = second_reading(received.content, kind=kind)
        if double:
            raise Hostile(double)
        made = replace(make(received.content, kind=kind), name=received.name)
    except Malformed as refused:
        name = kind.value if kind else ""
        return Answer(kind=name, refusal=refused.words, hostile=isinstance(refused, Hostile))
    return Answer(kind=kind.value, copy=made)


def _kind_of(received: Received, suffix: str) -> Kind:
    """The kind; when it cannot be read as what it opens as, the sentence names the file's claim as well."""
    hidden = disguise(received.name)
    if hidden:
        raise Hostile(hidden)
    return identify(received.content, ending=suffix, charset=received.declared_charset).kind


def _check_name(received: Received, kind: Kind, suffix: str) -> None:
    if kind is Kind.EMPTY:
        raise Malformed(REFUSED[kind])
    promise = claimed(suffix)
    if promise is Kind.PROGRAM:
        raise Hostile(REFUSED[promise])  # whatever it holds, its name would have it run
    if promise and not agrees(kind, ending=suffix):
        sentence = say(
            "%(name)s says that it is %(claimed)s, but its content is %(found)s. Give it its true name, or ask what it is.",
            name=shown(received.name),
            claimed=CLAIM_WORDS.get(promise, KIND_WORDS[promise]),
            found=KIND_WORDS[kind],
        )
        raise (Hostile if kind in {Kind.PROGRAM, Kind.MACRO_OFFICE} else Malformed)(sentence)
    if received.channel is Channel.FEED and kind not in {Kind.FEED, Kind.JSON_FEED}:
        raise Malformed(say("A feed was expected; what came is %(found)s.", found=KIND_WORDS[kind]))
    double = second_reading(received.content, kind=kind)
    if double:
        raise Hostile(double)
    if kind in REFUSED:
        raise (Hostile if kind in {Kind.PROGRAM, Kind.MACRO_OFFICE, Kind.SVG} else Malformed)(REFUSED[kind])


def _source_for(kind: Kind, sources: tuple[Source, ...]) -> Source:
    found = next((source for source in sources if kind in source.reads), None)
    if found is None:
        raise Malformed(say("No source here reads %(kind)s.", kind=KIND_WORDS[kind]))
    return found


def _read(received: Received, kind: Kind, source: Source) -> list[Record | Part]:
    collector = cast(Collector, importlib.import_module(source.module))
    found = [one for one in collector.parse(received, kind=kind, source=source) if isinstance(one, Record | Part)]
    count = sum(isinstance(item, Record) for item in found)
    if not source.bounds.least <= count <= source.bounds.most:
        raise Malformed(
            say("It holds %(count)s items; %(source)s brings %(least)s to %(most)s.", count=count, source=source.title, least=source.bounds.least, most=source.bounds.most)
        )  # fmt: skip
    digest = sha256(received.content)
    return [finished(item, received, source, digest) if isinstance(item, Record) else item for item in found]


def finished(record: Record, received: Received, source: Source, digest: str) -> Record:
    """What no collector may forget: the level, what the text conceals, dates after receipt, where it came from."""
    marking = find_marking(record.title, record.headers, record.body)
    level = max(source.default_level, received.level, record.level, marking.level)
    labelled = replace(
        record,
        level=level,
        marking=marking.words or record.marking,
        parent=record.parent or received.parent,
        locator=record.locator or received.locator,
        file_name=received.name,
        content_sha256=digest,
    )
    flags = [*concealment(record.title, record.body, record.hidden), *remarks(received.name), *_dates(record)]
    return labelled.flagged(*flags)


def _dates(record: Record) -> list[Flag]:
    moment = record.published
    if moment is None:
        return []
    flags = []
    if moment.earliest > record.received_at:
        flags.append(Flag(FlagCode.DATE_AFTER_RECEIPT, moment.text[:60]))
    if moment.ambiguous:
        flags.append(Flag(FlagCode.DATE_AMBIGUOUS, f"{moment.text[:60]}: {', '.join(moment.readings)}"))
    return flags
