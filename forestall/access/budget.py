"""How much of what is strictly confidential one person opens in a while, before somebody asks why.

More than 200 within ten minutes is no reading: the records officers are told, once for each time, and whoever reads on
shows again that it is they. That gives them the next 200.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from forestall.base.words import say
from forestall.record.actions import note

from . import queries, secondfactor, tally
from .actions import tell
from .session import Session

MOST = 200
WITHIN = timedelta(minutes=10)
STRICT = 3


def open_strict(level: int, *, by: Session) -> None:
    """Count that somebody opens a record of `level`. Raises `ProofNeeded` beyond the budget."""
    if level < STRICT or by.person_id.startswith("system:"):
        return
    opened = tally.add("strict", by.person_id, window=WITHIN)
    if opened == MOST + 1:
        _alarm(by)
    if opened > MOST and not by.link:
        from .stepup import ProofNeeded

        person = queries.person(by.person_id)
        assert person is not None
        raise ProofNeeded(secondfactor.asked(person, how=by.how))


def _alarm(by: Session) -> None:
    officers = [str(one.id) for one in queries.holders("records_officer")]
    words = say("%(name)s opened more than %(count)s strictly confidential items within ten minutes.",
                name=by.name, count=MOST)  # fmt: skip
    tell(officers, words=words, kind="access.person", object_id=UUID(by.person_id))
    note(by=by.person_id, verb="many strict items opened", kind="access.person", object_id=UUID(by.person_id))


def renew(person_id: str) -> None:
    """Somebody showed again that it is they: the counting begins anew."""
    tally.forget("strict", person_id)
