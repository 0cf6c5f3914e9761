"""What two people decide about a protected source: opening, handing over, moving to another desk, erasing.

Both see the sources of the desk; neither is the source. Nothing they write may tell who it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.access import decisions
from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.matters import Matter, no_terms, register
from forestall.access.models import Decision
from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.record.actions import note, write
from forestall.record.models import Recorded

from . import checking, identities, keys, policies, queries
from .models import Handover, Pseudonym
from .states import PSEUDONYM, PseudonymState

OPEN = queries.OPEN
HAND_OVER = "hand sources over"
MOVE = queries.MOVE
ERASE = "erase an identity"


def propose(key: str, *, about: Pseudonym | Handover, reason: str, by: Session, terms: Mapping[str, Any] | None = None) -> Decision:
    """Propose one of these. Raises `Refused` also when the reason would tell who the source is."""
    by.check_may("vault.open")
    if not by.may_see(about.label):
        raise Refused(say("There is nothing here with this id."))
    sources = [about] if isinstance(about, Pseudonym) else _sources(about)
    checking.check_words(reason, of=[one.id for one in sources if one.state == PseudonymState.KEPT], by=by.person_id)
    return decisions.propose(key, about=about, reason=reason, by=by, terms=terms)


def _check_not_source(one: Pseudonym, *, person_id: str) -> None:
    """Raise `Refused` when the person who decides is the source. Raises `Unavailable` while the vault is sealed."""
    person = people.person(person_id) if not person_id.startswith("system:") else None
    known = identities.read(one.id)
    if person is None:
        return
    mine = {policies.folded(text) for text in (person.name, person.email) if text}
    told = {policies.folded(line) for line in known.telling}
    if mine & told:
        raise Refused(say("Nobody decides about themselves. Ask two others."))


def _check(one: Pseudonym, terms: Mapping[str, Any], proposer: str) -> None:
    policies.check_stands(state=one.state)
    _check_not_source(one, person_id=proposer)


def _tell_desk(one: Pseudonym, *, words: Words, but: str = "") -> None:
    told = [str(each.id) for each in queries.carers(one.desk)]
    tell([person for person in told if person != but], words=words, kind=one.kind(), object_id=one.id)


def _opened(decision: Decision, one: Pseudonym, by: Session) -> None:
    """It stands open from now on to whoever asked; everybody who cares for the desk's sources is told."""
    _check_not_source(one, person_id=by.person_id)
    note(by=decision.proposer, verb="identity opened", kind=one.kind(), object_id=one.id)
    note(by=by.person_id, verb="opening agreed", kind=one.kind(), object_id=one.id)
    name = people.names([decision.proposer]).get(decision.proposer, "")
    words = say("The identity behind %(code)s was opened for %(name)s, for %(count)s minutes.", code=one.code, name=name, count=policies.MINUTES)
    _tell_desk(one, words=words)


def _check_move(one: Pseudonym, terms: Mapping[str, Any], proposer: str) -> None:
    _check(one, terms, proposer)
    desk = str(terms["desk"])
    if desk == one.desk or desk not in {each.key for each in people.desks()}:
        raise Refused(say("Choose another desk."))
    if not queries.carers(desk):
        raise Refused(say("This desk has no source handler who could receive it."))


def _moved(decision: Decision, one: Pseudonym, by: Session) -> None:
    """Here it ends. The other desk receives it under a pseudonym of its own, another time, and nothing joins the two."""
    _check_not_source(one, person_id=by.person_id)
    desk = str(decision.terms["desk"])
    one.scopes = []
    _step(one, to=PseudonymState.MOVED, by=decision.proposer)
    transaction.on_commit(lambda: _hand_on(one.id, desk=desk))


def _hand_on(entry: UUID, *, desk: str) -> None:
    identities.move(entry, desk=desk)


def _check_erase(one: Pseudonym, terms: Mapping[str, Any], proposer: str) -> None:
    if one.state == PseudonymState.ERASED:
        policies.check_stands(state=one.state)
    if one.hold:
        raise Refused(say("This is under a hold and cannot be removed. Two people must lift the hold first."))
    if queries.name_still_stands(one):
        raise Refused(say("The name still stands in what was recorded before. Decide on that first: it needs the identity."))
    _check_not_source(one, person_id=proposer)


def _erased(decision: Decision, one: Pseudonym, by: Session) -> None:
    """The record first, then the bytes: what is broken off between the two is finished by the vault's verification."""
    _check_not_source(one, person_id=by.person_id)
    one.scopes = []
    _step(one, to=PseudonymState.ERASED, by=decision.proposer)
    note(by=by.person_id, verb="erasure agreed", kind=one.kind(), object_id=one.id)
    for evidence in identities.originals(one.id):
        note(by=decision.proposer, verb="original erased", kind="record.evidence", object_id=evidence)
    transaction.on_commit(lambda: identities.erase(one.id))
    _tell_desk(one, words=say("The identity behind %(code)s was erased.", code=one.code), but=by.person_id)


