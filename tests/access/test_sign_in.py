"""Signing in: what a password opens, and what a one-time code opens beside it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def code_for(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_password(name: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": f"the password of {name}"})
    return client


def test_a_password_alone_opens_what_is_internal(people: SimpleNamespace, make_item: Callable[..., Any]) -> None:
    internal, confidential = make_item("Notice", level=1), make_item("Cable", level=2)
    alice = with_password("alice")

    assert alice.get(reverse("item", args=[internal.id])).status_code == 200
    assert alice.get(reverse("item", args=[confidential.id])).status_code == 404


def test_a_one_time_code_opens_what_is_confidential_and_no_more(
    people: SimpleNamespace, make_item: Callable[..., Any]
) -> None:
    confidential, strict = make_item("Cable", level=2), make_item("Testimony", level=3)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.alice, secret)
    alice = with_password("alice")
    assert alice.get(reverse("inbox")).status_code == 302, "the password alone signs nobody in who has a code"

    answer = alice.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert answer.status_code == 302
    assert alice.get(reverse("item", args=[confidential.id])).status_code == 200
    assert alice.get(reverse("item", args=[strict.id])).status_code == 404


def test_A03_a_code_works_once(people: SimpleNamespace) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.alice, secret)
    code = code_for(secret)
    first, second = with_password("alice"), with_password("alice")

    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200, "the form again, with its sentence"


def test_the_secret_of_a_code_is_encrypted_where_it_is_kept(people: SimpleNamespace) -> None:
    from allauth.mfa.models import Authenticator

    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.alice, secret)

    assert secret not in str(Authenticator.objects.get(user=people.alice).data)


def test_nobody_registers_by_themselves(client: Client) -> None:
    assert client.get("/sign-up/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404
