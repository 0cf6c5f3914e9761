"""`forestall database`: bring the tables of a home to a server."""

from __future__ import annotations

import argparse
import sys

from forestall.base.errors import Unavailable
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, migrate, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    move = below.add_parser("move", help="bring the tables from the home's file to the empty database on a server that home.toml names")
    home_argument(move)


def run(given: Arguments) -> int:
    """Bring them, lay the second net, verify the whole history there, and only then put the file aside."""
    home = open_chosen_home(given)
    from forestall.access.session import bound_to, system_reader
    from forestall.keeping import pouring
    from forestall.record.verification import verify

    rows = pouring.move_to_server(home)
    migrate(copy=False)
    with bound_to(system_reader("keeper", reason="the tables were moved")):
        found = verify()
    if not found.holds:
        for fault in found.faults:
            sys.stderr.write(f"Does not hold: {fault}\n")
        raise Unavailable(say("What came does not verify. The file stands as it was: take database out of home.toml, and look."))
    aside = pouring.put_aside(home)
    sys.stdout.write(f"{rows} rows are on the server, and {found.entries} entries verified there.\n")
    sys.stdout.write(f"The file from before is kept at {aside}. Remove it when you are sure: nothing that is removed from now on leaves it.\n")
    return 0


COMMAND = Command("database", say("bring the tables of a home to a server"), arguments, run, "keeper", 64)
