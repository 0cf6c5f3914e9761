"""Workflows of situations and assessments, and the words of a judgement. Tables only; no Django."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.moves import Machine, Move, fan
from forestall.base.words import say


class Presence(StrEnum):
    """Whether an indicator or factor is there. Untouched, without information and absent are three things."""

    NOT_ASSESSED = "not_assessed"
    NO_INFORMATION = "no_information"
    NOT_PRESENT = "not_present"
    EMERGING = "emerging"
    PRESENT = "present"
    SEVERE = "severe"


PRESENCE_WORDS = {
    "not_assessed": say("not assessed"),
    "no_information": say("no information"),
    "not_present": say("not present"),
    "emerging": say("emerging"),
    "present": say("present"),
    "severe": say("severe"),
}
PRESENCE_ORDER = tuple(Presence)


class Trend(StrEnum):
    """Where it is going."""

    DETERIORATING = "deteriorating"
    STABLE = "stable"
    IMPROVING = "improving"
    UNCLEAR = "unclear"


TREND_WORDS = {
    "deteriorating": say("deteriorating"),
    "stable": say("stable"),
    "improving": say("improving"),
    "unclear": say("unclear"),
}


class Confidence(StrEnum):
    """How well founded the judgement is: never how likely the harm."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


CONFIDENCE_ORDER = (Confidence.LOW, Confidence.MODERATE, Confidence.HIGH)
CONFIDENCE_WORDS = {"low": say("low"), "moderate": say("moderate"), "high": say("high")}


class SituationState(StrEnum):
    """How closely a situation is watched."""

    SCREENED = "screened"
    STANDBY = "standby"
    WATCH = "watch"
    OF_CONCERN = "of_concern"
    ALERT = "alert"
    ONGOING_CRIMES = "ongoing_crimes"
    POST_CRISIS = "post_crisis"
    CLOSED = "closed"


_WATCHED = (
    SituationState.SCREENED, SituationState.STANDBY, SituationState.WATCH, SituationState.OF_CONCERN,
    SituationState.ALERT, SituationState.ONGOING_CRIMES, SituationState.POST_CRISIS,
)  # fmt: skip


def _between(*states: SituationState) -> dict[tuple[StrEnum, StrEnum], Move]:
    return {
        (here, there): Move("situation.open", f"situation moved to {there.value}", ("director",))
        for here in states
        for there in states
        if here != there
    }


SITUATION = Machine(
    name="Situation",
    states=SituationState,
    start=SituationState.SCREENED,
    words={
        "screened": say("screened"),
        "standby": say("standby"),
        "watch": say("watch"),
        "of_concern": say("of concern"),
        "alert": say("alert"),
        "ongoing_crimes": say("crimes reported by a competent body"),
        "post_crisis": say("after the crisis"),
        "closed": say("closed"),
    },
    moves={
        **_between(*_WATCHED),
        **fan(_WATCHED, SituationState.CLOSED, verb="situation.open", records="situation closed", tells=("director",)),
        (SituationState.CLOSED, SituationState.SCREENED): Move("situation.open", "situation opened again", ("director",)),
    },
)


class AssessmentState(StrEnum):
    """How far an assessment has come."""

    DRAFT = "draft"
    PEER_REVIEW = "peer_review"
    PROTECTION_CHECK = "protection_check"
    CLEARED = "cleared"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


ASSESSMENT = Machine(
    name="Assessment",
    states=AssessmentState,
    start=AssessmentState.DRAFT,
    words={
        "draft": say("draft"),
        "peer_review": say("with the second reader"),
        "protection_check": say("protection check"),
        "cleared": say("cleared"),
        "issued": say("issued"),
        "superseded": say("superseded"),
        "withdrawn": say("withdrawn", context="assessment"),
    },
    moves={
        (AssessmentState.DRAFT, AssessmentState.PEER_REVIEW): Move("assessment.draft", "assessment submitted", ("second_reader",)),
        (AssessmentState.PEER_REVIEW, AssessmentState.DRAFT): Move("assessment.review", "assessment returned", ("author",)),
        (AssessmentState.PEER_REVIEW, AssessmentState.PROTECTION_CHECK): Move("assessment.review", "assessment reviewed", ("director",)),
        (AssessmentState.PROTECTION_CHECK, AssessmentState.DRAFT): Move("assessment.clear", "assessment returned", ("author",)),
        (AssessmentState.PROTECTION_CHECK, AssessmentState.CLEARED): Move("assessment.clear", "assessment cleared", ("author",)),
        (AssessmentState.CLEARED, AssessmentState.ISSUED): Move("assessment.clear", "assessment issued", ("author", "second_reader")),
        (AssessmentState.ISSUED, AssessmentState.SUPERSEDED): Move("assessment.clear", "assessment superseded"),
        **fan(
            (AssessmentState.DRAFT, AssessmentState.PEER_REVIEW, AssessmentState.PROTECTION_CHECK, AssessmentState.CLEARED),
            AssessmentState.WITHDRAWN, verb="assessment.draft", records="assessment withdrawn",
        ),
    },
)  # fmt: skip

REVIEW_DAYS = {
    "screened": 365, "standby": 182, "watch": 91, "of_concern": 30, "alert": 14, "ongoing_crimes": 14,
    "post_crisis": 91, "closed": 365,
}  # fmt: skip
"""Days until a situation in this state must be looked at again."""

MACHINES = (SITUATION, ASSESSMENT)
