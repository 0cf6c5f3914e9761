"""What may be asked of advising. Everything is read through the bound session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from forestall.assessment.models import Situation
from forestall.monitoring import queries as monitoring
from forestall.monitoring import thirdparty
from forestall.monitoring.queries import Standing

from .models import (
    AdvisoryNote as AdvisoryNote,  # faces type with what questions return, and import no models
)
from .models import NoteClearance as NoteClearance
from .models import Recommendation as Recommendation
from .models import Response as Response
from .models import Transmittal as Transmittal
from .models import Warning as Warning
from .states import SECTIONS, STEPS, NoteState, RecommendationState


@dataclass(frozen=True)
class Claim:
    """One sentence of a note, with the observations it cites and whether they still stand."""

    section: str
    text: str
    standing: tuple[Standing, ...]
    cited: int
    fact: bool = True

    @property
    def unsupported(self) -> bool:
        """Whether it cites something and part of that no longer stands."""
        standing = [one for one in self.standing if one.supported]
        return self.fact and self.cited > 0 and len(standing) < self.cited


def warnings(*, situation: Situation | None = None) -> list[Warning]:
    """Warnings, newest first."""
    found = Warning.objects.order_by("-raised_at")
    return list(found.filter(situation=situation) if situation else found)


def warning(warning_id: UUID | str) -> Warning | None:
    """One warning, if there is one to be seen."""
    return Warning.objects.filter(pk=warning_id).first()


def notes(*, warning: Warning | None = None) -> list[AdvisoryNote]:
    """Notes, by reference."""
    found = AdvisoryNote.objects.order_by("reference")
    return list(found.filter(warning=warning) if warning else found)


def note(note_id: UUID | str) -> AdvisoryNote | None:
    """One note, if there is one to be seen."""
    return AdvisoryNote.objects.filter(pk=note_id).first()


def recommendations(note: AdvisoryNote) -> list[Recommendation]:
    """A note's recommendations, soonest first, those without a day last; none that was left out."""
    found = Recommendation.objects.filter(note=note).exclude(state=RecommendationState.DROPPED)
    return sorted(found, key=lambda one: (one.due or date.max, one.text, str(one.id)))


def recommendation(recommendation_id: UUID | str) -> Recommendation | None:
    """One recommendation, if there is one to be seen."""
    return Recommendation.objects.filter(pk=recommendation_id).first()


def clearances(note: AdvisoryNote) -> list[NoteClearance]:
    """Steps of the present round: those after the last return."""
    steps = clearance_history(note)
    returned = [place for place, step in enumerate(steps) if step.decision == "returned"]
    return steps[returned[-1] + 1 :] if returned else steps


def clearance_history(note: AdvisoryNote) -> list[NoteClearance]:
    """Every step ever taken with a note, returns too, oldest first."""
    return list(NoteClearance.objects.filter(note=note).order_by("at"))


def transmittals(note: AdvisoryNote) -> list[Transmittal]:
    """When the note left, oldest first."""
    return list(Transmittal.objects.filter(note=note).order_by("at"))


def transmittal(transmittal_id: UUID | str) -> Transmittal | None:
    """One transmittal, if there is one to be seen."""
    return Transmittal.objects.filter(pk=transmittal_id).first()


def responses(note: AdvisoryNote) -> list[Response]:
    """What came back that the reader may see, oldest first."""
    return list(Response.objects.filter(note=note).order_by("at"))


def claims(note: AdvisoryNote) -> list[Claim]:
    """The note's sentences in the order of the sheet, with their evidence as it stands now."""
    standing = monitoring.standing(monitoring.observations(ids=note.cited()))
    return [
        Claim(
            section=section,
            text=sentence["text"],
            standing=tuple(standing[one] for one in sentence.get("observations", ()) if one in standing),
            cited=len(sentence.get("observations", ())),
            fact=sentence.get("fact", True),
        )
        for section in SECTIONS
        for sentence in note.sections.get(section, ())
    ]


def unsupported(note: AdvisoryNote) -> list[Claim]:
    """Sentences that rest on something withdrawn, retracted or gone."""
    return [claim for claim in claims(note) if claim.unsupported]


def without_leave(note: AdvisoryNote) -> list[str]:
    """Originators of what a note cites who gave it in confidence and have not agreed to be quoted; by name."""
    return thirdparty.without_leave(monitoring.observations(ids=note.cited()))


def waiting_for(person_id: str, *, offices: Sequence[str]) -> list[AdvisoryNote]:
    """Notes that wait for somebody in these clearing offices: never one's own, never one already cleared by them."""
    wanted = [here for here, _, office, _ in STEPS.values() if office in offices]
    found = AdvisoryNote.objects.filter(state__in=wanted).exclude(author=person_id).order_by("decision_by")
    return [note for note in found if person_id not in {step.by for step in clearances(note)}]


def to_transmit() -> list[AdvisoryNote]:
    """Signed notes that have not left."""
    return list(AdvisoryNote.objects.filter(state=NoteState.SIGNED).order_by("decision_by"))


def unanswered() -> list[AdvisoryNote]:
    """Notes that left and whose answer has not come, soonest day first."""
    states = (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED)
    return list(AdvisoryNote.objects.filter(state__in=states).order_by("decision_by"))


def notes_on(situations: Sequence[Situation]) -> list[tuple[AdvisoryNote, Warning]]:
    """The notes written on these situations, newest warning first, each with its warning."""
    raised = {one.id: one for one in Warning.objects.filter(situation_id__in=[each.id for each in situations])}
    found = AdvisoryNote.objects.filter(warning_id__in=list(raised)).order_by("reference")
    told = [(note, raised[note.warning_id]) for note in found]
    return sorted(told, key=lambda pair: pair[1].raised_at, reverse=True)


def drafts_of(person_id: str) -> list[AdvisoryNote]:
    """Notes that somebody drafts, those with the soonest day first."""
    return list(AdvisoryNote.objects.filter(author=person_id, state=NoteState.DRAFT).order_by("decision_by"))
