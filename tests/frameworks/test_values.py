"""The tables that frameworks share say what they should and fit the framework they speak of."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from forestall.base.errors import Malformed, Refused
from forestall.frameworks import load
from forestall.frameworks.crimes import ElementKind, crime, crimes
from forestall.frameworks.options import menu
from forestall.frameworks.scales import scale, scales
from forestall.frameworks.speech import speech


def test_ethnic_cleansing_is_no_separate_crime_in_law_and_is_read_across_five_indicators() -> None:
    found = crime("ethnic-cleansing")
    assert not found.separate_in_law
    assert found.read_across == ("4.4", "7.10", "10.8", "12.3", "13.7")
    assert [each.id for each in crimes() if each.separate_in_law] == [
        "genocide",
        "crimes-against-humanity",
        "war-crimes",
    ]


def test_the_reading_across_indicators_names_indicators_there_are() -> None:
    for each in crimes():
        for number in each.read_across:
            assert load(each.framework).indicator(number).number == number


def test_only_war_crimes_need_an_armed_conflict() -> None:
    assert [each.id for each in crimes() if each.needs_armed_conflict] == ["war-crimes"]


@pytest.mark.parametrize(("name", "acts"), [("genocide", 5), ("crimes-against-humanity", 11)])
def test_a_crime_lists_its_acts(name: str, acts: int) -> None:
    assert sum(element.kind is ElementKind.ACT for element in crime(name).elements) == acts


def test_a_crime_nobody_listed_is_refused() -> None:
    with pytest.raises(Refused, match="no crime piracy"):
        crime("piracy")


def test_the_rabat_test_has_six_parts_and_dangerous_speech_five_elements() -> None:
    worksheet = speech()
    assert {test.id: len(test.parts) for test in worksheet.tests} == {"rabat": 6, "dangerous-speech": 5}
    assert len(worksheet.hallmarks) == 5
    assert [level.id for level in worksheet.levels] == ["top", "intermediate", "bottom"]


def test_every_question_about_speech_is_a_question() -> None:
    marks = {"en": "?", "fr": "?", "ar": "؟"}
    for test in speech().tests:
        for part in test.parts:
            assert all(mark in part.question[language] for language, mark in marks.items()), part.id


def test_grades_run_from_a_to_f_and_from_1_to_6() -> None:
    assert [step.id for step in scale("reliability").steps] == list("ABCDEF")
    assert [step.id for step in scale("credibility").steps] == list("123456")


def test_no_information_is_another_step_than_not_present() -> None:
    assert [step.id for step in scale("presence").steps] == [
        "not_assessed", "no_information", "not_present", "emerging", "present", "severe",
    ]  # fmt: skip
    assert [step.id for step in scale("trend").steps] == ["deteriorating", "stable", "improving", "unclear"]
    assert [step.id for step in scale("confidence").steps] == ["low", "moderate", "high"]


def test_likelihood_words_stand_for_ranges_that_follow_one_another() -> None:
    steps = scale("likelihood").steps
    assert [(step.low, step.high) for step in steps] == [
        (1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99),
    ]  # fmt: skip
    assert scale("likelihood").step("likely").label["ar"] == "مرجَّح"
    assert all(step.low is None for step in scale("confidence").steps)


def test_the_second_likelihood_scale_leaves_gaps_between_its_ranges() -> None:
    steps = scale("likelihood-phia").steps
    assert all((before.high or 0) < (after.low or 0) for before, after in pairwise(steps))


def test_a_scale_or_step_there_is_not_is_refused() -> None:
    with pytest.raises(Refused, match="no scale taste"):
        scale("taste")
    with pytest.raises(Refused, match="no step certain"):
        scale("likelihood").step("certain")


def test_fifty_eight_measures_are_tied_to_factors_there_are() -> None:
    found = menu()
    known = {factor.number for factor in load(found.framework).factors}
    assert len(found.options) == 58
    assert all(set(option.factors) <= known for option in found.options)
    assert {number for option in found.options for number in option.factors} == known


def test_measures_are_found_by_the_factors_they_speak_to() -> None:
    assert [option.id for option in menu().tied_to(["14"])] == ["P08", "P42"]
    assert menu().tied_to([]) == ()


def test_every_measure_says_who_leads_what_it_needs_and_how_it_can_fail() -> None:
    for option in menu().options:
        assert option.leads and option.resources and option.caution["en"].endswith("."), option.id


def test_a_measure_there_is_not_is_refused() -> None:
    with pytest.raises(Refused, match="no preventive measure P99"):
        menu().option("P99")


def spoiled(tmp_path: Path, name: str, old: str, new: str) -> Path:
    text = (Path(menu.__wrapped__.__code__.co_filename).parent / name).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_broken_table_is_malformed_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"crimes genocide, elements GC-II-a.*`kind` must be one of"):
        crimes(spoiled(tmp_path, "crimes.toml", 'kind = "act"', 'kind = "deed"'))
    with pytest.raises(Malformed, match="ranges must rise"):
        scales(spoiled(tmp_path, "scales.toml", "high = 20", "high = 50"))
    with pytest.raises(Malformed, match="A stands twice"):
        scales(spoiled(tmp_path, "scales.toml", 'id = "B"', 'id = "A"'))
    with pytest.raises(Malformed, match="P01: `leads`"):
        menu(spoiled(tmp_path, "prevention_options.toml", 'leads = ["special-advisers"', 'leads = ["nobody"'))
    with pytest.raises(Malformed, match="keys nobody reads: weight"):
        speech(spoiled(tmp_path, "speech.toml", 'mark = "V"', 'mark = "V"\nweight = 2'))
