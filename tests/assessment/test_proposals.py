"""What the tool proposes, and what it never proposes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.assessment import policies
from forestall.assessment.cautions import cautions
from forestall.assessment.proposals import JudgedIndicator, Support, propose_factor, propose_indicator
from forestall.assessment.states import PRESENCE_ORDER, Confidence, Presence, Trend
from forestall.base.errors import Refused

TODAY = date(2026, 11, 20)


def support(origin: str, *, grade: str = "B2", direction: str = "raises", days: int = 10, party: bool = False, silent: bool = False) -> Support:
    return Support(f"o-{origin}-{days}", origin, grade, direction, TODAY - timedelta(days=days), party, silent)


def test_nothing_known_is_no_information_and_never_absence() -> None:
    proposal = propose_indicator([], on=TODAY)

    assert (proposal.presence, proposal.confidence) == (Presence.NO_INFORMATION, Confidence.LOW)


def test_one_origin_is_emerging_with_low_confidence() -> None:
    proposal = propose_indicator([support("mission"), support("mission", days=3)], on=TODAY)

    assert (proposal.presence, proposal.confidence, proposal.origins) == (Presence.EMERGING, Confidence.LOW, 1)


@pytest.mark.parametrize(("grades", "confidence"), [(("C3", "C3"), "moderate"), (("B2", "C3", "C3"), "high"), (("C3",) * 3, "moderate")])
def test_more_origins_are_present_and_better_founded(grades: tuple[str, ...], confidence: str) -> None:
    proposal = propose_indicator([support(str(n), grade=grade) for n, grade in enumerate(grades)], on=TODAY)

    assert (proposal.presence, proposal.confidence) == (Presence.PRESENT, confidence)


@pytest.mark.parametrize(
    ("silent", "confidence", "lowered"),
    [
        ((), "high", False),
        ((0,), "moderate", True),
        ((0, 1), "moderate", True),
        ((0, 1, 2), "moderate", True),
    ],
)
def test_what_rests_on_sources_gone_silent_is_proposed_one_step_lower_and_never_more(
    silent: tuple[int, ...], confidence: str, lowered: bool
) -> None:
    proposal = propose_indicator([support(str(n), silent=n in silent) for n in range(3)], on=TODAY)

    assert (proposal.presence, proposal.origins, proposal.confidence) == (Presence.PRESENT, 3, confidence)
    assert (proposal.lowered is not None) == lowered
    if lowered:
        assert f"of 3 independent origins {len(silent)} have gone silent" in str(proposal.lowered)


def test_where_those_still_heard_carry_it_alone_nothing_is_lowered() -> None:
    four = [support(str(n), silent=n == 0) for n in range(4)]
    said_elsewhere = [support("a", silent=True), support("a", days=3), support("b"), support("c")]

    assert [propose_indicator(one, on=TODAY).confidence for one in (four, said_elsewhere)] == ["high", "high"]
    assert propose_indicator([support("a", silent=True)], on=TODAY).lowered is None, "low stays low"


def test_a_factor_is_proposed_lower_where_what_carries_it_rests_on_silence() -> None:
    def judged(number: str, *, confidence: Confidence, silent: bool) -> JudgedIndicator:
        return JudgedIndicator(number, Presence.PRESENT, Trend.STABLE, confidence, 3, silent)

    lower, _ = propose_factor([judged("7.5", confidence=Confidence.HIGH, silent=True)])
    heard, _ = propose_factor([judged("7.5", confidence=Confidence.HIGH, silent=False)])
    low, _ = propose_factor([judged("7.5", confidence=Confidence.LOW, silent=True)])

    assert (lower.confidence, heard.confidence, low.confidence) == (Confidence.MODERATE, Confidence.HIGH, Confidence.LOW)
    assert "7.5 rests on sources gone silent" in str(lower.lowered)
    assert heard.lowered is None and low.lowered is None


def test_the_mark_on_the_evidence_says_whether_all_or_some_of_it_is_from_sources_gone_silent() -> None:
    def marks(*given: Support) -> list[str]:
        return [str(one.words) for one in cautions(given, on=TODAY, nature="dynamic") if one.kind == "silence"]

    assert marks(support("a"), support("b")) == []
    assert marks(support("a", silent=True), support("b")) == ["in part from sources gone silent there since"]
    assert marks(support("a", silent=True), support("p", party=True)) == ["every source of it has gone silent there since"]


@pytest.mark.parametrize("unfit", [support("x", grade="F6"), support("x", grade=""), support("x", party=True)])
def test_D03_what_nobody_could_grade_or_a_party_says_carries_nothing(unfit: Support) -> None:
    assert propose_indicator([unfit], on=TODAY).presence == Presence.NO_INFORMATION


def test_what_only_speaks_against_it_is_proposed_as_not_present() -> None:
    assert propose_indicator([support("m", direction="lowers")], on=TODAY).presence == Presence.NOT_PRESENT


def test_the_trend_compares_the_last_ninety_days_with_the_ninety_before() -> None:
    risen = [support("a", days=120), support("b", days=20), support("c", days=10)]
    fallen = [support("a", days=120), support("b", days=100), support("c", days=10)]

    assert propose_indicator(risen, on=TODAY).trend == Trend.DETERIORATING
    assert propose_indicator(fallen, on=TODAY).trend == Trend.IMPROVING


@given(st.lists(st.builds(support, st.sampled_from("abcd"), grade=st.sampled_from(["A1", "C3", "F6", ""]),
                          direction=st.sampled_from(["raises", "lowers"]), days=st.integers(0, 400), party=st.booleans())))  # fmt: skip
def test_a_machine_never_proposes_severe_nor_high_confidence_on_one_origin(supports: list[Support]) -> None:
    proposal = propose_indicator(supports, on=TODAY)

    assert proposal.presence != Presence.SEVERE
    assert proposal.origins > 1 or proposal.confidence == Confidence.LOW


def judged(number: str, presence: str, origins: int = 2) -> JudgedIndicator:
    return JudgedIndicator(number, Presence(presence), Trend.STABLE, Confidence.MODERATE, origins)


def test_a_factor_is_carried_by_its_gravest_indicator_and_lists_those_beneath() -> None:
    proposal, beneath = propose_factor([judged("7.1", "emerging"), judged("7.5", "severe"), judged("7.8", "present")])

    assert proposal.presence == Presence.SEVERE
    assert [one.number for one in beneath] == ["7.8", "7.1"]


def test_a_judgement_without_an_origin_carries_no_factor() -> None:
    proposal, beneath = propose_factor([judged("7.5", "severe", origins=0)])

    assert (proposal.presence, beneath) == (Presence.NO_INFORMATION, ())


def test_on_one_origin_a_factor_is_proposed_with_low_confidence() -> None:
    assert propose_factor([judged("7.5", "present", origins=1)])[0].confidence == Confidence.LOW


def test_the_order_of_presence_runs_from_untouched_to_severe() -> None:
    assert [str(one) for one in PRESENCE_ORDER] == [
        "not_assessed", "no_information", "not_present", "emerging", "present", "severe",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "judgement",
    [
        {"presence": "severe", "observations": 0, "note": "so it is"},
        {"presence": "present", "observations": 0, "note": " "},
        {"presence": "certain", "observations": 1},
        {"presence": "present", "observations": 1, "confidence": "high", "origins": 1},
    ],
)
def test_a_judgement_that_says_more_than_it_rests_on_is_refused(judgement: dict[str, object]) -> None:
    given_ = {"presence": "present", "trend": "stable", "confidence": "low", "note": "", "observations": 1, "origins": 2}
    with pytest.raises(Refused):
        policies.check_judgement(**{**given_, **judgement})  # type: ignore[arg-type]


def test_nobody_clears_their_own_draft_nor_takes_two_steps() -> None:
    assert not policies.can_clear(author="alice", cleared_by=(), person="alice")
    assert not policies.can_clear(author="alice", cleared_by=("bob",), person="bob")
    assert policies.can_clear(author="alice", cleared_by=("bob",), person="dan")
