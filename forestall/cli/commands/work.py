"""`forestall work`: the worker. Due days, silent sources, notices by mail without content, checkpoints."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home

if TYPE_CHECKING:
    from forestall.base.home import Home
    from forestall.cli.askers import Askers

PAUSE = 20  # seconds between looks at the clock


def arguments(parser: argparse.ArgumentParser) -> None:
    home_argument(parser)
    parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
    parser.add_argument("--asking", action="store_true", help="ask sources, and do nothing else: the worker starts these itself")


def run(given: Arguments) -> int:
    """Do what is due, again and again, until stopped or until the home is shut. A failing job is logged and does not stop the others.

    Asked to end (SIGTERM), it ends what it has begun and begins nothing more; the rest is due when a worker starts again.
    Of several workers one acts at a time; sources are asked beside it, by processes of each worker's own.
    """
    home = open_chosen_home(given)
    if given.asking:
        return _ask()
    asked_to_end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.set())
    if given.once:
        return _once(asked_to_end)
    with suppress(KeyboardInterrupt), _askers(home) as askers:
        while not home.is_locked and not asked_to_end.is_set():
            _work(asked_to_end)
            askers.keep()
            asked_to_end.wait(PAUSE)
    return 0


def _ask() -> int:
    from forestall.cli.askers import serve

    serve()
    return 0


def _askers(home: Home) -> Askers:
    """Those who ask, at the real home; an exercise asks nobody."""
    from django.conf import settings

    from forestall.cli.askers import Askers

    return Askers(0 if home.is_exercise else settings.ASKED_AT_ONCE)


def _once(asked_to_end: threading.Event) -> int:
    """What is due now, and the asking that it put among the tasks."""
    from forestall.cli.askers import serve

    mine = _work(asked_to_end)
    if mine:
        serve(until_none=True)
    return _told(mine)


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
