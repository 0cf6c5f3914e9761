"""What the regression looks at: the recorded past of each State, at each year, from nothing later than that year.

The list is short on purpose. Windows that overlap (five and ten years, years since 25 and since any, ten years of
armed conflict) fought one another and took senseless signs, such as past conflict lowering a chance; left out, the
forecasts to 2012 are no worse and every sign is one a reader expects. The level of the whole world is not a feature:
the intercept follows it, slowly.
"""

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
        key="killing-before",
        name=say("Civilians killed in one-sided violence in the years before"),
        factors=(2,),
        features=("os_5", "any_5", "history"),
    ),
    Factor(
        key="time-since",
        name=say("Years since civilians were last killed in one-sided violence"),
        factors=(2,),
        features=("since_1",),
    ),
    Factor(
        key="state-conflict",
        name=say("Deaths in armed conflict with a State, last year"),
        factors=(1,),
        features=("sb_1",),
    ),
    Factor(
        key="non-state-conflict",
        name=say("Deaths in conflict between armed groups, last year"),
        factors=(1,),
        features=("ns_1",),
    ),
    Factor(key="short-record", name=say("Length of the record"), factors=(), features=("short_record",)),
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
        "any_5": window_sum((killed >= 1).astype(np.float64), years=5) / 5,
        "history": _history(events, record=record.astype(np.float64)),
        "since_1": np.log1p(years_since(killed >= 1)),
        "sb_1": np.log1p(window_sum(conflict, years=1)),
        "ns_1": np.log1p(window_sum(groups, years=1)),
        "short_record": (record < SHORT_RECORD).astype(np.float64),
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
