"""A long table leaves by decision of two: not at once, not piece by piece, not for another, not a day later."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from forestall.access import decisions, queries, takingout
from forestall.access.models import Decision, TakingOut
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.labels.models import everything
from forestall.record.models import Entry
from forestall.record.verification import verify

pytestmark = pytest.mark.django_db
LIST = "/inbox/"
REASON = "for the weekly reading with the field offices"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule at a size that a test can fill: three rows in a file, five in a day."""
    monkeypatch.setattr(takingout, "MOST", 3)
    monkeypatch.setattr(takingout, "MOST_IN_A_DAY", 5)


@pytest.fixture
def four(few: None, make_item: Callable[..., Any]) -> None:
    for number in range(4):
        make_item(f"Report {number}", "told", source=f"Office {number}")


def take(client: Client, address: str = LIST, **narrowed: str) -> Any:
    return client.get(address, {"format": "csv", **narrowed})


def is_file(answer: Any) -> bool:
    return answer.status_code == 200 and "attachment" in answer.get("Content-Disposition", "")


def ask(client: Client, answer: Any, *, reason: str = REASON) -> Any:
    """Send the form that a refused table came with."""
    signed = html.unescape(re.search(r'name="signed" value="([^"]+)"', answer.content.decode()).group(1))  # type: ignore[union-attr]
    return client.post("/taking-out/", {"signed": signed, "reason": reason, "back": LIST}, follow=True)


def agree(client: Client) -> Any:
    one = everything(Decision).get(state="proposed")
    return client.post(f"/decisions/{one.id}/", {"act": "agree", "again": "agree"}, follow=True)


def test_A11_a_long_confidential_table_is_not_given_to_one_person(four: None, signed_in: Callable[[str], Client]) -> None:
    answer = take(signed_in("alice"))

    assert answer.status_code == 403
    assert "This table has 4 confidential rows." in answer.content.decode()
    assert not Entry.objects.filter(verb__startswith="exported").exists()


def test_A11_with_a_second_person_it_is_taken_for_a_day_and_says_by_whom(four: None, signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    morning = now()
    with clock.fixed(morning):
        assert ask(alice, take(alice)).status_code == 200
        assert not is_file(take(alice)), "asked for is not agreed to"
        agree(signed_in("bob"))
        answer = take(alice)
    assert is_file(answer)
    one = everything(TakingOut).get()
    first = answer.content.decode().splitlines()[0]
    assert "Alice" in first and str(one.id) in first and f"{morning:%Y-%m-%d}" in first
    with clock.fixed(morning + timedelta(hours=23)):
        assert is_file(take(signed_in("alice")))
    with clock.fixed(morning + timedelta(hours=25)):
        assert not is_file(take(signed_in("alice")))
        assert verify().holds
    assert Entry.objects.filter(verb="exported: inbox").count() == 2


def test_A11_what_was_agreed_to_is_one_persons_and_one_table(four: None, signed_in: Callable[[str], Client], make_item: Callable[..., Any]) -> None:
    alice = signed_in("alice")
    ask(alice, take(alice))
    agree(signed_in("bob"))

    assert is_file(take(alice))
    assert not is_file(take(signed_in("ivo")))
    assert not is_file(take(alice, sort="title")), "another address is another table"
    make_item("Held closer", "told", level=3)
    assert not is_file(take(alice)), "it was agreed to as confidential, and holds more now"


def test_A11_nobody_takes_it_in_pieces(few: None, make_item: Callable[..., Any], signed_in: Callable[[str], Client]) -> None:
    for number in range(3):
        make_item(f"Report {number}", "told", source=f"Office {number}")
    morning = now()
    with clock.fixed(morning):
        assert is_file(take(signed_in("alice")))
        assert not is_file(take(signed_in("alice"))), "three more would be six in a day"
        assert is_file(take(signed_in("bob"))), "counted for each person alone"
    with clock.fixed(morning + timedelta(hours=25)):
        assert is_file(take(signed_in("alice")))


def test_A11_what_is_not_confidential_leaves_without_a_second(few: None, make_item: Callable[..., Any], signed_in: Callable[[str], Client]) -> None:
    make_item("Report", "told")
    for number in range(6):
        make_item(f"Report {number}", "told", source=f"Office {number}", level=1, desk=None)
    assert is_file(take(signed_in("alice")))
    assert is_file(take(signed_in("alice")))


def test_A11_who_asked_is_not_the_second_and_no_reason_is_refused(
    four: None, signed_in: Callable[[str], Client], session_of: Callable[..., Any], people: SimpleNamespace
) -> None:
    alice = signed_in("alice")
    ask(alice, take(alice), reason=" ")
    assert not everything(TakingOut).exists()
    ask(alice, take(alice))
    one = everything(Decision).get()
    for name in ("alice", "dora", "ada"):
        session = session_of(name)
        with bound_to(session), pytest.raises(Refused):
            decisions.agree(everything(Decision).get(), by=session)
    assert one.state == "proposed"
    assert {str(notice.person_id) for notice in queries.notices(str(people.bob.id))} == {str(people.bob.id)}
    assert not queries.notices(str(people.ada.id)), "who may not see it is not asked"


def test_A11_the_form_is_for_whom_it_was_made_and_whole(four: None, signed_in: Callable[[str], Client]) -> None:
    refused = take(signed_in("alice"))
    ask(signed_in("bob"), refused)
    assert not everything(TakingOut).exists()
    signed_in("alice").post("/taking-out/", {"signed": "nothing", "reason": REASON, "back": LIST})
    assert not everything(TakingOut).exists()


def test_A11_who_asks_twice_is_led_to_what_waits(four: None, signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    first = take(alice)
    ask(alice, first)
    ask(alice, first)
    assert everything(TakingOut).count() == 1
    waits = take(alice).content.decode()
    assert "It waits for a second person." in waits and str(everything(Decision).get().id) in waits


def test_A11_a_proposal_that_was_declined_can_be_made_anew(four: None, signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    ask(alice, take(alice))
    one = everything(Decision).get()
    signed_in("bob").post(f"/decisions/{one.id}/", {"act": "decline", "reason": "take what you need alone"})
    assert not is_file(take(alice))
    ask(alice, take(alice))
    assert everything(TakingOut).count() == 2


def test_A11_the_page_of_it_lets_its_person_take_it_and_nobody_else(four: None, signed_in: Callable[[str], Client]) -> None:
    alice, bob = signed_in("alice"), signed_in("bob")
    ask(alice, take(alice))
    address = f"/taking-out/{everything(TakingOut).get().id}/"
    assert "Take it as CSV" not in alice.get(address).content.decode()
    agree(bob)
    assert "Take it as CSV" in alice.get(address).content.decode()
    assert bob.get(address).status_code == 200
    assert "Take it as CSV" not in bob.get(address).content.decode()
    assert signed_in("carol").get(address).status_code == 200, "she could have been the second"
    assert signed_in("ada").get(address).status_code == 404
