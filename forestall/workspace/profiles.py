"""Readings as a page shows them: factor panels in the framework's order, what moved, a reading across, words of a scale.

Plain values made from judgements that the session may see. Nothing here adds factors up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import get_language

from forestall.assessment import queries as assessment
from forestall.assessment.queries import Assessment, Judgement
from forestall.assessment.states import Presence
from forestall.base.words import Words, say
from forestall.frameworks import Framework, Nature, RiskFactor, Scope, Text, in_language, load
from forestall.frameworks.crimes import Crime, crimes
from forestall.frameworks.difference import Crosswalk, crosswalk
from forestall.frameworks.scales import scale

from .templatetags.parts import Factor, FactorGroup
from .wayfinding import address

KEPT = 8
"""Readings that a factor's history shows."""

SCOPES = {
    Scope.COMMON: say("Common to all crimes"),
    Scope.GENOCIDE: say("Specific to genocide"),
    Scope.CRIMES_AGAINST_HUMANITY: say("Specific to crimes against humanity"),
    Scope.WAR_CRIMES: say("Specific to war crimes"),
}
NATURES = {
    Nature.STRUCTURAL: say("Structural"),
    Nature.DYNAMIC: say("Dynamic"),
    Nature.TRIGGER: say("Trigger"),
}

Judgements = Mapping[str, Judgement]


@dataclass(frozen=True)
class Likelihood:
    """A word of the likelihood scale with the range it stands for, as shares from 0 to 1."""

    word: str
    low: float
    high: float


@dataclass(frozen=True)
class Shift:
    """A factor or indicator whose judgement moved. `was` is None when it had not been judged before."""

    number: str
    name: str
    was: Judgement | None
    now: Judgement
    url: str

    @property
    def is_factor(self) -> bool:
        return "." not in self.number

    @property
    def cited(self) -> int:
        return len(self.now.observations)

    @property
    def was_presence(self) -> str:
        return presence_of(self.was)

    @property
    def presence_moved(self) -> bool:
        return self.was_presence != self.now.presence

    @property
    def trend_moved(self) -> bool:
        return self.was is not None and self.was.trend != self.now.trend

    @property
    def confidence_moved(self) -> bool:
        return self.was is not None and self.was.confidence != self.now.confidence

    @property
    def has_confidence(self) -> bool:
        """Nobody is more or less sure of what nobody knows."""
        return bool(_confidence(self.now))


@dataclass(frozen=True)
class Sign:
    """One factor or indicator of a list: its number, its name, its presence and where it is read."""

    number: str
    name: str
    presence: str
    url: str


@dataclass(frozen=True)
class Across:
    """A crime read across indicators; `crime.separate_in_law` says whether the law knows it apart."""

    crime: Crime
    title: str
    text: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Counterparts:
    """One row of two frameworks side by side: factors of the older one, and those of the newer that answer to them."""

    older: tuple[Sign, ...]
    newer: tuple[Sign, ...]


def reader() -> str:
    """The reader's language as ISO 639-1."""
    return (get_language() or "en").split("-")[0]


def worded(text: Text) -> str:
    """A text of a catalogue in the reader's language, else in English."""
    return in_language(text, language=reader())


def likelihood(word: str) -> Likelihood | None:
    """A stored likelihood word with its range; None for a word that the scale does not know."""
    step = next((one for one in scale("likelihood").steps if one.id == word), None)
    if step is None or step.low is None or step.high is None:
        return None
    return Likelihood(worded(step.label), step.low / 100, step.high / 100)


def likelihoods() -> list[tuple[str, str]]:
    """The likelihood words to choose from, least likely first, each with its range in per cent."""
    return [(one.id, f"{worded(one.label)} ({one.low}–{one.high} %)") for one in scale("likelihood").steps]


def name_of(framework: Framework, number: str) -> str:
    """What a factor is called or an indicator says, in the reader's language."""
    if "." in number:
        return worded(framework.indicator(number).text)
    return worded(framework.factor(number).title)


def panels(
    framework: Framework, *, shown: Assessment, before: Assessment | None, earlier: Sequence[Assessment]
) -> list[FactorGroup]:
    """Every factor in the framework's order, by crime, with its history over `earlier` readings and the one `shown`."""
    kept = [*(one for one in earlier if one.id != shown.id), shown][-KEPT:]
    judged = assessment.judgements_of(kept if before is None else [*kept, before])
    moved = {number for number, _, _ in assessment.changes(shown, before)} if before else set()
    history = [judged[one.id] for one in kept]
    parts = [(scope, list(these)) for scope, these in groupby(framework.factors, key=lambda one: one.scope)]
    return [
        FactorGroup(
            SCOPES[scope],
            [_panel(factor, history, shown=shown, moved=factor.number in moved) for factor in these],
            wide=scope is Scope.COMMON or len(parts) == 1,
        )
        for scope, these in parts
    ]


