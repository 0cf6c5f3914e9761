"""The questions a person answers about speech: the Rabat test, dangerous speech, its hallmarks, and levels in law.

Each part is answered on its own and nothing is summed. No machine answers, and no person is labelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .definition import Section, read_mark, read_section, refuse_repeats
from .framework import Text, Verification

DEFINITION = Path(__file__).with_name("speech.toml")


@dataclass(frozen=True)
class SpeechPart:
    """One part of a test and its question."""

    id: str
    title: Text
    question: Text


@dataclass(frozen=True)
class SpeechTest:
    """A test: `rule` says what its parts amount to."""

    id: str
    title: Text
    rule: Text
    citation: str
    verification: Verification
    parts: tuple[SpeechPart, ...]


@dataclass(frozen=True)
class Hallmark:
    """A mark by which dangerous speech is often known."""

    id: str
    text: Text
    verification: Verification


@dataclass(frozen=True)
class SpeechLevel:
    """What the law asks, allows or leaves alone."""

    id: str
    title: Text
    text: Text
    verification: Verification


@dataclass(frozen=True)
class Speech:
    """The whole worksheet."""

    tests: tuple[SpeechTest, ...]
    hallmarks: tuple[Hallmark, ...]
    levels: tuple[SpeechLevel, ...]


@cache
def speech(path: Path = DEFINITION) -> Speech:
    """The worksheet. Raises `Malformed` for a broken definition."""
    section = read_section(path)
    section.only("tests", "hallmarks", "levels")
    found = Speech(
        tests=tuple(_test(each) for each in section.sections("tests", named="id")),
        hallmarks=tuple(_hallmark(each) for each in section.sections("hallmarks", named="id")),
        levels=tuple(_level(each) for each in section.sections("levels", named="id")),
    )
    for test in found.tests:
        refuse_repeats((part.id for part in test.parts), where=f"{section.where}, {test.id}")
    return found


def _test(section: Section) -> SpeechTest:
    section.only("id", "mark", "citation", "title", "rule", "parts")
    return SpeechTest(
        id=section.word("id"),
        title=section.text("title"),
        rule=section.text("rule"),
        citation=section.word("citation"),
        verification=read_mark(section),
        parts=tuple(_part(each) for each in section.sections("parts", named="id")),
    )


def _part(section: Section) -> SpeechPart:
    section.only("id", "title", "question")
    return SpeechPart(id=section.word("id"), title=section.text("title"), question=section.text("question"))


def _hallmark(section: Section) -> Hallmark:
    section.only("id", "mark", languages=True)
    return Hallmark(id=section.word("id"), text=section.languages(), verification=read_mark(section))


def _level(section: Section) -> SpeechLevel:
    section.only("id", "mark", "title", "text")
    return SpeechLevel(
        id=section.word("id"),
        title=section.text("title"),
        text=section.text("text"),
        verification=read_mark(section),
    )
