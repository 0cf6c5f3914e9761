"""Where people are signed in: listed, limited in time, ended by their person, an administrator or a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.urls import reverse

from forestall.access import actions, signins
from forestall.access.models import SignIn
from forestall.base import clock
from forestall.record.models import Entry

from .test_keys import enrolled, with_key

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"


def signed(name: str, *, agent: str = FIREFOX, **given: Any) -> Client:
    client = Client(HTTP_USER_AGENT=agent, **given)
    client.post(reverse("account_login"), {"login": name, "password": f"the password of {name}"})
    return client


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("inbox")).status_code == 200)


def later(**given: int) -> Any:
    return clock.fixed(clock.now() + timedelta(**given))


def test_A05_the_cookie_changes_when_somebody_signs_in(people: SimpleNamespace) -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted

    client.post(reverse("account_login"), {"login": "alice", "password": "the password of alice"})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not is_in(stranger)


def test_A05_a_cookie_carried_to_another_browser_ends_the_sign_in(people: SimpleNamespace) -> None:
    alice = signed("alice")
    thief = Client(HTTP_USER_AGENT=CHROME)
    thief.cookies[settings.SESSION_COOKIE_NAME] = alice.cookies[settings.SESSION_COOKIE_NAME].value

    assert not is_in(thief)
    assert not is_in(alice)
    assert SignIn.objects.get(person=people.alice).ended_by == "browser"


def test_A05_sign_ins_are_listed_and_ended_one_by_one(people: SimpleNamespace) -> None:
    here, there = signed("alice"), signed("alice", agent=CHROME)
    page = here.get(reverse("own_account")).content.decode()
    assert "Firefox · Linux" in page
    assert "Chrome · Windows" in page
    assert "127.0.0.0/24" in page
    assert "127.0.0.1" not in page, "the network, never the address"

    other = SignIn.objects.get(browser="Chrome · Windows")
    here.post(reverse("end_sign_in", args=[other.id]))
    assert not is_in(there)
    assert is_in(here)


def test_A05_nobody_ends_anothers_sign_in(people: SimpleNamespace) -> None:
    alice, bob = signed("alice"), signed("bob")
    theirs = SignIn.objects.get(person=people.bob)

    alice.post(reverse("end_sign_in", args=[theirs.id]))
    assert is_in(bob)


def test_A05_all_others_end_at_once(people: SimpleNamespace) -> None:
    here, one, two = signed("alice"), signed("alice"), signed("alice", agent=CHROME)
    here.post(reverse("end_other_sign_ins"))

    assert (is_in(here), is_in(one), is_in(two)) == (True, False, False)


def test_A05_an_administrator_ends_somebodys_and_nobody_else_does(people: SimpleNamespace) -> None:
    alice, ada, ivo = signed("alice"), signed("ada"), signed("ivo")

    ivo.post(reverse("sign_out_person", args=[people.alice.id]))
    assert is_in(alice)
    ada.post(reverse("sign_out_person", args=[people.alice.id]))
    assert not is_in(alice)


@pytest.mark.parametrize(
    "change",
    [
        lambda person, keeper: actions.set_password(person, password="a wholly other password"),
        lambda person, keeper: actions.change_clearance(person, level=1, by=keeper),
        lambda person, keeper: actions.set_active(person, active=False, by=keeper),
    ],
    ids=["A05-password", "A05-clearance", "A05-account"],
)
def test_A05_a_change_ends_every_sign_in(
    people: SimpleNamespace, keeper: Any, change: Callable[[Any, Any], Any]
) -> None:
    one, two = signed("alice"), signed("alice", agent=CHROME)
    change(people.alice, keeper)

    assert not is_in(one)
    assert not is_in(two)
    assert not SignIn.objects.filter(person=people.alice, ended_at__isnull=True).exists()


def test_A07_half_an_hour_without_a_request_ends_it(people: SimpleNamespace) -> None:
    alice = signed("alice")
    with later(minutes=29):
        assert is_in(alice)
    with later(minutes=58):
        assert is_in(alice), "each request begins the half hour anew"
    with later(minutes=89):
        answer = alice.get(reverse("inbox"), follow=True)
    assert "nothing was done for a while" in answer.content.decode()


def test_A07_a_quarter_of_an_hour_at_level_3(people: SimpleNamespace) -> None:
    alice = with_key("alice", enrolled("alice"))
    with later(minutes=14):
        assert is_in(alice)
    with later(minutes=30):
        assert not is_in(alice)


def test_A07_eight_hours_are_a_day(people: SimpleNamespace) -> None:
    alice = signed("alice")
    for minutes in range(25, 480, 25):
        with later(minutes=minutes):
            assert is_in(alice)
    with later(minutes=481):
        assert not is_in(alice)


def test_R26_a_clock_set_back_draws_nothing_out(people: SimpleNamespace) -> None:
    alice = signed("alice")
    with later(minutes=20):
        assert is_in(alice)
    with later(minutes=10):
        assert not is_in(alice)
    assert SignIn.objects.get(person=people.alice).ended_by == "clock"


@pytest.mark.parametrize("seconds", [288, -288], ids=["R24-forward", "R24-back"])
def test_R24_a_clock_that_is_corrected_signs_nobody_out(people: SimpleNamespace, seconds: int) -> None:
    alice = signed("alice")
    for _ in range(3):
        with clock.fixed(clock.now() + timedelta(seconds=seconds)):
            assert is_in(alice)
        assert is_in(alice)


def test_who_entered_an_exercise_by_its_link_stays_in(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    for hours in (-48, 7):
        with later(hours=hours):
            assert is_in(alice)


def test_K06_signing_out_leaves_nothing_in_the_browser(people: SimpleNamespace) -> None:
    alice = signed("alice")
    kept = alice.cookies[settings.SESSION_COOKIE_NAME].value
    answer = alice.post(reverse("account_logout"))

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store, private"
    again = Client(HTTP_USER_AGENT=FIREFOX)
    again.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not is_in(again)
    assert SignIn.objects.get(person=people.alice).ended_by == "left"


def test_signing_in_is_an_act_of_the_record(people: SimpleNamespace) -> None:
    signed("alice")
    assert Entry.objects.filter(by=str(people.alice.id), verb="signed in: password").count() == 1


def test_another_seat_ends_the_one_before(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("alice")
    client.get(reverse("inbox"))
    client.post(reverse("seats"), {"person": str(people.bob.id)})

    assert [one.ended_by for one in SignIn.objects.filter(person=people.alice)] == ["left"]
    assert signins.lasting(people.bob)


def test_a_code_signs_in_for_half_an_hour(people: SimpleNamespace) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.alice, secret)
    alice = signed("alice")
    counter = list(totp.yield_hotp_counters_from_time())[1]
    alice.post(reverse("mfa_authenticate"), {"code": totp.format_hotp_value(totp.hotp_value(secret, counter))})
    with later(minutes=20):
        assert is_in(alice)
    assert SignIn.objects.get(person=people.alice).how == "code"