def on_removed(*, thing: Recorded, **_: object) -> None:
    """What the record says while it removes evidence that lies here. Raises `Unavailable` while the vault is sealed.

    What cannot be erased is not said to be; what is broken off after the commit is finished by the vault's verification.
    """
    keys.read()
    transaction.on_commit(lambda: identities.erase_original(thing.id), robust=True)


def _step(one: Pseudonym, *, to: PseudonymState, by: str) -> None:
    step = PSEUDONYM.move(one.state, to)
    one.state = to
    write(one, by=by, verb=step.records)


@transaction.atomic
def prepare_handover(*, desk: str, giver: str, taker: str, sources: Sequence[Pseudonym], reason: str, by: Session) -> Decision:
    """Propose that sources of a desk go from one source handler to another. Returns the decision that waits."""
    by.check_may("vault.open")
    if not sources:
        raise Refused(say("Choose which sources are handed over."))
    made = Handover(
        desk=desk, giver=giver, taker=taker, sources=sorted(str(one.id) for one in sources)
    ).labelled(queries.label_on(desk))  # fmt: skip
    if not by.may_see(made.label):
        raise Refused(say("You are no source handler of this desk."))
    write(made, by=by.person_id, verb="handover prepared")
    return propose(HAND_OVER, about=made, reason=reason, by=by)


def _sources(made: Handover) -> list[Pseudonym]:
    found = (queries.pseudonym(UUID(entry)) for entry in made.sources)
    return [one for one in found if one is not None]


def _check_handover(made: Handover, terms: Mapping[str, Any], proposer: str) -> None:
    taker = people.person(made.taker)
    if made.done:
        raise Refused(say("This handover is done."))
    if taker is None or not taker.is_active or not queries.is_carer(taker, desk=made.desk):
        raise Refused(say("Sources go only to a source handler of the same desk."))
    if made.giver == made.taker:
        raise Refused(say("Choose somebody else to hand them to."))
    for one in _sources(made):
        if one.desk != made.desk or one.keeper != made.giver:
            raise Refused(say("One of these is no longer theirs to hand over. Propose it again."))
        if one.state == PseudonymState.KEPT:
            _check_not_source(one, person_id=proposer)


def _handed_over(decision: Decision, made: Handover, by: Session) -> None:
    for one in _sources(made):
        if one.state == PseudonymState.KEPT:
            _check_not_source(one, person_id=by.person_id)
        one.keeper = made.taker
        write(one, by=decision.proposer, verb="source handed over")
    made.done = True
    write(made, by=by.person_id, verb="handover agreed")
    tell([made.taker], words=say("Sources were handed over to you. Look at what each agreed to."), kind=made.kind(), object_id=made.id)


def _move_words(terms: Mapping[str, Any]) -> list[Words]:
    titles = {desk.key: desk.title for desk in people.desks()}
    return [say("To the desk %(title)s", title=titles.get(str(terms["desk"]), str(terms["desk"])))]


register(Matter(
    key=OPEN,
    title=say("Open who a source is"),
    consequence=say("It stands open for 15 minutes to whoever proposed it, and to nobody else. Each reading is recorded, and every "
                    "source handler of the desk is told."),
    verb="vault.open", check=_check, carry_out=_opened, terms_words=no_terms, days=2,
))  # fmt: skip
register(Matter(
    key=HAND_OVER,
    title=say("Hand sources over to another source handler"),
    consequence=say("From then on the other cares for them. Nobody reads an identity by it."),
    verb="vault.open", check=_check_handover, carry_out=_handed_over, terms_words=no_terms,
))  # fmt: skip
register(Matter(
    key=MOVE,
    title=say("Move a source to another desk"),
    consequence=say("Here the pseudonym stays and nothing can be opened any more. The other desk receives the identity under a "
                    "pseudonym of its own, and asks for consent anew. Nothing outside the vault joins the two."),
    verb="vault.open", check=_check_move, carry_out=_moved, terms_words=_move_words,
))  # fmt: skip
register(Matter(
    key=ERASE,
    title=say("Erase an identity for good"),
    consequence=say("Its key is destroyed and its bytes leave the vault. Nobody can bring it back, also not from a copy of the vault. "
                    "The pseudonym stays where it stands."),
    verb="vault.open", check=_check_erase, carry_out=_erased, terms_words=no_terms,
))  # fmt: skip
