"""Any past day of any history is what a plain replay of its writes gives; and every page that takes a day shows it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.institutions.models import Counterpart, OfficeHolder
from forestall.labels.label import Label, Level
from forestall.monitoring.models import Source
from forestall.record import actions
from forestall.record.models import Recorded
from forestall.record.resting import raise_label

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 3, 1)
DAYS = 12
KINDS = (Counterpart, OfficeHolder, Source)
Shown = dict[UUID, str]


def moment(day: int, hour: int = 9) -> datetime:
    return datetime(BEGAN.year, BEGAN.month, BEGAN.day, hour, tzinfo=UTC) + timedelta(days=day)


def new(kind: type[Recorded], draw: random.Random, things: list[Recorded]) -> Recorded:
    label = Label(Level(draw.choice((0, 1, 1, 2, 3))))
    name = f"name {draw.randrange(10**6)}"
    if kind is Counterpart:
        return Counterpart(kind_of_body="ministry", name=name, channel="letter").labelled(label)
    if kind is Source:
        return Source(name=name, key=name, collector="mail", state="active").labelled(label)
    at = draw.choice([one for one in things if isinstance(one, Counterpart)])
    return OfficeHolder(counterpart=at, title=name, name="A. Varn", since=BEGAN).labelled(label)


def changed(thing: Recorded, draw: random.Random) -> Recorded:
    setattr(thing, "title" if isinstance(thing, OfficeHolder) else "name", f"name {draw.randrange(10**6)}")
    return thing


class Replay:
    """What a reader would have seen at the end of each day, kept beside the record by plain copying."""

    def __init__(self) -> None:
        self.now: dict[UUID, tuple[str, Label]] = {}
        self.at_end: list[dict[UUID, tuple[str, Label]]] = []

    def write(self, thing: Recorded) -> None:
        self.now[thing.id] = (thing.payload(), thing.label)

    def end_day(self) -> None:
        self.at_end.append(dict(self.now))

    def seen(self, day: int, *, level: int) -> Shown:
        """As it stood then, of what was within reach then and is still within reach today."""
        return {
            one: payload
            for one, (payload, label) in self.at_end[day].items()
            if _within(label, level) and _within(self.now[one][1], level)
        }


def _within(label: Label, level: int) -> bool:
    return label.level <= level and not label.expunged


def history(draw: random.Random) -> Replay:
    """Some days of adding, changing, raising and removing things of several kinds."""
    replay, things = Replay(), []
    for day in range(DAYS):
        for act in range(draw.randrange(4)):
            with clock.fixed(moment(day, 9 + act)):
                _act(draw, things, replay)
        replay.end_day()
    return replay


def _act(draw: random.Random, things: list[Recorded], replay: Replay) -> None:
    standing = [one for one in things if not one.expunged]
    what = draw.choice(("add", "add", "change", "change", "raise", "remove")) if standing else "add"
    if what == "add":
        kinds = KINDS if any(isinstance(one, Counterpart) for one in standing) else (Counterpart, Source)
        thing = new(draw.choice(kinds), draw, standing)
        things.append(actions.write(thing, by="alice", verb="added"))
    else:
        thing = draw.choice(standing)
        if what == "change":
            actions.write(changed(thing, draw), by="alice", verb="changed")
        elif what == "raise":
            raise_label(thing, label=Label(Level(min(3, thing.label.level + 1)), frozenset()), by="alice")
        else:
            actions.expunge(thing, by="rita", second="rolf", reason="asked")
    replay.write(thing)


def as_of(reader: Any, day: int) -> Shown:
    with bound_to(replace(reader, as_of=BEGAN + timedelta(days=day), _scopes={}, querysets={})):
        return {one.id: one.payload() for kind in KINDS for one in kind.objects.all()}


@pytest.mark.parametrize("seed", range(8))
def test_any_day_of_any_history_is_what_a_plain_replay_gives(keeper: Any, seed: int) -> None:
    from forestall.access.session import system_reader

    replay = history(random.Random(seed))
    for level in (0, 1, 3):
        reader = system_reader("keeper", reason="a test", level=level)
        with clock.fixed(moment(DAYS)):
            for day in range(-1, DAYS):
                assert as_of(reader, day) == (replay.seen(day, level=level) if day >= 0 else {}), (seed, level, day)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 160))
def test_any_day_of_many_more_histories_is_what_a_plain_replay_gives(keeper: Any, seed: int) -> None:
    test_any_day_of_any_history_is_what_a_plain_replay_gives(keeper, seed)


def test_what_was_removed_since_is_in_no_past_day(keeper: Any) -> None:
    with clock.fixed(moment(0)):
        thing = actions.write(
            Counterpart(kind_of_body="ministry", name="gone", channel="letter").labelled(Label(Level.PUBLIC)), by="a", verb="added"
        )
    with clock.fixed(moment(3)):
        actions.expunge(thing, by="rita", second="rolf", reason="asked")
    assert as_of(keeper, 1) == {}


LISTS = ("/inbox/", "/situations/", "/warnings/", "/sources/", "/counterparts/", "/record/", "/states/", "/states/KEN/",
         "/forecasts/", "/morning/")  # fmt: skip
EXPORTED = ("/inbox/", "/situations/", "/warnings/", "/counterparts/", "/record/")
APRIL, MAY, JUNE = (datetime(2026, month, 10, 9, tzinfo=UTC) for month in (4, 5, 6))


def written(word: str, make_item: Callable[..., Any], session: Any) -> dict[str, Any]:
    """One thing for every list, under names that begin with `word`."""
    from forestall.assessment.actions.situation import open_situation

    item = make_item(f"{word} item", "text", source=f"{word} source", published=clock.now())
    ministry = Counterpart(kind_of_body="ministry", name=f"{word} ministry", channel="letter")
    actions.write(ministry.labelled(Label(Level.INTERNAL)), by="system:keeper", verb="added")
    with bound_to(session):
        situation = open_situation(
            title=f"{word} situation", places=["KEN"], reason="tension", desk="karvania", by=session
        )
    return {"item": item, "situation": situation}


def text(response: Any) -> str:
    """The page without what is new at each asking."""
    assert response.status_code == 200, response.request["PATH_INFO"]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def pages_of(browser: Any, things: dict[str, Any]) -> dict[str, str]:
    """Every page that takes a day, and every file of one, as of 20 April."""
    own = (f"/items/{things['item'].id}/", f"/situations/{things['situation'].id}/", f"/sources/{things['item'].source_id}/")
    shown = {address: text(browser.get(f"{address}?as_of=2026-04-20")) for address in (*LISTS, *own)}
    files = {
        f"{address} as a file": text(browser.get(f"{address}?as_of=2026-04-20&format=csv")) for address in EXPORTED
    }
    return {**shown, **files}


def test_no_page_and_no_file_of_a_past_day_shows_what_came_later(
    make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    with clock.fixed(APRIL):
        things = written("Early", make_item, session_of("alice"))
    with clock.fixed(JUNE):
        alone = pages_of(signed_in("alice"), things)
    with clock.fixed(MAY):
        written("Later", make_item, session_of("alice"))
        with bound_to(session_of("alice")):
            ministry = next(one for one in Counterpart.objects.all() if one.name == "Early ministry")
            ministry.name = "Later name of an early ministry"
            actions.write(ministry, by="alice", verb="renamed")
    with clock.fixed(JUNE):
        after = pages_of(signed_in("alice"), things)
        today = text(signed_in("alice").get("/counterparts/"))
    assert "Later" in today
    for address, page in after.items():
        assert "Later" not in page, address
        if "morning" not in address:
            assert page == alone[address], address
    for address in ("/inbox/", "/situations/", "/counterparts/", "/sources/"):
        assert "Early" in after[address], address
    for address in EXPORTED:
        assert "Early" in after[f"{address} as a file"] or "warnings" in address, address
