"""What may be asked of one file that was set aside. Like everything in quarantine, it is seen by reviewers alone."""

from __future__ import annotations

from uuid import UUID

from forestall.collecting.contract import Source
from forestall.record.models import Evidence
from forestall.sources import all_sources

from .models import Item, Quarantine, Response
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


ROWS_SET_ASIDE = " (rows set aside)"
"""How the name of rows ends that were set aside out of an answer that was kept."""


def asked_source(one: Quarantine) -> Source | None:
    """The source that answered with it, when it is an answer and no file that somebody handed in."""
    source = all_sources().get(one.collector)
    return source if source is not None and source.asks is not None else None


def answer_around(one: Quarantine) -> Response | None:
    """The kept answer out of which these rows were set aside, if it may be seen."""
    if not one.name.endswith(ROWS_SET_ASIDE) or one.run_id is None:
        return None
    name = one.name.removesuffix(ROWS_SET_ASIDE)
    return Response.objects.filter(collector=one.collector, run_id=one.run_id, name=name, evidence__isnull=False).first()
