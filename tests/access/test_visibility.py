"""The predicate and its twin agree over an exhaustive small world, and obey the laws of a lattice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from forestall.access.visibility import Sight, may_see, scope
from forestall.institutions.models import Counterpart
from forestall.labels.binding import Unbound
from forestall.labels.label import Label, Level, join
from forestall.labels.models import everything, intern_compartments

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ME, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
COMPARTMENTS = ("DIP", "SRC", "desk:karvania")


def subsets(members: tuple[str, ...]) -> list[frozenset[str]]:
    sized = (combinations(members, size) for size in range(len(members) + 1))
    return [frozenset(subset) for subset in chain.from_iterable(sized)]


def every_label() -> list[Label]:
    return [
        Label(
            level=Level(level),
            compartments=compartments,
            audience=audience,
            embargo_until=embargo,
            quarantined=quarantined,
            expunged=expunged,
            consent=consent,
        )
        for level, compartments, audience, embargo, quarantined, expunged, consent in product(
            range(4),
            subsets(COMPARTMENTS),
            (frozenset(), frozenset({ME}), frozenset({OTHER}), frozenset({ME, OTHER})),
            (None, NOW - timedelta(days=1), NOW + timedelta(days=1)),
            (False, True),
            (False, True),
            (frozenset(), frozenset({"collect"}), frozenset({"analyse", "collect"})),
        )
    ]


def every_sight() -> list[Sight]:
    people = [
        Sight(person=ME, level=level, compartments=compartments, active=active, reviewer=reviewer, purpose=purpose)
        for level, compartments, active, reviewer, purpose in product(
            range(4), subsets(COMPARTMENTS), (True, False), (True, False), ("analyse", "public")
        )
    ]
    return [*people, Sight(person="system:worker", level=2, compartments=None, reviewer=True)]


@pytest.mark.django_db
def test_the_query_twin_sees_exactly_what_the_predicate_allows(keeper: Any) -> None:
    labels = every_label()
    rows = [Counterpart(name=str(place), kind_of_body="ministry", channel="letter").labelled(label)
            for place, label in enumerate(labels)]  # fmt: skip
    for spelling in {row.compartments for row in rows}:
        intern_compartments(spelling)
    everything(Counterpart).bulk_create(rows, batch_size=500)

    for sight in every_sight():
        seen = set(everything(Counterpart).filter(scope(sight, at=NOW)).values_list("name", flat=True))
        allowed = {str(place) for place, label in enumerate(labels) if may_see(sight, label, at=NOW)}
        assert seen == allowed, sight


def labels() -> st.SearchStrategy[Label]:
    return st.builds(
        Label,
        level=st.sampled_from(list(Level)),
        compartments=st.sampled_from(subsets(COMPARTMENTS)),
        audience=st.sampled_from([frozenset(), frozenset({ME}), frozenset({OTHER}), frozenset({ME, OTHER})]),
        embargo_until=st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
        quarantined=st.booleans(),
        expunged=st.booleans(),
        consent=st.sampled_from([frozenset(), frozenset({"analyse"}), frozenset({"collect"})]),
    )


def sights() -> st.SearchStrategy[Sight]:
    return st.builds(
        Sight,
        person=st.sampled_from([ME, OTHER]),
        level=st.integers(0, 3),
        compartments=st.sampled_from(subsets(COMPARTMENTS)),
        active=st.booleans(),
        reviewer=st.booleans(),
        purpose=st.sampled_from(["analyse", "collect"]),
    )


@given(sights(), st.lists(labels(), min_size=1, max_size=4))
def test_who_sees_a_derived_value_sees_everything_it_was_derived_from(sight: Sight, inputs: list[Label]) -> None:
    if may_see(sight, join(inputs), at=NOW):
        assert all(may_see(sight, label, at=NOW) for label in inputs)


@given(st.lists(labels(), max_size=4))
def test_a_label_joined_with_itself_is_itself(inputs: list[Label]) -> None:
    joined = join(inputs)

    assert join([joined, joined]) == joined
    assert join(reversed(inputs)) == joined


@given(sights(), labels())
def test_more_clearance_never_hides(sight: Sight, label: Label) -> None:
    wider = Sight(
        person=sight.person,
        level=3,
        compartments=frozenset(COMPARTMENTS),
        active=sight.active,
        reviewer=True,
        purpose=sight.purpose,
    )

    assert may_see(wider, label, at=NOW) or not may_see(sight, label, at=NOW)


@pytest.mark.django_db
def test_nothing_labelled_is_read_while_no_session_is_bound() -> None:
    for ask in (Counterpart.objects.all, Counterpart.objects.count, lambda: Counterpart.objects.filter(Q(name="x"))):
        with pytest.raises(Unbound):
            ask()


@pytest.mark.django_db
def test_labelled_rows_are_never_written_or_deleted_in_bulk(keeper: Any) -> None:
    for write in (
        lambda: Counterpart.objects.update(name="x"),
        lambda: Counterpart.objects.all().delete(),
        lambda: Counterpart.objects.bulk_create([]),
        lambda: Counterpart.objects.bulk_update([], ["name"]),
    ):
        with pytest.raises(TypeError):
            write()
