"""Two worlds that differ by one hidden thing, or by what others do with it, are the same to whoever may not see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from forestall.base.errors import Refused
from forestall.cli.leaks import world
from forestall.cli.leaks.comparing import Tally, observers, read_twice, still
from forestall.cli.leaks.hiding import HIDING, unseen_by
from forestall.cli.leaks.observing import patterns
from forestall.cli.leaks.planted import PLANTED
from forestall.cli.leaks.run import catch
from forestall.cli.leaks.trace import act_twice

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def together(found: list[Tally]) -> Tally:
    """One tally of several."""
    tally = Tally()
    for one in found:
        tally.add(one)
    return tally


@pytest.mark.parametrize("seed", range(len(HIDING)), ids=[f"{n} {kind}" for n, kind in enumerate(HIDING)])
def test_V01_V02_V04_V05_V08_V10_V13_V14_V16_V24_V33_what_is_hidden_changes_no_answer(office: dict[str, Any], seed: int) -> None:
    tally = read_twice(office, seed=seed, trials=12)

    assert (tally.trials, tally.told) == (18, [])


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.full), pytest.param(2, marks=pytest.mark.full)])
def test_V09_V15_V21_V22_V25_what_others_do_changes_nothing_one_does(office: dict[str, Any], seed: int) -> None:
    assert act_twice(office, seed=seed).told == []


@pytest.mark.full
def test_V04_every_address_is_asked_of_many_worlds(office: dict[str, Any]) -> None:
    tally = together([read_twice(office, seed=seed, trials=40) for seed in range(100, 150)])

    assert tally.trials == 2300 and tally.told == []


FAST = ("total", "403 for 404")


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in FAST else pytest.mark.full) for name in PLANTED])
def test_a_planted_leak_is_caught(office: dict[str, Any], name: str) -> None:
    assert catch(office, (name,)) == (1, [])


def test_what_is_hidden_from_an_observer_is_hidden(office: dict[str, Any]) -> None:
    with still("labels"), world.set_apart():
        here = world.furnish(office, seed=3)
        for name in world.OBSERVERS:
            labels = [unseen_by(here, name) for _ in range(50)]
            assert not any(here.session(name).may_see(label) for label in labels)
            assert len(set(labels)) > 20


def test_the_same_seed_makes_the_same_world(office: dict[str, Any]) -> None:
    made = []
    for _ in range(3):
        with still("again"), world.set_apart():
            here = world.furnish(office, seed=5)
            made.append({kind: [str(one.pk) for one in those] for kind, those in here.things.items()})

    assert made[1] == made[2]  # the first fills what the process keeps, and draws more


def test_an_address_that_cannot_be_filled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with one_more_address("new/<uuid:nobody_knows_id>/"), pytest.raises(Refused, match="nobody_knows_id"):
        patterns()


def test_a_new_address_is_asked_by_itself() -> None:
    before = len(patterns())
    with one_more_address("new/<uuid:item_id>/"):
        assert len(patterns()) == before + 1


@contextmanager
def one_more_address(route: str) -> Iterator[None]:
    """A page more than there is."""

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("new")

    known = get_resolver().url_patterns
    known.append(path(route, page, name="new"))
    try:
        yield
    finally:
        known.pop()


def test_somebody_of_each_office_and_nobody_at_all_observe() -> None:
    assert set(observers()) == {*world.OBSERVERS, "nobody"}
