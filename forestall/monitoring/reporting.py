"""From within the United Nations first: how much of what is known of a place came from it, and who there has not spoken.

Shares are of independent origins and never of copies: a story that the United Nations repeats is not one it brought.
Everything is counted over what the bound session may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from forestall.institutions import queries as institutions
from forestall.institutions.queries import Counterpart, Presence

from .models import Item as Item  # faces type with what questions return, and import no models
from .models import Observation, Passage, Source
from .queries import origins_among
from .states import ItemState

UNITED_NATIONS = "un"
"""The nature of a source that speaks for the United Nations."""
READ = ("source", "countries", "received_at", "published_at", "situations", "level", "compartments", "title")


@dataclass(frozen=True)
class Share:
    """How many independent origins there are, how many of them are of the United Nations; and the items they stand for.

    An origin is whose item was there first. Interested parties are no origin; their items are counted apart.
    """

    origins: int
    un_origins: int
    items: int
    un_items: int
    interested: int

    @property
    def percent(self) -> int | None:
        """Of 100 independent origins so many are of the United Nations; None when there is no origin to speak of."""
        return round(100 * self.un_origins / self.origins) if self.origins else None


@dataclass(frozen=True)
class Voice:
    """A source of the United Nations that spoke: for which body, how often, and when last (UTC)."""

    name: str
    counterpart: Counterpart | None
    items: int
    last: datetime


@dataclass(frozen=True)
class Present:
    """Somebody present in a State, and when they last spoke of it. `last` None: nothing that may be seen."""

    presence: Presence
    last: datetime | None
    days: int | None

    @property
    def has_reported(self) -> bool:
        """Whether they spoke within the days that are allowed them."""
        return self.days is not None and self.days <= self.presence.quiet_days


def items_about(situation_id: UUID, *, iso3: Iterable[str]) -> list[Item]:
    """Items filed to a situation, or on which an observation in its States rests; none that was rejected."""
    seen = Observation.objects.filter(iso3__in=list(iso3)).values_list("id", flat=True)
    rested = set(Passage.objects.filter(observation_id__in=list(seen)).values_list("item_id", flat=True))
    kept = Item.objects.exclude(state=ItemState.REJECTED).only(*READ)
    return [one for one in kept if str(situation_id) in one.situations or one.id in rested]


def items_everywhere() -> list[Item]:
    """Every item that was not rejected, with what is counted of it."""
    return list(Item.objects.exclude(state=ItemState.REJECTED).only(*READ))


def share(items: Sequence[Item]) -> Share:
    """The share of the United Nations among the independent origins of these items."""
    sources = _sources(items)
    origin = origins_among(items)
    first: dict[str, Item] = {}
    counted = un_items = interested = 0
    for item in sorted(items, key=_when):
        source = sources.get(item.source_id)
        if source is None:
            continue
        counted += 1
        un_items += source.nature == UNITED_NATIONS
        if source.interested_party:
            interested += 1
        else:
            first.setdefault(origin[str(item.id)], item)
    un_origins = sum(sources[item.source_id].nature == UNITED_NATIONS for item in first.values())
    return Share(len(first), un_origins, counted, un_items, interested)


def _when(item: Item) -> tuple[datetime, str]:
    """Who was first: by the day its source gives, else by the day it came; then by title, so that a tie is one always."""
    return (item.published_at or item.received_at, item.title)


def _sources(items: Iterable[Item]) -> Mapping[UUID, Source]:
    return {one.id: one for one in Source.objects.filter(id__in={item.source_id for item in items})}


def voices(items: Sequence[Item]) -> list[Voice]:
    """The sources of the United Nations among these items, the latest to speak first."""
    known = {one.id: one for one in institutions.counterparts()}
    spoke: dict[UUID, list[datetime]] = defaultdict(list)
    sources = _sources(items)
    for item in items:
        if item.source_id in sources and sources[item.source_id].nature == UNITED_NATIONS:
            spoke[item.source_id].append(item.received_at)
    bodies = {one: sources[one].counterpart_id for one in spoke}
    told = [
        Voice(sources[one].name, known.get(body) if body else None, len(spoke[one]), max(spoke[one])) for one, body in bodies.items()
    ]
    return sorted(told, key=lambda one: (-one.last.timestamp(), one.name))


def present(iso3: Iterable[str], *, on: date) -> list[Present]:
    """Who is present in these States on a day, those who have not reported first; by when they last spoke of the State."""
    places = list(iso3)
    last = _last_words(set(places), on=on)
    told = [_present(one, last.get((one.counterpart_id, one.iso3)), on=on) for one in institutions.presences(iso3=places, on=on)]
    return sorted(told, key=lambda one: (one.has_reported, one.presence.counterpart.name, one.presence.iso3))


def _present(presence: Presence, last: datetime | None, *, on: date) -> Present:
    return Present(presence, last, max(0, (on - last.date()).days) if last else None)


def _last_words(places: set[str], *, on: date) -> dict[tuple[UUID, str], datetime]:
    """Bodies and States to the moment of the last item from a source of the body that speaks of the State."""
    speaks_for = dict(Source.objects.exclude(counterpart=None).values_list("id", "counterpart_id"))
    rows = Item.objects.exclude(state=ItemState.REJECTED).filter(source_id__in=list(speaks_for))
    found: dict[tuple[UUID, str], datetime] = {}
    for source_id, countries, at in rows.values_list("source_id", "countries", "received_at"):
        if at.date() > on:
            continue
        for place in places & set(countries):
            key = (speaks_for[source_id], place)
            found[key] = max(at, found.get(key, at))
    return found
