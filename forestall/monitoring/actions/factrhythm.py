"""Counting how often the facts of a source speak of each country, for pages that must not open the store of facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from forestall.access.session import Session
from forestall.base.clock import today
from forestall.labels.label import Level
from forestall.monitoring import holdings, rhythm
from forestall.monitoring.models import FactRhythm, Holding
from forestall.panel.manifest import Manifest
from forestall.record.actions import set_beside
from forestall.sources import all_sources


def count_anew(*, by: Session) -> list[str]:
    """Count those sources whose facts changed since they were last counted, or that were not counted today. Returns their ids."""
    by.check_may("item.collect")
    known = {one.collector: one for one in FactRhythm.objects.all()}
    changed = [held for held in holdings.holdings() if not _counted(known.get(held.collector), held)]
    for held in changed:
        with transaction.atomic():
            _count(held, known.get(held.collector))
    return [held.collector for held in changed]


def _counted(one: FactRhythm | None, held: Holding) -> bool:
    return one is not None and (one.manifest, one.counted_on) == (held.manifest, today())


def _count(held: Holding, before: FactRhythm | None) -> None:
    manifest, on = holdings.manifest_of(held), today()
    found = list(_days(manifest, on=on))
    entry = all_sources().get(held.collector)
    made = before or FactRhythm(collector=held.collector)
    made.manifest, made.counted_on = held.manifest, on
    made.lag = rhythm.usual_lag(
        ((row["day"], row["received"]) for row in found), otherwise=entry.max_content_age_days if entry else 0
    )
    made.countries = {iso3: _told(days, on=on) for iso3, days in sorted(_by_country(found).items())}
    set_beside(made.labelled(held.label.raised_to(Level(manifest.level))))


def _days(manifest: Manifest, *, on: date) -> Iterator[dict[str, Any]]:
    """Country, day and the day received, of every dataset. Loads the engine, which no page does."""
    from forestall.panel import factengine, factquery

    with factengine.asking(holdings.root()) as engine:
        for dataset in ("events", "measures", "findings"):
            if manifest.of(dataset):
                table = factengine.facts(
                    [manifest], holdings.root(), dataset, level=manifest.level, engine=engine
                )
                question = factquery.days_by_country(table, first=on - rhythm.LOOKED_AT, last=on)
                yield from factengine.rows(question, engine=engine)


def _by_country(found: list[dict[str, Any]]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    for row in found:
        days[row["iso3"]].add(row["day"])
    return days


def _told(days: set[date], *, on: date) -> dict[str, Any]:
    gaps = rhythm.gaps_of(days)
    return {
        "last": max(days).isoformat(),
        "gaps": len(gaps),
        "usual": rhythm.usually_at_most(gaps),
        "days": len(days),
        "weeks": rhythm.by_week(days, until=on),
    }
