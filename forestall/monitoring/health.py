"""When an answer is believed and a source is well. Plain values; no Django.

A status of 200 proves nothing: what does is the shape of the body, how much is in it, and how old it is.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from statistics import median

from forestall.base.words import Words, say

LEAST_SHARE = 0.2
"""Of what an answer usually holds; less is not believed."""
USUAL = 20
"""An answer that usually holds fewer rows than this may be empty."""
PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
REFUSING = frozenset({202, 204, 400, 401, 402, 403, 405, 406, 410, 415, 422, 451})
"""What no call for data may be answered with: the producer refuses, whatever it calls it."""


def too_empty(rows: int, *, before: list[int]) -> Words | None:
    """Why an answer with so many rows is not believed, after answers of the same kind `before` it; None when it is."""
    if len(before) < 3:
        return None
    usual = median(before)
    if usual < USUAL or rows >= LEAST_SHARE * usual:
        return None
    return say("It holds %(rows)s rows; answers before it held about %(usual)s. It was set aside, and what was there stays.", rows=rows, usual=round(usual))


def stale(newest: date | None, *, today: date, most_days: int) -> Words | None:
    """Why content is too old, or None. `newest` is the latest day that it speaks of; `most_days` 0 asks nothing."""
    if newest is None or not most_days or (today - newest).days <= most_days:
        return None
    days = (today - newest).days
    return say("It answers, but its newest content is %(days)s days old; %(most)s are usual at most.", days=days, most=most_days)


def pause(failures: int) -> timedelta:
    """How long a source is left alone after so many turns in a row without an answer: longer each time, a day at most."""
    return min(PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE) if failures > 0 else timedelta()


def due(*, last: datetime | None, cadence: timedelta, not_before: datetime | None, at: datetime) -> bool:
    """Whether a source is to be asked: at fixed times, whatever anybody watches, and not before it may be."""
    if not_before is not None and at < not_before:
        return False
    return last is None or at - last >= cadence


def refusal(status: int, *, said: str) -> Words:
    """What a refusal means, with what the producer says."""
    meaning = MEANINGS.get(status, OTHERWISE)
    if not said:
        return say("%(meaning)s (%(status)s)", meaning=meaning, status=status)
    return say("%(meaning)s (%(status)s) It says: “%(said)s”.", meaning=meaning, status=status, said=said)


OTHERWISE = say("The producer refused.")
MEANINGS: dict[int, Words] = {
    202: say("The producer accepted the question and gave no answer: often a wall against robots. Ask it for access."),
    204: say("The producer answered with nothing at all where rows were expected."),
    400: say("The producer does not understand the question: its interface may have changed."),
    401: say("The producer does not know us: the credential is wrong or over."),
    403: say("The producer knows us and does not let us: ask it for access, or accept its terms."),
    410: say("The producer has taken this address away for good: its interface moved."),
    451: say("The producer may not answer, for legal reasons."),
}
