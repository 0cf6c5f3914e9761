"""An assessment as its page shows it: factor by factor, indicator by indicator, evidence beside judgement and proposal.

Plain values made from what the session may see. `labels` are those of everything shown, for the band.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forestall.access import queries as people
from forestall.assessment import queries as assessment
from forestall.assessment.cautions import Caution, cautions
from forestall.assessment.proposals import JudgedIndicator, Proposal
from forestall.assessment.queries import Assessment, FactorReading, IndicatorReading, Judgement, Situation
from forestall.base.words import Words
from forestall.frameworks import Framework, Indicator, RiskFactor, notice
from forestall.labels.label import Label
from forestall.monitoring.states import DIRECTIONS

from . import coveragereading, observationtable, profiles
from .coveragereading import Silent
from .evidencematrix import Matrix, Sight
from .wayfinding import address


@dataclass(frozen=True)
class Block:
    """One factor or indicator: its words, what is judged now and was before, the evidence, and what the tool proposes.

    `carried` is True for a judgement that nobody has touched since the reading before.
    """

    number: str
    name: str
    nature: Words
    notice: Words | None
    citation: Words | None
    judgement: Judgement | None
    was: Judgement | None
    carried: bool
    by: str
    matrix: Matrix
    cautions: tuple[Caution, ...]
    unsupported: bool
    proposal: Proposal
    beneath: tuple[JudgedIndicator, ...] = ()

    @property
    def presence(self) -> str:
        return profiles.presence_of(self.judgement)

    @property
    def is_factor(self) -> bool:
        return "." not in self.number

    @property
    def chosen(self) -> Mapping[str, Any]:
        """What the form holds: the person's own judgement, else nothing."""
        if self.judgement is None or self.judgement.presence == "not_assessed":
            return {}
        judged = self.judgement
        return {
            "presence": judged.presence,
            "trend": judged.trend,
            "confidence": judged.confidence,
            "note": judged.note,
            "observations": judged.observations,
        }

    @property
    def speaks_for(self) -> bool:
        """Whether the tool has something to propose beyond that nothing is known."""
        return bool(self.proposal.observations) or self.proposal.origins > 0


@dataclass(frozen=True)
class Line:
    """A factor in the list of all: judged, proposed, and how many of its indicators are judged."""

    number: str
    name: str
    nature: Words
    judgement: Judgement | None
    moved: bool
    proposed: str
    judged: int
    indicators: int
    url: str

    @property
    def presence(self) -> str:
        return profiles.presence_of(self.judgement)


class Reading:
    """One assessment with its evidence, read once for a page."""

    def __init__(self, one: Assessment, situation: Situation) -> None:
        self.assessment, self.situation = one, situation
        self.framework: Framework = assessment.framework_of(one)
        self.before = assessment.reading_before(one)
        self.profile = {each.number: each for each in assessment.profile(one, framework=self.framework)}
        self.sight = Sight(situation.places, framework=one.framework)
        self.was = assessment.judgements(self.before) if self.before else {}
        self.judged = assessment.judgements(one)
        self.silences = assessment.silences(one)
        self.shifts = profiles.shifts(self.framework, newer=one, older=self.before) if self.before else []
        self.names = people.names([one.author, *(judgement.by for judgement in self.judged.values())])
        self.labels: list[Label] = [one.label, situation.label, *(each.label for each in self.judged.values())]
        self.labels += [each.label for each in self.silences]
        if self.before is not None:
            self.labels.append(self.before.label)

    def unheard(self) -> list[Silent]:
        """Who had stopped reporting by the day of the reading, each in a sentence."""
        return coveragereading.silent(self.silences, day=self.assessment.on)

    @property
    def author(self) -> str:
        return self.names.get(self.assessment.author, "")

    def lines(self) -> list[Line]:
        """All factors in the framework's order."""
        moved = {shift.number for shift in self.shifts}
        return [
            Line(
                number=factor.number,
                name=profiles.worded(factor.title),
                nature=profiles.NATURES[factor.nature],
                judgement=self.judged.get(factor.number),
                moved=factor.number in moved,
                proposed=str(self.profile[factor.number].proposal.presence),
                judged=sum(one.judgement is not None for one in self.profile[factor.number].indicators),
                indicators=len(factor.indicators),
                url=address("assessment", self.assessment.id, factor=factor.number),
            )
            for factor in self.framework.factors
        ]

    def factor(self, number: str) -> list[Block]:
        """A factor and the indicators under it."""
        factor, read = self.framework.factor(number), self.profile[number]
        return [
            self._factor(factor, read),
            *(self._indicator(indicator, one) for indicator, one in zip(factor.indicators, read.indicators, strict=True)),
        ]

    def _factor(self, factor: RiskFactor, read: FactorReading) -> Block:
        cited = read.judgement.observations if read.judgement else []
        standing = self.sight.under([one.number for one in factor.indicators])
        matrix = self.sight.matrix(standing, number=factor.number, cited=cited)
        return Block(
            number=factor.number,
            name=profiles.worded(factor.text),
            nature=profiles.NATURES[factor.nature],
            notice=None,
            citation=None,
            **self._judged(factor.number, read.judgement),
            matrix=self._seen(matrix),
            cautions=(),
            unsupported=bool(cited) and not any(line.cited for line in matrix.lines),
            proposal=read.proposal,
            beneath=read.beneath,
        )

    def _indicator(self, indicator: Indicator, read: IndicatorReading) -> Block:
        cited = read.judgement.observations if read.judgement else []
        matrix = self.sight.matrix(self.sight.under([indicator.number]), number=indicator.number, cited=cited)
        support = [
            each
            for standing in read.standing
            for each in assessment.supports(standing, framework=self.framework.id, number=indicator.number, silent=self.silences)
        ]
        return Block(
            number=indicator.number,
            name=profiles.worded(indicator.text),
            nature=profiles.NATURES[indicator.nature],
            notice=notice(indicator, language=profiles.reader()),
            citation=indicator.citation.words(language=profiles.reader()),
            **self._judged(indicator.number, read.judgement),
            matrix=self._seen(matrix),
            cautions=tuple(cautions(support, on=self.assessment.on, nature=indicator.nature.value)),
            unsupported=bool(cited) and not any(line.cited for line in matrix.lines),
            proposal=read.proposal,
        )

    def _judged(self, number: str, judgement: Judgement | None) -> dict[str, Any]:
        was = self.was.get(number)
        return {
            "judgement": judgement,
            "was": was,
            "carried": bool(judgement and was and judgement.at == was.at and judgement.by == was.by),
            "by": self.names.get(judgement.by, "") if judgement else "",
        }

    def _seen(self, matrix: Matrix) -> Matrix:
        self.labels += [label for line in matrix.lines for label in line.row.labels]
        return matrix

    def against(self, blocks: Sequence[Block]) -> list[observationtable.Row]:
        """The observations under these indicators that lower them: what speaks against the judgement."""
        found = {
            line.row.id: line.row
            for block in blocks
            if not block.is_factor
            for line in block.matrix.lines
            if any(link.number == block.number for link in line.row.links) and _lowers(line.row, block.number)
        }
        return sorted(found.values(), key=lambda row: row.on, reverse=True)


def _lowers(row: observationtable.Row, number: str) -> bool:
    return any(link.number == number and link.direction == DIRECTIONS["lowers"] for link in row.links)
