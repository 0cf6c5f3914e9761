"""What may be asked about counterparts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from forestall.base.clock import today

from .models import (
    Counterpart as Counterpart,  # faces type with what questions return, and import no models
)
from .models import OfficeHolder as OfficeHolder


def counterparts(*, iso3: str = "") -> list[Counterpart]:
    """Counterparts, by name; of one State when `iso3` is given."""
    found = Counterpart.objects.order_by("name")
    return list(found.filter(iso3=iso3) if iso3 else found)


def office_holders(*, on: date | None = None) -> list[OfficeHolder]:
    """Everybody in office on a day (today) in a body that can be seen."""
    day = on or today()
    seen = {counterpart.id for counterpart in Counterpart.objects.all()}
    held = OfficeHolder.objects.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))
    return [holder for holder in held.order_by("title") if holder.counterpart_id in seen]


def office_holder(holder_id: UUID | str) -> OfficeHolder | None:
    """One office-holder, if there is one to be seen."""
    return OfficeHolder.objects.filter(pk=holder_id).first()
