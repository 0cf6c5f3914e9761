"""Which passwords are taken, and that they are taken as they were typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forestall.access import actions
from forestall.access.passwords import check
from forestall.base.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    ["eleven char", "1234567890123", "qwertyuiop123", "administrator", "forestall2026", "ForestallOffice1", "noarden-2026!", "aaaaaaaaaaaaaaaa"],
)
def test_A02_what_is_tried_first_is_no_password(password: str) -> None:
    with pytest.raises(Refused):
        check(password, about=("noarden", "Noor Arden"))


@pytest.mark.parametrize(
    "password",
    ["a river under ice", "onlysmallletters", "8265190437718", "كلمة طويلة أتذكرها", "x7" + "-river" * 40, "  spaces at both ends  "],
    ids=["words", "small-letters", "figures", "arabic", "242-characters", "spaces"],
)
def test_any_signs_and_any_length_from_twelve_on_are_a_password_taken_exactly(people: SimpleNamespace, password: str) -> None:
    actions.set_password(people.alice, password=password)

    assert _comes_in(password)
    for other in (password[:-1], password.swapcase(), password.strip()):
        assert other == password or not _comes_in(other), other


def _comes_in(password: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": "alice", "password": password})
    return bool(client.get(reverse("inbox")).status_code == 200)


def test_an_invitation_takes_no_password_that_is_easy_to_guess(people: SimpleNamespace, keeper: Any) -> None:
    token = actions.invite(people.alice, minutes=10, by=keeper)
    address = reverse("invited", args=[token])

    answer = Client().post(address, {"password": "qwertyuiop123", "again": "qwertyuiop123"})
    assert answer.status_code == 403
    page = Client().get(address).content.decode()
    assert page.count('type="password"') == 2 and "onpaste" not in page
    good = {"password": "a river under ice", "again": "a river under ice"}
    assert Client().post(address, good).status_code == 302, "the invitation was not used up by a refusal"
    assert _comes_in("a river under ice")
