"""The analyst's key keeps the Office's own rules."""

from __future__ import annotations

import pytest

from forestall.exercises.judgement import CONFIDENCES, PRESENCES, TRENDS
from tests.exercises.reality import INDICATORS


def judged(karvania):
    return [(assessment, one) for assessment in karvania.key.assessments for one in assessment.moved]


def cited(karvania):
    key, advice = karvania.key, karvania.advice
    lists = (
        key.factors,
        key.populations,
        key.scenarios,
        key.mitigations,
        advice.note,
        advice.recommendations,
    )
    yield from (cite for _, one in judged(karvania) for cite in one.cites)
    yield from (cite for entries in lists for entry in entries for cite in entry.cites)


def item_of(karvania, cite):
    return karvania.item(cite.split(".")[0])


def test_there_are_eight_assessments_in_order_and_the_last_is_two_days_old(karvania):
    days = [assessment.on for assessment in karvania.key.assessments]

    assert len(days) == 8
    assert days == sorted(days)
    assert (karvania.today - days[-1]).days == 2


def test_judgements_use_the_words_there_are(karvania):
    for _, one in judged(karvania):
        assert one.indicator in INDICATORS
        assert one.presence in PRESENCES
        assert one.trend in TRENDS
        assert one.confidence in CONFIDENCES if one.presence != "no_information" else one.confidence is None


def test_no_judgement_rests_on_what_had_not_been_received(karvania):
    late = [
        (assessment.id, cite)
        for assessment, one in judged(karvania)
        for cite in one.cites
        if item_of(karvania, cite).received_at.date() > assessment.on
    ]

    assert late == []


def test_everything_cited_exists_and_can_be_read_by_the_whole_desk(karvania):
    identifiers = set(karvania.observations) | {item.id for item in karvania.items}
    cites = list(cited(karvania))

    assert len(cites) > 150
    assert [cite for cite in cites if cite not in identifiers] == []
    shut = [cite for cite in cites if item_of(karvania, cite).protect]
    high = [cite for cite in cites if item_of(karvania, cite).marking == "STRICTLY CONFIDENTIAL"]
    assert (shut, high) == ([], [])


def test_an_observation_cited_for_an_indicator_is_coded_to_it(karvania):
    strays = [
        (assessment.id, one.indicator, cite)
        for assessment, one in judged(karvania)
        if one.presence != "no_information"
        for cite in one.cites
        if cite in karvania.observations
        and one.indicator not in {sign.number for sign in karvania.observations[cite].indicators}
    ]

    assert strays == []


def test_confidence_is_low_on_a_single_origin(karvania):
    for assessment, one in judged(karvania):
        origins = {
            item.originator for item in (item_of(karvania, cite) for cite in one.cites) if not item.copies
        }
        if len(origins) < 2 and one.presence != "no_information":
            assert one.confidence == "low", (assessment.id, one.indicator)


def test_nothing_ungraded_lifts_a_judgement_alone(karvania):
    for assessment, one in judged(karvania):
        if one.presence in ("emerging", "present", "severe"):
            grades = {item_of(karvania, cite).reliability for cite in one.cites}
            assert grades - {"F"}, (assessment.id, one.indicator)


def test_judgements_are_carried_forward(karvania):
    first, *_, last = karvania.key.assessments

    assert {one.indicator for one in first.moved} <= set(last.standing)
    assert last.standing["7.12"].presence == "severe"
    assert last.standing["7.5"].note == karvania.key.assessments[-2].standing["7.5"].note


def test_all_fourteen_factors_are_summed_up(karvania):
    assert [factor.factor for factor in karvania.key.factors] == list(range(1, 15))


def test_there_is_dissent_doubt_and_what_speaks_against(karvania):
    key = karvania.key

    assert len(key.scenarios) == 3
    assert all(scenario.watch for scenario in key.scenarios)
    assert key.dissents[0].by != key.assessments[-1].by
    assert min(len(key.gaps), len(key.mitigations)) >= 3


def test_the_dissent_was_made_by_a_reviewer_of_the_office(karvania):
    assert "senior_reviewer" in karvania.office.person(karvania.key.dissents[0].by).roles


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_note_speaks_three_languages(karvania, language):
    advice = karvania.advice

    assert all(sentence.text[language] for sentence in advice.note)
    assert all(one.text[language] and one.caution[language] for one in advice.recommendations)
    assert advice.ask.text[language] and advice.likelihood[language] and advice.confidence[language]


def test_likelihood_and_confidence_stay_two_sentences(karvania):
    advice = karvania.advice

    assert advice.likelihood_word in advice.likelihood["en"]
    assert "confidence" not in advice.likelihood["en"]
    assert advice.confidence_word in advice.confidence["en"]
    assert advice.likelihood_word not in advice.confidence["en"]


def test_every_sentence_of_the_note_names_its_evidence_received_in_time(karvania):
    for sentence in karvania.advice.note:
        assert sentence.cites, sentence.text["en"]
        assert all(item_of(karvania, cite).received_at.date() <= karvania.today for cite in sentence.cites)


def test_the_forgery_is_evidence_for_nothing(karvania):
    """It is cited once, where the note and the key say that it is set aside."""
    citing = [one.presence for _, one in judged(karvania) if "k-142" in one.cites]
    noted = [sentence for sentence in karvania.advice.note if "k-142" in sentence.cites]

    assert citing == ["no_information"]
    assert noted == []


def test_the_decision_falls_before_the_forms_are_due(karvania):
    advice = karvania.advice

    assert karvania.today < advice.ask.decision_by < min(one.on for one in karvania.country.calendar)


def test_those_who_clear_hold_the_office_and_none_wrote_the_note(karvania):
    steps = {step.act: step.by for step in karvania.advice.steps}
    offices = {office.verb: {office.holder, office.alternate} for office in karvania.office.clearing}

    assert all(steps[verb] in people for verb, people in offices.items())
    assert karvania.advice.author == steps["submit_note"]
    assert karvania.advice.author not in {steps[verb] for verb in offices}
    assert len({steps[verb] for verb in offices}) == 3


def test_recommendations_name_option_factors_lead_and_day(karvania):
    advised = karvania.advice.recommendations

    assert len(advised) == 4
    assert all(one.option.startswith("P") and one.factors and one.lead for one in advised)
    assert all(one.by > karvania.today for one in advised)
