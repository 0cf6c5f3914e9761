"""The note as a sheet: gathered from what is recorded, rendered by the document catalogue, checked for its language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from forestall.access import queries as people
from forestall.assessment import queries as assessments
from forestall.assessment.states import (
    CONFIDENCE_WORDS,
    PRESENCE_ORDER,
    PRESENCE_WORDS,
    TREND_WORDS,
    Presence,
)
from forestall.base.clock import today
from forestall.base.words import Words, say
from forestall.documents import Remark, preview, word
from forestall.documents.advisory_note import content as parts
from forestall.documents.advisory_note import note as layout
from forestall.documents.sheet import Mark, Sentence, SignOff, Source
from forestall.frameworks.framework import Framework, in_language
from forestall.institutions.queries import office_holders
from forestall.institutions.states import CHANNELS
from forestall.monitoring.queries import Standing
from forestall.monitoring.states import SOURCE_NATURES

from . import queries
from .models import AdvisoryNote
from .states import STEP_WORDS, STEPS

Translate = Callable[[str], str]
FACTORS_SHOWN = 6
"""Factors on the sheet: those judged present in any degree, the gravest first. The assessment holds all of them."""


@dataclass(frozen=True)
class Rendered:
    """The sheets of a note as they print, the number of pages, and what stands in the way of clearance."""

    name: str
    pdf: bytes
    docx: bytes
    pages: int
    findings: tuple[Remark, ...]


def render(note: AdvisoryNote, *, framework: Framework, scale: parts.LikelihoodScale, translate: Translate) -> Rendered:
    """The very sheets that would leave. Raises `Refused` when the note is longer than its two pages."""
    content = gather(note, framework=framework, scale=scale, href=None)
    return Rendered(
        name=f"{'EXERCISE-' if settings.HOME.is_exercise else ''}{note.reference}",
        pdf=layout.pdf(content, translate=translate),
        docx=word.word(layout.sheet(content), translate=translate),
        pages=layout.fits(content, translate=translate).pages,
        findings=tuple(remark for remark in remarks(content) if remark.refuses),
    )


def shown(
    note: AdvisoryNote,
    *,
    framework: Framework,
    scale: parts.LikelihoodScale,
    translate: Translate,
    href: Callable[[Standing], str],
) -> str:
    """The sheet for the screen: each sentence opens its evidence."""
    content = gather(note, framework=framework, scale=scale, href=href)
    return preview.preview(layout.sheet(content), translate=translate)


def remarks(content: parts.AdvisoryNoteContent) -> tuple[Remark, ...]:
    """What the checks say of a note: what cannot be cleared so, and what to look at."""
    holders = [holder.name for holder in office_holders()]
    return layout.remarks(content, office_holders=holders)


def gather(
    note: AdvisoryNote,
    *,
    framework: Framework,
    scale: parts.LikelihoodScale,
    href: Callable[[Standing], str] | None,
) -> parts.AdvisoryNoteContent:
    """The note's content as plain values, from what the bound session may see."""
    claims = queries.claims(note)
    numbers = _numbered(claims)
    told: dict[str, tuple[Sentence, ...]] = {}
    for claim in claims:
        cited = tuple(sorted({numbers[str(item.id)] for one in claim.standing for item in one.items}))
        opened = href(claim.standing[0]) if href and claim.standing else ""
        sentence = Sentence(claim.text, citations=cited, stale=claim.unsupported, href=opened)
        told[claim.section] = (*told.get(claim.section, ()), sentence)
    return parts.AdvisoryNoteContent(
        number=note.reference,
        day=_day(note),
        language=note.language,
        level=note.level,
        exercise=settings.HOME.is_exercise,
        from_=_office_title("special_adviser"),
        through=_through(note),
        subject=note.subject,
        ask=parts.Ask(
            addressee=str(note.addressee or ""),
            action=note.ask,
            decision_by=note.decision_by or today(),
            why=note.decision_why,
        ),
        likelihood=_likelihood(note, scale=scale),
        confidence=parts.Confidence(word=CONFIDENCE_WORDS[note.warning.confidence], why=note.confidence_why),
        situation=told.get("situation", ()),
        changed=told.get("changed", ()),
        populations=told.get("populations", ()),
        factors=_factors(note, framework=framework),
        unknown=told.get("unknown", ()),
        mitigating=told.get("mitigating", ()),
        dissent=told.get("dissent", ()),
        recommendations=tuple(
            parts.Recommendation(action=one.text, lead=one.lead, by=one.due or today())
            for one in queries.recommendations(note)
        ),
        scale=scale,
        sources=_sources(claims, numbers, href=href),
        sign_offs=_sign_offs(note),
    )


