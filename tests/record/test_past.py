"""What did we know on that day? Asked with the very same queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.institutions import queries
from forestall.institutions.models import Counterpart, OfficeHolder
from forestall.labels.label import Label, Level
from forestall.record.actions import write

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE = (datetime(2026, month, 1, 9, tzinfo=UTC) for month in (4, 5, 6))


def counterpart(name: str, level: Level = Level.INTERNAL) -> Counterpart:
    return Counterpart(kind_of_body="ministry", name=name, channel="letter").labelled(Label(level))


def names_as_of(session: Any, day: date) -> list[str]:
    with bound_to(replace(session, as_of=day)):
        return [found.name for found in queries.counterparts()]


def test_a_past_day_shows_what_stood_then(keeper: Any) -> None:
    with clock.fixed(APRIL):
        first = write(counterpart("Ministry of Wells"), by="x", verb="added")
    with clock.fixed(MAY):
        first.name = "Ministry of Water"
        write(first, by="x", verb="renamed")
        write(counterpart("Ministry of Roads"), by="x", verb="added")

    assert names_as_of(keeper, date(2026, 3, 31)) == []
    assert names_as_of(keeper, date(2026, 4, 1)) == ["Ministry of Wells"]
    assert names_as_of(keeper, date(2026, 5, 1)) == ["Ministry of Roads", "Ministry of Water"]
    assert [found.name for found in queries.counterparts()] == ["Ministry of Roads", "Ministry of Water"]


def test_relations_are_followed_in_the_past_too(keeper: Any) -> None:
    with clock.fixed(APRIL):
        ministry = write(counterpart("Ministry of Wells"), by="x", verb="added")
        holder = OfficeHolder(counterpart=ministry, title="Minister", name="A. Varn", since=date(2026, 1, 1))
        write(holder.labelled(Label(Level.INTERNAL)), by="x", verb="added")
    with clock.fixed(MAY):
        ministry.name = "Ministry of Water"
        write(ministry, by="x", verb="renamed")

    with bound_to(replace(keeper, as_of=date(2026, 4, 15))):
        assert str(queries.office_holders(on=date(2026, 4, 15))[0]) == "Minister, Ministry of Wells"


def test_the_past_opens_nothing_that_the_present_has_closed(
    keeper: Any, session_of: Callable[..., Any]
) -> None:
    with clock.fixed(APRIL):
        thing = write(counterpart("Ministry of Wells"), by="x", verb="added")
    with clock.fixed(MAY):
        thing.label = thing.label.within("desk:south")
        write(thing, by="x", verb="label raised")
    alice, carol = session_of("alice"), session_of("carol")

    assert names_as_of(alice, date(2026, 4, 15)) == []
    assert names_as_of(carol, date(2026, 4, 15)) == ["Ministry of Wells"]


def test_the_past_does_not_show_what_was_closed_then(keeper: Any, session_of: Callable[..., Any]) -> None:
    with clock.fixed(APRIL):
        thing = write(counterpart("Ministry of Wells", Level.STRICTLY_CONFIDENTIAL), by="x", verb="added")
    with clock.fixed(JUNE):
        thing.label = Label(Level.INTERNAL)
        write(thing, by="x", verb="label lowered")

    ivo = session_of("ivo")
    assert names_as_of(ivo, date(2026, 5, 1)) == []
    assert names_as_of(ivo, date(2026, 6, 2)) == ["Ministry of Wells"]


def test_nobody_acts_while_looking_at_a_past_day(session_of: Callable[..., Any]) -> None:
    alice = replace(session_of("alice"), as_of=date(2026, 4, 1))

    assert not alice.may("assessment.draft")
