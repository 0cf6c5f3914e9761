"""Who is asked the panel bench's four questions: our own functions on DuckDB and on Spark, DuckDB bare, Polars, SQLite.

Each gives the same columns. What is written here for the rivals is what somebody would write who knew them well.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from forestall.facts.vocabulary import event_types
from forestall.panel.manifest import Manifest

from .madeupevents import last_year

Questions = Mapping[str, Callable[[], pa.Table]]
"""Each question by name, to be put."""
IN_THE_YEAR = dict(zip(("first", "last"), last_year(), strict=True))
LOOKED_UP: dict[str, Any] = {
    "iso3": "AFG", "types": ("attack-on-civilians", "battle", "threat"), "most": 100, **IN_THE_YEAR
}  # fmt: skip
MOST_PLACES = 10
SHOWN = (
    "source_id", "external_id", "day", "event_type", "iso3", "admin1", "place", "deaths_low", "deaths_best", "deaths_high",
    "actor1", "actor2", "latitude", "longitude", "url",
)  # fmt: skip


@contextmanager
def ours(root: Path, manifest: Manifest) -> Iterator[Questions]:
    """Our functions, on the engine that they have unless told otherwise."""
    from forestall.panel.factengine import asking

    with asking(root) as engine:
        yield _asked(engine, root, manifest)


@contextmanager
def spark(root: Path, manifest: Manifest) -> Iterator[Questions]:
    """Our functions, on Spark."""
    session = spark_session(megabytes=4096)
    import ibis

    yield _asked(ibis.pyspark.connect(session), root, manifest)
    session.stop()


def _asked(engine: Any, root: Path, manifest: Manifest) -> Questions:
    from forestall.panel import factquery as ask
    from forestall.panel.factengine import answer, facts

    def events() -> Any:
        return facts([manifest], root, "events", level=0, engine=engine)

    def put(question: Callable[..., Any], **given: Any) -> Callable[[], pa.Table]:
        return lambda: answer(question(events(), **given), engine=engine)

    return {
        "months": put(ask.by_country_month, by=ask.By.FAMILY),
        "days": put(ask.by_country_day),
        "places": put(ask.top_places, most=MOST_PLACES, **IN_THE_YEAR),
        "rows": put(ask.look_up, columns=SHOWN, **LOOKED_UP),
    }


def spark_session(*, megabytes: int, threads: int = 2) -> Any:
    """A session of Spark on this machine alone, that listens to nobody else."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": f"{megabytes}m",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("forestall")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@contextmanager
def bare(root: Path, manifest: Manifest) -> Iterator[Questions]:
    """DuckDB as it comes, asked in SQL of the same files."""
    import duckdb

    files = [str(one.path_of(root)) for one in manifest.of("events")]
    types = list(event_types().values())
    given: dict[str, dict[str, Any]] = {
        "months": {"types": [one.id for one in types], "families": [one.family for one in types]},
        "days": {},
        "places": {"most": MOST_PLACES, **IN_THE_YEAR},
        "rows": {**LOOKED_UP, "types": list(LOOKED_UP["types"])},
    }
    with duckdb.connect() as connection:

        def put(name: str) -> Callable[[], pa.Table]:
            return lambda: connection.execute(SQL[name], {"files": files, **given[name]}).to_arrow_table()

        yield {name: put(name) for name in SQL}


SQL = {
    "months": """
        WITH family AS (SELECT unnest($types) AS event_type, unnest($families) AS family),
        counted AS (
            SELECT source_id, iso3, date_trunc('month', day)::DATE AS month, event_type, sum(count) AS events,
                count(deaths_best) AS told, sum(coalesce(deaths_low, deaths_best)) AS low, sum(deaths_best) AS best,
                sum(coalesce(deaths_high, deaths_best)) AS high
            FROM read_parquet($files) WHERE NOT list_contains(flags, 'not-additive')
            GROUP BY ALL
        )
        SELECT source_id, iso3, month, family, sum(events)::BIGINT AS events, sum(told)::BIGINT AS told, sum(low)::BIGINT AS low,
            sum(best)::BIGINT AS best, sum(high)::BIGINT AS high
        FROM counted JOIN family USING (event_type) GROUP BY ALL ORDER BY source_id, iso3, month, family
    """,
    "days": """
        WITH days AS (
            SELECT source_id, iso3, day, sum(count)::BIGINT AS events FROM read_parquet($files)
            WHERE day IS NOT NULL AND NOT list_contains(flags, 'not-additive') GROUP BY ALL
        ), spans AS (SELECT source_id, iso3, min(day) AS first, max(day) AS last FROM days GROUP BY ALL),
        every AS (
            SELECT source_id, iso3, unnest(generate_series(first, last, INTERVAL 1 DAY))::DATE AS day FROM spans
        ), filled AS (
            SELECT source_id, iso3, day, coalesce(events, 0) AS events FROM every LEFT JOIN days USING (source_id, iso3, day)
        )
        SELECT *, sum(events) OVER (PARTITION BY source_id, iso3 ORDER BY day ROWS 27 PRECEDING)::BIGINT AS last_28,
            sum(events) OVER (PARTITION BY source_id, iso3 ORDER BY day ROWS 89 PRECEDING)::BIGINT AS last_90
        FROM filled ORDER BY source_id, iso3, day
    """,
    "places": """
        WITH counted AS (
            SELECT source_id, iso3, admin1, place, sum(count)::BIGINT AS events, sum(deaths_best)::BIGINT AS best
            FROM read_parquet($files)
            WHERE day BETWEEN $first AND $last AND place <> '' AND place_precision <> 'country'
                AND NOT list_contains(flags, 'not-additive')
            GROUP BY ALL
        )
        SELECT *, row_number() OVER (PARTITION BY source_id, iso3 ORDER BY events DESC, admin1, place) AS rank
        FROM counted QUALIFY rank <= $most ORDER BY source_id, iso3, rank
    """,
    "rows": """
        SELECT source_id, external_id, day, event_type, iso3, admin1, place, deaths_low, deaths_best, deaths_high, actor1, actor2,
            latitude, longitude, url
        FROM read_parquet($files)
        WHERE iso3 = $iso3 AND day BETWEEN $first AND $last AND list_contains($types, event_type)
        ORDER BY day DESC, source_id, external_id LIMIT $most
    """,
}


