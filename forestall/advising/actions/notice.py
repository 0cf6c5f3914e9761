"""Whom a move tells, and moving a note and its recommendations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.advising import queries
from forestall.advising.models import AdvisoryNote
from forestall.advising.states import NOTE, RECOMMENDATION, NoteState, RecommendationState
from forestall.base.words import Words, say
from forestall.record.actions import write
from forestall.record.models import Recorded


def tell_of(
    thing: Recorded,
    *,
    words: Words,
    whom: Sequence[str],
    by: Session,
    author: str = "",
    due: date | None = None,
) -> None:
    """Tell the people behind these names (`author`, `liaison`, or the key of an office), never the one who acts."""
    told: list[str] = []
    for one in whom:
        if one == "author":
            told.append(author)
        elif one == "liaison":
            told += [str(person.id) for person in people.holders("liaison")]
        else:
            told += people.occupants(one)
    others = [person for person in told if person and person != by.person_id]
    tell(others, words=words, kind=thing.kind(), object_id=thing.id, due=due)


def move_note(note: AdvisoryNote, *, to: NoteState, by: Session, on_behalf_of: str = "") -> AdvisoryNote:
    """One allowed move of a note, recorded and told. Raises `Refused` for any other, or without the verb it needs."""
    move = NOTE.move(note.state, to)
    by.check_may(move.verb)
    note.state = to
    write(note, by=by.person_id, verb=move.records, on_behalf_of=on_behalf_of)
    words = say("Note %(reference)s: %(state)s.", reference=note.reference, state=NOTE.words[to])
    tell_of(note, words=words, whom=move.tells, by=by, author=note.author, due=note.decision_by)
    return note


def move_recommendations(note: AdvisoryNote, *, to: RecommendationState, by: Session) -> None:
    """Bring every recommendation of a note along with it; one that is there already stays."""
    for recommendation in queries.recommendations(note):
        if recommendation.state != to:
            move = RECOMMENDATION.move(recommendation.state, to)
            recommendation.state = to
            write(recommendation, by=by.person_id, verb=move.records)
