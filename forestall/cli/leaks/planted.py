"""Leaks planted on purpose, one at a time: a harness that does not catch each of them proves nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from forestall.access.models import Notice, Person
from forestall.access.session import system_reader
from forestall.base import identifiers
from forestall.labels.models import everything
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import intake
from forestall.monitoring.models import Grading, Item
from forestall.record.announcement import written
from forestall.record.models import Entry, Evidence, Recorded, Revision
from forestall.search import matching, saved
from forestall.search import queries as search
from forestall.search.models import Document
from forestall.vault import identities

from .comparing import replaced
from .observing import tested

Plant = Callable[[], AbstractContextManager[None]]


@contextmanager
def total() -> Iterator[None]:
    """The number of answers is of all that answer, seen or not."""
    answers = search.answers

    class Counted(search.Answers):
        def __len__(self) -> int:
            return self._counts.get("all", {}).get("all", len(self.listed))

    def told(question: Any, **how: Any) -> search.Answers:
        found = answers(question, **how)
        if not question:
            return found
        every = everything(Document).filter(matching.condition(question)).count()
        return Counted(found.listed, more=found.more, _counts={"all": {"all": every}})

    with replaced(search, "answers", told):
        yield


@contextmanager
def forbidden() -> Iterator[None]:
    """What is hidden is answered 403, what never was 404."""
    middleware = tested("outcomes").OutcomeMiddleware
    was = middleware.process_exception

    def told(self: Any, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        matched = request.resolver_match
        ids = [one for one in (matched.kwargs.values() if matched else ()) if isinstance(one, UUID)]
        if isinstance(exception, Http404) and everything(Revision).filter(object_id__in=ids).exists():
            return HttpResponse("You may not see this.", status=403)
        answered: HttpResponse | None = was(self, request, exception)
        return answered

    with replaced(middleware, "process_exception", told):
        yield


@contextmanager
def facet() -> Iterator[None]:
    """What a search can be narrowed by comes from all documents."""
    was = search.Answers.facet

    def told(self: search.Answers, name: str) -> dict[str, int]:
        months = everything(Item).dates("published_at", "month")
        return was(self, name) | ({f"{day:%Y-%m}": 1 for day in months} if name == "month" else {})

    with replaced(search.Answers, "facet", told):
        yield


@contextmanager
def sequence() -> Iterator[None]:
    """Identifiers are counted up over everything that was ever written."""

    class Counting:
        UUID = uuid.UUID

        @staticmethod
        def uuid4() -> uuid.UUID:
            Counting.drawn += 1
            return uuid.UUID(int=(Entry.objects.count() << 32) + Counting.drawn, version=4)

        drawn = 0

    with replaced(identifiers, "uuid", Counting):
        yield


@contextmanager
def duplicate() -> Iterator[None]:
    """A file that anybody handed in before is known, whoever may see it."""
    was = intake.seen_before

    def told() -> Any:
        seen = was()
        seen.files |= {one.sha256: (one.media_type, one.level) for one in everything(Evidence)}
        return seen

    with replaced(intake, "seen_before", told):
        yield


@contextmanager
def rank() -> Iterator[None]:
    """The order of what is seen turns with how many documents hold the word."""
    answers = search.answers

    def told(question: Any, **how: Any) -> search.Answers:
        found = answers(question, **how)
        every = everything(Document).filter(matching.condition(question)).count() if question else 0
        return replace(found, listed=tuple(reversed(found.listed))) if every % 2 else found

    with replaced(search, "answers", told):
        yield


@contextmanager
def score() -> Iterator[None]:
    """The grade that counts is the last that anybody gave, seen or not."""

    def told(item_ids: Iterable[UUID]) -> dict[str, str]:
        every = everything(Grading).filter(item_id__in=list(item_ids)).order_by("number")
        return {str(one.item_id): one.grade for one in every}

    with replaced(monitoring, "grades", told):
        yield


@contextmanager
def choices() -> Iterator[None]:
    """The inbox offers every level there is to narrow by, also those of which one may see nothing."""
    queue = tested("queue")
    was = queue.filters

    def told(*given: Any, **named: Any) -> list[Any]:
        every = sorted({str(level) for level in everything(Item).values_list("level", flat=True)})
        return [replace(one, choices=[*one.choices, *((level, level) for level in every)]) if one.name == "level" else one for one in was(*given, **named)]

    with replaced(queue, "filters", told):
        yield


@contextmanager
def notice() -> Iterator[None]:
    """Everybody is told of whatever is received."""

    def tell(sender: Any, things: Sequence[Recorded], **_: Any) -> None:
        for thing in (one for one in things if isinstance(one, Item)):
            for person in Person.objects.filter(is_active=True):
                Notice.objects.create(
                    person=person, message="Something was received.", kind=thing.kind(), object_id=thing.id, at=thing.received_at
                )  # fmt: skip

    written.connect(tell)
    try:
        yield
    finally:
        written.disconnect(tell)


@contextmanager
def alert() -> Iterator[None]:
    """A saved search is asked with the sight of the worker instead of its owner's."""
    with replaced(saved, "_session_of", lambda one: system_reader("worker", reason="planted")):
        yield


@contextmanager
def identity() -> Iterator[None]:
    """The list of protected sources says who each is, to whoever may see the pseudonym."""
    reading = tested("vaultreading")
    was = reading.lines

    def told(*, session: Any) -> list[Any]:
        return [replace(line, keeper=identities.read(line.source.id).name) for line in was(session=session)]

    with replaced(reading, "lines", told):
        yield


PLANTED: dict[str, Plant] = {
    "total": total, "403 for 404": forbidden, "facet": facet, "sequence number": sequence, "duplicate check": duplicate,
    "rank": rank, "score": score, "choices": choices, "notice": notice, "saved search": alert,
    "identity": identity,
}  # fmt: skip
