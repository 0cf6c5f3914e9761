"""A store of made-up events for measuring: deterministic, in the store's own files, of marginals as large event data has them.

A few countries, types, places and actors have most events; most rows tell no deaths, and where they do, few; some rows are
counted in others. Nothing in it happened.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from forestall.base.canonical import sha256
from forestall.facts import DatePrecision, PlacePrecision, Quality, Side
from forestall.facts.arrow import EVENTS
from forestall.facts.vocabulary import event_types
from forestall.panel.factstore import Load, merge
from forestall.panel.manifest import Manifest, read_manifest, write_manifest
from forestall.places import countries

SOURCE = "made-up"
FIRST_YEAR, YEARS = 2015, 10
MONTHS = YEARS * 12
PLACES, PROVINCES, ACTORS = 150, 12, 400
TOLD = "synthetic.json"
"""Says in the folder that what lies there is made up, of how many rows, and under which manifest."""


def furnished(root: Path, *, events: int, tell: Callable[[str], None], months: int = MONTHS) -> Manifest:
    """The manifest of so many made-up events of the last `months` below `root`: those that are there already, or new ones."""
    note = root / TOLD
    if note.is_file():
        told = json.loads(note.read_text(encoding="utf-8"))
        if told["rows"] == events:
            return read_manifest(root, told["manifest"])
    manifest = Manifest(SOURCE, 0)
    edges = np.linspace(0, events, months + 1).astype(int)
    for month, (start, stop) in enumerate(pairwise(edges), start=MONTHS - months):
        if stop > start:
            manifest = _with_month(root, manifest, month, int(start), int(stop))
        if month % 12 == 11:
            tell(f"{stop:,} of {events:,} made-up events written")
    told = {"synthetic": True, "rows": events, "manifest": write_manifest(root, manifest)}
    note.write_text(json.dumps(told), encoding="utf-8")
    return manifest


def _with_month(root: Path, manifest: Manifest, month: int, start: int, stop: int) -> Manifest:
    first = date(FIRST_YEAR + month // 12, month % 12 + 1, 1)
    at = datetime(first.year, first.month, 28, tzinfo=UTC)
    table = _table(np.random.default_rng([1, month]), first, start, stop - start)
    return merge(root, manifest, Load(SOURCE, 0, {"events": table}, sha256(f"made up {month}"), at, by_arrival=True))[0]


def _table(chance: Any, first: date, start: int, size: int) -> pa.Table:
    """A month of events. Their identifiers are numbers that go on from month to month."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    days = np.datetime64(first) + chance.integers(0, (following - first).days, size)
    made = {
        **_keys(np.arange(start, start + size)),
        **_when(days),
        **_where(chance, size),
        **_what(chance, size),
        **_deaths(chance, size),
        "flags": _flags(chance, size),
    }
    return pa.Table.from_arrays([made[field.name] for field in EVENTS], schema=EVENTS)


def _keys(numbers: Any) -> dict[str, pa.Array]:
    size = len(numbers)
    names = pa.array(np.char.zfill(numbers.astype("U12"), 12))
    joined = {
        "own": pa.compute.binary_join_element_wise('{"made-up":true,"id":"', names, '"}', ""),
        "content": pa.repeat("", len(names)),
        "url": pa.compute.binary_join_element_wise("https://events.example/", names, ""),
    }
    plain = {name: _code(np.zeros(size), [value]) for name, value in (("source_id", SOURCE), ("licence", "made up"))}
    empty = {name: pa.repeat(pa.scalar(""), size) for name in ("rank", "title", "text")}
    return {"external_id": names, "row": pa.array(numbers + 1), **joined, **plain, **empty}


def _when(days: Any) -> dict[str, pa.Array]:
    day = pa.array(days.astype("datetime64[D]"))
    moment = pa.array(days.astype("datetime64[us]") + np.timedelta64(6, "h")).cast(pa.timestamp("us", tz="UTC"))
    precision = _code(np.zeros(len(days)), [DatePrecision.DAY.value])
    return {"day": day, "started": day, "ended": day, "published_at": moment, "date_precision": precision}


