"""Questions to the store of facts: the answers are those that a person counts by hand, on every engine."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.facts import Event, Finding, FindingForm, PlacePrecision, Quality
from forestall.facts.arrow import EVENTS, FINDINGS, batches
from forestall.panel.factengine import answer, asking, digest, facts, rows
from forestall.panel.factmonths import country_months
from forestall.panel.factquery import (
    LOOKED_AT,
    By,
    by_country_day,
    by_country_month,
    coverage_of,
    look_up,
    top_places,
)
from forestall.panel.factstore import Load, merge, withdraw
from forestall.panel.manifest import Manifest
from forestall.panel.published import country_months as published_months

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
KINDS = {"1": "state-based-conflict", "2": "non-state-conflict", "3": "attack-on-civilians"}


def event(key: str, day: str | None, iso3: str = "MLI", *, kind: str = "3", best: int | None = 1, **more: Any) -> Event:
    started = date.fromisoformat(day) if day else None
    given: dict[str, Any] = {
        "source_id": "told", "event_type": KINDS[kind], "source_type": kind, "started": started, "ended": started,
        "admin1": "Mopti", "place": "Old Ford", "place_precision": PlacePrecision.POINT, **more,
    }  # fmt: skip
    return Event(external_id=key, iso3=iso3, deaths_best=best, own={"id": key, "best": best}, **given)


def load(*given: Any, source: str = "told", level: int = 0, at: datetime = AT) -> Load:
    schema = {"events": EVENTS, "findings": FINDINGS}
    found = {name: pa.Table.from_batches([batch], schema=schema[name]) for name, batch in batches(given, size=10_000)}
    return Load(source, level, found, f"raw {at.isoformat()}", at)


def kept(root: Path, *given: Any, after: Manifest | None = None, **more: Any) -> Manifest:
    return merge(root, after, load(*given, **more))[0]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Any]:
    with asking(tmp_path, megabytes=128, threads=1) as opened:
        yield opened


@pytest.fixture
def asked(tmp_path: Path, engine: Any) -> Callable[..., list[dict[str, Any]]]:
    """Puts a question to events that are kept first, and gives the rows of its answer."""

    def ask(question: Callable[..., Any], *given: Event, level: int = 1, **more: Any) -> list[dict[str, Any]]:
        table = facts([kept(tmp_path, *given)], tmp_path, "events", level=level, engine=engine)
        return rows(question(table, **more), engine=engine)

    return ask


def told(found: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in found]


def test_months_count_events_and_add_deaths_low_best_and_high(asked):
    found = asked(
        by_country_month,
        event("1", "2026-09-01", best=5, deaths_low=3, deaths_high=9),
        event("2", "2026-09-30", best=2),
        event("3", "2026-10-01", best=None, count=4),
        event("4", "2026-10-01", "NER", kind="1", best=0),
    )

    assert told(found, "iso3", "month", "event_type", "events", "told", "low", "best", "high") == [
        ("MLI", date(2026, 9, 1), "attack-on-civilians", 2, 2, 5, 7, 11),
        ("MLI", date(2026, 10, 1), "attack-on-civilians", 4, 0, None, None, None),
        ("NER", date(2026, 10, 1), "state-based-conflict", 1, 1, 0, 0, 0),
    ]


def test_families_add_up_their_types_and_a_type_nobody_knows_is_other(asked):
    found = asked(
        by_country_month,
        event("1", "2026-09-01", kind="1", best=5), event("2", "2026-09-02", kind="2", best=2),
        event("3", "2026-09-02", best=1, event_type="never heard of"),
        by=By.FAMILY,
    )  # fmt: skip

    assert told(found, "family", "events", "best") == [("fighting", 2, 7), ("other", 1, 1)]


def test_rows_that_are_counted_in_others_are_not_counted_twice_and_are_still_found(asked):
    given = [event("1", "2026-09-01", count=5), event("2", "2026-09-01", count=3, flags=(Quality.NOT_ADDITIVE,))]

    assert told(asked(by_country_month, *given), "events") == [(5,)]
    assert told(asked(by_country_day, *given), "events") == [(5,)]
    assert told(asked(top_places, *given), "events") == [(5,)]
    assert told(asked(look_up, *given, iso3="MLI"), "external_id") == [("1",), ("2",)]


def test_a_period_has_its_first_and_its_last_day_in_it(asked):
    given = [event(str(number), f"2026-09-{number:02}") for number in range(1, 11)]
    period = {"first": date(2026, 9, 3), "last": date(2026, 9, 5)}

    assert told(asked(by_country_month, *given, **period), "events") == [(3,)]
    assert told(asked(top_places, *given, **period), "events") == [(3,)]
    assert told(asked(look_up, *given, iso3="MLI", **period), "external_id") == [("5",), ("4",), ("3",)]


def test_days_without_events_are_nought_between_the_first_and_the_last_of_a_country(asked):
    found = asked(
        by_country_day,
        event("1", "2026-09-01"), event("2", "2026-09-01"), event("3", "2026-09-04"), event("4", "2026-09-03", "NER"),
        windows=(2, 3),
    )  # fmt: skip

    assert told(found, "iso3", "day", "events", "last_2", "last_3") == [
        ("MLI", date(2026, 9, 1), 2, 2, 2),
        ("MLI", date(2026, 9, 2), 0, 2, 2),
        ("MLI", date(2026, 9, 3), 0, 0, 2),
        ("MLI", date(2026, 9, 4), 1, 1, 1),
        ("NER", date(2026, 9, 3), 1, 1, 1),
    ]


def test_windows_hold_exactly_28_and_90_days(asked):
    start = date(2026, 1, 1)
    given = [event(str(number), str(start + timedelta(days=number))) for number in range(100)]
    found = asked(by_country_day, *given)

    assert told(found[26:29], "last_28", "last_90") == [(27, 27), (28, 28), (28, 29)]
    assert told(found[-1:], "last_28", "last_90") == [(28, 90)]


def test_the_windows_of_a_period_know_the_days_before_it(asked):
    start = date(2026, 1, 1)
    given = [event(str(number), str(start + timedelta(days=number))) for number in range(100)]
    found = asked(by_country_day, *given, first=start + timedelta(days=95), last=start + timedelta(days=96))

    assert told(found, "day", "last_28", "last_90") == [
        (date(2026, 4, 6), 28, 90), (date(2026, 4, 7), 28, 90)
    ]  # fmt: skip


def test_places_are_told_apart_by_their_province_and_the_country_is_none(asked):
    found = asked(
        top_places,
        event("1", "2026-09-01", best=9), event("2", "2026-09-01", admin1="Gao"), event("3", "2026-09-02", admin1="Gao"),
        event("4", "2026-09-01", place="Ash Hill"), event("5", "2026-09-01", place=""),
        event("6", "2026-09-01", place="Mali", place_precision=PlacePrecision.COUNTRY, count=50),
        event("7", "2026-09-01", "NER", place="Ash Hill"),
        most=2,
    )  # fmt: skip

    assert told(found, "iso3", "rank", "admin1", "place", "events") == [
        ("MLI", 1, "Gao", "Old Ford", 2), ("MLI", 2, "Mopti", "Ash Hill", 1), ("NER", 1, "Mopti", "Ash Hill", 1),
    ]  # fmt: skip


def test_a_look_up_gives_the_latest_rows_of_a_country_and_its_types(asked):
    given = [event(f"{number}", f"2026-09-{number:02}", kind="1" if number % 2 else "3", latitude=1.5) for number in range(1, 9)]
    given += [event("x", "2026-09-30", "NER"), event("y", None)]
    found = asked(look_up, *given, iso3="MLI", types=["state-based-conflict"], most=2)
    whole = asked(look_up, *given, iso3="MLI", columns=("external_id", "own"))

    assert told(found, "external_id", "day", "latitude") == [("7", date(2026, 9, 7), 1.5), ("5", date(2026, 9, 5), 1.5)]
    assert "own" not in found[0]
    assert len(whole) == 9 and whole[-1]["external_id"] == "y"
    assert whole[0]["own"] == '{"best":1,"id":"8"}'


def test_figures_of_two_sources_are_never_added_up(tmp_path, engine):
    one = kept(tmp_path, event("1", "2026-09-01"))
    two = kept(tmp_path, event("1", "2026-09-01", source_id="other"), source="other")
    table = facts([one, two], tmp_path, "events", level=0, engine=engine)

    for question in (by_country_month, by_country_day, top_places):
        assert told(rows(question(table), engine=engine), "source_id", "events") == [("other", 1), ("told", 1)]
    with pytest.raises(Refused):
        facts([one, one], tmp_path, "events", level=0, engine=engine)


def test_what_lies_above_the_readers_level_is_not_there(tmp_path, engine):
    low = kept(tmp_path, event("1", "2026-09-01"))
    high = kept(tmp_path, event("2", "2026-09-02", source_id="inside"), source="inside", level=1)

    for level, seen in ((0, ["told"]), (1, ["inside", "told"])):
        table = facts([low, high], tmp_path, "events", level=level, engine=engine)
        assert sorted(row["source_id"] for row in rows(look_up(table, iso3="MLI"), engine=engine)) == seen
    assert rows(facts([high], tmp_path, "events", level=0, engine=engine), engine=engine) == []


def test_what_ended_is_never_counted_and_an_older_manifest_gives_the_older_answer(tmp_path, engine):
    first = kept(tmp_path, event("1", "2026-09-01", best=5), event("2", "2026-09-02", best=1))
    second = kept(tmp_path, event("1", "2026-09-01", best=7, rank="2"), after=first, at=AT + timedelta(days=1))
    third, _ = withdraw(tmp_path, second, keys=["2"], at=AT + timedelta(days=2))

    def counted(manifest: Manifest) -> list[tuple[Any, ...]]:
        table = facts([manifest], tmp_path, "events", level=0, engine=engine)
        return told(rows(by_country_month(table), engine=engine), "events", "best")

    assert [counted(one) for one in (first, second, third)] == [[(2, 6)], [(2, 8)], [(1, 7)]]
    assert third.rows(state="ended") == 2


def test_where_there_are_no_rows_the_answer_is_empty(tmp_path, engine):
    table = facts([Manifest("told", 0)], tmp_path, "events", level=0, engine=engine)
    questions = [by_country_month(table), by_country_month(table, by=By.FAMILY), by_country_day(table), top_places(table),
                 look_up(table, iso3="MLI"), coverage_of(table, today=AT.date())]  # fmt: skip

    assert [rows(one, engine=engine) for one in questions] == [[]] * 6


def test_a_file_that_is_gone_is_said_and_no_zero(tmp_path, engine):
    manifest = kept(tmp_path, event("1", "2026-09-01"))
    manifest.files[0].path_of(tmp_path).unlink()

    with pytest.raises(Malformed, match="not in the store"):
        facts([manifest], tmp_path, "events", level=0, engine=engine)


def test_a_question_reaches_nothing_outside_the_store(tmp_path_factory):
    root, outside = tmp_path_factory.mktemp("store"), tmp_path_factory.mktemp("outside")
    manifest = kept(outside, event("1", "2026-09-01"))
    with asking(root) as engine:
        with pytest.raises(Exception, match="disabled by configuration"):
            facts([manifest], outside, "events", level=0, engine=engine)
        with pytest.raises(Exception, match="locked"):
            engine.settings["enable_external_access"] = True
        assert engine.settings["autoload_known_extensions"] == "false"
    assert list((root / "spill").iterdir()) == []


def test_coverage_tells_first_and_last_day_recent_rows_and_the_usual_gap(tmp_path, engine):
    today = date(2026, 11, 20)
    days = [0, 29, 30, 89, 90, 364, 365]
    given = [event(f"d{back}", str(today - timedelta(days=back))) for back in days]
    given += [event("again", str(today)), event("ahead", "2027-11-20"), event("undated", None), event("x", "2026-09-01", "NER")]
    table = facts([kept(tmp_path, *given)], tmp_path, "events", level=0, engine=engine)
    mali, niger = rows(coverage_of(table, today=today), engine=engine)

    assert (mali["first"], mali["last"]) == (date(2025, 11, 20), today)
    assert told([mali], "rows", "rows_30", "rows_90", "rows_365", "ahead", "undated") == [(10, 3, 5, 7, 1, 1)]
    assert mali["median_gap"] == 15.0  # 1, 274, 1, 59, 1, 29
    assert told([niger], "rows", "rows_30", "rows_90", "median_gap") == [(1, 0, 1, None)]


def test_coverage_of_findings_is_that_of_each_country_they_name(tmp_path, engine):
    def finding(key: str, *countries: str) -> Finding:
        return Finding(source_id="told", external_id=key, form=FindingForm.ALERT, title="x", dated=date(2026, 9, 1),
                       countries=countries, own={"id": key})  # fmt: skip

    table = facts([kept(tmp_path, finding("1", "MLI", "NER"), finding("2", "MLI"), finding("3"))], tmp_path, "findings", level=0, engine=engine)

    assert told(rows(coverage_of(table, today=AT.date()), engine=engine), "iso3", "rows") == [("", 1), ("MLI", 2), ("NER", 1)]


def test_collected_events_make_the_panel_that_the_published_file_makes(tmp_path, engine):
    text = (
        "id,country_id,type_of_violence,date_start,date_end,best\n"
        "1,700,3,2020-01-30,2020-02-02,9\n2,700,3,2020-02-10,2020-02-10,4\n3,490,1,2020-03-01,2020-03-01,2\n"
    )
    manifest = kept(
        tmp_path,
        event("1", "2020-01-30", "AFG", best=9, ended=date(2020, 2, 2)), event("2", "2020-02-10", "AFG", best=4),
        event("3", "2020-03-01", "COD", kind="1", best=2),
    )  # fmt: skip
    ours = country_months(manifest, tmp_path, level=0, engine=engine)
    theirs = published_months(text.encode(), name="x.csv", vintage="x")

    assert ours.digest() == theirs.digest()
    assert ours.vintage == f"told {manifest.sha256} 2026-11-20"
    assert ours.column("os_best")[ours.units.index("AFG")].tolist() == [13, 0]
    assert "DDR" not in ours.units


def test_a_unit_that_does_not_exist_yet_is_absent_and_not_zero(tmp_path, engine):
    manifest = kept(tmp_path, event("1", "2010-12-01", "SDN"), event("2", "2011-12-01", "SDN"))
    panel = country_months(manifest, tmp_path, level=0, engine=engine)
    south = panel.column("os_best")[panel.units.index("SSD")]

    assert np.isnan(south[0]) and south[-1] == 0


def test_a_month_that_is_not_over_is_left_out(tmp_path, engine):
    manifest = kept(tmp_path, event("1", "2020-01-30"), event("2", "2020-02-10"))

    assert len(country_months(manifest, tmp_path, level=0, engine=engine, through=date(2020, 2, 28)).times) == 1
    assert len(country_months(manifest, tmp_path, level=0, engine=engine, through=date(2020, 2, 29)).times) == 2


@pytest.mark.parametrize("wrong", [event("1", None), event("1", "2020-01-01", ""), event("1", "2020-01-01", best=None)])
def test_an_event_that_no_month_can_be_given_for_is_said(tmp_path, engine, wrong):
    with pytest.raises(Malformed, match="no month"):
        country_months(kept(tmp_path, wrong, event("2", "2020-01-01")), tmp_path, level=0, engine=engine)


def test_a_panel_of_what_one_may_not_see_is_unavailable(tmp_path, engine):
    manifest = kept(tmp_path, event("1", "2020-01-30"), level=1)

    with pytest.raises(Unavailable):
        country_months(manifest, tmp_path, level=0, engine=engine)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Spark on this machine alone. Skips where it or Java is missing, unless FORESTALL_TEST_REQUIRE names it."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        SparkSession = None
    if SparkSession is None or not shutil.which("java"):
        assert "spark" not in os.environ.get("FORESTALL_TEST_REQUIRE", ""), "pyspark and Java are required here"
        pytest.skip("needs Java (Debian: apt install openjdk-17-jre-headless) and pyspark (uv sync --group spark)")
    import ibis

    from forestall.cli.panelrivals import spark_session

    session = spark_session(megabytes=1024)
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.mark.spark
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_answers_to_the_same_questions(tmp_path, engine, spark):
    """One draw of many events over two sources with gaps, nulls, ties and letters of several scripts."""
    manifests = [kept(tmp_path, *_many("told")), kept(tmp_path, *_many("other"), source="other")]
    for ask in QUESTIONS:
        found = [
            answer(ask(facts(manifests, tmp_path, "events", level=0, engine=one)), engine=one) for one in (engine, spark)
        ]
        assert found[0].num_rows
        assert digest(found[0]) == digest(found[1]), ask
    empty = facts([], tmp_path, "events", level=0, engine=spark)
    assert rows(by_country_month(empty), engine=spark) == []


def _many(source: str) -> list[Event]:
    chance = random.Random(source)
    return [
        event(
            f"{number:04}", str(date(2025, 1, 1) + timedelta(days=int(chance.random() ** 2 * 500))) if number % 50 else None,
            chance.choice(["MLI", "NER", "TCD", ""]), kind=chance.choice("123"), source_id=source,
            best=chance.choice([None, 0, 1, 7]), deaths_low=chance.choice([None, 0]), deaths_high=chance.choice([None, 9]),
            admin1=chance.choice(["Gao", "Mopti", ""]), place=chance.choice(["", "Old Ford", "Éa", "Z", "القرية", "村"]),
            count=chance.choice([1, 1, 3]), latitude=chance.random(), published_at=AT,
            flags=(Quality.NOT_ADDITIVE,) if number % 20 == 0 else (),
        )
        for number in range(1_000)
    ]  # fmt: skip


QUESTIONS: list[Callable[..., Any]] = [
    by_country_month,
    partial(by_country_month, by=By.FAMILY, first=date(2025, 3, 1)),
    by_country_day,
    partial(by_country_day, first=date(2025, 6, 1), last=date(2025, 9, 1)),
    partial(top_places, most=3),
    partial(look_up, iso3="MLI", types=["attack-on-civilians"], first=date(2025, 2, 1), columns=(*LOOKED_AT, "published_at", "own")),
    partial(coverage_of, today=date(2026, 1, 1)),
]


def test_a_digest_is_of_the_rows_and_neither_of_their_order_nor_of_their_widths():
    one = pa.table({"a": pa.array([1, 2], pa.int32()), "b": [0.1 + 0.2, None], "c": ["x", None]})
    two = pa.table({"c": pa.array([None, "x"]).dictionary_encode(), "b": [None, 0.3], "a": pa.array([2, 1], pa.int64())})

    assert digest(one) == digest(two)
    assert digest(one) != digest(one.slice(1))
    assert digest(pa.table({"a": [None]}, schema=pa.schema([("a", pa.string())]))) != digest(pa.table({"a": [""]}))
