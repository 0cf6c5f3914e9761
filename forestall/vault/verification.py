"""`forestall vault verify`: every row unseals where it stands, and pseudonyms, entries and items agree with each other.

Reads everything, as the machine and not as a person: what it reports are public ids and counts, never an identity.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from forestall.access.models import Decision
from forestall.access.states import DecisionState
from forestall.base.errors import Spoken
from forestall.base.words import Words, say
from forestall.record import evidence
from forestall.record.models import ELSEWHERE, Evidence, Recorded
from forestall.record.queries import acts_of
from forestall.record.verification import recorded_models

from . import identities, keys, queries
from .identities import Known
from .models import Identity, Original, Pseudonym
from .policies import SPELLED
from .states import PseudonymState


@dataclass
class Checked:
    """What was found: how many entries were read, a sentence for each fault, and what a broken-off act left over."""

    entries: int = 0
    faults: list[Words] = field(default_factory=list)
    left_over: list[Words] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults and not self.left_over


def verify() -> Checked:
    """Check the whole vault against itself and against the office's records. Raises `Unavailable` while it is sealed."""
    ring, found = keys.read(), Checked()
    known = _unsealed(found, ring=ring)
    named = {one.id: one for one in Pseudonym.objects.all()}
    found.left_over += _left_over(known, named)
    found.left_over += [say("Entry %(id)s: it was to be erased and is still here.", id=str(one)) for one in _removed_originals()]
    found.faults += _missing(known, named)
    found.faults += _unknown_codes({one.code for one in named.values()})
    found.faults += _originals(ring)
    found.faults += _permissions()
    return found


def _unsealed(found: Checked, *, ring: keys.Ring) -> dict[UUID, tuple[bool, Known | None]]:
    known: dict[UUID, tuple[bool, Known | None]] = {}
    for row in Identity.objects.order_by("id"):
        found.entries += 1
        try:
            known[row.id] = row.waiting, identities.unsealed(row, ring=ring)
        except Spoken as fault:
            known[row.id] = row.waiting, None
            found.faults.append(say("Entry %(id)s: %(why)s", id=str(row.id), why=fault.words))
    return known


def _left_over(known: dict[UUID, tuple[bool, Known | None]], named: dict[UUID, Pseudonym]) -> list[Words]:
    """What an act that was broken off between the record and the vault left in the vault; `mend` finishes it."""
    told = []
    for entry, (waiting, one) in known.items():
        pseudonym = named.get(entry)
        if pseudonym is None and not waiting:
            told.append(say("Entry %(id)s: no pseudonym stands for it.", id=str(entry)))
        elif pseudonym is not None and pseudonym.state == PseudonymState.ERASED:
            told.append(say("Entry %(id)s: it was to be erased and is still here.", id=str(entry)))
        elif pseudonym is not None and pseudonym.state == PseudonymState.MOVED and one is not None and (one.name or one.contact):
            told.append(say("Entry %(id)s: it was to be moved and is still here.", id=str(entry)))
    return told


def without_key() -> list[Words]:
    """What does not agree as far as it shows without the key: what the record names and no row of the vault is there for."""
    rows, sealed = set(Identity.objects.values_list("id", flat=True)), set(Original.objects.values_list("id", flat=True))
    kept = Pseudonym.objects.filter(state=PseudonymState.KEPT).order_by("id")
    missing = [say("Pseudonym %(id)s: no identity lies behind it.", id=str(one.id)) for one in kept if one.id not in rows]
    return [*missing, *_gone(sealed)]


def _gone(sealed: set[UUID]) -> list[Words]:
    return [
        say("The bytes of evidence %(id)s are gone or changed.", id=str(kept.id))
        for kept in Evidence.objects.filter(address=ELSEWHERE, expunged=False)
        if kept.id not in sealed and not acts_of(kept.id, verbs=("original erased",))
    ]


def _missing(known: dict[UUID, tuple[bool, Known | None]], named: dict[UUID, Pseudonym]) -> list[Words]:
    missing = (one.id for one in named.values() if one.state == PseudonymState.KEPT and one.id not in known)
    return [say("Pseudonym %(id)s: no identity lies behind it.", id=str(entry)) for entry in missing]


def _unknown_codes(codes: set[str]) -> list[Words]:
    """Who sent an item under a pseudonym that the vault does not know."""
    faults = []
    for model in recorded_models():
        if "reporter" not in {one.name for one in model._meta.concrete_fields}:
            continue
        for thing in model.objects.all():
            written = str(getattr(thing, "reporter", ""))
            if SPELLED.fullmatch(written) and written not in codes:
                faults.append(_unknown(thing))
    return faults


def _unknown(thing: Recorded) -> Words:
    return say("%(kind)s %(id)s names a pseudonym that nobody has.", kind=thing.kind(), id=str(thing.id))


def _originals(ring: keys.Ring) -> list[Words]:
    faults = []
    sealed = set()
    for row in Original.objects.order_by("id"):
        sealed.add(row.id)
        try:
            identities.original(row.id, entry=row.identity)
        except Spoken as fault:
            faults.append(say("Entry %(id)s: %(why)s", id=str(row.id), why=fault.words))
    return [*faults, *_gone(sealed)]


def _removed_originals() -> list[UUID]:
    """Originals whose evidence was removed by decision of two."""
    return evidence.removed_among(Original.objects.values_list("id", flat=True))


def _permissions() -> list[Words]:
    """The key and the vault's file are their owner's alone."""
    open_to_others = [one for one in (keys.path(), settings.HOME.vault) if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077]
    return [say("Others on this machine can read %(path)s. Run: chmod 600 %(path)s", path=str(one)) for one in open_to_others]


def mend() -> int:
    """Finish what was broken off: take out what no pseudonym stands for or was erased, hand on what was moved.

    Returns how many entries it finished. What fails to unseal is left as it is, for somebody to look at.
    """
    named = {one.id: one for one in Pseudonym.objects.all()}
    done = 0
    for entry, waiting in Identity.objects.values_list("id", "waiting"):
        one = named.get(entry)
        if (one is None and not waiting) or (one is not None and one.state == PseudonymState.ERASED):
            identities.erase(entry)
            done += 1
        elif one is not None and one.state == PseudonymState.MOVED:
            done += identities.move(entry, desk=desk_of_move(one)) is not None
    for removed in _removed_originals():
        identities.erase_original(removed)
        done += 1
    return done


def desk_of_move(one: Pseudonym) -> str:
    """The desk (key) that two people agreed a source goes to; its own while they agreed to none."""
    agreed = Decision.objects.filter(about_id=one.id, matter=queries.MOVE, state=DecisionState.AGREED).order_by("-decided_at").first()
    return str(agreed.terms["desk"]) if agreed is not None else one.desk
