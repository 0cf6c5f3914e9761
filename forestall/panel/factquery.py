"""Questions to the store of facts, as Ibis expressions: counts by month and by day, the worst places, single rows, coverage.

Each takes a table of `factengine.facts` and gives the table of its answer, which `factengine.answer` or `rows` fetch. They
say nothing that only one engine understands. Figures of different sources are never added up: each row names its source.
A count leaves out the rows that their source says are counted in others of its rows already. A period has its first and
its last day in it, or None where it is open; a row without a day lies in no period that is bounded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import ibis
from ibis import expr as ir

from forestall.facts import PlacePrecision, Quality
from forestall.facts.vocabulary import UNTYPED, event_types

WINDOWS = (28, 90)
RECENT = (30, 90, 365)
LOOKED_AT = (
    "source_id", "external_id", "day", "ended", "event_type", "source_type", "iso3", "admin1", "admin2", "place",
    "place_precision", "latitude", "longitude", "actor1", "actor2", "deaths_low", "deaths_best", "deaths_high", "count",
    "title", "url", "licence", "flags",
)  # fmt: skip
"""Columns of a look-up unless others are named: what a reader of events is shown; not the source's own row."""


class By(StrEnum):
    """What events are counted by."""

    TYPE = "event_type"
    FAMILY = "family"


def within(table: ir.Table, *, first: date | None = None, last: date | None = None) -> ir.Table:
    """The rows of a period."""
    if first is not None:
        table = table.filter(table.day >= ibis.literal(first))
    if last is not None:
        table = table.filter(table.day <= ibis.literal(last))
    return table


def by_country_month(
    events: ir.Table, *, by: By = By.TYPE, first: date | None = None, last: date | None = None
) -> ir.Table:
    """For each source, country, month (its first day) and type or family: events, and deaths `low`, `best` and `high`.

    `told` is how many rows say how many died; deaths are null where none does, which is not nought. Where a row has a best
    figure alone, that is its low and its high. Rows without a day are counted under no month.
    """
    table = _additive(within(events, first=first, last=last))
    keys = ["source_id", "iso3", "month", By.TYPE.value]
    counted = table.mutate(month=_truly(table.day.truncate("M"), "date")).group_by(keys).agg(**_figures(table))
    if by is By.FAMILY:
        keys[-1] = by.value
        families = [(one.id, one.family) for one in event_types().values()]
        counted = counted.mutate(family=counted.event_type.cases(*families, else_=UNTYPED))
        counted = counted.group_by(keys).agg(
            **{name: _sum(counted[name]) for name in ("events", "told", "low", "best", "high")}
        )
    return counted.order_by(keys)


def _figures(table: ir.Table) -> dict[str, ir.Value]:
    best = table.deaths_best
    return {
        "events": _sum(table["count"]),
        "told": best.count(),
        "low": _sum(ibis.coalesce(table.deaths_low, best)),
        "best": _sum(best),
        "high": _sum(ibis.coalesce(table.deaths_high, best)),
    }


def _sum(column: ir.Value, **where: ir.Value) -> ir.Value:
    return _truly(column.sum(**where), "int64")


def _truly(value: ir.Value, kind: str) -> ir.Value:
    """The value as what Ibis takes it for already, said in words that it passes on.

    DuckDB adds whole numbers up in 128 bits and cuts a day off to a time, which all that follows carries on, twice as wide.
    """
    return value.cast(f"!{kind}").cast(kind)


def _additive(table: ir.Table) -> ir.Table:
    """Without the rows that count the same people or events as others of their source."""
    return table.filter(~table.flags.contains(Quality.NOT_ADDITIVE.value))


def by_country_day(
    events: ir.Table,
    *,
    first: date | None = None,
    last: date | None = None,
    windows: Sequence[int] = WINDOWS,
) -> ir.Table:
    """For each source, country and day: events, and those of the last so many days, that day among them (`last_28`, …).

    Days without events are there, with nought, from a country's first day with an event to its last: before the first the
    source may not have covered it, after the last it may not have counted yet. A window at the beginning of a country has
    fewer days; with a `first` day the days before it are counted in, too.
    """
    lead = None if first is None else first - timedelta(days=max(windows) - 1)
    table = within(events, first=lead, last=last)
    table = _additive(table.filter(table.day.notnull()))
    keys = ["source_id", "iso3", "day"]
    days = table.group_by(keys).agg(events=_sum(table["count"]))
    every = _every_day(days).left_join(days, keys)
    filled = every.select(*keys, events=every.events.fill_null(0))
    trailing = {
        f"last_{size}": _truly(filled.events.sum().over(_last(size, keys[:2], filled)), "int64")
        for size in windows
    }
    return within(filled.mutate(**trailing), first=first).order_by(keys)


