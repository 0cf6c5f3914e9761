"""`forestall package`: evidence packages at a terminal: list requests, write one package, verify one as an outsider would."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from forestall.base.errors import Malformed, Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = below.add_parser("list", help="list the requests for evidence that a person may see")
    listing.add_argument("--as", dest="person", required=True, help="sign-in name of who asks")
    write = below.add_parser("write", help="write an assembled package; the custody of each file in it notes the export")
    write.add_argument("id", type=UUID, help="public id of the request: it stands in the address of its page")
    write.add_argument("file", type=Path, help="where to; it must not exist yet")
    write.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    verify = below.add_parser("verify", help="say what in a package was changed; needs no home")
    verify.add_argument("path", type=Path, help="the package, or the folder it was unpacked into")
    verify.add_argument("--witness", action="append", default=[], metavar="FILE", help="what a witness kept; may be given again")
    for each in (listing, write):
        home_argument(each)


def run(given: Arguments) -> int:
    return ACTS[given.act](given)


def _list(given: Arguments) -> int:
    open_chosen_home(given)
    from forestall.access.session import bound_to
    from forestall.cli.person import session_with_password
    from forestall.monitoring.packages import requests
    from forestall.monitoring.states import PACKAGE

    with bound_to(session_with_password(given.person)):
        for one in requests():
            sys.stdout.write(f"{one.id}  {one.reference}  {one.received_on}  {PACKAGE.words[one.state]}  {one.requester}\n")
    return 0


def _write(given: Arguments) -> int:
    """The password is asked for here; what it does not open is taken in the workspace, with a security key."""
    open_chosen_home(given)
    from forestall.access.session import bound_to
    from forestall.cli.person import session_with_password
    from forestall.monitoring import packages
    from forestall.monitoring.actions.packing import take

    session = session_with_password(given.person)
    with bound_to(session), ExitStack() as undone:
        one = packages.request(given.id)
        if one is None:
            raise Refused(say("There is nothing here with this id."))
        try:
            file = open(os.open(given.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: PTH123, SIM115
        except OSError as error:
            raise Malformed(say("%(path)s cannot be written: %(why)s", path=str(given.file), why=error.strerror)) from error
        undone.callback(given.file.unlink, missing_ok=True)
        with file:
            file.write(take(one, by=session).content)
        undone.pop_all()
    sys.stdout.write(f"Written: {given.file}. Anybody verifies it: python3 forestall-verify {given.file.name}\n")
    return 0


def _verify(given: Arguments) -> int:
    """Run the file for outsiders, by itself, as they would."""
    from forestall import record

    verifier = Path(record.__path__[0]) / "forestall-verify"
    witnesses = [part for one in given.witness for part in ("--witness", one)]
    done = subprocess.run([sys.executable, "-I", str(verifier), str(given.path), *witnesses], check=False)  # noqa: S603 - our own file
    return done.returncode


ACTS: dict[str, Callable[[Arguments], int]] = {"list": _list, "write": _write, "verify": _verify}
COMMAND = Command("package", say("list, write and verify evidence packages"), arguments, run, "person", 61)