def _where(chance: Any, size: int) -> dict[str, pa.Array]:
    codes = [one.iso3 for one in countries()]
    country, place = _frequent(chance, size, len(codes)), _frequent(chance, size, PLACES)
    precision = chance.choice(3, size, p=[0.6, 0.2, 0.2])
    words = [PlacePrecision.POINT.value, PlacePrecision.ADMIN1.value, PlacePrecision.COUNTRY.value]
    empty = _code(np.zeros(size), [""])
    return {
        "iso3": _code(country, codes),
        "country": _code(country, [f"Country {code}" for code in codes]),
        "admin1": _code(place % PROVINCES, [f"Province {number}" for number in range(PROVINCES)]),
        "admin2": empty,
        "place": _code(place, [f"Place {number}" for number in range(PLACES)]),
        "latitude": pa.array(np.round((country * 37 + place) % 120 - 60 + chance.random(size), 4)),
        "longitude": pa.array(np.round((country * 91 + place) % 360 - 180 + chance.random(size), 4)),
        "place_precision": _code(precision, words),
        "source_precision": _code(precision, ["1", "4", "6"]),
    }


def _what(chance: Any, size: int) -> dict[str, pa.Array]:
    types, actors = list(event_types()), [f"Actor {number}" for number in range(ACTORS)]
    kind = _frequent(chance, size, len(types))
    sides = [_code(np.zeros(size), [side.value]) for side in (Side.PARTY, Side.NONE)]
    return {
        "event_type": _code(kind, types),
        "source_type": _code(kind, [f"{number:03}" for number in range(len(types))]),
        "actor1": _code(_frequent(chance, size, ACTORS), actors),
        "actor2": _code(_frequent(chance, size, ACTORS), actors),
        "actor1_side": sides[0],
        "actor2_side": sides[1],
        "people": pa.nulls(size, pa.int64()),
        "count": pa.array(np.where(chance.random(size) < 0.02, 3, 1).astype(np.int32)),
        "reports": pa.array(chance.geometric(0.3, size).astype(np.int32)),
    }


def _deaths(chance: Any, size: int) -> dict[str, pa.Array]:
    """One row in five tells deaths, half of those none; the rest have a long tail."""
    best = np.where(chance.random(size) < 0.5, 0, np.minimum(chance.pareto(1.3, size) + 1, 5_000)).astype(np.int32)
    silent = chance.random(size) >= 0.2
    one_figure = silent | (chance.random(size) < 0.3)
    return {
        "deaths_best": pa.array(best, mask=silent),
        "deaths_low": pa.array(best // 2, mask=one_figure),
        "deaths_high": pa.array(best * 2, mask=one_figure),
        "deaths_civilians": pa.nulls(size, pa.int32()),
    }


def _flags(chance: Any, size: int) -> pa.Array:
    """One row in fifty has a remark, every fourth of these that it is counted in others."""
    remarked = chance.random(size) < 0.02
    offsets = np.concatenate([[0], np.cumsum(remarked)]).astype(np.int32)
    words = np.array([Quality.NOT_ADDITIVE.value, *[Quality.COUNTRY_MIDDLE.value] * 3])
    return pa.ListArray.from_arrays(offsets, pa.array(words[chance.integers(0, 4, int(offsets[-1]))], pa.string()))


def _frequent(chance: Any, size: int, many: int) -> Any:
    """Numbers below `many`, as frequent as words by rank."""
    return np.minimum((many + 1) ** chance.random(size) - 1, many - 1).astype(np.int32)


def _code(numbers: Any, words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(words))


def last_year() -> tuple[date, date]:
    """The first and the last day of the last year that is made up."""
    end = date(FIRST_YEAR + YEARS, 1, 1)
    return date(end.year - 1, 1, 1), end - timedelta(days=1)