def _last(size: int, keys: list[str], table: ir.Table) -> Any:
    return ibis.window(group_by=keys, order_by=table.day, preceding=size - 1, following=0)


def _every_day(days: ir.Table) -> ir.Table:
    spans = days.group_by(["source_id", "iso3"]).agg(first=days.day.min(), last=days.day.max())
    counted = spans.mutate(after=ibis.range(0, spans.last.delta(spans.first, unit="day") + 1).unnest())
    return counted.select("source_id", "iso3", day=_truly(counted.first + counted.after.as_interval("D"), "date"))


def top_places(
    events: ir.Table, *, most: int = 10, first: date | None = None, last: date | None = None
) -> ir.Table:
    """For each source and country its `most` places with most events, by `rank` from 1; equal ones by their names.

    A place is a name in a province. Rows that know the country alone name no place.
    """
    table = within(events, first=first, last=last)
    table = _additive(table.filter(table.place != "", table.place_precision != PlacePrecision.COUNTRY.value))
    keys = ["source_id", "iso3", "admin1", "place"]
    counted = table.group_by(keys).agg(events=_sum(table["count"]), best=_sum(table.deaths_best))
    order = [counted.events.desc(), counted.admin1, counted.place]
    window = ibis.window(group_by=keys[:2], order_by=order)
    ranked = counted.mutate(rank=ibis.row_number().over(window) + 1)
    return ranked.filter(ranked["rank"] <= most).order_by(["source_id", "iso3", "rank"])


def look_up(
    events: ir.Table,
    *,
    iso3: str,
    types: Collection[str] = (),
    most: int = 100,
    first: date | None = None,
    last: date | None = None,
    columns: Sequence[str] = LOOKED_AT,
) -> ir.Table:
    """The latest rows of a country, at most so many, of these types (none named: of all), the newest first."""
    table = within(events, first=first, last=last)
    table = table.filter(table.iso3 == iso3)
    if types:
        table = table.filter(table.event_type.isin(sorted(types)))
    return table.order_by([table.day.desc(nulls_first=False), table.source_id, table.external_id]).limit(most)[columns]


def coverage_of(facts: ir.Table, *, today: date) -> ir.Table:
    """For each source and country: `first` and `last` day with rows, rows in all and in the last 30, 90 and 365 days.

    `median_gap` is the middle one of the days from a day with rows to the next, null where there was but one: a silence
    that is much longer is worth asking about. Days after `today` are none of these and are counted as `ahead`, lest a date
    typed wrong hide a silence; rows without a day are `undated`. Of findings each country that they name is one.
    """
    counted = _by_country(facts).group_by(["source_id", "iso3", "day"]).agg(rows=ibis._.count())
    before = counted.day.lag().over(ibis.window(group_by=["source_id", "iso3"], order_by=counted.day))
    gap = ibis.ifelse(counted.day <= ibis.literal(today), counted.day.delta(before, unit="day"), ibis.null("int64"))
    days = counted.mutate(gap=gap)
    past = days.day <= ibis.literal(today)
    recent = {
        f"rows_{span}": _sum(days.rows, where=past & (days.day > ibis.literal(today - timedelta(days=span)))).fill_null(0)
        for span in RECENT
    }
    return (
        days.group_by(["source_id", "iso3"])
        .agg(
            first=days.day.min(where=past),
            last=days.day.max(where=past),
            rows=_sum(days.rows),
            **recent,
            median_gap=days.gap.median().cast("float64"),
            ahead=_sum(days.rows, where=~past).fill_null(0),
            undated=_sum(days.rows, where=days.day.isnull()).fill_null(0),
        )
        .order_by(["source_id", "iso3"])
    )


def days_by_country(facts: ir.Table, *, first: date, last: date) -> ir.Table:
    """For each country the days of a period on which rows speak of it, each with the day (UTC) the first of them came.

    Rows without a country are of none.
    """
    named = within(_by_country(facts, "received_at"), first=first, last=last)
    named = named.filter(named.iso3 != "")
    keys = ["iso3", "day"]
    return named.group_by(keys).agg(received=named.received_at.min().date()).order_by(keys)


def _by_country(facts: ir.Table, *also: str) -> ir.Table:
    if "iso3" in facts.columns:
        return facts.select("source_id", "iso3", "day", *also)
    named = facts.select("source_id", "day", *also, iso3=facts.countries).unnest("iso3", keep_empty=True)
    return named.mutate(iso3=named.iso3.fill_null(""))
