"""`forestall frameworks`: list, show, compare and validate them; hold their wording against the official text."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from forestall.base.clock import today
from forestall.base.errors import Malformed, Refused
from forestall.base.home import chosen_path, exists
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument
from forestall.cli.layout import laid_out
from forestall.frameworks import (
    acceptance,
    difference,
    loading,
    officialtext,
    presentation,
    validation,
    wordingcheck,
)
from forestall.frameworks.framework import Framework


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    below.add_parser("list", help="the frameworks that can be chosen")
    show = below.add_parser("show", help="one framework, whole or some factors")
    show.add_argument("id")
    show.add_argument("factors", nargs="*", help="numbers of factors; all when none is named")
    differ = below.add_parser("diff", help="what changed between two editions, or how two frameworks correspond")
    differ.add_argument("old", help="id, or id@version")
    differ.add_argument("new", help="id, or id@version")
    validate = below.add_parser("validate", help="whether a framework holds to the contract")
    validate.add_argument("id")
    check = below.add_parser("check", help="hold a framework against your own copy of the official text")
    check.add_argument("id")
    check.add_argument("--text", type=Path, required=True, metavar="FILE.pdf", help="your copy of the official text")
    check.add_argument("--accept", nargs="+", metavar="NUMBER", help="accept our wording of these indicators")
    check.add_argument("--by", help="the name of the person who accepts")
    home_argument(check)
    for each in below.choices.values():
        each.add_argument("--language", default="en", choices=("en", "fr", "ar"), help="language of the wording")


def run(given: Arguments) -> int:
    return {"list": _list, "show": _show, "diff": _diff, "validate": _validate, "check": _check}[given.act](given)


def _named(name: str) -> Framework:
    found, _, version = name.partition("@")
    return loading.load(found, version or None)


def _list(given: Arguments) -> int:
    _print(presentation.show_list([loading.load(one) for one in loading.entries()], language=given.language))
    return 0


def _show(given: Arguments) -> int:
    _print(presentation.show_framework(_named(given.id), factors=given.factors, language=given.language))
    return 0


def _diff(given: Arguments) -> int:
    old, new = _named(given.old), _named(given.new)
    if old.id == new.id:
        _print(presentation.show_difference(difference.compare(old, new)))
    else:
        corresponding = difference.crosswalk(old, new)
        _print(presentation.show_crosswalk(corresponding, old=old, new=new, language=given.language))
    return 0


def _validate(given: Arguments) -> int:
    framework = _named(given.id)
    target = loading.load(framework.crosswalk_to) if framework.crosswalk_to else None
    findings = validation.validate(framework, crosswalk_target=target)
    _print(presentation.show_validation(framework, findings=findings))
    return 1 if findings else 0


def _check(given: Arguments) -> int:
    try:
        content = given.text.read_bytes()
    except OSError as error:
        raise Malformed(say("%(file)s cannot be read: %(why)s", file=str(given.text), why=str(error))) from error
    framework = _named(given.id)
    comparison = wordingcheck.compare(framework, officialtext.read_official(content))
    _print(presentation.show_check(comparison))
    if given.accept:
        _accept(given, comparison, on=today())
    return 0


def _accept(given: Arguments, comparison: wordingcheck.Comparison, *, on: date) -> None:
    if not given.by:
        raise Refused(say("Accepting a wording needs a name: --by \"Name\"."))
    home = (given.home or chosen_path()).expanduser().resolve()
    if not exists(home):
        raise Refused(say("There is no home at %(path)s to keep the acceptance in.", path=str(home)))
    accepted = acceptance.accept(comparison, numbers=given.accept, by=given.by, on=on)
    acceptance.record_acceptances(home / acceptance.ACCEPTANCES, acceptances=accepted)
    sys.stdout.write(f"Accepted by {given.by}: {', '.join(given.accept)}\n")


def _print(shown: presentation.Shown) -> None:
    for line in laid_out(shown):
        sys.stdout.write(line + "\n")


COMMAND = Command("frameworks", say("list, show, compare, validate and check analysis frameworks"), arguments, run, "", 41)
