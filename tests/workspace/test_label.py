"""The page that explains a label: why I may see this, who else can, and what may be done about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forestall.access import actions, decisions, queries
from forestall.access.session import bound_to
from forestall.labels.label import Level

pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def plain_surroundings() -> None:
    """These pages are whole: real session, real frame."""


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", TAGS.sub(" ", answer.content.decode()))


def address(thing: Any) -> str:
    return reverse("label", args=[thing.kind(), thing.id])


@pytest.fixture
def item(make_item: Callable[..., Any]) -> Any:
    return make_item("Lists of households", "A list is made.", level=2)


def test_it_says_why_one_may_see_it_and_who_else_can(item: Any, signed_in: Callable[[str], Client]) -> None:
    page = text(signed_in("alice").get(address(item)))
    assert "It is Confidential ." in page or "It is Confidential." in page
    assert "desk Karvania" in page
    for name in ("Alice", "Bob", "Ivo", "Rita"):
        assert name in page.split("people can see it")[1].split("Change the label")[0], name
    assert "Carol" not in page.split("people can see it")[1].split("Change the label")[0]


def test_V01_the_label_of_what_is_hidden_is_as_one_that_never_was(
    item: Any, signed_in: Callable[[str], Client], make_item: Callable[..., Any]
) -> None:
    from uuid import uuid4

    carol = signed_in("carol")
    hidden, never = carol.get(address(item)), carol.get(reverse("label", args=["monitoring.item", uuid4()]))
    assert (hidden.status_code, hidden.content) == (404, never.content)
    assert carol.get(reverse("label", args=["no.such", uuid4()])).status_code == 404
    assert carol.get(reverse("label", args=["access.person", item.id])).status_code == 404


def test_one_person_holds_it_closer_at_once_and_two_less_closely(
    item: Any, signed_in: Callable[[str], Client], session_of: Callable[..., Any]
) -> None:
    dan, sana = signed_in("dan"), signed_in("sana")
    asked = {"act": "change", "level": "1", "compartments": ["desk:karvania"], "reason": "published today"}
    dan.post(address(item), asked)
    item.refresh_from_db()
    assert item.level == Level.CONFIDENTIAL
    assert "Waits for a second person" in text(sana.get(address(item)))
    assert "Lower the label" in text(sana.get("/"))
    with bound_to(session_of("sana")):
        (waiting,) = decisions.waiting_on(item.id)
    sana.post(reverse("decision", args=[waiting.id]), {"act": "agree", "again": "agree"})
    item.refresh_from_db()
    assert item.level == Level.INTERNAL
    dan.post(address(item), {"act": "change", "level": "3", "compartments": ["desk:karvania", "SRC"]})
    item.refresh_from_db()
    assert (item.level, item.compartments) == (3, ",SRC,desk:karvania,")
    assert dan.get(address(item)).status_code == 404


def test_an_embargo_and_named_people_and_consent_are_set_by_one(
    item: Any, people: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    alice = signed_in("alice")
    same = {"act": "change", "level": "2", "compartments": ["desk:karvania"]}
    alice.post(address(item), {**same, "audience": [str(people.alice.id), str(people.bob.id)], "embargo": "2031-01-01"})
    assert signed_in("ivo").get(address(item)).status_code == 404
    page = text(signed_in("bob").get(address(item)))
    assert "You are one of them." in page
    item.refresh_from_db()
    assert item.embargo_until.isoformat() == "2031-01-01T00:00:00+00:00"
    kept = {**same, "audience": [str(people.alice.id), str(people.bob.id)], "embargo": "2031-01-01"}
    alice.post(address(item), {**kept, "consent": ["store"]})
    assert alice.get(address(item)).status_code == 404


def test_nobody_is_named_who_is_nobody_and_no_compartment_that_one_does_not_know(
    item: Any, signed_in: Callable[[str], Client]
) -> None:
    asked = {"act": "change", "level": "2", "compartments": ["desk:karvania", "3P:somebody"], "audience": ["x,y"]}
    page = signed_in("alice").post(address(item), {**asked, "back": address(item)}, follow=True)
    assert "Nothing would change" in text(page)


def test_a_records_officer_places_a_hold_and_asks_to_lift_it(
    item: Any, signed_in: Callable[[str], Client], session_of: Callable[..., Any]
) -> None:
    rita = signed_in("rita")
    assert "Place a hold" not in text(signed_in("alice").get(address(item)))
    rita.post(address(item), {"act": "hold", "reason": "a court may ask"})
    item.refresh_from_db()
    assert item.hold
    rita.post(address(item), {"act": "lift", "reason": "the court has ended"})
    with bound_to(session_of("rolf")):
        assert [one.matter for one in decisions.waiting_on(item.id)] == ["lift a hold"]


def test_an_opening_is_proposed_agreed_told_and_reported(
    item: Any, people: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    dan, sana, carol = signed_in("dan"), signed_in("sana"), signed_in("carol")
    asked = {"person": str(people.carol.id), "compartment": "desk:karvania", "reason": "the desk is not reached"}
    assert "Propose an opening" not in text(carol.get(reverse("openings")))
    dan.post(reverse("openings"), asked)
    (told,) = [one for one in queries.notices(str(people.sana.id)) if one.kind == "access.decision"]
    sana.post(reverse("decision", args=[told.object_id]), {"act": "agree", "again": "agree"})
    assert carol.get(reverse("item", args=[item.id])).status_code == 200
    listed = text(carol.get(reverse("openings")))
    assert "desk Karvania" in listed
    assert "still open" in listed
    (one,) = [one for one in queries.notices(str(people.carol.id)) if one.kind == "access.opening"]
    page = carol.get(reverse("opening", args=[one.object_id]))
    assert str(item.id) in text(page)
    carol.post(reverse("opening", args=[one.object_id]), {"report": "One list, to warn the mission."})
    assert "One list" in text(sana.get(reverse("opening", args=[one.object_id])))
    assert signed_in("dora").get(reverse("opening", args=[one.object_id])).status_code == 404
    assert "Nothing was ever opened" in text(signed_in("dora").get(reverse("openings")))


def test_an_administrator_sees_of_compartments_only_what_both_share(
    people: SimpleNamespace, signed_in: Callable[[str], Client], keeper: Any
) -> None:
    actions.let_into(people.alice, compartments=frozenset({"SRC"}), by=keeper.person_id)
    page = text(signed_in("ada").get(reverse("person", args=[people.alice.id])))
    assert "Let in no longer" not in page
    actions.let_into(people.ada, compartments=frozenset({"SRC"}), by=keeper.person_id)
    assert "Let in no longer" in text(signed_in("ada").get(reverse("person", args=[people.alice.id])))
