"""Rules of warning and advising, over plain values."""

from __future__ import annotations

from datetime import date

import pytest

from forestall.advising import policies
from forestall.base.errors import Refused
from forestall.base.words import say

TODAY = date(2026, 11, 20)
JUDGED = {"title": "Risk in the hills", "likelihood": "likely", "confidence": "low", "until": date(2027, 1, 1), "today": TODAY}
ANSWER = {
    "outcome": "accepted", "channel": "call", "text": "He agreed.", "decision_by": date(2026, 11, 24),
    "on": date(2026, 11, 25), "left": date(2026, 11, 20), "today": date(2026, 11, 26),
}  # fmt: skip


def test_nobody_clears_their_own_draft() -> None:
    with pytest.raises(Refused, match="their own draft"):
        policies.check_clearer(author="alice", cleared_by=(), person="alice", in_office=True)


def test_each_step_needs_a_person_of_its_own() -> None:
    with pytest.raises(Refused, match="person of its own"):
        policies.check_clearer(author="alice", cleared_by={"bob"}, person="bob", in_office=True)


def test_only_who_holds_the_office_today_clears() -> None:
    with pytest.raises(Refused, match="do not hold"):
        policies.check_clearer(author="alice", cleared_by=(), person="bob", in_office=False)
    assert policies.can_clear(author="alice", cleared_by=(), person="bob", in_office=True)
    assert not policies.can_clear(author="alice", cleared_by={"bob"}, person="bob", in_office=True)


def test_the_council_is_reached_only_through_the_secretary_general() -> None:
    with pytest.raises(Refused, match="only through the Secretary-General"):
        policies.check_addressee(kind_of_body="council", channel="eosg")


@pytest.mark.parametrize(
    ("body", "channel"), [("ministry", "letter"), ("secretary_general", "code_cable"), ("peace_operation", "eosg")]
)
def test_a_channel_is_that_proper_to_the_rank(body: str, channel: str) -> None:
    with pytest.raises(Refused, match="reached through"):
        policies.check_addressee(kind_of_body=body, channel=channel)


def test_the_proper_channel_is_taken() -> None:
    policies.check_addressee(kind_of_body="ministry", channel="note_verbale")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ask": " "}, "one addressee for one action"),
        ({"addressee": False}, "one addressee for one action"),
        ({"decision_by": None}, "by which day"),
        ({"decision_why": ""}, "by which day"),
        ({"decision_by": TODAY}, "has passed"),
    ],
)
def test_a_note_names_its_ask(change: dict[str, object], sentence: str) -> None:
    ask = {"ask": "call him", "addressee": True, "decision_by": date(2026, 11, 24), "decision_why": "they vote", "today": TODAY}
    policies.check_ask(**ask)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=sentence):
        policies.check_ask(**(ask | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "where and what"),
        ({"likelihood": ""}, "how likely"),
        ({"likelihood": "probable"}, "no step probable"),
        ({"confidence": "very high"}, "no step very high"),
        ({"until": TODAY}, "looks ahead"),
    ],
)
def test_a_warning_says_what_how_likely_how_well_founded_and_until_when(change: dict[str, object], sentence: str) -> None:
    policies.check_judgement(**JUDGED)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=sentence):
        policies.check_judgement(**(JUDGED | change))  # type: ignore[arg-type]


@pytest.mark.parametrize("on", [date(2026, 11, 23), date(2026, 11, 24)])
def test_silence_is_not_recorded_before_the_day_asked_has_passed(on: date) -> None:
    with pytest.raises(Refused, match="Silence is recorded after the day asked"):
        policies.check_response(**(ANSWER | {"outcome": "silence", "channel": "none", "text": "", "on": on}))  # type: ignore[arg-type]


def test_silence_is_recorded_on_the_day_after() -> None:
    policies.check_response(**(ANSWER | {"outcome": "silence", "channel": "none", "text": ""}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": "applause"}, "what came back"),
        ({"channel": "pigeon"}, "which channel"),
        ({"text": ""}, "in a sentence"),
        ({"on": date(2026, 11, 19)}, "between the day the note left and today"),
        ({"on": date(2026, 11, 27)}, "between the day the note left and today"),
    ],
)
def test_what_came_back_says_what_how_and_when(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        policies.check_response(**(ANSWER | change))  # type: ignore[arg-type]


def test_a_receipt_needs_no_words() -> None:
    policies.check_response(**(ANSWER | {"outcome": "received", "text": ""}))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["draft", "submitted", "signed", "closed", "withdrawn"])
def test_nothing_comes_back_on_a_note_that_is_not_out(state: str) -> None:
    with pytest.raises(Refused, match="Nothing can have come back"):
        policies.check_left(state=state)


def test_a_statement_of_fact_that_cites_nothing_is_counted() -> None:
    told = {
        "situation": [{"text": "a", "observations": []}, {"text": "b", "observations": ["1"]}],
        "unknown": [{"text": "c", "observations": [], "fact": False}],
    }
    assert policies.sentences_without_evidence(told) == 1
    with pytest.raises(Refused, match="cite nothing"):
        policies.check_evidence(uncited=1, unsupported=0)
    with pytest.raises(Refused, match="withdrawn"):
        policies.check_evidence(uncited=0, unsupported=1)


def test_a_note_has_only_its_own_parts_and_no_empty_sentence() -> None:
    with pytest.raises(Refused, match="no part"):
        policies.check_sections({"verdict": []})
    with pytest.raises(Refused, match="needs words"):
        policies.check_sections({"situation": [{"text": "  "}]})


def test_what_stands_in_the_way_is_said_first_and_the_rest_counted() -> None:
    policies.check_remarks([])
    with pytest.raises(Refused, match=r"yet: A verdict\.$"):
        policies.check_remarks([say("A verdict.")])
    with pytest.raises(Refused, match=r"A verdict\. Beside the sheet stand 2 more"):
        policies.check_remarks([say("A verdict."), say("A name."), say("A hole.")])


def test_a_note_has_two_pages() -> None:
    policies.check_pages(pages=2)
    with pytest.raises(Refused, match="3 pages"):
        policies.check_pages(pages=3)


@pytest.mark.parametrize("state", ["proposed", "endorsed", "transmitted", "dropped"])
def test_follow_up_never_moves_a_recommendation_where_its_note_takes_it(state: str) -> None:
    with pytest.raises(Refused, match="with its note"):
        policies.check_followed(state=state)
