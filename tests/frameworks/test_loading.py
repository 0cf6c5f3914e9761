"""A definition is read strictly, and an edition in use never changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed, Refused
from forestall.frameworks import entries, load, require_same, versions
from forestall.frameworks.framework import Framework, Scope, Verification, in_language

Build = Callable[[dict[str, Any]], Framework]


def as_toml(value: Any) -> str:
    """Inline TOML: JSON's spelling but for keys."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def write(folder: Path, definition: dict[str, Any], *, name: str = "framework.toml") -> None:
    folder.mkdir(exist_ok=True)
    lines = [f"{key} = {as_toml(value)}" for key, value in definition.items()]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


def test_a_folder_with_a_definition_is_an_entry_and_needs_nothing_else(
    tmp_path: Path, definition: dict[str, Any]
) -> None:
    write(tmp_path / "miniature_2001", definition)
    (tmp_path / "notes").mkdir()
    assert entries(tmp_path) == ["miniature-2001"]
    assert load("miniature-2001", catalogue=tmp_path).numbers == ("1.1", "1.2", "1.3", "2.1", "2.2")


def test_a_framework_nobody_wrote_is_refused_with_those_there_are(
    tmp_path: Path, definition: dict[str, Any]
) -> None:
    write(tmp_path / "miniature_2001", definition)
    with pytest.raises(Refused, match=r"no framework other.*miniature-2001"):
        load("other", catalogue=tmp_path)


def test_an_older_edition_stays_within_reach_when_a_new_one_comes_into_force(
    tmp_path: Path, definition: dict[str, Any]
) -> None:
    folder = tmp_path / "miniature"
    write(folder, definition | {"version": "10"})
    write(folder, definition | {"version": "9"}, name="edition-9.toml")
    write(folder, definition | {"version": "2", "year": 1999}, name="edition-2.toml")
    assert versions("miniature", catalogue=tmp_path) == ["2", "9", "10"]
    assert load("miniature", "2", catalogue=tmp_path).year == 1999
    assert load("miniature", catalogue=tmp_path).version == "10"
    with pytest.raises(Refused, match=r"no version 3 of miniature.*2, 9, 10"):
        load("miniature", "3", catalogue=tmp_path)


def test_an_edition_that_was_released_and_then_changed_is_not_loaded(
    tmp_path: Path, definition: dict[str, Any], miniature: Framework
) -> None:
    folder = tmp_path / "miniature"
    write(folder, definition)
    (folder / "digests.toml").write_text(f'"1" = "{miniature.digest}"\n', encoding="utf-8")
    assert load("miniature", catalogue=tmp_path).digest == miniature.digest

    load.cache_clear()
    definition["factors"][0]["indicators"][0]["en"] = "The river is very high."
    write(folder, definition)
    with pytest.raises(Malformed, match="give the new content a new version"):
        load("miniature", catalogue=tmp_path)


def test_a_judgement_made_against_other_content_is_not_read_with_this_one(miniature: Framework) -> None:
    require_same(miniature, digest=miniature.digest)
    with pytest.raises(Refused, match="not the content this judgement was made against"):
        require_same(miniature, digest="0" * 64)


def test_the_digest_follows_content_and_not_the_order_of_keys(
    definition: dict[str, Any], miniature: Framework, build: Build
) -> None:
    assert build(dict(reversed(definition.items()))).digest == miniature.digest
    definition["factors"][1]["indicators"][0]["nature"] = "structural"
    assert build(definition).digest != miniature.digest


def test_an_indicator_knows_its_factor_scope_and_citation(definition: dict[str, Any], build: Build) -> None:
    definition["factors"][1]["scope"] = "war-crimes"
    definition["factors"][1]["indicators"][1] |= {"page": 12, "mark": "V", "source": "S1"}
    found = build(definition).indicator("2.2")
    assert (found.factor, found.scope, found.verification) == ("2", Scope.WAR_CRIMES, Verification.VERIFIED)
    assert str(found.citation.words(language="en")) == "X/1, 2.2, page 12"


