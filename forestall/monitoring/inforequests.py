"""What may be asked about requests for information: through the bound session, like everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from forestall.institutions import queries as institutions

from .models import InformationRequest as InformationRequest
from .models import Item
from .states import InformationRequestState

OPEN = (InformationRequestState.ASKED, InformationRequestState.IN_PART, InformationRequestState.NO_RESPONSE)
"""Not over: an answer may still come, or the rest of one."""


def requests(
    *, iso3: Iterable[str] | None = None, situation_id: UUID | None = None, counterpart_id: UUID | None = None
) -> list[InformationRequest]:
    """Requests whose body can be seen, soonest wanted first: about these States, one situation, to one body."""
    found = InformationRequest.objects.order_by("due", "reference")
    if iso3 is not None:
        found = found.filter(iso3__in=list(iso3))
    if situation_id is not None:
        found = found.filter(situation_id=situation_id)
    if counterpart_id is not None:
        found = found.filter(counterpart_id=counterpart_id)
    return institutions.with_counterparts(found)


def request(request_id: UUID | str) -> InformationRequest | None:
    """One request, if there is one to be seen, with whom it asks."""
    found = InformationRequest.objects.filter(pk=request_id)
    return next(iter(institutions.with_counterparts(found)), None)


def is_late(one: InformationRequest, *, on: date) -> bool:
    """Whether its day has passed and it is not answered, whether or not the silence was recorded yet."""
    return one.state in (InformationRequestState.ASKED, InformationRequestState.NO_RESPONSE) and one.due < on


def answering(one: InformationRequest) -> list[Item]:
    """The items that came in answer, as far as they may be seen."""
    return list(Item.objects.filter(id__in=one.items).order_by("received_at", "title"))
