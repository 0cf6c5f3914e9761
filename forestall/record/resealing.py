"""Sealing what still lies in clear, and finishing what a crash left half done. Any number of times: it changes no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from forestall.base.errors import Malformed
from forestall.labels.binding import bind
from forestall.labels.models import everything
from forestall.labels.telling import Elevation, elevated

from . import actions, evidence, keyring
from .models import Evidence, Payload
from .resting import Whole


@dataclass(frozen=True)
class Standing:
    """How many evidences are sealed, lie in clear as they may, or lie in clear and may not; whose key is left over.

    `ownerless` counts sealed files that no evidence names: a crash or an older database left them. Without their key
    they are noise; they are told of, never removed.
    """

    sealed: int
    clear: int
    unsealed: int
    undestroyed: int
    ownerless: int


@dataclass(frozen=True)
class Resealed:
    """What was done: evidences sealed, bytes in clear and keys that a crash had left removed, evidences that could not."""

    sealed: int
    dropped: int
    destroyed: int
    failed: tuple[UUID, ...]


def standing() -> Standing:
    """How the files lie now."""
    kept = list(everything(Evidence).filter(expunged=False).exclude(address__in=evidence.AWAY))
    sealed = [one for one in kept if one.address.startswith(evidence.SEALED)]
    unsealed = [one for one in kept if one not in sealed and evidence.must_be_sealed(one.label)]
    named = {one.address for one in sealed}
    found = {f"{evidence.SEALED}{path.parent.name}/{path.name}" for path in evidence.path_of(evidence.SEALED).glob("*/*")}
    return Standing(
        sealed=len(sealed),
        clear=len(kept) - len(sealed) - len(unsealed),
        unsealed=len(unsealed),
        undestroyed=len(evidence.undestroyed()),
        ownerless=len(found - named),
    )


def seal_all(*, by: str) -> Resealed:
    """Seal every evidence that may not lie in clear, each in a transaction of its own; then tidy after crashes.

    What cannot be sealed, because its bytes are gone or changed, is named and stays as it is. Raises `Unavailable` when
    the home's keys are not here. Reads everything, as the machine and not as a person, and tells of ids alone.
    """
    keyring.check_available()
    with bind(Whole()), elevated(Elevation.WHOLE):
        return _seal_all(by=by)


def _seal_all(*, by: str) -> Resealed:
    sealed, failed = 0, []
    kept = everything(Evidence).filter(expunged=False).exclude(address__in=evidence.AWAY)
    for one in list(kept.exclude(address__startswith=evidence.SEALED)):
        if not evidence.must_be_sealed(one.label):
            continue
        try:
            with transaction.atomic():
                actions.write(one, by=by, verb="sealed")
        except Malformed:
            failed.append(one.pk)
        else:
            sealed += 1
    dropped = sum(evidence.drop_clear(address) for address in set(_left_in_clear()))
    destroyed = evidence.undestroyed()
    for owner in destroyed:
        keyring.destroy(owner)
    for one in everything(Evidence).filter(expunged=False, address__startswith=evidence.SEALED):
        evidence.settle_key(one)
    return Resealed(sealed, dropped, len(destroyed), tuple(failed))


def _left_in_clear() -> Iterator[str]:
    """Addresses in clear that the record names for evidence which has been sealed since."""
    owners = everything(Evidence).filter(expunged=False, address__startswith=evidence.SEALED).values("pk")
    for body in everything(Payload).filter(object_id__in=owners).values_list("body", flat=True):
        address = str(json.loads(body).get("address", ""))
        if address and not address.startswith(evidence.SEALED):
            yield address
