"""Which passwords are taken, and that they are taken as they were typed."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import NoReverseMatch, reverse

from forestall.access import actions
from forestall.access.adapters import CodeAdapter
from forestall.access.models import Person
from forestall.access.passwords import check
from forestall.base import clock
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


def test_one_changes_ones_own_password_with_the_old_one_and_every_other_browser_is_signed_out(people: SimpleNamespace) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post(reverse("account_login"), {"login": "alice", "password": "the password of alice"})
    address, good = reverse("change_password"), "a river under ice"
    form = {"old": "the password of alice", "password": good, "again": good}

    for wrong, says in (
        ({"old": "not the old one"}, "was not right"), ({"again": "a river under snow"}, "differ"),
        ({"password": "qwertyuiop123", "again": "qwertyuiop123"}, "easy to guess"),
        ({"password": form["old"], "again": form["old"]}, "you have"),
    ):  # fmt: skip
        answer = here.post(address, form | wrong)
        assert answer.status_code == 403 and says in answer.content.decode()
    assert here.get(address).content.decode().count('type="password"') == 3
    assert here.post(address, form).status_code == 302

    assert _comes_in(good) and not _comes_in(form["old"])
    assert here.get(reverse("inbox")).status_code == 200
    assert there.get(reverse("inbox")).status_code == 302


def test_who_has_a_second_factor_shows_it_before_the_password_is_changed(people: SimpleNamespace) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.alice, secret)
    here = Client()
    here.post(reverse("account_login"), {"login": "alice", "password": "the password of alice"})
    here.post(reverse("mfa_authenticate"), {"code": totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))})
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        page = here.get(reverse("change_password"))

    assert page.status_code == 403 and 'name="proof_code"' in page.content.decode()


def test_guesses_at_the_old_password_are_counted_as_at_the_door(people: SimpleNamespace) -> None:
    here = Client()
    here.post(reverse("account_login"), {"login": "alice", "password": "the password of alice"})
    form = {"password": "a river under ice", "again": "a river under ice"}
    for _ in range(5):
        here.post(reverse("change_password"), form | {"old": "not the old one"})

    answer = here.post(reverse("change_password"), form | {"old": "the password of alice"})
    assert answer.status_code == 403 and "Too many attempts" in answer.content.decode()


def test_who_came_by_the_link_of_an_exercise_has_no_password_to_change(people: SimpleNamespace, signed_in: Any) -> None:
    people.alice.set_unusable_password()
    people.alice.save()
    alice = signed_in("alice")

    assert alice.get(reverse("change_password")).status_code == 404
    assert reverse("change_password") not in alice.get(reverse("own_account")).content.decode()


def test_no_password_ends_by_time(people: SimpleNamespace) -> None:
    with clock.fixed(clock.now() + timedelta(days=3650)):
        assert _comes_in("the password of alice")


def test_nobody_is_there_who_was_not_added() -> None:
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "name", ["account_reset_password", "account_email", "account_signup", "account_request_login_code", "account_set_password", "mfa_login_webauthn"]
)
def test_no_mail_no_question_and_no_other_way_lets_anybody_in(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_new_password_takes_no_second_factor_away(people: SimpleNamespace) -> None:
    totp.TOTP.activate(people.alice, totp.generate_totp_secret())
    actions.set_password(people.alice, password="a river under ice")

    assert not _comes_in("a river under ice"), "the code is still asked for"


def test_A08_secrets_of_the_door_are_long_and_never_the_same(people: SimpleNamespace, keeper: Any) -> None:
    """Bits of each: a code's secret, a recovery seed, an invitation, a session, what a second factor is asked with."""
    for make, bits_of_one, signs in (
        (totp.generate_totp_secret, 5, 32),
        (RecoveryCodes.generate_seed, 4, 32),
        (lambda: actions.invite(people.alice, minutes=10, by=keeper), 6, 32),
        (lambda: SessionStore()._get_new_session_key(), 5, 32),  # type: ignore[attr-defined]
    ):
        made = [make() for _ in range(50)]
        assert len(set(made)) == 50
        assert all(len(one) >= signs and len(one) * bits_of_one >= 128 for one in made)
    codes = RecoveryCodes.activate(people.alice).generate_codes()
    assert all(len(code) == 8 for code in codes), "26 bits each"


def test_K02_a_secret_of_codes_is_sealed_anew_each_time_and_opens_unchanged_alone(people: SimpleNamespace) -> None:
    keep = CodeAdapter()
    first, second = keep.encrypt("JBSWY3DP"), keep.encrypt("JBSWY3DP")
    assert first != second and keep.decrypt(first) == keep.decrypt(second) == "JBSWY3DP"
    whole = bytearray(base64.urlsafe_b64decode(first.removeprefix("gcm:")))
    for place in range(len(whole)):
        touched = bytes(byte ^ (place == number) for number, byte in enumerate(whole))
        with pytest.raises(InvalidTag):
            keep.decrypt("gcm:" + base64.urlsafe_b64encode(touched).decode())


def test_a_secret_of_codes_from_before_still_opens() -> None:
    key = hashlib.sha256(b"one-time codes" + settings.SECRET_KEY.encode()).digest()
    before = Fernet(base64.urlsafe_b64encode(key)).encrypt(b"JBSWY3DP").decode()
    assert CodeAdapter().decrypt(before) == "JBSWY3DP"
