"""What a note's sheet says, gathered from what is recorded, as the plain values that the document catalogue lays out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.conf import settings

from forestall.access import queries as people
from forestall.access.session import current
from forestall.assessment import queries as assessments
from forestall.assessment.states import (
    CONFIDENCE_WORDS,
    PRESENCE_ORDER,
    PRESENCE_WORDS,
    TREND_WORDS,
    Presence,
    Trend,
)
from forestall.base.clock import today
from forestall.base.words import Words, say, series
from forestall.documents.advisory_note import content as parts
from forestall.documents.days import in_full
from forestall.documents.sheet import Mark, Sentence, SignOff, Source, Translate
from forestall.frameworks.framework import Framework, in_language
from forestall.labels.label import join
from forestall.monitoring.states import SOURCE_NATURES
from forestall.record import queries as record

from . import queries
from .footnote import Footnote, footnotes, number_of
from .models import AdvisoryNote
from .queries import Claim
from .scale import likelihood_scale, likelihood_term
from .states import SECTIONS, SIGN_OFF_WORDS, STEPS

Href = Callable[[int], str]
"""From a number of the source list to the address where its evidence stands."""

FACTORS_SHOWN = 5
"""Factors on the sheet: those present in any degree, the gravest and then those that worsen; the assessment has all."""

RESTS_ON = ("situation", "changed")
"""The sections whose sources stand behind the judgement itself."""

THROUGH: dict[str, Words] = {
    "eosg": say("Executive Office of the Secretary-General"),
    "note_verbale": say("Permanent mission"),
}
"""Channels that hand a note on, as the sheet names them. By the others it goes straight to its addressee."""

_PRESENT = (Presence.EMERGING, Presence.PRESENT, Presence.SEVERE)
_CONFIDENCE_MARKS = {
    "low": Mark.CONFIDENCE_LOW,
    "moderate": Mark.CONFIDENCE_MODERATE,
    "high": Mark.CONFIDENCE_HIGH,
}


def gather(
    note: AdvisoryNote, *, framework: Framework, translate: Translate, href: Href | None = None
) -> parts.AdvisoryNoteContent:
    """The note's content as plain values, from what the bound session may see; `translate` to the note's language."""
    claims = queries.claims(note)
    listed = footnotes(claims)
    told = {name: _told(claims, section=name, listed=listed, href=href) for name in SECTIONS}
    return parts.AdvisoryNoteContent(
        number=note.reference,
        day=_day(note),
        language=note.language,
        level=note.level,
        exercise=settings.HOME.is_exercise,
        from_=_office_title("special_adviser"),
        through=_through(note, translate=translate),
        subject=note.subject,
        ask=_ask(note, translate=translate),
        likelihood=_likelihood(note, claims=claims, listed=listed, href=href),
        confidence=parts.Confidence(word=CONFIDENCE_WORDS[note.warning.confidence], why=note.confidence_why),
        factors=_factors(note, framework=framework),
        recommendations=_recommendations(note),
        scale=likelihood_scale(),
        sources=tuple(_source(one, language=note.language, href=href) for one in listed),
        sign_offs=_sign_offs(note),
        situation=told["situation"],
        changed=told["changed"],
        populations=told["populations"],
        unknown=told["unknown"],
        mitigating=told["mitigating"],
        dissent=told["dissent"],
    )


def _told(
    claims: Sequence[Claim], *, section: str, listed: Sequence[Footnote], href: Href | None
) -> tuple[Sentence, ...]:
    return tuple(_sentence(claim, listed=listed, href=href) for claim in claims if claim.section == section)


def _sentence(claim: Claim, *, listed: Sequence[Footnote], href: Href | None) -> Sentence:
    number = number_of(claim, among=listed)
    return Sentence(
        claim.text,
        citations=(number,) if number else (),
        stale=claim.unsupported,
        href=href(number) if href and number else "",
    )


def _ask(note: AdvisoryNote, *, translate: Translate) -> parts.Ask:
    return parts.Ask(
        addressee=addressed(note, translate=translate),
        action=note.ask,
        decision_by=note.decision_by or today(),
        why=note.decision_why,
    )


def addressed(note: AdvisoryNote, *, translate: Translate) -> str:
    """The addressee as the sheet names them: the office, with its body where the office does not say it."""
    holder = note.addressee
    if holder is None:
        return ""
    if holder.counterpart.kind_of_body == "secretary_general":
        return say("The Secretary-General").text(translate)
    return holder.title if holder.title == holder.counterpart.name else str(holder)


def _through(note: AdvisoryNote, *, translate: Translate) -> str:
    return THROUGH[note.channel].text(translate) if note.channel in THROUGH else ""


def _likelihood(
    note: AdvisoryNote, *, claims: Sequence[Claim], listed: Sequence[Footnote], href: Href | None
) -> parts.Likelihood:
    found = {number_of(claim, among=listed) for claim in claims if claim.section in RESTS_ON}
    cited = tuple(sorted(number for number in found if number))
    return parts.Likelihood(
        event=note.event,
        start=_day(note),
        end=note.warning.until,
        term=likelihood_term(note.warning.likelihood),
        citations=cited,
        href=href(cited[0]) if href and cited else "",
    )


def _factors(note: AdvisoryNote, *, framework: Framework) -> tuple[parts.Factor, ...]:
    judged = {
        number: one
        for number, one in assessments.judgements(note.warning.assessment).items()
        # A judgement that rests on stricter material would show through; and every reader gets the same sheet.
        if join([note.label, one.label]) == note.label
    }
    numbers = [one.number for one in framework.factors if one.number in judged]
    present = [number for number in numbers if judged[number].presence in _PRESENT]
    gravest = sorted(present, key=lambda number: _gravity(judged[number]))
    shown = sorted(gravest[:FACTORS_SHOWN], key=numbers.index)
    return tuple(
        _factor(
            judged[number],
            name=in_language(framework.factor(number).title, language=note.language),
        )
        for number in shown
    )


def _gravity(judgement: assessments.Judgement) -> tuple[int, bool]:
    return (-PRESENCE_ORDER.index(Presence(judgement.presence)), judgement.trend != Trend.DETERIORATING)


def _factor(judgement: assessments.Judgement, *, name: str) -> parts.Factor:
    return parts.Factor(
        number=judgement.number,
        name=name,
        presence=PRESENCE_WORDS[judgement.presence],
        presence_mark=Mark(judgement.presence),
        trend=TREND_WORDS[judgement.trend],
        trend_mark=Mark(judgement.trend),
        confidence=CONFIDENCE_WORDS[judgement.confidence],
        confidence_mark=_CONFIDENCE_MARKS[judgement.confidence],
    )


def _recommendations(note: AdvisoryNote) -> tuple[parts.Recommendation, ...]:
    return tuple(
        parts.Recommendation(action=one.text, lead=one.lead, by=one.due or note.warning.until)
        for one in queries.recommendations(note)
    )


def _source(footnote: Footnote, *, language: str, href: Href | None) -> Source:
    return Source(
        number=footnote.number,
        description=_described(footnote),
        grade=footnote.grade,
        origin=_origin(footnote),
        day=in_full(footnote.last, language=language) if footnote.last else "",
        href=href(footnote.number) if href else "",
    )


def _described(footnote: Footnote) -> Words:
    """What kinds of source speak; who they are stays with the desk."""
    return series([SOURCE_NATURES[nature] for nature in footnote.natures] or [SOURCE_NATURES["other"]])


def _origin(footnote: Footnote) -> Words:
    """How many of its items stand on their own; a party's own word is none."""
    items, origins = len(footnote.items), footnote.origins
    return say("%(origins)s independent of %(items)s", origins=origins, items=items)


