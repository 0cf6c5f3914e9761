"""What cannot be undone, and what leaves the house, asks once more who it is; nothing that was typed is lost."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from forestall.access import actions, budget, decisions, granting, labelling, queries
from forestall.access.declared import DECLARED
from forestall.access.models import Notice, Person
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.monitoring.actions import item as items
from forestall.record.models import Entry

from .test_keys import WRONG, enrolled, question, with_key, with_password

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=11)
NEW = {"username": "eve", "name": "Eve Adler", "title": "Interpreter", "clearance": "2"}


def secret_of(person: Any) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code(secret: str, *, after: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + after))


def with_code(name: str, secret: str) -> Client:
    client = with_password(name)
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret)}).status_code == 302
    return client


def test_a_fresh_proof_is_not_asked_again(people: SimpleNamespace) -> None:
    ada = with_code("ada", secret_of(people.ada))

    assert ada.post(reverse("add_person"), NEW).status_code == 302
    assert Person.objects.filter(username="eve").exists()


def test_an_old_proof_is_asked_again_and_what_was_typed_goes_on(people: SimpleNamespace) -> None:
    secret = secret_of(people.ada)
    ada = with_code("ada", secret)
    with clock.fixed(clock.now() + LATER):
        asked = ada.post(reverse("add_person"), NEW)
        assert asked.status_code == 403
        page = asked.content.decode()
        assert "Confirm that it is you" in page
        assert 'value="Eve Adler"' in page
        assert not Person.objects.filter(username="eve").exists()
        wrong = ada.post(reverse("add_person"), {**NEW, "proof_for": "POST", "proof_code": "000000"})
        assert WRONG in wrong.content.decode()
        assert 'value="Eve Adler"' in wrong.content.decode()
        assert not Person.objects.filter(username="eve").exists()
        done = ada.post(reverse("add_person"), {**NEW, "proof_for": "POST", "proof_code": code(secret, after=1)})
    assert done.status_code == 302
    assert Person.objects.get(username="eve").title == "Interpreter"
    assert Entry.objects.filter(verb="confirmed again", by=str(people.ada.id)).count() == 1


def test_A03_the_code_that_signed_in_is_no_proof(people: SimpleNamespace) -> None:
    secret = secret_of(people.ada)
    used = code(secret)
    ada = with_password("ada")
    ada.post(reverse("mfa_authenticate"), {"code": used})
    with clock.fixed(clock.now() + LATER):
        again = ada.post(reverse("add_person"), {**NEW, "proof_for": "POST", "proof_code": used})
    assert again.status_code == 403


def test_R26_a_proof_from_the_future_is_none(people: SimpleNamespace) -> None:
    ada = with_code("ada", secret_of(people.ada))
    with clock.fixed(clock.now() - timedelta(minutes=4)):
        assert ada.post(reverse("add_person"), NEW).status_code == 403


def test_who_signed_in_with_a_key_is_asked_for_the_key(people: SimpleNamespace) -> None:
    key = enrolled("ada")
    secret = secret_of(people.ada)
    ada = with_key("ada", key)
    with clock.fixed(clock.now() + LATER):
        asked = ada.post(reverse("add_person"), NEW)
        assert "This step asks for your security key again." in asked.content.decode()
        by_code = ada.post(reverse("add_person"), {**NEW, "proof_for": "POST", "proof_code": code(secret)})
        assert by_code.status_code == 403, "a code is less than was shown"
        asked = ada.post(reverse("add_person"), NEW)
        answer = json.dumps(key.answer(question(asked)))
        assert ada.post(reverse("add_person"), {**NEW, "proof_for": "POST", "proof_credential": answer}).status_code == 302


def test_without_a_second_factor_nobody_grants(people: SimpleNamespace) -> None:
    ada = with_password("ada")
    for body in (NEW, {**NEW, "proof_for": "POST", "proof_password": "the password of ada"}):
        answer = ada.post(reverse("add_person"), {**body, "back": reverse("people")}, follow=True)
        assert "This needs a second factor." in answer.content.decode()
    assert not Person.objects.filter(username="eve").exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_leaves_only_after_a_proof(people: SimpleNamespace, kind: str) -> None:
    secret = secret_of(people.alice)
    alice = with_code("alice", secret)
    address = f"{reverse('situations')}?format={kind}"
    assert "attachment" in alice.get(address).headers["Content-Disposition"]
    with clock.fixed(clock.now() + LATER):
        asked = alice.get(address)
        assert asked.status_code == 403
        assert "Content-Disposition" not in asked.headers
        back = alice.post(address, {"proof_for": "GET", "proof_code": code(secret, after=1)})
        assert (back.status_code, back.headers["Location"]) == (302, address)
        assert "attachment" in alice.get(address).headers["Content-Disposition"]


def exports() -> list[str]:
    return [reverse(name) for name in ("inbox", "states", "situations", "warnings", "today", "forecasts", "sources", "library")]


def test_every_page_that_hands_out_a_table_asks(people: SimpleNamespace) -> None:
    secret = secret_of(people.alice)
    alice = with_code("alice", secret)
    with clock.fixed(clock.now() + LATER):
        for address in exports():
            assert alice.get(f"{address}?format=csv").status_code == 403, address


def test_what_needs_a_proof_is_declared(people: SimpleNamespace) -> None:
    declared = {name.rpartition(".")[2] for name, one in DECLARED.items() if one.step_up}
    assert declared >= {"_add", "_invite", "_grant_desk", "_clearance", "_propose_level_3", "expunge", "decision"}


def test_agreeing_to_a_decision_of_two_asks(
    people: SimpleNamespace, make_item: Callable[..., Any], session_of: Callable[..., Any], keeper: Any
) -> None:
    secret = secret_of(people.rolf)
    item = make_item("To be removed", level=2)
    rita = session_of("rita")
    with bound_to(rita):
        proposed = decisions.propose(labelling.EXPUNGE, about=item, reason="It names a child.", by=rita)
    notice = Notice.objects.filter(person=people.rolf).latest("at")
    rolf = with_code("rolf", secret)
    body = {"act": "agree", "again": "agree"}
    with clock.fixed(clock.now() + LATER):
        assert rolf.post(reverse("decision", args=[proposed.id]), body).status_code == 403
        notice.refresh_from_db()
        assert notice.read_at is None
        proof = {"proof_for": "POST", "proof_code": code(secret, after=1)}
        assert rolf.post(reverse("decision", args=[proposed.id]), {**body, **proof}).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_one_s_own_factors_ask_for_what_one_signed_in_with(people: SimpleNamespace) -> None:
    alice = with_password("alice")
    asked = alice.get(reverse("mfa_activate_totp"))
    assert asked.status_code == 403
    assert "This step asks for your password again." in asked.content.decode()
    wrong = alice.post(reverse("mfa_activate_totp"), {"proof_for": "GET", "proof_password": "not hers"})
    assert wrong.status_code == 403
    right = alice.post(reverse("mfa_activate_totp"), {"proof_for": "GET", "proof_password": "the password of alice"})
    assert right.status_code == 302
    assert alice.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_second_key_is_added_only_with_the_first(people: SimpleNamespace) -> None:
    key = enrolled("alice")
    alice = with_key("alice", key)
    with clock.fixed(clock.now() + LATER):
        asked = alice.post(reverse("mfa_add_webauthn"), {"proof_for": "GET", "proof_password": "the password of alice"})
        assert asked.status_code == 403
        assert "security key" in asked.content.decode()


def test_in_an_exercise_entered_by_its_link_nothing_is_asked(
    people: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    ada = signed_in("ada")
    assert ada.post(reverse("add_person"), NEW).status_code == 302
    assert ada.get(f"{reverse('people')}?format=csv").status_code == 200


def test_A03_recovery_codes_are_shown_once_and_each_works_once(people: SimpleNamespace) -> None:
    enrolled_key = enrolled("alice")
    alice = with_key("alice", enrolled_key)
    authenticator = Authenticator.objects.get(user=people.alice, type="recovery_codes")
    codes = authenticator.wrap().get_unused_codes()
    first = alice.get(reverse("mfa_view_recovery_codes")).content.decode()
    again = alice.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert all(one in first for one in codes)
    assert not any(one in again for one in codes)

    one, other = with_password("alice"), with_password("alice")
    assert one.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200
    assert other.post(reverse("mfa_authenticate"), {"code": codes[1]}).status_code == 302
    assert "8 of 10 codes are left" in alice.get(reverse("mfa_view_recovery_codes")).content.decode()


def test_A03_new_recovery_codes_end_the_old_ones(people: SimpleNamespace) -> None:
    alice = with_key("alice", enrolled("alice"))
    old = Authenticator.objects.get(user=people.alice, type="recovery_codes").wrap().get_unused_codes()
    assert "Make new codes" in alice.get(reverse("mfa_generate_recovery_codes")).content.decode()
    assert alice.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    new = Authenticator.objects.get(user=people.alice, type="recovery_codes").wrap().get_unused_codes()

    page = alice.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert all(one in page for one in new)
    other = with_password("alice")
    assert other.post(reverse("mfa_authenticate"), {"code": old[0]}).status_code == 200


@pytest.mark.parametrize("window", [-2, -1, 0, 1, 2], ids=lambda window: f"A03-window{window:+}")
def test_A03_a_code_is_good_for_its_neighbours_half_minute_and_no_longer(people: SimpleNamespace, window: int) -> None:
    secret = secret_of(people.alice)
    while time.time() % 30 > 25:
        time.sleep(1)
    answer = with_password("alice").post(reverse("mfa_authenticate"), {"code": code(secret, after=window)})

    assert answer.status_code == (302 if abs(window) <= 1 else 200)


def test_A03_a_code_before_the_last_one_used_is_refused(people: SimpleNamespace) -> None:
    secret = secret_of(people.alice)
    assert with_password("alice").post(reverse("mfa_authenticate"), {"code": code(secret)}).status_code == 302
    before = with_password("alice").post(reverse("mfa_authenticate"), {"code": code(secret, after=-1)})

    assert before.status_code == 200


def test_A03_the_code_that_turned_codes_on_signs_nobody_in(
    people: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    alice = with_password("alice")
    alice.post(reverse("mfa_activate_totp"), {"proof_for": "GET", "proof_password": "the password of alice"})
    page = alice.get(reverse("mfa_activate_totp")).content.decode()
    secret = page.split('id="authenticator_secret"')[1].split('value="')[1].split('"')[0]
    used = code(secret)
    with django_capture_on_commit_callbacks(execute=True):
        assert alice.post(reverse("mfa_activate_totp"), {"code": used}).status_code == 302
    alice.post(reverse("account_logout"))

    assert with_password("alice").post(reverse("mfa_authenticate"), {"code": used}).status_code == 200


def test_codes_can_be_turned_off(people: SimpleNamespace) -> None:
    alice = with_code("alice", secret_of(people.alice))
    assert "Turn codes off" in alice.get(reverse("mfa_deactivate_totp")).content.decode()
    assert alice.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=people.alice).exists()


def test_A10_more_than_the_budget_asks_and_tells_the_records_officers(
    people: SimpleNamespace, make_item: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(budget, "MOST", 3)
    strict, other = make_item("Testimony", level=3), make_item("Cable", level=2)
    key = enrolled("alice")
    alice = with_key("alice", key)
    address = reverse("item", args=[strict.id])
    for _ in range(3):
        assert alice.get(address).status_code == 200
    asked = alice.get(address)
    assert asked.status_code == 403
    assert alice.get(address).status_code == 403
    assert alice.get(reverse("item", args=[other.id])).status_code == 200, "what is less strict is not counted"
    told = Notice.objects.filter(kind="access.person", object_id=people.alice.id)
    assert {notice.person for notice in told} == {people.rita, people.rolf}
    assert told.count() == 2, "once for each time"
    assert Entry.objects.filter(verb="many strict items opened").count() == 1

    asked = alice.get(address)
    proof = {"proof_for": "GET", "proof_credential": json.dumps(key.answer(question(asked)))}
    assert alice.post(address, proof).status_code == 302
    assert alice.get(address).status_code == 200


def test_A10_the_budget_begins_anew_after_ten_minutes(
    people: SimpleNamespace, make_item: Callable[..., Any], session_of: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(budget, "MOST", 2)
    alice = session_of("alice")
    with bound_to(alice):
        strict = make_item("Testimony", level=3)
        for minutes in (0, 5, 11, 12):
            with clock.fixed(clock.now() + timedelta(minutes=minutes)):
                items.note_viewed(strict, by=alice)


def test_A12_nobody_grants_themselves(people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any) -> None:
    actions.give_role(people.alice, role="administrator", by=keeper)
    ada = session_of("alice")
    with bound_to(ada), pytest.raises(Refused):
        decisions.propose(granting.LEVEL_3, about=people.alice, reason="I would like to.", by=ada)
    assert queries.person(people.alice.id) is not None


def test_a_key_is_enrolled_with_a_code_in_hand(people: SimpleNamespace) -> None:
    secret = secret_of(people.alice)
    alice = with_code("alice", secret)
    from .softkey import SoftKey

    asked = question(alice.get(reverse("mfa_add_webauthn")))
    made = alice.post(reverse("mfa_add_webauthn"), {"name": "", "credential": json.dumps(SoftKey().make(asked))})
    assert made.status_code == 302
    assert Authenticator.objects.get(user=people.alice, type="webauthn").wrap().name == "Key 1"
