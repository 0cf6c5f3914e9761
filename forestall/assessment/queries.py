"""What may be asked of assessment. Everything is read through the bound session."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from forestall.base.clock import today
from forestall.frameworks import require_same, versions
from forestall.frameworks.framework import Framework, RiskFactor
from forestall.monitoring import queries as monitoring
from forestall.monitoring import silences as monitoring_silences
from forestall.monitoring.queries import Standing
from forestall.monitoring.silences import Silence

from .models import Assessment as Assessment  # faces type with what questions return, and import no models
from .models import Clearance, Dissent, Scenario
from .models import Judgement as Judgement
from .models import Review as Review
from .models import Situation as Situation
from .proposals import JudgedIndicator, Proposal, Support, propose_factor, propose_indicator
from .states import AssessmentState, Confidence, Presence, Trend
from .wording import framework_here


@dataclass(frozen=True)
class IndicatorReading:
    """One indicator as judged (or not), what stands under it, and what the tool would propose."""

    number: str
    judgement: Judgement | None
    standing: tuple[Standing, ...]
    proposal: Proposal

    @property
    def presence(self) -> str:
        return self.judgement.presence if self.judgement else Presence.NOT_ASSESSED

    @property
    def unsupported(self) -> bool:
        """Whether the judgement cites observations of which none stands any more."""
        if self.judgement is None or not self.judgement.observations:
            return False
        cited = set(self.judgement.observations)
        return not any(str(one.observation.id) in cited and one.supported for one in self.standing)


@dataclass(frozen=True)
class FactorReading:
    """One factor as judged, the indicators under it, the tool's proposal and what it lists beneath."""

    number: str
    judgement: Judgement | None
    indicators: tuple[IndicatorReading, ...]
    proposal: Proposal
    beneath: tuple[JudgedIndicator, ...]

    @property
    def presence(self) -> str:
        return self.judgement.presence if self.judgement else Presence.NOT_ASSESSED


CLOSENESS = {
    "alert": 0, "ongoing_crimes": 0, "of_concern": 1, "watch": 2, "standby": 3, "post_crisis": 4, "screened": 5, "closed": 6,
}  # fmt: skip
"""States of a situation to how closely it is watched; 0 is the closest."""


def situations(*, closed: bool = False) -> list[Situation]:
    """Situations that are watched, most closely watched first; with `closed`, those no longer watched as well."""
    found = Situation.objects.order_by("title")
    return sorted(
        found if closed else found.exclude(state="closed"),
        key=lambda situation: CLOSENESS.get(situation.state, 9),
    )


def situation(situation_id: UUID | str) -> Situation | None:
    """One situation, if there is one to be seen."""
    return Situation.objects.filter(pk=situation_id).first()


def assessments(situation: Situation) -> list[Assessment]:
    """Readings of a situation, newest first."""
    return list(Assessment.objects.filter(situation=situation).exclude(state="withdrawn").order_by("-on"))


def assessment(assessment_id: UUID | str) -> Assessment | None:
    """One assessment, if there is one to be seen."""
    return Assessment.objects.filter(pk=assessment_id).first()


def latest(situation: Situation, *, framework: str, issued: bool = True) -> Assessment | None:
    """The newest reading under a framework: issued, or any that stands."""
    found = Assessment.objects.filter(situation=situation, framework=framework).exclude(state="withdrawn")
    if issued:
        found = found.filter(state__in=(AssessmentState.ISSUED, AssessmentState.SUPERSEDED))
    return found.order_by("-on").first()


def judgements(assessment: Assessment) -> dict[str, Judgement]:
    """Numbers to the judgement that counts."""
    return {one.number: one for one in Judgement.objects.filter(assessment=assessment).order_by("at")}


def scenarios(assessment: Assessment) -> list[Scenario]:
    """Scenarios, by title."""
    return list(Scenario.objects.filter(assessment=assessment).order_by("title"))


def dissents(assessment: Assessment) -> list[Dissent]:
    """Dissents, oldest first."""
    return list(Dissent.objects.filter(assessment=assessment).order_by("at"))


def reviews(assessment: Assessment) -> list[Review]:
    """Remarks, oldest first."""
    return list(Review.objects.filter(assessment=assessment).order_by("at"))


