"""`forestall record verify`: does every byte of the history still say what it said when it was written?

Reads everything, as the machine and not as a person: what it reports are places, never content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import Words, say
from forestall.labels.models import everything

from . import keys, lastbackup, merkle, seals, witnesses
from .evidence import GONE, content, undestroyed
from .models import ELSEWHERE, Entry, Evidence, Head, Payload, Recorded, Redaction, Revision
from .sealed import Sealed


@dataclass
class Verification:
    """What was found: how many entries were read, a sentence for every place that does not hold, and worries.

    A worry breaks nothing in the history: a witness that cannot be told, a key that grows old, a clock that went back.
    """

    entries: int = 0
    faults: list[Words] = field(default_factory=list)
    worries: list[Words] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


def verify() -> Verification:
    """Check the log, the revisions, the payloads, the things as they stand, the bytes, the seals and the witnesses.

    A place that cannot even be read is a fault like any other.
    """
    found = Verification()
    try:
        _check_all(found)
        found.worries += [*seals.late(), *keys.worries(), *witnesses.worries(), *lastbackup.worries()]
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        found.faults.append(say("A place of the history cannot be read: %(why)s", why=type(error).__name__))
    return found


@dataclass
class _Walk:
    """One pass over the entries, in order, with what the later checks need of them."""

    sealed: Sealed
    size: int = 0
    frontier: list[bytes] = field(default_factory=list)
    whole: bool = True
    latest: datetime | None = None
    back: list[int] = field(default_factory=list)
    commitments: dict[int, str] = field(default_factory=dict)
    removed: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)
    redacted: dict[int, str] = field(default_factory=dict)
    alone: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def take(self, entry: Entry) -> Words | None:
        """Take the next entry; what is wrong with it. Only the first bad one is named: all after it differ too."""
        place, self.size = self.size, self.size + 1
        self.frontier = merkle.append(self.frontier, size=place, leaf=merkle.leaf_hash(entry.leaf()))
        root = merkle.frontier_root(self.frontier).hex()
        if entry.commitment:
            self.commitments[entry.seq] = entry.commitment
        if entry.verb in ("expunged", "expunge agreed"):
            self.removed.setdefault(str(entry.object_id), {})[entry.verb] = (entry.seq, entry.by)
        self._pass_redaction(entry)
        if self.latest is not None and entry.at < self.latest:
            self.back.append(place)
        self.latest = entry.at
        self.sealed.pass_entry(place, at=entry.at, root=root)
        if not self.whole:
            return None
        if entry.seq != place:
            self.whole = False
            return say("Entry %(seq)s stands where entry %(place)s should be.", seq=entry.seq, place=place)
        if entry.root != root:
            self.whole = False
            return say("Entry %(seq)s, or one before it, was changed after it was written.", seq=place)
        return None

    def _pass_redaction(self, entry: Entry) -> None:
        """A redaction stands alone until somebody else agreed to it."""
        about = str(entry.object_id)
        if entry.verb == "redacted":
            self.redacted[entry.seq] = about
            self.alone.setdefault(about, []).append((entry.seq, entry.by))
        elif entry.verb == "redaction agreed":
            self.alone[about] = [one for one in self.alone.get(about, []) if one[1] == entry.by]


def _check_all(found: Verification) -> None:
    walk = _Walk(Sealed.read())
    for entry in Entry.objects.order_by("seq").iterator():
        fault = walk.take(entry)
        found.faults += [fault] if fault else []
    found.entries = walk.size
    found.faults += _head(walk)
    found.faults += walk.sealed.faults(walk.size, commitments=walk.commitments)
    found.faults += _revisions(walk)
    found.faults += _things()
    found.faults += _bytes()
    found.faults += _database()
    found.worries += walk.sealed.stated()
    if walk.back:
        words = say(
            "Entries dated before the one before them: %(count)s; the first is entry %(seq)s. The clock went back.",
            count=len(walk.back),
            seq=walk.back[0],
        )
        found.worries.append(words)


def _head(walk: _Walk) -> list[Words]:
    head = Head.objects.filter(id=1).first()
    if head is None:
        return [say("The head of the log is missing.")] if walk.size else []
    if head.size != walk.size or head.frontier != "".join(node.hex() for node in walk.frontier):
        return [say("The log has %(entries)s entries, but its head does not agree.", entries=walk.size)]
    return []


def _revisions(walk: _Walk) -> list[Words]:
    redactions, faults = _redactions(walk)
    bound = {*walk.sealed.key_entries(), *(one.entry_seq for one in redactions)}
    redacted = {one.revision_id: one for one in redactions}
    commitments = walk.commitments
    payloads = {payload.revision_id: payload for payload in everything(Payload).iterator()}
    revisions = everything(Revision).order_by("entry_seq").iterator()
    for revision in revisions:
        bound.add(revision.entry_seq)
        if commitments.get(revision.entry_seq) != sha256(revision.binding()):
            faults.append(say("The revision written with entry %(seq)s was changed.", seq=revision.entry_seq))
        payload = payloads.pop(revision.id, None)
        if payload is None:
            if not _removed(walk.removed.get(str(revision.object_id), {}), after=revision.entry_seq):
                faults.append(say("The content written with entry %(seq)s is gone.", seq=revision.entry_seq))
        elif payload.object_id != revision.object_id or not _fits(payload.body, redacted.get(revision.id, revision)):
            faults.append(say("The content written with entry %(seq)s was changed.", seq=revision.entry_seq))
    faults += [
        say("Entry %(seq)s binds a revision that is not there.", seq=seq)
        for seq, commitment in commitments.items()
        if commitment and seq not in bound
    ]
    faults += [say("There is content that no revision owns.") for _ in payloads]
    return faults


def _removed(acts: dict[str, tuple[int, str]], *, after: int) -> bool:
    """Whether content written with entry `after` was removed since, by one officer and another who agreed."""
    removed, agreed = acts.get("expunged", (-1, "")), acts.get("expunge agreed", (-1, ""))
    return removed[0] > after and agreed[0] > after and removed[1] != agreed[1]


def _fits(body: str, committed: Revision | Redaction) -> bool:
    return sha256(committed.salt + body) == committed.commitment


def _redactions(walk: _Walk) -> tuple[list[Redaction], list[Words]]:
    """Every redaction, in order; and those that were changed or that one person did alone."""
    found = list(everything(Redaction).order_by("entry_seq"))
    named = everything(Revision).filter(pk__in=everything(Redaction).values("revision_id"))
    owners = dict(named.values_list("id", "object_id"))
    faults = [
        say("The redaction written with entry %(seq)s was changed.", seq=one.entry_seq)
        for one in found
        if walk.commitments.get(one.entry_seq) != sha256(one.binding())
        or walk.redacted.get(one.entry_seq) != str(one.object_id)
        or owners.get(one.revision_id) != one.object_id
    ]
    faults += [
        say("Words were taken out with entry %(seq)s, and nobody else agreed.", seq=seq)
        for alone in walk.alone.values()
        for seq, _ in alone
    ]
    return found, faults


def recorded_models() -> list[type[Recorded]]:
    """Every kind of thing the record keeps."""
    return [model for model in apps.get_models() if issubclass(model, Recorded)]


def latest_payloads(model: type[Recorded]) -> dict[str, str]:
    """The last recorded state of every thing of a kind, by its id."""
    ordered = everything(Revision).filter(kind=model.kind()).order_by("object_id", "number")
    last = {str(object_id): revision for object_id, revision in ordered.values_list("object_id", "id")}
    bodies = dict(everything(Payload).filter(object_id__in=_ids(model)).values_list("revision_id", "body"))
    return {object_id: bodies.get(revision, "") for object_id, revision in last.items()}


def _stands(thing: Recorded, body: str) -> bool:
    """Whether a thing is as it was recorded; a column that has come since holds what every older row was given."""
    if body == thing.payload():
        return True
    try:
        return type(thing).from_payload(json.loads(body)).payload() == thing.payload() if body else False
    except (ValueError, TypeError, ValidationError):
        return False


def _ids(model: type[Recorded]) -> models.QuerySet[Revision, Any]:
    return everything(Revision).filter(kind=model.kind()).values("object_id")


def _things() -> list[Words]:
    """Things whose row differs from their last recorded state, or that the record has never seen, or that are gone."""
    faults = []
    for model in recorded_models():
        recorded = latest_payloads(model)
        for thing in everything(model).iterator():
            body = recorded.pop(str(thing.id), None)
            if body is None or not _stands(thing, body):
                faults.append(
                    say("%(kind)s %(id)s is not as it was last recorded.", kind=model.kind(), id=str(thing.id))
                )
        faults += [
            say("%(kind)s %(id)s was recorded and is gone.", kind=model.kind(), id=gone) for gone in recorded
        ]
    return faults


def _bytes() -> list[Words]:
    faults, shut = [], 0
    let_go = set(Entry.objects.filter(verb=GONE).values_list("object_id", flat=True))
    for kept in everything(Evidence).filter(expunged=False).exclude(address=ELSEWHERE).iterator():
        if not kept.address and kept.id in let_go:
            continue
        try:
            content(kept)
        except Unavailable:
            shut += 1
        except Malformed as fault:
            faults.append(say("Evidence %(id)s: %(what)s", id=str(kept.id), what=fault.words))
    if shut:
        faults.append(
            say("The keys of the files are not here: sealed bytes that could not be checked: %(count)s", count=shut)
        )
    return faults + [
        say("The content of evidence %(id)s was removed, and its key is still there.", id=str(owner))
        for owner in undestroyed()
    ]


def _database() -> list[Words]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        found = [row[0] for row in cursor.fetchall()]
    return [] if found == ["ok"] else [say("The database file is damaged: %(what)s", what="; ".join(found))]
