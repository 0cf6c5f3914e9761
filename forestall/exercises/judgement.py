"""The analyst's key: what a careful analyst judged at each date, on which evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .definition import build, build_all

PRESENCES = ("not_assessed", "no_information", "not_present", "emerging", "present", "severe")
TRENDS = ("deteriorating", "stable", "improving", "unclear")
CONFIDENCES = ("low", "moderate", "high")


@dataclass(frozen=True)
class IndicatorJudgement:
    """A judgement on one indicator. `confidence` is None when there is no information; `cites` are observation or
    item ids; one sentence in `note`."""

    indicator: str
    presence: str
    trend: str
    note: str
    confidence: str | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorSummary:
    """A judgement on one of the fourteen risk factors, in words."""

    factor: int
    presence: str
    trend: str
    text: str
    confidence: str | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A way things may go until `until`, with a word of the likelihood scale and what would show it."""

    id: str
    title: str
    likelihood: str
    until: date
    text: str
    watch: tuple[str, ...]
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dissent:
    """A difference of judgement by an officer, kept; `answer` is the drafter's."""

    by: str
    on: date
    indicator: str
    text: str
    answer: str


@dataclass(frozen=True)
class Gap:
    """What is not known, and the question that would close it."""

    text: str
    question: str
    indicators: tuple[str, ...]
    since: date


@dataclass(frozen=True)
class Mitigation:
    """What speaks against the judgement."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Population:
    """A population at risk, where, how many (low to high, persons), and why."""

    group: str
    unit: str
    low: int
    high: int
    why: str
    confidence: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """One assessment of the situation. `moved` holds only the judgements that moved; `standing` carries the earlier
    ones forward."""

    id: str
    on: date
    status: str
    direction: str
    summary: str
    by: str
    moved: tuple[IndicatorJudgement, ...]
    standing: Mapping[str, IndicatorJudgement] = field(default_factory=dict)


@dataclass(frozen=True)
class Key:
    """Everything the analyst's key says. `factors` and what follows are of the last assessment."""

    situation: str
    title: str
    framework: str
    scale: str
    assessments: tuple[Assessment, ...]
    factors: tuple[FactorSummary, ...]
    populations: tuple[Population, ...]
    scenarios: tuple[Scenario, ...]
    dissents: tuple[Dissent, ...]
    gaps: tuple[Gap, ...]
    mitigations: tuple[Mitigation, ...]


def read_key(definition: Mapping[str, Any]) -> Key:
    """The key of a `judgements.toml`. Raises `Malformed` for keys unknown or missing."""
    lists = {
        "factors": FactorSummary,
        "populations": Population,
        "scenarios": Scenario,
        "dissents": Dissent,
        "gaps": Gap,
        "mitigations": Mitigation,
    }
    built: dict[str, Any] = {
        name: build_all(kind, entries=definition[name], where=f"judgements.toml, {name}")
        for name, kind in lists.items()
    }
    entry = {**definition, **built, "assessments": _carried_forward(definition["assessments"])}
    return build(Key, entry=entry, where="judgements.toml")


def _carried_forward(entries: list[Mapping[str, Any]]) -> tuple[Assessment, ...]:
    standing: dict[str, IndicatorJudgement] = {}
    assessments = []
    for entry in entries:
        where = f"judgements.toml, {entry.get('id')}"
        moved = build_all(IndicatorJudgement, entries=entry["moved"], where=where)
        standing = {**standing, **{one.indicator: one for one in moved}}
        assessments.append(
            build(Assessment, entry={**entry, "moved": moved, "standing": standing}, where=where)
        )
    return tuple(assessments)
