"""The desk beside a note's sheet: its parts sentence by sentence, what the checks say, and the evidence behind each.

Plain values, made from what the session may see; `labels` are those of everything shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from forestall.advising import queries as advising
from forestall.advising.footnote import Footnote, footnotes, number_of
from forestall.advising.queries import AdvisoryNote, Claim
from forestall.advising.states import SECTIONS
from forestall.base.words import Words, say
from forestall.documents import Remark, Section, document_type
from forestall.documents.advisory_note.note import HEADINGS
from forestall.documents.advisory_note.remarks import words_in
from forestall.labels.label import Label
from forestall.monitoring import queries as monitoring
from forestall.monitoring.queries import Standing
from forestall.monitoring.states import OBSERVATION, SOURCE_NATURES

from .wayfinding import address

NEW = "new"


@dataclass(frozen=True)
class SentenceLine:
    """One sentence of a part, from place 1. `number` is that of its sources on the sheet, None when it cites none."""

    place: int
    text: str
    cited: int
    number: int | None
    unsupported: bool
    key: str


@dataclass(frozen=True)
class Part:
    """One part of the note with its sentences, how many words it has, and how many are meant."""

    id: str
    title: Words
    sentences: tuple[SentenceLine, ...]
    words: int
    limit: int
    evidence: bool
    optional: bool

    @property
    def new_key(self) -> str:
        return f"{self.id}.{NEW}"


@dataclass(frozen=True)
class ItemLine:
    """An item under an observation: where it opens, its grade, what kind of source it is, and its bytes' hash."""

    title: str
    url: str
    grade: str
    nature: Words
    received: date
    quotes: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class ObservationLine:
    """An observation behind a sentence, with the items it rests on."""

    summary: str
    on: date
    precision: str
    circa: bool
    state: Words
    withdrawn: bool
    origins: int
    total: int
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class SourceLine:
    """One number of the source list, opened: the sentences that rest on it and the observations behind them."""

    number: int
    sentences: tuple[str, ...]
    observations: tuple[ObservationLine, ...]


@dataclass(frozen=True)
class Check:
    """Something a check says: whether it stands in the way, of which part, about which words, and a way out."""

    refuses: bool
    part: Words | str
    words: Words
    excerpt: str
    suggestion: Words | None


@dataclass(frozen=True)
class Desk:
    """Everything beside the sheet that comes from the note's sentences."""

    parts: tuple[Part, ...]
    sources: tuple[SourceLine, ...]
    unsupported: tuple[Claim, ...]
    labels: tuple[Label, ...]


def desk_of(note: AdvisoryNote) -> Desk:
    """The desk of a note, through the bound session."""
    claims = advising.claims(note)
    listed = footnotes(claims)
    sections = {section.id: section for section in document_type("advisory-note").sections}
    return Desk(
        parts=tuple(_part(sections[name], claims=claims, listed=listed) for name in SECTIONS),
        sources=_sources(claims, listed=listed),
        unsupported=tuple(claim for claim in claims if claim.unsupported),
        labels=tuple(_labels(claims)),
    )


def _labels(claims: Iterable[Claim]) -> Iterable[Label]:
    for claim in claims:
        for one in claim.standing:
            yield one.observation.label
            yield from (item.label for item in one.items)


def _part(section: Section, *, claims: Sequence[Claim], listed: Sequence[Footnote]) -> Part:
    told = [claim for claim in claims if claim.section == section.id]
    return Part(
        id=section.id,
        title=HEADINGS[section.id],
        sentences=tuple(_line(claim, place=place, listed=listed) for place, claim in enumerate(told, start=1)),
        words=sum(words_in(claim.text) for claim in told),
        limit=section.words,
        evidence=section.evidence,
        optional=section.optional,
    )


def _line(claim: Claim, *, place: int, listed: Sequence[Footnote]) -> SentenceLine:
    number = number_of(claim, among=listed)
    return SentenceLine(place, claim.text, claim.cited, number, claim.unsupported, f"{claim.section}.{place}")


def _sources(claims: Sequence[Claim], *, listed: Sequence[Footnote]) -> tuple[SourceLine, ...]:
    hashes = _hashes(listed)
    return tuple(
        SourceLine(
            number=footnote.number,
            sentences=tuple(claim.text for claim in claims if number_of(claim, among=listed) == footnote.number),
            observations=tuple(_observation(one, hashes=hashes) for one in footnote.standing),
        )
        for footnote in listed
    )


def _hashes(listed: Sequence[Footnote]) -> dict[UUID, str]:
    kept = monitoring.evidence(item.evidence_id for footnote in listed for item in footnote.items)
    return {one.id: one.sha256 for one in kept.values()}


def _observation(standing: Standing, *, hashes: dict[UUID, str]) -> ObservationLine:
    seen = standing.observation
    return ObservationLine(
        summary=seen.summary,
        on=seen.on,
        precision=seen.on_precision if seen.on_precision in ("day", "month", "year") else "day",
        circa=seen.on_precision == "circa",
        state=OBSERVATION.words[seen.state],
        withdrawn=not standing.supported,
        origins=len(standing.origins),
        total=len(standing.items),
        items=tuple(_items(standing, hashes=hashes)),
    )


def _items(standing: Standing, *, hashes: dict[UUID, str]) -> Iterable[ItemLine]:
    for item in {one.id: one for one in standing.items}.values():
        source = standing.sources.get(str(item.id))
        yield ItemLine(
            title=item.title,
            url=address("item", item.id),
            grade=standing.grades.get(str(item.id), ""),
            nature=SOURCE_NATURES[source.nature if source else "other"],
            received=item.received_at.date(),
            quotes=tuple(one.quote for one in standing.passages if one.item_id == item.id and one.quote),
            sha256=hashes.get(item.evidence_id, ""),
        )


def checks(remarks: Iterable[Remark]) -> list[Check]:
    """What the checks say, what stands in the way first."""
    found = [
        Check(one.refuses, HEADINGS.get(one.section, _OTHERS.get(one.section, "")), one.words, one.excerpt, one.suggestion)
        for one in remarks
    ]
    return sorted(found, key=lambda one: not one.refuses)


_OTHERS: dict[str, Words] = {"ask": say("What is asked")}


def room(words: int) -> Words:
    """How much more fits, in words, to the nearest ten; a page is not filled to the last."""
    if words < 0:
        return say("too long by about %(words)s words", words=-words)
    if words < 10:
        return say("full")
    return say("room for about %(words)s more", words=words // 10 * 10)
