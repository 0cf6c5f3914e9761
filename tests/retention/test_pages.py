"""The records officer's pages, and what they tell of what the officer may not see: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from forestall.access import actions, labelling
from forestall.access.models import Decision
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.monitoring.models import Item
from forestall.record import evidence
from forestall.record.actions import expunge
from forestall.retention import disposal, recall, requests, times

pytestmark = pytest.mark.django_db
VARYING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return VARYING.sub("", answer.content.decode())


def test_an_empty_office_is_told_so_in_sentences(signed_in: Callable[[str], Client]) -> None:
    page = text_of(signed_in("rita"), "/records/")
    for sentence in ("Nothing that you may see has reached its time", "No request waits", "No source took anything back", "Nothing that you could have seen was removed"):
        assert sentence in page
    assert "What the Office judged, warned and decided" in page


def test_the_record_leads_to_it_for_those_who_may(signed_in: Callable[[str], Client]) -> None:
    assert 'href="/records/"' in text_of(signed_in("rita"), "/record/")
    assert 'href="/records/"' not in text_of(signed_in("alice"), "/record/")


def test_due_things_are_removed_from_the_page_by_two(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    make_item("Old one", level=1)
    with clock.fixed(clock.now() + timedelta(days=3700)):
        rita, rolf = signed_in("rita"), signed_in("rolf")
        page = text_of(rita, "/records/")
        (named,) = re.findall(r'name="thing" value="([^"]+)"', page)
        answer = rita.post("/records/", {"act": "propose", "thing": named, "reason": "its time is over"}, follow=True)
        assert "Another person must agree" in answer.content.decode()
        page = text_of(rolf, "/records/")
        assert "Removals that wait for you" in page and "Removals that wait for you" not in text_of(rita, "/records/")
        (decision,) = re.findall(r'name="decision" value="([^"]+)"', page)
        rolf.post("/records/", {"act": "agree", "decision": decision, "again": "yes"})
        assert "Old one" in text_of(rita, "/records/"), "what is not named again is not done"
        answer = rolf.post("/records/", {"act": "agree", "decision": decision, "again": "agree"}, follow=True)
        assert "Removed by decision of two: 1" in answer.content.decode()
        page = text_of(rita, "/records/")
        assert "Old one" not in page and "its time is over" in page


def test_a_due_thing_is_kept_on_from_the_page(make_item: Callable[..., Any], signed_in: Callable[[str], Client]) -> None:
    item = make_item("Old one", level=1)
    with clock.fixed(clock.now() + timedelta(days=3700)):
        rita, form = signed_in("rita"), {"act": "keep", "thing": f"monitoring.item/{item.id}", "reason": "an inquiry"}
        assert "Fill in" in rita.post("/records/", form, follow=True).content.decode()
        rita.post("/records/", {**form, "until": (clock.today() + timedelta(days=30)).isoformat()})
        assert "Old one" not in text_of(rita, "/records/")


@pytest.mark.parametrize("act", ["propose", "keep"])
def test_what_may_not_be_seen_and_what_never_was_are_answered_alike(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace, keeper: Any, act: str
) -> None:
    item = make_item("Hidden", level=1, desk="south")
    actions.recuse(people.rita, compartment="desk:south", by=keeper)
    form = {"act": act, "reason": "x", "until": (clock.today() + timedelta(days=30)).isoformat()}
    rita = signed_in("rita")
    answers = [
        rita.post("/records/", {**form, "thing": named})
        for named in (f"monitoring.item/{item.id}", f"monitoring.item/{people.rita.id}", "no.such/thing", "")
    ]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert not Decision.objects.model.objects.filter(about_id=item.id).exists()


def test_V24_a_hidden_thing_of_any_sort_changes_no_byte_of_the_officers_pages(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace, keeper: Any,
    session_of: Callable[..., Any],
) -> None:  # fmt: skip
    actions.recuse(people.rita, compartment="desk:south", by=keeper)
    seen = make_item("Seen", level=1)
    rita, rolf = session_of("rita"), session_of("rolf")
    with bound_to(rita):
        asked = requests.enter(wants="access", received_on=clock.today(), name="Amina", contact="", identity="x", text="x", by=rita)
        requests.link(asked, thing=seen, by=rita)
    addresses = ("/records/", "/records/?class=open", f"/records/requests/{asked.id}/?q=zanziphore", "/records/times/open/")
    with clock.fixed(clock.now() + timedelta(days=3700)):
        browser = signed_in("rita")
        before = [text_of(browser, address) for address in addresses]
        hidden = [make_item(f"zanziphore {n}", "zanziphore", level=1, desk="south") for n in range(4)]
        with bound_to(rolf):
            requests.link(asked, thing=hidden[0], by=rolf)
            disposal.keep_on([hidden[0]], until=clock.today() + timedelta(days=9), reason="zanziphore", by=rolf)
            evidence.exported(hidden[1].evidence_id, by=str(people.bob.id))
            recall.withdraw_consent(hidden[1], scopes=frozenset(), reason="zanziphore", by=rolf)
            labelling.place_hold(hidden[2], reason="zanziphore", by=rolf)
            expunge(hidden[3], by=rolf.person_id, second=str(people.dan.id), reason="zanziphore")
        assert [text_of(browser, address) for address in addresses] == before
        assert "zanziphore 0" not in text_of(signed_in("rolf"), "/records/"), "it is kept on"
        assert "zanziphore 2" in text_of(signed_in("rolf"), "/records/")


def test_a_removal_is_told_to_whoever_could_see_the_thing_in_its_last_state(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace, keeper: Any, session_of: Callable[..., Any]
) -> None:
    """Also when an earlier, lower state was open to more."""
    item = make_item("Raised", level=1)
    rolf = session_of("rolf")
    with bound_to(rolf):
        labelling.hold_closer(item, label=item.label.within("desk:south"), by=rolf)
        expunge(Item.objects.get(pk=item.id), by=rolf.person_id, second=str(people.dan.id), reason="zanziphore")
    actions.recuse(people.rita, compartment="desk:south", by=keeper)
    assert "zanziphore" in text_of(signed_in("rolf"), "/records/")
    assert "zanziphore" not in text_of(signed_in("rita"), "/records/")


def test_a_time_is_changed_from_its_page(signed_in: Callable[[str], Client], session_of: Callable[..., Any]) -> None:
    rita = signed_in("rita")
    for days, why in (("many", "Write a number"), ("1", "Between"), ("3650", "Nothing would change")):
        assert why in rita.post("/records/times/open/", {"days": days, "reason": "x"}, follow=True).content.decode()
    assert "Another person" in rita.post("/records/times/open/", {"days": "730", "reason": "x"}, follow=True).content.decode()
    with bound_to(session_of("dan")):
        assert times.time_of("open").days == 3650  # type: ignore[union-attr]
    assert "730" in text_of(signed_in("dan"), "/records/times/open/")
    assert signed_in("alice").get("/records/times/open/").status_code == 403
    assert rita.get("/records/times/never/").status_code == 404
    assert "fixed" in text_of(rita, "/records/times/memory/")


def test_no_past_day_is_looked_at_here(signed_in: Callable[[str], Client]) -> None:
    assert signed_in("rita").get("/records/?as_of=2026-11-01").status_code in (403, 409)


def test_the_command_says_how_many_and_never_which(
    make_item: Callable[..., Any], keeper: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forestall.cli.commands import retention

    make_item("Amina's letter", level=1)
    with clock.fixed(clock.now() + timedelta(days=3700)):
        assert (retention._show(), retention._due(), retention._run(), retention._run()) == (0, 0, 0, 0)
    told = capsys.readouterr().out
    assert "open       Open sources: 3650 days" in told and "open       1 due, 0 of them under a hold" in told
    assert "Nothing goes by itself today." in told and "Amina" not in told
