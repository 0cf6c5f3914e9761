"""What may be asked of one file that was set aside. Like everything in quarantine, it is seen by reviewers alone."""

from __future__ import annotations

from uuid import UUID

from forestall.record.models import Evidence

from .models import Item, Quarantine
from .states import QuarantineState


def set_aside(quarantine_id: UUID | str) -> Quarantine | None:
    """One file of the quarantine, if there is one to be seen."""
    return Quarantine.objects.filter(pk=quarantine_id).first()


def undecided() -> list[Quarantine]:
    """What was set aside and waits for a decision."""
    return list(Quarantine.objects.filter(state=QuarantineState.WAITING))


def next_undecided(one: Quarantine) -> Quarantine | None:
    """The one that waits after `one` in the order of their arrival, the latest first; after the last comes the first."""
    others = [each for each in undecided() if each.id != one.id]
    kept = Evidence.objects.filter(id__in=[each.evidence_id for each in (one, *others)])
    arrived = {each.id: each.received_at.timestamp() for each in kept}

    def place(each: Quarantine) -> tuple[float, str, str]:
        return -arrived.get(each.evidence_id, 0.0), each.name, str(each.id)

    waiting = sorted(others, key=place)
    return next((each for each in waiting if place(each) > place(one)), waiting[0] if waiting else None)


def items_read_from(one: Quarantine) -> list[Item]:
    """The items that came of these very bytes, now or before, as far as they may be seen."""
    kept = Evidence.objects.filter(pk=one.evidence_id).first()
    if kept is None:
        return []
    same = Evidence.objects.filter(sha256=kept.sha256, quarantined=False).values_list("id", flat=True)
    return list(Item.objects.filter(evidence_id__in=list(same)).order_by("received_at", "locator", "title"))


def item_around(one: Quarantine) -> Item | None:
    """The item that a file lay in, if there is one to be seen: what the same turn brought under that external id."""
    found = Item.objects.filter(external_id=one.within) if one.within else Item.objects.none()
    return next((item for item in found if item.run_id == one.run_id), None)
