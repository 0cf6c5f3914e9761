"""What may be asked about counterparts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import Q

from forestall.base.clock import today
from forestall.labels.label import Label

from .models import (
    Counterpart as Counterpart,  # faces type with what questions return, and import no models
)
from .models import Mandate as Mandate
from .models import OfficeHolder as OfficeHolder
from .models import Presence as Presence
from .models import Resolution as Resolution
from .models import ReviewCycle as ReviewCycle
from .models import Sourced as Sourced
from .models import TreatyStatus as TreatyStatus
from .models import Veto as Veto
from .states import AHEAD, TREATIES


class OfACounterpart(Protocol):
    """What is kept of one body."""

    counterpart_id: UUID
    counterpart: Counterpart

    @property
    def label(self) -> Label: ...


Held = TypeVar("Held", bound=OfACounterpart)
Decided = TypeVar("Decided", Resolution, Veto)
Entry = TypeVar("Entry", bound=Sourced)


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


def counterpart(counterpart_id: UUID | str) -> Counterpart | None:
    """One body, if there is one to be seen."""
    return Counterpart.objects.filter(pk=counterpart_id).first()


def with_counterparts(entries: Iterable[Held]) -> list[Held]:
    """The entries whose body can be seen too, each with it: an entry names its body."""
    found = list(entries)
    seen = Counterpart.objects.in_bulk({one.counterpart_id for one in found})
    for one in found:
        if one.counterpart_id in seen:
            one.counterpart = seen[one.counterpart_id]
    return [one for one in found if one.counterpart_id in seen]


def presences(*, iso3: Iterable[str] | None = None, of: Counterpart | None = None, on: date | None = None) -> list[Presence]:
    """Who is present, by name: in these States, of one body, and on a day when they are given.

    A presence whose first or last day is not known counts as there.
    """
    found = Presence.objects.all()
    if iso3 is not None:
        found = found.filter(iso3__in=list(iso3))
    if of is not None:
        found = found.filter(counterpart=of)
    if on is not None:
        found = found.filter(Q(since__isnull=True) | Q(since__lte=on)).filter(Q(until__isnull=True) | Q(until__gte=on))
    return sorted(with_counterparts(found), key=lambda one: (one.counterpart.name, one.iso3))


def mandates(*, iso3: Iterable[str] | None = None, of: Counterpart | None = None) -> list[Mandate]:
    """Every mandate there was, the one with the latest end first; one without an end before those with one."""
    found = with_counterparts(Mandate.objects.all())
    wanted = None if iso3 is None else set(iso3)
    kept = [
        one
        for one in found
        if (of is None or one.counterpart_id == of.id) and (wanted is None or wanted & set(one.countries))
    ]
    return sorted(kept, key=lambda one: (one.end_date or date.max, one.first_day or date.min), reverse=True)


def running(found: Iterable[Mandate], *, on: date) -> list[Mandate]:
    """Of these mandates the one of each operation that counts on a day: begun, not over, and of several the newest.

    The last one stays in the list once it is over, when nobody noted another: that it ran out must be seen.
    """
    newest: dict[UUID, Mandate] = {}
    begun = [one for one in found if one.first_day is None or one.first_day <= on]
    for one in sorted(begun, key=lambda one: (one.first_day or date.min, one.end_date or date.max)):
        newest[one.counterpart_id] = one
    return sorted(newest.values(), key=lambda one: (one.end_date or date.max, one.counterpart.name))


def ends(*, on: date, iso3: Iterable[str] | None = None) -> list[Mandate]:
    """The mandates whose end counts on a day, soonest first: they run or ran out, and no renewal of theirs is noted."""
    known = mandates(iso3=iso3)
    return [one for one in running(known, on=on) if one.end_date and not any(_renews(other, one) for other in known)]


def ending(*, on: date, days: int = AHEAD, iso3: Iterable[str] | None = None) -> list[Mandate]:
    """Those of `ends` that come within so many days from a day."""
    return [one for one in ends(on=on, iso3=iso3) if one.end_date and 0 <= (one.end_date - on).days <= days]


def _renews(other: Mandate, one: Mandate) -> bool:
    """Whether a mandate follows another of the same operation without a day between them, and goes on longer."""
    if other.counterpart_id != one.counterpart_id or other.id == one.id or not one.end_date or not other.first_day:
        return False
    follows = other.first_day <= one.end_date + timedelta(days=1)
    return follows and (other.open_ended or (other.end_date is not None and other.end_date > one.end_date))


def _concerning(found: Iterable[Decided], iso3: str) -> list[Decided]:
    return [one for one in found if iso3 in one.countries]


def resolutions(iso3: str) -> list[Resolution]:
    """The resolutions that concern a State, newest first."""
    return _concerning(Resolution.objects.order_by("-adopted_on", "symbol"), iso3)


def vetoes(iso3: str) -> list[Veto]:
    """The vetoes on drafts that concerned a State, newest first."""
    return _concerning(Veto.objects.order_by("-cast_on", "draft"), iso3)


def reviews(iso3: str | None = None) -> list[ReviewCycle]:
    """Steps of reviews, of one State when it is given, newest first; those without a day last."""
    found = ReviewCycle.objects.all() if iso3 is None else ReviewCycle.objects.filter(iso3=iso3)
    return sorted(found, key=lambda one: (one.on or date.min, one.body), reverse=True)


def treaty_statuses(iso3: str) -> list[TreatyStatus]:
    """How a State stands to the treaties that something is known of, in the order of the list of treaties."""
    order = list(TREATIES)
    return sorted(TreatyStatus.objects.filter(iso3=iso3), key=lambda one: (order.index(one.treaty), str(one.as_of)))


def entry(kind: type[Entry], *, entry_id: UUID | str) -> Entry | None:
    """One entry of a kind (`Presence`, `Mandate`, …), if there is one to be seen."""
    return kind.objects.filter(pk=entry_id).first()
