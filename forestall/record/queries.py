"""What may be asked of the record. Revisions are read through the bound session's eyes; entries hold opaque ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models

from forestall.labels.models import everything

from .models import Checkpoint, Entry, Payload, Recorded, Revision, Seal, SigningKey


def there_at_all(model: type[Recorded], column: str, values: Sequence[str], **where: Any) -> set[str]:
    """Which of these values of a column are there, whoever may see them.

    For whoever takes things in: what was taken back or removed must not come in anew. Never for an answer to a reader.
    """
    found = everything(model).filter(**{f"{column}__in": values}, **where)
    return set(found.values_list(column, flat=True))


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


def acts_of(object_id: UUID, *, verbs: Sequence[str]) -> list[Entry]:
    """Acts of these names on one thing, oldest first. The caller has shown that the thing itself may be seen."""
    return list(Entry.objects.filter(object_id=object_id, verb__in=list(verbs)).order_by("seq"))


def entries(*, newest: int = 200, before: int | None = None) -> list[Entry]:
    """The newest acts on things whose revisions the bound session may see; `before` is a place in the log."""
    seen = Revision.objects.all().values("object_id")
    found = Entry.objects.filter(models.Q(object_id__in=seen))
    if before is not None:
        found = found.filter(seq__lt=before)
    return list(found.order_by("-seq")[:newest])


def acts(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str = "",
    kind: str = "",
    unlabelled: Sequence[str] = (),
) -> models.QuerySet[Entry]:
    """Acts on things whose revisions the bound session may see, newest first, between two moments (UTC).

    `unlabelled` names kinds without a label (people, offices) whose acts are wanted too. Places in the log are not for
    showing: a gap in them would tell that something else happened.
    """
    # Under the label a thing carries last: what was raised out of sight takes all its acts along. That there is a later
    # state is read from the log, which holds one entry with a commitment for each, whoever may see the state itself.
    later = Entry.objects.filter(object_id=models.OuterRef("object_id"), seq__gt=models.OuterRef("entry_seq"))
    later = later.exclude(commitment="")
    seen = Revision.objects.using(DEFAULT_DB_ALIAS).filter(~models.Exists(later)).values("object_id")
    found = Entry.objects.filter(models.Q(object_id__in=seen) | models.Q(kind__in=list(unlabelled)))
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lte=until)
    if by:
        found = found.filter(by=by)
    return (found.filter(kind=kind) if kind else found).order_by("-seq")


def first_recorded(kind: str, *, since: datetime, until: datetime | None = None) -> dict[UUID, datetime]:
    """Things of a kind whose first state was recorded between two moments (UTC), as far as it may be seen."""
    found = Revision.objects.using(DEFAULT_DB_ALIAS).filter(kind=kind, number=1, recorded_at__gte=since)
    if until is not None:
        found = found.filter(recorded_at__lte=until)
    return dict(found.values_list("object_id", "recorded_at"))


@dataclass(frozen=True)
class Mark:
    """One recorded state by its public id and the salted hash that the log binds; tells no place in the log."""

    revision_id: UUID
    commitment: str


def marks(*, until: datetime) -> dict[UUID, Mark]:
    """For each thing, the last state recorded by a moment (UTC), as far as it may be seen."""
    found = Revision.objects.using(DEFAULT_DB_ALIAS).filter(recorded_at__lte=until).order_by("number")
    return {about: Mark(one, commitment) for about, one, commitment in found.values_list("object_id", "id", "commitment")}


def last_act(verb: str, *, before: datetime) -> Entry | None:
    """The newest act of this name before a moment (UTC). For acts that no labelled thing is behind."""
    return Entry.objects.filter(verb=verb, at__lt=before).order_by("-seq").first()


def seals(*, newest: int = 10) -> list[Seal]:
    """The newest seals, with what they cover: for auditors alone."""
    return list(Seal.objects.order_by("-at")[:newest])


def checkpoints(*, newest: int = 10) -> list[Checkpoint]:
    """The newest open statements of where the log stood. Their size counts every act: for auditors alone."""
    return list(Checkpoint.objects.order_by("-size")[:newest])


@dataclass(frozen=True)
class Period:
    """One signing key and the time in which it signs; `until` is none for the one in force."""

    key: SigningKey
    until: datetime | None


def key_periods() -> list[Period]:
    """Every key that signed for the log, newest first."""
    keys = list(SigningKey.objects.order_by("-number"))
    return [Period(key, later.since if later else None) for later, key in zip([None, *keys], keys, strict=False)]


def states_of(kind: str) -> Iterator[dict[str, Any]]:
    """Every recorded state of the things of a kind that may be seen, as its columns by name; none that was expunged."""
    seen = Revision.objects.filter(kind=kind).values_list("id", flat=True)
    for body in Payload.objects.filter(revision_id__in=list(seen)).values_list("body", flat=True):
        yield json.loads(body)
