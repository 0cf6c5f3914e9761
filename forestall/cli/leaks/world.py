"""Seeded worlds: an office with its people, and something of each kind, so that hiding has something to hide among."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction

from forestall import frameworks
from forestall.access import actions as access
from forestall.access import decisions, labelling
from forestall.access.models import Person
from forestall.access.session import Assurance, Session, bound_to, for_person, system_reader
from forestall.advising import actions as advising
from forestall.advising.models import Warning
from forestall.assessment.actions import assessment as readings
from forestall.assessment.models import Assessment, Situation
from forestall.base.canonical import sha256
from forestall.base.clock import now
from forestall.institutions.models import (
    Counterpart,
    Mandate,
    OfficeHolder,
    Presence,
    Resolution,
    ReviewCycle,
    TreatyStatus,
    Veto,
)
from forestall.labels.label import Label, Level
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.actions import package
from forestall.monitoring.models import (
    CopyEdge,
    Gap,
    Group,
    Inequality,
    InformationRequest,
    Item,
    Run,
    Source,
    Suggestion,
)
from forestall.record import drafts, evidence
from forestall.record.actions import set_beside, write
from forestall.retention import recall, requests
from forestall.search import saved
from forestall.vault import actions as vault
from forestall.vault import deciding, keys
from forestall.vault.identities import Known
from forestall.vault.router import ALIAS

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FRAMEWORK = "unfaac-2014"
KEEPER = "system:keeper"
COMMON = "village"
"""A word that stands in much of what everybody sees."""
TERMS = package.Terms(requester="A tribunal", authority="Order 1", purpose="Case 1", received_on=NOW.date())
CANARY = "quellarine"
"""Stands in who the protected sources are, in every world; nobody opens one, so nobody is ever shown it."""
DESKS = {"karvania": "ZZK", "south": "ZZS"}
PEOPLE: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "alice": ("analyst", 3, ("karvania",)),
    "bob": ("senior_reviewer", 3, ("karvania",)),
    "dan": ("director", 3, ("karvania", "south")),
    "lee": ("liaison", 3, ("karvania",)),
    "rita": ("records_officer", 3, ("karvania", "south")),
    "rolf": ("records_officer", 3, ("karvania", "south")),
    "ivo": ("information_officer", 2, ("karvania",)),
    "ada": ("administrator", 1, ()),
    "hana": ("source_handler", 3, ("karvania",)),
    "hugo": ("source_handler", 3, ("karvania",)),
    "sid": ("source_handler", 3, ("south",)),
    "carol": ("analyst", 3, ("south",)),
    "dora": ("", 0, ()),
    "pia": ("partner", 0, ("karvania",)),
}
"""Name to role, clearance and desks."""
APART = {"source_handler": ("SRC",), "records_officer": ("LEG",)}
"""Role to what is kept apart and its holders are let into. What observers must never see may lie under LEG: none is given it."""
OBSERVERS = ("alice", "carol", "ivo", "lee", "dora", "ada", "hana", "pia")
"""Those who must learn nothing. The records officers are asked elsewhere: they see the length of the log, by their office."""


@dataclass
class World:
    """One office at one moment. `things`: what there is for everybody to meet, by kind."""

    people: dict[str, Person]
    chance: random.Random
    things: dict[str, list[Any]] = field(default_factory=dict)

    def session(self, name: str) -> Session:
        """The session of one of the people as they stand now, signed in with the strongest key."""
        return for_person(Person.objects.get(pk=self.people[name].pk), assurance=Assurance.WEBAUTHN)

    def standing(self, kind: str) -> list[Any]:
        """The things of a kind as they stand now; not those that whoever asks may no longer see."""
        return [one for met in self.things[kind] for one in type(met).objects.filter(pk=met.pk)]

    def of(self, kind: str) -> Any:
        """Any one of the things of a kind that stand."""
        return self.chance.choice(self.standing(kind))

    def put(self, kind: str, thing: Any) -> Any:
        """Note a thing under its kind."""
        self.things.setdefault(kind, []).append(thing)
        return thing


@contextmanager
def set_apart() -> Iterator[None]:
    """Whatever is written inside the block is as if it never was once the block ends, in the vault as in the office."""
    with transaction.atomic(), transaction.atomic(using=ALIAS):
        marks = {alias: transaction.savepoint(using=alias) for alias in (DEFAULT_DB_ALIAS, ALIAS)}
        try:
            yield
        finally:
            for alias, mark in marks.items():
                transaction.set_rollback(False, using=alias)  # a request that failed in the database is taken back with the rest
                transaction.savepoint_rollback(mark, using=alias)


def keeper() -> Session:
    """The system reader that sets a world up."""
    return system_reader("keeper", reason="two worlds are compared")


def staff() -> dict[str, Person]:
    """The people of every world, with their desks, roles and offices; made once in a home."""
    if keys.is_sealed():
        keys.make()
    with bound_to(keeper()) as by:
        for desk, place in DESKS.items():
            access.keep_desk(key=desk, title=desk.capitalize(), places=frozenset({place}), by=by)
        made = {}
        for name, (role, level, desks) in PEOPLE.items():
            apart = APART.get(role, ())
            compartments = frozenset((*(f"desk:{desk}" for desk in desks), *apart))
            made[name] = access.add_person(
                username=name, name=name.capitalize(), clearance=level, compartments=compartments, email=f"{name}@office.example", by=by
            )  # fmt: skip
            if role:
                access.give_role(made[name], role=role, since=date(2025, 1, 1), by=by)
        access.keep_office(key="second_reader", title="Second reader", holder=made["bob"], alternate=None, by=by)
        access.keep_office(key="director", title="Director", holder=made["dan"], alternate=None, by=by)
    return made


def furnish(people: dict[str, Person], *, seed: int) -> World:
    """A world of its own for each seed: how many things, of which desk and level, in which words."""
    world = World(people, random.Random(seed))  # noqa: S311 - a world that can be had again
    with bound_to(keeper()):
        _sources(world)
        for number in range(world.chance.randint(4, 9)):
            _item(world, number)
        _around(world)
    _observed(world)
    _judged(world)
    _asked(world)
    _protected(world)
    return world


def label_of(world: World, *, lowest: int = 0) -> Label:
    """A label that somebody among the people may well have."""
    level = Level(world.chance.randint(lowest, 2))
    desk = world.chance.choice(("karvania", "south", ""))
    return Label(level=level).within(*([f"desk:{desk}"] if desk else []))


def _sources(world: World) -> None:
    for name in ("Mission", "Wire", "Radio"):
        made = Source(name=name, key=name, collector="mail", state="active", nature="media", reliability="B")
        world.put("source", write(made.labelled(Label(level=Level.INTERNAL)), by="system:collector", verb="source added"))
    run = Run(collector="folder", started_at=now(), ended_at=now(), state="healthy", files=1, items=1)
    world.put("run", write(run.labelled(Label(level=Level.INTERNAL)), by="system:collector", verb="run started"))


def _item(world: World, number: int) -> Item:
    text = f"{COMMON} " * world.chance.randint(0, 5) + f"and the wells of number {number}"
    day = NOW - timedelta(days=world.chance.randint(1, 200))
    return item_of(world, f"Report {number}", text, label=label_of(world), day=day, source=world.of("source"))


def item_of(world: World, title: str, text: str, *, label: Label, day: datetime, source: Source) -> Item:
    """An item as a collector would keep it."""
    kept = evidence.keep(f"{title}\n{text}".encode(), name=f"{title}.txt", media_type="text", label=label, by="system:collector")
    place = world.chance.choice(tuple(DESKS.values()))
    made = Item(
        source=source, evidence=kept, collector="mail", external_id=sha256(title + text), content_hash=sha256(title + text),
        title=title, text=text, countries=[place], languages=[world.chance.choice(("en", "fr"))], published_at=day, received_at=day,
    )  # fmt: skip
    write(made.labelled(label), by="system:collector", verb="item received")
    world.put("evidence", kept)
    world.put("item", made)
    return made


def _around(world: World) -> None:
    """What stands beside the items: a copy, a suggestion, groups, counterparts."""
    newer, older = world.things["item"][:2]
    label = Label(level=Level.CONFIDENTIAL)
    edge = CopyEdge(newer=newer, older=older, edge="near", score=0.9).labelled(label)
    world.put("edge", write(edge, by="system:collector", verb="copy proposed"))
    told = Suggestion(item=newer, suggester="place", version="1", value="ZZK", score=0.8, reason="named").labelled(newer.label)
    world.put("suggestion", set_beside(told))
    for place in DESKS.values():
        group = write(Group(iso3=place, name=f"People of {place}").labelled(Label(level=Level.INTERNAL)), by=KEEPER, verb="group added")
        world.put("group", group)
        stands = Inequality(group=group, respect="resources", perception="real", text="Wells", said_by="a survey", on=NOW.date())
        write(stands.labelled(group.label), by=KEEPER, verb="inequality noted")
    body = Counterpart(kind_of_body="ministry", name="A ministry", iso3="ZZK", channel="letter").labelled(Label(level=Level.INTERNAL))
    world.put("counterpart", write(body, by=KEEPER, verb="added"))
    holder = OfficeHolder(counterpart=body, title="Minister", name="N. N.", since=date(2020, 1, 1)).labelled(body.label)
    world.put("holder", write(holder, by=KEEPER, verb="added"))
    _within(world)


def _within(world: World) -> None:
    """An operation with its presence and mandate, what an organ decided, a review, a treaty; and what was asked of it."""
    label, said = Label(level=Level.INTERNAL), {"source": "A list", "by_hand": True}
    mission = Counterpart(kind_of_body="peace_operation", name="A mission", acronym="UNM", channel="code_cable").labelled(label)
    world.put("counterpart", write(mission, by=KEEPER, verb="added"))
    for made in (
        Presence(counterpart=mission, iso3="ZZK", **said),
        Mandate(counterpart=mission, countries=["ZZK"], resolution="S/RES/1", end_date=date(2026, 12, 31), **said),
        Resolution(body="security_council", symbol="S/RES/1", title="On the hills", countries=["ZZK"], force="in_force", force_why="§ 1", **said),
        Veto(draft="S/2026/1", subject="The hills", countries=["ZZK"], cast_by=["FRA"], **said),
        ReviewCycle(body="upr", iso3="ZZK", step="dialogue", on=date(2027, 1, 1), on_precision="month", **said),
        TreatyStatus(treaty="genocide", iso3="ZZK", standing="party", **said),
    ):
        world.put(made.kind().partition(".")[2], write(made.labelled(label), by=KEEPER, verb="noted"))
    asked = InformationRequest(
        reference="RFI-1", counterpart=mission, iso3="ZZK", question=COMMON, channel="code_cable", asked_on=date(2026, 10, 1),
        due=date(2026, 11, 1), asked_by=str(world.people["alice"].pk),
    )  # fmt: skip
    world.put("asked", write(asked.labelled(label), by=KEEPER, verb="information asked"))


def _observed(world: World) -> None:
    for name in ("alice", "carol"):
        by = world.session(name)
        with bound_to(by):
            for seen in list(Item.objects.order_by("title")[:2]):
                items.grade(seen, reliability="B", credibility="2", by=by)
                made = observations.confirm(
                    item=seen, summary=f"A {COMMON} burned", on=date(2026, 10, 20), iso3=world.chance.choice(tuple(DESKS.values())),
                    indicators=[(FRAMEWORK, world.chance.choice(("7.5", "10.1", "3.2")), "raises")], by=by,
                )  # fmt: skip
                world.put("observation", made)


def _judged(world: World) -> None:
    """A situation for each desk, with a reading, a warning and a note."""
    for name, desk in (("alice", "karvania"), ("carol", "south")):
        by = world.session(name)
        with bound_to(keeper()):
            made = Situation(title=f"Hills of {desk}", places=[DESKS[desk]], desk=desk, state="watch", opened_on=NOW.date(),
                             reason="Lists", review_due=date(2026, 12, 1), lead=by.person_id)  # fmt: skip
            label = Label(level=Level.CONFIDENTIAL).within(f"desk:{desk}")
            world.put("situation", write(made.labelled(label), by=by.person_id, verb="situation opened"))
            gap = Gap(situation_id=made.id, iso3=DESKS[desk], question="Who holds the wells?").labelled(label)
            world.put("gap", write(gap, by=by.person_id, verb="gap opened"))
        with bound_to(by):
            reading = readings.draft(made, framework=frameworks.load(FRAMEWORK), on=NOW.date(), by=by)
            readings.judge(reading, number="7.5", presence="present", trend="deteriorating", confidence="low", note="The lists.", by=by)
            world.put("assessment", reading)
            _warned(world, reading, by=by)


def known_as(word: str) -> Known:
    """Somebody whose every field tells who it is."""
    return Known(name=f"{word} Varn", contact=f"{word}@post.example", location=word, reach=word, never=word, notes=word, words=(word,))


def _protected(world: World) -> None:
    """Sources whose identity is in the vault, one for each desk that has handlers, and a handover that waits."""
    for name, desk in (("hana", "karvania"), ("sid", "south")):
        by = world.session(name)
        with bound_to(by):
            one = vault.protect(known_as(CANARY), desk=desk, scopes=["analyse"], by=by)
            if name == "hana":
                world.put("pseudonym", one)
                made = deciding.prepare_handover(
                    desk=desk, giver=by.person_id, taker=str(world.people["hugo"].pk), sources=[one], reason="She leaves.", by=by
                )
                world.put("decision", made)
                world.put("handover", decisions.subject_of(made))


def _warned(world: World, reading: Assessment, *, by: Session) -> None:
    """Put down as they stand: an issued reading would need all its fourteen factors."""
    warning = Warning(situation=reading.situation, assessment=reading, title="The hills", likelihood="likely", confidence="low",
                      until=date(2027, 1, 1), raised_by=by.person_id, raised_at=now()).labelled(reading.label)  # fmt: skip
    world.put("warning", write(warning, by=by.person_id, verb="warning raised"))
    note = advising.draft_note(warning, subject="The hills", by=by)
    world.put("note", note)
    told = advising.recommend(note, text="Send somebody.", lead="the Office", due=date(2026, 12, 1), by=by)
    world.put("recommendation", told)


def _asked(world: World) -> None:
    """What people keep for themselves, and what waits for a second person."""
    for name in OBSERVERS:
        by = world.session(name)
        with bound_to(by):
            world.put("saved", saved.keep(name="Wells", text=COMMON, narrowed={}, notify=True, by=by))
            drafts.keep(person=by.person_id, form="upload", fields={"why": ["because"]}, level=by.level)
    rita = world.session("rita")
    with bound_to(rita):
        about = Item.objects.order_by("title").first()
        assert about is not None
        world.put("package", package.register(TERMS, things=[package.of_item(about)], by=rita))
        world.put("decision", decisions.propose(labelling.EXPUNGE, about=about, reason="It names a child.", by=rita))
        asked = requests.enter(wants="erasure", received_on=NOW.date(), name="Somebody", contact="", identity="seen", text=COMMON, by=rita)
        requests.link(world.put("request", asked), thing=about, by=rita)
        recall.withdraw_consent(world.of("item"), scopes=frozenset(), reason="They asked.", by=rita)
        world.put("recall", recall.recalls()[0])
