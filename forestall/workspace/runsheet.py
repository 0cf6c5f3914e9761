"""A run of a risk model as a reader meets it: how old its figures are, how it did beside every anchor, what drives it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format

from forestall import frameworks
from forestall.base.words import Words, say
from forestall.collecting.contract import Redistribution
from forestall.collecting.terms import Terms
from forestall.forecasting.queries import Forecast, ForecastRun
from forestall.riskmodels import Card, cards

from .charts import Bin
from .exporting import Rests
from .templatetags.estimates import percent
from .worldtable import language

FRAMEWORK = "unfaac-2014"
"""The framework to whose risk factors drivers are linked (see `riskmodels.contract.Driver`)."""
Z90 = 1.645
"""Standard deviations within which nine in ten of a normal distribution lie."""

MEASURES: tuple[tuple[str, Words, bool], ...] = (
    ("auc", say("AUC"), False),
    ("ap", say("Average precision"), False),
    ("brier", say("Brier score"), True),
    ("log_loss", say("Log loss"), True),
    ("onset_auc", say("AUC, onsets"), False),
    ("onset_ap", say("Average precision, onsets"), False),
)
"""What a track record shows, in this order: key, words, and whether lower is better."""

TYPES: tuple[tuple[str, Words], ...] = (
    ("os_best", say("Civilians killed in one-sided violence")),
    ("sb_best", say("Deaths in armed conflict with a State")),
    ("ns_best", say("Deaths in conflict between armed groups")),
)
"""Kinds of violence as the source (UCDP) counts them."""


def rests(run: ForecastRun) -> Rests:
    """What the figures of a run rest on: totals of a producer, which may be passed on with its source."""
    named = f"{run.panel.get('title', '')} {run.panel.get('version', '')}".strip()
    cited = "; ".join([named, *run.panel.get("citation", ())])
    return Rests(whole=[Terms("panel", named, Redistribution.ATTRIBUTE, run.panel.get("licence", ""), cited)])


@dataclass(frozen=True)
class Score:
    """One figure of one risk model, and whether no other in the table is better."""

    key: str
    words: Words
    value: float | None
    best: bool


@dataclass(frozen=True)
class SkillRow:
    """How one risk model did. `own` marks the one whose run this is; the others are anchors."""

    id: str
    title: Words | str
    own: bool
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class DriverRow:
    """One reason for a chance: what it adds in log-odds, and by how much it multiplies the odds.

    `factors` are (number, title) of the risk factors it speaks to.
    """

    name: Words
    log_odds: float
    factors: tuple[tuple[str, str], ...]

    @property
    def times(self) -> float:
        return math.exp(self.log_odds)


def card_of(run: ForecastRun) -> Card | None:
    """The card of a run's risk model, while the catalogue has it."""
    return cards().get(run.riskmodel)


def age(run: ForecastRun, *, day: date) -> Words:
    """How old the figures are on `day` (UTC), and whether the year forecast is over by then."""
    days = (day - date.fromisoformat(run.panel["as_of"])).days
    if day.year > run.target:
        return say(
            "The figures end with %(origin)s, %(days)s days ago, so the chances are for %(target)s, and that year is "
            "over. A newer edition of the figures is needed for the year ahead.",
            origin=str(run.origin), days=days, target=str(run.target),
        )  # fmt: skip
    return say(
        "The figures end with %(origin)s, %(days)s days ago; the chances are for %(target)s.",
        origin=str(run.origin), days=days, target=str(run.target),
    )  # fmt: skip


def citations(run: ForecastRun) -> list[str]:
    """The works to cite with the run's figures."""
    cited = run.panel.get("citation") or run.panel.get("citations") or []
    return [cited] if isinstance(cited, str) else list(cited)


def period(run: ForecastRun) -> Words:
    """On which years the scores of `skill_rows` were had."""
    held = run.skill.get("held_back") or {}
    scored = held or run.skill
    years = {"first": str(int(scored["first_origin"]) + 1), "last": str(int(scored["last_origin"]) + 1)}
    if not held:
        return say("Back-test over the years %(first)s to %(last)s, each forecast from the years before it.", **years)
    card = card_of(run)
    return say(
        "Held-out years %(first)s to %(last)s, each forecast from the years before it. No choice was made on them; "
        "when this version was fixed they had been looked at %(looks)s times.",
        **years, looks=card.looks if card else "–",
    )  # fmt: skip


