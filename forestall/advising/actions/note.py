"""Drafting a note and its recommendations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from forestall.access.session import Session
from forestall.advising import policies, queries
from forestall.advising.models import AdvisoryNote, Recommendation, Warning
from forestall.advising.states import RECOMMENDATION, NoteState, RecommendationState
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.documents import document_type
from forestall.documents.phrasing import LANGUAGES
from forestall.frameworks.options import menu
from forestall.institutions.models import OfficeHolder
from forestall.labels.label import Label, Level, join
from forestall.monitoring import queries as monitoring
from forestall.record.actions import write


@transaction.atomic
def draft_note(warning: Warning, *, subject: str, by: Session, language: str = "en") -> AdvisoryNote:
    """Begin the note of a warning. Its reference is random, so that references count nothing."""
    by.check_may("warning.draft")
    if not subject.strip():
        raise Refused(say("Give the note a subject line."))
    if language not in LANGUAGES:
        raise Refused(say("A note is written in one of: %(languages)s.", languages=", ".join(sorted(LANGUAGES))))
    made = AdvisoryNote(
        warning=warning,
        reference=f"AN-{secrets.token_hex(3).upper()}",
        language=language,
        subject=subject.strip(),
        sections={},
        author=by.person_id,
    ).labelled(_at_least(warning.label))
    return write(made, by=by.person_id, verb="note drafted")


@transaction.atomic
def write_note(
    note: AdvisoryNote,
    *,
    by: Session,
    sections: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    subject: str | None = None,
    event: str | None = None,
    confidence_why: str | None = None,
    ask: str | None = None,
    addressee: OfficeHolder | None = None,
    decision_by: date | None = None,
    decision_why: str | None = None,
) -> AdvisoryNote:
    """Change a draft; what is None stays. The note carries the strictest label of what its sentences cite."""
    _check_mine(note, by=by)
    if sections is not None:
        policies.check_sections(sections)
        note.sections = {name: [dict(sentence) for sentence in told] for name, told in sections.items()}
        _relabel(note, by=by)
    if addressee is not None:
        body = addressee.counterpart
        policies.check_addressee(kind_of_body=body.kind_of_body, channel=body.channel)
        note.addressee, note.channel = addressee, body.channel
    given = {"subject": subject, "event": event, "confidence_why": confidence_why, "ask": ask,
             "decision_by": decision_by, "decision_why": decision_why}  # fmt: skip
    for name, value in given.items():
        if value is not None:
            setattr(note, name, value)
    return write(note, by=by.person_id, verb="note written")


@transaction.atomic
def recommend(
    note: AdvisoryNote,
    *,
    text: str,
    lead: str,
    by: Session,
    option: str = "",
    due: date | None = None,
    factors: Sequence[str] = (),
) -> Recommendation:
    """Recommend something to be done, by whom and by when, against which factors. `option` is an id of the menu."""
    _check_mine(note, by=by)
    if not text.strip() or not lead.strip():
        raise Refused(say("A recommendation needs its text and who leads."))
    if option:
        menu().option(option)
    made = Recommendation(
        note=note, option=option, text=text.strip(), lead=lead.strip(), due=due, factors=list(factors)
    ).labelled(note.label)
    return write(made, by=by.person_id, verb="recommendation proposed")


@transaction.atomic
def drop(recommendation: Recommendation, *, by: Session) -> Recommendation:
    """Leave a recommendation out of a draft. What was proposed stays in the record."""
    _check_mine(recommendation.note, by=by)
    move = RECOMMENDATION.move(recommendation.state, RecommendationState.DROPPED)
    recommendation.state = RecommendationState.DROPPED
    return write(recommendation, by=by.person_id, verb=move.records)


def _check_mine(note: AdvisoryNote, *, by: Session) -> None:
    by.check_may("warning.draft")
    policies.check_author(author=note.author, person=by.person_id)
    if note.state != NoteState.DRAFT:
        raise Refused(say("The note is in clearance. It can be changed again when it is returned."))


def _relabel(note: AdvisoryNote, *, by: Session) -> None:
    """Give note and recommendations the strictest label of the warning and of all that is cited."""
    cited = note.cited()
    found = monitoring.observations(ids=cited)
    if len(found) != len(cited):
        raise Refused(say("One of the observations cited does not exist."))
    note.label = _at_least(join([note.warning.label, *(one.label for one in found)]))
    for recommendation in queries.recommendations(note):
        if recommendation.label != note.label:
            recommendation.label = note.label
            write(recommendation, by=by.person_id, verb="label follows its note")


def _at_least(label: Label) -> Label:
    """No note is below the lowest marking of its document type."""
    return label.raised_to(Level(document_type("advisory-note").marking))
