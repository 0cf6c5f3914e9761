"""Taking a long table out: what one person could carry away at once, two people decide on.

A file with more than fifty confidential rows, or one with which somebody has taken more than two hundred of them in a
day, is not given to them alone. They ask and say why; a second person agrees; then that table,
and no other, may be taken for a day. What is in it is what they see when they take it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import LEVEL_WORDS, Label, Level
from forestall.record.actions import write

from . import tally
from .decisions import able, propose, waiting_on
from .matters import Matter, register
from .models import Decision, TakingOut
from .session import Session

TAKE_OUT = "take a long table out"
VERB = "table.take_out"
MOST = 50
MOST_IN_A_DAY = 200
DAY = timedelta(days=1)


@dataclass
class SecondNeeded(Exception):
    """This table needs a second person. `asked`: what this reader asked for it already, if anything."""

    address: str
    table: str
    rows: int
    level: int
    asked: TakingOut | None = None


def check(*, address: str, table: str, rows: int, level: int, by: Session) -> TakingOut | None:
    """Raise `SecondNeeded` unless this table may go. Returns what two people decided about it, if they had to.

    `rows`: how many of its rows are confidential. `level`: the highest of them.
    """
    if rows and (rows > MOST or not tally.take("rows taken out", by.person_id, window=DAY, many=rows, most=MOST_IN_A_DAY)):
        asked = _asked(address, by=by, level=level)
        if asked is None or asked.until is None:
            raise SecondNeeded(address, table, rows, level, asked)
        return asked
    return None


def _asked(address: str, *, by: Session, level: int) -> TakingOut | None:
    """What this person asked for this table that still holds: agreed to and not over, or waiting for a second."""
    asked = TakingOut.objects.filter(person=by.person_id, address=address, level__gte=level).order_by("-asked_at")
    for one in asked:
        if (one.until is None and waiting_on(one.id)) or (one.until is not None and one.until > now()):
            return one
    return None


@transaction.atomic
def ask(*, address: str, table: str, rows: int, level: int, reason: str, by: Session) -> Decision:
    """Ask a second person for a long table. Returns the decision that waits for them.

    Raises `Refused` without the verb or a reason, when it waits already, or when nobody else could agree.
    """
    by.check_may(VERB)
    if _asked(address, by=by, level=level) is not None:
        raise Refused(say("This is proposed already and waits for a second person."))
    label = Label(Level(level), audience=frozenset({by.person_id, *able(VERB, label=Label(Level(level)))}))
    one = TakingOut(person=by.person_id, address=address, file_name=table, row_count=rows, asked_at=now()).labelled(label)
    write(one, by=by.person_id, verb="asked to take a table out")
    return propose(TAKE_OUT, about=one, reason=reason, by=by, terms={"rows": rows, "level": level})


def taking_out(taking_out_id: UUID) -> TakingOut | None:
    """What somebody asked to take out, if the bound session may see it."""
    return TakingOut.objects.filter(pk=taking_out_id).first()


def _check(one: TakingOut, terms: Mapping[str, Any], proposer: str) -> None:
    if one.person != proposer:
        raise Refused(say("Only who takes it asks for it."))


def _agreed(decision: Decision, one: TakingOut, by: Session) -> None:
    one.until = now() + DAY
    write(one, by=by.person_id, verb="taking a table out agreed")


def _words(terms: Mapping[str, Any]) -> list[Words]:
    return [say("%(count)s confidential rows when it was asked for", count=terms["rows"]), LEVEL_WORDS[Level(int(terms["level"]))]]


register(Matter(
    key=TAKE_OUT,
    title=say("Take a long table out"),
    consequence=say("Whoever asked may take this table as a file for a day, with what they may see in it then. "
                    "Its first line says who took it. What has left cannot be brought back."),
    verb=VERB, check=_check, carry_out=_agreed, terms_words=_words, days=3,
))  # fmt: skip
