"""What must hold again after an older state was put back: content removed and labels changed, told by id and label alone.

Read past the bound session, as the machine: nothing of the content is told to anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from forestall.labels.binding import bind
from forestall.labels.label import Label, Level
from forestall.labels.models import everything
from forestall.labels.telling import Elevation, elevated

from . import resting
from .actions import expunge
from .models import Entry, Recorded, Revision, Tombstone

REMOVED, RAISED, LOWERED = "expunged", "label raised", "label lowered"
VERBS = (REMOVED, RAISED, LOWERED)


def acts_from(seq: int, *, verbs: Collection[str], beginnings: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Every act from entry `seq` on that an older state must not undo, in order, as plain values without content.

    Those with one of `verbs`, or with a verb that begins with one of `beginnings`.
    """
    wanted = Q(verb__in=verbs)
    for beginning in beginnings:
        wanted |= Q(verb__startswith=beginning)
    for entry in Entry.objects.filter(wanted, seq__gte=seq).order_by("seq"):
        yield {
            "seq": entry.seq, "root": entry.root, "at": entry.at.isoformat(), "by": entry.by, "verb": entry.verb,
            "kind": entry.kind, "id": str(entry.object_id), **_beside(entry),
        }  # fmt: skip


def _beside(entry: Entry) -> dict[str, Any]:
    if entry.verb == REMOVED:
        stone = Tombstone.objects.filter(pk=entry.object_id).first()
        return {"second": stone.second if stone else ""}
    if entry.verb in (RAISED, LOWERED):
        with bind(resting.Whole()), elevated(Elevation.WHOLE):
            revision = everything(Revision).filter(entry_seq=entry.seq).first()
        return {"label": spelled(revision.label)} if revision else {}
    return {}


def spelled(label: Label) -> dict[str, Any]:
    """A label as plain values."""
    until = label.embargo_until
    return {
        "level": int(label.level), "compartments": sorted(label.compartments), "audience": sorted(label.audience),
        "embargo_until": until.isoformat() if until else "", "quarantined": label.quarantined, "hold": label.hold,
        "consent": sorted(label.consent),
    }  # fmt: skip


def unspelled(told: dict[str, Any]) -> Label:
    """The label that `spelled` wrote."""
    return Label(
        level=Level(told["level"]),
        compartments=frozenset(told["compartments"]),
        audience=frozenset(told["audience"]),
        embargo_until=datetime.fromisoformat(told["embargo_until"]) if told["embargo_until"] else None,
        quarantined=bool(told["quarantined"]),
        hold=bool(told["hold"]),
        consent=frozenset(told["consent"]),
    )


def holds(seq: int, *, root: str) -> bool:
    """Whether this log has the very entry: at that place, and with all that came before it."""
    return Entry.objects.filter(seq=seq, root=root).exists()


def do_again(act: dict[str, Any], *, by: str) -> bool:
    """Remove or relabel again what `act` tells of; False when there is nothing of it here, or it holds already.

    Raises `Refused`, `Malformed` or `Unavailable` when it cannot be done.
    """
    with bind(resting.Whole()), elevated(Elevation.WHOLE):
        found = thing(act["kind"], UUID(act["id"]))
        if found is None or found.expunged:
            return False
        if act["verb"] == REMOVED:
            expunge(found, by=act["by"], second=act["second"], reason=f"Removed on {act['at'][:10]}; again after a restore.")
            return True
        label = unspelled(act["label"])
        if spelled(found.label) == act["label"]:
            return False
        if act["verb"] == RAISED:
            resting.raise_label(found, label=label, by=by)
        else:
            resting.lower_label(found, label=label, by=by)
        return True


def thing(kind: str, object_id: UUID) -> Recorded | None:
    """What an act was on, as the bound session sees it; None when it is no thing of the record, or not here."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return everything(model).filter(pk=object_id).first() if issubclass(model, Recorded) else None


def log_state() -> tuple[int, str]:
    """How many entries the log has, and its last root (hexadecimal; empty while it has none)."""
    last = Entry.objects.order_by("-seq").first()
    return (last.seq + 1, last.root) if last else (0, "")
