"""`forestall lockdown`: shut everything at once, and open it again with the cards of two."""

from __future__ import annotations

import argparse
import getpass
import sys

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, chosen_home, home_argument, open_chosen_home, set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    prepare = below.add_parser("prepare", help="name who can open the home again, two together, and print each one's card")
    prepare.add_argument("holders", nargs="+", metavar="NAME", help="sign-in names, from two to seven")
    prepare.add_argument("--as", dest="person", required=True, metavar="NAME", help="who prepares: whoever keeps the accounts")
    below.add_parser("now", help="shut everything: nobody is signed in, the keys are sealed, the server stops")
    below.add_parser("open", help="put the keys back with two cards")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    return {"prepare": _prepare, "now": _now, "open": _open}[given.act](given)


def _prepare(given: Arguments) -> int:
    """Print the cards, each once. They are kept nowhere: whoever loses one asks for a new preparation."""
    open_chosen_home(given)
    from forestall.access import queries
    from forestall.cli.person import session_with_password
    from forestall.keeping import shutting

    known = {one.username: one for one in queries.people()}
    for name in given.holders:
        if name not in known:
            raise Refused(say("Nobody signs in as %(name)s. `./go people list` shows who there is.", name=name))
    cards = shutting.prepare([known[name] for name in given.holders], by=session_with_password(given.person))
    for name in given.holders:
        sys.stdout.write(f"{known[name].name}\n    {cards[str(known[name].id)]}\n\n")
    sys.stdout.write("Give each their own and keep no copy. Any two open the home after a lock-down; earlier cards open nothing.\n")
    return 0


def _now(given: Arguments) -> int:
    """Shut as whoever keeps the machine: no password is asked, for there may be no time."""
    home = chosen_home(given)
    if home.is_locked:
        from forestall.keeping import lockdown

        lockdown.shut(home)
    else:
        set_up(home)
        from forestall.access.session import bound_to, system_reader
        from forestall.keeping import shutting

        with bound_to(system_reader("keeper", reason="lock-down")) as session:
            shutting.shut(by=session)
    sys.stdout.write("Shut. Nobody is signed in, and no key is left on this machine. Two cards open it again: ./go lockdown open\n")
    return 0


def _open(given: Arguments) -> int:
    """Ask for two cards without showing them; the keys are back before anything else starts."""
    from forestall.keeping import lockdown

    home = chosen_home(given)
    if not home.is_locked:
        raise Refused(say("This home is not shut."))
    whose = lockdown.open_again(home, [_card("First card: "), _card("Second card: ")])
    set_up(home)
    from forestall.access.session import bound_to, system_reader
    from forestall.keeping import shutting

    with bound_to(system_reader("keeper", reason="lock-down")) as session:
        shutting.opened_again(whose, by=session)
    sys.stdout.write("Open again. Everybody signs in anew; invitations and links must be made anew. Start it with ./go serve\n")
    return 0


def _card(prompt: str) -> str:
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()


COMMAND = Command("lockdown", say("shut everything at once; open it again with the cards of two"), arguments, run, "keeper", 66)
