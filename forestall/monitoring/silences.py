"""What may be asked of silences that were noticed, over what the bound session sees."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from forestall.base.clock import end_of

from .models import Item
from .models import Silence as Silence  # faces type with what questions return, and import no models
from .queries import Standing
from .states import ItemState, SilenceState

STANDING = (SilenceState.OPEN, SilenceState.EXPLAINED)


def silence(silence_id: UUID | str) -> Silence | None:
    """One silence, if there is one to be seen."""
    return Silence.objects.filter(pk=silence_id).first()


def silences(*, iso3: str) -> list[Silence]:
    """Every silence on a country that was noticed, the latest to begin first; of those that last, the reader's own."""
    found = list(Silence.objects.filter(iso3=iso3).order_by("-began", "-noticed_at"))
    lasting = {one.id for one in unbroken([one for one in found if one.state in STANDING])}
    return [one for one in found if one.id in lasting or one.state not in STANDING]


def standing(*, iso3: Collection[str] | None = None) -> list[Silence]:
    """Silences that last, on these countries or on any, the longest first.

    One that the reader knows to be over, from an item that others may not see, is none to that reader.
    """
    found = Silence.objects.filter(state__in=STANDING).order_by("last", "iso3")
    return unbroken(list(found if iso3 is None else found.filter(iso3__in=list(iso3))))


def stood_on(day: date, *, iso3: Collection[str]) -> list[Silence]:
    """Silences on these countries that lasted on a day, whatever became of them since."""
    found = Silence.objects.filter(iso3__in=list(iso3)).order_by("last", "iso3")
    return unbroken([one for one in found if one.stood_on(day)], until=day)


def mute(standing: Standing, *, among: Iterable[Silence]) -> frozenset[str]:
    """Origins of an observation of which every item is of a source, in a language, that is silent on its country."""
    silent = {(one.source_id, one.language) for one in among if one.iso3 == standing.observation.iso3}
    items = [one for one in standing.items if str(one.id) in standing.origin_of]
    heard = {
        standing.origin_of[str(one.id)]
        for one in items
        if (one.source_id, one.languages[0] if one.languages else "und") not in silent
    }
    return frozenset(standing.origin_of.values()) - heard


def unbroken(found: Sequence[Silence], *, until: date | None = None) -> list[Silence]:
    """Those of them after whose last word there is nothing more to be seen of the same, to a day."""
    said = _said_since(found, until=until)
    return [one for one in found if one.last is None or not any(day > one.last for day in said[_key(one)])]


def _key(one: Silence) -> tuple[UUID | None, str, str]:
    return one.source_id, one.iso3, one.language


def _said_since(
    found: Sequence[Silence], *, until: date | None
) -> dict[tuple[UUID | None, str, str], list[date]]:
    """The days on which their sources were heard since the first of them stopped."""
    said: dict[tuple[UUID | None, str, str], list[date]] = defaultdict(list)
    lasts = [one.last for one in found if one.source_id and one.last]
    if not lasts:
        return said
    rows = Item.objects.exclude(state=ItemState.REJECTED).filter(
        source_id__in={one.source_id for one in found}, received_at__gt=end_of(min(lasts)), quarantined=False
    )
    rows = rows.annotate(where=Cast("countries", TextField())).filter(
        _speaking_of({one.iso3 for one in found})
    )
    if until is not None:
        rows = rows.filter(received_at__lte=end_of(until))
    for source_id, countries, languages, received_at in rows.order_by().values_list(
        "source_id", "countries", "languages", "received_at"
    ):
        for iso3 in countries:
            said[source_id, iso3, languages[0] if languages else "und"].append(received_at.date())
    return said


def _speaking_of(iso3: Collection[str]) -> Q:
    """Items that name one of these countries, by their text: there may be very many of the same source on others."""
    wanted = Q()
    for one in sorted(iso3):
        wanted |= Q(where__contains=json.dumps(one))
    return wanted
