"""Prevention options as a note's author chooses among them: those tied to factors that are present, with their cautions."""

from __future__ import annotations

from dataclasses import dataclass

from forestall.advising.queries import AdvisoryNote
from forestall.assessment import queries as assessment
from forestall.base.words import Words, say
from forestall.frameworks.framework import Framework
from forestall.frameworks.options import Menu, Option, Stage, menu

from .profiles import name_of, worded

OWN = "own"
"""The value of `option` in the address for a recommendation that is not from the menu."""

PRESENT = ("emerging", "present", "severe")
STAGES: dict[Stage, Words] = {
    Stage.EMERGENCY: say("works in days"),
    Stage.OPERATIONAL: say("works in months"),
    Stage.STRUCTURAL: say("works in years"),
}
ORDER = tuple(STAGES)


@dataclass(frozen=True)
class Choice:
    """One option of the menu: what, how soon it can work, who may lead, how it can fail or do harm, which factors."""

    id: str
    name: str
    stage: Words
    leads: tuple[str, ...]
    caution: str
    factors: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Recommending:
    """The recommendation in hand: an option of the menu, or none; and every factor present that it may answer."""

    option: str
    choice: Choice | None
    factors: tuple[tuple[str, str], ...]


def tied(note: AdvisoryNote) -> list[Choice]:
    """The options that speak to factors present in the note's assessment, those that work soonest first."""
    framework, present = _present(note)
    known = menu()
    if known.framework != framework.id:
        return []
    found = sorted(known.tied_to(present), key=lambda option: ORDER.index(option.stage))
    return [_choice(option, known=known, framework=framework, present=present) for option in found]


def recommending(note: AdvisoryNote, option: str) -> Recommending | None:
    """What the form of a recommendation begins with, for an option's id or `own`; None when none is asked for."""
    framework, present = _present(note)
    factors = tuple((number, name_of(framework, number)) for number in present)
    if option == OWN:
        return Recommending("", None, factors)
    choice = next((one for one in tied(note) if one.id == option), None)
    return Recommending(option, choice, factors) if choice else None


def _present(note: AdvisoryNote) -> tuple[Framework, list[str]]:
    reading = note.warning.assessment
    framework = assessment.framework_of(reading)
    judged = assessment.judgements(reading)
    numbers = [factor.number for factor in framework.factors]
    return framework, [number for number in numbers if number in judged and judged[number].presence in PRESENT]


def _choice(option: Option, *, known: Menu, framework: Framework, present: list[str]) -> Choice:
    return Choice(
        id=option.id,
        name=worded(option.name),
        stage=STAGES[option.stage],
        leads=tuple(worded(known.leads[lead]) for lead in option.leads),
        caution=worded(option.caution),
        factors=tuple((number, name_of(framework, number)) for number in present if number in option.factors),
    )
