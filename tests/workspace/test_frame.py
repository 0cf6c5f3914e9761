"""The frame around every page, the pages that only say one thing, and signing in."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory

from forestall.base.words import say

from .situation import situation, surroundings

Draw = Callable[..., str]
ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")


def page(path: str = "/", **changes: object) -> str:
    context = {**surroundings(), "s": situation(), **changes}
    return render_to_string("specimens/situation.html", context, RequestFactory().get(path))


def test_the_band_stands_before_everything_a_reader_can_read() -> None:
    body = page().split("<body", 1)[1].split("</svg>", 1)[1]
    readable = re.sub(r'<a class="skip".*?</a>', "", body, flags=re.DOTALL).lstrip()
    assert readable.startswith('<aside class="band level-2 top-band"')


def test_an_exercise_says_so_in_title_band_foot_and_on_paper() -> None:
    drawn = page()
    assert "<title>EXERCISE · " in drawn
    assert "<b>EXERCISE</b>" in drawn
    assert "Exercise: fictional training data." in drawn
    assert re.search(r"<html[^>]*\bdata-exercise\b", drawn)


def test_a_real_home_never_says_exercise() -> None:
    assert "exercise" not in page(home=SimpleNamespace(is_exercise=False)).lower()


def test_paper_carries_the_level_of_the_page() -> None:
    assert re.search(r'<html[^>]*data-level="2"', page())


def test_a_page_without_a_level_is_refused() -> None:
    with pytest.raises(ValueError, match="highest label"):
        page(band=None)


def test_the_menu_shows_the_entries_it_is_given_and_no_others() -> None:
    drawn = page()
    assert re.search(r'<a href="/situations"[^>]*aria-current="page"[^>]*>Situations', drawn)
    assert drawn.count('aria-current="page">Situations') == 1
    assert "Today" in drawn
    assert 'href="/today"' not in page(menu=[], crumbs=[])


def test_in_arabic_the_page_runs_from_right_to_left(arabic: None) -> None:
    drawn = page()
    assert re.search(r'<html lang="ar"\s+dir="rtl"', drawn)
    assert "انتقل إلى المحتوى" in drawn


def test_a_past_day_is_named_and_one_can_return() -> None:
    drawn = page("/?as_of=2026-04-01&region=west", as_of=situation().review)
    assert "You see what was known on <b><time" in drawn
    assert 'href="?region=west"' in drawn


def test_a_person_not_signed_in_has_no_name_and_no_way_out() -> None:
    drawn = page(user=SimpleNamespace(is_authenticated=False))
    assert "Sign out" not in drawn
    assert "N. Arden" not in drawn


@pytest.mark.parametrize(
    ("level", "look", "role"),
    [(constants.SUCCESS, "say good", "status"), (constants.WARNING, "say warn", "status"),
     (constants.ERROR, "say bad", "alert"), (constants.INFO, "say", "status")],
)  # fmt: skip
def test_a_message_is_told_to_eyes_and_to_screen_readers(level: int, look: str, role: str) -> None:
    told = Message(level, say("Filed to %(where)s.", where="<b>S-07</b>"))
    drawn = page(messages=[told])
    assert re.search(rf'<div class="{look}"\s+role="{role}">Filed to &lt;b&gt;S-07', drawn)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_no_surroundings(name: str) -> None:
    drawn = render_to_string(name, {})
    assert "<h1>" in drawn
    assert 'data-level="0"' in drawn


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_of_an_exercise_says_that_it_is_one(name: str) -> None:
    assert "<b>EXERCISE</b>" in render_to_string(name, {"home": SimpleNamespace(is_exercise=True)})


def test_what_may_not_be_seen_and_what_never_was_look_the_same() -> None:
    factory = RequestFactory()
    hidden = {"exception": "Situation 7f3a does not match", "request_path": "/situations/7f3a"}
    never = {"exception": "No such address", "request_path": "/nonsense"}
    one = render_to_string("404.html", hidden, factory.get("/situations/7f3a"))
    other = render_to_string("404.html", never, factory.get("/nonsense"))
    assert one == other


class Code(forms.Form):
    code = forms.CharField(label="Code")
    secret = "JBSWY3DPEHPK3PXP"


SIGNING_IN = (
    "account/login.html",
    "account/logout.html",
    "account/reauthenticate.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/totp/activate_form.html",
    "mfa/recovery_codes/index.html",
)


@pytest.mark.parametrize("name", SIGNING_IN)
def test_signing_in_has_the_look_and_sends_only_to_ourselves(name: str) -> None:
    context = {
        **surroundings(),
        "form": Code({}),
        "totp_svg_data_uri": "data:image/svg+xml;base64,AAAA",
        "unused_codes": ["12345678", "87654321"],
        "total_count": 10,
        "can_view_codes": True,
        "can_generate_codes": True,
    }
    drawn = render_to_string(name, context, RequestFactory().get("/"))
    assert "<h1>" in drawn
    assert 'class="entrance"' in drawn
    assert all(action.startswith("/") for action in re.findall(r'<form[^>]*action="([^"]*)"', drawn))
    if "<form" in drawn:
        assert "csrfmiddlewaretoken" in drawn


def test_a_code_field_that_is_wrong_says_what_is_wrong() -> None:
    drawn = render_to_string("mfa/authenticate.html", {"form": Code({})}, RequestFactory().get("/"))
    assert "This field is required." in drawn
    assert "field wrong" in drawn
