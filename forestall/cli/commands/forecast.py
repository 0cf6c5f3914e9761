"""`forestall forecast`: run the ranking on the figures at hand; refresh the figures from UCDP's published files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    rank = below.add_parser("run", help="the chance for every State in the coming year")
    rank.add_argument("--riskmodel", default="osv-logistic")
    refresh = below.add_parser("refresh", help="build the figures anew from UCDP's published files")
    refresh.add_argument("--from-folder", type=Path, metavar="DIR", help="a folder that holds the files")
    refresh.add_argument("--live", action="store_true", help="fetch them from UCDP (calls an outside host)")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"run": _run, "refresh": _refresh}[given.act](given)


def _run(given: Arguments) -> int:
    from forestall.access.session import bound_to, system_reader
    from forestall.forecasting import actions, figures, queries

    with bound_to(system_reader("forecaster", reason="asked on the command line")) as forecaster:
        made = actions.run(figures.years(), riskmodel=given.riskmodel, by=forecaster, attribution=figures.attribution())
        count = len(queries.forecasts(made))
    sys.stdout.write(f"{count} units ranked for {made.target} from figures to {made.origin}.\n")
    return 0


def _refresh(given: Arguments) -> int:
    from forestall.forecasting import figures

    if given.from_folder is None and not given.live:
        raise Refused(say("Say where the files are: --from-folder DIR, or --live to fetch them from UCDP."))
    written = figures.refresh(folder=given.from_folder)
    sys.stdout.write(f"{written}\n")
    return 0


COMMAND = Command("forecast", say("rank the world for the coming year; refresh the figures"), arguments, run, "forecaster", 42)
