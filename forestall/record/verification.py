"""`forestall record verify`: does every byte of the history still say what it said when it was written?

Reads everything, as the machine and not as a person: what it reports are places, never content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models

from forestall.base.canonical import sha256
from forestall.base.words import Words, say
from forestall.labels.models import everything

from . import merkle
from .log import signature_holds
from .models import ELSEWHERE, Checkpoint, Entry, Evidence, Head, Payload, Recorded, Redaction, Revision


@dataclass
class Verification:
    """What was found: how many entries were read, and a sentence for every place that does not hold."""

    entries: int = 0
    faults: list[Words] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


def verify() -> Verification:
    """Check the log, the revisions, the payloads, the things as they stand, the bytes, and the witnesses.

    A place that cannot even be read is a fault like any other.
    """
    found = Verification()
    try:
        _check_all(found)
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        found.faults.append(say("A place of the history cannot be read: %(why)s", why=type(error).__name__))
    return found


def _check_all(found: Verification) -> None:
    leaves = []
    commitments: dict[int, str] = {}
    verbs: dict[str, set[str]] = {}
    for entry, fault in _entries():
        found.entries += 1
        leaves.append(merkle.leaf_hash(entry.leaf()))
        commitments[entry.seq] = entry.commitment
        verbs.setdefault(str(entry.object_id), set()).add(entry.verb)
        if fault:
            found.faults.append(fault)
    found.faults += _head(found.entries, leaves)
    found.faults += _checkpoints(leaves)
    found.faults += _revisions(commitments, verbs)
    found.faults += _things()
    found.faults += _bytes()
    found.faults += _database()


def _entries() -> Iterator[tuple[Entry, Words | None]]:
    frontier: list[bytes] = []
    for place, entry in enumerate(Entry.objects.order_by("seq").iterator()):
        fault = None
        frontier = merkle.append(frontier, size=place, leaf=merkle.leaf_hash(entry.leaf()))
        if entry.seq != place:
            fault = say("Entry %(seq)s stands where entry %(place)s should be.", seq=entry.seq, place=place)
        elif entry.root != merkle.frontier_root(frontier).hex():
            fault = say("Entry %(seq)s, or one before it, was changed after it was written.", seq=place)
        yield entry, fault


def _head(entries: int, leaves: list[bytes]) -> list[Words]:
    head = Head.objects.filter(id=1).first()
    if head is None:
        return [say("The head of the log is missing.")] if entries else []
    frontier: list[bytes] = []
    for place, leaf in enumerate(leaves):
        frontier = merkle.append(frontier, size=place, leaf=leaf)
    if head.size != entries or head.frontier != "".join(node.hex() for node in frontier):
        return [say("The log has %(entries)s entries, but its head does not agree.", entries=entries)]
    return []


def _checkpoints(leaves: list[bytes]) -> list[Words]:
    known = [(c.size, c.root, c.at.isoformat(), c.key, c.signature) for c in Checkpoint.objects.order_by("size")]
    faults = []
    for where, (size, root, at, key, signature) in [("log", c) for c in known] + list(_witnessed()):
        if not signature_holds(size=size, root=root, at=at, key=key, signature=signature):
            faults.append(say("The checkpoint of %(size)s entries is not signed by its key.", size=size))
        elif size > len(leaves) or merkle.root(leaves[:size]).hex() != root:
            faults.append(
                say(
                    "A checkpoint of %(size)s entries kept in %(where)s does not agree with the log.",
                    size=size,
                    where=where,
                )
            )
    return faults


def _witnessed() -> Iterator[tuple[str, tuple[int, str, str, str, str]]]:
    for witness in settings.WITNESSES:
        path = Path(witness) / "checkpoints.txt"
        lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
        for line in lines:
            size, root, at, key, signature = (*line.split(), "", "", "", "", "")[:5]
            yield str(path), (int(size) if size.isdigit() else 0, root, at, key, signature)


def _revisions(commitments: dict[int, str], verbs: dict[str, set[str]]) -> list[Words]:
    faults = []
    redacted, bound, more = _redactions(commitments)
    faults += more
    payloads = {payload.revision_id: payload for payload in Payload.objects.all().iterator()}
    revisions = everything(Revision).order_by("entry_seq").iterator()
    for revision in revisions:
        bound.add(revision.entry_seq)
        if commitments.get(revision.entry_seq) != sha256(revision.binding()):
            faults.append(say("The revision written with entry %(seq)s was changed.", seq=revision.entry_seq))
        payload = payloads.pop(revision.id, None)
        if payload is None:
            if "expunged" not in verbs.get(str(revision.object_id), set()):
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


def _fits(body: str, committed: Revision | Redaction) -> bool:
    return sha256(committed.salt + body) == committed.commitment


def _redactions(commitments: dict[int, str]) -> tuple[dict[UUID, Redaction], set[int], list[Words]]:
    """The last redaction of each revision that has one, the entries they bind, and those that were changed."""
    found, bound, faults = {}, set(), []
    for one in Redaction.objects.order_by("entry_seq").iterator():
        bound.add(one.entry_seq)
        found[one.revision_id] = one
        if commitments.get(one.entry_seq) != sha256(one.binding()):
            faults.append(say("The redaction written with entry %(seq)s was changed.", seq=one.entry_seq))
    return found, bound, faults


def recorded_models() -> list[type[Recorded]]:
    """Every kind of thing the record keeps."""
    return [model for model in apps.get_models() if issubclass(model, Recorded)]


def latest_payloads(model: type[Recorded]) -> dict[str, str]:
    """The last recorded state of every thing of a kind, by its id."""
    ordered = everything(Revision).filter(kind=model.kind()).order_by("object_id", "number")
    last = {str(object_id): revision for object_id, revision in ordered.values_list("object_id", "id")}
    bodies = dict(Payload.objects.filter(object_id__in=_ids(model)).values_list("revision_id", "body"))
    return {object_id: bodies.get(revision, "") for object_id, revision in last.items()}


def _ids(model: type[Recorded]) -> models.QuerySet[Revision, Any]:
    return everything(Revision).filter(kind=model.kind()).values("object_id")


def _things() -> list[Words]:
    """Things whose row differs from their last recorded state, or that the record has never seen, or that are gone."""
    faults = []
    for model in recorded_models():
        recorded = latest_payloads(model)
        for thing in everything(model).iterator():
            body = recorded.pop(str(thing.id), None)
            if body is None or body != thing.payload():
                faults.append(
                    say("%(kind)s %(id)s is not as it was last recorded.", kind=model.kind(), id=str(thing.id))
                )
        faults += [
            say("%(kind)s %(id)s was recorded and is gone.", kind=model.kind(), id=gone) for gone in recorded
        ]
    return faults


def _bytes() -> list[Words]:
    faults = []
    for kept in everything(Evidence).filter(expunged=False).exclude(address=ELSEWHERE).iterator():
        path = Path(settings.HOME.files) / kept.address
        if not path.exists() or sha256(path.read_bytes()) != kept.sha256:
            faults.append(say("The bytes of evidence %(id)s are gone or changed.", id=str(kept.id)))
    return faults


def _database() -> list[Words]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        found = [row[0] for row in cursor.fetchall()]
    return [] if found == ["ok"] else [say("The database file is damaged: %(what)s", what="; ".join(found))]
