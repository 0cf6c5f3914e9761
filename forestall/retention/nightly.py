"""What goes by itself, once a day, and who is told of the rest. Never a record: that takes two.

Each act is one transaction and one entry of the log, which says what kind of thing went and not how much.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import DateField

from forestall.access import queries as access
from forestall.access.actions import tell
from forestall.access.decisions import at_widest
from forestall.access.models import Notice
from forestall.access.session import Session, bound_to
from forestall.base.clock import today, trusted
from forestall.base.identifiers import new_id
from forestall.base.words import Words, say
from forestall.record import drafts, evidence
from forestall.record.actions import note
from forestall.record.models import Evidence
from forestall.record.verification import recorded_models
from forestall.search import residue, saved

from . import times
from .due import Due, due, past_its_time
from .models import Request
from .schedule import KeepingClass, Then, classes
from .states import KEEP, OPEN

REMOVED = "removed by the schedule"
SOON = timedelta(days=7)
WAITS = say("Something reached its time of keeping and waits for you.")
ANSWER_SOON = say("A request about somebody's own data must be answered within seven days.")
ANSWER_LATE = say("The day to answer a request about somebody's own data has passed.")

OWN_WAYS: dict[str, Callable[[datetime], int]] = {
    "record.workingdraft": drafts.forget_kept_before,
    "search.knownanswer": saved.forget_when_told,
}
"""Tables whose rows do not go by a plain deletion."""


@dataclass(frozen=True)
class Gone:
    """What one act took away: which table, of which class, how many rows or files."""

    table: str
    keeping: KeepingClass
    count: int


def keep_times(*, by: Session, files: bool = True) -> list[Gone]:
    """Take away what the schedule lets go without a person. `by`: a system reader, bound. `files`: bytes too."""
    own = times.own_times()
    gone = [
        Gone(table, one, count)
        for one in classes()
        if one.then is Then.REMOVE and (files or not one.bytes_alone)
        for table in one.tables
        if (count := (_bytes if one.bytes_alone else _rows)(one, table, days=times.days_of(one, own=own), by=by))
    ]
    if gone:
        with transaction.atomic():
            residue.on_removed()
    return gone


@transaction.atomic
def _rows(one: KeepingClass, table: str, *, days: int, by: Session) -> int:
    moment = trusted() - timedelta(days=days)
    count = OWN_WAYS[table](moment) if table in OWN_WAYS else _deleted(table, one.tables[table], moment)
    if count:
        note(by=by.person_id, verb=f"removed by the schedule: {one.key}", kind=table, object_id=new_id())
    return count


def _deleted(table: str, column: str, moment: datetime) -> int:
    model = apps.get_model(table)
    last: date | datetime = moment.date() if type(model._meta.get_field(column)) is DateField else moment
    return int(model._default_manager.filter(**{f"{column}__lt": last}).delete()[0])


def _bytes(one: KeepingClass, table: str, *, days: int, by: Session) -> int:
    over = [each for each in past_its_time(one, table, days=days, most=None) if not each.held]
    ids = {each.thing.id for each in over}
    count = 0
    for each in over:
        with transaction.atomic():
            count += _let_go(each, over=ids, by=by)
    return count


def _let_go(each: Due, *, over: set[UUID], by: Session) -> bool:
    """Whether its bytes went: not under a hold, and not while anything else that rests on them has time left."""
    named: UUID = each.thing.evidence_id  # type: ignore[attr-defined]
    kept = Evidence.objects.filter(pk=named).exclude(address="").first()
    if kept is None or kept.hold or _others_rest_on(kept, over=over):
        return False
    evidence.let_go(kept, by=by.person_id)
    return True


def _others_rest_on(kept: Evidence, *, over: set[UUID]) -> bool:
    """Whether another thing names the same bytes whose time is not over."""
    for model in recorded_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Evidence:
                named = model.objects.filter(**{field.name: kept}).values_list("pk", flat=True)
                if any(pk not in over for pk in named):
                    return True
    return False


def tell_officers() -> None:
    """Tell those who keep the schedule, each of what they may see: of what is due, and of requests near their day."""
    for person in access.people():
        session = at_widest(person)
        if person.is_active and session.may(KEEP):
            with bound_to(session), transaction.atomic():
                _tell_of_due(session)
                _tell_of_requests(session)


def _tell_of_due(session: Session) -> None:
    """One notice at a time: the next comes when it was put away and something else has become due."""
    if Notice.objects.filter(person_id=session.person_id, message=WAITS.message, read_at__isnull=True).exists():
        return
    told = set(Notice.objects.filter(person_id=session.person_id, message=WAITS.message).values_list("object_id", flat=True))
    new = [one for one in due().listed if not one.held and one.thing.id not in told]
    if new:
        tell([session.person_id], words=WAITS, kind=new[-1].kind, object_id=new[-1].thing.id)


def _tell_of_requests(session: Session) -> None:
    for one in Request.objects.filter(state__in=OPEN, due_on__lte=today() + SOON):
        _tell_once(session, ANSWER_LATE if one.due_on < today() else ANSWER_SOON, one)


def _tell_once(session: Session, words: Words, one: Request) -> None:
    if not Notice.objects.filter(person_id=session.person_id, message=words.message, object_id=one.id).exists():
        tell([session.person_id], words=words, kind=one.kind(), object_id=one.id, due=one.due_on)
