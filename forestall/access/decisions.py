"""Decisions of two people: one proposes, another agrees in a session of their own. Neither is the one it is about.

A proposal is a notice to everybody who could agree; it lapses for a person who puts it away.
"""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.db import transaction

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.record import actions as record
from forestall.record.models import Recorded

from . import policies, queries
from .actions import change_clearance, put_away
from .models import Notice, Person
from .session import Assurance, Session, for_person

EXPUNGE = "expunge"
LEVEL_3 = "level 3"
PROPOSAL = "proposal"


def thing_of(kind: str, *, object_id: UUID) -> Recorded | None:
    """A recorded thing by the name of its kind, if the bound session may see it."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model.objects.filter(pk=object_id).first() if issubclass(model, Recorded) else None


def proposal(notice: Notice) -> str:
    """What a notice proposes: `EXPUNGE`, `LEVEL_3`, or nothing."""
    return str(notice.parameters.get(PROPOSAL, ""))


@transaction.atomic
def propose_expunge(thing: Recorded, *, reason: str, by: Session) -> list[str]:
    """Ask the other officers who may remove content, and see this thing, to agree. Returns the ids of those told.

    Raises `Refused` without a reason, under a hold, or when there is nobody else.
    """
    by.check_may("record.expunge")
    record.check_expunge(by=by.person_id, second="", reason=reason, hold=thing.hold)
    others = [one for one in _holding("record.expunge", but=by.person_id) if _session(one).may_see(thing.label)]
    words = say("%(name)s proposes to remove content for good: %(reason)s", name=by.name, reason=reason.strip())
    _put(others, words, kind=thing.kind(), object_id=thing.id, what=EXPUNGE, by=by)
    record.note(by=by.person_id, verb="expunge proposed", kind=thing.kind(), object_id=thing.id)
    return [str(one.id) for one in others]


@transaction.atomic
def propose_level_3(person: Person, *, reason: str, by: Session) -> list[str]:
    """Ask the other administrators to agree that somebody may see what is strictly confidential."""
    by.check_may("people.keep")
    policies.check_two(by=by.person_id, second="", subject=str(person.id))
    if not reason.strip():
        raise Refused(say("Say why this person needs to see what is strictly confidential."))
    others = [one for one in _holding("people.keep", but=by.person_id) if one.id != person.id]
    words = say("%(name)s proposes level 3 for a person: %(reason)s", name=by.name, reason=reason.strip())
    _put(others, words, kind="access.person", object_id=person.id, what=LEVEL_3, by=by)
    record.note(by=by.person_id, verb="level 3 proposed", kind="access.person", object_id=person.id)
    return [str(one.id) for one in others]


@transaction.atomic
def agree(notice: Notice, *, by: Session) -> None:
    """The second person agrees, and it is done. Raises `Refused` when the rule or the thing no longer allows it."""
    _check_open(notice, by=by)
    first = str(notice.parameters.get("by", ""))
    if proposal(notice) == EXPUNGE:
        by.check_may("record.expunge")
        thing = thing_of(notice.kind, object_id=notice.object_id)
        if thing is None:
            raise Refused(say("There is nothing here with this id."))
        record.expunge(thing, by=first, second=by.person_id, reason=str(notice.parameters.get("reason", "")))
    else:
        by.check_may("people.keep")
        _raise(notice, first=first, by=by)
    Notice.objects.filter(kind=notice.kind, object_id=notice.object_id, parameters__proposal=proposal(notice)).update(
        read_at=now()
    )


def _raise(notice: Notice, *, first: str, by: Session) -> None:
    person = queries.person(notice.object_id)
    proposer = queries.person(first)
    if person is None or proposer is None or not _session(proposer).may("people.keep"):
        raise Refused(say("Whoever proposed this may no longer do so."))
    change_clearance(person, level=3, by=_session(proposer), second=by.person_id)


@transaction.atomic
def decline(notice: Notice, *, by: Session) -> None:
    """A person does not agree; the proposal stays open for the others."""
    _check_open(notice, by=by)
    put_away(notice, by=by)
    record.note(
        by=by.person_id,
        verb="expunge not agreed" if proposal(notice) == EXPUNGE else "level 3 not agreed",
        kind=notice.kind,
        object_id=notice.object_id,
    )


def _check_open(notice: Notice, *, by: Session) -> None:
    if str(notice.person_id) != by.person_id or proposal(notice) not in (EXPUNGE, LEVEL_3):
        raise Refused(say("This notice is not yours."))
    if notice.read_at is not None:
        raise Refused(say("This was decided already."))


def _holding(verb: str, *, but: str) -> list[Person]:
    """Active people who hold a verb today, without one of them. Raises `Refused` when there is nobody."""
    found = [one for one in queries.people() if one.is_active and str(one.id) != but and _session(one).may(verb)]
    if not found:
        raise Refused(say("This needs two people, and nobody else here could agree. Give a second person the role."))
    return found


def _session(person: Person) -> Session:
    """Somebody's session as wide as it could be: for what they may, not for what they see just now."""
    return for_person(person, assurance=Assurance.WEBAUTHN)


def _put(people: list[Person], words: Words, *, kind: str, object_id: UUID, what: str, by: Session) -> None:
    if not people:
        raise Refused(say("This needs two people, and nobody else here could agree. Give a second person the role."))
    for one in people:
        Notice.objects.create(
            person=one,
            message=words.message,
            parameters={**words.parameters, PROPOSAL: what, "by": by.person_id},
            kind=kind,
            object_id=object_id,
            at=now(),
        )