def _numbered(claims: list[queries.Claim]) -> Mapping[str, int]:
    """Item ids to the number under which the sheet lists them, in order of first mention."""
    items = dict.fromkeys(str(item.id) for claim in claims for one in claim.standing for item in one.items)
    return {item: place for place, item in enumerate(items, start=1)}


def _sources(
    claims: list[queries.Claim], numbers: Mapping[str, int], *, href: Callable[[Standing], str] | None
) -> tuple[Source, ...]:
    listed: dict[str, Source] = {}
    for claim in claims:
        for one in claim.standing:
            for item in one.items:
                key = str(item.id)
                source = one.sources.get(key)
                listed[key] = Source(
                    number=numbers[key],
                    description=item.title,
                    grade=one.grades.get(key, ""),
                    origin=_origin(source.nature if source else "other"),
                    day=(item.published_at or item.received_at).date().isoformat(),
                    href=href(one) if href else "",
                )
    return tuple(sorted(listed.values(), key=lambda source: source.number))


def _origin(nature: str) -> Words:
    """What kind of source it is; who it is stays with the desk."""
    return SOURCE_NATURES[nature]


def _likelihood(note: AdvisoryNote, *, scale: parts.LikelihoodScale) -> parts.Likelihood:
    term = next((one for one in scale.terms if _key(one) == note.warning.likelihood), scale.terms[0])
    return parts.Likelihood(event=note.event, start=_day(note), end=note.warning.until, term=term)


def _key(term: parts.LikelihoodTerm) -> str:
    return str(getattr(term, "id", "")) or str(term.word)


def _factors(note: AdvisoryNote, *, framework: Framework) -> tuple[parts.Factor, ...]:
    judged = assessments.judgements(note.warning.assessment)
    present = [
        (factor, judged[factor.number])
        for factor in framework.factors
        if factor.number in judged and judged[factor.number].presence in (Presence.EMERGING, Presence.PRESENT, Presence.SEVERE)
    ]
    gravest = sorted(present, key=lambda pair: -PRESENCE_ORDER.index(Presence(pair[1].presence)))[:FACTORS_SHOWN]
    shown = sorted(gravest, key=lambda pair: int(pair[0].number))
    return tuple(
        parts.Factor(
            number=factor.number,
            name=in_language(factor.title, language=note.language),
            presence=PRESENCE_WORDS[judgement.presence],
            presence_mark=Mark(judgement.presence),
            trend=TREND_WORDS[judgement.trend],
            trend_mark=Mark(judgement.trend),
            confidence=CONFIDENCE_WORDS[judgement.confidence],
            confidence_mark={"low": Mark.CONFIDENCE_LOW, "moderate": Mark.CONFIDENCE_MODERATE, "high": Mark.CONFIDENCE_HIGH}[
                judgement.confidence
            ],
        )
        for factor, judgement in shown
    )


def _sign_offs(note: AdvisoryNote) -> tuple[SignOff, ...]:
    taken = {clearance.step: clearance for clearance in queries.clearances(note)}
    named = people.names(
        [note.author, *(one.by for one in taken.values()), *(one.on_behalf_of for one in taken.values())]
    )
    drafted = SignOff(step=say("Drafted"), name=named.get(note.author, ""), day=_day(note))
    return (
        drafted,
        *(
            SignOff(
                step=STEP_WORDS[step],
                name=named.get(taken[step].by, "") if step in taken else "",
                acting_for=named.get(taken[step].on_behalf_of, "") if step in taken else "",
                day=taken[step].at.date() if step in taken else None,
            )
            for step in STEPS
        ),
    )


def _day(note: AdvisoryNote) -> date:
    """The day the sheet bears: when it left, else today."""
    left = queries.transmittals(note)
    return left[0].at.date() if left else today()


def _through(note: AdvisoryNote) -> str:
    return str(CHANNELS[note.channel]) if note.channel else ""


def _office_title(key: str) -> str:
    return next((office.title for office in people.offices() if office.key == key), "")
