"""An hour at the inbox with the keyboard alone: copies decided with what they repeat, no item passed over, no letter of
a reason taken for a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page

from forestall.access.session import bound_to
from forestall.assessment.actions import assessment as assessing
from forestall.assessment.actions.situation import open_situation
from forestall.base.clock import today
from forestall.frameworks import load
from forestall.labels.label import join
from forestall.monitoring import queries
from forestall.monitoring.actions import item as items
from forestall.monitoring.models import CopyEdge, Item
from forestall.record.actions import write
from forestall.workspace.pages.inbox import ON_A_PAGE
from tests.advising.notemaking import Desk, cleared_by, issued, secretary_general

from .browser import CHROMIUM, chromium, served, violations

pytestmark = pytest.mark.django_db
Browsers = Callable[[str], Any]
Makes = Callable[..., Any]
with_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    with translation.override("en"):
        yield


@pytest.fixture
def situation(session_of: Callable[..., Any]) -> Any:
    alice = session_of("alice")
    with bound_to(alice):
        return open_situation(title="The register", places=["ZZK"], reason="Lists", by=alice, desk="karvania")


@pytest.fixture
def repeat(keeper: Any) -> Callable[..., CopyEdge]:
    def edge(newer: Any, older: Any, *, kind: str = "exact") -> CopyEdge:
        made = CopyEdge(newer=newer, older=older, edge=kind, score=0.97).labelled(join([newer.label, older.label]))
        with bound_to(keeper):
            return write(made, by="system:collector", verb="copy proposed")

    return edge


def states(*ones: Any, keeper: Any) -> list[str]:
    with bound_to(keeper):
        kept = {one.id: one.state for one in Item.objects.filter(id__in=[one.id for one in ones])}
    return [kept[one.id] for one in ones]


def decide(browser: Any, one: Any, *copies: Any, **sent: str) -> Any:
    told = {"together": "yes", "copy": [str(copy.id) for copy in copies], "back": "/inbox/", "onward": "/inbox/", **sent}
    return browser.post(f"/items/{one.id}/triage/", told, follow=True)


# ---------------------------------------------------------------- copies with what they repeat


def test_a_story_is_graded_and_filed_with_its_copies_in_one_go(
    signed_in: Browsers, make_item: Makes, repeat: Makes, situation: Any, keeper: Any
) -> None:
    head, first, second = (make_item(title, source=title) for title in ("Head", "First", "Second"))
    repeat(first, head)
    repeat(second, first, kind="near")
    alice = signed_in("alice")
    shown = alice.get(f"/inbox/?item={head.id}")
    assert {one.title for one in shown.context["together"]} == {"First", "Second"}
    told = decide(alice, head, first, second, reliability="B", credibility="2", file=str(situation.id))
    assert states(head, first, second, keeper=keeper) == ["accepted"] * 3
    with bound_to(keeper):
        assert set(queries.grades([head.id, first.id, second.id]).values()) == {"B2"}
    assert "copies decided the same way: 2" in told.content.decode()
    assert told.context["queue"].stories == []


@pytest.mark.parametrize(
    ("sent", "state"), [({"act": "park"}, "parked"), ({"act": "reject", "reason": "An old story"}, "rejected")]
)
def test_copies_are_set_aside_with_their_head(
    signed_in: Browsers, make_item: Makes, repeat: Makes, keeper: Any, sent: dict[str, str], state: str
) -> None:
    head, copy = make_item("Head"), make_item("Copy")
    repeat(copy, head)
    decide(signed_in("alice"), head, copy, **sent)
    assert states(head, copy, keeper=keeper) == [state, state]


def test_a_copy_stays_where_it_is_unless_the_same_is_asked_for_it(
    signed_in: Browsers, make_item: Makes, repeat: Makes, keeper: Any
) -> None:
    head, copy = make_item("Head"), make_item("Copy")
    repeat(copy, head)
    decide(signed_in("alice"), head, copy, act="park", together="")
    assert states(head, copy, keeper=keeper) == ["parked", "received"]


def test_only_copies_that_stood_on_the_form_and_say_the_same_are_decided(
    signed_in: Browsers, make_item: Makes, repeat: Makes, keeper: Any
) -> None:
    head, shown, later, corrected, other = (make_item(t) for t in ("Head", "Shown", "Later", "Corrected", "Other"))
    for copy, kind in ((shown, "exact"), (later, "exact"), (corrected, "correction")):
        repeat(copy, head, kind=kind)
    decide(signed_in("alice"), head, shown, corrected, other, act="park")
    assert states(head, shown, later, corrected, other, keeper=keeper) == ["parked", "parked"] + ["received"] * 3


def test_a_copy_one_may_not_see_is_neither_offered_nor_decided(
    signed_in: Browsers, make_item: Makes, repeat: Makes, keeper: Any
) -> None:
    head, secret = make_item("Head"), make_item("Secret", level=3)
    repeat(secret, head)
    ivo = signed_in("ivo")
    page = ivo.get(f"/inbox/?item={head.id}")
    assert page.context["together"] == []
    assert 'name="together"' not in page.content.decode()
    decide(ivo, head, secret, act="park")
    assert states(head, secret, keeper=keeper) == ["parked", "received"]


def test_when_one_of_them_is_refused_none_is_decided(
    signed_in: Browsers, make_item: Makes, repeat: Makes, situation: Any, keeper: Any
) -> None:
    head, copy = make_item("Head"), make_item("Copy")
    repeat(copy, head)
    told = decide(signed_in("alice"), head, copy, file=str(situation.id))
    assert "Grade the item before you file it" in told.content.decode()
    assert states(head, copy, keeper=keeper) == ["received", "received"]


# ---------------------------------------------------------------- no item passed over


@pytest.fixture
def long_queue(make_item: Makes) -> list[str]:
    """Titles in the order of the queue: two pages and a little."""
    return [make_item(f"Item {number:03}").title for number in range(2 * ON_A_PAGE + 3)]


def chosen(page: Any) -> str:
    return str(page.context["reading"].item.title)


def row(page: Any, title: str) -> str:
    return str(next(row["url"] for row in page.context["rows"] if row["item"].title == title))


def test_after_the_last_item_of_a_page_comes_the_one_that_followed_it(signed_in: Browsers, long_queue: list[str]) -> None:
    ivo = signed_in("ivo")
    last, following = long_queue[ON_A_PAGE - 1], long_queue[ON_A_PAGE]
    page = ivo.get("/inbox/" + row(ivo.get("/inbox/"), last))
    after = ivo.post(
        f"/items/{page.context['reading'].item.id}/triage/",
        {"act": "park", "onward": page.context["onward"]},
        follow=True,
    )
    assert chosen(after) == following
    assert [one["item"].title for one in after.context["rows"] if one["here"]] == [following]


def test_the_keys_go_over_the_edge_of_a_page_and_back(signed_in: Browsers, long_queue: list[str]) -> None:
    ivo = signed_in("ivo")
    last, following = long_queue[ON_A_PAGE - 1], long_queue[ON_A_PAGE]
    page = ivo.get("/inbox/" + row(ivo.get("/inbox/"), last))
    assert page.context["turns"] == ["next"]
    onward = ivo.get("/inbox/" + page.context["next_url"])
    assert (chosen(onward), onward.context["page"].number, onward.context["turns"]) == (following, 2, ["previous"])
    assert chosen(ivo.get("/inbox/" + onward.context["previous_url"])) == last


def test_turning_the_page_turns_to_its_first_item(signed_in: Browsers, long_queue: list[str]) -> None:
    ivo = signed_in("ivo")
    page = ivo.get("/inbox/" + row(ivo.get("/inbox/"), long_queue[3]) + "&page=2")
    assert (page.context["page"].number, chosen(page)) == (2, long_queue[ON_A_PAGE])


def test_what_is_urgent_is_reached_by_its_own_address(signed_in: Browsers, make_item: Makes, keeper: Any) -> None:
    make_item("Ordinary")
    urgent = make_item("Urgent")
    with bound_to(keeper):
        urgent.priority = 2
        write(urgent, by="system:collector", verb="priority set")
    ivo = signed_in("ivo")
    assert 'href="/inbox/?priority=2"' in ivo.get("/").content.decode()
    assert [story.item.title for story in ivo.get("/inbox/?priority=2").context["queue"].stories] == ["Urgent"]


# ---------------------------------------------------------------- the usual letter of a source


def test_a_source_nobody_weighed_has_no_usual_letter_and_then_the_last_one_given(
    make_item: Makes, signed_in: Browsers, session_of: Makes, keeper: Any
) -> None:
    ones = [make_item(title, source="New voice") for title in ("First", "Second")]
    with bound_to(keeper):
        source = queries.sources([ones[0].source_id])[ones[0].source_id]
        source.state = "proposed"
        write(source, by="system:collector", verb="source proposed")
    alice, address = session_of("alice"), f"/inbox/?item={ones[1].id}"
    assert "data-usual" not in signed_in("alice").get(address).content.decode()
    with bound_to(alice):
        items.grade(ones[0], reliability="C", credibility="3", by=alice)
    assert 'data-usual="C"' in signed_in("alice").get(address).content.decode()


# ---------------------------------------------------------------- what the keys do


@contextmanager
def opened(html: str) -> Iterator[Page]:
    with served(lambda path: html) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{address}/inbox/")
        yield page


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))


@with_chromium
def test_the_reason_of_a_rejection_is_written_at_once_and_its_letters_are_no_keys(
    make_item: Makes, repeat: Makes, signed_in: Browsers
) -> None:
    head, copy = make_item("Head"), make_item("Copy")
    repeat(copy, head)
    with opened(signed_in("alice").get(f"/inbox/?item={head.id}").content.decode()) as page:
        assert violations(page) == []
        page.keyboard.press("x")
        page.keyboard.type("b2 noise")
        assert page.input_value("#reason") == "b2 noise"
        assert page.locator("[data-weigh] input:checked").count() == 0
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        assert focus(page) == "q"
        page.keyboard.press("Escape")
        page.keyboard.press("w")
        assert page.locator("[data-weigh] [name=together]").is_checked()


@with_chromium
def test_a_number_alone_takes_the_usual_letter_and_files_nothing(make_item: Makes, signed_in: Browsers) -> None:
    head = make_item("Head")
    with opened(signed_in("alice").get(f"/inbox/?item={head.id}").content.decode()) as page:
        page.keyboard.press("3")
        weighed = page.locator("[data-weigh] input[type=radio]:checked")
        assert weighed.evaluate_all("all => all.map(one => one.value)") == ["F", "3"]
        page.keyboard.press("b")
        page.keyboard.press("2")
        assert weighed.evaluate_all("all => all.map(one => one.value)") == ["B", "2"]


@with_chromium
def test_the_rows_of_a_list_are_walked_with_two_keys(session_of: Makes, signed_in: Browsers) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        for title in ("Coast", "Hills"):
            open_situation(title=title, places=["ZZK"], reason="Lists", by=alice, desk="karvania")
    with opened(signed_in("dan").get("/situations/?sort=title").content.decode()) as page:
        for key, there in (("j", "Coast"), ("j", "Hills"), ("j", "Hills"), ("k", "Coast")):
            page.keyboard.press(key)
            assert focus(page) == there


@with_chromium
def test_the_judgements_of_a_factor_are_walked_with_the_same_keys(
    situation: Any, session_of: Makes, signed_in: Browsers
) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        draft = assessing.draft(situation, framework=load("unfaac-2014"), on=today(), by=alice)
    with opened(signed_in("alice").get(f"/assessments/{draft.id}/?factor=8").content.decode()) as page:
        for key, there in (("j", "Judge 8"), ("j", "Judge 8.1"), ("k", "Judge 8")):
            page.keyboard.press(key)
            assert focus(page) == there
        page.evaluate("document.activeElement.blur(); location.hash = 'n8.1'")
        page.keyboard.press("j")
        assert focus(page) == "Judge 8.2"


# ---------------------------------------------------------------- a Director's keys


@pytest.fixture
def note(keeper: Any, session_of: Makes, observe: Makes) -> Any:
    """A note that waits for the Director."""
    seen = (observe("7.5", summary="Lists are asked for", sources=("Field office", "Radio")), observe("9.1"))
    desk = Desk(session_of("alice"), issued(keeper), secretary_general(keeper), seen)
    return cleared_by(desk.submitted(), session_of("bob"))


@with_chromium
def test_no_single_key_clears_a_note(note: Any, signed_in: Browsers) -> None:
    with opened(signed_in("dan").get(f"/notes/{note.id}/").content.decode()) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method) if request.is_navigation_request() else None)
        page.keyboard.press("c")
        assert focus(page).startswith("Clear for release")
        assert asked == []
        page.keyboard.press("r")
        assert focus(page) == "reason"
        page.keyboard.press("Escape")
        with page.expect_navigation(url="**/"):
            page.keyboard.press("h")
        assert asked[0] == "GET"


def test_who_clears_a_note_is_told_with_whom_it_now_is(note: Any, signed_in: Browsers) -> None:
    dan = signed_in("dan")
    shown = dan.get(f"/notes/{note.id}/").content.decode().split('name="shown" value="')[1][:64]
    after = dan.post(f"/notes/{note.id}/clear/", {"shown": shown}, follow=True)
    assert f"Note {note.reference}: with the Special Adviser." in after.content.decode()
