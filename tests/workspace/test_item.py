"""One item: read, weighed, confirmed as an observation, raised, taken out; and who may do which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from forestall.access.session import bound_to
from forestall.labels.label import join
from forestall.monitoring import queries
from forestall.monitoring.models import CopyEdge, Item, Observation, Suggestion
from forestall.record.actions import write
from forestall.record.models import Entry
from forestall.workspace.highlighting import CONFIRMED, SUGGESTED, Span, paragraphs, rows

pytestmark = pytest.mark.django_db
QUOTE = "given a printed form"
TEXT = f"Each head was {QUOTE}.\n\nThe post wants a copy."


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    with translation.override("en"):
        yield


@pytest.fixture
def suggest(keeper: Any) -> Callable[..., Suggestion]:
    """`suggest(item)`: the machine points at an indicator, or at what else is asked for."""

    def suggested(
        item: Any, *, suggester: str = "indicator", value: str = "7.12", direction: str = "raises"
    ) -> Suggestion:
        start = item.text.find(QUOTE)
        made = Suggestion(
            item=item, suggester=suggester, version="1", value=value, direction=direction, score=0.8, start=start,
            end=start + len(QUOTE), quote=QUOTE, reason="“%(words)s” points there", parameters={"words": QUOTE},
        ).labelled(item.label)  # fmt: skip
        with bound_to(keeper):
            made.save(force_insert=True)
        return made

    return suggested


def form(**changed: str) -> dict[str, str]:
    return {
        "summary": "Households were listed", "quote": QUOTE, "when": "2026-11", "iso3": "ZZK",
        "place_precision": "unit", "indicator_1": "unfaac-2014|7.12", "direction_1": "raises", **changed,
    }  # fmt: skip


def test_what_may_not_be_seen_answers_as_what_never_was(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    hidden = make_item("Secret", level=3)
    ivo = signed_in("ivo")
    for place in ("", "original/", "observation/"):
        unseen, never = ivo.get(f"/items/{hidden.id}/{place}"), ivo.get(f"/items/{uuid4()}/{place}")
        assert (unseen.status_code, never.status_code) == (404, 404)
        assert "Secret" not in unseen.content.decode()
    assert ivo.post(f"/items/{hidden.id}/triage/", {"act": "park"}).status_code == 404


def test_opening_an_item_is_noted_once_a_day_and_ends_its_being_unread(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], people: Any, keeper: Any
) -> None:
    item, alice = make_item("Lists", TEXT), signed_in("alice")
    alice.get(f"/items/{item.id}/")
    alice.get(f"/items/{item.id}/")
    seen = Entry.objects.filter(object_id=item.evidence_id, verb="viewed")
    assert [entry.by for entry in seen] == [str(people.alice.id)]
    with bound_to(keeper):
        assert Item.objects.get(pk=item.pk).state == "triaged"


def test_reading_without_the_verb_to_weigh_leaves_an_item_unread(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Lists", TEXT)
    signed_in("bob").get(f"/items/{item.id}/")
    with bound_to(keeper):
        assert Item.objects.get(pk=item.pk).state == "received"


def test_words_of_others_never_become_markup(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    item = make_item("<b>Title</b>", "<script>alert(1)</script> is what it says")
    page = signed_in("alice").get(f"/items/{item.id}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>Title</b>" not in page


def test_the_original_leaves_as_octets_and_custody_says_who_took_it(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], people: Any
) -> None:
    item = make_item("Lists", TEXT)
    file = signed_in("bob").get(f"/items/{item.id}/original/")
    assert file.content == f"Lists\n{TEXT}".encode()
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    taken = Entry.objects.get(object_id=item.evidence_id, verb="exported")
    assert taken.by == str(people.bob.id)
    assert "exported" in signed_in("alice").get(f"/items/{item.id}/").content.decode()


def test_a_suggestion_is_marked_with_its_reason_and_counts_for_nothing_by_itself(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], suggest: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Lists", TEXT)
    suggest(item)
    page = signed_in("alice").get(f"/items/{item.id}/").content.decode()
    assert '<mark class="suggested"' in page
    assert f"“{QUOTE}” points there" in page
    with bound_to(keeper):
        assert not Observation.objects.exists()


def test_a_rejected_suggestion_is_kept_and_no_longer_marked(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], suggest: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Lists", TEXT)
    made = suggest(item)
    sent = signed_in("alice").post(
        f"/items/{item.id}/suggestions/{made.id}/", {"state": "rejected"}, follow=True
    )
    assert '<mark class="suggested"' not in sent.content.decode()
    with bound_to(keeper):
        assert Suggestion.objects.get(pk=made.pk).state == "rejected"


def test_a_suggestion_of_another_item_is_not_found_here(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], suggest: Callable[..., Any]
) -> None:
    made = suggest(make_item("Other", TEXT))
    here = make_item("Here", TEXT)
    sent = signed_in("alice").post(f"/items/{here.id}/suggestions/{made.id}/", {"state": "confirmed"})
    assert sent.status_code == 404


@pytest.mark.parametrize(("direction", "state"), [("raises", "confirmed"), ("lowers", "edited")])
def test_a_suggestion_confirmed_becomes_an_observation_with_its_words(
    signed_in: Callable[[str], Any],
    make_item: Callable[..., Any],
    suggest: Callable[..., Any],
    keeper: Any,
    direction: str,
    state: str,
) -> None:
    item = make_item("Lists", TEXT)
    made, alice = suggest(item), signed_in("alice")
    opened = alice.get(f"/items/{item.id}/observation/?suggestion={made.id}").context["form"]
    assert (opened.initial["quote"], opened.initial["indicator_1"]) == (QUOTE, "unfaac-2014|7.12")
    sent = form(
        direction_1=direction, suggestion=str(made.id), deaths_low="2", deaths_high="5", actor_1="Home Guard"
    )
    assert alice.post(f"/items/{item.id}/observation/", sent)["Location"].endswith("#observations")
    with bound_to(keeper):
        seen = Observation.objects.get()
        assert (seen.on, seen.on_precision) == (date(2026, 11, 1), "month")
        assert (seen.harm, seen.actors) == ({"deaths": [2, None, 5]}, [{"name": "Home Guard", "kind": ""}])
        assert [(one.number, one.direction) for one in queries.standing([seen])[str(seen.id)].links] == [
            ("7.12", direction)
        ]
        assert Suggestion.objects.get(pk=made.pk).state == state
        assert seen.label == item.label
    assert "<mark id=" in alice.get(f"/items/{item.id}/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"quote": "words that are not there"}, "do not stand in the item"),
        ({"when": "2031-01-01"}, "It cannot have happened on a day to come"),
        ({"when": "last week"}, "Write a date as"),
        ({"when": "2026-02-30"}, "There is no such day"),
        ({"deaths_low": "9", "deaths_high": "2"}, "give low, best and high in that order"),
        ({"direction_1": ""}, "raises or lowers an indicator"),
    ],
)
def test_what_is_refused_comes_back_with_what_was_written(
    signed_in: Callable[[str], Any],
    make_item: Callable[..., Any],
    keeper: Any,
    changed: dict[str, str],
    sentence: str,
) -> None:
    item = make_item("Lists", TEXT)
    page = signed_in("alice").post(f"/items/{item.id}/observation/", form(**changed)).content.decode()
    assert sentence in page
    assert "Households were listed" in page
    with bound_to(keeper):
        assert not Observation.objects.exists()


def test_a_second_independent_item_corroborates(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], observe: Callable[..., Any], keeper: Any
) -> None:
    seen = observe("7.12", sources=("Field office",))
    item = make_item("Lists again", TEXT, source="Paper")
    signed_in("alice").post(
        f"/items/{item.id}/observation/known/", {"observation": str(seen.id), "quote": QUOTE}
    )
    with bound_to(keeper):
        assert Observation.objects.get(pk=seen.pk).state == "corroborated"


def test_rejecting_says_what_rests_on_the_item(
    signed_in: Callable[[str], Any], observe: Callable[..., Any], keeper: Any
) -> None:
    seen = observe("7.12", summary="Households were listed")
    with bound_to(keeper):
        item = queries.standing([seen])[str(seen.id)].items[0]
    page = signed_in("alice").get(f"/items/{item.id}/").content.decode()
    assert "Reject the item" in page
    assert "Households were listed" in page.split("ask-twice")[1]


def test_raising_the_label_takes_bytes_and_suggestions_along(
    signed_in: Callable[[str], Any],
    make_item: Callable[..., Any],
    suggest: Callable[..., Any],
    session_of: Callable[..., Any],
) -> None:
    item = make_item("Lists", TEXT)
    suggest(item)
    sent = signed_in("ivo").post(f"/labels/monitoring.item/{item.id}/", {"level": "3", "compartments": ["desk:karvania"]})
    assert sent["Location"] == "/"
    assert signed_in("ivo").get(f"/items/{item.id}/").status_code == 404
    with bound_to(session_of("ivo")):
        assert not Suggestion.objects.exists()
        assert queries.evidence([item.evidence_id]) == {}


def test_a_copy_that_a_person_rejects_is_an_origin_of_its_own(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    older, newer = make_item("First", TEXT), make_item("Copy", TEXT, source="Digest")
    with bound_to(keeper):
        edge = write(
            CopyEdge(newer=newer, older=older, edge="near", score=0.9).labelled(
                join([newer.label, older.label])
            ),
            by="system:collector",
            verb="copy proposed",
        )
    signed_in("alice").post(f"/items/{newer.id}/copies/{edge.id}/", {"state": "rejected"})
    with bound_to(keeper):
        assert len(set(queries.origins_among([older, newer]).values())) == 2


def test_of_a_past_day_before_it_came_there_is_no_item(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    item = make_item("Lists", TEXT)
    alice = signed_in("alice")
    assert alice.get(f"/items/{item.id}/?as_of=2020-01-01").status_code == 404


def test_marks_that_overlap_cut_the_text_and_lose_none_of_it() -> None:
    cut = paragraphs(
        "abcdef\n\nghi",
        spans=[Span(1, 4, SUGGESTED, "s"), Span(3, 10, CONFIRMED, "c"), Span(5, 99, SUGGESTED)],
    )
    assert ["".join(piece.text for piece in one) for one in cut] == ["abcdef", "ghi"]
    assert [(piece.text, piece.mark) for piece in cut[0]] == [
        ("a", ""), ("bc", SUGGESTED), ("d", CONFIRMED), ("ef", CONFIRMED),
    ]  # fmt: skip
    anchors = [piece.anchor for one in cut for piece in one if piece.first]
    assert sorted(anchors) == ["c", "s"]


def test_a_table_is_read_as_a_table_with_its_marks() -> None:
    text = "place\tcount\nKelmet\t4\nKelmet mill\t5"
    cut = rows(text, most=3, spans=[Span(12, 18, SUGGESTED, "place"), Span(21, 27, SUGGESTED, "place")])
    assert [["".join(piece.text for piece in cell) for cell in row] for row in cut] == [
        ["place", "count"], ["Kelmet", "4"], ["Kelmet mill", "5"],
    ]  # fmt: skip
    assert [(piece.text, piece.mark, piece.first) for piece in cut[1][0]] == [("Kelmet", SUGGESTED, True)]
    assert [(piece.text, piece.mark, piece.first) for piece in cut[2][0]] == [("Kelmet", SUGGESTED, False), (" mill", "", False)]
    assert len(rows("\n".join(["a\tb"] * 50), most=10)) == 10


def test_the_page_of_a_table_shows_cells_and_says_how_many_rows_it_leaves_out(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Prices")
    with bound_to(keeper):
        item.text = "\n".join(["place\tprice", *(f"Kelmet {row}\t{row}" for row in range(600))])
        item.table = {"header": ["place", "price"], "rows": 600, "refused": 0}
        write(item, by=keeper.person_id, verb="item received")
    page = signed_in("alice").get(f"/items/{item.id}/").content.decode()
    assert '<th scope="col">price</th>' in page and "<td>Kelmet 499</td>" in page and "Kelmet 500" not in page
    assert "The first 500 are shown; the original holds all." in page
