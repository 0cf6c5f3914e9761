"""`forestall files`: how the home's files lie, sealed or in clear; seal what may not lie in clear."""

from __future__ import annotations

import argparse
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    below.add_parser("state", help="how many files are sealed, and whether their keys are here")
    below.add_parser("seal", help="seal what lies in clear and may not, and finish what a crash left; serve does it too")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"state": _state, "seal": _seal}[given.act]()


def _state() -> int:
    """Exit code 1 when something lies in clear that may not."""
    from django.conf import settings

    from forestall.record import keyring
    from forestall.record.resealing import standing

    found = standing()
    out = sys.stdout.write
    out(f"{found.sealed} sealed, {found.clear} in clear as their label allows, {found.unsealed} in clear against it.\n")
    if found.undestroyed:
        out(f"{found.undestroyed} keys of removed content are still there: run `forestall files seal`.\n")
    if found.ownerless:
        out(f"{found.ownerless} sealed files belong to nothing in the database: a crash or an older database left them.\n")
    here = "here" if keyring.available() else "NOT here; the home is sealed"
    out(f"The keys are in {settings.HOME.file_keys}: {here}.\n")
    return 1 if found.unsealed or found.undestroyed else 0


def _seal() -> int:
    from django.conf import settings

    from forestall.base.home import make_master_key
    from forestall.record.resealing import seal_all

    make_master_key(settings.HOME)
    done = seal_all(by="system:keeper")
    out = sys.stdout.write
    out(f"{done.sealed} sealed; {done.dropped} left in clear and {done.destroyed} keys left by a crash were removed.\n")
    for one in done.failed:
        out(f"Evidence {one} could not be sealed: its bytes are gone or changed. `forestall record verify` tells more.\n")
    return 1 if done.failed else 0


COMMAND = Command("files", say("how files and their keys lie, and seal what lies in clear"), arguments, run, "keeper", 61)
