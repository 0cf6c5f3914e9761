"""What is hidden: things of every kind under a label that the observer is below, and what others do with such things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from forestall.access import actions as access
from forestall.access import decisions, labelling
from forestall.access.models import Notice
from forestall.access.session import Session, bound_to
from forestall.advising.models import AdvisoryNote, Recommendation, Warning
from forestall.assessment.models import Assessment, Judgement, Situation
from forestall.base.words import say
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
from forestall.monitoring.actions import package, protecting
from forestall.monitoring.models import (
    CopyEdge,
    Gap,
    Grading,
    Group,
    IndicatorLink,
    InformationRequest,
    Observation,
    Passage,
    Quarantine,
    Source,
)
from forestall.record import actions as record
from forestall.record import drafts, evidence
from forestall.record.actions import expunge, write
from forestall.search import saved
from forestall.vault import actions as vault
from forestall.vault.models import Handover

from .world import COMMON, FRAMEWORK, KEEPER, NOW, TERMS, World, item_of, keeper, known_as

WORD = "zanziphore"
"""Stands in the hidden world alone: in every text of what is hidden."""
NOW_ON = NOW + timedelta(hours=1)
Hide = Callable[[World, Label], list[Any]]
"""Puts something down under a label, and returns it."""


@dataclass(frozen=True)
class Hidden:
    """A kind of hidden thing or activity. `before` stands in both worlds already; `act` happens in one alone."""

    name: str
    act: Callable[[World, Label, list[Any]], list[Any]]
    before: Hide | None = None


def unseen_by(world: World, observer: str) -> Label:
    """Some label that the observer may not see under, however strongly they sign in."""
    sight = world.session(observer)
    others = [str(person.pk) for name, person in world.people.items() if name != observer]
    while True:
        label = _any_label(world, others)
        if not sight.may_see(label):
            return label


def _any_label(world: World, others: list[str]) -> Label:
    draw = world.chance
    desk = draw.choice(("desk:karvania", "desk:south", "SRC", "SURV", "DIP"))
    label = Label(Level(draw.randint(1, 3)), frozenset(draw.sample([desk, "SRC", "LEG"], k=draw.randint(0, 2))))
    turn = draw.randrange(6)
    if turn == 0:
        return replace(label, audience=frozenset(draw.sample(others, k=2)))
    if turn == 1:
        return replace(label, embargo_until=NOW + timedelta(days=draw.randint(1, 90)))
    if turn == 2:
        return replace(label, consent=frozenset({"collect"}))
    if turn == 3:
        return replace(label, quarantined=True)
    return label


def _item(world: World, label: Label) -> list[Any]:
    source = world.of("source")
    text = f"{WORD} speaks of the {COMMON} {COMMON} {COMMON}"
    return [item_of(world, f"On {WORD}", text, label=label, day=NOW - timedelta(days=world.chance.randint(0, 400)), source=source)]


def _of_new_source(world: World, label: Label) -> list[Any]:
    made = Source(name=WORD, key=WORD, collector="mail", state="active", reliability="A", iso3="ZZS").labelled(label)
    source = write(made, by=KEEPER, verb="source added")
    return [source, item_of(world, WORD, COMMON, label=label, day=NOW, source=source)]


def _observation(world: World, label: Label) -> list[Any]:
    (item,) = _item(world, label)
    graded = Grading(item=item, reliability="A", credibility="1", number=1, by=KEEPER, at=NOW).labelled(label)
    seen = Observation(summary=WORD, on=date(2026, 11, 19), iso3=world.chance.choice(("ZZK", "ZZS"))).labelled(label)
    parts = [
        write(graded, by=KEEPER, verb="graded"), write(seen, by=KEEPER, verb="confirmed"),
        write(Passage(observation=seen, item=item, quote=WORD).labelled(label), by=KEEPER, verb="rested"),
        write(IndicatorLink(observation=seen, framework=FRAMEWORK, number="10.1", direction="raises").labelled(label), by=KEEPER, verb="linked"),
    ]  # fmt: skip
    return [item, *parts]


def _copy(world: World, label: Label) -> list[Any]:
    """A hidden item that repeats, or is repeated by, something everybody sees."""
    other = world.of("item")
    (item,) = _item(world, label)
    newer, older = (item, other) if world.chance.random() < 0.5 else (other, item)
    edge = CopyEdge(newer=newer, older=older, edge="near", score=0.9, state="confirmed").labelled(label)
    return [item, write(edge, by=KEEPER, verb="copy proposed")]


def _corroboration(world: World, label: Label) -> list[Any]:
    """A hidden item on which an observation rests that the observer may see: its weight must not show."""
    (item,) = _item(world, label)
    seen = world.of("observation")
    return [item, write(Passage(observation=seen, item=item, quote=WORD).labelled(label), by=KEEPER, verb="rested")]


def _grading(world: World, label: Label) -> list[Any]:
    """A hidden grade of an item that the observer may see."""
    one = world.of("item")
    return [write(Grading(item=one, reliability="E", credibility="5", reason=WORD, number=9, by=KEEPER, at=NOW_ON).labelled(label), by=KEEPER, verb="graded")]


def _situation(world: World, label: Label) -> list[Any]:
    made = Situation(title=f"The {WORD} situation", places=["ZZK"], desk="south", state="alert", opened_on=NOW.date(),
                     reason=WORD, review_due=date(2026, 1, 1), lead=str(world.people["bob"].pk)).labelled(label)  # fmt: skip
    write(made, by=KEEPER, verb="situation opened")
    reading = Assessment(situation=made, framework=FRAMEWORK, edition="x", on=NOW.date(), author=KEEPER, state="issued", summary=WORD)
    return [made, write(reading.labelled(label), by=KEEPER, verb="assessment drafted"), *_warned(made, reading, label)]


def _warned(made: Situation, reading: Assessment, label: Label) -> list[Any]:
    warning = Warning(situation=made, assessment=reading, title=WORD, likelihood="likely", confidence="low", until=date(2027, 1, 1),
                      raised_by=KEEPER, raised_at=NOW).labelled(label)  # fmt: skip
    write(warning, by=KEEPER, verb="warning raised")
    note = AdvisoryNote(warning=warning, reference="AN-777777", language="en", subject=WORD, author=KEEPER, sections={}).labelled(label)
    write(note, by=KEEPER, verb="note drafted")
    told = Recommendation(note=note, text=WORD, lead=WORD, due=date(2026, 1, 1), factors=[]).labelled(label)
    return [warning, note, write(told, by=KEEPER, verb="recommended")]


def _reading(world: World, label: Label) -> list[Any]:
    """A hidden reading and judgement under a situation that others of the desk may see."""
    made = Assessment(situation=world.of("situation"), framework=FRAMEWORK, edition="x", on=NOW.date() + timedelta(days=1),
                      author=KEEPER, state="issued", summary=WORD).labelled(label)  # fmt: skip
    write(made, by=KEEPER, verb="assessment drafted")
    judged = Judgement(assessment=world.of("assessment"), number="7.5", presence="severe", trend="deteriorating", confidence="high",
                       note=WORD, by=KEEPER, at=NOW_ON).labelled(label)  # fmt: skip
    return [made, write(judged, by=KEEPER, verb="judged")]


def _warning(world: World, label: Label) -> list[Any]:
    """A hidden warning and note on a reading that is there."""
    reading = world.of("assessment")
    return _warned(reading.situation, reading, label)


def _counterpart(world: World, label: Label) -> list[Any]:
    body = write(Counterpart(kind_of_body="ministry", name=WORD, iso3="ZZK", channel="letter").labelled(label), by=KEEPER, verb="added")
    holder = OfficeHolder(counterpart=world.of("counterpart"), title=WORD, name=WORD, since=date(2021, 1, 1)).labelled(label)
    return [body, write(holder, by=KEEPER, verb="added")]


def _within(world: World, label: Label) -> list[Any]:
    """Where an operation that everybody sees is present, its next mandate, what was decided and what it was asked: all hidden."""
    mission, said = world.of("presence").counterpart, {"source": WORD}
    made = [
        Presence(counterpart=mission, iso3="ZZS", **said),
        Mandate(counterpart=mission, countries=["ZZK"], resolution=WORD, first_day=date(2026, 11, 1), end_date=date(2027, 6, 1), **said),
        Resolution(body="security_council", symbol=WORD, title=WORD, countries=["ZZK"], force="in_force", force_why=WORD, **said),
        Veto(draft=WORD, subject=WORD, countries=["ZZK"], **said),
        ReviewCycle(body="upr", iso3="ZZK", step="session", on=date(2026, 12, 1), note=WORD, **said),
        TreatyStatus(treaty="rome", iso3="ZZK", standing="signed", **said),
        InformationRequest(reference=WORD, counterpart=mission, iso3="ZZK", question=WORD, channel="code_cable", asked_on=date(2026, 10, 1),
                           due=date(2026, 11, 2), asked_by=str(world.people["bob"].pk)),
    ]  # fmt: skip
    return [write(one.labelled(label), by=KEEPER, verb="noted") for one in made]


def _group(world: World, label: Label) -> list[Any]:
    gap = Gap(situation_id=world.of("situation").id, iso3="ZZK", question=WORD, due=date(2026, 1, 1)).labelled(label)
    return [write(gap, by=KEEPER, verb="gap opened"), write(Group(iso3="ZZK", name=WORD).labelled(label), by=KEEPER, verb="group added")]


def _quarantine(world: World, label: Label) -> list[Any]:
    shut = replace(label, quarantined=True)
    kept = evidence.keep(WORD.encode(), name=WORD, media_type="unknown", label=shut, by="system:collector")
    made = Quarantine(evidence=kept, run=world.of("run"), name=WORD, collector="mail", message=WORD).labelled(shut)
    return [write(made, by=KEEPER, verb="set aside")]


def _vault(world: World, label: Label) -> list[Any]:
    """A source whose identity is kept apart."""
    return _of_new_source(world, Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC", "SURV", "apart"}), audience=label.audience))


def _protected(world: World, label: Label) -> list[Any]:
    """One more protected source, of the desk that no observer is a handler of."""
    return [vault.protect(known_as(WORD), desk="south", by=_bound())]


def _source_protected(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """Who sent what is hidden goes into the vault."""
    return [protecting.protect(hidden[0], known=known_as(WORD), desk="south", by=_bound())]


def _handed_over(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """A source that the observer may not see is to change hands, and is proposed to be opened."""
    one = vault.protect(known_as(WORD), desk="south", by=_bound())
    return [one, write(Handover(desk="south", giver="x", taker="y", sources=[str(one.id)]).labelled(one.label), by=KEEPER, verb="handover prepared")]


def _now(hide: Hide) -> Callable[[World, Label, list[Any]], list[Any]]:
    return lambda world, label, _: hide(world, label)


def _edited(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    hidden[0].title = f"{WORD} {COMMON} again"
    return [write(hidden[0], by=KEEPER, verb="edited")]


def _graded(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    return [items.grade(hidden[0], reliability="A", credibility="1", by=keeper())]


def _raised(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    closer = replace(label, level=Level.STRICTLY_CONFIDENTIAL, compartments=label.compartments | {"LEG"})
    labelling.hold_closer(hidden[0], label=closer, by=_bound())
    return []


def _lowered(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """From something still higher to what is hidden all the same."""
    return [write(hidden[0].labelled(replace(label, hold=True)), by=KEEPER, verb="label lowered")]


def _commented(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    gap = Gap(iso3="ZZK", question=f"{WORD}?").labelled(label)
    access.tell([str(world.people["bob"].pk)], words=say("A saved search has something new."), kind="monitoring.item", object_id=hidden[0].id)
    return [write(gap, by=KEEPER, verb="gap opened")]


def _removed(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    expunge(hidden[0], by="rita", second="rolf", reason=WORD)
    return []


def _proposed(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    by = keeper()
    reach = replace(label, level=max(label.level, Level.CONFIDENTIAL), compartments=label.compartments | {"desk:karvania"})
    write(hidden[0].labelled(replace(reach, audience=frozenset(), consent=frozenset(), quarantined=False, compartments=frozenset({"desk:karvania", "desk:south", "LEG"}), level=Level.STRICTLY_CONFIDENTIAL, embargo_until=None)), by=by.person_id, verb="label raised")  # fmt: skip
    rita = world.session("rita")
    with bound_to(rita):
        return [decisions.propose(labelling.EXPUNGE, about=hidden[0], reason=WORD, by=rita)]


def _opened(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """A compartment opened for somebody else in an emergency; the observer is not of those who are told."""
    from forestall.access.models import EmergencyGrant, Opening

    bob = str(world.people["bob"].pk)
    made = Opening(person=bob, compartment="SURV", by=bob, second=KEEPER, reason=WORD, since=NOW, until=NOW + timedelta(minutes=60))
    made.labelled(Label(Level.INTERNAL, audience=frozenset({bob})))
    write(made, by=KEEPER, verb="opened in an emergency")
    EmergencyGrant.objects.create(opening=made.id, person=world.people["bob"], compartment="SURV", since=NOW, until=made.until)
    access.tell([bob], words=say("A saved search has something new."), kind=Opening.kind(), object_id=made.id)
    return [made]


def _kept_by_another(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """A search, a draft and a notice of somebody else's."""
    bob = world.session("bob")
    with bound_to(bob):
        made = saved.keep(name=f"{WORD} {world.chance.random()}", text=WORD, narrowed={}, notify=True, by=bob)
        drafts.keep(person=bob.person_id, form="upload", fields={"why": [WORD]}, level=bob.level)
    access.tell([bob.person_id], words=say("A saved search has something new."), kind=saved.KIND, object_id=made.id)
    return [made, Notice.objects.filter(person_id=bob.person_id).last()]


