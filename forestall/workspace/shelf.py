"""The library's books as a reader meets them: frameworks, crimes, scales and measures in the reader's language.

Every wording of ours carries its notice until somebody has held it against the official text.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from forestall.assessment import wording
from forestall.base.words import Words, say
from forestall.frameworks import entries, framework, in_language, notice
from forestall.frameworks.crimes import Crime, ElementKind
from forestall.frameworks.framework import Framework, Indicator, RiskFactor, Text
from forestall.frameworks.options import Menu, Option, Stage
from forestall.frameworks.presentation import nature_words, scope_words, verification_words
from forestall.frameworks.scales import Scale

HELD = say("Held against the official text.")
KINDS: dict[ElementKind, Words] = {
    ElementKind.PROTECTED: say("who is protected"),
    ElementKind.MENTAL: say("mental element"),
    ElementKind.CONTEXT: say("context"),
    ElementKind.ACT: say("act"),
    ElementKind.PUNISHABLE: say("punishable form"),
    ElementKind.FAMILY: say("family of acts"),
    ElementKind.THRESHOLD: say("threshold"),
    ElementKind.DEFINITION: say("definition"),
    ElementKind.PRACTICE: say("practice"),
}
STAGES: dict[Stage, Words] = {
    Stage.STRUCTURAL: say("structural: years"),
    Stage.OPERATIONAL: say("operational: months"),
    Stage.EMERGENCY: say("emergency: days"),
}


def language() -> str:
    """The reader's language."""
    return (get_language() or "en").split("-")[0]


def told(text: Text | None) -> str:
    """A text in the reader's language, or in English where nobody has written it in that language yet."""
    return in_language(text, language=language()) if text else ""


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator: its words, nature, the crimes its factor speaks to, citation, and how well all that is known."""

    number: str
    text: str
    nature: Words
    scope: Words
    citation: Words
    verification: Words
    wording: Words
    held: bool


@dataclass(frozen=True)
class FactorPart:
    """One factor or category with those of its indicators that were asked for."""

    number: str
    title: str
    text: str
    nature: Words
    scope: Words
    verification: Words
    lines: tuple[IndicatorLine, ...]
    counterparts: tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """A framework as it stands on the shelf."""

    framework: Framework
    title: str
    publisher: str
    note: str
    factors: int
    indicators: int
    verified: int
    held: int


def books() -> list[Book]:
    """Every framework, newest first."""
    return sorted((book(one) for one in entries()), key=lambda one: -one.framework.year)


def book(framework_id: str) -> Book:
    """One framework with what has been verified and held. Raises `Refused` for an unknown one."""
    one = wording.framework_here(framework_id)
    return Book(
        framework=one,
        title=told(one.title),
        publisher=told(one.publisher),
        note=told(one.note),
        factors=len(one.factors),
        indicators=len(one.indicators),
        verified=sum(each.verification == framework.Verification.VERIFIED for each in one.indicators),
        held=sum(each.held_in(language()) for each in one.indicators),
    )


def parts(one: Framework, *, text: str = "", nature: str = "", scope: str = "", held: str = "") -> list[FactorPart]:
    """The factors in the framework's order with the indicators that answer to the filters; factors without any are left out."""
    asked = (text.casefold(), nature, scope, held)
    found = [_part(factor, asked=asked) for factor in one.factors]
    return [part for part in found if part.lines or not any(asked)]


def _part(factor: RiskFactor, *, asked: tuple[str, str, str, str]) -> FactorPart:
    return FactorPart(
        number=factor.number,
        title=told(factor.title),
        text=told(factor.text),
        nature=nature_words(factor.nature),
        scope=scope_words(factor.scope),
        verification=verification_words(factor.verification),
        lines=tuple(_line(one) for one in factor.indicators if _answers(one, factor, asked=asked)),
        counterparts=factor.counterparts,
    )


def _answers(one: Indicator, factor: RiskFactor, *, asked: tuple[str, str, str, str]) -> bool:
    text, nature, scope, held = asked
    words = f"{one.number} {told(one.text)} {told(factor.title)}".casefold()
    return (
        text in words
        and nature in ("", one.nature.value)
        and scope in ("", one.scope.value)
        and (not held or one.held_in(language()) == (held == "yes"))
    )


def _line(one: Indicator) -> IndicatorLine:
    remark = notice(one, language=language())
    return IndicatorLine(
        number=one.number,
        text=told(one.text),
        nature=nature_words(one.nature),
        scope=scope_words(one.scope),
        citation=one.citation.words(language=language()),
        verification=verification_words(one.verification),
        wording=remark or HELD,
        held=remark is None,
    )


def crime_rows(crime: Crime) -> list[dict[str, object]]:
    """A crime's elements: what part each plays, its words, where it stands, how well it is known."""
    return [
        {
            "kind": KINDS[one.kind],
            "text": told(one.text),
            "citation": one.citation,
            "verification": verification_words(one.verification),
        }
        for one in crime.elements
    ]


def scale_rows(scale: Scale) -> list[dict[str, object]]:
    """A scale's steps in order, with the range that a likelihood word stands for (per cent)."""
    return [
        {"label": told(step.label), "text": told(step.text), "low": step.low, "high": step.high}
        for step in scale.steps
    ]


@dataclass(frozen=True)
class Measure:
    """A preventive measure with the names of its kind, leads, needs and factors."""

    id: str
    name: str
    category: str
    stage: Words
    factors: tuple[tuple[str, str], ...]
    pillars: str
    leads: tuple[str, ...]
    resources: tuple[str, ...]
    caution: str
    evidence: str


def measure(option: Option, *, menu: Menu, factors: dict[str, str]) -> Measure:
    """An option of the menu; `factors` are the titles of its framework's factors by number."""
    return Measure(
        id=option.id,
        name=told(option.name),
        category=told(menu.categories[option.category]),
        stage=STAGES[option.stage],
        factors=tuple((number, factors.get(number, "")) for number in option.factors),
        pillars=", ".join(option.pillars),
        leads=tuple(told(menu.leads[lead]) for lead in option.leads),
        resources=tuple(told(menu.resources[one]) for one in option.resources),
        caution=told(option.caution),
        evidence=_evidence(option),
    )


def _evidence(option: Option) -> str:
    if option.evidence is None:
        return gettext("not in the catalogue of tools")
    if option.evidence.reviewed:
        return gettext("%(tool)s: a systematic review exists") % {"tool": option.evidence.tool}
    return gettext("%(tool)s: no systematic review") % {"tool": option.evidence.tool}
