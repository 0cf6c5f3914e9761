"""The scales by which people grade and judge: reliability, credibility, presence, trend, confidence, likelihood, proof."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forestall.base.errors import Malformed, Refused
from forestall.base.terms import terms
from forestall.base.words import say

from .definition import Section, read_mark, read_section, refuse_repeats
from .framework import Text, Verification

DEFINITION = Path(__file__).with_name("scales.toml")


@dataclass(frozen=True)
class Step:
    """One step. `low` and `high` are per cent, both ends included; only likelihood has them."""

    id: str
    label: Text
    text: Text | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Scale:
    """A scale with its steps in order. Without `source` it is our own."""

    id: str
    title: Text
    rule: Text
    steps: tuple[Step, ...]
    source: str | None = None
    verification: Verification | None = None

    def step(self, id: str) -> Step:  # noqa: A002 - the catalogue's own word
        """The step with this id. Raises `Refused` when there is none."""
        for each in self.steps:
            if each.id == id:
                return each
        raise Refused(say("The scale %(scale)s has no step %(step)s.", scale=self.id, step=id))


@cache
def scales(path: Path = DEFINITION) -> tuple[Scale, ...]:
    """All scales. Raises `Malformed` for a broken definition."""
    section = read_section(path)
    section.only("scales")
    found = tuple(_scale(each) for each in section.sections("scales", named="id"))
    refuse_repeats((scale.id for scale in found), where=section.where)
    return found


def scale(id: str) -> Scale:  # noqa: A002
    """One of `reliability`, `credibility`, `presence`, `trend`, `confidence`, `likelihood`, `likelihood-phia`, `proof`.

    Raises `Refused` when there is none of that id.
    """
    for each in scales():
        if each.id == id:
            return each
    raise Refused(say("There is no scale %(id)s.", id=id))


def _scale(section: Section) -> Scale:
    section.only("id", "mark", "source", "title", "rule", "steps")
    found = Scale(
        id=section.word("id"),
        title=section.text("title"),
        rule=section.text("rule"),
        steps=tuple(_step(each, scale=section.word("id")) for each in section.sections("steps", named="id")),
        source=section.maybe_word("source"),
        verification=read_mark(section) if "source" in section.content else None,
    )
    refuse_repeats((step.id for step in found.steps), where=section.where)
    _check_ranges(found, where=section.where)
    return found


def _step(section: Section, *, scale: str) -> Step:
    term = terms().get(scale, {}).get(section.word("id"))
    section.only("id", "text", "low", "high", *(("label",) if term is None else ()))
    return Step(
        id=section.word("id"),
        label=section.text("label") if term is None else term,
        text=section.text("text") if "text" in section.content else None,
        low=section.maybe_whole("low"),
        high=section.maybe_whole("high"),
    )


def _check_ranges(found: Scale, *, where: str) -> None:
    """Ranges rise from 0 to 100 and do not overlap; either every step has one or none has."""
    bounds = [bound for step in found.steps for bound in (step.low, step.high)]
    if all(bound is None for bound in bounds):
        return
    numbers = [bound for bound in bounds if bound is not None]
    if len(numbers) < len(bounds) or numbers != sorted(numbers) or numbers[0] < 0 or numbers[-1] > 100:
        raise Malformed(say("%(where)s: ranges must rise from 0 to 100, one for each step.", where=where))
