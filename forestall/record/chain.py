"""The chain of custody of some evidence, for an outsider: each act with the proof that it stood in a sealed log.

Each act is held against the first seal that covers it: whoever kept that seal has kept, since then, that it was so. Who
looked is counted and not named. Everything is told up to one seal, so that the same chain can be made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forestall.base.errors import Unavailable
from forestall.base.words import say

from . import merkle
from .bundle import row
from .models import Entry, Payload, Revision, Seal, SigningKey

LOOKED = ("viewed", "working copy taken")
RECEIVED = "received"


@dataclass(frozen=True)
class Chain:
    """What is told of one piece of evidence. `acts`: leaf, seal and proof of each; `looks`: how often, by how many."""

    evidence_id: UUID
    acts: tuple[dict[str, object], ...]
    looks: dict[str, int]


@dataclass(frozen=True)
class Proven:
    """Chains, and the seals and keys with which they are verified, as rows."""

    chains: tuple[Chain, ...]
    seals: tuple[dict[str, object], ...]
    keys: tuple[dict[str, object], ...]


def newest_seal() -> Seal:
    """The seal up to which custody can be told now. Raises `Unavailable` when there is none."""
    found = Seal.objects.order_by("-at").first()
    if found is None:
        raise Unavailable(_NOT_SEALED)
    return found


def proven(evidence_ids: Sequence[UUID], *, upto: datetime, keys_at: datetime, opened: bool) -> Proven:
    """The chains of evidence that the bound session has been shown to see, up to the seal of a fixed time (UTC),
    with the keys that were there at the moment `keys_at` (UTC).

    `opened`: what the log committed to when each was received is told too: its first name, hash, label and address, with
    the salt. Raises `Unavailable` when one was received after that seal, or when the seal is not there.
    """
    last = Seal.objects.filter(at=upto).first()
    if last is None:
        raise Unavailable(_NOT_SEALED)
    seals = list(Seal.objects.filter(at__lte=upto).order_by("size", "at"))
    tree = merkle.Tree([merkle.leaf_hash(entry.leaf()) for entry in _log(last.size)])
    used: dict[datetime, Seal] = {last.at: last}
    chains = tuple(_chain(one, size=last.size, seals=seals, tree=tree, used=used, opened=opened) for one in evidence_ids)
    return Proven(
        chains=chains,
        seals=tuple(row(used[at]) for at in sorted(used)),
        keys=tuple(row(key) for key in SigningKey.objects.filter(since__lte=keys_at).order_by("number")),
    )


def _log(size: int) -> Iterable[Entry]:
    return Entry.objects.filter(seq__lt=size).order_by("seq").iterator()


def _chain(
    evidence_id: UUID, *, size: int, seals: Sequence[Seal], tree: merkle.Tree, used: dict[datetime, Seal], opened: bool
) -> Chain:
    entries = list(Entry.objects.filter(object_id=evidence_id, seq__lt=size).order_by("seq"))
    if not any(entry.verb == RECEIVED for entry in entries):
        raise Unavailable(_NOT_SEALED)
    acts = []
    for entry in entries:
        if entry.verb in LOOKED:
            continue
        seal = next(one for one in seals if one.size > entry.seq)
        used[seal.at] = seal
        proof = [one.hex() for one in tree.inclusion_proof(entry.seq, size=seal.size)]
        told: dict[str, object] = {"leaf": entry.leaf().decode(), "seal": seal.at, "proof": proof}
        acts.append(told | (_opening(entry) if opened and entry.verb == RECEIVED else {}))
    looked = [entry for entry in entries if entry.verb in LOOKED]
    looks = {verb: sum(entry.verb == verb for entry in looked) for verb in LOOKED}
    return Chain(evidence_id, tuple(acts), looks | {"people": len({entry.by for entry in looked})})


def _opening(entry: Entry) -> dict[str, object]:
    """What the entry commits to: the binding of the state written with it, and its content."""
    revision = Revision.objects.filter(entry_seq=entry.seq).first()
    payload = Payload.objects.filter(revision_id=revision.id).first() if revision else None
    if revision is None or payload is None:
        return {}
    return {"state": revision.binding(), "content": payload.body}


_NOT_SEALED = say("What was recorded of this is not sealed yet. Ask again after the next seal.")
