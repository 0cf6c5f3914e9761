"""Every framework of the catalogue keeps the contract, and the figures we state about them are true."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from forestall.base.catalogue import read_definition
from forestall.frameworks import REQUIRED_LANGUAGES, entries, load, refuse_unheld
from forestall.frameworks.framework import Scope, Verification
from forestall.frameworks.loading import CATALOGUE
from forestall.frameworks.validation import validate

ENTRIES = entries()


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_loads_and_validation_finds_nothing_to_mend(entry: str) -> None:
    framework = load(entry)
    target = load(framework.crosswalk_to) if framework.crosswalk_to else None
    assert [str(finding) for finding in validate(framework, crosswalk_target=target)] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_stands_in_a_folder_of_its_name_and_is_released_under_its_digest(entry: str) -> None:
    framework = load(entry)
    released = read_definition(CATALOGUE / entry.replace("-", "_") / "digests.toml")
    assert framework.id == entry
    assert released[framework.version] == framework.digest


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_text_is_written_in_every_promised_language_and_nothing_is_left_in_english(entry: str) -> None:
    framework = load(entry)
    texts = [framework.title, framework.publisher, framework.note]
    for factor in framework.factors:
        texts += [factor.title, factor.text, *(indicator.text for indicator in factor.indicators)]
    texts += [rule.text for rule in framework.guidance]
    for text in texts:
        assert set(REQUIRED_LANGUAGES) <= set(text)
        assert len(set(text.values())) == len(text), text["en"]
        assert not re.search(r"[A-Za-z]{3}", text["ar"]), text["ar"]


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_shipped_claims_that_its_wording_was_held_against_the_official_text(entry: str) -> None:
    assert not any(indicator.held for indicator in load(entry).indicators)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_shipped_wording_may_leave_the_office(entry: str) -> None:
    framework = load(entry)
    for number in framework.numbers:
        with pytest.raises(Exception, match=re.escape(number)):
            refuse_unheld(framework, [number], leaving="the public site")


def test_the_framework_of_2014_has_fourteen_factors_and_143_indicators_in_their_places() -> None:
    framework = load("unfaac-2014")
    assert [len(factor.indicators) for factor in framework.factors] == [
        11, 8, 10, 9, 8, 11, 14, 12, 6, 8, 8, 10, 19, 9,
    ]  # fmt: skip
    assert [factor.scope for factor in framework.factors] == (
        [Scope.COMMON] * 8
        + [Scope.GENOCIDE] * 2
        + [Scope.CRIMES_AGAINST_HUMANITY] * 2
        + [Scope.WAR_CRIMES] * 2
    )
    assert "-".join(framework.symbols) == "A/70/741-S/2016/71"


def test_the_framework_of_2014_says_how_much_of_it_was_seen() -> None:
    marks = Counter(indicator.verification for indicator in load("unfaac-2014").indicators)
    assert marks == {
        Verification.VERIFIED: 37,
        Verification.PARTLY: 2,
        Verification.MEMORY: 68,
        Verification.UNCERTAIN: 36,
    }


def test_the_framework_of_2009_has_eight_categories_each_with_counterparts_in_2014() -> None:
    categories = load("osapg-2009").factors
    assert len(categories) == 8
    assert all(category.counterparts for category in categories)
