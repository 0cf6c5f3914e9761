"""`forestall demo`: an exercise home, played from its first item to a transmitted note, and opened."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from forestall.base import clock
from forestall.base.canonical import sha256
from forestall.base.errors import Refused
from forestall.base.home import Home, Kind, chosen_path, create
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, migrate, set_up
from forestall.cli.measuring import Measure
from forestall.cli.progress import Progress

EXERCISE = "karvania"
TOP = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help="where to make the exercise home")
    parser.add_argument("--inbox", type=Path, metavar="DIR", help="collect a folder of your own files instead")
    parser.add_argument("--now", type=date.fromisoformat, metavar="DATE", help="the day it is (YYYY-MM-DD)")
    parser.add_argument("--no-serve", action="store_true", help="stop when it is done")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (default 8000)")


def run(given: Arguments) -> int:
    """Make or open the exercise home, do what is not yet done, report, and serve."""
    inbox = _inbox(given)
    home = set_up(create(_home(given, inbox), kind=Kind.EXERCISE))
    with Measure() as measure:
        report = _report(given, inbox)
    report |= {"seconds": round(measure.seconds, 1), "peak_mb": round(measure.peak_mb)}
    _say(report, home)
    if given.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if given.no_serve:
        return 0
    from forestall.cli.commands.serve import serve

    return serve(home, host="127.0.0.1", port=given.port)


def _inbox(given: Arguments) -> Path | None:
    if given.inbox is None:
        return None
    folder: Path = given.inbox.expanduser().resolve()
    if not folder.is_dir():
        raise Refused(say("There is no folder %(folder)s to collect from.", folder=str(folder)))
    return folder


def _home(given: Arguments, inbox: Path | None) -> Path:
    """The home asked for; else one beside the user's own, and another for each folder collected."""
    if given.home is not None:
        return Path(given.home).expanduser().resolve()
    name = "exercise" if inbox is None else f"exercise-{sha256(str(inbox))[:8]}"
    return chosen_path().parent / name


def _report(given: Arguments, inbox: Path | None) -> dict[str, Any]:
    from forestall.cli import reporting
    from forestall.exercises import load

    progress = Progress()
    progress.say("Preparing the home")
    migrate()
    exercise = load(EXERCISE)
    day = given.now or (exercise.today if inbox is None else clock.today())
    with clock.fixed(datetime.combine(day, time(18), tzinfo=UTC)):
        if inbox is not None:
            played = reporting.collect(inbox, exercise, progress=progress)
        else:
            played = reporting.play_or_find(exercise, progress=progress)
            reporting.watch_silences()
        progress.say("Forecasting every State")
        run = reporting.forecast()
        progress.say("Verifying the record")
        return reporting.report(played, run, top=TOP)


def _say(report: dict[str, Any], home: Home) -> None:
    out = sys.stderr.write
    out(f"\n{report['items']} items, {report['quarantined']} files in quarantine, {report['copies']} copies recognised, ")
    out(f"{report['observations']} observations confirmed.\n")
    out(f"{report['states_ranked']} units ranked; ")
    out(f"hold-out AUC {report['skill']['auc']:.3f}, where quiet {report['skill']['onset_auc']:.3f}.\n")
    if report["note"]:
        out(f"The note is {report['note']['state']}: {report['note']['pdf']}\n")
    out(f"The record: {report['log']['entries']} entries, {'verified' if report['log']['verified'] else 'DOES NOT HOLD'}.\n")
    out(f"{report['seconds']} s, {report['peak_mb']} MB at the most. EXERCISE home: {home.path}\n")


COMMAND = Command("demo", say("play an exercise from its inbox to a transmitted note, and open it"), arguments, run, "exercise", 10)
