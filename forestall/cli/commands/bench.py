"""`forestall bench NAME`: measure instead of believing. The last line is one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command

ACT_NAMES = ("collect", "grade", "clear", "append", "sign", "expunge", "migrate")
Results = tuple[dict[str, Any], list[dict[str, Any]]]


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="bench", required=True, metavar="NAME")
    below.add_parser("demo", help="seconds and memory from an installed tree to a transmitted note")
    forecast = below.add_parser("forecast", help="skill of the risk models beside every anchor, in one run")
    forecast.add_argument("--track", default="osv-annual", choices=("osv-annual",))
    forecast.add_argument("--draws", type=int, default=200, help="bootstrap draws for the paired differences")
    faults = below.add_parser("faults", help="what is lost when processes are killed and system calls fail")
    faults.add_argument("--kills", type=int, default=500, help="processes killed at random (default 500)")
    faults.add_argument("--acts", nargs="*", choices=ACT_NAMES, default=ACT_NAMES, help="acts whose system calls fail in turn (default: all)")
    faults.add_argument("--database", default="", metavar="ADDRESS", help="a PostgreSQL server, by a superuser's address (default: SQLite)")


def run(given: Arguments) -> int:
    """Run one bench and print its object."""
    began = time.monotonic()
    results, goals = BENCHES[given.bench](given)
    told = {
        "bench": given.bench,
        "at": now().isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "seconds": round(time.monotonic() - began, 1),
        "results": results,
        "goals": goals,
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0 if all(goal["met"] for goal in goals) else 1


def _demo(given: Arguments) -> Results:
    """A whole demonstration in a fresh home and a process of its own."""
    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        command = [sys.executable, "-m", "forestall.cli.main", "demo", "--home", f"{folder}/home", "--no-serve", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise Refused(say("The demonstration did not finish: %(why)s", why=done.stderr.strip()[-400:]))
    report = json.loads(done.stdout.splitlines()[-1])
    results = {name: report[name] for name in ("seconds", "peak_mb", "items", "observations", "states_ranked", "log")}
    return results, [
        _at_most("seconds", report["seconds"], 60),
        _at_most("peak_mb", report["peak_mb"], 1000),
    ]


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _at_most(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": value, "goal": goal, "met": value <= goal}


def _forecast(given: Arguments) -> Results:
    from forestall.backtest.track import osv_annual
    from forestall.panel import shipped_years
    from forestall.riskmodels import cards, models

    candidate = "osv-logistic"
    found = osv_annual(
        shipped_years(), models=models(), candidate=candidate, looks=cards()[candidate].looks, draws=given.draws
    )
    return found["results"], found["goals"]


def _faults(given: Arguments) -> Results:
    """Break copies of a prepared home, at random and at each system call, and look what is missing."""
    from forestall.cli.faults.run import break_homes

    with tempfile.TemporaryDirectory(prefix="forestall-faults-") as folder:
        results, told = break_homes(
            Path(folder), kills=given.kills, acts=given.acts, server=given.database, tell=_tell
        )
    for line in told:
        _tell(line)
    return results, [_at_most(kind, results[kind], 0) for kind in ("lost", "halved", "doubled")]


BENCHES: dict[str, Callable[[Arguments], Results]] = {"demo": _demo, "forecast": _forecast, "faults": _faults}
COMMAND = Command("bench", say("measure speed, memory and skill"), arguments, run, "", 90)
