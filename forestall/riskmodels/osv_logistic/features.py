"""What the regression looks at: the recorded past of each State, at each year, from nothing later than that year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forestall.base.words import Words, say
from forestall.panel import Outcome, Panel
from forestall.panel.table import FloatArray

LONGEST = 20
"""Years since an event are counted up to here; more, or never, is the same."""
SHORT_RECORD = 5
"""A record of fewer years than this is a short one."""
HISTORY_WEIGHT = 5.0
"""Years of the average rate that a State's own history is mixed with."""


@dataclass(frozen=True)
class Factor:
    """A plain factor that gathers features, with the risk factors of the 2014 framework it speaks to."""

    key: str
    name: Words
    factors: tuple[int, ...]
    features: tuple[str, ...]


FACTORS = (
    Factor(
        key="killing-last-year",
        name=say("Civilians killed in one-sided violence in the last year counted"),
        factors=(2,),
        features=("os_1", "os_high"),
    ),
    Factor(
        key="killing-ten-years",
        name=say("Civilians killed in one-sided violence over five and ten years"),
        factors=(2,),
        features=("os_5", "os_10", "any_5", "history"),
    ),
    Factor(
        key="time-since",
        name=say("Years since civilians were last killed in one-sided violence"),
        factors=(2,),
        features=("since_25", "since_1"),
    ),
    Factor(
        key="state-conflict",
        name=say("Deaths in armed conflict with a State, last year and over ten years"),
        factors=(1,),
        features=("sb_1", "sb_10"),
    ),
    Factor(
        key="non-state-conflict",
        name=say("Deaths in conflict between armed groups, last year"),
        factors=(1,),
        features=("ns_1",),
    ),
    Factor(key="short-record", name=say("Length of the record"), factors=(), features=("short_record",)),
    Factor(key="world", name=say("Level of the whole world in that year"), factors=(), features=("world",)),
)
FEATURES = tuple(feature for factor in FACTORS for feature in factor.features)


def features(panel: Panel, *, outcome: Outcome) -> FloatArray:
    """(units, times, `FEATURES`): counts as log(1 + deaths), years as log(1 + years), shares from 0 to 1."""
    killed, high = panel.column("os_best"), panel.column("os_high")
    conflict, groups = panel.column("sb_best"), panel.column("ns_best")
    events = outcome.events(panel)
    record = np.cumsum(panel.exists(), axis=1)
    found: Mapping[str, FloatArray] = {
        "os_1": np.log1p(window_sum(killed, years=1)),
        "os_high": np.log1p(window_sum(high, years=1)),
        "os_5": np.log1p(window_sum(killed, years=5)),
        "os_10": np.log1p(window_sum(killed, years=10)),
        "any_5": window_sum((killed >= 1).astype(np.float64), years=5) / 5,
        "history": _history(events, record=record.astype(np.float64)),
        "since_25": np.log1p(years_since(events == 1)),
        "since_1": np.log1p(years_since(killed >= 1)),
        "sb_1": np.log1p(window_sum(conflict, years=1)),
        "sb_10": np.log1p(window_sum(conflict, years=10)),
        "ns_1": np.log1p(window_sum(groups, years=1)),
        "short_record": (record < SHORT_RECORD).astype(np.float64),
        "world": _world(events),
    }
    return np.stack([found[name] for name in FEATURES], axis=2)


def window_sum(values: FloatArray, *, years: int) -> FloatArray:
    """(units, times): the sum over the last `years` columns, this one included; absent years add nothing."""
    running = np.cumsum(np.nan_to_num(values), axis=1)
    earlier = np.zeros_like(running)
    earlier[:, years:] = running[:, :-years]
    return running - earlier


def years_since(happened: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FloatArray:
    """(units, times): years since it last happened, 0 in the year itself, never more than `LONGEST`."""
    index = np.arange(happened.shape[1])
    latest = np.maximum.accumulate(np.where(happened, index, -LONGEST - 1), axis=1)
    return np.minimum(index - latest, LONGEST).astype(np.float64)


def _history(events: FloatArray, *, record: FloatArray) -> FloatArray:
    """The share of recorded years with an event, mixed with years of the average rate known at that time."""
    so_far = np.cumsum(np.nan_to_num(events), axis=1)
    rate = so_far.sum(axis=0) / np.maximum(record.sum(axis=0), 1)
    return np.asarray((so_far + HISTORY_WEIGHT * rate) / (record + HISTORY_WEIGHT), dtype=np.float64)


def _world(events: FloatArray) -> FloatArray:
    """The share of all States with an event in that year, as log(1 + per cent): one value for all units."""
    states = np.maximum((~np.isnan(events)).sum(axis=0), 1)
    share = 100 * np.nansum(events, axis=0) / states
    return np.broadcast_to(np.log1p(share), events.shape).astype(np.float64)
