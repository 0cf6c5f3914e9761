"""Items that repeat each other are one story: the later ones fold under the earliest. Of what the bound session may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from .models import CopyEdge, Item, Source
from .origins import UNITING
from .queries import WAITING, edges_among, grades, origins_among, sources

SAME = frozenset({"exact", "near"})
"""Edges whose two ends say the same: a correction or an excerpt is weighed by itself."""


@dataclass(frozen=True)
class Story:
    """An item of the inbox with the later ones that repeat it."""

    item: Item
    source: Source | None
    grade: str
    copies: tuple[Item, ...]
    origins: int


def folded(items: Sequence[Item]) -> list[Story]:
    """Items with later copies folded under the earliest of their story, in the order given."""
    origin = origins_among(items)
    graded = grades(item.id for item in items)
    said_by = sources(item.source_id for item in items)
    head_of = _heads(items)
    copies: dict[UUID, list[Item]] = defaultdict(list)
    for item in items:
        if head_of[item.id] != item.id:
            copies[head_of[item.id]].append(item)
    return [
        Story(
            item,
            said_by.get(item.source_id),
            graded.get(str(item.id), ""),
            tuple(copies[item.id]),
            len({origin[str(one.id)] for one in (item, *copies[item.id])}),
        )
        for item in items
        if head_of[item.id] == item.id
    ]


def first_told(items: Sequence[Item]) -> list[Item]:
    """The items that are no copy of another of these."""
    head_of = _heads(items)
    return [item for item in items if head_of[item.id] == item.id]


def _heads(items: Sequence[Item]) -> dict[UUID, UUID]:
    """Each item to the earliest one that it repeats among these, or to itself."""
    present = {item.id for item in items}
    older_of = {
        edge.newer_id: edge.older_id
        for edge in edges_among(present)
        if edge.edge in UNITING and {edge.newer_id, edge.older_id} <= present
    }
    return {item.id: _earliest(item.id, older_of) for item in items}


def copies_of(item: Item) -> list[Item]:
    """What still waits and repeats an item in the same words, or repeats what does; oldest first."""
    met, ends = {item.id}, [item.id]
    while ends:
        found = CopyEdge.objects.exclude(state="rejected").filter(older_id__in=ends, edge__in=SAME)
        ends = [one for one in found.values_list("newer_id", flat=True) if one not in met]
        met.update(ends)
    waiting = Item.objects.filter(id__in=met - {item.id}, state__in=WAITING)
    return list(waiting.order_by("received_at", "title"))


def _earliest(item_id: UUID, older_of: dict[UUID, UUID]) -> UUID:
    met = {item_id}
    while (older := older_of.get(item_id)) is not None and older not in met:
        met.add(older)
        item_id = older
    return item_id
