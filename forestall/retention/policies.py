"""Rules of keeping and erasing. Plain values; each raises `Refused` with a sentence for the reader."""

from __future__ import annotations

from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .states import OUTCOMES, RequestState, Wanted

ANSWERED_WITHIN = 30
"""Days within which a request must be answered."""
MOST_AT_ONCE = 50
"""Things that one disposal names at the most: somebody must have looked at each."""
LONGEST_ON = 5 * 366
"""Days for which a thing is kept on at the most, before it is looked at again."""

HOLD_STANDS = say("Some of what you ask about must be kept while a legal hold stands.")
"""What an answer says, in the language of who asks, when it does not grant all because of a hold."""


def check_days(*, days: int, now: int, least: int, most: int) -> None:
    """Raise `Refused` unless a class may be kept for so many days, and it is a change."""
    if not most:
        raise Refused(say("The time of this class is fixed."))
    if not least <= days <= most:
        raise Refused(say("Between %(least)s and %(most)s days can be set for this class.", least=least, most=most))
    if days == now:
        raise Refused(say("This is the time it has. Nothing would change."))


def check_reason(*, reason: str) -> None:
    """Raise `Refused` without a reason."""
    if not reason.strip():
        raise Refused(say("Say why. The reason stays in the record."))


def check_chosen(*, count: int) -> None:
    """Raise `Refused` unless there is something to dispose of, and not more than one can have looked at."""
    if not count:
        raise Refused(say("Choose what it is about."))
    if count > MOST_AT_ONCE:
        raise Refused(say("Choose %(most)s at the most: somebody must have looked at each.", most=MOST_AT_ONCE))


def check_kept_on(*, until: date, today: date) -> None:
    """Raise `Refused` unless a thing may be kept on until that day."""
    if until <= today:
        raise Refused(say("Choose a day to come."))
    if (until - today).days > LONGEST_ON:
        raise Refused(say("Five years at the most; then it is looked at again."))


def check_request(*, wants: str, received: date, today: date, fields: dict[str, tuple[str, Words]]) -> None:
    """Raise `Refused` unless a request can be registered. `fields`: text and what the field is called, for each needed."""
    if wants not in set(Wanted):
        raise Refused(say("Say what is asked: access, correction or erasure."))
    if received > today:
        raise Refused(say("It cannot have come on a day to come."))
    for text, name in fields.values():
        if not text.strip():
            raise Refused(say("Fill in: %(field)s.", field=name))


def check_outcome(*, outcome: str, answer: str) -> None:
    """Raise `Refused` for an outcome that is none, or without the words of the answer."""
    if outcome not in set(OUTCOMES):
        raise Refused(say("Choose how it is decided: granted, in part, or refused."))
    if not answer.strip():
        raise Refused(say("Write the answer: it is decided with the outcome, and sent as it stands."))


def check_hold(*, wants: str, outcome: str, says_hold: bool, held: int) -> None:
    """Raise `Refused` when erasure would be granted against a hold, or an answer keeps silent about the hold."""
    if wants != Wanted.ERASURE or not held:
        return
    if outcome == RequestState.GRANTED:
        raise Refused(
            say("Something it concerns is under a hold, and a hold wins. Grant it in part or refuse it, or have two people lift the hold first.")
        )
    if not says_hold:
        raise Refused(say("Something it concerns is under a hold. Say so in the answer: “%(sentence)s” and mark that you did.", sentence=HOLD_STANDS))
