"""`forestall retention`: the schedule of times of keeping, how much is due, and the nightly act."""

from __future__ import annotations

import argparse
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    below.add_parser("show", help="print the schedule: every class, for how long, and what follows")
    below.add_parser("due", help="say how many things reached their time, by class")
    below.add_parser("run", help="do now what the worker does once a day")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"show": _show, "due": _due, "run": _run}[given.act]()


def _show() -> int:
    from forestall.access.session import bound_to, system_reader
    from forestall.retention import queries
    from forestall.retention.schedule import THEN_WORDS

    with bound_to(system_reader("keeper", reason="times of keeping")):
        for line in queries.schedule():
            days = f"{line.days} days{' (own)' if line.own else ''}, " if line.days else ""
            sys.stdout.write(f"{line.keeping.key:10} {line.keeping.name}: {days}{THEN_WORDS[line.keeping.then]}\n")
    return 0


def _due() -> int:
    """Says how many, never which: whoever runs the machine need not see what is in it."""
    from collections import Counter

    from forestall.access.session import bound_to, system_reader
    from forestall.retention.due import due

    with bound_to(system_reader("keeper", reason="times of keeping")):
        found = due()
    waiting = Counter(one.keeping.key for one in found.listed)
    held = Counter(one.keeping.key for one in found.listed if one.held)
    for key, count in sorted(waiting.items()):
        sys.stdout.write(f"{key:10} {count} due, {held[key]} of them under a hold\n")
    if found.more:
        sys.stdout.write(f"There is more: the {len(found.listed)} oldest are counted.\n")
    if not waiting:
        sys.stdout.write("Nothing is due.\n")
    return 0


def _run() -> int:
    from django.conf import settings

    from forestall.access.session import bound_to, system_reader
    from forestall.retention import nightly

    with bound_to(system_reader("keeper", reason="times of keeping")) as session:
        gone = nightly.keep_times(by=session, files=not settings.HOME.is_exercise)
    nightly.tell_officers()
    for one in gone:
        sys.stdout.write(f"{one.keeping.key:10} {one.table}: {one.count}\n")
    if not gone:
        sys.stdout.write("Nothing goes by itself today.\n")
    return 0


COMMAND = Command(
    "retention", say("show how long everything is kept, how much is due, and do what goes by itself"), arguments, run, "keeper", 63
)
