"""Time as an answer: how long one waits must not tell what is hidden from what never was, nor who has an account.

Each pair of questions is asked in turn, so that whatever else the machine does falls on both. Told are the chance that
one time drawn from the first is longer than one drawn from the second (0.5 when they are alike, turned so that it is
never less), how far their medians lie apart in milliseconds, and how probable so much would be by chance alone
(Mann–Whitney, two-sided).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any

from django.urls import reverse
from scipy.stats import mannwhitneyu

from forestall.access.session import bound_to
from forestall.labels.label import Label, Level
from forestall.search import matching

from . import world as worlds
from .comparing import replaced, still
from .hiding import HIDING, WORD
from .observing import Observer
from .trace import NEVER

LONGER = 0.55
APART_MS = 2.0
"""What may be told apart at the most."""
BY_CHANCE = 0.001
"""Less probable than this, it is not chance."""
HIDDEN = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC"}))
FIRST = 5
"""Answers that are not counted: the first fill what the process keeps."""
Ask = Callable[[], object]


@dataclass(frozen=True)
class Timed:
    """What came of a pair: see the module."""

    longer: float
    apart_ms: float
    by_chance: float

    @property
    def alike(self) -> bool:
        """Whether somebody with a clock would learn nothing."""
        return self.by_chance >= BY_CHANCE or (self.longer <= LONGER and self.apart_ms <= APART_MS)


def time_pairs(people: dict[str, Any], *, samples: int) -> dict[str, Timed]:
    """Every pair, with as many samples of each of its two questions."""
    with prepared(people) as pairs:
        return {name: timed(*pair, samples=samples) for name, pair in pairs.items()}


def timed(one: Ask, other: Ask, *, samples: int) -> Timed:
    """Ask both in turn, each against a world that it leaves as it was."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(FIRST + samples):
        for which in (0, 1) if number % 2 else (1, 0):
            took = _seconds((one, other)[which])
            if number >= FIRST:
                seconds[which].append(took)
    found = mannwhitneyu(*seconds)
    above, apart = float(found.statistic) / samples**2, median(seconds[0]) - median(seconds[1])
    return Timed(round(max(above, 1 - above), 3), round(abs(apart) * 1000, 2), round(float(found.pvalue), 4))


def _seconds(ask: Ask) -> float:
    with worlds.set_apart():
        began = time.perf_counter()
        ask()
        return time.perf_counter() - began


@contextmanager
def prepared(people: dict[str, Any]) -> Iterator[dict[str, tuple[Ask, Ask]]]:
    """The pairs of questions, in a world where something is hidden, and where somebody has a password."""
    step = matching.STEP
    with still("timing"), replaced(matching, "STEP", step), worlds.set_apart():
        world = worlds.furnish(people, seed=0)
        with bound_to(worlds.keeper()):
            item = HIDING["V04 an item"].act(world, HIDDEN, [])[0]
        known = people["bob"]
        known.set_password(f"{WORD} {WORD}")
        known.save()
        drawn = count()
        alice, nobody = Observer(people["alice"]).client, Observer(None).client

        def looks(pk: object) -> Ask:
            return lambda: alice.get(f"/items/{pk}/")

        def searches(word: str) -> Ask:
            return lambda: alice.get("/search/", {"q": word})

        def signs_in(name: Callable[[], str]) -> Ask:
            return lambda: nobody.post(reverse("account_login"), {"login": name(), "password": "not the password"})

        yield {
            "an item that is hidden, and one that never was": (looks(item.pk), looks(NEVER)),
            "a search that only hidden things answer, and one that nothing does": (searches(WORD), searches("quixotry")),
            "a wrong password for somebody, and for nobody": (
                signs_in(lambda: str(known.username)), signs_in(lambda: f"nobody{next(drawn)}"),
            ),
        }  # fmt: skip
