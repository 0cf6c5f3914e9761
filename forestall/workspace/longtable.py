"""The page that a long table is answered with: why it is not given to one person alone, and the form that asks a second.

What the table was stands signed in the form, for this person alone: what is asked for is what was refused.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forestall.access import takingout
from forestall.access.decisions import waiting_on
from forestall.access.session import Session, current
from forestall.access.takingout import SecondNeeded
from forestall.base.errors import Refused
from forestall.base.words import say


def ask_second(request: HttpRequest, needed: SecondNeeded) -> HttpResponse:
    """Say that the table needs a second person. Who may ask one finds the form; who asked already, what waits."""
    session = current()
    waits = waiting_on(needed.asked.id) if needed.asked is not None else []
    return render(
        request,
        "workspace/long_table.html",
        {
            "needed": needed,
            "most": takingout.MOST,
            "most_in_a_day": takingout.MOST_IN_A_DAY,
            "waits": waits[0] if waits else None,
            "may_ask": session.may(takingout.VERB),
            "signed": _signer(session).sign_object(
                {"address": needed.address, "table": needed.table, "rows": needed.rows, "level": int(needed.level)}
            ),
            "band": needed.level,
        },
        status=403,
    )


def asked_for(signed: str, *, by: Session) -> SecondNeeded:
    """The table that the form was made for. Raises `Refused` when it was made for another, or changed."""
    try:
        return SecondNeeded(**_signer(by).unsign_object(signed))
    except (signing.BadSignature, TypeError) as error:
        raise Refused(say("This form is not for you or is no longer whole. Ask for the file again.")) from error


def _signer(session: Session) -> signing.Signer:
    return signing.Signer(salt=f"long table, {session.person_id}")
