"""Suggests the countries a text is about, from the names of countries, peoples, capitals and cities in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from forestall.base.words import Words, say
from forestall.reading.passage import Passage
from forestall.reading.suggester import Answer, Suggestion, folder_digest, read_card

from .gazetteer import Gazetteer, world
from .mention import Mention, mentions

_HERE = Path(__file__).parent
_WEIGHT = {"country": 1.0, "capital": 0.9, "region": 0.9, "city": 0.8, "nationality": 0.6}
_SEAT_WEIGHT = 0.2
_LEAD = 300
_LEAD_WEIGHT = 1.8
_PROMINENT_SHARE = 0.34
_FAINTEST = 0.3


def _reason(mention: Mention) -> Words:
    surface = mention.surface
    match mention.kind, mention.how:
        case _, "context":
            return say(
                "%(name)s has several bearers; other words of the text speak for this one.", name=surface
            )
        case _, "usual":
            return say(
                "%(name)s has several bearers and the text does not say which: the usual one.", name=surface
            )
        case _, "larger":
            return say("%(name)s stands before the name of the larger place it lies in.", name=surface)
        case "country", _:
            return say("The text names the country: %(name)s.", name=surface)
        case "nationality", _:
            return say("The text names the people or speaks of what is theirs: %(name)s.", name=surface)
        case "capital", _:
            return say("The text names the capital: %(name)s.", name=surface)
        case "region", _:
            return say("The text names a part of the country: %(name)s.", name=surface)
    return say("The text names a city: %(name)s.", name=surface)


class PlaceSuggester:
    """Suggests a country (ISO 3166-1 alpha-3) for each name of a place; `qualifier` says how precise the name is.

    Qualifiers: `country`, `capital`, `region`, `city`, `nationality`, and `seat` for a city that houses
    headquarters, where a text is often written and seldom about.
    """

    kind = "place"
    languages: frozenset[str] | None = None

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        card = read_card(_HERE)
        self.name, self.version = card.name, card.version
        self.digest = folder_digest(_HERE)
        self.gazetteer = gazetteer or world()

    def with_gazetteer(self, gazetteer: Gazetteer) -> PlaceSuggester:
        """The same suggester over another list of names (see `Gazetteer.with_country`)."""
        return PlaceSuggester(gazetteer)

    def suggest(self, passages: Sequence[Passage]) -> list[Answer]:
        """One answer per passage: a suggestion per name, in the order of the text."""
        index = self.gazetteer.index
        return [
            Answer(
                self._suggestion(found, is_seat=found.key in index.ambiguity.seats)
                for found in mentions(passage.text, index=index)
            )
            for passage in passages
        ]

    def _suggestion(self, mention: Mention, *, is_seat: bool) -> Suggestion:
        return Suggestion(
            label=mention.code,
            score=mention.score,
            start=mention.start,
            end=mention.end,
            reason=_reason(mention),
            suggester=self.name,
            version=self.version,
            digest=self.digest,
            qualifier="seat" if is_seat and mention.kind != "country" else mention.kind,
        )


def document_countries(suggestions: Iterable[Suggestion]) -> list[str]:
    """The countries (ISO 3166-1 alpha-3) a document is about, the most prominent first.

    A country counts by how often, how plainly and how early it is named; those well behind the first are left out,
    and a document that names a place only in passing still gets its country.
    """
    weights: dict[str, float] = defaultdict(float)
    for found in suggestions:
        weight = _SEAT_WEIGHT if found.qualifier == "seat" else _WEIGHT.get(found.qualifier, 0.5)
        weights[found.label] += weight * found.score * (_LEAD_WEIGHT if found.start < _LEAD else 1.0)
    if not weights:
        return []
    ranked = sorted(weights, key=lambda code: (-weights[code], code))
    least = max(_FAINTEST, _PROMINENT_SHARE * weights[ranked[0]])
    return [code for code in ranked if weights[code] >= least] or ranked[:1]


def make() -> PlaceSuggester:
    """The suggester as the catalogue offers it, over the world's gazetteer."""
    return PlaceSuggester()
