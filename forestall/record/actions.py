"""The record's writers. Each runs inside the transaction of the act it records; wings call them, faces do not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction

from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.base.errors import Overtaken, Refused
from forestall.base.words import say
from forestall.labels.models import Labelled, everything
from forestall.labels.telling import Elevation, elevated

from .announcement import removed, written
from .drafts import forget_about
from .log import Said, append, take_head
from .models import Entry, Head, Payload, Recorded, Revision, Tombstone

Thing = TypeVar("Thing", bound=Recorded)
Beside = TypeVar("Beside", bound=Labelled)
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def write(
    thing: Thing, *, by: str, verb: str, on_behalf_of: str = "", valid_from: datetime | None = None
) -> Thing:
    """Save `thing` and record its new state: the row, a revision with its payload, and an entry, or none of them.

    `by` is the id of the person who acts (or `system:name`); `valid_from` (UTC, now when None) is since when the
    state holds in the world. Times are UTC. The new state may be hidden from who records it; the old one may not.
    Raises `Overtaken` when another wrote it since it was read: what they did, a closer label not least, must stand.
    """
    head, number = take_head(), 1
    if not thing._state.adding:
        _check_read_last(thing)
        number = _next_number(thing.id)
    _make_ready(thing)
    with elevated(Elevation.RECORDING):
        thing.save()
    _record([thing], Act(by, verb, on_behalf_of, valid_from), head=head, number=number)
    return thing


@transaction.atomic
def write_new(things: Sequence[Thing], *, by: str, verb: str) -> Sequence[Thing]:
    """`write` for many things of one kind that are all new: the same rows and entries, in as few statements as for one.

    They are recorded in the order given; one may refer to another that stands before it.
    """
    if not things:
        return things
    head = take_head()
    for thing in things:
        _make_ready(thing)
    _insert(things)
    _record(things, Act(by, verb), head=head, number=1)
    return things


def _make_ready(thing: Recorded) -> None:
    thing.make_ready()
    thing.times_written += 1


def _insert(rows: Sequence[Row]) -> None:
    """Save new rows of one kind, which may be hidden from who has them saved."""
    for row in rows:
        if isinstance(row, Labelled):
            row.spell_label()
    with elevated(Elevation.RECORDING):
        models.QuerySet[Row](type(rows[0])).bulk_create(rows)


@dataclass(frozen=True)
class Act:
    """Who does what, for whom; and since when what is written holds in the world (UTC), None for now."""

    by: str
    verb: str
    on_behalf_of: str = ""
    valid_from: datetime | None = None


def _record(things: Sequence[Recorded], act: Act, *, head: Head, number: int) -> None:
    """A revision with its payload and an entry for each of `things`, which were just saved; `number`: their state's."""
    recorded = [_revision(thing, act, number=number, seq=head.size + place) for place, thing in enumerate(things)]
    _insert([revision for revision, _ in recorded])
    _insert([payload for _, payload in recorded])
    append(
        head,
        [Said(act.verb, one.kind, one.object_id, sha256(one.binding())) for one, _ in recorded],
        by=act.by,
        on_behalf_of=act.on_behalf_of,
    )
    written.send(type(things[0]), things=things, new=number == 1)


def _revision(thing: Recorded, act: Act, *, number: int, seq: int) -> tuple[Revision, Payload]:
    body, salt, at = thing.payload(), secrets.token_hex(16), now()
    revision = Revision(
        kind=thing.kind(),
        object_id=thing.id,
        number=number,
        entry_seq=seq,
        salt=salt,
        commitment=sha256(salt + body),
        valid_from=act.valid_from or at,
        recorded_at=at,
    ).labelled(thing.label)
    return revision, Payload(revision_id=revision.id, object_id=thing.id, body=body)


def hold(thing: Recorded) -> None:
    """Let nobody else write until this transaction ends; raise `Overtaken` when `thing` was written since it was read.

    For an action that counts or numbers what hangs on a thing before it writes anything itself.
    """
    take_head()
    _check_read_last(thing)


def _check_read_last(thing: Recorded) -> None:
    last = everything(type(thing)).filter(pk=thing.pk).values_list("times_written", flat=True).first()
    if last != thing.times_written:
        raise Overtaken(say("Somebody else changed this while you worked on it. Nothing of yours was written. Look at it as it stands now."))


def set_beside(thing: Beside) -> Beside:
    """Save a labelled thing that keeps no history, such as a machine's suggestion: it may be hidden from who has it saved."""
    with elevated(Elevation.RECORDING):
        thing.save()
    return thing


def set_new_beside(things: Sequence[Beside]) -> None:
    """The same for many new ones of one kind."""
    if things:
        _insert(things)


def _next_number(object_id: UUID) -> int:
    """Counted over all revisions, whatever their label, so that numbering never has a hole."""
    last = everything(Revision).filter(object_id=object_id).aggregate(last=models.Max("number"))["last"]
    return int(last or 0) + 1


@transaction.atomic
def note(*, by: str, verb: str, kind: str, object_id: UUID, on_behalf_of: str = "") -> Entry:
    """Record an act that changes no state: a view, an export, a sign-in."""
    return append(take_head(), [Said(verb, kind, object_id)], by=by, on_behalf_of=on_behalf_of)[0]


@transaction.atomic
def expunge(thing: Thing, *, by: str, second: str, reason: str) -> Thing:
    """Remove the content of `thing` from every revision and from the row; the log still verifies.

    Two people decide (`by` and `second`); a tombstone keeps the reason. What holds the same content goes too: an
    item's bytes, the words quoted from it, what a machine suggested. Refuses when the two are one, when there is no
    reason, or when any of it is under a hold.
    """
    check_expunge(by=by, second=second, reason=reason, hold=thing.hold)
    for other in thing.rests_with():
        if not other.expunged:
            expunge(other, by=by, second=second, reason=reason)
    thing.forget_traces()
    forget_about(thing.id)
    Tombstone.objects.create(
        object_id=thing.id, kind=thing.kind(), reason=reason.strip(), by=by, second=second, at=now()
    )
    thing.label = replace(thing.label, expunged=True)
    for field in _content_fields(thing):
        setattr(thing, field.attname, _emptied(field))
    write(thing, by=by, verb="expunged", on_behalf_of="")
    note(by=second, verb="expunge agreed", kind=thing.kind(), object_id=thing.id)
    keep = everything(Revision).filter(object_id=thing.id).order_by("-number").values_list("id", flat=True)[0]
    everything(Payload).filter(object_id=thing.id).exclude(revision_id=keep).delete()
    removed.send(type(thing), thing=thing)
    return thing


def check_expunge(*, by: str, second: str, reason: str, hold: bool) -> None:
    """Raise `Refused` unless two different people agree, for a reason, on a thing that is under no hold."""
    if by == second:
        raise Refused(say("Removing content needs two people. Ask another records officer to agree."))
    if not reason.strip():
        raise Refused(say("Say why the content must go; the reason stays when the content is gone."))
    if hold:
        raise Refused(say("This is under a hold and cannot be removed. Two people must lift the hold first."))


def _content_fields(thing: Recorded) -> Sequence[models.Field[object, object]]:
    label = set(type(thing).label_privacy)
    return [
        field
        for field in thing._meta.concrete_fields
        if not field.primary_key and field.attname not in label and not field.is_relation
    ]


def _emptied(field: models.Field[object, object]) -> object:
    if field.null:
        return None
    if isinstance(field, models.CharField | models.TextField):
        return ""
    if field.has_default():
        return field.get_default()
    return {"DateTimeField": now(), "DateField": now().date(), "BooleanField": False}.get(type(field).__name__, 0)
