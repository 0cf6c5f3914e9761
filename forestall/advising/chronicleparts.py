"""The lines of a chronicle, part by part. Called while the session stands at its second day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from forestall.assessment import queries as assessment
from forestall.base.clock import end_of
from forestall.base.words import Words, say
from forestall.documents.chronicle import Line
from forestall.monitoring import packages as requested
from forestall.monitoring import queries as monitoring
from forestall.monitoring.models import Gap, Grading, Item, Observation
from forestall.monitoring.states import OBSERVATION
from forestall.record import queries as record

from . import queries
from .models import AdvisoryNote, Recommendation, Response, Transmittal
from .scale import likelihood_term
from .states import OUTCOMES, RECOMMENDATION, RESPONSE_CHANNELS

if TYPE_CHECKING:
    from .chronicle import Gathered

CONFIDENCE = {
    "low": say("low", context="confidence"),
    "moderate": say("moderate", context="confidence"),
    "high": say("high", context="confidence"),
}


def _span(seen: Gathered) -> tuple[datetime, datetime]:
    return datetime.combine(seen.since, time(), tzinfo=UTC), end_of(seen.until)


def items(seen: Gathered) -> Iterator[Line]:
    """Items received between the days, with the grade that counted on the second, and since when."""
    arrived = [one for one in monitoring.arrived(*_span(seen)) if _about(one, seen)]
    sources = monitoring.sources(one.source_id for one in arrived)
    graded: dict[UUID, list[Grading]] = defaultdict(list)
    for grading in Grading.objects.filter(item_id__in=[one.id for one in arrived]).order_by("number"):
        graded[grading.item_id].append(grading)
    for one in arrived:
        source, last = sources.get(one.source_id), graded[one.id][-1:]
        text = say(
            "Item received: %(title)s. %(source)s %(graded)s", title=one.title, graded=_graded(last[0] if last else None),
            source=say("From %(name)s.", name=source.name) if source else "",
        )  # fmt: skip
        yield seen.line(one, text, day=one.received_at.date(), also=[*([source] if source else []), *last])


def _about(one: Item, seen: Gathered) -> bool:
    return seen.touches(one.countries) or any(str(each) in one.situations for each in seen.situations)


def _graded(grading: Grading | None) -> Words:
    if grading is None:
        return say("Not graded by then.")
    return say("Graded %(grade)s on %(day)s.", grade=grading.grade, day=grading.at.date().isoformat())


def observations(seen: Gathered) -> Iterator[Line]:
    """Observations first recorded between the days, as they stood on the second."""
    since, until = _span(seen)
    first = record.first_recorded(Observation.kind(), since=since, until=until)
    found = [one for one in monitoring.observations(ids=list(first)) if seen.touches([one.iso3])]
    standing = monitoring.standing(found)
    for one in found:
        stands = standing[str(one.id)]
        text = say(
            "Observation of %(on)s: %(summary)s. It was %(state)s; independent origins: %(origins)s.",
            on=one.on.isoformat(), summary=one.summary.rstrip("."), state=OBSERVATION.words[one.state], origins=len(stands.origins),
        )  # fmt: skip
        yield seen.line(one, text, day=first[one.id].date(), also=[*stands.passages, *stands.items])


def readings(seen: Gathered) -> Iterator[Line]:
    """Readings issued whose day lies between the days."""
    for situation in seen.situations.values():
        for one in assessment.assessments(situation):
            if one.state in ("issued", "superseded") and seen.on(one.on):
                text = say("Reading of %(title)s issued.", title=situation.title)
                yield seen.line(one, text, day=one.on, also=[situation])


def warnings(seen: Gathered) -> Iterator[Line]:
    """Warnings raised between the days."""
    for one in queries.warnings():
        if one.situation_id in seen.situations and seen.within(one.raised_at):
            text = say(
                "Warning raised: %(title)s; %(likelihood)s, confidence %(confidence)s, until %(until)s.", title=one.title.rstrip("."),
                likelihood=likelihood_term(one.likelihood).word, confidence=CONFIDENCE.get(one.confidence, one.confidence),
                until=one.until.isoformat(),
            )  # fmt: skip
            yield seen.line(one, text, day=one.raised_at.date())


def _notes(seen: Gathered) -> list[AdvisoryNote]:
    known = {one.id: one for one in queries.warnings() if one.situation_id in seen.situations}
    return [one for one in queries.notes() if one.warning_id in known]


def _sent(seen: Gathered) -> list[tuple[AdvisoryNote, Transmittal]]:
    return [(note, sent) for note in _notes(seen) for sent in queries.transmittals(note)]


def transmittals(seen: Gathered) -> Iterator[Line]:
    """Notes that left between the days: to whom, how, what they ask and by when."""
    for note, sent in _sent(seen):
        if seen.within(sent.at):
            text = say(
                "Note %(reference)s sent to %(to)s, %(channel)s: %(subject)s. It asks: %(ask)s", reference=note.reference, to=sent.to,
                channel=sent.channel, subject=note.subject.rstrip("."), ask=note.ask or "–",
            )  # fmt: skip
            yield seen.line(sent, text, day=sent.at.date(), also=[note])


def packages(seen: Gathered) -> Iterator[Line]:
    """Evidence packages handed over between the days."""
    for one in requested.requests():
        if one.handed_on is None or not seen.on(one.handed_on):
            continue
        if seen.whole or any(piece.item and _about(piece.item, seen) for piece in requested.pieces(one)):
            text = say("Evidence package %(reference)s handed over to %(to)s.", reference=one.reference, to=one.handed_to)
            yield seen.line(one, text, day=one.handed_on)


def responses(seen: Gathered) -> Iterator[Line]:
    """Receipts, answers and recorded silence whose day lies between the days."""
    for note in _notes(seen):
        for one in queries.responses(note):
            if seen.on(one.on):
                yield seen.line(one, _response(note, one), day=one.on, also=[note])


def _response(note: AdvisoryNote, one: Response) -> Words:
    return say(
        "On note %(reference)s: %(outcome)s (%(channel)s). %(text)s", reference=note.reference, text=one.text,
        outcome=OUTCOMES.get(one.outcome, one.outcome), channel=RESPONSE_CHANNELS.get(one.channel, one.channel),
    )  # fmt: skip


def silences(seen: Gathered) -> Iterator[Line]:
    """Notes that left by the second day with no answer by then that the reader may see: how many days they waited."""
    for note, sent in _sent(seen):
        answers = [one for one in queries.responses(note) if one.outcome != "received"]
        if not answers and sent.at.date() <= seen.until:
            text = say(
                "On note %(reference)s, sent %(sent)s: no answer that the reader may see. Days waited: %(days)s.",
                reference=note.reference, sent=sent.at.date().isoformat(), days=(seen.until - sent.at.date()).days,
            )  # fmt: skip
            yield seen.line(sent, text, day=seen.until, also=[note])


def recommendations(seen: Gathered) -> Iterator[Line]:
    """What notes sent by the second day recommend, and what had become of it: sent or due between the days."""
    for note, sent in _sent(seen):
        for one in queries.recommendations(note):
            if seen.within(sent.at) or (one.due is not None and seen.on(one.due)):
                yield seen.line(one, _recommendation(note, one), day=sent.at.date(), also=[note, sent])


def _recommendation(note: AdvisoryNote, one: Recommendation) -> Words:
    return say(
        "Note %(reference)s asks: %(text)s Lead: %(lead)s; by %(due)s; it was %(state)s.", reference=note.reference, text=one.text,
        lead=one.lead, due=_day(one.due), state=RECOMMENDATION.words[one.state],
    )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


def gaps(seen: Gathered) -> Iterator[Line]:
    """Questions asked between the days, of whom, and what had come by the second."""
    since, until = _span(seen)
    first = record.first_recorded(Gap.kind(), since=since, until=until)
    for one in Gap.objects.filter(id__in=list(first)):
        if one.situation_id in seen.situations or (seen.touches([one.iso3]) if one.iso3 else seen.whole):
            text = say(
                "Question: %(question)s Asked of: %(whom)s. Answer: %(answer)s", question=one.question, whom=one.asked_of or "–",
                answer=one.answer or say("none by then"),
            )  # fmt: skip
            yield seen.line(one, text, day=first[one.id].date())
