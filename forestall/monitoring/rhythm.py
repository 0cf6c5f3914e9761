"""How often one source speaks of one country in one language, and whether it has stopped. Plain values; no Django.

The rule, which is our own, in days (UTC):

- Looked at are the days of the last two years (`LOOKED_AT`) on which the source brought something; several things on one day
  are one. Of items that is the day they were received. Of facts it is the day they speak of, from which the source's usual
  `lag` is taken off: figures that always come a month late are not silent for that month.
- *Expected* is the gap that the desk declared for the source, where the country is the one it mostly reports on. Elsewhere it
  is the ninth decile of the gaps there were, never less than what is declared. News comes in bursts, within which the median
  gap is a day; the ninth decile is what one usually waits at most. Fewer than five gaps tell nothing.
- *Late* is a gap beyond what is expected; *silent* one beyond twice that and beyond a week more than that, whichever is
  longer. A steady stream whose gaps fall by chance passes twice its ninth decile once in a hundred gaps; the week keeps
  holidays and weekends of daily speakers quiet.
- Nothing is said of the ground while a source cannot be heard. What is known of its way in comes first: *unreachable*
  outweighs whatever was heard before; *not asked*, and that nothing at all arrives that way, take the place of silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from .states import CoverageState

LOOKED_AT = timedelta(days=730)
LEAST_GAPS = 5
USUALLY = 0.9
TWICE = 2
GRACE = 7
WEEKS = 52
OUTAGES = (CoverageState.UNREACHABLE, CoverageState.NOT_ASKED, CoverageState.WAY_STILL)
"""States that speak of our hearing and not of the ground."""


@dataclass(frozen=True)
class Rhythm:
    """When a source was heard, and what is expected of it. `last` None: never; `expected` None: too few gaps to tell."""

    last: date | None
    gaps: int
    expected: int | None
    declared: bool = False
    lag: int = 0

    @property
    def silent_after(self) -> int | None:
        """Days after `last` beyond which it is silent."""
        return None if self.expected is None else self.lag + max(TWICE * self.expected, self.expected + GRACE)

    def age(self, today: date) -> int | None:
        """Days since the last word; a day to come counts as today."""
        return None if self.last is None else max(0, (today - self.last).days)

    def silent_since(self) -> date | None:
        """The first day on which it was silent, unless it speaks before."""
        if self.last is None or self.silent_after is None:
            return None
        return self.last + timedelta(days=self.silent_after + 1)

    def state(self, today: date, *, outage: CoverageState | None = None) -> CoverageState:
        """How it stands on a day. `outage`: what is known of the way it reaches us, one of `OUTAGES`."""
        heard = self._heard(today)
        if outage is CoverageState.UNREACHABLE:
            return outage
        hidden = heard in (CoverageState.LATE, CoverageState.SILENT, CoverageState.NEVER)
        return outage if outage is not None and hidden else heard

    def _heard(self, today: date) -> CoverageState:
        age = self.age(today)
        if age is None:
            return CoverageState.NEVER
        if self.expected is None or self.silent_after is None:
            return CoverageState.FEW
        if age > self.silent_after:
            return CoverageState.SILENT
        return CoverageState.LATE if age > self.expected + self.lag else CoverageState.REPORTING


def rhythm_of(
    days: Iterable[date], *, declared: int | None = None, here: bool = True, lag: int = 0
) -> Rhythm:
    """The rhythm of the days (in any order, more than once each) on which a source was heard.

    `declared`: days that the desk expects between its words; `here`: of this country and language and no other.
    """
    heard = set(days)
    gaps = gaps_of(heard)
    return Rhythm(
        last=max(heard, default=None),
        gaps=len(gaps),
        expected=_expected(len(gaps), usually_at_most(gaps), declared=declared, here=here),
        declared=declared is not None and here,
        lag=lag,
    )


def counted_rhythm(last: date, *, gaps: int, usually: int, cadence: int, lag: int) -> Rhythm:
    """The rhythm of facts, of which the number of gaps and their ninth decile were counted. `cadence`: days at which the
    source is asked, and than which it cannot be expected more often.
    """
    return Rhythm(last, gaps, _expected(gaps, usually, declared=cadence, here=False), lag=lag)


def _expected(gaps: int, usually: int, *, declared: int | None, here: bool) -> int | None:
    if declared is not None and here:
        return declared
    return None if gaps < LEAST_GAPS else max(usually, declared or 1)


def gaps_of(days: Iterable[date]) -> list[int]:
    """Days from each day on which a source was heard to the next."""
    ordered = sorted(set(days))
    return [(later - earlier).days for earlier, later in pairwise(ordered)]


def by_week(days: Iterable[date], *, until: date) -> list[int]:
    """On how many days of each of the last `WEEKS` weeks it was heard; the week that ends with `until` comes last."""
    weeks = [0] * WEEKS
    for day in set(days):
        back = (until - day).days // 7
        if 0 <= back < WEEKS:
            weeks[WEEKS - 1 - back] += 1
    return weeks


def usually_at_most(numbers: Sequence[int]) -> int:
    """The ninth decile by nearest rank: nine in ten are no greater. Of nothing: nought."""
    ordered = sorted(numbers)
    return ordered[ceil(USUALLY * len(ordered)) - 1] if ordered else 0


def usual_lag(received: Iterable[tuple[date, date]], *, otherwise: int) -> int:
    """Days from the day spoken of to the day received, usually at most, of pairs (spoken of, received).

    What came on the first day anything did is left out: a history that is fetched at once is no lag. `otherwise`: what the
    catalogue allows the newest content to be old, where too little has come since.
    """
    pairs = list(received)
    first = min((came for _, came in pairs), default=None)
    lags = [max(0, (came - spoken).days) for spoken, came in pairs if came != first]
    return usually_at_most(lags) if len(lags) >= LEAST_GAPS else otherwise


def of_country(states: Collection[tuple[CoverageState, date | None]]) -> CoverageState:
    """How a country stands, from its sources' states with their last words: reporting while any of them is.

    Where none is, an outage outweighs silence: what cannot be heard is not known to be silent. Then the state of the one
    that spoke last counts.
    """
    if not states:
        return CoverageState.NOBODY
    found = {state for state, _ in states}
    for state in (CoverageState.REPORTING, CoverageState.LATE, *OUTAGES):
        if state in found:
            return state
    spoken = [(last, state) for state, last in states if last is not None]
    return max(spoken)[1] if spoken else CoverageState.NOBODY