def clearances(assessment: Assessment) -> list[Clearance]:
    """Steps of the present round of clearance: those after the last return."""
    steps = list(Clearance.objects.filter(assessment=assessment).order_by("at"))
    returned = [place for place, step in enumerate(steps) if step.decision == "returned"]
    return steps[returned[-1] + 1 :] if returned else steps


def waiting_for(person_id: str, *, offices: Sequence[str]) -> list[Assessment]:
    """Drafts that wait for somebody in these clearing offices: never one's own."""
    states = {"second_reader": AssessmentState.PEER_REVIEW, "director": AssessmentState.PROTECTION_CHECK}
    wanted = [states[office] for office in offices if office in states]
    return list(Assessment.objects.filter(state__in=wanted).exclude(author=person_id).order_by("on"))


def overdue() -> list[Situation]:
    """Situations whose review is past its day."""
    return list(
        Situation.objects.filter(review_due__lt=today()).exclude(state="closed").order_by("review_due")
    )


def support(situation: Situation, *, framework: str) -> dict[str, list[Standing]]:
    """Indicator numbers to the observations under them that stand, in the situation's countries."""
    found = monitoring.observations(iso3=situation.places)
    under: dict[str, list[Standing]] = defaultdict(list)
    for one in monitoring.standing(found).values():
        for link in one.links:
            if link.framework == framework and one.supported:
                under[link.number].append(one)
    return under


def profile(assessment: Assessment, *, framework: Framework) -> list[FactorReading]:
    """Every factor in the framework's own order, with its indicators. No total, no other order."""
    under = support(assessment.situation, framework=framework.id)
    judged, silent = judgements(assessment), silences(assessment)
    return [_factor(factor, under, judged, assessment, silent) for factor in framework.factors]


def silences(assessment: Assessment) -> list[Silence]:
    """Who was silent on the situation's countries on the day of an assessment, the longest silence first."""
    return monitoring_silences.stood_on(assessment.on, iso3=assessment.situation.places)


def _factor(
    factor: RiskFactor,
    under: dict[str, list[Standing]],
    judged: dict[str, Judgement],
    assessment: Assessment,
    silent: Sequence[Silence],
) -> FactorReading:
    indicators = tuple(
        _indicator(indicator.number, under.get(indicator.number, []), judged, assessment, silent)
        for indicator in factor.indicators
    )
    carried = [
        JudgedIndicator(
            number=one.number,
            presence=Presence(one.presence),
            trend=Trend(one.judgement.trend),
            confidence=Confidence(one.judgement.confidence),
            origins=one.proposal.origins,
            silent=one.proposal.lowered is not None,
        )
        for one in indicators
        if one.judgement is not None
    ]
    proposal, beneath = propose_factor(carried)
    return FactorReading(factor.number, judged.get(factor.number), indicators, proposal, beneath)


def _indicator(
    number: str,
    standing: Sequence[Standing],
    judged: dict[str, Judgement],
    assessment: Assessment,
    silent: Sequence[Silence],
) -> IndicatorReading:
    offered = [
        one
        for each in standing
        for one in supports(each, framework=assessment.framework, number=number, silent=silent)
    ]
    return IndicatorReading(
        number=number,
        judgement=judged.get(number),
        standing=tuple(sorted(standing, key=lambda one: one.observation.on, reverse=True)),
        proposal=propose_indicator(offered, on=assessment.on),
    )


def supports(
    standing: Standing, *, framework: str, number: str, silent: Sequence[Silence] = ()
) -> list[Support]:
    """What an observation offers an indicator: one support for each of its origins, and one without when it has none.

    `silent`: the silences on its country that are to be told of.
    """
    directions = {
        link.direction for link in standing.links if link.number == number and link.framework == framework
    }
    origins = standing.origins or ("",)
    mute = monitoring_silences.mute(standing, among=silent)
    return [
        Support(
            observation=str(standing.observation.id),
            origin=origin,
            grade=standing.best_grade,
            direction=direction,
            on=standing.observation.on,
            interested_party=standing.observation.interested_party or not standing.origins,
            silent=origin in mute,
        )
        for direction in sorted(directions)
        for origin in origins
    ]


def changes(newer: Assessment, older: Assessment | None) -> list[tuple[str, Judgement | None, Judgement]]:
    """Numbers whose judgement differs from the reading before: (number, before, now), factors first."""
    before = judgements(older) if older else {}
    moved = [
        (number, before.get(number), now)
        for number, now in judgements(newer).items()
        if _differs(before.get(number), now)
    ]
    return sorted(moved, key=lambda change: ("." in change[0], in_order(change[0])))


