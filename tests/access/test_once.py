"""A form that is sent twice acts once, and what is sent anew acts anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from forestall.access import tally
from forestall.access.session import bound_to
from forestall.base.errors import Refused
from forestall.labels.models import everything
from forestall.monitoring.actions import item as items
from forestall.monitoring.models import Grading
from forestall.workspace import once
from forestall.workspace.once import TOKEN

pytestmark = pytest.mark.django_db
DRAWN = re.compile(rf'name="{TOKEN}" value="([^"]+)"')


def form(browser: Client, made: Any) -> dict[str, str]:
    """The form for grading, as the page of the item draws it now."""
    found = DRAWN.search(browser.get(f"/items/{made.pk}/").content.decode())
    assert found is not None
    return {"act": "grade", "reliability": "B", "credibility": "2", TOKEN: found[1]}


def gradings() -> int:
    return everything(Grading).count()


def test_R05_a_form_sent_again_acts_once_and_says_so(make_item: Callable[..., Any], signed_in: Callable[[str], Client]) -> None:
    made, browser = make_item("Wells", "The wells are shared."), signed_in("ivo")
    sent = form(browser, made)
    answers = [browser.post(f"/items/{made.pk}/triage/", sent) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 302] and gradings() == 1
    assert "This was sent twice. It counts once." in browser.get(f"/items/{made.pk}/").content.decode()


def test_R05_the_same_act_from_a_page_drawn_anew_or_with_other_content_is_another(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    made, browser = make_item("Wells", "The wells are shared."), signed_in("ivo")
    first, again = form(browser, made), form(browser, made)
    for sent in (first, again, first | {"credibility": "3"}):
        browser.post(f"/items/{made.pk}/triage/", sent)

    assert gradings() == 3


def test_R05_of_two_at_one_moment_the_later_goes_no_further(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both had looked before either had written."""
    monkeypatch.setattr(tally, "count", lambda *_, **__: 0)
    made, browser = make_item("Wells", "The wells are shared."), signed_in("ivo")
    sent = form(browser, made)
    for _ in range(2):
        assert browser.post(f"/items/{made.pk}/triage/", sent).status_code == 302

    assert gradings() == 1


@pytest.mark.parametrize("when", ["before anything is written", "after something was"])
def test_R05_what_was_refused_may_be_sent_again(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Refused("Not now.")

    made, browser = make_item("Wells", "The wells are shared."), signed_in("ivo")
    sent = form(browser, made)
    with monkeypatch.context() as patched:
        patched.setattr(items, "hold" if when.startswith("before") else "_move", refuse)
        browser.post(f"/items/{made.pk}/triage/", sent)
        assert gradings() == 0
    browser.post(f"/items/{made.pk}/triage/", sent)

    assert gradings() == 1


def test_R05_a_form_is_known_by_who_sends_it_where_to_and_all_that_is_in_it(session_of: Callable[..., Any], rf: RequestFactory) -> None:
    def name(who: str, address: str, content: bytes = b"x", **fields: str) -> str:
        request = rf.post(address, {TOKEN: "t", "file": SimpleUploadedFile("a.txt", content), **fields})
        with bound_to(session_of(who)):
            told = once._name_of(request)
        assert request.FILES["file"].read() == content, "the upload is still there to be read"
        return told

    names = [name("ivo", "/a/"), name("ivo", "/a/", b"y"), name("ivo", "/b/"), name("ivo", "/a/?p=2"), name("bob", "/a/"), name("ivo", "/a/", act="b")]
    assert len(set(names)) == len(names) and name("ivo", "/a/") == names[0]
    with bound_to(session_of("ivo")):
        assert once._name_of(rf.post("/a/", {"act": "b"})) == once._name_of(rf.get("/a/")) == ""
