"""The menu of preventive measures: which factors each speaks to, who leads, what it needs and how it can do harm.

Links, leads and cautions are our proposals for a person to weigh. Nothing here ranks or recommends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

from .definition import Section, read_section, refuse_repeats
from .framework import Text

DEFINITION = Path(__file__).with_name("prevention_options.toml")
_PILLARS = {"I", "II", "III"}


class Stage(StrEnum):
    """How soon a measure can work: structural in years, operational in months, emergency in days."""

    STRUCTURAL = "structural"
    OPERATIONAL = "operational"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Evidence:
    """The measure's name in the USHMM catalogue of tools and whether that holds a systematic review of it.

    `strategies`: D dissuade, G degrade, P protect, T transition. Facts only, of commit 0b152f7 (4 August 2025).
    """

    tool: str
    reviewed: bool
    strategies: str


@dataclass(frozen=True)
class Option:
    """One measure. `leads` and `resources` are ids in the menu; `factors` are numbers in the menu's framework."""

    id: str
    name: Text
    category: str
    factors: tuple[str, ...]
    pillars: tuple[str, ...]
    stage: Stage
    leads: tuple[str, ...]
    resources: tuple[str, ...]
    caution: Text
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Menu:
    """All measures, with the names of categories, leads and resources by id."""

    framework: str
    categories: Mapping[str, Text]
    leads: Mapping[str, Text]
    resources: Mapping[str, Text]
    options: tuple[Option, ...]

    def option(self, id: str) -> Option:  # noqa: A002 - the catalogue's own word
        """The measure with this id. Raises `Refused` when there is none."""
        for each in self.options:
            if each.id == id:
                return each
        raise Refused(say("There is no preventive measure %(id)s.", id=id))

    def tied_to(self, factors: Iterable[str]) -> tuple[Option, ...]:
        """The measures that speak to any of these factors, in the menu's order."""
        asked = set(factors)
        return tuple(option for option in self.options if asked & set(option.factors))


@cache
def menu(path: Path = DEFINITION) -> Menu:
    """The menu. Raises `Malformed` for a broken definition."""
    section = read_section(path)
    section.only("framework", "categories", "leads", "resources", "options")
    found = Menu(
        framework=section.word("framework"),
        categories=_names(section, "categories"),
        leads=_names(section, "leads"),
        resources=_names(section, "resources"),
        options=tuple(_option(each) for each in section.sections("options", named="id")),
    )
    refuse_repeats((option.id for option in found.options), where=section.where)
    for option in found.options:
        _check(option, menu=found)
    return found


def _names(section: Section, key: str) -> Mapping[str, Text]:
    entries = section.sections(key, named="id")
    for entry in entries:
        entry.only("id", languages=True)
    refuse_repeats((entry.word("id") for entry in entries), where=section.where)
    return MappingProxyType({entry.word("id"): entry.languages() for entry in entries})


def _option(section: Section) -> Option:
    section.only(
        "id", "category", "factors", "pillars", "stage", "leads", "resources", "evidence", "name", "caution"
    )
    return Option(
        id=section.word("id"),
        name=section.text("name"),
        category=section.word("category"),
        factors=section.words("factors"),
        pillars=section.words("pillars"),
        stage=section.choice("stage", among=Stage),
        leads=section.words("leads"),
        resources=section.words("resources"),
        caution=section.text("caution"),
        evidence=_evidence(section.section("evidence")) if "evidence" in section.content else None,
    )


def _evidence(section: Section) -> Evidence:
    section.only("tool", "reviewed", "strategies")
    return Evidence(
        tool=section.word("tool"), reviewed=section.truth("reviewed"), strategies=section.word("strategies")
    )


def _check(option: Option, *, menu: Menu) -> None:
    """Every id an option names is in the menu, and nothing it must name is empty."""
    for key, named, known in (
        ("category", (option.category,), set(menu.categories)),
        ("leads", option.leads, set(menu.leads)),
        ("resources", option.resources, set(menu.resources)),
        ("pillars", option.pillars, _PILLARS),
        ("factors", option.factors, set(option.factors)),
    ):
        if not named or not set(named) <= known:
            raise Malformed(
                say("%(option)s: `%(key)s` names nothing, or something unknown.", option=option.id, key=key)
            )
