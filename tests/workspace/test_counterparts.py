"""Whom the Office may address: named by the liaison, read by everybody, through the channel proper to each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.institutions import queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_surroundings() -> None:
    """These pages are asked for whole, with everything that stands around them."""


def named(signed_in: Callable[[str], Any], *, who: str = "lee") -> Any:
    return signed_in(who).post(
        "/counterparts/add/", {"kind": "secretary_general", "name": "Secretary-General", "back": "/counterparts/"}, follow=True
    )


def test_the_liaison_names_a_body_and_who_holds_office_in_it(
    signed_in: Callable[[str], Any], session_of: Callable[..., Any]
) -> None:
    assert "through the Executive Office of the Secretary-General" in named(signed_in).content.decode()
    with bound_to(session_of("lee")):
        body = queries.counterparts()[0]
    told = {"counterpart": str(body.id), "title": "Secretary-General", "name": "The Secretary-General", "since": "2026-01-01"}
    signed_in("lee").post("/counterparts/holder/", told)
    page = signed_in("alice").get("/counterparts/").content.decode()
    assert "The Secretary-General" in page
    with bound_to(session_of("alice")):
        assert queries.office_holders(on=date(2026, 11, 1))[0].name == "The Secretary-General"


def test_others_read_the_list_and_cannot_add_to_it(signed_in: Callable[[str], Any], session_of: Callable[..., Any]) -> None:
    assert "Your roles do not let you" in named(signed_in, who="alice").content.decode()
    assert "Name a body" not in signed_in("alice").get("/counterparts/").content.decode()
    with bound_to(session_of("alice")):
        assert queries.counterparts() == []


def test_what_is_missing_is_said_and_the_form_comes_back(signed_in: Callable[[str], Any]) -> None:
    named(signed_in)
    lee = signed_in("lee")
    answer = lee.post("/counterparts/holder/", {"counterpart": "", "back": "/counterparts/"}, follow=True)
    assert "Choose the body first." in answer.content.decode()
    answer = lee.post("/counterparts/add/", {"kind": "club", "name": "A club", "back": "/counterparts/"}, follow=True)
    assert "Choose what kind of body it is." in answer.content.decode()


def test_a_body_that_is_not_there_is_the_page_that_never_was(signed_in: Callable[[str], Any]) -> None:
    told = {"counterpart": "0190a0a0-0000-7000-8000-000000000000", "title": "x", "name": "y", "since": "2026-01-01"}
    assert signed_in("lee").post("/counterparts/holder/", told).status_code == 404


def test_the_list_is_narrowed_and_taken_out_as_a_file(signed_in: Callable[[str], Any]) -> None:
    named(signed_in)
    signed_in("lee").post("/counterparts/add/", {"kind": "regional", "name": "Forum of the Rivers"})
    rows = signed_in("alice").get("/counterparts/?kind=regional&format=csv").content.decode()
    assert "Forum of the Rivers" in rows
    assert "Secretary-General" not in rows
    assert "Nobody answers to this." in signed_in("alice").get("/counterparts/?q=nothing").content.decode()


def test_nothing_is_named_while_one_looks_at_a_past_day(signed_in: Callable[[str], Any]) -> None:
    named(signed_in)
    page = signed_in("lee").get("/counterparts/?as_of=2026-11-01").content.decode()
    assert "Name a body" not in page
