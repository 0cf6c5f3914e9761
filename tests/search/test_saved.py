"""Saved searches: asked again as their owner stands, told without content, and never for what is hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from forestall.access import queries as access
from forestall.access.models import Notice
from forestall.access.session import bound_to
from forestall.base.errors import Refused
from forestall.cli import schedule
from forestall.labels.label import Label, Level
from forestall.record.resting import raise_label
from forestall.search import policies, saved
from forestall.search.models import KnownAnswer, SavedSearch

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
Seat = Callable[..., Any]
WORD = "zanziphore"


@pytest.fixture
def alice(session_of: Seat) -> Any:
    return session_of("alice")


@pytest.fixture
def wells(alice: Any, people: SimpleNamespace, settings: Any) -> SavedSearch:
    """Alice wants to be told of wells; mail leaves into the outbox."""
    settings.EMAIL_HOST = "localhost"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    people.alice.email = "alice@office.example"
    people.alice.save()
    with bound_to(alice):
        return saved.keep(name="Wells", text="wells", narrowed={"country": "ZZK", "x": "y"}, notify=True, by=alice)


def told_of(wells: SavedSearch) -> int:
    return Notice.objects.filter(object_id=wells.id).count()


def test_what_is_new_and_visible_is_told_once(make_item: Make, wells: SavedSearch) -> None:
    schedule.ask_saved_searches()
    assert told_of(wells) == 0, "nothing is there"
    make_item("North", "The wells are dry.", level=1)
    schedule.ask_saved_searches()
    make_item("South", "More wells are dry.", level=1)
    schedule.ask_saved_searches()
    schedule.ask_saved_searches()

    assert told_of(wells) == 1, "one notice stands until it is put away"
    assert wells.narrowed == {"country": "ZZK"}


def test_what_answered_when_it_was_saved_is_no_news(make_item: Make, alice: Any) -> None:
    make_item("North", "The wells are dry.", level=1)
    with bound_to(alice):
        made = saved.keep(name="Wells", text="wells", narrowed={}, notify=True, by=alice)
    schedule.ask_saved_searches()

    assert told_of(made) == 0


@pytest.mark.parametrize(("level", "desk"), [(3, "karvania"), (2, "karvania"), (1, "south")], ids=["secret", "more than a password opens", "other desk"])
def test_V21_a_hidden_match_is_told_to_nobody(make_item: Make, wells: SavedSearch, level: int, desk: str) -> None:
    make_item("Hidden", f"wells {WORD}", level=level, desk=desk)
    schedule.ask_saved_searches()
    schedule.mail_notices()

    assert told_of(wells) == 0
    assert mail.outbox == []
    assert not KnownAnswer.objects.exists(), "and nothing is kept of it"


def test_V21_a_mail_is_the_same_whatever_matched(make_item: Make, wells: SavedSearch, people: SimpleNamespace) -> None:
    make_item("North", "The wells are dry.", level=1)
    schedule.ask_saved_searches()
    schedule.mail_notices()
    Notice.objects.all().delete()
    for number in range(5):
        make_item(f"{WORD} {number}", f"wells {number}", level=1)
        make_item(f"Hidden {number}", f"wells hidden {number}", level=3)
    schedule.ask_saved_searches()
    schedule.mail_notices()

    one, other = mail.outbox
    assert (one.subject, one.body, one.to) == (other.subject, other.body, other.to)


def test_V22_a_label_raised_before_the_mail_leaves_takes_it_back(make_item: Make, wells: SavedSearch, signed_in: Any, keeper: Any) -> None:
    made = make_item("North", "The wells are dry.", level=1)
    schedule.ask_saved_searches()
    assert told_of(wells) == 1
    raise_label(made, label=Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"desk:south"})), by="x")

    assert b"A saved search has something new" not in signed_in("alice").get("/").content
    schedule.mail_notices()
    assert mail.outbox == []
    assert told_of(wells) == 0


def test_V23_notice_and_mail_carry_no_content(make_item: Make, wells: SavedSearch) -> None:
    make_item(WORD, f"wells of {WORD}", level=1)
    schedule.ask_saved_searches()
    schedule.mail_notices()
    notice = Notice.objects.get(object_id=wells.id)
    message = mail.outbox[0].message().as_string()

    assert not [word for word in (WORD, "wells", "Wells") if word in message or word in f"{notice.message}{notice.parameters}"]


def test_V26_an_account_that_ended_is_asked_for_no_more(make_item: Make, wells: SavedSearch, people: SimpleNamespace) -> None:
    people.alice.is_active = False
    people.alice.save()
    make_item("North", "The wells are dry.", level=1)
    schedule.ask_saved_searches()

    assert told_of(wells) == 0


def test_the_notice_opens_the_search_and_only_its_owner_has_it(make_item: Make, wells: SavedSearch, signed_in: Any) -> None:
    make_item("North", "The wells are dry.", level=1)
    schedule.ask_saved_searches()
    way = reverse("saved_search", args=[wells.id])

    assert way.encode() in signed_in("alice").get("/").content
    opened = signed_in("alice").get(way)
    assert opened["Location"] == "/search/?q=wells&country=ZZK"
    assert signed_in("bob").get(way).status_code == 404
    assert b"Wells" not in signed_in("bob").get("/search/").content
    for act in ("notify_of_search", "forget_search"):
        assert signed_in("bob").post(reverse(act, args=[wells.id])).status_code == 404
    assert SavedSearch.objects.filter(pk=wells.pk, notify=True).exists()


def test_being_told_is_turned_off_and_on_and_the_search_removed(make_item: Make, wells: SavedSearch, signed_in: Any) -> None:
    browser = signed_in("alice")
    make_item("North", "The wells are dry.", level=1)
    schedule.ask_saved_searches()
    browser.post(reverse("notify_of_search", args=[wells.id]))
    assert told_of(wells) == 0
    schedule.ask_saved_searches()
    assert told_of(wells) == 0
    browser.post(reverse("notify_of_search", args=[wells.id]), {"notify": "yes"})
    schedule.ask_saved_searches()
    assert told_of(wells) == 0, "what was there is no news"
    browser.post(reverse("forget_search", args=[wells.id]))

    assert not SavedSearch.objects.exists() and not KnownAnswer.objects.exists()
    assert access.notices(str(wells.person_id)) == []


def test_a_search_is_saved_from_the_page(signed_in: Any) -> None:
    browser = signed_in("alice")
    given = {"q": "dry\x00 wells", "country": "ZZK", "name": " My wells ", "back": "/search/?q=dry+wells"}
    browser.post(reverse("save_search"), given)
    assert "My wells" in browser.get("/search/").content.decode()
    again = browser.post(reverse("save_search"), given, follow=True)

    assert "You have a saved search of this name" in again.content.decode()
    assert [(one.question, one.notify) for one in SavedSearch.objects.all()] == [("dry wells", False)]


def test_V10_a_name_that_another_took_is_free(wells: SavedSearch, session_of: Seat) -> None:
    carol = session_of("carol")
    with bound_to(carol):
        assert saved.keep(name="Wells", text="wells", narrowed={}, notify=False, by=carol).name == "Wells"


@pytest.mark.parametrize(
    "wrong", [{"asks": False}, {"name": ""}, {"name": "x" * 121}, {"taken": True}, {"kept": policies.MOST_SAVED}], ids=str
)
def test_a_search_that_may_not_be_saved_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    policies.check_saved(name="Wells", asks=True, taken=False, kept=0)
    with pytest.raises(Refused):
        policies.check_saved(**{"name": "Wells", "asks": True, "taken": False, "kept": 0, **wrong})


def test_nothing_is_saved_while_looking_at_a_past_day(alice: Any) -> None:
    from datetime import date

    then = replace(alice, as_of=date(2026, 4, 1))
    with pytest.raises(Refused):
        saved.keep(name="Wells", text="wells", narrowed={}, notify=False, by=then)
