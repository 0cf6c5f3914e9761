"""`forestall work`: the worker. Due days, silent sources, notices by mail without content, checkpoints."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home

PAUSE = 20  # seconds between looks at the clock


def arguments(parser: argparse.ArgumentParser) -> None:
    home_argument(parser)
    parser.add_argument("--once", action="store_true", help="do what is due now, then stop")


def run(given: Arguments) -> int:
    """Do what is due, again and again, until stopped or until the home is shut. A failing job is logged and does not stop the others.

    Asked to end (SIGTERM), it ends what it has begun and begins nothing more; the rest is due when a worker starts again.
    Of several workers one acts at a time.
    """
    home = open_chosen_home(given)
    asked_to_end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.set())
    try:
        while not home.is_locked and not asked_to_end.is_set():
            mine = _work(asked_to_end)
            if given.once:
                return _told(mine)
            asked_to_end.wait(PAUSE)
    except KeyboardInterrupt:
        pass
    return 0


def _work(asked_to_end: threading.Event) -> bool:
    """Do what is due, when it is this worker's turn. Returns whether it was."""
    from forestall.cli.schedule import due_jobs
    from forestall.cli.turns import turn

    with turn() as mine:
        for job in due_jobs() if mine else ():
            if not asked_to_end.is_set():
                job()
    return mine


def _told(mine: bool) -> int:
    if not mine:
        sys.stderr.write("Another worker is at work on this home. Nothing was done.\n")
    return 0 if mine else 1


COMMAND = Command("work", say("run the worker: schedules, due days, notices"), arguments, run, "worker", 31)
