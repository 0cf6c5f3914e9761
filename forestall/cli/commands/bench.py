"""`forestall bench NAME`: measure instead of believing. The last line is one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
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
    record = below.add_parser("record", help="seconds and memory in which an outsider verifies a long log")
    record.add_argument("--entries", type=int, default=1_000_000, help="how long the log is")
    record.add_argument("--changes", type=int, default=3, help="how often one bit of it is flipped, and must be found")
    search = below.add_parser("search", help="milliseconds of a question of two words among many things")
    search.add_argument("--documents", type=int, default=100_000, help="how many things are made up (100000)")
    inbox = below.add_parser("inbox", help="seconds of the inbox and Today while very much waits, and the place of what is urgent")
    inbox.add_argument("--items", type=int, default=100_000, help="how many items wait (100000)")
    panel = below.add_parser("panel", help="questions to a large store of events, beside others who are asked the same")
    panel.add_argument("--rows", type=int, default=50_000_000, help="how many events are made up (50000000)")
    panel.add_argument("--data", default="", metavar="DIR", help="where they are kept and used again (default: removed)")
    collect = below.add_parser("collect", help="items a second from arrival to the inbox, and a bulk file beside its bare reader")
    collect.add_argument("--items", type=int, default=10_000, help="how many arrive (10000)")
    collect.add_argument("--rows", type=int, default=300_000, help="rows of the bulk file (300000)")
    restore = below.add_parser("restore", help="backups made and restored while somebody writes without end")
    restore.add_argument("--rounds", type=int, default=10, help="how often (default 10)")
    leaks = below.add_parser("leaks", help="what somebody learns of what they may not see, in two worlds that differ by it")
    leaks.add_argument("--trials", type=int, default=10_000, help="requests and traces compared (default 10000)")
    leaks.add_argument("--samples", type=int, default=500, help="how often each answer is timed (default 500; 0: not at all)")
    leaks.add_argument("--seed", type=int, default=None, help="the first seed, to see a failure again (default: any)")
    leaks.add_argument("--cores", type=int, default=2, help="processes, each with a home of its own (default 2)")
    leaks.add_argument("--database", default="", metavar="ADDRESS", help="a PostgreSQL server, by a superuser's address (default: SQLite)")
    faults = below.add_parser("faults", help="what is lost when processes are killed, the power is cut and system calls fail")
    faults.add_argument("--kills", type=int, default=500, help="processes killed at random (default 500)")
    faults.add_argument("--cuts", type=int, default=300, help="times the power fails, with what was not flushed gone (default 300)")
    faults.add_argument("--wants", type=int, default=100, help="times the disk is full for a while or the memory too little (default 100)")
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
    return 0 if all(goal["met"] is not False for goal in goals) else 1


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


def _record(given: Arguments) -> Results:
    """A bundle of a year, verified as an outsider would: the one file, alone, with the standard library."""
    from forestall.base.home import Kind, create
    from forestall.cli.command import set_up

    if given.entries < 1 or given.changes < 0:
        raise Refused(say("A log has one entry at least."))
    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        set_up(create(Path(folder) / "home", kind=Kind.EXERCISE))
        from forestall.cli import longlog

        path = Path(folder) / "bundle"
        longlog.write(path, entries=given.entries)
        seconds, verdict, peak = _verify_outside(path)
        found = 0
        for _ in range(given.changes):
            offset = longlog.change_one_byte(path, draw=secrets.randbelow)
            found += not _verify_outside(path)[1]["holds"]
            _flip(path, offset)
        size = path.stat().st_size
    results = {
        "entries": verdict["entries"], "holds": verdict["holds"], "seconds": round(seconds, 1),
        "peak_mb": round(peak, 1), "bundle_mb": round(size / 1e6, 1), "changes": given.changes, "changes_found": found,
    }  # fmt: skip
    return results, [
        _at_most("seconds", results["seconds"], 30),
        _at_most("peak_mb", results["peak_mb"], 200),
        _at_most("changes_missed", given.changes - found, 0),
        _at_most("false_alarms", 0 if verdict["holds"] else 1, 0),
    ]


def _flip(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        was = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([was ^ 1]))


def _verify_outside(path: Path) -> tuple[float, dict[str, Any], float]:
    """Seconds, verdict and peak memory (MB) of `forestall-verify` over a bundle, in a Python without any library."""
    from forestall.record.bundle import VERIFIER

    began = time.monotonic()
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - our own words
    assert process.stdout is not None
    told = process.stdout.read()
    process.stdout.close()
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - began, json.loads(told), used.ru_maxrss / 1024


def _search(given: Arguments) -> Results:
    from forestall.cli.searchbench import measure

    found = measure(documents=given.documents)
    return found, [_at_most("p95_newest", found["p95_newest"], 500), _at_most("p95_best", found["p95_best"], 500)]


def _inbox(given: Arguments) -> Results:
    from forestall.cli.inboxbench import measure

    found = measure(items=given.items)
    goals = [_at_most(name, found[name], 10) for name in ("inbox_seconds", "today_seconds")]
    return found, [*goals, _at_most("place of the urgent one", found["place"] or given.items, 1), _at_most("more_mb", found["more_mb"], 500)]


def _collect(given: Arguments) -> Results:
    from forestall.cli.collectbench import measure

    found = measure(items=given.items, rows=given.rows)
    fast = {"name": "items_per_second", "value": found["items_per_second"], "goal": 200, "met": found["items_per_second"] >= 200}
    return found, [fast, _at_most("gdelt_ratio_to_bare", found["gdelt_ratio_to_bare"], 1.5)]


def _panel(given: Arguments) -> Results:
    """Our questions to the store of facts, beside the same questions to DuckDB bare and to others."""
    from forestall.cli.panelbench import measure

    found = measure(rows=given.rows, data=given.data, tell=_tell)
    same = found["same_hash_on_spark"]  # None where Spark is not installed: neither met nor missed
    spark = {"name": "same_hash_on_spark", "value": same, "goal": True, "met": same}
    return found, [_at_most("ratio_to_bare", found["ratio_to_bare"], 1.15), _at_most("peak_mb", found["peak_mb"], 500), spark]


def _restore(given: Arguments) -> Results:
    from forestall.cli.restorebench import rounds

    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        found = rounds(Path(folder), times=given.rounds)
    results = {
        "rounds": len(found),
        "files": found[-1].restored,
        "backup_seconds": max(one.backup_seconds for one in found),
        "restore_seconds": max(one.restore_seconds for one in found),
    }
    return results, [_at_most("rounds that did not hold", sum(not one.holds for one in found), 0)]


def _faults(given: Arguments) -> Results:
    """Break copies of a prepared home, at random and at each system call, and look what is missing."""
    from forestall.cli.faults.run import break_homes

    with tempfile.TemporaryDirectory(prefix="forestall-faults-") as folder:
        results, told = break_homes(
            Path(folder), kills=given.kills, cuts=given.cuts, wants=given.wants, acts=given.acts, server=given.database, tell=_tell
        )
    for line in told:
        _tell(line)
    return results, [_at_most(kind, results[kind], 0) for kind in ("lost", "halved", "doubled")]


def _leaks(given: Arguments) -> Results:
    """Ask the same of two worlds that differ by one hidden thing; then plant leaks, and see each caught."""
    from forestall.cli.leaks.run import compare_worlds

    if given.trials < 1 or given.cores < 1 or given.samples < 0:
        raise Refused(say("There must be one trial and one process at least."))
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    _tell(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="forestall-leaks-") as folder:
        results, told = compare_worlds(
            Path(folder), trials=given.trials, seed=seed, samples=given.samples, server=given.database, cores=given.cores
        )
    for line in told:
        _tell(line)
    missed = results["planted"] - results["planted_caught"]
    return results, [
        *(_at_most(name, results[name], 0) for name in ("differences", "errors", "told_by_time")), _at_most("planted_missed", missed, 0),
    ]  # fmt: skip


BENCHES: dict[str, Callable[[Arguments], Results]] = {
    "demo": _demo, "forecast": _forecast, "record": _record, "search": _search, "faults": _faults, "leaks": _leaks,
    "restore": _restore, "inbox": _inbox, "panel": _panel, "collect": _collect,
}  # fmt: skip
COMMAND = Command("bench", say("measure speed, memory and skill"), arguments, run, "", 90)
