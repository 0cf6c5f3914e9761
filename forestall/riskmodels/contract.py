"""What every risk model gives: chances with intervals, drivers that add up, and a card that says what it is for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import Words, say
from forestall.panel import Outcome, Panel
from forestall.panel.table import FloatArray


@dataclass(frozen=True)
class Driver:
    """One plain reason for a chance, against the median State of the same year.

    `log_odds` is what it adds (below zero: takes away). An association in past figures, never a cause. `factors` are
    the risk factors of the United Nations Framework of Analysis (2014) that it speaks to, by number; often none.
    """

    key: str
    name: Words
    log_odds: float
    factors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Forecast:
    """The chance of the outcome for one unit in the step after the origin, with its 90 % interval (low to high).

    `reference` (log-odds of the median State) and the drivers' `log_odds` add up to the log-odds of the chance.
    """

    unit: str
    probability: float
    low: float
    high: float
    reference: float
    drivers: tuple[Driver, ...]

    @property
    def log_odds(self) -> float:
        """The chance as log-odds, natural logarithm."""
        return math.log(self.probability / (1 - self.probability))


class Fitted(Protocol):
    """A risk model that has learned from a panel up to its origin."""

    def probabilities(self, panel: Panel) -> FloatArray:
        """(units,) for `panel.upto(origin).units`: the chance, NaN where the unit does not exist at the origin."""

    def forecast(self, panel: Panel) -> list[Forecast]:
        """Chance, interval and drivers for every unit that exists at the origin, in the panel's order."""


class RiskModel(Protocol):
    """A statistical risk model."""

    def fit(self, panel: Panel, *, origin: int, outcome: Outcome) -> Fitted:
        """Learn from `panel.upto(origin)` and from nothing later: deleting the future changes no bit."""


@dataclass(frozen=True)
class Card:
    """What a risk model is, for whom, and what it must not be used for (`riskmodel.toml`).

    `anchor` marks a simple rule that the others must beat. `seen_to` is the last origin on which choices were made;
    `looks` counts the times its skill on later origins had been looked at when the card was written. Its texts are
    message ids, found in the definition by `forestall.cli.marked`.
    """

    id: str
    title: Words
    summary: Words
    outcome: Words
    population: Words
    horizon: Words
    features: tuple[Words, ...]
    baseline: Words
    owner: Words
    intended: tuple[Words, ...]
    forbidden: tuple[Words, ...]
    weaknesses: tuple[Words, ...]
    anchor: bool
    seen_to: int
    looks: int


def read_card(path: Path) -> Card:
    """The card at `path`. Raises `Malformed` when a key is missing, unknown or of the wrong kind."""
    found = read_definition(path)
    expected = {field.name: field.type for field in fields(Card)}
    where = f"{path.parent.name}/{path.name}"
    refuse_unknown(found, known=expected, where=where)
    for key, kind in expected.items():
        if not _is_of(kind, found.get(key)):
            raise Malformed(say("%(where)s: %(key)s is missing or of the wrong kind.", where=where, key=key))
    values: dict[str, Any] = {key: _as(str(expected[key]), value) for key, value in found.items()}
    return Card(**values)


def _as(kind: str, value: Any) -> Any:
    if kind == "Words":
        return Words(value)
    return tuple(Words(text) for text in value) if isinstance(value, list) else value


def _is_of(kind: Any, value: object) -> bool:
    known: Mapping[str, bool] = {
        "str": isinstance(value, str) and bool(value),
        "Words": isinstance(value, str) and bool(value),
        "bool": isinstance(value, bool),
        "int": isinstance(value, int) and not isinstance(value, bool),
        "tuple[Words, ...]": isinstance(value, list) and all(isinstance(item, str) for item in value),
    }
    return known[str(kind)]
