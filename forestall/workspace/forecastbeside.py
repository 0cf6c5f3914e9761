"""A forecast beside a judgement in words, never averaged; and what was asked of whom about a situation.

Plain values made from what the session may see. `labels` are those of everything told, for the band.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from forestall import places
from forestall.advising import queries as advising
from forestall.advising.states import NOTE, OUTCOMES
from forestall.assessment.queries import Situation
from forestall.base.words import Words, say
from forestall.forecasting import queries as forecasting
from forestall.institutions import queries as institutions
from forestall.labels.label import Label

from .charts import Interval, interval_ranking
from .placenames import country_name
from .situationbrief import Voice
from .templatetags.parts import Ask
from .wayfinding import address

if TYPE_CHECKING:
    from forestall.advising.models import AdvisoryNote, Response, Transmittal

INVENTED = say("There is no forecast: this country is invented, and enters no figure about real States.")
NOT_COVERED = say("No run of a risk model that you may see gives a chance for it.")


@dataclass(frozen=True)
class Beside:
    """What a risk model says of one country: the chance with its 90 % interval, or why there is none."""

    name: str
    why_none: Words | None = None
    chance: float = 0.0
    low: float = 0.0
    high: float = 0.0
    outcome: str = ""
    origin: int = 0
    target: int = 0
    riskmodel: str = ""
    url: str = ""
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Written:
    """A note about a situation: what it asks, how far it has come, and the ask as a box once it has left."""

    subject: str
    state: Words
    url: str
    ask: Ask | None
    labels: tuple[Label, ...]


def forecasts(situation: Situation) -> list[Beside]:
    """The newest forecast for each country of a situation; none for an invented one, and why."""
    return [_beside(code) for code in situation.places]


def _beside(code: str) -> Beside:
    name = country_name(code)
    if places.user_assigned(code):
        return Beside(name, why_none=INVENTED)
    run = forecasting.latest()
    found = forecasting.forecast(run, iso3=code) if run else None
    if run is None or found is None:
        return Beside(name, why_none=NOT_COVERED)
    return Beside(
        name=name,
        chance=found.probability,
        low=found.low,
        high=found.high,
        outcome=run.outcome,
        origin=run.origin,
        target=run.target,
        riskmodel=run.riskmodel,
        url=address("forecast", code),
        labels=(run.label, found.label),
    )


def ranking(beside: Iterable[Beside], *, voices: Iterable[Voice]) -> SafeString | None:
    """The chances and the likelihood words on one axis, each said apart; None when no model gives a chance."""
    models = [Interval(one.name, one.low, one.high, one.chance, url=one.url) for one in beside if not one.why_none]
    if not models:
        return None
    judged = [
        Interval(
            gettext("Analysts"), one.likelihood.low, one.likelihood.high, kind="analysts", words=one.likelihood.word
        )
        for one in voices
        if one.likelihood
    ]
    return interval_ranking([*models, *judged], title=gettext("A forecast and a judgement, side by side"))


def notes_about(situation: Situation) -> list[Written]:
    """The notes about a situation that may be seen, newest warning first, each with what came back."""
    holders = {one.id: one.title for one in institutions.office_holders()}
    told = []
    for note, warning in advising.notes_on([situation]):
        left = advising.transmittals(note)
        answers = advising.responses(note)
        labels = (note.label, warning.label, *(one.label for one in (*left, *answers)))
        ask = _ask(note, left=left, answers=answers, holders=holders) if left else None
        told.append(Written(note.subject, NOTE.words[note.state], address("note", note.id), ask, labels))
    return told


def _ask(
    note: AdvisoryNote,
    *,
    left: Sequence[Transmittal],
    answers: Sequence[Response],
    holders: dict[UUID, str],
) -> Ask:
    last = answers[-1] if answers else None
    silent = last is not None and last.outcome == "silence"
    words = OUTCOMES[last.outcome] if last and not silent else ""
    return Ask(
        what=note.ask or note.subject,
        addressee=(holders.get(note.addressee_id) if note.addressee_id else "") or left[0].to,
        url=address("note", note.id),
        sent=left[0].at.date(),
        due=note.decision_by,
        answer=say("%(outcome)s: %(text)s", outcome=words, text=last.text) if last and words and last.text else words,
        answered=last.on if last else None,
        silent=silent,
    )
