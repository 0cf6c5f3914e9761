"""The one door outside opens to named public hosts and to nothing else."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from forestall.base.errors import Refused, Unavailable
from forestall.outbound.address import is_public, public_addresses
from forestall.outbound.fetching import checked

HOSTS = {"ucdp.uu.se"}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "::1", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "fd00::1", "fe80::1",
        "::7f00:1",
    ],
)  # fmt: skip
def test_C01_an_address_inside_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_C01_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_C02_one_private_answer_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_: Any, **__: Any) -> list[Any]:
        return [(None, None, None, "", ("93.184.216.34", 443)), (None, None, None, "", ("127.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)

    with pytest.raises(Refused):
        public_addresses("ucdp.uu.se", 443)


def test_a_host_that_is_not_found_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: Any, **__: Any) -> list[Any]:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lost)

    with pytest.raises(Unavailable):
        public_addresses("ucdp.uu.se", 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://ucdp.uu.se/", "ftp://ucdp.uu.se/", "file:///etc/passwd", "gopher://ucdp.uu.se/", "jar:https://ucdp.uu.se/",
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://metadata.google.internal/",
        "https://ucdp.uu.se@evil.example/", "https://good@ucdp.uu.se/", "https://ucdp.uu.se:25/", "https://ucdp.uu.se\\@evil/",
        "https://ucdp.uu.se.evil.example/", "https://ucdp.uu.se /", "https://ucdp.uu.se\n/", "//ucdp.uu.se/", "https://ucdp.uu.se:x/",
    ],
)  # fmt: skip
def test_C04_only_https_to_a_named_host_without_a_user_is_asked(url: str) -> None:
    with pytest.raises(Refused):
        checked(url, hosts=HOSTS)


def test_a_named_host_is_asked_for_its_path() -> None:
    assert checked("https://ucdp.uu.se/a/b.zip?x=1", hosts=HOSTS) == ("ucdp.uu.se", 443, "/a/b.zip?x=1")
