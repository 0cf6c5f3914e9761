"""Rules of weighing information, over plain values. `check_` refuses with a sentence."""

from __future__ import annotations

from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import say

from .states import CREDIBILITY, DIRECTIONS, RELIABILITY, SOURCE_NATURES, SOURCE_STATES


def check_grade(*, reliability: str, credibility: str) -> None:
    """Raise `Refused` for a grade outside A–F and 1–6."""
    if len(reliability) != 1 or reliability not in RELIABILITY:
        raise Refused(say("Reliability is A (completely reliable) to F (cannot be judged)."))
    if len(credibility) != 1 or credibility not in CREDIBILITY:
        raise Refused(say("Credibility is 1 (confirmed) to 6 (cannot be judged)."))


def check_reason(*, reason: str) -> None:
    """Raise `Refused` when something is set aside without saying why."""
    if not reason.strip():
        raise Refused(say("Say why in a few words; the reason stays with the item."))


def check_observation(*, summary: str, iso3: str, on: date | None, today: date) -> None:
    """Raise `Refused` for an observation without what, where or when, or of a day to come."""
    if not summary.strip():
        raise Refused(say("Write in one sentence what happened."))
    if not iso3:
        raise Refused(say("Say in which country it happened."))
    if on is None:
        raise Refused(say("Say when it happened, as precisely as is known: a day, a month or a year."))
    if on > today:
        raise Refused(say("It cannot have happened on a day to come (%(day)s).", day=on.isoformat()))


def check_direction(*, direction: str) -> None:
    """Raise `Refused` unless an indicator is raised or lowered."""
    if direction not in DIRECTIONS:
        raise Refused(say("An observation raises or lowers an indicator; choose which."))


def check_quote(*, quote: str, text: str) -> None:
    """Raise `Refused` when the words quoted do not stand in the item."""
    if quote and quote not in text:
        raise Refused(say("These words do not stand in the item. Quote it exactly."))


def check_harm(harm: object) -> None:
    """Raise `Refused` unless every count is low ≤ best ≤ high, whole and not negative; unknown is empty, not zero."""
    if not isinstance(harm, dict):
        raise Refused(say("Harm is given as counts: low, best and high."))
    for name, counts in harm.items():
        if counts is None:
            continue
        known = [count for count in counts if count is not None]
        if any(not isinstance(count, int) or count < 0 for count in known) or known != sorted(known):
            raise Refused(say("%(name)s: give low, best and high in that order, as whole numbers.", name=name))


def check_source(*, name: str, nature: str, reliability: str, state: str, cadence_days: int | None) -> None:
    """Raise `Refused` for a source without a name, or with a nature, grade, state or cadence that there is not."""
    if not name.strip():
        raise Refused(say("Give the source the name by which the desk calls it."))
    if nature not in SOURCE_NATURES or state not in SOURCE_STATES:
        raise Refused(say("Choose the nature and the state of the source from those offered."))
    if len(reliability) != 1 or reliability not in RELIABILITY:
        raise Refused(say("Reliability is A (completely reliable) to F (cannot be judged)."))
    if cadence_days is not None and cadence_days < 1:
        raise Refused(say("Expected days between items are 1 or more; leave the field empty when nobody knows."))
