"""`forestall init`: a real home, empty, with its first administrator."""

from __future__ import annotations

import argparse
import sys

from forestall.base.home import Kind, chosen_path, create
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, migrate, set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    home_argument(parser)
    parser.add_argument("--name", required=True, help="the first administrator's name, as it reads on a note")
    parser.add_argument("--username", required=True, help="the name to sign in with")


def run(given: Arguments) -> int:
    """Make the home, its tables, and an invitation for the first administrator."""
    home = set_up(create((given.home or chosen_path()).expanduser().resolve(), kind=Kind.REAL))
    migrate()
    from forestall.access import actions
    from forestall.access.session import bound_to, system_reader

    with bound_to(system_reader("keeper", reason="a new home")) as keeper:
        person = actions.add_person(username=given.username, name=given.name, clearance=3, by=keeper)
        actions.give_role(person, role="administrator", by=keeper)
        token = actions.make_link(purpose="invitation", minutes=7 * 24 * 60, person=person)
    out = sys.stdout.write
    out(f"A real home is ready at {home.path}. It stays a real home.\n\n")
    out(f"Start it:   ./go serve --home {home.path}\n")
    out(f"Then open:  http://localhost:8000/invited/{token}/\n")
    out("This invitation works once, within seven days. The administrator chooses a password there,\n")
    out("then adds people, gives roles and desks. Nobody sees more by being an administrator.\n")
    return 0


COMMAND = Command("init", say("make a real home for an office, with its first administrator"), arguments, run, "keeper", 20)
