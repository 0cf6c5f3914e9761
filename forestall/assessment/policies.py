"""Rules of judging, over plain values. `check_` refuses with a sentence, `can_` asks."""

from __future__ import annotations

from collections.abc import Collection

from forestall.base.errors import Refused
from forestall.base.words import say

from .states import Confidence, Presence, Trend


def check_author(*, author: str, person: str) -> None:
    """Raise `Refused` unless the person is the draft's author."""
    if author != person:
        raise Refused(say("Only its author changes a draft. Write your view as a remark or a dissent."))


def check_not_author(*, author: str, person: str) -> None:
    """Raise `Refused` when somebody would clear their own work."""
    if author == person:
        raise Refused(say("Nobody clears their own draft. Ask another to read it."))


def can_clear(*, author: str, cleared_by: Collection[str], person: str) -> bool:
    """Whether this person may take the next step of clearance."""
    try:
        check_clearer(author=author, cleared_by=cleared_by, person=person)
    except Refused:
        return False
    return True


def check_clearer(*, author: str, cleared_by: Collection[str], person: str) -> None:
    """Raise `Refused` for the author, and for one who already took a step: two steps are two people."""
    check_not_author(author=author, person=person)
    if person in cleared_by:
        raise Refused(say("You took the step before. The next one needs another person."))


def check_open(*, state: str) -> None:
    """Raise `Refused` when an assessment is no longer a draft."""
    if state != "draft":
        raise Refused(say("This assessment is no longer a draft. Return it first, or begin the next one."))


def check_judgement(*, presence: str, trend: str, confidence: str, note: str, observations: int, origins: int) -> None:
    """Raise `Refused` for a judgement that says more than it rests on."""
    known = {str(value) for kind in (Presence, Trend, Confidence) for value in kind}
    if not {presence, trend, confidence} <= known:
        raise Refused(say("A judgement needs a presence, a trend and a confidence of the scale."))
    claims = presence in (Presence.EMERGING, Presence.PRESENT, Presence.SEVERE, Presence.NOT_PRESENT)
    if claims and not observations and not note.strip():
        raise Refused(say("Say what the judgement rests on: choose observations, or write the reason."))
    if presence == Presence.SEVERE and not observations:
        raise Refused(say("“Severe” needs at least one observation under it."))
    if confidence != Confidence.LOW and origins == 1:
        raise Refused(say("On a single independent origin confidence is low."))


def check_submittable(*, summary: str, factors_judged: int, factors: int) -> None:
    """Raise `Refused` when a draft is not ready for a reader."""
    if not summary.strip():
        raise Refused(say("Write the summary first: it is what a Director reads."))
    if factors_judged < factors:
        raise Refused(
            say(
                "%(left)s of %(factors)s factors have no judgement. “No information” is one.",
                left=factors - factors_judged,
                factors=factors,
            )
        )


def check_reason(*, reason: str) -> None:
    """Raise `Refused` when a move comes without its reason."""
    if not reason.strip():
        raise Refused(say("Say why. The reason is kept with the move."))
