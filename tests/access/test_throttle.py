"""Who is wrong at the door waits; who is right is not kept waiting by others."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from forestall.access import actions, hashing, tally, throttle
from forestall.base import clock
from forestall.base.errors import Unavailable
from forestall.record.models import Entry

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
WRONG = "That was not right. Check what you typed and try again."
HELD = "Too many attempts. Wait 15 minutes, then try again."


def guess(name: str, password: str = "wrong wrong wrong", *, client: Client | None = None, address: str = "198.51.100.7") -> Any:
    return (client or Client()).post(reverse("account_login"), {"login": name, "password": password}, REMOTE_ADDR=address)


def right(name: str, **given: Any) -> Any:
    return guess(name, f"the password of {name}", **given)


def told(answer: Any, name: str) -> bytes:
    return TOKEN.sub(b"", answer.content).replace(name.encode(), b"NAME")


def addresses(count: int) -> list[str]:
    return [f"10.{number // 250}.{number % 250}.9" for number in range(count)]


def test_A01_whatever_was_wrong_is_told_alike(people: SimpleNamespace, keeper: Any) -> None:
    actions.set_active(people.carol, active=False, by=keeper)
    actions.add_person(username="newcomer", name="Newcomer", clearance=1, by=keeper)  # invited, no password yet
    answers = [
        told(guess("alice"), "alice"),
        told(guess("nobody"), "nobody"),
        told(right("carol"), "carol"),  # the right password of an account that ended
        told(guess("newcomer"), "newcomer"),
    ]

    assert WRONG.encode() in answers[0]
    assert len(set(answers)) == 1


def test_A01_a_wrong_code_is_told_in_the_words_of_a_wrong_password(people: SimpleNamespace) -> None:
    totp.TOTP.activate(people.alice, totp.generate_totp_secret())
    client = Client()
    right("alice", client=client)

    assert WRONG in client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()


def test_A01_held_is_told_alike_for_a_name_that_is_and_one_that_is_not(people: SimpleNamespace) -> None:
    for _ in range(5):
        assert WRONG in guess("alice").content.decode()
        guess("nobody")

    answers = [told(guess("alice"), "alice"), told(guess("nobody"), "nobody"), told(right("alice"), "alice")]
    assert HELD.encode() in answers[0]
    assert len(set(answers)) == 1


def test_A01_an_unknown_name_takes_as_long_as_a_known_one(people: SimpleNamespace) -> None:
    took: dict[str, list[float]] = {"alice": [], "nobody": []}
    for turn in range(24):
        for name in took:
            start = time.perf_counter()
            guess(name, address=f"192.0.{turn}.1")
            took[name].append(time.perf_counter() - start)
            tally.forget("name", name)
    one, other = (statistics.median(times[4:]) for times in took.values())

    assert abs(one - other) < max(0.25 * max(one, other), 0.003)


def test_A01_attempts_are_entries_that_name_nobody_who_is_not(people: SimpleNamespace) -> None:
    guess("alice")
    guess("nobody")
    entries = list(Entry.objects.filter(verb="sign-in refused"))

    assert [one.by for one in entries] == ["system:door", "system:door"]
    assert entries[0].object_id == people.alice.id
    assert entries[1].object_id != people.alice.id
    assert "nobody" not in str([one.__dict__ for one in entries])


def test_A02_ten_thousand_guesses_from_one_network_are_five(people: SimpleNamespace, monkeypatch: Any) -> None:
    looked: list[str] = []
    monkeypatch.setattr("allauth.account.auth_backends.AuthenticationBackend.authenticate",
                        lambda self, request, **given: looked.append(given["username"]))  # fmt: skip
    for number in range(200):
        guess("alice", f"guess number {number}", address=f"198.51.100.{number % 250}")

    assert len(looked) == 5
    assert HELD in right("alice", address="198.51.100.3").content.decode(), "that network is held for the right one too"


def test_A02_one_network_guessing_at_many_names_is_held(people: SimpleNamespace) -> None:
    for number in range(throttle.WRONG_OF_NETWORK):
        throttle.counted(throttle.Guess(f"name {number}", "198.51.100.0/24"))

    assert HELD in right("alice").content.decode()
    assert right("alice", address="203.0.113.5").status_code == 302


def attack(name: str, count: int) -> int:
    return sum(throttle.counted(throttle.Guess(name, f"net {address}")) for address in addresses(count))


def test_A02_one_guess_each_from_many_networks_is_held(people: SimpleNamespace) -> None:
    assert attack("alice", 400) == throttle.WRONG_OF_NAME


def test_A02_the_owner_comes_in_through_an_attack_from_a_browser_that_was_used_before(people: SimpleNamespace) -> None:
    mine = Client()
    assert right("alice", client=mine).status_code == 302
    mine.post(reverse("account_logout"))
    attack("alice", 100)
    for _ in range(10):
        guess("alice")  # and somebody in her own network tries, too

    assert HELD in right("alice").content.decode(), "from a browser that is new"
    assert right("alice", client=mine).status_code == 302


def test_A02_from_a_new_browser_the_owner_waits_fifteen_minutes_however_long_the_attack_lasts(
    people: SimpleNamespace,
) -> None:
    start = clock.now()
    attack("alice", 100)
    assert HELD in right("alice").content.decode()
    with clock.fixed(start + timedelta(minutes=16)):
        attack("alice", 100)  # it goes on, from a thousand places
        assert right("alice").status_code == 302


def test_A02_a_known_browser_is_counted_too(people: SimpleNamespace) -> None:
    mine = Client()
    right("alice", client=mine)
    mine.post(reverse("account_logout"))
    for _ in range(5):
        guess("alice", client=mine)

    assert HELD in right("alice", client=mine).content.decode()
    assert HELD not in right("bob", client=mine).content.decode(), "the mark is for one name"


def test_A02_a_mark_is_not_made_up_nor_carried_to_another_name(people: SimpleNamespace) -> None:
    mine = Client()
    right("bob", client=mine)
    mine.post(reverse("account_logout"))
    attack("alice", 100)

    assert HELD in right("alice", client=mine).content.decode()
    mine.cookies[throttle.KNOWN] = "made:up:mark"
    assert HELD in right("alice", client=mine).content.decode()


def test_A02_a_right_password_in_between_buys_no_guesses(people: SimpleNamespace) -> None:
    for _ in range(4):
        guess("alice")
    right("alice")
    guess("alice")

    assert HELD in guess("alice").content.decode()


def test_R26_a_hold_is_not_drawn_out_by_a_clock_set_back(people: SimpleNamespace) -> None:
    for _ in range(6):
        guess("alice")
    assert HELD in guess("alice").content.decode()
    with clock.fixed(clock.now() - timedelta(days=2)):
        assert right("alice").status_code == 302


def test_the_counts_are_shared_by_all_processes(people: SimpleNamespace) -> None:
    for _ in range(5):
        guess("alice")
        cache.clear()  # what another process has in its memory

    assert HELD in guess("alice").content.decode()


def test_A09_a_forged_forwarded_address_makes_no_other_network(people: SimpleNamespace) -> None:
    def forged(number: int) -> Any:
        return Client(HTTP_X_FORWARDED_FOR=f"203.0.{number}.9")

    for number in range(6):
        guess("alice", client=forged(number))
    assert HELD in right("alice", client=forged(99)).content.decode()


def test_A09_behind_the_offices_own_web_server_the_last_address_counts(people: SimpleNamespace, settings: Any) -> None:
    settings.PROXIES = frozenset({"127.0.0.1"})

    def through(told: str) -> Any:
        return Client(HTTP_X_FORWARDED_FOR=told)

    for number in range(6):
        guess("alice", client=through(f"198.18.{number}.1, 203.0.113.9"), address="127.0.0.1")
    assert HELD in right("alice", client=through("198.18.77.1, 203.0.113.10"), address="127.0.0.1").content.decode()
    assert right("alice", client=through("203.0.113.9, 198.18.0.1"), address="127.0.0.1").status_code == 302


def test_codes_are_guessed_five_times(people: SimpleNamespace) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.alice, secret)
    client = Client()
    right("alice", client=client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"}, REMOTE_ADDR="198.51.100.7")

    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_authenticate"), {"code": code}, REMOTE_ADDR="198.51.100.7")
    assert HELD in answer.content.decode()


def test_what_is_counted_is_readable_to_nobody(people: SimpleNamespace) -> None:
    guess("alice")
    assert not [row for row in tally.Tally.objects.all() if "alice" in row.key or "198" in row.key.split("-")]
    assert all(re.fullmatch(r"[0-9a-f]{64}", row.key) for row in tally.Tally.objects.all())


def test_R30_two_passwords_are_hashed_at_once(monkeypatch: Any) -> None:
    inside, most, refused = 0, 0, 0
    lock = threading.Lock()

    def slow(self: Any, password: str, salt: str) -> str:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.02)
        with lock:
            inside -= 1
        return "hash"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)

    def hash_one() -> None:
        nonlocal refused
        try:
            hashing.BoundedArgon2().encode("password", "salt")
        except Unavailable:
            with lock:
                refused += 1

    threads = [threading.Thread(target=hash_one) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == hashing.PLACES
    assert refused, "the rest is asked to come again, so that no thread is kept"


HOLDING = """
import fcntl, sys
files = [open(path, "a") for path in sys.argv[1:]]
for file in files:
    fcntl.flock(file, fcntl.LOCK_EX)
print("taken", flush=True)
sys.stdin.read()
"""


def test_R30_the_places_are_shared_by_all_processes(monkeypatch: Any) -> None:
    monkeypatch.setattr(hashing, "PATIENCE", 0.1)
    words = [sys.executable, "-c", HOLDING, *(str(path) for path in hashing._files())]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "taken\n"
        with pytest.raises(Unavailable), hashing.place():
            pass
        other.kill()
    with hashing.place():  # a killed one gives its place back
        pass


def test_a_password_hashed_here_is_read_by_any_argon2() -> None:
    hashed = hashing.BoundedArgon2().encode("a long sentence", "c2FsdHNhbHQ")
    assert Argon2PasswordHasher().verify("a long sentence", hashed)
