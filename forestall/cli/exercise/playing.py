"""The whole exercise, week by week, on its own calendar: collect, weigh, judge, warn."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.db import transaction

from forestall.access.models import Person
from forestall.access.session import Session, bound_to, system_reader
from forestall.advising import sheet
from forestall.advising.models import AdvisoryNote
from forestall.assessment import queries as assessment
from forestall.assessment.models import Assessment, Situation
from forestall.base import clock
from forestall.collecting.childprocess import Child, Reader
from forestall.exercises import Exercise
from forestall.exercises.generator import File, files
from forestall.exercises.item import Item as Written
from forestall.exercises.judgement import Assessment as Key
from forestall.frameworks.framework import Framework
from forestall.frameworks.loading import load
from forestall.institutions.models import OfficeHolder
from forestall.monitoring.actions import copies
from forestall.monitoring.actions.intake import Taken, take_in
from forestall.monitoring.models import Item
from forestall.monitoring.suggesting import Readers

from . import advice, inbox, judging, seats, within

OFFICERS = ("hana-weld", "tomas-irek")
ANALYST = "noor-arden"
Tell = Callable[[str, float], None]


@dataclass
class Played:
    """What came of the exercise, for the report."""

    taken: list[Taken] = field(default_factory=list)
    copies: int = 0
    assessment: Assessment | None = None
    note: AdvisoryNote | None = None


def play(exercise: Exercise, *, tell: Tell) -> Played:
    """Play all of it. `tell` hears what is being done and how far it is, from 0 to 1."""
    player = _Player(exercise)
    with bound_to(_system()), clock.fixed(_start(exercise)):
        player.seated = seats.seat(exercise, by=_system())
        player.addressee = seats.counterparts(exercise, by=_system())
        within.keep(exercise, by=_system())
    player.begin()
    steps = list(_weeks(exercise))
    with Child() as child:
        for place, week in enumerate(steps):
            tell("weigh", place / len(steps))
            player.week(week, child=child)
    player.ask()
    tell("advise", 1.0)
    player.advise()
    return player.played


def _system() -> Session:
    return system_reader("exercise", reason="the exercise's people take their seats")


def _start(exercise: Exercise) -> datetime:
    return datetime.combine(exercise.opens, time(8), tzinfo=UTC)


@dataclass(frozen=True)
class _Week:
    """The files of one week, and the assessment due at its end, if one is."""

    files: tuple[File, ...]
    ends: datetime
    due: Key | None


def _weeks(exercise: Exercise) -> Iterator[_Week]:
    """Weeks in order; a week is cut where an assessment falls due, so that it rests on what had come by then."""
    due = sorted(exercise.key.assessments, key=lambda one: one.on)

    def period(file: File) -> tuple[int, int, int]:
        day = file.received_at.date()
        year, week, _ = day.isocalendar()
        return (sum(one.on < day for one in due), year, week)

    weeks = [tuple(found) for _, found in groupby(files(exercise), key=period)]
    for place, found in enumerate(weeks):
        here = period(found[0])[0]
        following = period(weeks[place + 1][0])[0] if place + 1 < len(weeks) else len(due)
        falls_due = due[here] if following > here and here < len(due) else None
        yield _Week(found, found[-1].received_at + timedelta(minutes=30), falls_due)


@dataclass
class _Player:
    exercise: Exercise
    seated: Mapping[str, Person] = field(default_factory=dict)
    addressee: OfficeHolder | None = None
    situation: Situation | None = None
    played: Played = field(default_factory=Played)

    def __post_init__(self) -> None:
        self.bench = inbox.Bench(self.exercise)
        self.framework: Framework = load(self.exercise.key.framework)
        self.readers = Readers.with_framework(self.framework, exercise=self.exercise)
        self.cited = inbox.cited(self.exercise)
        self.written: dict[UUID, Written] = {}
        self.memory = copies.Memory()

    def begin(self) -> None:
        """The desk's list of sources, the groups, the situation, before the first item."""
        with clock.fixed(_start(self.exercise) + timedelta(hours=1)), transaction.atomic():
            officer = seats.session_of(self.seated[OFFICERS[0]])
            with bound_to(officer):
                inbox.name_sources(self.bench, by=officer)
                within.name_bodies(self.exercise, by=officer)
            analyst = seats.session_of(self.seated[ANALYST])
            with bound_to(analyst):
                inbox.add_groups(self.bench, by=analyst)
                self.situation = judging.open_situation(self.bench, by=analyst)

    def week(self, week: _Week, *, child: Reader) -> None:
        """Collect a week's files, weigh each item, and assess when it is time."""
        with clock.fixed(week.ends), transaction.atomic():
            arrived = self._collect(week, child=child)
            self._weigh(arrived)
        if week.due is not None:
            moment = max(week.ends + timedelta(minutes=30), datetime.combine(week.due.on, time(16), tzinfo=UTC))
            with clock.fixed(moment), transaction.atomic():
                self._assess(week.due)

    def _collect(self, week: _Week, *, child: Reader) -> list[tuple[Written, Item]]:
        collector = system_reader("collector", reason="the exercise's inbox")
        carried = {file.name: file for file in week.files}
        found: list[tuple[Written, Item]] = []
        with tempfile.TemporaryDirectory(prefix="forestall-exercise-") as folder, bound_to(collector):
            for file in week.files:
                (Path(folder) / file.name).write_bytes(file.content)
            for taken in take_in(
                Path(folder), by=collector, readers=self.readers, received_at=week.ends, child=child
            ):
                self.played.taken.append(taken)
                found += _matched(self.exercise, carried[taken.file], taken.items)
            edges = self.memory.recognise([item for _, item in found], by=collector)
        self.written.update({item.id: written for written, item in found})
        officer = seats.session_of(self.seated[OFFICERS[0]])
        with bound_to(officer):
            self.played.copies += inbox.decide_copies(edges, self.written, by=officer)
        return found

    def _weigh(self, arrived: Iterable[tuple[Written, Item]]) -> None:
        assert self.situation is not None
        analyst = seats.session_of(self.seated[ANALYST])
        for place, (written, item) in enumerate(arrived):
            if inbox.is_left_waiting(self.exercise, written, cited=self.cited):
                continue
            officer = seats.session_of(self.seated[OFFICERS[place % 2]])
            reader = officer if officer.may_see(item.label) else analyst
            inbox.weigh(self.bench, written, item, situation=self.situation.id, by=reader, analyst=analyst)

    def _assess(self, key: Key) -> None:
        assert self.situation is not None
        analyst = seats.session_of(self.seated[ANALYST])
        with bound_to(analyst):
            situation = assessment.situation(self.situation.id)
            assert situation is not None
            judging.name_what_is_at_stake(self.bench, situation, on=key.on, by=analyst)
        last = key is max(self.exercise.key.assessments, key=lambda one: one.on)
        self.played.assessment = judging.read_situation(
            self.bench, situation, key, framework=self.framework, seated=self.seated, last=last
        )

    def ask(self) -> None:
        """What the officers asked of others in the last weeks."""
        assert self.situation is not None
        with transaction.atomic():
            within.ask(self.exercise, situation=self.situation, seated=self.seated)

    def advise(self) -> None:
        """The warning and its note, to the desk of the Secretary-General."""
        assert self.played.assessment is not None and self.addressee is not None
        self.played.note = advice.play(
            advice.Advising(
                bench=self.bench,
                assessment=self.played.assessment,
                addressee=self.addressee,
                seated=self.seated,
                render=lambda note: sheet.render(note, framework=self.framework),
            )
        )


def _matched(exercise: Exercise, file: File, items: Iterable[Item]) -> list[tuple[Written, Item]]:
    """Which item of the exercise each record is: by its title, else by its place in the file."""
    left = [exercise.item(identifier) for identifier in file.items]
    pairs: list[tuple[Written, Item]] = []
    rest: list[Item] = []
    for item in items:
        same = next((one for one in left if one.title in item.title or (item.title and item.title in one.title)), None)
        if same is None:
            rest.append(item)
        else:
            left.remove(same)
            pairs.append((same, item))
    return pairs + list(zip(left, rest, strict=False))

