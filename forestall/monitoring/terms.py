"""Under which terms the office holds what it holds, as far as the bound session may see it: read before anything leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from forestall.base.canonical import canonical_json, sha256
from forestall.collecting.terms import Extent, Resting, Terms, Use, terms_of, unknown
from forestall.record.models import Evidence
from forestall.sources import all_sources

from .models import Item


def terms_of_item(item: Item) -> Terms:
    """What its source says of all its records, or the item of itself where that is stricter."""
    source, day = all_sources().get(item.collector), item.received_at.date()
    if source is None:
        return unknown(item.collector, accessed=day)
    return terms_of(source, licence=item.licence, rule=item.redistribution, accessed=day)


def terms_of_source(collector: str, *, licence: str = "") -> Terms:
    """The terms of a fact of a source that names its own licence, or none."""
    source = all_sources().get(collector)
    return terms_of(source, licence=licence) if source else unknown(collector)


def resting_on(items: Iterable[Item], *, ours: bool = False) -> Resting:
    """What a row of a file rests on, made from these items. `ours`: the row is the office's own work on them."""
    return Resting(tuple(dict.fromkeys(terms_of_item(one) for one in items)), ours=ours)


def terms_of_bytes(kept: Evidence) -> list[Terms]:
    """The terms of everything that was read from some bytes, as far as it may be seen."""
    return [terms_of_item(one) for one in Item.objects.filter(evidence=kept)]


def fact_telling(collector: str, *, use: Use) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """What of a fact (its columns by name, and its dataset) may be told outside: all of it, what leads to it, or a hash alone.

    By the hash two stores can be compared, and nothing else learned.
    """

    def telling(row: Mapping[str, Any]) -> Mapping[str, Any]:
        extent = terms_of_source(collector, licence=row["licence"]).extent(use=use)
        if extent is Extent.WHOLE:
            return row
        digest = {"dataset": row["dataset"], "sha256": sha256(canonical_json(dict(row)))}
        return {**digest, **{name: row[name] for name in _LEADING}} if extent is Extent.REDUCED else digest

    return telling


_LEADING = ("source_id", "title", "url", "day")
