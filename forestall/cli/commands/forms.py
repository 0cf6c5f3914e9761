"""`forestall forms xlsform`: write the form for monitors in the field, compiled and checked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command
from forestall.collecting.fieldreports.form import Choice, Signs
from forestall.frameworks.framework import Framework


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    write = below.add_parser("xlsform", help="write the form as XLSForm, for KoboToolbox and ODK Central")
    write.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="where to write it")
    write.add_argument(
        "--framework", metavar="ID", help="ask for the factors and indicators of this framework as well"
    )


def run(given: Arguments) -> int:
    """Write the form once it compiles. Nothing is written that does not."""
    from forestall.collecting.fieldreports import xlsform
    from forestall.frameworks.loading import load

    signs = signs_of(load(given.framework)) if given.framework else None
    content = xlsform.workbook(signs)
    remarks = xlsform.compiled(content).warnings
    try:
        given.out.write_bytes(content)
    except OSError as error:
        raise Refused(
            say("%(path)s cannot be written: %(why)s.", path=str(given.out), why=error.strerror or "")
        ) from error
    for remark in remarks:
        sys.stdout.write(f"The compiler remarks: {remark}\n")
    asked = f", with {len(signs.indicators)} indicators of {signs.id}" if signs else ""
    sys.stdout.write(f"Written and compiled{asked}: {given.out}\n")
    return 0


def signs_of(framework: Framework) -> Signs:
    """A framework as the form asks for it."""
    return Signs(
        id=framework.id,
        version=framework.version,
        factors=tuple(Choice(one.number, _numbered(one.number, one.title)) for one in framework.factors),
        indicators=tuple(
            Choice(one.number, _numbered(one.number, one.text), factor=one.factor)
            for one in framework.indicators
        ),
    )


def _numbered(number: str, text: Mapping[str, str]) -> dict[str, str]:
    return {language: f"{number} {words}" for language, words in text.items()}


COMMAND = Command("forms", say("write the form for monitors in the field"), arguments, run, "", 33)
