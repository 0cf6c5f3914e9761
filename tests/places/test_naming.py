"""A messy name leads to the country it means, to several when it means several, and never to a guess."""

from __future__ import annotations

import pytest

from forestall import places
from forestall.places import naming, register
from forestall.places.tabletext import LANGUAGES, rows

AMBIGUOUS = {"COG": ["COG", "COD"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_official_name_finds_its_country_and_no_other(language: str) -> None:
    found = {one.iso3: places.find(one.names[language]) for one in places.countries()}
    assert {code: those for code, those in found.items() if those != AMBIGUOUS.get(code, [code])} == {}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("burma", ["MMR"]),
        ("The Gambia", ["GMB"]),
        ("St. Kitts & Nevis", ["KNA"]),
        ("COTE D’IVOIRE", ["CIV"]),
        ("Ivory Coast", ["CIV"]),
        ("République Démocratique du Congo", ["COD"]),
        ("D.R. Congo", ["COD"]),
        ("Congo (Brazzaville)", ["COG"]),
        ("刚果(金)", ["COD"]),
        ("刚果（布）", ["COG"]),
        ("ЦАР", ["CAF"]),
        ("Великобритания", ["GBR"]),
        ("سوريا", ["SYR"]),
        ("الامارات", ["ARE"]),
        ("EE. UU.", ["USA"]),
        ("韩国", ["KOR"]),
        ("the Islamic Republic of Afghanistan", ["AFG"]),
        ("Sénégalaises", ["SEN"]),
        ("nigérien", ["NER"]),
        ("nigérian", ["NGA"]),
        ("Bissau-Guinean", ["GNB"]),
        ("USSR", ["SUN"]),
        ("Kosovo", ["XKX"]),
        ("KE", ["KEN"]),
        ("SSD", ["SSD"]),
    ],
)
def test_a_known_way_of_writing_finds_one_country(text: str, codes: list[str]) -> None:
    assert places.find(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Korea", {"KOR", "PRK"}),
        ("Congo", {"COG", "COD"}),
        ("Congolese", {"COG", "COD"}),
        ("Dominican", {"DMA", "DOM"}),
        ("Virgin Islands", {"VGB", "VIR"}),
        ("Yugoslavia", {"YUG", "SCG"}),
    ],
)
def test_I14_an_ambiguous_name_finds_all_it_may_mean(text: str, codes: set[str]) -> None:
    assert set(places.find(text)) == codes


@pytest.mark.parametrize(
    "text", ["", "  ", "us", "no", "in", "car", "opt", "Nigerland", "Sudan and Chad", "Crimea"]
)
def test_what_is_no_name_of_a_country_finds_none(text: str) -> None:
    assert places.find(text) == []


def test_a_territory_without_a_code_is_found_among_territories() -> None:
    assert [one.id for one in naming.find_territories("jammu and kashmir")] == ["jammu-and-kashmir"]
    assert naming.find_territories("Kashmiri food") == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_state_has_a_nationality(language: str) -> None:
    adjectives = [
        row for row in rows("aliases.csv") if row["kind"] == "adjective" and row["language"] == language
    ]
    told = {code for row in adjectives for code in row["codes"].split()}
    assert {one.iso3 for one in places.member_and_observer_states()} - told == {"VAT"}


def test_every_alias_leads_to_codes_in_the_register_and_stands_once() -> None:
    aliases = rows("aliases.csv")
    assert {code for row in aliases for code in row["codes"].split()} <= register.codes()
    keys = [(row["alias"], row["language"], row["kind"], row["codes"]) for row in aliases]
    assert len(keys) == len(set(keys))
    assert all(set(row["codes"].split()) <= set(places.find(row["alias"])) for row in aliases)
