"""Today, for those who keep the record: what waits for counsel, the records officers and those who care for sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.record import evidence
from forestall.retention import recall, requests

from .test_today import page_of, section

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
Browser = Callable[[str], Client]


def waiting(browser: Client) -> str:
    return section(page_of(browser), "waiting")


def test_what_is_asked_for_as_evidence_waits_for_counsel_and_then_for_who_hands_it_over(
    make_item: Callable[..., Any], ask_for: Callable[..., Any], signed_in: Browser, session_of: Callable[..., Any]
) -> None:
    from forestall.monitoring.actions import package

    one = ask_for(make_item("Report", "Eleven homes burned.", desk="karvania"))
    assert one.reference in waiting(signed_in("lena")) and "decide as counsel" in waiting(signed_in("lena"))
    assert one.reference not in waiting(signed_in("rita"))
    for name in ("alice", "carol"):
        assert one.reference not in waiting(signed_in(name))

    lena = session_of("lena")
    with bound_to(lena):
        package.decide(one, granted=True, reason="An order.", by=lena)
    assert one.reference in waiting(signed_in("rita"))
    assert one.reference not in waiting(signed_in("lena"))


def test_a_request_about_oneself_waits_with_its_day_until_the_answer_was_sent(session_of: Callable[..., Any], signed_in: Browser) -> None:
    rita = session_of("rita")
    with bound_to(rita):
        one = requests.enter(wants="access", received_on=clock.today(), name="Amina K.", contact="", identity="seen", text="about me", by=rita)
    told = waiting(signed_in("rolf"))
    assert "Amina K." in told and "somebody asks what is held about them" in told
    assert "Amina K." not in waiting(signed_in("alice"))

    with bound_to(rita):
        requests.withdraw(one, by=rita)
    assert "Amina K." not in waiting(signed_in("rolf"))


def test_what_a_source_took_back_waits_until_everybody_is_told(
    session_of: Callable[..., Any], signed_in: Browser, make_item: Callable[..., Any]
) -> None:
    item = make_item("Report", "Eleven homes burned.", desk="karvania")
    rita = session_of("rita")
    with bound_to(rita):
        evidence.exported(item.evidence_id, by=session_of("bob").person_id)
        recall.withdraw_consent(item, scopes=frozenset(), reason="She said no.", by=rita)
        (one,) = recall.recalls()
        lines = recall.lines(one)
    assert lines and f"not told yet: {len(lines)}" in waiting(signed_in("rita"))
    assert "not told yet" not in waiting(signed_in("alice"))
    with bound_to(rita):
        for line in lines:
            recall.told(line, how="by telephone", by=rita)
    assert "not told yet" not in waiting(signed_in("rita"))
