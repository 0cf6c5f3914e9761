"""Security keys: what they open, and what is no answer of theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from forestall.access.models import SignIn

from .softkey import SoftKey

pytestmark = pytest.mark.django_db
HOST = {"HTTP_HOST": "localhost"}
WRONG = "That was not right. Check what you typed and try again."


def browser() -> Client:
    return Client(**HOST)  # type: ignore[arg-type]


def with_password(name: str, client: Client | None = None) -> Client:
    client = client or browser()
    client.post(reverse("account_login"), {"login": name, "password": f"the password of {name}"})
    return client


def question(page: Any) -> dict[str, Any]:
    found = re.search(r'<script id="challenge" type="application/json">(.*?)</script>', page.content.decode(), re.S)
    assert found, page.content.decode()
    told: dict[str, Any] = json.loads(unescape(found[1]))
    return told


def enrol(client: Client, key: SoftKey, *, name: str = "blue", password: str) -> Any:
    confirm = client.post(reverse("mfa_add_webauthn"), {"proof_for": "GET", "proof_password": password})
    assert confirm.status_code == 302
    asked = question(client.get(reverse("mfa_add_webauthn")))
    return client.post(reverse("mfa_add_webauthn"), {"name": name, "credential": json.dumps(key.make(asked))})


def enrolled(name: str) -> SoftKey:
    key = SoftKey()
    client = with_password(name)
    assert enrol(client, key, password=f"the password of {name}").status_code == 302
    client.post(reverse("account_logout"))
    return key


def with_key(name: str, key: SoftKey) -> Client:
    client = with_password(name)
    asked = question(client.get(reverse("mfa_authenticate")))
    answer = client.post(reverse("mfa_authenticate"), {"credential": json.dumps(key.answer(asked))})
    assert answer.status_code == 302
    return client


def test_a_key_opens_what_is_strictly_confidential(people: SimpleNamespace, make_item: Callable[..., Any]) -> None:
    strict = make_item("Testimony", level=3)
    key = enrolled("alice")

    alice = with_key("alice", key)
    assert alice.get(reverse("item", args=[strict.id])).status_code == 200
    assert SignIn.objects.get(person=people.alice, ended_at__isnull=True).how == "key"


def test_a_key_shown_again_opens_more_at_once_and_changes_the_cookie(
    people: SimpleNamespace, make_item: Callable[..., Any]
) -> None:
    strict = make_item("Testimony", level=3)
    key = enrolled("alice")
    alice = with_key("alice", key)
    assert Authenticator.objects.filter(user=people.alice, type="recovery_codes").exists()

    code = Authenticator.objects.get(user=people.alice, type="recovery_codes").wrap().get_unused_codes()[0]
    other = with_password("alice")
    other.post(reverse("mfa_authenticate"), {"code": code})
    assert other.get(reverse("item", args=[strict.id])).status_code == 404, "a recovery code counts as a code"
    assert alice.get(reverse("item", args=[strict.id])).status_code == 200


def refuse(client: Client, credential: dict[str, Any]) -> None:
    answer = client.post(reverse("mfa_authenticate"), {"credential": json.dumps(credential)})
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert client.get(reverse("inbox")).status_code == 302, "nobody is signed in"


def test_A04_an_answer_given_before_is_refused(people: SimpleNamespace) -> None:
    key = enrolled("alice")
    first = with_password("alice")
    asked = question(first.get(reverse("mfa_authenticate")))
    answer = key.answer(asked)
    assert first.post(reverse("mfa_authenticate"), {"credential": json.dumps(answer)}).status_code == 302

    again = with_password("alice")
    again.get(reverse("mfa_authenticate"))
    refuse(again, answer)


def test_A04_a_question_is_answered_once(people: SimpleNamespace, monkeypatch: Any) -> None:
    key = enrolled("alice")
    alice = with_password("alice")
    asked = question(alice.get(reverse("mfa_authenticate")))
    same = {"publicKey": {"allowCredentials": [{"id": "x"}]}}
    monkeypatch.setattr("allauth.mfa.base.views.webauthn_auth.begin_authentication", lambda user: same)  # no new question
    stranger = SoftKey(id=key.id)
    alice.post(reverse("mfa_authenticate"), {"credential": json.dumps(stranger.answer(asked))})

    refuse(alice, key.answer(asked))


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://localhost:9"},
        {"origin": "https://evil.example"},
        {"origin": "http://evil.localhost"},
        {"origin": "https://localhost.evil.example"},
        {"host": "evil.example"},
        {"verifies": False},
    ],
    ids=["A04-port", "A04-origin", "A04-subdomain", "A04-suffix", "A04-host", "A04-user-verification-off"],
)
def test_A04_an_answer_made_elsewhere_or_without_its_holder_is_refused(
    people: SimpleNamespace, change: dict[str, Any]
) -> None:
    key = enrolled("alice")
    alice = with_password("alice")
    asked = question(alice.get(reverse("mfa_authenticate")))
    for name, value in change.items():
        setattr(key, name, value)

    refuse(alice, key.answer(asked))


def test_A04_a_copied_key_is_told_by_its_counter(people: SimpleNamespace) -> None:
    key = enrolled("alice")
    with_key("alice", key)
    with_key("alice", key)
    key.counter = 1  # the copy was made after the first answer
    alice = with_password("alice")

    refuse(alice, key.answer(question(alice.get(reverse("mfa_authenticate")))))


def test_A04_a_key_that_never_counts_is_taken(people: SimpleNamespace) -> None:
    key = SoftKey(counter=-1)
    alice = with_password("alice")
    key.counter = 0
    assert enrol(alice, key, password="the password of alice").status_code == 302
    alice.post(reverse("account_logout"))
    key.counter = -1

    with_key("alice", key)
    with_key("alice", key)


@pytest.mark.parametrize("rubbish", ["{}", "[]", "null", "7", '{"id": "x"}', '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}', "{", '"' + "x" * 5000 + '"'])
def test_A04_rubbish_is_no_answer(people: SimpleNamespace, rubbish: str) -> None:
    enrolled("alice")
    alice = with_password("alice")
    alice.get(reverse("mfa_authenticate"))

    assert alice.post(reverse("mfa_authenticate"), {"credential": rubbish}).status_code == 200
    assert alice.get(reverse("inbox")).status_code == 302


@pytest.mark.parametrize("change", [{"verifies": False}, {"origin": "https://evil.example"}, {"host": "evil.example"}])
def test_A04_a_new_key_must_be_made_here_by_its_holder(people: SimpleNamespace, change: dict[str, Any]) -> None:
    key = SoftKey(**change)

    assert enrol(with_password("alice"), key, password="the password of alice").status_code == 200
    assert not Authenticator.objects.filter(user=people.alice).exists()


def test_another_persons_key_is_neither_asked_nor_shown(people: SimpleNamespace) -> None:
    key, _ = enrolled("alice"), enrolled("bob")
    theirs = Authenticator.objects.get(user=people.bob, type="webauthn")
    alice = with_key("alice", key)

    assert alice.get(reverse("mfa_edit_webauthn", args=[theirs.pk])).status_code == 404
    assert alice.post(reverse("mfa_remove_webauthn", args=[theirs.pk])).status_code == 404
    bob = with_password("bob")
    refuse(bob, key.answer(question(bob.get(reverse("mfa_authenticate")))))


def test_keys_are_named_listed_and_removed(people: SimpleNamespace) -> None:
    key = enrolled("alice")
    alice = with_key("alice", key)
    one = Authenticator.objects.get(user=people.alice, type="webauthn")

    assert "blue" in alice.get(reverse("own_account")).content.decode()
    alice.post(reverse("mfa_edit_webauthn", args=[one.pk]), {"name": "green"})
    assert "green" in alice.get(reverse("own_account")).content.decode()
    assert alice.post(reverse("mfa_remove_webauthn", args=[one.pk])).status_code == 302
    assert not Authenticator.objects.filter(user=people.alice).exists(), "recovery codes go with the last factor"


def test_the_last_key_is_removed_only_by_whoever_holds_it(people: SimpleNamespace) -> None:
    key = enrolled("alice")
    alice = with_key("alice", key)
    SignIn.objects.filter(person=people.alice).update(proven_at=None)
    one = Authenticator.objects.get(user=people.alice, type="webauthn")

    asked = alice.post(reverse("mfa_remove_webauthn", args=[one.pk]))
    assert asked.status_code == 403
    assert Authenticator.objects.filter(pk=one.pk).exists()
    proof = {"proof_for": "POST", "proof_credential": json.dumps(key.answer(question(asked)))}
    assert alice.post(reverse("mfa_remove_webauthn", args=[one.pk]), proof).status_code == 302
    assert not Authenticator.objects.filter(pk=one.pk).exists()


def test_at_an_address_where_no_key_can_answer_the_page_says_so(people: SimpleNamespace) -> None:
    client = with_password("alice", Client())

    told = client.get(reverse("own_account")).content.decode()
    assert "Security keys work at localhost only." in told