def _panel(factor: RiskFactor, history: Sequence[Judgements], *, shown: Assessment, moved: bool) -> Factor:
    now = history[-1].get(factor.number)
    return Factor(
        number=factor.number,
        name=worded(factor.title),
        presence=presence_of(now),
        trend=now.trend if now else "",
        confidence=_confidence(now),
        history=[presence_of(one.get(factor.number)) for one in history],
        url=address("assessment", shown.id, factor=factor.number),
        moved=moved,
    )


def _confidence(judgement: Judgement | None) -> str:
    """Nobody is more or less sure of what nobody knows."""
    unknown = (Presence.NO_INFORMATION, Presence.NOT_ASSESSED)
    return "" if judgement is None or judgement.presence in unknown else judgement.confidence


def presence_of(judgement: Judgement | None) -> str:
    """The presence judged, or that nobody judged."""
    return judgement.presence if judgement else str(Presence.NOT_ASSESSED)


def by_nature(framework: Framework, *, shown: Assessment, judged: Judgements) -> list[tuple[Words, list[Sign]]]:
    """Factors apart by how they move: structural, dynamic, triggers; inside each the framework's order."""
    found = [
        (NATURES[nature], [_sign(framework, one.number, shown, judged) for one in framework.factors if one.nature is nature])
        for nature in Nature
    ]
    return [(words, signs) for words, signs in found if signs]


def _sign(framework: Framework, number: str, shown: Assessment | None, judged: Judgements) -> Sign:
    factor, _, _ = number.partition(".")
    url = address("assessment", shown.id, at=f"n{number}", factor=factor) if shown else ""
    return Sign(number, name_of(framework, number), presence_of(judged.get(number)), url)


def shifts(framework: Framework, *, newer: Assessment, older: Assessment | None) -> list[Shift]:
    """What moved from one reading to another, factors first, then indicators, in the framework's order."""
    known = {factor.number for factor in framework.factors} | set(framework.numbers)
    return [
        Shift(
            number,
            name_of(framework, number),
            before,
            now,
            address("assessment", newer.id, at=f"n{number}", factor=number.partition(".")[0]),
        )
        for number, before, now in assessment.changes(newer, older)
        if number in known
    ]


def unknown_factors(framework: Framework, *, judged: Judgements, shown: Assessment) -> list[Sign]:
    """Factors on which there is no information, or which nobody judged: gaps, never absences."""
    gaps = (Presence.NO_INFORMATION, Presence.NOT_ASSESSED)
    signs = [_sign(framework, factor.number, shown, judged) for factor in framework.factors]
    return [one for one in signs if one.presence in gaps]


def readings_across(framework: Framework, *, shown: Assessment, judged: Judgements) -> list[Across]:
    """Crimes that are read across indicators of this framework, and are no separate crime in law."""
    return [
        Across(
            crime,
            worded(crime.title),
            worded(crime.text),
            tuple(_sign(framework, number, shown, judged) for number in crime.read_across),
        )
        for crime in crimes()
        if crime.read_across and crime.framework == framework.id
    ]


def side_by_side(framework: Framework, *, shown: Assessment, other: Assessment | None, other_id: str) -> list[Counterparts]:
    """Two frameworks side by side by their crosswalk: what is read under one, and under what answers to it."""
    counterpart = assessment.framework_of(other) if other else load(other_id)
    judged = {one.framework: assessment.judgements(one) for one in (shown, other) if one is not None}
    read = {shown.framework: shown, other_id: other}
    older, newer = (framework, counterpart) if framework.crosswalk_to == other_id else (counterpart, framework)

    def signs(of: Framework, numbers: Sequence[str]) -> tuple[Sign, ...]:
        return tuple(_sign(of, number, read[of.id], judged.get(of.id, {})) for number in numbers)

    walk: Crosswalk = crosswalk(older, newer)
    pairs = [Counterparts(signs(older, [old]), signs(newer, new)) for old, new in walk.pairs]
    alone = [Counterparts(signs(older, [old]), ()) for old in walk.old_alone]
    return [*pairs, *alone, *(Counterparts((), signs(newer, [new])) for new in walk.new_alone)]


def days_between(day: date, *, today: date) -> Words:
    """How far off a day is: ahead, today, or past."""
    left = (day - today).days
    if left == 0:
        return say("today")
    if left > 0:
        return say("in one day") if left == 1 else say("in %(days)s days", days=left)
    return say("one day ago") if left == -1 else say("%(days)s days ago", days=-left)
