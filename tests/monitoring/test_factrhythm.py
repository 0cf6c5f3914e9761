"""How often facts speak of each country: counted from the store by the worker, kept small, made anew when files change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from forestall.base import clock
from forestall.facts import Event, PlacePrecision
from forestall.facts.arrow import EVENTS, batches
from forestall.labels.label import Label, Level
from forestall.monitoring import coverage, holdings
from forestall.monitoring.actions.factrhythm import count_anew
from forestall.monitoring.models import FactRhythm, Holding
from forestall.panel.factstore import Load, merge
from forestall.panel.manifest import write_manifest
from forestall.record.actions import write

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def event(ago: int, iso3: str = "MLI") -> Event:
    day = TODAY - timedelta(days=ago)
    return Event(
        external_id=f"{iso3}{ago}", iso3=iso3, deaths_best=1, own={}, source_id="ucdp-ged", event_type="attack-on-civilians",
        source_type="3", started=day, ended=day, admin1="", place="", place_precision=PlacePrecision.COUNTRY,
    )  # fmt: skip


def keep(*given: Event, level: int = 0) -> None:
    """Hold these events, received that day."""
    held = holdings.holding("ucdp-ged")
    table = pa.Table.from_batches([one for _, one in batches(given, size=1000)], schema=EVENTS)
    at = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    before = holdings.manifest_of(held) if held else None
    manifest, _ = merge(holdings.root(), before, Load("ucdp-ged", level, {"events": table}, str(len(given)), at))
    made = held or Holding(collector="ucdp-ged").labelled(Label(level=Level.INTERNAL))
    made.manifest, made.events = write_manifest(holdings.root(), manifest), len(given)
    write(made, by="x", verb="facts kept")


def counted(keeper: Any) -> list[str]:
    with clock.fixed(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)):
        return count_anew(by=keeper)


def test_days_of_each_country_are_counted_with_their_gaps_and_weeks(own_home: Any, keeper: Any) -> None:
    keep(*(event(one) for one in (0, 1, 11, 21, 31, 41, 800)), event(3, "NER"))

    assert counted(keeper) == ["ucdp-ged"]
    told = FactRhythm.objects.get().countries
    assert sorted(told) == ["MLI", "NER"]
    mali = told["MLI"]
    assert (mali["last"], mali["gaps"], mali["usual"], mali["days"]) == ("2026-11-20", 5, 10, 6)
    assert (len(mali["weeks"]), mali["weeks"][-2:]) == (52, [1, 2])


def test_what_did_not_change_is_not_counted_again_that_day(own_home: Any, keeper: Any) -> None:
    keep(event(3))
    assert counted(keeper) == ["ucdp-ged"]
    assert counted(keeper) == []
    keep(event(3), event(1))

    assert counted(keeper) == ["ucdp-ged"]
    assert FactRhythm.objects.count() == 1


def test_what_is_kept_is_as_close_held_as_the_facts(own_home: Any, keeper: Any) -> None:
    keep(event(3), level=1)
    counted(keeper)
    assert FactRhythm.objects.get().level == 1


def test_until_something_came_later_the_lag_is_what_the_catalogue_allows(own_home: Any, keeper: Any) -> None:
    keep(*(event(one) for one in range(40, 90)))
    counted(keeper)

    assert FactRhythm.objects.get().lag == 75
    (cell,) = coverage.coverage(today=TODAY)
    assert (cell.state, cell.rhythm.expected, cell.iso3) == ("reporting", 1, "MLI")
