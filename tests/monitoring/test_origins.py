"""Ten copies of one story are one origin."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.access.labelling import hold_closer
from forestall.access.session import bound_to
from forestall.labels.label import Level
from forestall.monitoring import queries, stories
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.models import CopyEdge
from forestall.monitoring.origins import origins
from forestall.record.actions import write


def test_D01_copies_and_corrections_share_an_origin_and_excerpts_do_not() -> None:
    found = origins(
        [("wire", "agency"), ("paper", "paper"), ("fixed", "agency2"), ("own", "radio")],
        [("paper", "wire", "near"), ("fixed", "wire", "correction"), ("own", "wire", "excerpt")],
    )

    assert len({found["wire"], found["paper"], found["fixed"]}) == 1
    assert found["own"] != found["wire"]


def test_two_items_of_one_source_are_one_origin() -> None:
    found = origins([("a", "ngo"), ("b", "ngo"), ("c", "un")], [])

    assert found["a"] == found["b"] != found["c"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8))
def test_the_order_of_edges_changes_nothing(pairs: list[tuple[str, str]]) -> None:
    items_of = [(item, f"source {item}") for item in "abcdef"]
    edges = [(one, other, "near") for one, other in pairs]

    def groups(found: dict[str, str]) -> set[frozenset[str]]:
        return {frozenset(item for item in found if found[item] == top) for top in found.values()}

    assert groups(origins(items_of, edges)) == groups(origins(items_of, edges[::-1]))


@pytest.mark.django_db
def test_a_copy_never_corroborates_and_a_second_account_does(
    make_item: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    first, copy, own = (make_item(name, "Guards closed the road.", source=name) for name in ("Wire", "Paper", "Mission"))
    alice = session_of("alice")
    edge = CopyEdge(newer=copy, older=first, edge="near", score=0.9).labelled(first.label)
    with bound_to(alice):
        write(edge, by="system:collector", verb="copy proposed")
        seen = observations.confirm(item=first, summary="The road was closed", on=first.published_at.date(), iso3="ZZK", by=alice)
        seen = observations.corroborate(seen, item=copy, by=alice)
        assert (seen.state, len(queries.origins_of(seen))) == ("reported", 1)
        seen = observations.corroborate(seen, item=own, by=alice)
        assert (seen.state, len(queries.origins_of(seen))) == ("corroborated", 2)


@pytest.mark.django_db
def test_a_partys_own_statement_is_no_origin(make_item: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    party = make_item("Statement", "We closed nothing.", source="Ministry", interested_party=True)
    alice = session_of("alice")
    with bound_to(alice):
        seen = observations.confirm(item=party, summary="It denies", on=party.published_at.date(), iso3="ZZK", by=alice)

        assert seen.interested_party
        assert queries.origins_of(seen) == ()


@pytest.mark.django_db
def test_rejecting_an_item_takes_the_ground_from_what_rested_on_it(
    observe: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    seen = observe("7.5")
    alice = session_of("alice")
    with bound_to(alice):
        standing = queries.standing([seen])[str(seen.id)]
        assert standing.supported
        items.reject(standing.items[0], reason="forged letterhead", by=alice)

        assert not queries.standing([seen])[str(seen.id)].supported


@pytest.mark.django_db
def test_a_label_raised_on_an_item_hides_it_at_once(
    make_item: Callable[..., Any], session_of: Callable[..., Any], people: SimpleNamespace
) -> None:
    item = make_item("Names a village", level=2)
    ivo, alice = session_of("ivo"), session_of("alice")
    with bound_to(ivo):
        assert queries.item(item.id) is not None
    with bound_to(alice):
        hold_closer(item, label=item.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=alice)
    with bound_to(ivo):
        assert queries.item(item.id) is None


@pytest.mark.django_db(transaction=False)
def test_P14_expunging_an_item_takes_its_bytes_and_what_was_quoted_from_it(
    observe: Callable[..., Any], keeper: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from pathlib import Path

    from django.conf import settings

    from forestall.monitoring.models import Passage
    from forestall.record.actions import expunge
    from forestall.record.models import Payload
    from forestall.record.verification import verify

    seen = observe("7.5", sources=("Quietvoice",))
    item = queries.standing([seen])[str(seen.id)].items[0]
    path = Path(settings.HOME.files) / item.evidence.address
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        expunge(item, by="rita", second="rolf", reason="the source asked")

    assert not path.exists()
    assert not Passage.objects.filter(item_id=item.id).exists()
    assert not Payload.objects.filter(body__contains="Quietvoice writes").exists()
    assert verify().holds


def test_many_at_once_are_told_as_few_are(
    make_item: Callable[..., Any], keeper: Any, session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond so many ids everything is looked through in place of naming each; what is found is the same."""
    made = [make_item(f"Report {number}", "The wells are shared.", source=f"Source {number}") for number in range(6)]
    for newer, older in ((1, 0), (2, 1), (4, 3)):
        edge = CopyEdge(newer=made[newer], older=made[older], edge="near", score=0.9).labelled(made[newer].label)
        write(edge, by="system:collector", verb="copy proposed")
    alice = session_of("alice")
    with bound_to(session_of("ivo")) as ivo:
        items.grade(made[5], reliability="B", credibility="2", by=ivo)
        items.grade(made[5], reliability="C", credibility="3", by=ivo)
    with bound_to(alice):
        asked = [made[number] for number in (0, 1, 3, 4, 5)]
        few = stories.folded(asked)
        ids = [one.id for one in asked]
        edges = {one.id for one in queries.edges_among(ids)}
        monkeypatch.setattr(queries, "AT_ONCE", 2)
        assert stories.folded(asked) == few
        assert {one.id for one in queries.edges_among(ids)} == edges and len(edges) == 3
        assert queries.grades(ids) == {str(made[5].id): "C3"}
        assert [one.id for one in stories.first_told(asked)] == [story.item.id for story in few] == [made[n].id for n in (0, 3, 5)]
