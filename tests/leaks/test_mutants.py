"""P9: without any one clause that decides sight, the tests fail. A clause whose loss nobody notices guards nothing."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from django.db import connection

from forestall.access import visibility
from forestall.cli.leaks.comparing import read_twice
from forestall.cli.leaks.observing import patterns
from forestall.institutions.models import Counterpart
from forestall.labels.models import LabelledManager, LabelledQuerySet, everything, intern_compartments
from forestall.workspace import pages
from tests.access.second_predicate import opens
from tests.access.test_second_predicate import paper_of, reader_of
from tests.access.test_visibility import NOW, every_label, every_sight

from .mutants import loaded, mutants

PREDICATE = list(mutants(visibility, ("may_see", "_in_audience")))
QUERY = list(mutants(visibility, ("scope", "spellings_within")))

ALIKE = {"spellings_within: without “spelling”"}
"""Mutants that do the same as the original: the empty set of compartments would stand in the list twice."""


def test_there_is_a_mutant_of_every_clause() -> None:
    names = [name for name, _ in (*PREDICATE, *QUERY)]

    assert len(PREDICATE) >= 8 and len(QUERY) >= 12 and len(set(names)) >= 20


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in PREDICATE])
def test_the_predicate_without_a_clause_is_noticed(source: str) -> None:
    may_see = loaded(visibility, source)["may_see"]
    labels = [(label, paper_of(label)) for label in every_label()]

    assert any(
        _asked(may_see, sight, label) != opens(reader_of(sight), paper, at=NOW) for sight in every_sight() for label, paper in labels
    )


def _asked(may_see: Any, sight: Any, label: Any) -> Any:
    """What the predicate says; a mutant that breaks down is noticed too."""
    try:
        return bool(may_see(sight, label, at=NOW))
    except TypeError:
        return None


@pytest.fixture(scope="module")
def few() -> list[Any]:
    """Labels in which each clause decides alone somewhere."""
    chosen = every_label()[::7]
    return [label for label in every_label() if label.level in (0, 2) and not (label.expunged and label.quarantined)][::5] + chosen[:200]


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_query_without_any_one_clause_is_noticed(keeper: Any, few: list[Any]) -> None:
    rows = [Counterpart(name=str(place), kind_of_body="ministry", channel="letter").labelled(label) for place, label in enumerate(few)]
    for spelling in {row.compartments for row in rows}:
        intern_compartments(spelling)
    everything(Counterpart).bulk_create(rows, batch_size=500)
    sights = every_sight()
    allowed = {sight: {str(n) for n, label in enumerate(few) if visibility.may_see(sight, label, at=NOW)} for sight in sights}

    survivors = [name for name, source in QUERY if not _noticed(loaded(visibility, source)["scope"], allowed)]

    assert set(survivors) == ALIKE


def _noticed(scope: Any, allowed: dict[Any, set[str]]) -> bool:
    for sight, expected in allowed.items():
        try:
            if set(everything(Counterpart).filter(scope(sight, at=NOW)).values_list("name", flat=True)) != expected:
                return True
        except TypeError:
            return True
    return False


@pytest.mark.django_db(databases=["default", "vault"])
def test_a_manager_that_does_not_filter_is_noticed_unless_the_second_net_holds(
    office: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With row security behind it, the manager can let everything through and still nothing differs."""

    def unfiltered(self: Any) -> Any:
        return LabelledQuerySet(self.model, using="default")

    monkeypatch.setattr(LabelledManager, "get_queryset", unfiltered)

    noticed = any(read_twice(office, seed=seed, trials=40).differences for seed in range(3))

    assert noticed == (connection.vendor == "sqlite")


GUARDED = [
    module.name for module in pkgutil.iter_modules(pages.__path__)
    if hasattr(importlib.import_module(f"{pages.__name__}.{module.name}"), "found")
]  # fmt: skip


@pytest.mark.full
@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize("name", GUARDED)
def test_pages_that_do_not_look_whether_a_thing_was_found_are_noticed(
    office: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module = importlib.import_module(f"{pages.__name__}.{name}")
    monkeypatch.setattr(module, "found", lambda thing: thing)
    of_module = [pattern for pattern in patterns() if pattern.callback.__module__ == module.__name__]
    monkeypatch.setattr("forestall.cli.leaks.observing.patterns", lambda: of_module)

    assert any(read_twice(office, seed=seed, trials=60).told for seed in range(24))
