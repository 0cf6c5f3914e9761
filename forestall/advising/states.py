"""Workflows of warnings, notes and recommendations. Tables only; no Django.

There is no state in which a note reaches the Council: it is addressed to the Secretary-General, who may bring it there.
"""

from __future__ import annotations

from enum import StrEnum

from forestall.base.moves import Machine, Move, fan
from forestall.base.words import say


class WarningState(StrEnum):
    """What became of a warning."""

    RAISED = "raised"
    ADVISED = "advised"
    ANSWERED = "answered"
    CLOSED = "closed"


WARNING = Machine(
    name="Warning",
    states=WarningState,
    start=WarningState.RAISED,
    words={
        "raised": say("raised"),
        "advised": say("waiting for an answer"),
        "answered": say("outcome recorded"),
        "closed": say("closed", context="warning"),
    },
    moves={
        (WarningState.RAISED, WarningState.ADVISED): Move("note.transmit", "warning advised"),
        (WarningState.ADVISED, WarningState.ANSWERED): Move("note.transmit", "warning answered"),
        (WarningState.ANSWERED, WarningState.ADVISED): Move("note.transmit", "warning advised again"),
        **fan((WarningState.RAISED, WarningState.ADVISED, WarningState.ANSWERED), WarningState.CLOSED, verb="warning.draft", records="warning closed", tells=("director",)),
    },
)  # fmt: skip


class NoteState(StrEnum):
    """How far a note has come, from a draft to a decision."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    CLEARED = "cleared"
    SIGNED = "signed"
    TRANSMITTED = "transmitted"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_IN_CLEARANCE = (NoteState.SUBMITTED, NoteState.REVIEWED, NoteState.CLEARED)
_OUT = (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED)

NOTE = Machine(
    name="Note",
    states=NoteState,
    start=NoteState.DRAFT,
    words={
        "draft": say("draft"),
        "submitted": say("with the second reader"),
        "reviewed": say("with the Director"),
        "cleared": say("with the Special Adviser"),
        "signed": say("signed, to be transmitted"),
        "transmitted": say("transmitted"),
        "acknowledged": say("received by the addressee"),
        "decided": say("outcome recorded"),
        "closed": say("closed"),
        "withdrawn": say("withdrawn"),
    },
    moves={
        (NoteState.DRAFT, NoteState.SUBMITTED): Move("warning.draft", "note submitted", ("second_reader",)),
        (NoteState.SUBMITTED, NoteState.REVIEWED): Move("note.clear_content", "note content cleared", ("director",)),
        (NoteState.REVIEWED, NoteState.CLEARED): Move("note.clear_release", "note release cleared", ("special_adviser",)),
        (NoteState.CLEARED, NoteState.SIGNED): Move("note.sign", "note signed", ("liaison", "author")),
        (NoteState.SUBMITTED, NoteState.DRAFT): Move("note.clear_content", "note returned", ("author",)),
        (NoteState.REVIEWED, NoteState.DRAFT): Move("note.clear_release", "note returned", ("author",)),
        (NoteState.CLEARED, NoteState.DRAFT): Move("note.sign", "note returned", ("author",)),
        (NoteState.SIGNED, NoteState.TRANSMITTED): Move("note.transmit", "note transmitted", ("author", "director", "special_adviser")),
        (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED): Move("note.transmit", "note received", ("author", "director")),
        **fan(_OUT, NoteState.DECIDED, verb="note.transmit", records="note answered", tells=("author", "director", "special_adviser")),
        (NoteState.DECIDED, NoteState.CLOSED): Move("note.transmit", "note closed", ("author",)),
        **fan((NoteState.DRAFT, *_IN_CLEARANCE, NoteState.SIGNED), NoteState.WITHDRAWN, verb="warning.draft", records="note withdrawn", tells=("second_reader", "director")),
    },
)  # fmt: skip

SECTIONS = ("situation", "changed", "populations", "unknown", "mitigating", "dissent")
"""The parts of a note that its author writes in sentences, in the order of the sheet."""

STEPS: dict[str, tuple[NoteState, NoteState, str, str]] = {
    "content": (NoteState.SUBMITTED, NoteState.REVIEWED, "second_reader", "note.clear_content"),
    "release": (NoteState.REVIEWED, NoteState.CLEARED, "director", "note.clear_release"),
    "signature": (NoteState.CLEARED, NoteState.SIGNED, "special_adviser", "note.sign"),
}
"""Each step of clearance: from which state, to which, which office takes it, which verb it needs."""

STEP_WORDS = {
    "content": say("Content: second reader"),
    "release": say("Release: Director"),
    "signature": say("Signature: Special Adviser"),
}


SIGN_OFF_WORDS = {
    "content": say("First clearance"),
    "release": say("Second clearance"),
    "signature": say("Signed"),
}
"""The steps as the sheet itself names them."""


class RecommendationState(StrEnum):
    """What became of a recommendation."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    ENDORSED = "endorsed"
    TRANSMITTED = "transmitted"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    DECLINED = "declined"
    NO_RESPONSE = "no_response"
    UNDER_WAY = "under_way"
    DONE = "done"
    EVALUATED = "evaluated"


