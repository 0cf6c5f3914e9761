"""`forestall package verify`: what an outsider does with an evidence package, done here. Needs no home."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from forestall import record
from forestall.base.words import say
from forestall.cli.command import Arguments, Command


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = below.add_parser("verify", help="say what in a package was changed")
    verify.add_argument("path", type=Path, help="the package, or the folder it was unpacked into")
    verify.add_argument("--witness", action="append", default=[], metavar="FILE", help="what a witness kept; may be given again")
    verify.add_argument("--key", default="", metavar="HEX", help="a key that you know to be the Office's")


def run(given: Arguments) -> int:
    """Run the file for outsiders, by itself, as they would: 0 when the package holds, 1 when not, 2 when it is none."""
    verifier = Path(record.__path__[0]) / "forestall-verify"
    asked = [part for one in given.witness for part in ("--witness", one)] + (["--key", given.key] if given.key else [])
    return subprocess.run([sys.executable, "-I", str(verifier), str(given.path), *asked], check=False).returncode  # noqa: S603 - our own file


COMMAND = Command("package", say("verify an evidence package as an outsider would"), arguments, run, "", 61)
