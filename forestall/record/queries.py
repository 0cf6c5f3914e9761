"""What may be asked of the record. Revisions are read through the bound session's eyes; entries hold opaque ids."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models

from .models import Entry, Payload, Recorded, Revision


@dataclass(frozen=True)
class Step:
    """One recorded state of a thing: who, what, when, and the columns that changed from the state before."""

    number: int
    at: datetime
    by: str
    on_behalf_of: str
    verb: str
    changed: dict[str, tuple[object, object]]


def history(thing: Recorded, *, until: datetime | None = None) -> list[Step]:
    """The recorded states of `thing` that the bound session may see, oldest first; those recorded by `until` (UTC).

    The record is one: a session that looks at a past day reads it from the present database.
    """
    kept = Revision.objects.using(DEFAULT_DB_ALIAS).filter(object_id=thing.id)
    revisions = list((kept if until is None else kept.filter(recorded_at__lte=until)).order_by("number"))
    entries = {e.seq: e for e in Entry.objects.filter(seq__in=[r.entry_seq for r in revisions])}
    bodies = dict(
        Payload.objects.filter(revision_id__in=[r.id for r in revisions]).values_list("revision_id", "body")
    )
    steps: list[Step] = []
    before: dict[str, object] = {}
    for revision in revisions:
        after = json.loads(bodies.get(revision.id, "{}"))
        changed = {key: (before.get(key), value) for key, value in after.items() if before.get(key) != value}
        entry = entries[revision.entry_seq]
        steps.append(
            Step(revision.number, revision.recorded_at, entry.by, entry.on_behalf_of, entry.verb, changed)
        )
        before = after
    return steps


def custody(object_id: UUID) -> list[Entry]:
    """Every act on one thing, oldest first. The caller has shown that the thing itself may be seen."""
    return list(Entry.objects.filter(object_id=object_id).order_by("seq"))


def entries(*, newest: int = 200, before: int | None = None) -> list[Entry]:
    """The newest acts on things whose revisions the bound session may see; `before` is a place in the log."""
    seen = Revision.objects.all().values("object_id")
    found = Entry.objects.filter(models.Q(object_id__in=seen))
    if before is not None:
        found = found.filter(seq__lt=before)
    return list(found.order_by("-seq")[:newest])
