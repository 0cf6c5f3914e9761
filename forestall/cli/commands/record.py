"""`forestall record`: verify the history, sign where it stands, remove content by decision of two."""

from __future__ import annotations

import argparse
import json
import sys
from uuid import UUID

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = below.add_parser("verify", help="prove that nothing in the history was changed")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    below.add_parser("checkpoint", help="sign where the log stands and tell the witnesses")
    expunge = below.add_parser("expunge", help="remove the content of one thing; the log still verifies")
    expunge.add_argument("kind", help="what it is, such as monitoring.item")
    expunge.add_argument("id", type=UUID, help="its public id")
    expunge.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    expunge.add_argument("--second", required=True, help="sign-in name of the second officer, who agrees here too")
    expunge.add_argument("--reason", required=True, help="why the content must go")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"verify": _verify, "checkpoint": _checkpoint, "expunge": _expunge}[given.act](given)


def _verify(given: Arguments) -> int:
    from forestall.access.session import bound_to, system_reader
    from forestall.record.verification import verify

    with bound_to(system_reader("keeper", reason="verify the record")):
        found = verify()
    if given.json:
        told = {"entries": found.entries, "verified": found.holds, "faults": [str(fault) for fault in found.faults]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        for fault in found.faults:
            sys.stdout.write(f"{fault}\n")
        verdict = "holds" if found.holds else "DOES NOT HOLD"
        sys.stdout.write(f"{found.entries} entries; the record {verdict}.\n")
    return 0 if found.holds else 1


def _checkpoint(given: Arguments) -> int:
    from forestall.record.log import checkpoint

    made = checkpoint()
    if made is None:
        raise Refused(say("The log is empty; there is nothing to sign."))
    sys.stdout.write(f"{made.size} {made.root}\n")
    return 0


def _expunge(given: Arguments) -> int:
    """Both officers type their passwords here: two people at one terminal."""
    from django.apps import apps

    from forestall.access.session import bound_to
    from forestall.cli.person import session_with_password
    from forestall.record.actions import expunge
    from forestall.record.models import Recorded

    first, second = session_with_password(given.person), session_with_password(given.second)
    first.check_may("record.expunge")
    second.check_may("record.expunge")
    try:
        model = apps.get_model(given.kind)
    except (LookupError, ValueError) as error:
        raise Refused(say("There is no kind of thing called %(kind)s.", kind=given.kind)) from error
    with bound_to(first):
        thing = model.objects.filter(pk=given.id).first() if issubclass(model, Recorded) else None
        if thing is None:
            raise Refused(say("There is nothing here with this id."))
        expunge(thing, by=first.person_id, second=second.person_id, reason=given.reason)
    sys.stdout.write("The content is gone; its place in the log remains.\n")
    return 0


COMMAND = Command("record", say("verify the history, sign it, or remove content by decision of two"), arguments, run, "keeper", 60)