@contextmanager
def polars(root: Path, manifest: Manifest) -> Iterator[Questions]:
    """Polars on the same files, streaming."""
    import polars as pl

    text = ["source_id", "iso3", "event_type", "admin1", "place", "place_precision", "actor1", "actor2"]
    files = [one.path_of(root) for one in manifest.of("events")]
    events = pl.scan_parquet(files).with_columns(pl.col(text).cast(pl.String))
    additive = events.filter(~pl.col("flags").list.contains("not-additive"))
    year = pl.col("day").is_between(IN_THE_YEAR["first"], IN_THE_YEAR["last"])
    asked = {
        "months": _polars_months(pl, additive),
        "days": _polars_days(pl, additive),
        "places": _polars_places(pl, additive.filter(year)),
        "rows": events.filter(
            year, pl.col("iso3") == LOOKED_UP["iso3"], pl.col("event_type").is_in(LOOKED_UP["types"])
        ).select(SHOWN).sort(["day", "source_id", "external_id"], descending=[True, False, False]).head(LOOKED_UP["most"]),
    }  # fmt: skip

    def put(question: Any) -> Callable[[], pa.Table]:
        return lambda: question.collect(engine="streaming").to_arrow()

    yield {name: put(question) for name, question in asked.items()}


def _polars_months(pl: Any, events: Any) -> Any:
    families = {one.id: one.family for one in event_types().values()}
    best, names = pl.col("deaths_best"), ("events", "told", "low", "best", "high")
    counted = events.group_by("source_id", "iso3", pl.col("day").dt.truncate("1mo").alias("month"), "event_type").agg(
        events=pl.col("count").cast(pl.Int64).sum(),
        told=best.count().cast(pl.Int64),
        low=pl.coalesce("deaths_low", best).cast(pl.Int64).sum(),
        best=best.cast(pl.Int64).sum(),
        high=pl.coalesce("deaths_high", best).cast(pl.Int64).sum(),
    )
    keys = ["source_id", "iso3", "month", "family"]
    added = counted.with_columns(family=pl.col("event_type").replace(families)).group_by(keys).agg(pl.col(names).sum())
    silent = [pl.when(pl.col("told") > 0).then(pl.col(name)).alias(name) for name in names[2:]]
    return added.with_columns(silent).sort(keys)


def _polars_days(pl: Any, events: Any) -> Any:
    keys = ["source_id", "iso3", "day"]
    days = events.filter(pl.col("day").is_not_null()).group_by(keys).agg(events=pl.col("count").cast(pl.Int64).sum())
    spans = days.group_by(keys[:2]).agg(first=pl.col("day").min(), last=pl.col("day").max())
    every = spans.select(*keys[:2], day=pl.date_ranges("first", "last")).explode("day")
    filled = every.join(days, on=keys, how="left").with_columns(pl.col("events").fill_null(0)).sort(keys)
    trailing = [
        pl.col("events").rolling_sum(size, min_samples=1).over(keys[:2]).alias(f"last_{size}") for size in (28, 90)
    ]
    return filled.with_columns(trailing)


def _polars_places(pl: Any, events: Any) -> Any:
    keys = ["source_id", "iso3", "admin1", "place"]
    best = pl.col("deaths_best")
    placed = events.filter(pl.col("place") != "", pl.col("place_precision") != "country")
    counted = placed.group_by(keys).agg(
        events=pl.col("count").cast(pl.Int64).sum(),
        best=pl.when(best.count() > 0).then(best.cast(pl.Int64).sum()),
    )
    order = [*keys[:2], "events", "admin1", "place"]
    ordered = counted.sort(order, descending=[False, False, True, False, False])
    ranked = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over(keys[:2]))
    return ranked.filter(pl.col("rank") <= MOST_PLACES)


