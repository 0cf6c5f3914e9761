"""`forestall vault`: verify the source vault, change its key, make the key of a new one."""

from __future__ import annotations

import argparse
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = below.add_parser("verify", help="prove that every entry can be read and agrees with the record")
    verify.add_argument("--mend", action="store_true", help="finish what an act that was broken off left over")
    below.add_parser("rotate-key", help="seal every entry anew under a new key; the old key is destroyed")
    below.add_parser("make-key", help="make the key of a vault that never had one")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"verify": _verify, "rotate-key": _rotate, "make-key": _make}[given.act](given)


def _verify(given: Arguments) -> int:
    """Tells public ids and counts, never who somebody is."""
    from forestall.access.session import bound_to, system_reader
    from forestall.vault import verification

    with bound_to(system_reader("keeper", reason="verify the vault")):
        mended = verification.mend() if given.mend else 0
        found = verification.verify()
    for fault in (*found.faults, *found.left_over):
        sys.stdout.write(f"{fault}\n")
    if found.left_over:
        sys.stdout.write("What was broken off is finished by: forestall vault verify --mend\n")
    verdict = "holds" if found.holds else "DOES NOT HOLD"
    sys.stdout.write(f"{found.entries} entries{f', {mended} finished' if mended else ''}; the vault {verdict}.\n")
    return 0 if found.holds else 1


def _rotate(given: Arguments) -> int:
    from forestall.vault.identities import rotate

    sys.stdout.write(f"{rotate()} entries are sealed under a new key. Replace every copy that is kept of the key.\n")
    return 0


def _make(given: Arguments) -> int:
    from forestall.base.errors import Refused
    from forestall.vault import keys
    from forestall.vault.identities import is_empty

    if not is_empty():
        raise Refused(say("The vault holds entries. Put back its own key: another could not read them."))
    sys.stdout.write(f"{keys.make()}\nKeep one copy of this file apart from every copy of the home.\n")
    return 0


COMMAND = Command("vault", say("verify the source vault, or change its key"), arguments, run, "keeper", 61)
