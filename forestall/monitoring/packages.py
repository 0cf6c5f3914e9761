"""What may be asked about requests for evidence: what each asks for, and what of it may leave now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forestall.access.session import Session, current
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import Label, join
from forestall.record.models import Evidence

from .models import Item, LeaveToQuote
from .models import (
    PackagePiece as PackagePiece,  # faces type with what questions return, and import no models
)
from .models import PackageRequest as PackageRequest
from .policies import JUDICIAL, leave_wording, originators
from .states import LeaveState, PackageState


@dataclass(frozen=True)
class Voice:
    """One originator of a piece, and what they said to its being handed to whoever asks for it."""

    originator: str
    leave: LeaveToQuote | None

    @property
    def agrees(self) -> bool:
        return self.leave is not None and self.leave.state == LeaveState.GRANTED


@dataclass(frozen=True)
class Piece:
    """One piece as it stands. `hindrance` is what keeps it in; None: it may leave."""

    piece: PackagePiece
    item: Item | None
    evidence: Evidence | None
    voices: tuple[Voice, ...]
    hindrance: Words | None

    @property
    def number(self) -> int:
        return self.piece.number

    @property
    def goes(self) -> bool:
        return self.hindrance is None

    @property
    def title(self) -> str:
        return self.item.title if self.item else self.evidence.name if self.evidence else ""


def requests() -> list[PackageRequest]:
    """Requests for evidence that may be seen, newest first."""
    return list(PackageRequest.objects.order_by("-received_on", "-registered_at", "reference"))


def request(request_id: UUID | str) -> PackageRequest | None:
    """One request, if there is one to be seen."""
    return PackageRequest.objects.filter(pk=request_id).first()


def requests_for(evidence_id: UUID) -> list[PackageRequest]:
    """Requests that ask for a file, as far as they may be seen."""
    asked = PackagePiece.objects.filter(evidence_id=evidence_id).values("request_id")
    return list(PackageRequest.objects.filter(pk__in=asked).order_by("-received_on", "reference"))


def pieces(asked: PackageRequest) -> list[Piece]:
    """What a request asks for, in order, each with what stands in its way."""
    return [_stand(one, asked=asked) for one in PackagePiece.objects.filter(request_id=asked.pk).order_by("number")]


def piece(asked: PackageRequest, *, piece_id: UUID | str) -> Piece | None:
    """One piece of a request."""
    return next((one for one in pieces(asked) if str(one.piece.pk) == str(piece_id)), None)


def _stand(one: PackagePiece, *, asked: PackageRequest) -> Piece:
    item = Item.objects.filter(pk=one.item_id).first() if one.item_id else None
    evidence = Evidence.objects.filter(pk=one.evidence_id).first()
    own = join(each.label for each in (item, evidence) if each is not None)  # its own conditions: the piece has those of all
    voices = _voices(one, evidence, own=own, asked=asked)
    return Piece(one, item, evidence, voices, _hindrance(one, evidence, voices, own=own))


def _voices(one: PackagePiece, evidence: Evidence | None, *, own: Label, asked: PackageRequest) -> tuple[Voice, ...]:
    if evidence is None:
        return ()
    wanted = {"addressee": asked.requester, "wording": leave_wording(evidence.sha256)}
    ids = [each for each in (one.item_id, one.evidence_id) if each]
    newest = LeaveToQuote.objects.filter(about_id__in=ids, **wanted).order_by("-asked_at", "pk")
    said: dict[str, LeaveToQuote] = {}
    for leave in newest:
        said.setdefault(leave.originator, leave)
    return tuple(Voice(name, said.get(name)) for name in originators(own.compartments))


def _hindrance(one: PackagePiece, evidence: Evidence | None, voices: Sequence[Voice], *, own: Label) -> Words | None:
    if evidence is None:
        return say("Its content was removed.")
    if own.quarantined:
        return say("It is in quarantine.")
    if one.withheld:
        return say("Counsel decided that it does not go.")
    if own.consent and JUDICIAL not in own.consent:
        return say("Its source did not agree that it is handed to a court.")
    missing = next((voice for voice in voices if not voice.agrees), None)
    if missing is None:
        return None
    if missing.leave is None:
        return say("%(name)s gave it in confidence and was not asked yet.", name=missing.originator)
    if missing.leave.state == LeaveState.ASKED:
        return say("%(name)s gave it in confidence and has not answered yet.", name=missing.originator)
    return say("%(name)s gave it in confidence and does not agree.", name=missing.originator)


def check_seen(asked: PackageRequest, *, by: Session) -> None:
    """Raise `Refused` unless whoever acts sees the request, as it would of one that never was."""
    if not by.may_see(asked.label):
        raise Refused(say("There is nothing here with this id."))


NEXT: dict[str, str] = {
    PackageState.RECEIVED: "package.decide",
    PackageState.GRANTED: "package.hand_over",
    PackageState.ASSEMBLED: "package.hand_over",
}
"""State → the verb of whoever may do the next; none where nothing is left to do."""


def may_decide(asked: PackageRequest) -> bool:
    """Whether the bound session can decide as counsel now."""
    session: Session = current()
    return session.may("package.decide") and session.person_id != asked.registered_by


def may_hand_over(asked: PackageRequest) -> bool:
    """Whether the bound session can assemble the package and hand it over."""
    session: Session = current()
    return session.may("package.hand_over") and session.person_id != asked.decided_by
