"""What may be asked of the house by words. Every answer, count and order is of what the bound session may see.

A document stands under the label of the thing it was made of, and is read like everything that has a label; what is
shown of an answer is read from the thing itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from forestall.access.session import current
from forestall.labels.label import Level, spell, unspell
from forestall.record.findable import EARLIEST, Findable, findable_models
from forestall.record.models import Recorded

from . import matching
from .index import spelled, words_of
from .models import Document
from .question import Question

MOST = 5_000
"""Answers that are counted and leafed through, newest first: where there are more, the question is too wide."""
FACETS = ("kind", "country", "language", "level", "source", "month")
NEWEST, BEST = "", "match"
ORDERS = (NEWEST, BEST)
LEVELS = tuple(str(int(level)) for level in Level)


@dataclass(frozen=True)
class Answer:
    """A thing that answers: what it is, its level and what it can be narrowed by; not yet its text."""

    kind: str
    object_id: UUID
    at: datetime
    level: int
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    source: UUID | None = None

    def under(self, facet: str) -> tuple[str, ...]:
        """Its values under a facet."""
        told: dict[str, tuple[str, ...]] = {
            "kind": (self.kind,),
            "country": self.countries,
            "language": self.languages,
            "level": (str(self.level),),
            "source": (str(self.source),) if self.source else (),
            "month": (self.at.isoformat()[:7],) if self.at.date() != EARLIEST else (),
        }
        return told[facet]


@dataclass(frozen=True)
class Answers(Sequence[Answer]):
    """Answers in order. `more`: there are more than are counted here, and these are the newest."""

    listed: tuple[Answer, ...] = ()
    more: bool = False
    _counts: dict[str, dict[str, int]] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.listed)

    def __getitem__(self, place: Any) -> Any:
        return self.listed[place]

    def facet(self, name: str) -> dict[str, int]:
        """Values under a facet to how many of these answers have them, the most frequent first."""
        if name not in self._counts:
            counted = Counter(value for answer in self.listed for value in answer.under(name))
            self._counts[name] = dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
        return self._counts[name]


@dataclass(frozen=True)
class Found:
    """An answer with what it says, for showing it."""

    answer: Answer
    told: Findable


def answers(question: Question, *, narrowed: Mapping[str, str] | None = None, order: str = NEWEST) -> Answers:
    """What answers a question among what the bound session may see; of a question without words, nothing.

    `narrowed`: facet to the value wanted. `order`: newest first, or the best first: of the newest, those in which the
    words asked for stand in the title and often, then the newest. Raises `Unavailable` when it takes too long.
    """
    if not question:
        return Answers()
    wanted = {name: value for name, value in (narrowed or {}).items() if name in FACETS and value}
    if any("\0" in value for value in wanted.values()):  # PostgreSQL takes no such character, not even to compare
        return Answers()
    if current().as_of is not None:
        return _of_past_day(question, wanted, order=order)
    with matching.paced(), matching.bounded():
        found = [_answered(*row) for row in _rows(question, wanted, order=order)]
    return Answers(tuple(found[:MOST]), more=len(found) > MOST)


def _rows(question: Question, wanted: Mapping[str, str], *, order: str) -> QuerySet[Document, tuple[Any, ...]]:
    """The newest that answer, and one more than are counted; the best of these first where that is asked."""
    rows = Document.objects.filter(matching.condition(question), *_narrowing(wanted)).order_by("-at", "object_id")[: MOST + 1]
    if order == BEST and question.wanted:
        newest = Document.objects.filter(pk__in=rows.values("pk"))
        rows = newest.order_by(matching.score(question).desc(), "-at", "object_id")
    return rows.values_list("kind", "object_id", "at", "level", "countries", "languages", "source")


def _answered(
    kind: str, object_id: UUID, at: datetime, level: int, countries: str, languages: str, source: UUID | None
) -> Answer:
    return Answer(kind, object_id, at, level, _codes(countries), _codes(languages), source)


def _codes(spelling: str) -> tuple[str, ...]:
    return tuple(sorted(unspell(spelling)))


def _narrowing(wanted: Mapping[str, str]) -> list[Q]:
    found = []
    if "kind" in wanted:
        found.append(Q(kind=wanted["kind"]))
    if "level" in wanted:
        found.append(Q(level=wanted["level"]) if wanted["level"] in LEVELS else Q(pk__in=[]))
    for name, column in (("country", "countries"), ("language", "languages")):
        if name in wanted:
            found.append(Q(**{f"{column}__contains": spell([wanted[name].replace(",", " ")])}))
    if "source" in wanted:
        source = _identifier(wanted["source"])
        found.append(Q(source=source) if source else Q(pk__in=[]))
    if "month" in wanted:
        first = _month(wanted["month"])
        found.append(Q(at__gte=first, at__lt=_following(first)) if first else Q(pk__in=[]))
    return found


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _month(text: str) -> datetime | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return datetime(first.year, first.month, 1, tzinfo=UTC)


def _following(month: datetime) -> datetime:
    if (month.year, month.month) == (9999, 12):
        return datetime.max.replace(tzinfo=UTC)
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _chunks(ids: Iterable[UUID], *, size: int = 500) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while batch := list(islice(rest, size)):
        yield batch


def found(answers: Iterable[Answer]) -> list[Found]:
    """Answers with what they say, in the order given; what is no longer to be seen is left out."""
    listed = list(answers)
    things: dict[UUID, Recorded] = {}
    for model in findable_models():
        for ids in _chunks(answer.object_id for answer in listed if answer.kind == model.kind()):
            things.update({thing.id: thing for thing in model.objects.filter(pk__in=ids)})
    told = [(answer, things[answer.object_id].findable()) for answer in listed if answer.object_id in things]
    return [Found(answer, one) for answer, one in told if one is not None]


def ids(question: Question, *, kind: str) -> set[UUID]:
    """Ids of the things of one kind that answer, for narrowing a list of them."""
    if current().as_of is not None:
        return {answer.object_id for answer in answers(question, narrowed={"kind": kind})}
    with matching.paced(), matching.bounded():
        rows = Document.objects.filter(matching.condition(question), kind=kind)
        return set(rows.values_list("object_id", flat=True))


def _of_past_day(question: Question, wanted: Mapping[str, str], *, order: str) -> Answers:
    """The same answers from the things as they stood on the day: each is read and held against the question."""
    scored = []
    for model in findable_models():
        for thing in model.objects.all():
            told = thing.findable()
            if told is None:
                continue
            all_words, title = words_of(told)
            answer = _answer(thing, told)
            if question.answered_by(all_words) and all(value in answer.under(name) for name, value in wanted.items()):
                scored.append((_score(question, all_words, title) if order == BEST else 0, answer))
    newest = sorted(scored, key=lambda pair: (-pair[1].at.timestamp(), str(pair[1].object_id)))[: MOST + 1]
    newest.sort(key=lambda pair: -pair[0])
    return Answers(tuple(answer for _, answer in newest[:MOST]), more=len(newest) > MOST)


def _answer(thing: Recorded, told: Findable) -> Answer:
    return Answer(thing.kind(), thing.id, told.at, thing.level, told.countries, told.languages, told.source)


def _score(question: Question, told: list[str], title: list[str]) -> int:
    """As `matching.score` in the database."""
    return sum(matching.counted(term, spelled(told), spelled(title)) for term in question.wanted)
