"""The inbox: what waits for whom, narrowed and ordered by the address, decided with one form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from forestall.access.session import bound_to
from forestall.assessment.actions.situation import open_situation
from forestall.labels.label import join
from forestall.monitoring import queries
from forestall.monitoring.models import CopyEdge, Item
from forestall.record.actions import write
from forestall.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    with translation.override("en"):
        yield


@pytest.fixture
def situation(session_of: Callable[..., Any]) -> Any:
    alice = session_of("alice")
    with bound_to(alice):
        return open_situation(
            title="Karvania: the register", places=["ZZK"], reason="Lists", by=alice, desk="karvania"
        )


def titles(page: Any) -> list[str]:
    return [story.item.title for story in page.context["queue"].stories]


def repeats(newer: Any, older: Any, *, keeper: Any) -> CopyEdge:
    edge = CopyEdge(newer=newer, older=older, edge="near", score=0.97).labelled(
        join([newer.label, older.label])
    )
    with bound_to(keeper):
        return write(edge, by="system:collector", verb="copy proposed")


def state_of(item: Any, *, keeper: Any) -> str:
    with bound_to(keeper):
        return Item.objects.get(pk=item.pk).state


def test_each_sees_what_they_may_and_no_count_betrays_the_rest(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    make_item("For Karvania")
    make_item(
        "For the south", desk="south", countries=("ZZS",), languages=("fr",), source="Paper of the south"
    )
    alice, carol = signed_in("alice").get("/inbox/"), signed_in("carol").get("/inbox/")
    assert titles(alice) == ["For Karvania"]
    assert titles(carol) == ["For the south"]
    assert "Paper of the south" not in alice.content.decode()
    assert "French" not in alice.content.decode()
    assert titles(signed_in("dora").get("/inbox/")) == []


def test_the_band_is_the_highest_label_on_the_page(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    make_item("One", level=2)
    assert signed_in("alice").get("/inbox/").context["band"] == 2
    make_item("Two", level=3)
    assert signed_in("alice").get("/inbox/").context["band"] == 3
    assert signed_in("ivo").get("/inbox/").context["band"] == 2


def test_copies_fold_under_the_item_they_repeat_and_not_under_another_of_its_source(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    unrelated = make_item("Unrelated", source="Wire")
    first = make_item("First", source="Wire")
    repeats(make_item("Copy", source="Digest"), first, keeper=keeper)
    stories = {
        story.item.title: story for story in signed_in("alice").get("/inbox/").context["queue"].stories
    }
    assert set(stories) == {"Unrelated", "First"}
    assert [copy.title for copy in stories["First"].copies] == ["Copy"]
    assert stories[unrelated.title].copies == ()


def test_a_copy_of_what_one_may_not_see_stands_alone(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    repeats(make_item("Copy"), make_item("Secret first", level=3), keeper=keeper)
    page = signed_in("ivo").get("/inbox/")
    assert titles(page) == ["Copy"]
    assert "Secret" not in page.content.decode()
    assert "repeats" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("country=ZZS", ["Border"]),
        ("language=ar", ["Lists"]),
        ("level=3", ["Lists"]),
        ("q=CARTS", ["Border"]),
        ("q=nothing+like+it", []),
        ("sort=title", ["Border", "Lists"]),
        ("sort=-received&state=nonsense", ["Border", "Lists"]),
        ("state=parked", []),
        ("item=no-uuid", ["Border", "Lists"]),
    ],
)
def test_the_address_narrows_and_orders(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], query: str, left: list[str]
) -> None:
    make_item("Lists", "Asked for names", languages=("ar",), level=3)
    make_item("Border", "Nine carts on the road", countries=("ZZS",))
    page = signed_in("alice").get(f"/inbox/?{query}")
    assert page.status_code == 200
    assert sorted(titles(page)) == left


def test_the_same_rows_leave_as_a_file_that_says_its_level(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    make_item("=cmd()", languages=("en",))
    told = signed_in("alice").get("/inbox/?format=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[0][0].startswith("EXERCISE · Confidential · Alice · ")
    assert rows[2][1] == "'=cmd()"
    assert rows[2][6] == "ZZK"
    assert signed_in("alice").get("/inbox/?format=xlsx").content[:2] == b"PK"


def test_graded_and_filed_in_one_go_one_stands_at_the_next_item(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], situation: Any, keeper: Any
) -> None:
    item = make_item("Lists")
    sent = signed_in("alice").post(
        f"/items/{item.id}/triage/",
        {"reliability": "B", "credibility": "2", "file": str(situation.id), "onward": "/inbox/?item=next"},
    )
    assert sent["Location"].startswith(f"/inbox/?item=next&last={item.id}")
    with bound_to(keeper):
        assert queries.grades([item.id]) == {str(item.id): "B2"}
        kept = Item.objects.get(pk=item.pk)
    assert (kept.state, kept.situations) == ("accepted", [str(situation.id)])
    verbs = list(Entry.objects.filter(object_id=item.id).values_list("verb", flat=True))
    assert "item filed" in verbs


def test_nobody_is_sent_to_another_host(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    item = make_item("Lists")
    sent = signed_in("alice").post(
        f"/items/{item.id}/triage/", {"act": "park", "onward": "https://elsewhere.example/inbox/"}
    )
    assert sent["Location"] == f"/items/{item.id}/"


def test_what_was_parked_can_be_taken_back_from_where_one_stands(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item, alice = make_item("Lists"), signed_in("alice")
    after = alice.post(f"/items/{item.id}/triage/", {"act": "park", "onward": "/inbox/"}, follow=True)
    assert state_of(item, keeper=keeper) == "parked"
    assert "Take it back" in after.content.decode()
    alice.post(f"/items/{item.id}/triage/", {"act": "reopen", "back": "/inbox/"})
    assert state_of(item, keeper=keeper) == "triaged"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"act": "grade", "reliability": "G", "credibility": "1"}, "Reliability is A"),
        ({"act": "reject", "reason": " "}, "Say why in a few words"),
        ({"act": "file", "situation": ""}, "Choose the situation"),
        ({}, "Choose what to do with the item"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(
    signed_in: Callable[[str], Any],
    make_item: Callable[..., Any],
    keeper: Any,
    sent: dict[str, str],
    sentence: str,
) -> None:
    item = make_item("Lists")
    page = signed_in("alice").post(f"/items/{item.id}/triage/", {**sent, "back": "/inbox/"}, follow=True)
    assert sentence in page.content.decode()
    assert state_of(item, keeper=keeper) == "received"


def test_an_item_without_a_grade_is_not_filed(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], situation: Any, keeper: Any
) -> None:
    item = make_item("Lists")
    page = signed_in("alice").post(
        f"/items/{item.id}/triage/", {"file": str(situation.id), "back": "/inbox/"}, follow=True
    )
    assert "Grade the item before you file it" in page.content.decode()
    assert state_of(item, keeper=keeper) == "received"


def test_who_may_not_weigh_is_offered_no_form_and_sends_none(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Lists")
    page = signed_in("bob").get(f"/inbox/?item={item.id}")
    assert "data-weigh" not in page.content.decode()
    assert signed_in("bob").post(f"/items/{item.id}/triage/", {"act": "park"}).status_code == 403
    assert state_of(item, keeper=keeper) == "received"


def test_a_past_day_shows_what_waited_then_and_offers_no_verb(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    make_item("Lists")
    page = signed_in("alice").get("/inbox/?as_of=2020-01-01")
    assert (page.status_code, titles(page)) == (200, [])
    assert "Hand in a file" not in page.content.decode()


def test_handing_in_a_file_makes_an_item_at_the_level_chosen(
    signed_in: Callable[[str], Any], people: Any, keeper: Any
) -> None:
    file = io.BytesIO(b"The district office asked for the lists of every household in the village.")
    file.name = "note.txt"
    page = signed_in("alice").post("/inbox/upload/", {"file": file, "level": "3"}, follow=True)
    assert page.status_code == 200
    with bound_to(keeper):
        made = Item.objects.get()
    assert (made.level, made.collector) == (3, "mail")
    assert page.redirect_chain[-1][0] == f"/items/{made.id}/"


def test_what_cannot_be_read_is_kept_and_whoever_handed_it_in_is_told(
    signed_in: Callable[[str], Any], people: Any, keeper: Any
) -> None:
    file = io.BytesIO(b"{\\rtf1 hello}")
    file.name = "note.rtf"
    page = signed_in("alice").post("/inbox/upload/", {"file": file, "level": "2"}, follow=True)
    assert "could not be read and is kept for a reviewer" in page.content.decode()
    with bound_to(keeper):
        assert [one.name for one in queries.quarantined()] == ["note.rtf"]


def test_a_level_above_ones_own_is_not_offered_for_a_file(
    signed_in: Callable[[str], Any], people: Any
) -> None:
    file = io.BytesIO(b"text")
    file.name = "a.txt"
    page = signed_in("ivo").post(
        "/inbox/upload/", {"file": file, "level": "3", "back": "/inbox/upload/"}, follow=True
    )
    assert "Choose how sensitive the file is" in page.content.decode()
