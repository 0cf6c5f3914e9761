"""Was this known, was this sent, on that day? A signed statement that anybody verifies with the file for outsiders.

It holds every recorded act on the thing and on what was made from it, as far as the bound session may see them, each
with the proof that it stood in the log when that was next sealed: a witness that kept the seal has kept that too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from forestall.base.canonical import canonical_json
from forestall.base.clock import end_of, now
from forestall.base.errors import Unavailable
from forestall.base.words import say

from . import merkle
from .bundle import row
from .keys import signing_key
from .models import Entry, Payload, Recorded, Redaction, Revision, Seal, SigningKey
from .resting import all_resting_on

SCHEME = "forestall-statement-1"
Proven = tuple[Entry, Seal]
"""An entry with the first seal that covers it."""


@transaction.atomic
def state(thing: Recorded, *, on: date, by: str, content: bool = False) -> bytes:
    """The statement on `thing` as of the end of a UTC day, in two lines: what is stated, and the signature over it.

    With `content`, every state's content too. Raises `Unavailable` while nothing of it has been sealed.
    """
    key = signing_key()
    ids = [thing.id, *(one.id for one in all_resting_on(thing))]
    seals = list(Seal.objects.order_by("size", "at"))
    found = [
        (entry, seal) for entry in _recorded(ids) if (seal := _first_over(entry.seq, seals=seals)) is not None
    ]
    if not found:
        raise Unavailable(say("What was recorded of this is not sealed yet. Ask again after the next seal."))
    taken_out = _taken_out(found, seals=seals) if content else {}
    rests_on = {seal.at: seal for _, seal in [*found, *(one for _, *both in taken_out.values() for one in both)]}
    told = {
        "kind": thing.kind(),
        "id": thing.id,
        "on": on,
        "known": any(entry.object_id == thing.id and entry.at <= end_of(on) for entry, _ in found),
        "made_at": now(),
        "by": by,
        "exercise": settings.HOME.is_exercise,
        "keys": [row(one) for one in SigningKey.objects.order_by("number")],
        "seals": [row(seal) for seal in sorted(rests_on.values(), key=lambda one: one.at)],
        "acts": _acts(found, taken_out, content=content),
    }
    line = f"{SCHEME} {canonical_json(told)}"
    return f"{line}\n{key.sign(line.encode()).hex()}\n".encode()


def _recorded(ids: Iterable[UUID]) -> list[Entry]:
    """The acts that wrote a state which the bound session may see; looks and exports are nobody's business outside."""
    written = Revision.objects.filter(object_id__in=list(ids)).values("entry_seq")
    return list(Entry.objects.filter(seq__in=written).order_by("seq"))


def _first_over(seq: int, *, seals: Sequence[Seal]) -> Seal | None:
    """The first seal that covers an entry: the earliest moment by which a witness could vouch for it."""
    return next((seal for seal in seals if seal.size > seq), None)


def _taken_out(found: Sequence[Proven], *, seals: Sequence[Seal]) -> dict[UUID, tuple[Redaction, Proven, Proven]]:
    """By revision, where words were taken out of its content: the last time, the entry of it, and who else agreed.

    What is not sealed yet is left out, and with it the content.
    """
    revisions = Revision.objects.filter(entry_seq__in=[entry.seq for entry, _ in found]).values("id")
    taken = {}
    for one in Redaction.objects.filter(revision_id__in=revisions).order_by("entry_seq"):
        later = Entry.objects.filter(object_id=one.object_id, seq__gte=one.entry_seq).order_by("seq")
        agreed = later.filter(verb="redaction agreed").first()
        seal = _first_over(agreed.seq, seals=seals) if agreed is not None else None
        if agreed is not None and seal is not None:
            taken[one.revision_id] = (one, (later[0], seal), (agreed, seal))
    return taken


def _acts(
    found: Sequence[Proven], taken_out: dict[UUID, tuple[Redaction, Proven, Proven]], *, content: bool
) -> list[dict[str, object]]:
    revisions = {one.entry_seq: one for one in Revision.objects.filter(entry_seq__in=[e.seq for e, _ in found])}
    ids = [one.id for one in revisions.values()]
    bodies = Payload.objects.in_bulk(ids) if content else {}
    redacted = set(Redaction.objects.filter(revision_id__in=ids).values_list("revision_id", flat=True))
    used = [*found, *(one for _, *both in taken_out.values() for one in both)]
    tree = merkle.Tree([merkle.leaf_hash(entry.leaf()) for entry in _leaves(max(seal.size for _, seal in used))])
    acts = []
    for proven in found:
        revision = revisions[proven[0].seq]
        act = {**_shown(proven, tree), "state": revision.binding(), "content": None}
        if revision.id in bodies and (revision.id not in redacted or revision.id in taken_out):
            act["content"] = bodies[revision.id].body
        if revision.id in taken_out:
            redaction, by, agreed = taken_out[revision.id]
            act["redaction"] = {**_shown(by, tree), "state": redaction.binding(), "agreed": _shown(agreed, tree)}
        acts.append(act)
    return acts


def _shown(proven: Proven, tree: merkle.Tree) -> dict[str, object]:
    """An entry, the seal over it, and the proof that it stands there."""
    entry, seal = proven
    proof = tree.inclusion_proof(entry.seq, size=seal.size)
    return {"leaf": entry.leaf().decode(), "seal": seal.at, "proof": [one.hex() for one in proof]}


def _leaves(size: int) -> Iterable[Entry]:
    return Entry.objects.filter(seq__lt=size).order_by("seq").iterator()
