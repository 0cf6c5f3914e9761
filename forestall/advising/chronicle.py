"""Known, said, answered between two days, computed from the record as it stood at the end of the second.

Read through a session that stands at that day, so that what came later changes nothing. Every line has the mark of the
recorded state it was made from, and the digest is over all of them. Places in the log are not told: a gap in them would
tell that something else happened; the mark leads the Office to the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from forestall.access import queries as people
from forestall.access.session import Session, bound_to
from forestall.assessment import queries as assessment
from forestall.assessment.queries import Situation
from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import end_of, today
from forestall.base.errors import Refused
from forestall.base.words import Words, say, series
from forestall.documents.chronicle import ChronicleContent, Line
from forestall.documents.sheet import Text
from forestall.labels.label import Label, Level, compartment_words, join
from forestall.record import queries as record
from forestall.record.models import Recorded

from . import chronicleparts as parts

Href = Callable[[Recorded], str]


@dataclass(frozen=True)
class Scope:
    """What a chronicle is about: one situation, one State by its code, or everything. `title` as its reader calls it."""

    title: Text
    situation_id: UUID | None = None
    iso3: str = ""


@dataclass
class Gathered:
    """What the lines were made from: the labels that bound them, and the states behind them."""

    since: date
    until: date
    situations: dict[UUID, Situation]
    places: frozenset[str] | None
    href: Href
    labels: list[Label] = field(default_factory=list)
    marks: dict[UUID, record.Mark] = field(default_factory=dict)
    rested_on: dict[UUID, record.Mark] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return self.places is None

    def within(self, moment: datetime) -> bool:
        return self.on(moment.date())

    def on(self, day: date) -> bool:
        return self.since <= day <= self.until

    def touches(self, codes: Iterable[str]) -> bool:
        return self.places is None or bool(self.places & set(codes))

    def line(self, thing: Recorded, text: Words, *, day: date, also: Sequence[Recorded] = ()) -> Line:
        """A line made from a thing and what else it tells of."""
        for one in (thing, *also):
            self.labels.append(one.label)
            if one.id in self.marks:
                self.rested_on[one.id] = self.marks[one.id]
        mark = self.marks[thing.id].revision_id.hex[:12] if thing.id in self.marks else ""
        return Line(day, text, mark, self.href(thing))


def compute(
    scope: Scope, *, since: date, until: date, by: Session, language: str, href: Href = lambda thing: ""
) -> ChronicleContent:
    """The chronicle for this reader. Days are UTC days, both included, none to come.

    Raises `Refused` for days in the wrong order or to come, while a past day is looked at, and for a situation that was
    not recorded by the second day.
    """
    if by.as_of is not None:
        raise Refused(say("This page asks for its days itself. Return to now first."))
    if until < since:
        raise Refused(say("The last day (%(until)s) is before the first (%(since)s).", until=until, since=since))
    if until > today():
        raise Refused(say("The last day is still to come. What will be known cannot be told."))
    made_on = today()
    with bound_to(replace(by, as_of=until, querysets={}, _scopes={})):
        content = _computed(scope, since=since, until=until, by=by, language=language, href=href)
    return replace(content, made_on=made_on)


def _computed(scope: Scope, *, since: date, until: date, by: Session, language: str, href: Href) -> ChronicleContent:
    seen, title = _gathering(scope, since=since, until=until, href=href)
    known = _in_order(parts.items(seen), parts.observations(seen), parts.readings(seen))
    said = _in_order(parts.warnings(seen), parts.transmittals(seen), parts.packages(seen))
    answered = _in_order(parts.responses(seen), parts.silences(seen))
    asked = _in_order(parts.recommendations(seen), parts.gaps(seen))
    label = join([Label(level=Level.INTERNAL), *seen.labels])
    return ChronicleContent(
        scope=title, since=since, until=until, made_on=until, reader=by.name, language=language, level=int(label.level),
        handling=_handling(label), exercise=settings.HOME.is_exercise, digest=_digest(seen),
        known=known, said=said, answered=answered, asked=asked,
    )  # fmt: skip


def _gathering(scope: Scope, *, since: date, until: date, href: Href) -> tuple[Gathered, Text]:
    """The situations and places of the scope as they stood then, and its title then."""
    every = assessment.situations(closed=True)
    title, places = scope.title, None
    if scope.situation_id is not None:
        every = [one for one in every if one.id == scope.situation_id]
        if not every:
            raise Refused(say("It was not recorded by that day."))
        title, places = every[0].title, frozenset(every[0].places)
    elif scope.iso3:
        every = [one for one in every if scope.iso3 in one.places]
        places = frozenset([scope.iso3])
    seen = Gathered(since, until, {one.id: one for one in every}, places, href)
    if scope.situation_id is not None:
        seen.labels += [one.label for one in every]
    seen.marks = record.marks(until=end_of(until))
    return seen, title


def _in_order(*sorts: Iterable[Line]) -> tuple[Line, ...]:
    """By day; of one day, sort after sort; then by what they say, so that no database's order shows."""
    told = [(line.day, place, str(line.text), line.mark, line) for place, lines in enumerate(sorts) for line in lines]
    return tuple(one[-1] for one in sorted(told, key=lambda one: one[:-1]))


def _handling(label: Label) -> Text:
    titles = {desk.key: desk.title for desk in people.desks()}
    kept_apart = [compartment_words(one, desks=titles) for one in sorted(label.compartments)]
    kept_apart += [say("for named people only")] if label.audience else []
    return series(kept_apart) if kept_apart else ""


def _digest(seen: Gathered) -> str:
    states = sorted((str(one), str(mark.revision_id), mark.commitment) for one, mark in seen.rested_on.items())
    return sha256(canonical_json([seen.since, seen.until, states]))

