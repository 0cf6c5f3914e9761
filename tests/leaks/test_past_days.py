"""A past day is answered today as it was answered then: on every page, list and file, whatever came after.

Once against a plain replay of the entries, written without the code that answers past days; once by asking every address
of the same day before and after an office went on working.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from forestall.access import labelling
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.cli.leaks import world as worlds
from forestall.cli.leaks.comparing import still
from forestall.cli.leaks.hiding import HIDING
from forestall.cli.leaks.observing import PART, PARTS, WORDS, Asked, Observer, patterns
from forestall.labels.label import Label, Level, unspell
from forestall.labels.models import everything
from forestall.record.models import Entry, Payload, Revision
from forestall.record.verification import recorded_models
from tests.access.second_predicate import Paper, Reader, objections

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
DAYS = 4
FIRST = worlds.NOW
LATER = FIRST + timedelta(days=DAYS)


def on(number: int) -> Any:
    """Inside the block it is nine in the morning of the day so many after the first."""
    return clock.fixed(FIRST + timedelta(days=number))


def worked_on(world: worlds.World, number: int, *, label: Label) -> None:
    """A day's work of others: things of some kinds are put down, graded, changed, raised, taken away."""
    draw = random.Random(f"{number} {label.level}")
    known = {kind: list(those) for kind, those in world.things.items()}
    with bound_to(worlds.keeper()):
        for kind in draw.sample(list(HIDING.values()), k=6):
            before = kind.before(world, label) if kind.before else []
            for one in before:
                one.refresh_from_db()
            kind.act(world, label, before)
    world.things = known


# --- the plain replay -------------------------------------------------------------------------------------------------


def replayed(day: date) -> dict[str, dict[str, dict[str, Any]]]:
    """Kind to id to the last content written by the end of a day, entry by entry."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    written = {one.entry_seq: one for one in everything(Revision)}
    content = {one.revision_id: one.body for one in everything(Payload)}
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for place in sorted(Entry.objects.values_list("seq", flat=True)):
        revision = written.get(place)
        if revision is None or revision.recorded_at >= after:
            continue
        if revision.id in content:
            found.setdefault(revision.kind, {})[str(revision.object_id)] = json.loads(content[revision.id])
        else:
            found.get(revision.kind, {}).pop(str(revision.object_id), None)
    return found


def paper(body: dict[str, Any]) -> Paper:
    """A label as the content of a thing carries it."""
    until = body["embargo_until"]
    return Paper(
        level=body["level"],
        needs=frozenset(unspell(body["compartments"])),
        addressed_to=frozenset(unspell(body["audience"])),
        not_before=datetime.fromisoformat(until) if until else None,
        in_quarantine=body["quarantined"],
        destroyed=body["expunged"],
        agreed_to=frozenset(unspell(body["consent"])),
    )


def reader(session: Any) -> Reader:
    sight = session.sight
    return Reader(
        name=sight.person, clearance=int(sight.level), holds=frozenset(sight.compartments or ()), account_open=sight.active,
        reviews=sight.reviewer, purpose=sight.purpose, is_system=sight.compartments is None,
    )  # fmt: skip


def open_to(session: Any, body: dict[str, Any]) -> bool:
    """Whether nothing speaks against showing this content, by the policy written a second time."""
    return not list(objections(reader(session), paper(body), at=LATER))


@pytest.fixture
def office_at_work(office: dict[str, Any]) -> Iterator[worlds.World]:
    """A world furnished on the first day, with four days of work in it, some of it above everybody's clearance."""
    with still("past days"):
        with on(0):
            world = worlds.furnish(office, seed=4)
        for number in range(1, DAYS):
            with on(number):
                worked_on(world, number, label=Label(Level.CONFIDENTIAL))
                worked_on(world, number, label=Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC"})))
        with on(DAYS):
            with bound_to(worlds.keeper()) as keeper:
                for item in world.things["item"][:3]:  # seen until today, and on no day from now on
                    item.refresh_from_db()
                    labelling.hold_closer(item, label=item.label.within("LEG"), by=keeper)
            yield world


def test_every_past_day_is_what_a_plain_replay_of_the_entries_says(office_at_work: worlds.World) -> None:
    compared, now_is = 0, replayed(date(9998, 1, 1))
    for number in range(-1, DAYS):
        day = (FIRST + timedelta(days=number)).date()
        then = replayed(day)
        for name in ("alice", "carol", "ivo", "dora", "rita"):
            session = office_at_work.session(name)
            with bound_to(replace(session, as_of=day)):
                found = {
                    model.kind(): {str(one.pk): json.loads(one.payload()) for one in model.objects.all()}  # type: ignore[attr-defined]
                    for model in recorded_models()
                }
            for kind, those in found.items():
                expected = {
                    key: body
                    for key, body in then.get(kind, {}).items()
                    if key in now_is[kind] and open_to(session, body) and open_to(session, now_is[kind][key])
                }
                assert those == expected, (name, day, kind)
                compared += len(those)
    assert compared > 400


# --- every address, before and after ----------------------------------------------------------------------------------

ASKED = ("?as_of={day}", "?as_of={day}&format=csv")
MORE = ("?as_of={day}&q=village", "?as_of={day}&format=xlsx")
OF_TODAY = {"account_logout"}
"""Addresses that end the session they are asked in."""


def addresses(world: worlds.World, *, fillings: int) -> Iterator[str]:
    """Every address, filled with so many things of the first day whose kind fits."""
    for pattern in patterns():
        if pattern.name in OF_TODAY:
            continue
        parts = [part["name"] for part in PART.finditer(str(pattern.pattern))]
        for number in range(fillings if parts else 1):
            filled: dict[str, str] = {}
            for part in parts:
                choices = WORDS[part] if part in WORDS else [str(one.pk) for kind in (PARTS[part] or ("item",)) for one in world.things.get(kind, [])]
                filled[part] = choices[number % len(choices)] if choices else "77777777-7777-4777-8777-777777777777"
            yield "/" + PART.sub(lambda part: filled[part["name"]], str(pattern.pattern))  # noqa: B023 - used at once


@pytest.mark.parametrize(
    ("name", "fillings", "ways"),
    [("alice", 1, ASKED), *(pytest.param(name, 2, ASKED + MORE, marks=pytest.mark.full) for name in ("alice", "rita", "carol"))],
)
def test_every_page_and_file_of_a_past_day_stays_what_it_was(
    office: dict[str, Any], name: str, fillings: int, ways: tuple[str, ...]
) -> None:
    with still("pages of past days") as chance:
        with on(0):
            world = worlds.furnish(office, seed=4)
        day = FIRST.date().isoformat()
        observer = Observer(world.people[name])

        def answer(address: str, how: str) -> Any:
            one = Asked("get", address + how.format(day=day))
            with worlds.set_apart():
                chance.again(str(one))
                return observer.again().ask(one)

        def answers(asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
            return {(address, how): answer(address, how) for address, how in asked}

        with on(1):
            shown = [address for address in addresses(world, fillings=fillings) if answer(address, "").status == 200]
            before = answers((address, how) for address in shown for how in ways)
        for number in (2, 3):
            with on(number):
                worked_on(world, number, label=Label(Level.INTERNAL))
        with on(1):
            after = answers(before)
        assert len(shown) > 24
        told = [f"{address}{how}: {one.differs(after[address, how])}" for (address, how), one in before.items()]
        assert [line for line in told if not line.endswith(": ")] == []
