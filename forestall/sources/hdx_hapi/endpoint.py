"""The tables of HDX HAPI, each recognised by its columns: what is measured, in what, and what tells its rows apart.

Columns are those of the field dictionaries of HDX HAPI, version 1 and 2, and of the yearly files on HDX.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_PLACE = ("location_code", "provider_admin1_name", "provider_admin2_name")
_CODES = ("admin1_code", "admin2_code")
_PERIOD = ("reference_period_start", "reference_period_end")
_PEOPLE = ("population_group", "gender", "age_range", "min_age", "max_age")
_PARTNER = ("org_acronym", "org_name", "sector_code", "sector_name")
_PRICED = ("market_code", "market_name", "commodity_code", "commodity_name", "price_flag", "price_type")


@dataclass(frozen=True)
class Endpoint:
    """One table. `needs` are columns that it alone has together; `value` is the column of its figure, if it has one.

    `key` are the columns that tell rows apart; `by_content`: nothing does but the row itself, within `key`. `parts` are
    columns that say of which part a figure is. `overlapping`: figures of it count the same people more than once.
    """

    id: str
    needs: tuple[str, ...]
    key: tuple[str, ...]
    value: str = ""
    unit: str = ""
    parts: tuple[str, ...] = ()
    overlapping: bool = False
    by_content: bool = False


_ENDPOINTS = (
    Endpoint("conflict-events", ("event_type", "events", "fatalities"), (*_PLACE, "event_type", *_PERIOD)),
    Endpoint(
        "food-security", ("ipc_phase", "ipc_type", "population_in_phase"),
        ("resource_hdx_id", "location_code", *_PERIOD), "population_in_phase", "people", ("ipc_phase", "ipc_type"),
        overlapping=True, by_content=True,
    ),
    Endpoint(
        "idps", ("population", "reporting_round"),
        (*_PLACE, *_CODES, "operation", "assessment_type", "reporting_round", *_PERIOD), "population", "people",
        ("operation", "assessment_type", "reporting_round"), overlapping=True,
    ),
    Endpoint(
        "refugees", ("origin_location_code", "asylum_location_code", "population"),
        ("origin_location_code", "asylum_location_code", *_PEOPLE, *_PERIOD), "population", "people",
        ("origin_location_code", "asylum_location_code", *_PEOPLE), overlapping=True,
    ),
    Endpoint(
        "humanitarian-needs", ("population_status", "population"),
        (*_PLACE, *_CODES, "sector_code", "sector_name", "population_status", "category", "disabled_marker", *_PEOPLE, *_PERIOD),
        "population", "people", ("sector_code", "population_status", "category", "disabled_marker", *_PEOPLE),
        overlapping=True,
    ),
    Endpoint(
        "national-risk", ("risk_class", "overall_risk"), ("location_code", *_PERIOD), "overall_risk",
        "index from 0 to 10", ("risk_class",),
    ),
    Endpoint(
        "funding", ("appeal_code", "funding_usd"), ("location_code", "appeal_code", "appeal_name", "appeal_type", *_PERIOD),
        "funding_usd", "US dollars", ("appeal_code", "appeal_name", "appeal_type"),
    ),
    Endpoint(
        "food-prices", ("commodity_code", "price"),
        ("location_code", *_PRICED, "unit", "currency_code", *_PERIOD), "price", "", (*_PRICED, "unit", "currency_code"),
    ),
    Endpoint(
        "poverty-rate", ("mpi", "headcount_ratio"), (*_PLACE, *_CODES, "admin1_name", *_PERIOD), "mpi", "index from 0 to 1",
    ),
    Endpoint(
        "rainfall", ("rainfall", "aggregation_period"),
        (*_PLACE, *_CODES, "provider_admin1_code", "provider_admin2_code", "aggregation_period", "version", *_PERIOD),
        "rainfall", "millimetres", ("aggregation_period", "version"),
    ),
    Endpoint(
        "operational-presence", ("org_name", "sector_code", "location_code"), (*_PLACE, *_CODES, *_PARTNER, *_PERIOD), "", "",
        _PARTNER,
    ),
    Endpoint(
        "baseline-population", ("population", "gender", "age_range"), (*_PLACE, *_CODES, *_PEOPLE, *_PERIOD), "population",
        "people", _PEOPLE, overlapping=True,
    ),
    Endpoint(
        "data-availability", ("subcategory", "hapi_updated_date"),
        ("category", "subcategory", "location_code", "admin1_code", "admin1_name", "admin2_code", "admin2_name"), "", "",
        ("category", "subcategory"),
    ),
    Endpoint("resource", ("resource_hdx_id", "download_url"), ("resource_hdx_id",)),
    Endpoint("dataset", ("dataset_hdx_id", "dataset_hdx_title"), ("dataset_hdx_id",)),
    Endpoint("dataset", ("hdx_id", "hdx_provider_stub"), ("hdx_id",)),
    Endpoint(
        "place-code", ("P-Code", "Admin Level", "Name"), ("Location", "Admin Level", "P-Code", "Valid from date"), "", "",
        ("P-Code", "Admin Level", "Name", "Parent P-Code"),
    ),
    Endpoint("place-code-lengths", ("Location", "Country Length"), ("Location",)),
    Endpoint("market", ("code", "name", "lat", "lon"), ("code", "location_code"), "", "", ("code", "name")),
    Endpoint(
        "place-code", ("code", "name", "location_code"), ("location_code", "admin1_code", "code", *_PERIOD), "", "",
        ("code", "name"),
    ),
    Endpoint("organisation", ("acronym", "name"), ("acronym", "name", "org_type_code"), "", "", ("acronym", "name")),
    Endpoint("location", ("code", "name", "has_hrp"), ("code", "reference_period_start"), "", "", ("code", "name")),
    Endpoint("code", ("code", "name"), ("code", "name"), "", "", ("code", "name")),
    Endpoint("code", ("code", "description"), ("code", "description"), "", "", ("code", "description")),
)  # fmt: skip

DATASETS = frozenset({"resource", "dataset"})
"""Tables whose rows are entries of the catalogue of datasets."""


def endpoint_of(columns: Iterable[str]) -> Endpoint | None:
    """The table that has these columns, or None."""
    given = set(columns)
    return next((one for one in _ENDPOINTS if given.issuperset(one.needs)), None)
