"""A whole run: a home of its own for each core, trials of reading, traces of acting, every planted leak, and the clock."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from forestall.cli.faults.place import Place, made

TRIALS_OF_A_WORLD = 40
TRACE_EVERY = 5
"""One trace of actions for so many worlds that are read."""
TOLD_EVERY = 10
"""Worlds after which a process says how far it is."""
PATIENCE = 60
"""Worlds in which a planted leak must have shown."""


@dataclass(frozen=True)
class Share:
    """What one process does: the worlds from `first` on, `step` apart, until `trials` are reached; these planted leaks."""

    place: Place
    first: int
    step: int
    trials: int
    planted: tuple[str, ...]


def compare_worlds(
    folder: Path, *, trials: int, seed: int, samples: int, server: str = "", cores: int = 0
) -> tuple[dict[str, Any], list[str]]:
    """Compare worlds in homes below `folder`. Returns the figures, and a line for each thing that was wrong.

    `samples`: how often each question is timed, once all else is still.
    """
    logging.disable(logging.CRITICAL)
    processes = cores or max(1, min(2, os.cpu_count() or 1))
    prepared = made(folder, server=server)
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as alone:
        people = alone.apply(_prepare, (prepared,))
    from .planted import PLANTED

    shares = [
        Share(prepared.copied(f"worlds-{n}"), seed + n, processes, trials // processes + (n < trials % processes), tuple(PLANTED)[n::processes])
        for n in range(processes)
    ]
    with context.Pool(processes) as pool:
        results = pool.starmap(_share, [(share, people) for share in shares])
    with context.Pool(1) as alone:
        timed = alone.apply(_timed, (shares[0].place, people, samples)) if samples else {}
    for place in (*(share.place for share in shares), prepared):
        place.gone()
    figures: dict[str, Any] = {"trials": 0, "differences": 0, "errors": 0, "traces": 0, "planted_caught": 0}
    for told, _ in results:
        for name, value in told.items():
            figures[name] += value
    figures |= {"planted": len(PLANTED), "seed": seed, "timing": {name: asdict(one) for name, one in timed.items()}}
    figures["told_by_time"] = sum(not one.alike for one in timed.values())
    return figures, [line for _, lines in results for line in lines]


def _prepare(place: Place) -> dict[str, str]:
    """The tables and the people of the home. Returns names to ids."""
    from forestall.cli.command import migrate

    from .world import staff

    place.enter()
    migrate()
    return {name: str(person.pk) for name, person in staff().items()}


def _entered(place: Place, ids: dict[str, str]) -> dict[str, Any]:
    """The people of a home, which is entered."""
    place.enter()
    from forestall.access.models import Person

    return {name: Person.objects.get(pk=pk) for name, pk in ids.items()}


def _timed(place: Place, ids: dict[str, str], samples: int) -> dict[str, Any]:
    people = _entered(place, ids)
    from .timing import time_pairs

    return time_pairs(people, samples=samples)


def _share(share: Share, ids: dict[str, str]) -> tuple[dict[str, int], list[str]]:
    people = _entered(share.place, ids)
    from .comparing import Tally

    tally, traces = Tally(), 0
    seed = share.first
    while tally.trials < share.trials:
        traces += compare_one(people, seed=seed, tally=tally, trials=min(TRIALS_OF_A_WORLD, share.trials - tally.trials))
        seed += share.step
        if (seed - share.first) // share.step % TOLD_EVERY == 0:
            sys.stderr.write(f"{tally.trials} of {share.trials} compared, {tally.differences} differences\n")
    caught, missed = catch(people, share.planted)
    told = {"trials": tally.trials, "differences": tally.differences, "errors": tally.errors, "traces": traces, "planted_caught": caught}
    return told, [*tally.told, *missed]


def compare_one(people: dict[str, Any], *, seed: int, tally: Any, trials: int = TRIALS_OF_A_WORLD) -> int:
    """Read the world of a seed twice, and now and then act in it twice. Returns how many traces that were."""
    from .comparing import read_twice
    from .trace import act_twice

    tally.add(read_twice(people, seed=seed, trials=trials))
    if seed % TRACE_EVERY:
        return 0
    tally.add(act_twice(people, seed=seed))
    return 1


def catch(people: dict[str, Any], names: tuple[str, ...], *, patience: int = PATIENCE) -> tuple[int, list[str]]:
    """How many of the planted leaks named show, and a line for each that does not."""
    missed = [f"planted leak not caught: {name}" for name in names if not worlds_until(people, name, patience=patience)]
    return len(names) - len(missed), missed


def worlds_until(people: dict[str, Any], name: str, *, patience: int = PATIENCE) -> int:
    """Worlds compared until a planted leak shows; 0 when it does not."""
    from .comparing import read_twice
    from .planted import PLANTED
    from .trace import act_twice

    for seed in range(patience):
        with PLANTED[name]():
            if read_twice(people, seed=seed, trials=TRIALS_OF_A_WORLD).differences or act_twice(people, seed=seed).differences:
                return seed + 1
    return 0
