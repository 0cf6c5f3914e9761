"""A request for evidence on its way: recorded, decided by counsel, its originators asked, handed over, receipted."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.decisions import at_widest
from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label, Level, join
from forestall.monitoring import packages, policies
from forestall.monitoring.actions import thirdparty
from forestall.monitoring.models import Item, LeaveToQuote, PackagePiece, PackageRequest
from forestall.monitoring.packages import Piece
from forestall.monitoring.states import PACKAGE, PackageState
from forestall.record import resting
from forestall.record.actions import write
from forestall.record.models import Evidence, Recorded

LEAST = Label(level=Level.CONFIDENTIAL)
"""That somebody asks for evidence, and what for, is never less than confidential."""


@dataclass(frozen=True)
class Asked:
    """One thing asked for: an item with its bytes, or bytes alone."""

    evidence: Evidence
    item: Item | None = None

    @property
    def label(self) -> Label:
        return join(one.label for one in (self.evidence, self.item) if one is not None)


@dataclass(frozen=True)
class Terms:
    """What a request says of itself."""

    requester: str
    authority: str
    purpose: str
    received_on: date | None
    language: str = "en"


def of_item(item: Item) -> Asked:
    """An item as something asked for. Raises `Refused` when its bytes may not be seen, or are in quarantine."""
    evidence = Evidence.objects.filter(pk=item.evidence_id).first()
    if evidence is None:
        raise Refused(say("There is nothing here with this id."))
    return Asked(evidence, item)


@transaction.atomic
def register(terms: Terms, *, things: Sequence[Asked], by: Session) -> PackageRequest:
    """Record a request and what it asks for, as far as it is known yet; those who could decide as counsel are told."""
    by.check_may("package.request")
    policies.check_requested(
        requester=terms.requester, authority=terms.authority, purpose=terms.purpose, received_on=terms.received_on, today=today()
    )
    assert terms.received_on is not None
    made = PackageRequest(
        reference=f"EP-{secrets.token_hex(3).upper()}", requester=terms.requester.strip(), authority=terms.authority.strip(),
        purpose=terms.purpose.strip(), received_on=terms.received_on, language=terms.language,
        registered_by=by.person_id, registered_at=now(),
    ).labelled(join([LEAST, *(thing.label for thing in things)]))  # fmt: skip
    write(made, by=by.person_id, verb="package requested")
    for number, thing in enumerate(_once(things), start=1):
        _put(made, thing, number=number, by=by)
    _tell(made, ("package.decide",), by=by)
    return made


def _once(things: Sequence[Asked]) -> list[Asked]:
    return list({thing.evidence.pk: thing for thing in things}.values())


def _put(asked: PackageRequest, thing: Asked, *, number: int, by: Session) -> PackagePiece:
    policies.check_may_be_packed(thing.label)
    made = PackagePiece(request=asked, number=number, item=thing.item, evidence=thing.evidence).labelled(join([asked.label, thing.label]))
    return write(made, by=by.person_id, verb="added to a package request")


@transaction.atomic
def add(asked: PackageRequest, *, thing: Asked, by: Session) -> PackagePiece:
    """Add something to a request that counsel has not decided on yet; the request and its pieces are held as closely as it."""
    by.check_may("package.request")
    packages.check_seen(asked, by=by)
    asked = PackageRequest.objects.select_for_update().get(pk=asked.pk)  # two who add at once must not give one number twice
    if asked.state != PackageState.RECEIVED:
        raise Refused(say("Counsel has decided on this request. Record another one for more."))
    known = [one.piece for one in packages.pieces(asked)]
    if any(one.evidence_id == thing.evidence.pk for one in known):
        raise Refused(say("It is in this request already."))
    wider = join([asked.label, thing.label])
    if wider != asked.label:
        asked = resting.raise_label(asked, label=thing.label, by=by.person_id)
        by.forget_scope()
    return _put(asked, thing, number=len(known) + 1, by=by)


@transaction.atomic
def decide(
    asked: PackageRequest, *, granted: bool, reason: str, by: Session, withheld: Collection[int] = (), opened: bool = False
) -> PackageRequest:
    """Counsel decides: yes, in part (`withheld` names what does not go), or no. A yes can be taken back until it left."""
    step = PACKAGE.move(asked.state, PackageState.GRANTED if granted else PackageState.REFUSED)
    by.check_may(step.verb)
    packages.check_seen(asked, by=by)
    policies.check_counsel(counsel=by.person_id, registrar=asked.registered_by, reason=reason)
    found = [one.piece for one in packages.pieces(asked)]
    if granted:
        policies.check_something_goes([one.number for one in found if one.number not in withheld])
        for one in found:
            if one.number in withheld:
                one.withheld = True
                write(one, by=by.person_id, verb="withheld by counsel")
    asked.state = PackageState.GRANTED if granted else PackageState.REFUSED
    asked.reason, asked.opened, asked.decided_by, asked.decided_at = reason.strip(), granted and opened, by.person_id, now()
    write(asked, by=by.person_id, verb=step.records)
    _tell(asked, step.tells, by=by)
    return asked


def ask_originator(asked: PackageRequest, *, piece: Piece, originator: str, through: str, by: Session) -> LeaveToQuote:
    """Record that an originator was asked whether a whole file may be handed to whoever asks for it."""
    if asked.state not in (PackageState.GRANTED, PackageState.ASSEMBLED):
        raise Refused(say("Originators are asked once counsel has granted the request."))
    if piece.evidence is None:
        raise Refused(say("Its content was removed."))
    wanted = [one for one in (piece.item, piece.evidence) if one and originator in policies.originators(one.label.compartments)]
    about: Recorded = wanted[0] if wanted else piece.evidence
    return thirdparty.ask(
        about, originator=originator, addressee=asked.requester, wording=policies.leave_wording(piece.evidence.sha256),
        through=through, by=by,
    )  # fmt: skip


@transaction.atomic
def hand_over(asked: PackageRequest, *, to: str, how: str, on: date | None, by: Session, receipt: str = "") -> PackageRequest:
    """Record that the package was handed over: who took it, how, on what day."""
    step = PACKAGE.move(asked.state, PackageState.HANDED_OVER)
    by.check_may(step.verb)
    packages.check_seen(asked, by=by)
    policies.check_apart(by=by.person_id, counsel=asked.decided_by)
    if asked.state == PackageState.HANDED_OVER:
        raise Refused(say("It was handed over already. Only the receipt can be added."))
    assert asked.assembled_at is not None
    policies.check_handed(to=to, how=how, on=on, assembled_on=asked.assembled_at.date(), today=today())
    asked.state, asked.handed_to, asked.handed_how, asked.handed_on = PackageState.HANDED_OVER, to.strip(), how.strip(), on
    asked.handed_by, asked.receipt = by.person_id, receipt.strip()
    write(asked, by=by.person_id, verb=step.records)
    _tell(asked, step.tells, by=by)
    return asked


@transaction.atomic
def record_receipt(asked: PackageRequest, *, receipt: str, by: Session) -> PackageRequest:
    """Record what the recipient gave for a package that was handed over."""
    if asked.state != PackageState.HANDED_OVER:
        raise Refused(say("Record first that it was handed over."))
    step = PACKAGE.move(asked.state, PackageState.HANDED_OVER)
    by.check_may(step.verb)
    packages.check_seen(asked, by=by)
    policies.check_reason(reason=receipt)
    asked.receipt = receipt.strip()
    return write(asked, by=by.person_id, verb=step.records)


@transaction.atomic
def withdraw(asked: PackageRequest, *, reason: str, by: Session) -> PackageRequest:
    """The request is asked for no more, or was recorded wrongly; says why."""
    step = PACKAGE.move(asked.state, PackageState.WITHDRAWN)
    by.check_may(step.verb)
    packages.check_seen(asked, by=by)
    policies.check_reason(reason=reason)
    asked.state, asked.ended = PackageState.WITHDRAWN, reason.strip()
    return write(asked, by=by.person_id, verb=step.records)


def _tell(asked: PackageRequest, whom: Sequence[str], *, by: Session) -> None:
    """Tell the registrar, or those who hold a verb and see the request; never the one who acts."""
    told = [asked.registered_by] if "registrar" in whom else []
    for person in people.people():
        widest = at_widest(person)
        if any(widest.may(verb) for verb in whom if verb != "registrar") and widest.may_see(asked.label):
            told.append(str(person.id))
    words = say("Evidence package %(reference)s: %(state)s.", reference=asked.reference, state=PACKAGE.words[asked.state])
    tell([one for one in told if one != by.person_id], words=words, kind=asked.kind(), object_id=asked.id)