def skill_rows(run: ForecastRun) -> list[SkillRow]:
    """The risk model and every anchor on the same rows: on held-back years where the run has them, else on all."""
    scored = {run.riskmodel: run.skill, **run.anchors}
    if run.skill.get("held_back"):
        scored = {name: skill["held_back"] for name, skill in scored.items()}
    known = cards()
    return [
        SkillRow(
            id=name,
            title=known[name].title if name in known else name,
            own=name == run.riskmodel,
            scores=tuple(_score(skill, scored.values(), measure=measure) for measure in MEASURES),
        )
        for name, skill in scored.items()
    ]


def _score(skill: dict[str, Any], rivals: Any, *, measure: tuple[str, Words, bool]) -> Score:
    key, words, lower = measure
    value = skill.get(key)
    others = [each[key] for each in rivals if each.get(key) is not None]
    best = value is not None and value == (min(others) if lower else max(others))
    return Score(key=key, words=words, value=value, best=best)


def beside_anchors(run: ForecastRun) -> Words:
    """The one sentence that stands with every ranking: AUC and average precision beside the best anchor's."""
    rows = {row.id: {score.key: score.value for score in row.scores} for row in skill_rows(run)}
    own = rows.pop(run.riskmodel)
    best = {key: max((row[key] or 0 for row in rows.values()), default=0) for key in ("auc", "ap", "onset_auc")}
    return say(
        "AUC %(auc)s, average precision %(ap)s; the best simple rule has %(other_auc)s and %(other_ap)s. Where it was "
        "quiet before: AUC %(onset)s, the best simple rule %(other_onset)s.",
        auc=_three(own["auc"]), ap=_three(own["ap"]), onset=_three(own["onset_auc"]),
        other_auc=_three(best["auc"]), other_ap=_three(best["ap"]), other_onset=_three(best["onset_auc"]),
    )  # fmt: skip


def _three(value: float | None) -> str:
    return "–" if value is None else number_format(value, 3)


def bins(run: ForecastRun) -> list[Bin]:
    """Chances said and how often they came true, by bands, with the 90 % interval of the share (Wilson 1927)."""
    return [
        Bin(
            forecast=band["forecast"],
            observed=band["observed"],
            low=_wilson(band["observed"], count=band["n"], sign=-1),
            high=_wilson(band["observed"], count=band["n"], sign=1),
            count=band["n"],
        )
        for band in run.skill.get("reliability", ())
    ]


def _wilson(share: float, *, count: int, sign: int) -> float:
    squared = Z90 * Z90 / count
    spread = Z90 * math.sqrt(share * (1 - share) / count + squared / (4 * count))
    return min(1.0, max(0.0, (share + squared / 2 + sign * spread) / (1 + squared)))


def drivers(forecast: Forecast) -> list[DriverRow]:
    """What drives a chance, largest first, with the titles of the risk factors in the reader's language."""
    titles = {
        factor.number: frameworks.in_language(factor.title, language=language())
        for factor in frameworks.load(FRAMEWORK).factors
    }
    return [
        DriverRow(
            name=say(one["message"], **one["parameters"]),
            log_odds=one["log_odds"],
            factors=tuple((str(number), titles.get(str(number), "")) for number in one["factors"]),
        )
        for one in forecast.drivers
    ]


def median(forecast: Forecast) -> str:
    """The chance of the median State of the same year, per hundred, against which the drivers are counted."""
    return percent(1 / (1 + math.exp(-forecast.figures["reference"])))


def log_odds(probability: float) -> float:
    """A chance as log-odds, natural logarithm."""
    return math.log(probability / (1 - probability))


def newest_first(counts: Sequence[dict[str, int]]) -> list[dict[str, int]]:
    """Counts by year, the last year first."""
    return sorted(counts, key=lambda one: one["year"], reverse=True)
