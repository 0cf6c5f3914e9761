"""Everything the page of one situation shows, gathered through the session: one page to brief from.

Plain values. `labels` are those of everything shown, for the band.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext

from forestall.access import queries as people
from forestall.access.session import current
from forestall.advising import queries as advising
from forestall.assessment import queries as assessment
from forestall.assessment.queries import Assessment, Judgement, Situation
from forestall.assessment.states import ASSESSMENT, SITUATION
from forestall.base.clock import end_of, today
from forestall.base.words import Words
from forestall.frameworks import Framework
from forestall.labels.label import Label
from forestall.monitoring import queries as monitoring
from forestall.monitoring.states import PERCEPTIONS, RESPECTS
from forestall.record import queries as record

from . import observationtable, profiles
from .placenames import country_name
from .wayfinding import address


@dataclass(frozen=True)
class Standing:
    """How a population stands in one respect, who says so, and when."""

    respect: Words
    perception: Words
    text: str
    said_by: str
    on: date


@dataclass(frozen=True)
class Population:
    """A group of the situation's countries; `at_risk` when it is named as one at risk."""

    id: str
    name: str
    note: str
    at_risk: bool
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Reading:
    """A reading to choose from: its day, its framework, and how far it has come."""

    id: str
    on: date
    framework: str
    state: Words
    url: str
    is_draft: bool


@dataclass(frozen=True)
class Move:
    """One move in the situation's history."""

    at: datetime
    was: str
    now: str
    reason: str
    by: str


@dataclass(frozen=True)
class Voice:
    """The likelihood that a warning on this situation holds, until when, and how well founded that is."""

    title: str
    likelihood: profiles.Likelihood | None
    confidence: str
    until: date
    url: str


@dataclass
class Brief:
    """One situation on one page."""

    situation: Situation
    day: date
    countries: list[str]
    readings: list[Reading]
    shown: Assessment | None = None
    before: Assessment | None = None
    framework: Framework | None = None
    judged: Mapping[str, Judgement] = field(default_factory=dict)
    populations: list[Population] = field(default_factory=list)
    rows: list[observationtable.Row] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)
    labels: list[Label | int] = field(default_factory=list)

    @property
    def since(self) -> datetime | date:
        """Since when the situation stands in its state."""
        return self.moves[0].at if self.moves else self.situation.opened_on

    @property
    def at_risk(self) -> list[Population]:
        return [one for one in self.populations if one.at_risk]

    @property
    def drafts(self) -> list[Reading]:
        return [one for one in self.readings if one.is_draft]

    @property
    def shown_state(self) -> Words | None:
        return ASSESSMENT.words[self.shown.state] if self.shown else None


def brief_of(situation: Situation, *, compare: str = "") -> Brief:
    """The brief of a situation, now or as of the past day of the session; `compare` is the id of an earlier reading."""
    session = current()
    day = session.as_of or today()
    found = assessment.assessments(situation)
    brief = Brief(
        situation=situation,
        day=day,
        countries=[country_name(code) for code in situation.places],
        readings=[_reading(one) for one in found],
        labels=[situation.label],
    )
    _read(brief, found, compare=compare)
    _populations(brief)
    _observations(brief)
    brief.moves = moves_of(situation, until=end_of(day))
    _voices(brief)
    return brief


def _reading(one: Assessment) -> Reading:
    issued = one.state in ("issued", "superseded")
    return Reading(
        id=str(one.id),
        on=one.on,
        framework=profiles.worded(assessment.framework_of(one).title),
        state=ASSESSMENT.words[one.state],
        url=address("assessment", one.id),
        is_draft=not issued,
    )


def _read(brief: Brief, found: Sequence[Assessment], *, compare: str) -> None:
    """The reading shown is the newest issued; where none was issued, the newest draft, said to be one."""
    issued = [one for one in found if one.state in ("issued", "superseded")]
    brief.shown = next(iter(issued or found), None)
    if brief.shown is None:
        return
    same = [one for one in issued if one.framework == brief.shown.framework and one.on <= brief.shown.on]
    earlier = [one for one in same if one.id != brief.shown.id]
    chosen = next((one for one in earlier if str(one.id) == compare), None)
    brief.before = chosen or next(iter(earlier), None)
    brief.framework = assessment.framework_of(brief.shown)
    brief.judged = assessment.judgements(brief.shown)
    brief.labels += [brief.shown.label, *(one.label for one in brief.judged.values())]


def _populations(brief: Brief) -> None:
    named = set(brief.situation.populations)
    for code in brief.situation.places:
        for group, inequalities in monitoring.groups(code):
            brief.labels.append(group.label)
            brief.populations.append(
                Population(
                    id=str(group.id),
                    name=group.name,
                    note=group.note,
                    at_risk=str(group.id) in named,
                    standings=tuple(
                        Standing(RESPECTS[one.respect], PERCEPTIONS[one.perception], one.text, one.said_by, one.on)
                        for one in inequalities
                    ),
                )
            )


def _observations(brief: Brief) -> None:
    framework = brief.shown.framework if brief.shown else "unfaac-2014"
    standing = monitoring.standing(monitoring.observations(iso3=brief.situation.places))
    brief.rows = [observationtable.row_of(one, framework=framework) for one in standing.values()]
    brief.labels += [label for row in brief.rows for label in row.labels]


def moves_of(situation: Situation, *, until: datetime) -> list[Move]:
    """The moves of a situation recorded by a moment (UTC), newest first, with their reasons."""
    steps = [step for step in record.history(situation, until=until) if "state" in step.changed]
    names = people.names(step.by for step in steps)
    found: list[Move] = []
    reason = ""
    for step in steps:
        reason = str(step.changed.get("reason", ("", reason))[1])
        was, now = step.changed["state"]
        found.append(Move(step.at, str(was or ""), str(now), reason, names.get(step.by, "")))
    return found[::-1]


def _voices(brief: Brief) -> None:
    for one in advising.warnings(situation=brief.situation):
        brief.labels.append(one.label)
        if one.state != "closed":
            found = profiles.likelihood(one.likelihood)
            brief.voices.append(Voice(one.title, found, one.confidence, one.until, address("warning", one.id)))


def onward(situation: Situation) -> list[tuple[str, str]]:
    """The states the situation can be moved to, in the order of the table of states."""
    following = set(SITUATION.onward(situation.state))
    return [(value, gettext(words.message)) for value, words in SITUATION.words.items() if value in following]


def id_or_none(text: str) -> UUID | None:
    """A public id as it stands in a form; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
