"""Searches that people keep for themselves, and what the worker tells of them.

A saved search is asked again as its owner stands at that moment, and as if signed in by password alone: what a notice
lets one guess must be open to whoever opens Today. What it says is that there is something, never what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import transaction

from forestall.access.actions import tell, withdraw
from forestall.access.models import Notice, Person
from forestall.access.session import Assurance, Session, bound_to, for_person
from forestall.base.clock import now
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.record.actions import note
from forestall.record.models import Recorded

from . import policies
from .models import KnownAnswer
from .models import SavedSearch as SavedSearch  # faces type with it, and import no models
from .queries import FACETS, Answer, answers
from .question import read

KIND = "search.savedsearch"
"""What a saved search is called in the log and in notices."""


@transaction.atomic
def keep(*, name: str, text: str, narrowed: Mapping[str, str], notify: bool, by: Session) -> SavedSearch:
    """Keep a search under a name. Raises `Refused` as `policies.check_saved` does, `Malformed` for too long a question.

    What answers it now is no news later.
    """
    by.check_may_act()
    told, asked = _plain(name), _plain(text)
    own = SavedSearch.objects.filter(person_id=by.person_id)
    policies.check_saved(
        name=told, asks=bool(read(asked)), taken=own.filter(name=told).exists(), kept=own.count()
    )
    made = SavedSearch.objects.create(
        person_id=by.person_id,
        name=told,
        question=asked,
        narrowed={facet: _plain(value) for facet, value in narrowed.items() if facet in FACETS and value},
        notify=notify,
        at=now(),
    )
    note(by=by.person_id, verb="search saved", kind=KIND, object_id=made.id)
    if notify:
        _know(made, _answers_of_owner(made), told=False)
    return made


def _plain(text: str) -> str:
    """A text without what no database should be asked to keep."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


@transaction.atomic
def set_notify(one: SavedSearch, *, notify: bool, by: Session) -> None:
    """Be told of what is new from now on, or no more."""
    by.check_may_act()
    one.notify = notify
    one.save()
    one.known.all().delete()
    _withdraw_notices([one.id])
    if notify:
        _know(one, _answers_of_owner(one), told=False)


@transaction.atomic
def forget(one: SavedSearch, *, by: Session) -> None:
    """Remove one's own saved search, with what it knew."""
    by.check_may_act()
    note(by=by.person_id, verb="saved search removed", kind=KIND, object_id=one.id)
    _withdraw_notices([one.id])
    one.delete()


def of(person_id: str) -> list[SavedSearch]:
    """A person's own saved searches, by name."""
    return list(SavedSearch.objects.filter(person_id=person_id).order_by("name"))


def own(saved_id: UUID | str, *, person_id: str) -> SavedSearch | None:
    """One of a person's own saved searches; another's never was."""
    return SavedSearch.objects.filter(pk=saved_id, person_id=person_id).first()


def with_news(saved_id: UUID, *, person_id: str) -> SavedSearch | None:
    """A person's own saved search, if what it told of may still be seen by the bound session."""
    one = own(saved_id, person_id=person_id)
    return one if one is not None and _told_and_seen(one) else None


def _told_and_seen(one: SavedSearch) -> bool:
    """Whether anything it told of may be seen now, and still answers."""
    told = one.known.filter(told_at__isnull=False)
    by_kind: dict[str, list[UUID]] = {}
    for kind, object_id in told.values_list("kind", "object_id"):
        by_kind.setdefault(kind, []).append(object_id)
    return any(_seen(kind, ids) for kind, ids in by_kind.items())


def _seen(kind: str, ids: Iterable[UUID]) -> bool:
    model = apps.get_model(kind)
    assert issubclass(model, Recorded)
    return model.objects.filter(pk__in=list(ids)).exists()


def ask_again() -> None:
    """Ask every saved search whose owner wants to be told, one after the other, each as its owner; tell of what is new."""
    for one in SavedSearch.objects.filter(notify=True, person__is_active=True).order_by("id"):
        with transaction.atomic():
            _ask(one)


def _ask(one: SavedSearch) -> None:
    known = set(one.known.values_list("object_id", flat=True))
    new = [answer for answer in _answers_of_owner(one) if answer.object_id not in known]
    if not new:
        return
    standing = Notice.objects.filter(person_id=one.person_id, kind=KIND, object_id=one.id, read_at__isnull=True)
    _know(one, new, told=True)
    if not standing.exists():
        tell([str(one.person_id)], words=say("A saved search has something new."), kind=KIND, object_id=one.id)


def forget_when_told(moment: datetime) -> int:
    """Forget of what was told before `moment` (UTC) when it was told; that it is known stays. Returns how many."""
    return KnownAnswer.objects.filter(told_at__lt=moment).update(told_at=None)


def withdraw_what_closed() -> None:
    """Take back notices not mailed yet of which nothing may be seen any more: a label was raised in the meantime."""
    waiting = Notice.objects.filter(kind=KIND, mailed_at__isnull=True, read_at__isnull=True)
    for notice in waiting:
        one = SavedSearch.objects.filter(pk=notice.object_id).first()
        if one is None or not _owner_sees_news(one):
            withdraw(notice)


def _owner_sees_news(one: SavedSearch) -> bool:
    session = _session_of(one)
    if session is None:
        return False
    with bound_to(session):
        return _told_and_seen(one)


def _session_of(one: SavedSearch) -> Session | None:
    owner = Person.objects.filter(pk=one.person_id, is_active=True).first()
    return for_person(owner, assurance=Assurance.PASSWORD) if owner is not None else None


def _answers_of_owner(one: SavedSearch) -> list[Answer]:
    """What answers, as the owner would see it by password alone."""
    session = _session_of(one)
    if session is None:
        return []
    with bound_to(session):
        return list(answers(read(one.question), narrowed=one.narrowed))


def _know(one: SavedSearch, found: Iterable[Answer], *, told: bool) -> None:
    at = now() if told else None
    KnownAnswer.objects.bulk_create(
        (
            KnownAnswer(id=new_id(), saved=one, kind=answer.kind, object_id=answer.object_id, told_at=at)
            for answer in found
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def _withdraw_notices(ids: list[UUID]) -> None:
    for notice in Notice.objects.filter(kind=KIND, object_id__in=ids, read_at__isnull=True):
        withdraw(notice)