def in_order(number: str) -> list[int]:
    """What numbers of factors and indicators sort by, letters before them or not: 7.10 comes after 7.9, A10 after A9."""
    return [int(run) for run in re.findall(r"\d+", number)]


def _differs(before: Judgement | None, now: Judgement) -> bool:
    if before is None:
        return now.presence != Presence.NOT_ASSESSED
    return (before.presence, before.trend, before.confidence) != (now.presence, now.trend, now.confidence)


def situations_in(iso3: str) -> list[Situation]:
    """Situations in a country, closed ones too, by title."""
    return [one for one in Situation.objects.order_by("title") if iso3 in one.places]


def last_read() -> dict[str, Assessment]:
    """Countries to the newest reading issued of a situation there."""
    places = {one.id: one.places for one in Situation.objects.all()}
    issued = Assessment.objects.filter(state__in=(AssessmentState.ISSUED, AssessmentState.SUPERSEDED))
    return {iso3: one for one in issued.order_by("on") for iso3 in places.get(one.situation_id, ())}


_ISSUED = (AssessmentState.ISSUED, AssessmentState.SUPERSEDED)


def readings(situation: Situation, *, framework: str) -> list[Assessment]:
    """The readings of a situation issued under a framework, oldest first."""
    found = Assessment.objects.filter(situation=situation, framework=framework, state__in=_ISSUED)
    return list(found.order_by("on", "id"))


def last_readings() -> dict[UUID, tuple[Assessment, Assessment | None]]:
    """Situation ids to the newest reading issued and the one issued before it under the same framework, if any."""
    found: dict[UUID, list[Assessment]] = defaultdict(list)
    for one in Assessment.objects.filter(state__in=_ISSUED).order_by("on", "id"):
        found[one.situation_id].append(one)
    return {
        situation_id: (issued[-1], _before(issued[-1], issued[:-1])) for situation_id, issued in found.items()
    }


def _before(newest: Assessment, earlier: Sequence[Assessment]) -> Assessment | None:
    same = [one for one in earlier if one.framework == newest.framework]
    return same[-1] if same else None


def reading_before(assessment: Assessment) -> Assessment | None:
    """The reading an assessment follows: the one it names, if that may be seen."""
    return (
        Assessment.objects.filter(pk=assessment.supersedes_id).first() if assessment.supersedes_id else None
    )


def judgements_of(assessments: Iterable[Assessment]) -> dict[UUID, dict[str, Judgement]]:
    """Assessment ids to their judgements by number, for several assessments at once."""
    wanted = [one.id for one in assessments]
    judged: dict[UUID, dict[str, Judgement]] = {one: {} for one in wanted}
    for one in Judgement.objects.filter(assessment_id__in=wanted).order_by("at"):
        judged[one.assessment_id][one.number] = one
    return judged


def framework_of(assessment: Assessment) -> Framework:
    """The very edition of the framework an assessment was made against, with the wording that was accepted here.

    Raises `Refused` when that edition is no longer kept.
    """
    for version in reversed(versions(assessment.framework)):
        edition = framework_here(assessment.framework, version=version)
        if edition.digest == assessment.edition:
            return edition
    in_force = framework_here(assessment.framework)
    require_same(in_force, digest=assessment.edition)
    return in_force


def review(review_id: UUID | str) -> Review | None:
    """One remark, if there is one to be seen."""
    return Review.objects.filter(pk=review_id).first()


def drafts_of(person_id: str) -> list[Assessment]:
    """Drafts that somebody writes, oldest first."""
    return list(Assessment.objects.filter(author=person_id, state=AssessmentState.DRAFT).order_by("on"))


def led_by(person_id: str) -> list[Situation]:
    """The situations somebody keeps current, the next review first."""
    found = Situation.objects.filter(lead=person_id).exclude(state="closed")
    return sorted(found, key=lambda one: (one.review_due is None, one.review_due, one.title))


def last_step(assessment: Assessment) -> Clearance | None:
    """The last step anybody took with it: a clearance, a return to its author, its withdrawal."""
    return Clearance.objects.filter(assessment=assessment).order_by("-at").first()
