"""Every State and area as one row: what it is to the United Nations, when somebody last looked, what a run says of it.

Rows are plain values made from what the session may see. They carry the labels of what they tell, for the band.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext

from forestall import places
from forestall.assessment import queries as assessment
from forestall.base.words import Words, say
from forestall.forecasting import queries as forecasting
from forestall.forecasting.queries import Forecast, ForecastRun
from forestall.labels.label import Label
from forestall.monitoring import queries as monitoring
from forestall.places import naming, region

STATUS = {
    places.Status.MEMBER: say("Member State"),
    places.Status.OBSERVER: say("observer State"),
    places.Status.AREA: say("area, not a State"),
    places.Status.TERRITORY: say("territory that some sources code apart"),
    places.Status.FORMER: say("former State"),
    places.Status.EXERCISE: say("invented, for an exercise"),
}
HALF_YEAR = 182
"""Every State is to be looked at twice a year: after so many days one is due."""
DAYS = (30, 60, 120, HALF_YEAR)
"""Upper ends of the steps of days since screened; the last step is open."""
CHANCES = (0.01, 0.05, 0.2, 0.5)
"""Upper ends of the steps of a chance. They are steps of a count's ramp: a statistic is no judgement of concern."""


@dataclass(frozen=True)
class Row:
    """One State or area. `days` since somebody here looked at it, None for never; `low` to `high` is the 90 % interval."""

    country: places.Country
    name: str
    region: str
    status: Words
    url: str
    read_on: date | None = None
    observed_on: date | None = None
    observed_precision: str = "day"
    days: int | None = None
    rank: int | None = None
    chance: float | None = None
    low: float | None = None
    high: float | None = None
    counts: Mapping[str, int] | None = None
    uncounted: Words | None = None
    why: str = ""
    labels: tuple[Label, ...] = ()

    @property
    def step(self) -> int | None:
        """The step of days since screened, 1 to 5; None for never."""
        return None if self.days is None else _step(self.days, ends=DAYS)

    @property
    def chance_step(self) -> int | None:
        """The step of the chance, 1 to 5; None where there is none."""
        return None if self.chance is None else _step(self.chance, ends=CHANCES)


def _step(value: float, *, ends: Sequence[float]) -> int:
    return 1 + sum(value > end for end in ends)


def language() -> str:
    """The reader's language as the register of places knows it."""
    return (get_language() or "en").split("-")[0]


def carried(address: str, *, as_of: date | None) -> str:
    """An address that keeps the past day one is looking at."""
    return f"{address}?{urlencode({'as_of': as_of.isoformat()})}" if as_of else address


def screened(countries: Iterable[places.Country], *, day: date, as_of: date | None) -> list[Row]:
    """When somebody last looked at each country, as of `day` (UTC): a reading issued, or an observation confirmed."""
    read, observed = assessment.last_read(), monitoring.last_observed()
    rows = []
    for country in countries:
        reading, sight = read.get(country.iso3), observed.get(country.iso3)
        known = [one.on for one in (reading, sight) if one is not None]
        rows.append(
            replace(
                named(country, as_of=as_of),
                read_on=reading.on if reading else None,
                observed_on=sight.on if sight else None,
                observed_precision=_precision(sight.on_precision if sight else "day"),
                days=max(0, (day - max(known)).days) if known else None,
                labels=tuple(one.label for one in (reading, sight) if one is not None),
            )
        )
    return rows


def _precision(known: str) -> str:
    return known if known in ("day", "month", "year") else "day"


def ranked(
    countries: Iterable[places.Country], *, run: ForecastRun, as_of: date | None
) -> list[Row]:
    """What a run says of each country, and where its deaths are counted when the figures do not hold it apart."""
    listed = list(countries)
    given = {one.iso3: one for one in forecasting.forecasts(run)}
    held = forecasting.coverage(run, names={one.iso3: one.name(language()) for one in listed})
    rows = []
    for country in listed:
        row = replace(named(country, as_of=as_of), labels=(run.label,))
        found = given.get(country.iso3)
        if found is None:
            rows.append(replace(row, uncounted=held[country.iso3].sentence))
        else:
            rows.append(_with_chance(row, found=found, as_of=as_of))
    return rows


def _with_chance(row: Row, *, found: Forecast, as_of: date | None) -> Row:
    return replace(
        row,
        rank=found.rank,
        chance=found.probability,
        low=found.low,
        high=found.high,
        counts=found.figures["last"],
        why=carried(reverse("forecast", args=[found.iso3]), as_of=as_of),
    )


def coded_apart(run: ForecastRun) -> list[places.Country]:
    """Areas and territories for which the run has a chance of their own, by code."""
    found = [places.country(one.iso3) for one in forecasting.forecasts(run)]
    return sorted((one for one in found if not one.is_state), key=lambda one: one.iso3)


def named(country: places.Country, *, as_of: date | None) -> Row:
    """A row that says no more than what the country is called, what it is, and where it lies."""
    return Row(
        country=country,
        name=country.name(language()),
        region=region_name(country),
        status=STATUS[country.status],
        url=carried(reverse("state", args=[country.iso3]), as_of=as_of),
    )


def region_name(country: places.Country) -> str:
    """The narrowest region of M49 that it lies in, in the reader's language; empty for an invented country."""
    code = country.intermediate or country.subregion or country.region
    return region.region(code).name(language()) if code else ""


def chosen(rows: Iterable[Row], *, within: str = "", text: str = "") -> list[Row]:
    """The rows of one region (M49 code) and those whose name holds `text`, in any of the six languages."""
    sought = naming.normal(text)
    return [
        row
        for row in rows
        if (not within or within in (row.country.region, row.country.subregion, row.country.intermediate))
        and (not sought or _called(row.country, sought))
    ]


def _called(country: places.Country, sought: str) -> bool:
    return sought == country.iso3.lower() or any(
        sought in naming.normal(name) for name in country.names.values()
    )


KEYS: Mapping[str, Callable[[Row], object]] = {
    "name": lambda row: naming.normal(row.name),
    "region": lambda row: naming.normal(row.region),
    "status": lambda row: gettext(row.status.message),
    "read": lambda row: row.read_on,
    "observed": lambda row: row.observed_on,
    "days": lambda row: row.days,
    "rank": lambda row: row.rank,
    "chance": lambda row: row.chance,
    "killed": lambda row: row.counts["os_best"] if row.counts else None,
}


def ordered(rows: Iterable[Row], *, key: str, falling: bool) -> list[Row]:
    """The rows by one of `KEYS`; what is not known stays last either way."""
    value = KEYS[key]
    by_name = sorted(rows, key=lambda row: naming.normal(row.name))
    known = sorted((row for row in by_name if value(row) is not None), key=value, reverse=falling)  # type: ignore[arg-type]
    return [*known, *(row for row in by_name if value(row) is None)]


def per_cent(share: float | None) -> float | None:
    """A share as a figure per hundred with two decimals, for a file."""
    return None if share is None else round(share * 100, 2)


def of_run(row: Row, *, run: ForecastRun) -> Row:
    """The row with an address that stays with an earlier run."""
    mark = "&" if "?" in row.why else "?"
    return replace(row, why=f"{row.why}{mark}run={run.id}") if row.why else row
