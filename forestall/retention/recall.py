"""The list for recall: where a thing had gone before its source took back what it had agreed to, and who was told.

It is as hidden as the thing was, and names nobody and nothing that its reader may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction

from forestall.access import decisions
from forestall.access.labelling import hold_closer, remove
from forestall.access.matters import Matter, no_terms, register
from forestall.access.models import Decision
from forestall.access.session import Session
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import NO_SCOPE, Label, join
from forestall.record import resting
from forestall.record.actions import check_expunge, write
from forestall.record.departure import Departure
from forestall.record.models import Recorded

from .models import Recall, Recalled
from .states import KEEP

REMOVE_WITHDRAWN = "remove what was taken back"


@transaction.atomic
def withdraw_consent(thing: Recorded, *, scopes: frozenset[str], reason: str, by: Session) -> None:
    """A source takes back these scopes, or everything when they are none: the thing leaves the views at once.

    Raises `Refused` without a reason, and when nothing would be taken back.
    """
    if not reason.strip():
        raise Refused(say("Say how the source told us. It stays with the list for recall."))
    before = thing.label.consent
    left = (before - scopes if scopes else frozenset()) or frozenset({NO_SCOPE})
    if left == before:
        raise Refused(say("Choose what is taken back."))
    hold_closer(thing, label=replace(thing.label, consent=left), by=by, reason=reason.strip())


def on_withdrawn(*, thing: Recorded, by: str, reason: str, **_: Any) -> None:
    """What the record announces of every withdrawal: make the list, in the same transaction."""
    made = Recall(about_kind=thing.kind(), about_id=thing.id, reason=reason, by=by, at=now())
    write(made.labelled(_bare(thing.label)), by=by, verb="consent withdrawn")
    for carrier, departure in resting.gone_out(thing):
        _line(made, carrier, departure, by=by)


def _bare(label: Label) -> Label:
    """The label without what would hide or hold the list for other reasons than who may see the thing."""
    return replace(label, consent=frozenset(), hold=False, expunged=False)


def _line(made: Recall, carrier: Recorded, departure: Departure, *, by: str) -> None:
    line = Recalled(
        recall=made, carrier_kind=carrier.kind(), carrier_id=carrier.id, how=departure.how.message, to=departure.to,
        went_at=departure.at,
    )  # fmt: skip
    write(line.labelled(join([made.label, _bare(carrier.label)])), by=by, verb="listed for recall")


@transaction.atomic
def told(line: Recalled, *, how: str, by: Session) -> Recalled:
    """Note that whoever has it was told to destroy or return it. Raises `Refused` without how, and a second time."""
    by.check_may(KEEP)
    if not how.strip():
        raise Refused(say("Say how they were told, and what they said."))
    if line.told_at is not None:
        raise Refused(say("They were told already."))
    line.told_at, line.told_by, line.told_how = now(), by.person_id, how.strip()
    return write(line, by=by.person_id, verb="told of a recall")


def recalls() -> list[Recall]:
    """Withdrawals that the bound session may see, newest first."""
    return list(Recall.objects.order_by("-at"))


def recall(recall_id: UUID) -> Recall | None:
    """A withdrawal, if the bound session may see it."""
    return Recall.objects.filter(pk=recall_id).first()


def lines(one: Recall) -> list[Recalled]:
    """Where it had gone, as far as the bound session may see: what has not been told first, then by day."""
    found = Recalled.objects.filter(recall=one)
    return sorted(found, key=lambda line: (line.told_at is not None, line.went_at is None, line.went_at or now(), str(line.id)))


def line(line_id: UUID) -> Recalled | None:
    """One line of a list, if the bound session may see it."""
    return Recalled.objects.filter(pk=line_id).first()


def still_there(one: Recall) -> bool:
    """Whether the thing that was called back still has its content here."""
    return resting.with_withdrawn(_kind_of(one), one.about_id, act=lambda thing: True) or False


def propose_removal(one: Recall, *, reason: str, by: Session) -> Decision:
    """Propose to remove the content of what was called back. Nobody reads it any more, so it is proposed of its list."""
    return decisions.propose(REMOVE_WITHDRAWN, about=one, reason=reason, by=by)


def _kind_of(one: Recall) -> type[Recorded]:
    model = apps.get_model(one.about_kind)
    assert issubclass(model, Recorded)
    return model


def _check(one: Recall, terms: Mapping[str, Any], proposer: str) -> None:
    def check(thing: Recorded) -> bool:
        check_expunge(by=proposer, second="", reason="asked", hold=thing.hold)
        return True

    if not resting.with_withdrawn(_kind_of(one), one.about_id, act=check):
        raise Refused(say("Its content is removed already."))


def _remove(decision: Decision, one: Recall, by: Session) -> None:
    resting.with_withdrawn(_kind_of(one), one.about_id, act=lambda thing: remove(decision, thing, by))


register(Matter(
    key=REMOVE_WITHDRAWN,
    title=say("Remove what its source took back"),
    consequence=say("Its content goes from every state it ever had and cannot be brought back. That something stood here, "
                    "who removed it and when stays in the log, which still verifies."),
    verb="record.expunge", check=_check, carry_out=_remove, terms_words=no_terms,
))  # fmt: skip