def _sign_offs(note: AdvisoryNote) -> tuple[SignOff, ...]:
    taken = {one.step: one for one in queries.clearances(note)}
    named = people.names([note.author, *(who for one in taken.values() for who in (one.by, one.on_behalf_of))])
    drafted = SignOff(step=say("Drafted"), name=named.get(note.author, ""), day=_drafted_on(note))
    return (
        drafted,
        *(
            SignOff(
                step=SIGN_OFF_WORDS[step],
                name=named.get(taken[step].by, ""),
                acting_for=named.get(taken[step].on_behalf_of, ""),
                day=taken[step].at.date(),
            )
            if step in taken
            else SignOff(step=SIGN_OFF_WORDS[step])
            for step in STEPS
        ),
    )


def _drafted_on(note: AdvisoryNote) -> date:
    """The UTC day on which the author last wrote the text."""
    written = [step.at.date() for step in record.history(note) if step.verb in ("note drafted", "note written")]
    return written[-1] if written else _day(note)


def _day(note: AdvisoryNote) -> date:
    """The day the sheet bears: when it left, else the day the reader stands on."""
    left = queries.transmittals(note)
    return left[0].at.date() if left else current().as_of or today()


def _office_title(key: str) -> str:
    return next((office.title for office in people.offices() if office.key == key), "")
