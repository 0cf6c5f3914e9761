"""Country-months out of UCDP's events in the store of facts, as a panel that forecasts run on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ibis
from ibis import expr as ir

from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import say

from .factengine import Engine, facts, rows
from .manifest import Manifest
from .published import MONTH_COLUMNS, VIOLENCE, ucdp_units, whole_months
from .table import Grain, Panel, Row, assemble


def country_months(
    manifest: Manifest, root: Path, *, level: int, engine: Engine, through: date | None = None
) -> Panel:
    """Deaths of UCDP's events by country and month, with `published.MONTH_COLUMNS`, as from the published file.

    An event counts in the month in which it ended, its best figure alone. Nought stands where UCDP has the country and no
    event was given, NaN where it has no such country. `through`: the last day that the figures speak of; months that are
    not over by then are left out, for what is missing of them would pass for nought. `vintage` names the source, the hash
    of the manifest and the day on which the newest of its rows came.

    Raises `Unavailable` when there are none, and `Malformed` for rows that cannot be counted: none is left out silently.
    """
    events = facts([manifest], root, "events", level=level, engine=engine)
    counted = rows(_by_month(events), engine=engine)
    if not counted:
        raise Unavailable(say("%(source)s has no events yet that you may see.", source=manifest.source_id))
    newest = max(one["received_at"] for one in counted)
    kept = [row for row in _rows(counted, manifest) if through is None or row.time < _month_after(through)]
    vintage = f"{manifest.source_id} {manifest.sha256} {newest:%Y-%m-%d}"
    return assemble(
        whole_months(kept), names=MONTH_COLUMNS, vintage=vintage, grain=Grain.MONTH, source=manifest.source_id
    )


def _by_month(events: ir.Table) -> ir.Table:
    month = ibis.coalesce(events.ended, events.day).truncate("M")
    return (
        events.mutate(month=month)
        .group_by(["iso3", "month", "source_type"])
        .agg(
            rows=ibis._.count(),
            told=events.deaths_best.count(),
            best=events.deaths_best.sum(),
            received_at=events.received_at.max(),
        )
    )


def _rows(counted: list[dict[str, Any]], manifest: Manifest) -> Iterator[Row]:
    known = {unit.iso3 for unit in ucdp_units().values()}
    for one in counted:
        column = VIOLENCE.get(one["source_type"])
        if column is None or one["iso3"] not in known or one["month"] is None or one["told"] < one["rows"]:
            raise _uncounted(one, manifest)
        counts = dict.fromkeys(MONTH_COLUMNS, 0.0) | {column: float(one["best"])}
        yield Row(line=0, unit=one["iso3"], time=one["month"].year * 12 + one["month"].month - 1, counts=counts)


def _uncounted(one: dict[str, Any], manifest: Manifest) -> Malformed:
    return Malformed(
        say(
            "%(source)s has events that no month can be given for: country '%(country)s', month %(month)s, type of "
            "violence '%(kind)s', %(told)d of %(rows)d with a best figure.",
            source=manifest.source_id, country=one["iso3"], month=str(one["month"] or "?")[:7], kind=one["source_type"],
            told=one["told"], rows=one["rows"],
        )
    )  # fmt: skip


def _month_after(day: date) -> int:
    """The first month that is not over on `day`."""
    following = date.fromordinal(day.toordinal() + 1)
    return following.year * 12 + following.month - 1