def test_a_citation_without_a_page_says_no_page(miniature: Framework) -> None:
    assert str(miniature.indicator("1.1").citation.words(language="en")) == "X/1, 1.1"


def test_factors_of_a_crime_are_its_own_and_the_common_ones(definition: dict[str, Any], build: Build) -> None:
    definition["factors"][1]["scope"] = "genocide"
    framework = build(definition)
    assert [each.number for each in framework.speaking_to(Scope.GENOCIDE)] == ["1", "2"]
    assert [each.number for each in framework.speaking_to(Scope.WAR_CRIMES)] == ["1"]


def test_a_number_the_framework_lacks_is_refused(miniature: Framework) -> None:
    with pytest.raises(Refused, match=r"no indicator 7\.14"):
        miniature.indicator("7.14")
    with pytest.raises(Refused, match="no factor 7"):
        miniature.factor("7")


def test_a_language_nobody_wrote_falls_back_to_english(miniature: Framework) -> None:
    text = miniature.indicator("2.2").text
    assert in_language(text, language="zh") == "Moles dig."
    assert in_language(text, language="fr") == "En français : Moles dig."


def _wrong(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(definition: dict[str, Any]) -> None:
        *steps, last = path.split("/")
        place: Any = definition
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return spoil


FIRST = "factors/0/indicators/0"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_wrong("colour", "blue"), "keys nobody reads: colour"),
        (_wrong(f"{FIRST}/weight", 3), "factors 1, indicators 1.1 has keys nobody reads: weight"),
        (_wrong("factors/0/title/de", "Wasser"), "keys nobody reads: de"),
        (_wrong(f"{FIRST}/ar", None), "indicators 1.1 is not written in: ar"),
        (_wrong(f"{FIRST}/fr", "  "), "`fr` is blank"),
        (_wrong("factors/0/indicators", []), "`indicators` must list tables"),
        (_wrong("factors/0/indicators", None), "`indicators` must be a list of tables; found nothing"),
        (_wrong(f"{FIRST}/number", "1.2"), "1.2 stands twice"),
        (_wrong(f"{FIRST}/number", "1.7"), "number 1.1 was expected; found 1.7"),
        (_wrong("factors/1/number", "3"), "number 2 was expected; found 3"),
        (_wrong(f"{FIRST}/number", 1.1), "`number` must be a text; found 1.1"),
        (
            _wrong(f"{FIRST}/nature", "sudden"),
            "`nature` must be one of structural, dynamic, trigger; found sudden",
        ),
        (_wrong(f"{FIRST}/mark", "X"), "`mark` must be V, P, M or m; found X"),
        (_wrong(f"{FIRST}/source", "S9"), "1.1 names the source S9, which is not listed"),
        (_wrong(f"{FIRST}/page", True), "`page` must be a whole number; found True"),
        (_wrong("symbols", "X/1"), "`symbols` must be a list"),
        (_wrong("symbols", [""]), "`symbols` must list texts"),
        (_wrong("year", "2001"), "`year` must be a whole number"),
    ],
)
def test_a_definition_that_breaks_the_contract_is_malformed_with_its_place(
    definition: dict[str, Any], build: Build, spoil: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    spoil(definition)
    with pytest.raises(Malformed) as error:
        build(definition)
    assert sentence in str(error.value)


def test_a_file_that_is_no_toml_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "framework.toml").write_text("version = ", encoding="utf-8")
    with pytest.raises(Malformed, match="is not TOML"):
        load("broken", catalogue=tmp_path)


def test_a_citation_without_a_symbol_names_its_framework_in_the_readers_language() -> None:
    cited = load("osapg-2009").indicator("A1.1").citation
    assert str(cited.words(language="fr")).startswith("Cadre d’analyse du Bureau du Conseiller spécial")
    assert str(cited.words(language="en")) == "OSAPG Analysis Framework, A1.1"
