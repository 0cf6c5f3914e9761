"""The writers of the vault. A new identity needs one source handler, at once; reading one needs two people.

The record learns of pseudonyms, acts and days; who somebody is goes into the vault alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from forestall.access.session import Session, bound_to, system_reader
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.record.actions import note, write

from . import identities, policies, queries
from .identities import TEXTS, Consent, Known
from .models import Pseudonym
from .states import PseudonymState


def _check_carer(by: Session, *, desk: str) -> None:
    by.check_may("source.protect")
    if not by.may_see(queries.label_on(desk)):
        raise Refused(say("You are no source handler of this desk."))


def protect(known: Known, *, desk: str, by: Session, scopes: Collection[str] = (), entry: UUID | None = None) -> Pseudonym:
    """Put somebody into the vault under a new pseudonym of a desk. One source handler does it, at once.

    `entry` is the public id it is to have: sending the same form twice is refused, not done twice.
    """
    with sealing(known, desk=desk, by=by, scopes=scopes, entry=entry) as made:
        return name(made, desk=desk, scopes=scopes, by=by)


@contextmanager
def sealing(
    known: Known, *, desk: str, by: Session, scopes: Collection[str] = (), entry: UUID | None = None
) -> Iterator[UUID]:
    """Seal an identity, durably, before the record tells of it inside the block; taken out again when that fails."""
    _check_carer(by, desk=desk)
    policies.check_identity(name=known.name, contact=known.contact)
    policies.check_scopes(scopes=scopes)
    made = entry or new_id()
    given = tuple(Consent(scope, given=True, on=today().isoformat(), by=by.person_id) for scope in sorted(scopes))
    identities.write(replace(known, desk=desk, consent=(*known.consent, *given)), entry=made)
    try:
        with transaction.atomic():
            yield made
    except BaseException:
        identities.erase(made)
        raise


@transaction.atomic
def name(entry: UUID, *, desk: str, scopes: Collection[str], by: Session, verb: str = "source protected") -> Pseudonym:
    """Give what was sealed under `entry` its pseudonym, in the care of whoever sealed it.

    What a machine sealed comes into the care of the first source handler of the desk, when it has one.
    """
    _check_carer(by, desk=desk)
    keeper = by.person_id
    if keeper.startswith("system:"):
        keeper = next((str(one.id) for one in queries.carers(desk)), keeper)
    made = Pseudonym(
        id=entry, code=_new_code(), desk=desk, keeper=keeper, scopes=sorted(scopes), last_contact=today(),
        review_due=today() + policies.REVIEW,
    ).labelled(queries.label_on(desk))  # fmt: skip
    return write(made, by=by.person_id, verb=verb)


def _new_code() -> str:
    """A code that no desk has: random, so that it tells neither order nor number."""
    with bound_to(system_reader("keeper", reason="pseudonyms differ on all desks")):
        while True:
            code = f"{secrets.choice(policies.LETTERS)}-{secrets.randbelow(90) + 10}{secrets.choice(policies.LETTERS)}"
            if not queries.by_codes([code]):
                return code


@transaction.atomic
def add(one: Pseudonym, *, by: Session, told: Known) -> None:
    """Add what was learned to an identity, line by line; what stood there stays. Nobody reads it by writing."""
    _check_carer(by, desk=one.desk)
    policies.check_stands(state=one.state)
    if not any(getattr(told, name).strip() for name in TEXTS) and not told.words:
        raise Refused(say("Write what is to be added."))
    note(by=by.person_id, verb="identity added to", kind=one.kind(), object_id=one.id)
    identities.rewrite(one.id, lambda known: _joined(known, told))


def _joined(known: Known, told: Known) -> Known:
    lines = {name: [part for part in (getattr(known, name), getattr(told, name).strip()) if part] for name in TEXTS}
    texts = {name: "\n".join(dict.fromkeys(parts)) for name, parts in lines.items()}
    return known.with_texts(texts, words=tuple(dict.fromkeys((*known.words, *told.words))))


@transaction.atomic
def record_consent(one: Pseudonym, *, scopes: Collection[str], on: date, by: Session) -> Pseudonym:
    """Record what a source agrees to from now on; what is not among `scopes` was taken back. When and by whom is sealed."""
    _check_carer(by, desk=one.desk)
    policies.check_stands(state=one.state)
    policies.check_scopes(scopes=scopes)
    policies.check_day(day=on, today=today())
    before, after = set(one.scopes), set(scopes)
    if before == after:
        raise Refused(say("This is what is recorded already."))
    changes = [Consent(scope, given=scope in after, on=on.isoformat(), by=by.person_id) for scope in sorted(before ^ after)]
    one.scopes = sorted(after)
    write(one, by=by.person_id, verb="consent recorded" if after >= before else "consent withdrawn")
    identities.rewrite(one.id, lambda known: replace(known, consent=(*known.consent, *changes)))
    return one


@transaction.atomic
def reached(one: Pseudonym, *, on: date, by: Session) -> Pseudonym:
    """Record on which day somebody last reached the source."""
    _check_carer(by, desk=one.desk)
    policies.check_stands(state=one.state)
    policies.check_day(day=on, today=today())
    one.last_contact = on
    return write(one, by=by.person_id, verb="source reached")


@transaction.atomic
def review(one: Pseudonym, *, by: Session) -> Pseudonym:
    """A source handler finds that the identity must still be kept, for twelve months more."""
    _check_carer(by, desk=one.desk)
    policies.check_stands(state=one.state)
    one.review_due = today() + policies.REVIEW
    return write(one, by=by.person_id, verb="source reviewed")


@transaction.atomic
def receive(entry: UUID, *, by: Session) -> Pseudonym:
    """A source handler of another desk takes over what was handed to it, under a pseudonym of that desk."""
    by.check_may("source.protect")
    waiting = dict(identities.waiting_at(queries.desks_of(by)))
    if entry not in waiting:
        raise Refused(say("There is nothing here with this id."))
    made = name(entry, desk=waiting[entry], scopes=(), by=by, verb="source received")
    identities.rewrite(entry, lambda known: known, waiting=False)
    return made


def read(one: Pseudonym, *, by: Session) -> Known:
    """Who it is, for whoever two people opened it to, while it stands open. Each reading is an entry of the record."""
    by.check_may("vault.open")
    if queries.opened_until(one, session=by) is None or one.state != PseudonymState.KEPT:
        raise Refused(say("Two people open an identity. Propose it first."))
    known = identities.read(one.id)
    note(by=by.person_id, verb="identity read", kind=one.kind(), object_id=one.id)
    return known


def read_original(one: Pseudonym, *, evidence: UUID, by: Session) -> bytes:
    """Bytes that tell who it is, under the same rule."""
    by.check_may("vault.open")
    if queries.opened_until(one, session=by) is None or one.state != PseudonymState.KEPT:
        raise Refused(say("Two people open an identity. Propose it first."))
    content = identities.original(evidence, entry=one.id)
    note(by=by.person_id, verb="exported", kind="record.evidence", object_id=evidence)
    note(by=by.person_id, verb="identity read", kind=one.kind(), object_id=one.id)
    return content
