"""The report of a dry run says how good an answer is before anything of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forestall.collecting.byhand import told
from forestall.collecting.childprocess import InProcess
from forestall.collecting.quality import in_words, quality
from forestall.collecting.received import Received
from forestall.collecting.responses import Response, _packed
from forestall.facts import Event, Finding, FindingForm, Measure, PlacePrecision, Quality
from forestall.facts.arrow import batches
from forestall.sources import all_sources

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = replace(all_sources()["ucdp-ged"], max_content_age_days=30)


def event(key: str, **more: Any) -> Event:
    given = {"started": date(2026, 11, 2), "iso3": "SDN", "country": "Sudan", "deaths_best": 2, "place": "Reeds", **more}
    return Event(source_id="x", external_id=key, event_type="battle", source_type="1", **given)


def of(*facts: Any, **more: Any) -> dict[str, Any]:
    packed = tuple(_packed(name, batch) for name, batch in batches(facts))
    return quality(Response(facts=packed, **more), source=SOURCE, at=NOW)


def test_it_counts_by_country_and_type_and_names_the_first_day_and_the_last() -> None:
    found = of(event("1"), event("2", iso3="TCD", started=date(2026, 10, 1)), event("3"))

    assert found["rows"] == {"events": 3}
    assert (found["countries"], found["types"]) == ({"SDN": 2, "TCD": 1}, {"battle": 3})
    assert (found["first_day"], found["last_day"]) == ("2026-10-01", "2026-11-02")


def test_of_many_countries_the_ten_most_frequent_are_told_always_the_same() -> None:
    found = of(*(event(f"{code}-{n}", iso3=code) for n, code in enumerate("ABCDEFGHIJKLM" * 2)), event("x", iso3="M"))

    assert list(found["countries"]) == ["M", *"ABCDEFGHI"]


def test_what_is_not_known_is_told_as_a_count_and_a_share_of_the_rows_that_could_say_it() -> None:
    found = of(
        event("1"), event("2", started=None), event("3", deaths_best=None), event("4", place="", place_precision=PlacePrecision.COUNTRY),
        Measure(source_id="x", external_id="m", name="idps", value=1, unit="people", iso3="SDN", period_start=date(2026, 1, 1)),
    )  # fmt: skip

    assert found["without"]["day"] == {"rows": 1, "share": 0.2}
    assert found["without"]["deaths"] == {"rows": 1, "share": 0.25}
    assert found["without"]["place"] == {"rows": 1, "share": 0.25}


def test_countries_that_no_list_here_knows_are_named_as_they_came() -> None:
    found = of(event("1", iso3="", country="Quixotria"), event("2", iso3="", country="Quixotria"), event("3"))

    assert found["countries_unknown"] == {"Quixotria": 2}
    assert found["without"]["country"]["rows"] == 2


def test_remarks_and_keys_that_repeat_are_counted() -> None:
    found = of(event("1", flags=(Quality.NO_POINT,)), event("1", flags=(Quality.NO_POINT, Quality.PROVISIONAL)), repeated=3)

    assert found["flags"] == {"no-point": 2, "provisional": 1}
    assert found["repeated"] == 4


def test_content_older_than_its_source_allows_is_told_and_a_day_to_come_makes_nothing_fresh() -> None:
    old = of(event("1", started=date(2026, 9, 1)), event("2", started=date(2027, 1, 1)))
    fresh = of(event("1", started=date(2026, 11, 1)))

    assert old["age"] == {"days": 80, "most": 30, "too_old": True}
    assert fresh["age"]["too_old"] is False


def test_findings_are_counted_under_each_country_they_are_about() -> None:
    one = Finding(source_id="x", external_id="1", form=FindingForm.REPORT, title="x", countries=("SDN", "TCD"), dated=date(2026, 1, 1))

    assert of(one)["countries"] == {"SDN": 1, "TCD": 1}


def test_the_bounds_that_its_source_declares_stand_beside_its_rows() -> None:
    bounded = replace(SOURCE, bounds=replace(SOURCE.bounds, least=2, most=3))

    assert quality(Response(), source=bounded, at=NOW)["bounds"] == {"least": 2, "most": 3, "within": False}


@pytest.mark.parametrize("name", ["ucdp-ged", "reliefweb"])
def test_the_dry_run_tells_it_beside_what_it_told_before(name: str) -> None:
    from forestall.sources import CATALOGUE

    sources = all_sources()
    folder = CATALOGUE / name.replace("-", "_") / "sample"
    sample = next(path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".json"))
    found = told(Received(sample.name, sample.read_bytes(), NOW), source=sources[name], sources=sources, reader=InProcess(), files=InProcess())

    assert {"records", "quarantined", "fields_ignored", "first", "quality"} <= set(found)
    assert sum(found["quality"]["rows"].values()) == found["records"]
    assert in_words(found["quality"])[0].startswith("Days: ")


def test_of_what_cannot_be_read_nothing_is_told() -> None:
    sources = all_sources()
    found = told(Received("x.csv", b"<html><body>Consent</body></html>", NOW), source=sources["ucdp-ged"], sources=sources, reader=InProcess(), files=InProcess())

    assert found["records"] == 0 and found["quality"] == {} and in_words(found["quality"]) == []
