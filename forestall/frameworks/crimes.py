"""The crimes in law as checklists of elements, and ethnic cleansing as a reading across indicators.

For reading and training. The Office makes no legal determination: a checklist is never a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from forestall.base.errors import Refused
from forestall.base.words import say

from .definition import Section, read_mark, read_section, refuse_repeats
from .framework import Text, Verification

DEFINITION = Path(__file__).with_name("crimes.toml")


class ElementKind(StrEnum):
    """What part an element plays."""

    PROTECTED = "protected"
    MENTAL = "mental"
    CONTEXT = "context"
    ACT = "act"
    PUNISHABLE = "punishable"
    FAMILY = "family"
    THRESHOLD = "threshold"
    DEFINITION = "definition"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Element:
    """One thing the law asks for, in our own words, with where it stands."""

    id: str
    kind: ElementKind
    text: Text
    citation: str
    verification: Verification


@dataclass(frozen=True)
class Crime:
    """A crime, or ethnic cleansing, for which `separate_in_law` is false and `read_across` names indicators."""

    id: str
    title: Text
    text: Text
    law: str
    separate_in_law: bool
    needs_armed_conflict: bool
    elements: tuple[Element, ...]
    framework: str
    read_across: tuple[str, ...] = ()


@cache
def crimes(path: Path = DEFINITION) -> tuple[Crime, ...]:
    """Genocide, crimes against humanity, war crimes, ethnic cleansing. Raises `Malformed` for a broken definition."""
    section = read_section(path)
    section.only("framework", "crimes")
    framework = section.word("framework")
    found = tuple(_crime(each, framework=framework) for each in section.sections("crimes", named="id"))
    refuse_repeats((crime.id for crime in found), where=section.where)
    refuse_repeats((element.id for crime in found for element in crime.elements), where=section.where)
    return found


def crime(id: str) -> Crime:  # noqa: A002 - the catalogue's own word
    """One of them by id. Raises `Refused` when there is none."""
    for each in crimes():
        if each.id == id:
            return each
    raise Refused(say("There is no crime %(id)s in the table of crimes.", id=id))


def _crime(section: Section, *, framework: str) -> Crime:
    section.only(
        "id", "law", "separate_in_law", "needs_armed_conflict", "read_across", "title", "text", "elements"
    )
    return Crime(
        id=section.word("id"),
        title=section.text("title"),
        text=section.text("text"),
        law=section.word("law"),
        separate_in_law=section.truth("separate_in_law"),
        needs_armed_conflict=section.truth("needs_armed_conflict"),
        elements=tuple(_element(each) for each in section.sections("elements", named="id")),
        framework=framework,
        read_across=section.words("read_across"),
    )


def _element(section: Section) -> Element:
    section.only("id", "kind", "mark", "citation", languages=True)
    return Element(
        id=section.word("id"),
        kind=section.choice("kind", among=ElementKind),
        text=section.languages(),
        citation=section.word("citation"),
        verification=read_mark(section),
    )
