"""What the exercise's analyst judges at each date, and how it is challenged, cleared and issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from forestall.access.models import Person
from forestall.access.session import Session, bound_to
from forestall.assessment import queries
from forestall.assessment.actions import assessment as assessments
from forestall.assessment.actions import situation as situations
from forestall.assessment.models import Assessment, Situation
from forestall.exercises.judgement import Assessment as Key
from forestall.exercises.judgement import IndicatorJudgement
from forestall.frameworks.framework import Framework
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import item as items

from .inbox import Bench
from .seats import session_of


def open_situation(bench: Bench, *, by: Session) -> Situation:
    """Begin to watch the exercise's country."""
    country = bench.exercise.country
    desk = bench.exercise.office.compartment.removeprefix("desk:")
    return situations.open_situation(
        title=bench.exercise.key.title,
        places=[country.code],
        desk=desk,
        reason="A register by mother tongue, an exclusion that deepens, and a history of both.",
        by=by,
    )


def read_situation(
    bench: Bench, situation: Situation, key: Key, *, framework: Framework, seated: Mapping[str, Person], last: bool
) -> Assessment:
    """One dated assessment: judged by the analyst, reviewed, cleared by the Director, issued."""
    analyst = session_of(seated[key.by])
    with bound_to(analyst):
        made = assessments.draft(situation, framework=framework, on=key.on, by=analyst)
        for judgement in key.moved:
            _judge(bench, made, judgement, by=analyst)
        _factors(bench, made, framework=framework, last=last, by=analyst)
        _describe(bench, made, key, last=last, by=analyst)
        assessments.submit(made, framework=framework, by=analyst)
    _challenge(bench, made, seated=seated, last=last)
    for holder in ("petra-lindvall", "daniel-okore"):
        reader = session_of(seated[holder])
        with bound_to(reader):
            assessments.clear(_again(made), by=reader)
    director = session_of(seated["daniel-okore"])
    with bound_to(director):
        issued = assessments.issue(_again(made), by=director)
        if situation.state != key.status:
            situations.move(situation, to=key.status, reason=key.summary, by=director)
    return issued


def _again(made: Assessment) -> Assessment:
    found = queries.assessment(made.id)
    assert found is not None
    return found


def _judge(bench: Bench, made: Assessment, key: IndicatorJudgement, *, by: Session) -> None:
    cited = observations_of(bench, key.cites)
    confidence = key.confidence or "low"
    assessments.judge(
        made,
        number=key.indicator,
        presence=_carried(key.presence, cited=cited),
        trend=key.trend,
        confidence=_bounded(confidence, cited=cited),
        note=key.note,
        observations=cited,
        by=by,
    )


def _carried(presence: str, *, cited: list[str]) -> str:
    """“Severe” needs an observation under it; without one the analyst writes “present”."""
    return "present" if presence == "severe" and not cited else presence


def _bounded(confidence: str, *, cited: list[str]) -> str:
    """On a single independent origin confidence is low, whatever the key would like."""
    standing = monitoring.standing(monitoring.observations(ids=cited))
    origins = {origin for one in standing.values() for origin in one.origins}
    return "low" if len(origins) == 1 else confidence


def observations_of(bench: Bench, cites: tuple[str, ...]) -> list[str]:
    """The observations behind citations that the one who judges may see; an item cited whole stands for all of its own."""
    found: list[str] = []
    for cited in cites:
        for known, observation in bench.observations.items():
            if known == cited or known.split(".")[0] == cited:
                found.append(str(observation.id))
    return [str(one.id) for one in monitoring.observations(ids=dict.fromkeys(found))]


def _factors(bench: Bench, made: Assessment, *, framework: Framework, last: bool, by: Session) -> None:
    """Every factor judged: at the last date by the key's words, before that as its indicators carry it."""
    told = {str(one.factor): one for one in bench.exercise.key.factors} if last else {}
    for reading in queries.profile(made, framework=framework):
        key = told.get(reading.number)
        if key is None:
            _as_carried(made, reading, by=by)
            continue
        cited = observations_of(bench, key.cites)
        assessments.judge(
            made,
            number=reading.number,
            presence=_carried(key.presence, cited=cited),
            trend=key.trend,
            confidence=_bounded(key.confidence or "low", cited=cited),
            note=key.text,
            observations=cited,
            by=by,
        )


def _as_carried(made: Assessment, reading: queries.FactorReading, *, by: Session) -> None:
    """A factor as its gravest indicator carries it, resting on what that indicator rests on."""
    proposal = reading.proposal
    judged = [one.judgement for one in reading.indicators if one.judgement is not None]
    carrying = [one for one in judged if one.presence == proposal.presence]
    cited = list(dict.fromkeys(observation for one in carrying for observation in one.observations))
    assessments.judge(
        made,
        number=reading.number,
        presence=_carried(proposal.presence, cited=cited),
        trend=proposal.trend,
        confidence=_bounded(proposal.confidence, cited=cited),
        note=carrying[0].note if carrying and proposal.origins else "Nothing received bears on it.",
        observations=cited,
        by=by,
    )


def _describe(bench: Bench, made: Assessment, key: Key, *, last: bool, by: Session) -> None:
    told = bench.exercise.key
    assessments.describe(
        made,
        summary=key.summary,
        mitigation=" ".join(one.text for one in told.mitigations) if last else "",
        unknowns=[gap.text for gap in told.gaps if gap.since <= key.on],
        by=by,
    )
    if not last:
        return
    for scenario in told.scenarios:
        assessments.add_scenario(
            made,
            title=scenario.title,
            text=scenario.text,
            likelihood=scenario.likelihood,
            until=scenario.until,
            watch=scenario.watch,
            by=by,
        )


def _challenge(bench: Bench, made: Assessment, *, seated: Mapping[str, Person], last: bool) -> None:
    for one in bench.exercise.key.dissents if last else ():
        dissenter = session_of(seated[one.by])
        with bound_to(dissenter):
            assessments.dissent(_again(made), text=one.text, number=one.indicator, by=dissenter)


def name_what_is_at_stake(bench: Bench, situation: Situation, *, on: date, by: Session) -> None:
    """The populations at risk, and the gaps as questions to somebody."""
    key = bench.exercise.key
    situations.set_populations(
        situation, groups=list(dict.fromkeys(bench.groups[one.group].id for one in key.populations if one.group in bench.groups)), by=by
    )
    for gap in key.gaps:
        if gap.since <= on:
            items.open_gap(
                question=gap.question,
                situation_id=situation.id,
                iso3=bench.exercise.country.code,
                label=situation.label,
                by=by,
            )