def _asked_for(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """A request for evidence that asks for the hidden item beside one that everybody meets."""
    if label.quarantined:
        return []  # nobody may ask for what nobody has read
    rita, by = world.session("rita"), keeper()
    things = [package.Asked(one.evidence, one) for one in (world.of("item"), hidden[0])]
    made = package.register(replace(TERMS, requester=WORD, purpose=WORD), things=things, by=by)
    record.note(by=rita.person_id, verb="exported", kind=made.kind(), object_id=made.id)
    return [made]


def _looked_at(world: World, label: Label, hidden: list[Any]) -> list[Any]:
    """Somebody who may opens the hidden item."""
    items.note_viewed(hidden[0], by=keeper())
    return []


def _bound() -> Session:
    from forestall.access.session import current

    return current()


HIDING: dict[str, Hidden] = {
    told.name: told
    for told in (
        Hidden("V04 an item", _now(_item)), Hidden("V05 an item of a new source", _now(_of_new_source)),
        Hidden("V16 an observation", _now(_observation)), Hidden("V13 a copy of something seen", _now(_copy)),
        Hidden("V20 an observation rests on it too", _now(_corroboration)), Hidden("V16 another grade", _now(_grading)),
        Hidden("V10 a situation with its note", _now(_situation)), Hidden("V16 a further reading", _now(_reading)),
        Hidden("V16 a further warning", _now(_warning)), Hidden("V33 a counterpart", _now(_counterpart)),
        Hidden("V33 what a counterpart is there for and was asked", _now(_within)),
        Hidden("V05 a group and a gap", _now(_group)), Hidden("V24 a file in quarantine", _now(_quarantine)),
        Hidden("V33 a source kept apart", _now(_vault)), Hidden("V15 edited", _edited, _item), Hidden("V16 graded", _graded, _item),
        Hidden("V30 raised", _raised, _item), Hidden("V15 lowered, and hidden still", _lowered, _item),
        Hidden("V24 asked about", _commented, _item), Hidden("V08 expunged", _removed, _item),
        Hidden("V24 proposed for removal", _proposed, _item), Hidden("A16 opened in an emergency", _opened),
        Hidden("V33 a protected source", _now(_protected)), Hidden("V33 its source protected", _source_protected, _item),
        Hidden("V33 a source handed over", _handed_over),
        Hidden("V21 kept by another", _kept_by_another), Hidden("V24 looked at", _looked_at, _item),
        Hidden("V30 asked for by a court", _asked_for, _item),
    )
}  # fmt: skip
