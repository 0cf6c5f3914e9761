"""`forestall work`: the worker. Due days, silent sources, notices by mail without content, checkpoints."""

from __future__ import annotations

import argparse
import signal
import time

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home

PAUSE = 20  # seconds between looks at the clock


def arguments(parser: argparse.ArgumentParser) -> None:
    home_argument(parser)
    parser.add_argument("--once", action="store_true", help="do what is due now, then stop")


def run(given: Arguments) -> int:
    """Do what is due, again and again, until stopped or until the home is shut. A failing job is logged and does not stop the others."""
    home = open_chosen_home(given)
    from forestall.cli.schedule import due_jobs

    signal.signal(signal.SIGTERM, _stop)
    try:
        while not home.is_locked:
            for job in due_jobs():
                job()
            if given.once:
                return 0
            time.sleep(PAUSE)
        return 0
    except KeyboardInterrupt:
        return 0


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


COMMAND = Command("work", say("run the worker: schedules, due days, notices"), arguments, run, "worker", 31)