_ANSWERS = (
    RecommendationState.ACCEPTED, RecommendationState.PARTLY_ACCEPTED, RecommendationState.DECLINED,
    RecommendationState.NO_RESPONSE,
)  # fmt: skip

RECOMMENDATION = Machine(
    name="Recommendation",
    states=RecommendationState,
    start=RecommendationState.PROPOSED,
    words={
        "proposed": say("proposed"),
        "dropped": say("left out"),
        "endorsed": say("endorsed"),
        "transmitted": say("transmitted"),
        "accepted": say("accepted"),
        "partly_accepted": say("partly accepted"),
        "declined": say("declined"),
        "no_response": say("no response"),
        "under_way": say("under way"),
        "done": say("done", context="recommendation"),
        "evaluated": say("evaluated"),
    },
    moves={
        (RecommendationState.PROPOSED, RecommendationState.ENDORSED): Move("note.clear_release", "recommendation endorsed"),
        (RecommendationState.PROPOSED, RecommendationState.DROPPED): Move("warning.draft", "recommendation left out"),
        (RecommendationState.ENDORSED, RecommendationState.PROPOSED): Move("note.sign", "recommendation returned with its note"),
        (RecommendationState.ENDORSED, RecommendationState.TRANSMITTED): Move("note.transmit", "recommendation transmitted"),
        **{
            (RecommendationState.TRANSMITTED, answer): Move("note.transmit", f"recommendation {answer.value}", ("author",))
            for answer in _ANSWERS
        },
        **fan((RecommendationState.NO_RESPONSE,), RecommendationState.ACCEPTED, verb="note.transmit", records="recommendation accepted late"),
        **fan((RecommendationState.ACCEPTED, RecommendationState.PARTLY_ACCEPTED), RecommendationState.UNDER_WAY, verb="note.transmit", records="recommendation under way"),
        (RecommendationState.UNDER_WAY, RecommendationState.DONE): Move("note.transmit", "recommendation done", ("author",)),
        (RecommendationState.DONE, RecommendationState.EVALUATED): Move("warning.draft", "recommendation evaluated"),
    },
)  # fmt: skip

OUTCOMES = {
    "received": say("received"),
    "accepted": say("agreed"),
    "partly_accepted": say("agreed in part"),
    "declined": say("declined"),
    "answered_orally": say("answered orally"),
    "overtaken": say("overtaken by events"),
    "pursued_elsewhere": say("pursued elsewhere"),
    "held_for_timing": say("held for timing"),
    "silence": say("no answer by the day asked"),
}
"""What can come back. `received` is a receipt; the others end the wait."""

RESPONSE_CHANNELS = {
    "minute": say("minute"),
    "e-mail": say("e-mail"),
    "call": say("call"),
    "meeting": say("meeting"),
    "none": say("none", context="channel"),
}
MACHINES = (WARNING, NOTE, RECOMMENDATION)
