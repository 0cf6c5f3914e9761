"""Asking the suggesters about items, and keeping what they propose for a person to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from forestall import exercises, frameworks, suggesters
from forestall.exercises import Exercise
from forestall.frameworks.framework import Framework
from forestall.reading.passage import Document, Passage, passages
from forestall.reading.signature import own_words
from forestall.reading.suggester import Suggester
from forestall.reading.suggester import Suggestion as Proposed
from forestall.record.actions import set_new_beside
from forestall.suggesters.indicator.suggester import IndicatorSuggester, IndicatorText
from forestall.suggesters.place.gazetteer import Gazetteer, world
from forestall.suggesters.place.suggester import PlaceSuggester, document_countries

from .models import Item, Suggestion

LEAST_SHARE = 0.2
"""A language that fills less of an item than this is not one of its languages."""


@dataclass
class Readers:
    """The suggesters at work, with what the caller adds: an exercise's country, a framework as a value."""

    language: Suggester = field(default_factory=lambda: suggesters.load("language"))
    place: Suggester = field(default_factory=lambda: suggesters.load("place"))
    indicator: Suggester | None = None

    @classmethod
    def with_framework(cls, framework: Framework, *, exercise: Exercise | None = None) -> Readers:
        """The default suggesters with the indicators of `framework`, and an exercise's places when it is one."""
        readers = cls(indicator=indicators_of(framework))
        if exercise is not None:
            readers.place = PlaceSuggester().with_gazetteer(gazetteer(exercise))
        return readers


FRAMEWORK = "unfaac-2014"
"""The framework whose indicators are suggested."""


def office_readers() -> Readers:
    """The suggesters of this home; in an exercise home they know the exercise's country too."""
    played = [exercises.load(name) for name in exercises.entries()] if settings.HOME.is_exercise else []
    return Readers.with_framework(frameworks.load(FRAMEWORK), exercise=played[0] if played else None)


def gazetteer(exercise: Exercise) -> Gazetteer:
    """The world's places and the exercise country's, in every script."""
    country = exercise.country
    return world().with_country(
        country.code,
        names=list(country.names.values()),
        places={
            "city": [name for unit in country.units for town in unit.towns for name in town.names.values()],
            "region": [name for unit in country.units for name in unit.names.values()],
        },
        peoples=list(country.adjectives.values()),
    )


def indicators_of(framework: Framework) -> Suggester:
    """The indicator suggester held to the indicators of `framework`, handed in as values."""
    return IndicatorSuggester(IndicatorText(one.number, one.text) for one in framework.indicators)


@dataclass(frozen=True)
class Read:
    """What the suggesters say of one item: its languages, its countries, and every suggestion with its span."""

    languages: list[str]
    countries: list[str]
    found: list[tuple[Proposed, Passage]]


def read(title: str, text: str, *, readers: Readers) -> Read:
    """Language first, because the others abstain outside the languages they know."""
    whole = Document(id="item", text=text, title=title).whole()
    spoken = readers.language.suggest([whole])[0]
    languages = [one.label for one in spoken if one.share >= LEAST_SHARE] or ["und"]
    pieces = _pieces(title, text, language=languages[0])
    entire = _entire(title, text, language=languages[0])
    placed = [(one, entire) for one in readers.place.suggest([entire])[0]]
    found = [(one, whole) for one in spoken] + placed
    if readers.indicator is not None:
        told = readers.indicator.suggest(pieces)
        found += [(one, piece) for piece, answer in zip(pieces, told, strict=True) for one in answer]
    return Read(languages, document_countries(one for one, _ in placed), found)


def _entire(title: str, text: str, *, language: str) -> Passage:
    """Title and text as one passage that counts from where the text begins: what a name means shows in the sentences around."""
    head = f"{title}\n\n" if title else ""
    told = own_words(text)  # a sender's address says where they sit, not what they write about
    return Passage(id="entire", text=head + told, language=language, start=-len(head), end=len(told))


def _pieces(title: str, text: str, *, language: str) -> list[Passage]:
    head = [Passage(id="title", text=title, language=language, start=0, end=0)] if title else []
    return [*head, *passages(text, language=language, within="text")]


def keep(told: Iterable[tuple[Item, Sequence[tuple[Proposed, Passage]]]]) -> None:
    """Keep what was found about each item, under its label. One per suggester and value: the strongest, with its span."""
    set_new_beside([_kept(item, one, piece) for item, found in told for one, piece in _strongest(found)])


def _strongest(found: Sequence[tuple[Proposed, Passage]]) -> Iterable[tuple[Proposed, Passage]]:
    strongest: dict[tuple[str, str, str], tuple[Proposed, Passage]] = {}
    for one, piece in found:
        key = (one.suggester, one.label, one.qualifier if one.suggester == "indicator" else "")
        if key not in strongest or one.score > strongest[key][0].score:
            strongest[key] = (one, piece)
    return strongest.values()


def _kept(item: Item, one: Proposed, piece: Passage) -> Suggestion:
    inside = piece.id not in ("title", "item") and piece.start + one.start >= 0
    start = piece.start + one.start if inside else 0
    end = piece.start + one.end if inside else 0
    made = Suggestion(
        item=item,
        suggester=one.suggester,
        version=f"{one.version} {one.digest[:12]}",
        value=one.label,
        direction=one.qualifier if one.suggester == "indicator" else "",
        score=round(one.score, 4),
        start=start,
        end=end,
        quote=item.text[start:end],
        reason=one.reason.message,
        parameters={name: str(value) for name, value in one.reason.parameters.items()},
    )
    return made.labelled(item.label)
