"""Two editions are compared by what their indicators say, two frameworks by their crosswalk."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from forestall.base.errors import Refused
from forestall.frameworks import load
from forestall.frameworks.difference import Change, compare, crosswalk
from forestall.frameworks.framework import Framework

Build = Callable[[dict[str, Any]], Framework]


def renumbered(indicators: list[dict[str, Any]], factor: str) -> list[dict[str, Any]]:
    return [{**each, "number": f"{factor}.{rank}"} for rank, each in enumerate(indicators, start=1)]


def test_an_edition_is_no_different_from_itself(miniature: Framework) -> None:
    assert compare(miniature, miniature).is_empty


def test_an_indicator_set_in_the_middle_is_added_and_what_follows_is_renumbered(
    definition: dict[str, Any], miniature: Framework, build: Build
) -> None:
    new = copy.deepcopy(definition)
    indicators = new["factors"][0]["indicators"]
    added = {**indicators[0], "en": "The ice breaks.", "fr": "La glace cède.", "ar": "الجليد يتكسر."}
    new["factors"][0]["indicators"] = renumbered([indicators[0], added, *indicators[1:]], "1")
    found = compare(miniature, build(new))
    assert found.added == ("1.2",)
    assert found.renumbered == (("1.2", "1.3"), ("1.3", "1.4"))
    assert found.removed == ()
    assert found.changed == ()


def test_an_indicator_taken_away_is_removed_and_what_follows_is_renumbered(
    definition: dict[str, Any], miniature: Framework, build: Build
) -> None:
    new = copy.deepcopy(definition)
    new["factors"][0]["indicators"] = renumbered(new["factors"][0]["indicators"][1:], "1")
    found = compare(miniature, build(new))
    assert found.removed == ("1.1",)
    assert found.renumbered == (("1.2", "1.1"), ("1.3", "1.2"))
    assert found.added == ()


def test_new_words_under_an_old_number_are_a_change_in_each_language(
    definition: dict[str, Any], miniature: Framework, build: Build
) -> None:
    definition["factors"][1]["indicators"][1] |= {"en": "Moles dig deep.", "nature": "structural"}
    definition["factors"][0]["title"]["ar"] = "ماء يرتفع"
    found = compare(miniature, build(definition))
    assert found.changed == (
        Change("1", "title ar", "بالعربية: Rising water", "ماء يرتفع"),
        Change("2.2", "nature", "dynamic", "structural"),
        Change("2.2", "text en", "Moles dig.", "Moles dig deep."),
    )
    assert (found.added, found.removed, found.renumbered) == ((), (), ())


def test_a_factor_that_moves_keeps_its_name(
    definition: dict[str, Any], miniature: Framework, build: Build
) -> None:
    first, second = definition["factors"]
    definition["factors"] = [
        {**second, "number": "1", "indicators": renumbered(second["indicators"], "1")},
        {**first, "number": "2", "indicators": renumbered(first["indicators"], "2")},
    ]
    found = compare(miniature, build(definition))
    assert ("1", "2") in found.renumbered
    assert ("2.2", "1.2") in found.renumbered
    assert len(found.renumbered) == 7
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_two_frameworks_are_not_two_editions(miniature: Framework) -> None:
    with pytest.raises(Refused, match="Ask for their crosswalk"):
        compare(miniature, replace(miniature, id="other"))


def test_the_crosswalk_names_what_has_no_counterpart_on_either_side(
    definition: dict[str, Any], miniature: Framework, build: Build
) -> None:
    definition["crosswalk_to"] = "miniature"
    definition["factors"][0]["counterparts"] = ["2"]
    found = crosswalk(replace(build(definition), id="older"), miniature)
    assert found.pairs == (("1", ("2",)),)
    assert found.old_alone == ("2",)
    assert found.new_alone == ("1",)


def test_a_crosswalk_nobody_keeps_is_refused(miniature: Framework) -> None:
    with pytest.raises(Refused, match="keeps no crosswalk"):
        crosswalk(miniature, miniature)


def test_factors_of_2014_on_conflict_and_war_crimes_have_no_counterpart_in_2009() -> None:
    assert crosswalk(load("osapg-2009"), load("unfaac-2014")).new_alone == ("1", "13", "14")
