"""Invented names keep their distance from real ones, in each script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import pytest
from babel import Locale

from tests.exercises.reality import GROUPS, UNITS

CLOSEST = 3
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
COMMON = re.compile(
    r"(?i)\b(?:northern|southern|capital|district|basin|du|de|nord|sud|bassin|distrito|cuenca|del|norte|sur)\b|l'"
    r"|столичный|округ|северная|южная|бассейн|منطقة|العاصمة|الشمالية|الجنوبية|حوض|首都区|盆地|^北|^南|人$|教派$"
)


def folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).removeprefix("ال")


def distance(one: str, other: str) -> int:
    """Letters to change, add or drop (Levenshtein)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, row = row, [place]
        for column, facing in enumerate(other, start=1):
            row.append(min(row[-1] + 1, above[column] + 1, above[column - 1] + (letter != facing)))
    return row[-1]


def near(name: str, real: Iterable[str]) -> list[str]:
    said = folded(name)
    return [one for one in real if abs(len(one) - len(said)) < CLOSEST and distance(said, one) < CLOSEST]


def real_names(language: str) -> set[str]:
    locale = Locale(language)
    named = [*locale.territories.values(), *locale.languages.values(), *GROUPS, *UNITS]
    words = [word for name in named for word in re.split(r"[\s()\-,]+", str(name)) if len(word) > 3]
    return {folded(name) for name in [*map(str, named), *words]}


def invented(karvania, language: str) -> Iterator[str]:
    country = karvania.country
    towns = [town for unit in country.units for town in unit.towns]
    for names in [country.names, *country.neighbours.values(), *(one.names for one in country.units)]:
        yield from COMMON.sub(" ", names[language]).split()
    for one in [*towns, *country.groups]:
        yield from COMMON.sub(" ", one.names[language]).split()


def test_the_distance_counts_letters():
    assert distance("karvania", "karvania") == 0
    assert distance("oremi", "oromo") == 2
    assert near("Oremi", [folded("Oromo")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_invented_name_is_more_than_two_letters_from_any_real_one(karvania, language):
    real = real_names(language)
    close = {name: found for name in invented(karvania, language) if (found := near(name, real))}

    assert len(set(invented(karvania, language))) > 40
    assert close == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_item_names_a_real_state(karvania, language):
    """The organisation is no State; CLDR lists it as a territory."""
    locale = Locale(language)
    organisation = {str(locale.territories["UN"])}
    states = {
        str(name) for name in locale.territories.values() if len(str(name)) > 3 or language == "zh"
    } - organisation
    boundary = "" if language == "zh" else r"(?<!\w)|(?!\w)"
    before, _, after = boundary.partition("|")
    any_state = re.compile(
        before + "(?:" + "|".join(re.escape(name) for name in sorted(states)) + ")" + after
    )
    texts = {item.id: f"{item.title} {item.text}" for item in karvania.items if item.language == language}
    named = {
        identifier: found.group() for identifier, text in texts.items() if (found := any_state.search(text))
    }

    assert len(texts) > 10
    assert named == {} or set(named.values()) <= {"联合国"}


def test_the_country_has_a_user_assigned_code(karvania):
    """ISO 3166-1 leaves ZZA to ZZZ to users, so no real State has them or will."""
    codes = {karvania.country.code, *karvania.country.neighbours}

    assert codes == {"ZZK", "ZZN", "ZZS"}