@contextmanager
def sqlite(root: Path, manifest: Manifest) -> Iterator[Questions]:
    """SQLite, into which the rows are brought first, with an index by country and day. Only its questions are timed."""
    path = root / "rival.sqlite3"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    try:
        _brought(database, root, manifest)
        yield {name: partial(_from_sqlite, database, name) for name in SQLITE}
    finally:
        database.close()
        path.unlink()


BROUGHT = (*SHOWN, "count", "place_precision")
TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE family (event_type PRIMARY KEY, family);
    CREATE TABLE events (source_id, external_id, day, event_type, iso3, admin1, place, deaths_low, deaths_best, deaths_high,
        actor1, actor2, latitude, longitude, url, count, place_precision, additive);
"""
INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _brought(database: sqlite3.Connection, root: Path, manifest: Manifest) -> None:
    database.executescript(TABLES)
    database.executemany("INSERT INTO family VALUES (?, ?)", [(one.id, one.family) for one in event_types().values()])
    for one in manifest.of("events"):
        for batch in pq.ParquetFile(one.path_of(root)).iter_batches(columns=[*BROUGHT, "flags"]):
            days = batch.column("day").cast(pa.string())
            columns = [days if name == "day" else batch.column(name) for name in BROUGHT]
            additive = ["not-additive" not in flags for flags in batch.column("flags").to_pylist()]
            database.executemany(INSERT, zip(*(column.to_pylist() for column in columns), additive, strict=True))
    database.executescript("CREATE INDEX by_country ON events (iso3, day); ANALYZE")


def _from_sqlite(database: sqlite3.Connection, name: str) -> pa.Table:
    given = {"iso3": LOOKED_UP["iso3"], "most": LOOKED_UP["most"], "places": MOST_PLACES}
    given |= dict(zip(("one", "two", "three"), LOOKED_UP["types"], strict=True))
    given |= {name: day.isoformat() for name, day in IN_THE_YEAR.items()}
    found = database.execute(SQLITE[name], given)
    names = [column[0] for column in found.description]
    table = pa.table(dict(zip(names, map(list, zip(*found, strict=True)), strict=True)))
    day = "month" if "month" in names else "day"
    if day not in names:
        return table
    return table.set_column(names.index(day), day, table.column(day).cast(pa.date32()))


SQLITE = {
    "months": """
        SELECT source_id, iso3, substr(day, 1, 7) || '-01' AS month, family, sum(count) AS events, count(deaths_best) AS told,
            sum(coalesce(deaths_low, deaths_best)) AS low, sum(deaths_best) AS best, sum(coalesce(deaths_high, deaths_best)) AS high
        FROM events JOIN family USING (event_type) WHERE additive GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    """,
    "days": """
        WITH RECURSIVE days AS MATERIALIZED (
            SELECT source_id, iso3, day, sum(count) AS events FROM events WHERE additive AND day IS NOT NULL GROUP BY 1, 2, 3
        ), every AS (
            SELECT source_id, iso3, min(day) AS day, max(day) AS last FROM days GROUP BY 1, 2
            UNION ALL SELECT source_id, iso3, date(day, '+1 day'), last FROM every WHERE day < last
        )
        SELECT source_id, iso3, day, coalesce(events, 0) AS events,
            sum(coalesce(events, 0)) OVER (PARTITION BY source_id, iso3 ORDER BY day ROWS 27 PRECEDING) AS last_28,
            sum(coalesce(events, 0)) OVER (PARTITION BY source_id, iso3 ORDER BY day ROWS 89 PRECEDING) AS last_90
        FROM every LEFT JOIN days USING (source_id, iso3, day) ORDER BY 1, 2, 3
    """,
    "places": """
        WITH counted AS (
            SELECT source_id, iso3, admin1, place, sum(count) AS events, sum(deaths_best) AS best FROM events
            WHERE additive AND day BETWEEN :first AND :last AND place <> '' AND place_precision <> 'country' GROUP BY 1, 2, 3, 4
        ), ranked AS (
            SELECT *, row_number() OVER (PARTITION BY source_id, iso3 ORDER BY events DESC, admin1, place) AS rank FROM counted
        )
        SELECT * FROM ranked WHERE rank <= :places ORDER BY source_id, iso3, rank
    """,
    "rows": """
        SELECT source_id, external_id, day, event_type, iso3, admin1, place, deaths_low, deaths_best, deaths_high, actor1, actor2,
            latitude, longitude, url
        FROM events WHERE iso3 = :iso3 AND day BETWEEN :first AND :last AND event_type IN (:one, :two, :three)
        ORDER BY day DESC, source_id, external_id LIMIT :most
    """,
}
