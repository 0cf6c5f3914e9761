"""`forestall people`: who there is, a new person, an invitation link."""

from __future__ import annotations

import argparse
import sys

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    below.add_parser("list", help="who there is, with roles")
    invite = below.add_parser("invite", help="a link with which somebody sets a password, once")
    invite.add_argument("username", help="sign-in name of somebody already added")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"list": _list, "invite": _invite}[given.act](given)


def _list(given: Arguments) -> int:
    from forestall.access import queries

    for person in queries.people():
        roles = ", ".join(grant.role for grant in person.grants.all())
        sys.stdout.write(f"{person.username}\t{person.name}\t{roles}\t{'' if person.is_active else 'ended'}\n")
    return 0


def _invite(given: Arguments) -> int:
    from forestall.access import actions
    from forestall.access.models import Person

    person = Person.objects.filter(username=given.username).first()
    if person is None:
        raise Refused(say("Nobody signs in as %(name)s. `./go people list` shows who there is.", name=given.username))
    token = actions.make_link(purpose="invitation", minutes=7 * 24 * 60, person=person)
    sys.stdout.write(f"/invited/{token}/\n")
    return 0


COMMAND = Command("people", say("who there is, and invitations"), arguments, run, "keeper", 40)
