"""Recognising copies: the machine proposes edges to earlier items; a person confirms or rejects them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from forestall.access.session import Session
from forestall.labels.label import join
from forestall.monitoring.models import CopyEdge, Item
from forestall.reading.passage import Document
from forestall.record.actions import write_new
from forestall.suggesters.copy.edge import CopyEdge as Found
from forestall.suggesters.copy.index import CopyIndex

WINDOW = timedelta(days=60)
"""How far back an item is held against earlier ones."""


class Memory:
    """The items of the last two months, kept in mind by one process over many turns: each is read once."""

    def __init__(self) -> None:
        self._index, self._known = CopyIndex(), set[UUID]()

    def recognise(self, items: Sequence[Item], *, by: Session) -> list[CopyEdge]:
        """Hold new items against what is in mind, and keep the edges as proposals. What others brought is read first."""
        by.check_may("item.collect")
        met = [item for item in items if item.id in self._known]  # read with somebody else's, before their own turn
        items = [item for item in items if item.id not in self._known]
        edges = propose(met, by=by)
        fresh = {item.id for item in items}
        if not fresh:
            return edges
        first = min(item.received_at for item in items) - WINDOW
        there = set(Item.objects.filter(received_at__gte=first).values_list("id", flat=True)) - self._known - fresh
        others = [one for one in Item.objects.filter(id__in=there) if one.text] if there else []
        self._index.add(_document(one) for one in _in_order(others))
        self._known |= there | fresh
        return [*edges, *propose(items, by=by, index=self._index)]


def recognise(items: Sequence[Item], *, by: Session) -> list[CopyEdge]:
    """Hold new items against those received in the two months before them, and keep the edges as proposals."""
    by.check_may("item.collect")
    return propose(items, by=by)


def propose(items: Sequence[Item], *, by: Session, index: CopyIndex | None = None) -> list[CopyEdge]:
    """The same, inside an act that has asked for its own verb. `index` holds the earlier items, when somebody keeps one."""
    new = {str(item.id): item for item in items if item.text}
    if not new:
        return []
    if index is not None:
        return _keep(index.add(_document(one) for one in _in_order(new.values())), by=by)
    first = min(item.received_at for item in items) - WINDOW
    known = {str(one.id): one for one in Item.objects.filter(received_at__gte=first) if one.text}
    edges = CopyIndex().add(_document(one) for one in _in_order((known | new).values()))
    return _keep([edge for edge in edges if edge.from_id in new], by=by)


def _in_order(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda one: (one.received_at, one.published_at or one.received_at, one.external_id))


def _document(item: Item) -> Document:
    return Document(id=str(item.id), text=item.text, title=item.title, language=(item.languages or ["und"])[0])


def _keep(found: Sequence[Found], *, by: Session) -> list[CopyEdge]:
    """Nobody waits while things are compared: what was found is kept once that is done, as its ends are by then."""
    if not found:
        return []
    with transaction.atomic():
        ends = {end for edge in found for end in (edge.from_id, edge.to_id)}
        known = {str(one.id): one for one in Item.objects.filter(id__in=ends)}
        made = [_edge(one, known) for one in found if {one.from_id, one.to_id} <= known.keys()]
        write_new(made, by=by.person_id, verb="copy proposed")
    return made


def _edge(found: Found, known: dict[str, Item]) -> CopyEdge:
    """An edge carries the stricter label of its two ends: who may not see one learns nothing from the other."""
    newer, older = known[found.from_id], known[found.to_id]
    return CopyEdge(
        newer=newer,
        older=older,
        edge=found.kind,
        score=round(found.score, 4),
        reason=found.reason.message,
        parameters={name: str(value) for name, value in found.reason.parameters.items()},
    ).labelled(join([newer.label, older.label]))
