"""Signing in through the office's identity provider: a small one on this machine, honest or not."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from forestall.access.models import Person, SignIn
from forestall.access.oidc import level_of
from forestall.base.errors import Malformed
from forestall.base.home import Kind, create
from forestall.config import office
from forestall.config.office import IdentityProvider
from forestall.record.models import Entry

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider says of whoever comes; `asked` is what it was sent."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    signed_with: Any = KEY
    algorithm: str = "RS256"
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def token(self) -> str:
        now = int(time.time())
        told = {"iss": self.address, "aud": "forestall", "iat": now, "exp": now + 60, "auth_time": now, **self.claims}
        key = "" if self.algorithm == "none" else self.signed_with
        return jwt.encode(told, key, algorithm=self.algorithm, headers={"kid": "one"})


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Quiet."""

        def _tell(self, what: object) -> None:
            body = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if "well-known" in self.path:
                self._tell(
                    {
                        "issuer": provider.address,
                        "authorization_endpoint": f"{provider.address}/authorize",
                        "token_endpoint": f"{provider.address}/token",
                        "jwks_uri": f"{provider.address}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            else:
                public = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
                self._tell({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            provider.asked.append(parse_qs(self.rfile.read(length).decode()))
            self._tell({"access_token": "opaque", "token_type": "Bearer", "id_token": provider.token()})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    provider.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running() as found:
        configure(settings, found.address)
        yield found


def configure(settings: Any, issuer: str, **given: Any) -> None:
    oidc = IdentityProvider(issuer=issuer, client_id="forestall", secret="hush", **given)
    settings.OFFICE = office.OfficeSettings(oidc=oidc)
    app = {"provider_id": "office", "name": "office", "client_id": "forestall", "secret": "hush",
           "settings": {"server_url": issuer, "oauth_pkce_enabled": True, "fetch_userinfo": False}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def sent_on(client: Client, address: str = "") -> dict[str, str]:
    """Where the provider's page would be opened, as what it is told."""
    answer = client.get(address or reverse("openid_connect_login", kwargs={"provider_id": "office"}))
    assert answer.status_code == 302, answer.content
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def comes_back(client: Client, asked: dict[str, str]) -> Any:
    address = reverse("openid_connect_callback", kwargs={"provider_id": "office"})
    return client.get(address, {"code": "one-time", "state": asked["state"]}, follow=True)


def arrives(client: Client) -> Any:
    return comes_back(client, sent_on(client))


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("inbox")).status_code == 200)


def test_who_was_invited_comes_in_and_sees_what_is_internal(
    people: SimpleNamespace, provider: Provider, make_item: Callable[..., Any]
) -> None:
    internal, confidential = make_item("Notice", level=1), make_item("Cable", level=2)
    provider.claims = {"sub": "s-1", "preferred_username": "alice", "amr": ["pwd", "hwk"], "email": "a@x.example"}
    client = Client()
    page = client.get(reverse("account_login")).content.decode()
    assert "Sign in with your office account" in page

    arrives(client)
    assert client.get(reverse("item", args=[internal.id])).status_code == 200
    assert client.get(reverse("item", args=[confidential.id])).status_code == 404, "the provider's amr counts for nothing unless told"
    assert SignIn.objects.get(person=people.alice).how == "provider"
    alice = Person.objects.get(username="alice")
    assert (alice.subject, alice.email) == ("s-1", ""), "nothing else of what it told is kept"
    assert provider.asked[0]["code_verifier"], "the code is bound to this browser (RFC 7636)"


@pytest.mark.parametrize(
    ("amr", "bound", "level"),
    [(["pwd"], 3, 1), (["otp"], 3, 2), (["hwk"], 3, 3), (["hwk"], 2, 2), (["hwk"], 1, 1), ("hwk", 3, 1), ([{}], 3, 1), (None, 3, 1)],
)
def test_what_the_provider_vouches_for_is_bounded(settings: Any, amr: Any, bound: int, level: int) -> None:
    configure(settings, "https://id.example", amr={"otp": 2, "hwk": 3}, bound=bound)
    assert level_of({"amr": amr}) == level


def test_the_class_of_a_sign_in_counts_too(settings: Any) -> None:
    configure(settings, "https://id.example", acr={"phr": 3}, bound=3)
    assert (level_of({"acr": "phr"}), level_of({"acr": "other"}), level_of({"acr": ["phr"]})) == (3, 1, 1)


def test_a_bound_that_is_lowered_lowers_who_is_in_already(
    people: SimpleNamespace, provider: Provider, make_item: Callable[..., Any], settings: Any
) -> None:
    item = make_item("Cable", level=2)
    configure(settings, provider.address, amr={"otp": 2}, bound=2)
    provider.claims = {"sub": "s-1", "preferred_username": "alice", "amr": ["otp"]}
    client = Client()
    arrives(client)
    assert client.get(reverse("item", args=[item.id])).status_code == 200
    configure(settings, provider.address, amr={"otp": 2}, bound=1)
    assert client.get(reverse("item", args=[item.id])).status_code == 404


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "s-9", "preferred_username": "stranger"},
        {"sub": "s-9", "preferred_username": ["alice"]},
        {"sub": "", "preferred_username": "alice"},
        {"preferred_username": "alice"},
        {"sub": "s-9"},
        {"sub": "s-9", "preferred_username": "ALICE"},
    ],
    ids=["unknown", "a-list", "empty-subject", "no-subject", "no-name", "other-spelling"],
)
def test_who_was_not_invited_stays_out_and_nobody_is_made(
    people: SimpleNamespace, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    before = Person.objects.count()
    client = Client()
    arrives(client)

    assert not is_in(client)
    assert Person.objects.count() == before


def test_a_stranger_is_told_whom_to_ask_and_noted(people: SimpleNamespace, provider: Provider) -> None:
    provider.claims = {"sub": "s-9", "preferred_username": "stranger"}
    page = arrives(Client()).content.decode()

    assert "nobody here was invited under that name" in page
    assert Entry.objects.filter(verb="sign-in refused", by="system:door").count() == 1


def test_a_name_given_to_somebody_else_is_not_theirs(people: SimpleNamespace, provider: Provider) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": "alice"}
    arrives(Client())
    provider.claims = {"sub": "s-2", "preferred_username": "alice"}
    other = Client()
    arrives(other)

    assert not is_in(other)


def test_an_account_that_ended_stays_shut(people: SimpleNamespace, provider: Provider, keeper: Any) -> None:
    Person.objects.filter(username="alice").update(is_active=False)
    provider.claims = {"sub": "s-1", "preferred_username": "alice"}
    client = Client()
    arrives(client)
    assert not is_in(client)


@pytest.mark.parametrize(
    "forged",
    [
        {"signed_with": OTHER},
        {"algorithm": "none"},
        {"algorithm": "HS256", "signed_with": "x" * 64},
        {"claims": {"aud": "another"}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1}},
    ],
    ids=["A08-other-key", "A08-alg-none", "A08-alg-confused", "A08-audience", "A08-issuer", "A08-expired"],
)
def test_A08_a_token_that_is_not_the_providers_is_refused(
    people: SimpleNamespace, provider: Provider, forged: dict[str, Any]
) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": "alice", **forged.pop("claims", {})}
    for name, value in forged.items():
        setattr(provider, name, value)
    client = Client()
    page = arrives(client).content.decode()

    assert not is_in(client)
    assert "did not work" in page


def test_A08_a_provider_that_names_itself_otherwise_signs_nobody_in(people: SimpleNamespace, provider: Provider, settings: Any) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": "alice"}
    configure(settings, f"{provider.address}/")
    client = Client()
    page = arrives(client).content.decode()

    assert "did not work" in page
    assert not is_in(client)
    assert not provider.asked, "it was told neither the code nor our secret"


@pytest.mark.parametrize(("site", "onward"), [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)])
def test_A06_no_other_site_has_somebody_signed_in_unasked(people: SimpleNamespace, provider: Provider, site: str, onward: bool) -> None:
    address = reverse("openid_connect_login", kwargs={"provider_id": "office"})
    answer = Client().get(address, headers={"Sec-Fetch-Site": site})

    assert answer.headers["Location"].startswith(provider.address) is onward
    assert onward or answer.headers["Location"] == reverse("account_login")


def test_an_answer_to_a_question_of_another_browser_is_refused(people: SimpleNamespace, provider: Provider) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": "alice"}
    asked = sent_on(Client())
    victim = Client()
    comes_back(victim, asked)
    assert not is_in(victim)


def test_when_the_provider_is_down_the_password_here_still_works(people: SimpleNamespace, settings: Any) -> None:
    configure(settings, "http://127.0.0.1:9")
    client = Client()
    page = client.get(reverse("openid_connect_login", kwargs={"provider_id": "office"}), follow=True)
    assert "did not work" in page.content.decode()
    client.post(reverse("account_login"), {"login": "ada", "password": "the password of ada"})
    assert is_in(client)


def test_without_a_provider_there_is_no_such_address(people: SimpleNamespace) -> None:
    for name in ("openid_connect_login", "openid_connect_callback"):
        assert Client().get(reverse(name, kwargs={"provider_id": "office"})).status_code == 404
    assert "office account" not in Client().get(reverse("account_login")).content.decode()


def test_who_has_a_second_factor_here_is_asked_for_it(people: SimpleNamespace, provider: Provider) -> None:
    from allauth.mfa.totp.internal import auth as totp

    totp.TOTP.activate(people.alice, totp.generate_totp_secret())
    provider.claims = {"sub": "s-1", "preferred_username": "alice"}
    client = Client()
    page = arrives(client).content.decode()
    assert "Your code" in page
    assert not is_in(client)


def test_to_show_again_who_one_is_one_goes_there_again(people: SimpleNamespace, provider: Provider) -> None:
    provider.claims = {"sub": "s-1", "preferred_username": "ada"}
    client = Client()
    arrives(client)
    SignIn.objects.filter(person=people.ada).update(proven_at=None)
    body = {"username": "eve", "name": "Eve", "clearance": "1"}
    page = client.post(reverse("add_person"), body)
    assert page.status_code == 403
    link = page.content.decode().split('target="_blank"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    asked = sent_on(client, link)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")

    provider.claims["auth_time"] = int(time.time()) - 3600
    comes_back(client, asked)
    assert client.post(reverse("add_person"), {**body, "proof_for": "POST"}).status_code == 403, "signed in there long ago"
    provider.claims["auth_time"] = int(time.time())
    comes_back(client, sent_on(client, link))
    assert client.post(reverse("add_person"), {**body, "proof_for": "POST"}).status_code == 302


WHOLE = """kind = "real"
[oidc]
issuer = "https://id.office.example"
client_id = "forestall"
client_secret_file = "{secret}"
{more}
"""


def read(folder: Path, more: str = "", *, text: str = "") -> IdentityProvider:
    home = create(folder / "home", kind=Kind.REAL)
    (folder / "secret").write_text("hush\n")
    written = (text or WHOLE).replace("{secret}", str(folder / "secret")).replace("{more}", more)
    (home.path / "home.toml").write_text(written, encoding="utf-8")
    return office.read(home).oidc


def test_the_settings_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, 'claim = "upn"\nbound = 2\n[oidc.amr]\notp = 2\nhwk = 3\n')

    assert (found.issuer, found.secret, found.claim, found.bound) == ("https://id.office.example", "hush", "upn", 2)
    assert found.amr == {"otp": 2, "hwk": 3}
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    "more",
    ["bound = 4", "bound = true", 'bound = "2"', 'amr = "otp"', "[oidc.amr]\notp = 4", '[oidc.acr]\nphr = "3"', "surprise = 1", "claim = 3"],
)
def test_a_setting_that_cannot_be_meant_is_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(Malformed):
        read(tmp_path, more)


@pytest.mark.parametrize("drop", ["issuer", "client_id", "client_secret_file"])
def test_half_a_provider_is_none(tmp_path: Path, drop: str) -> None:
    text = "\n".join(line for line in WHOLE.splitlines() if not line.startswith(drop))
    with pytest.raises(Malformed):
        read(tmp_path, text=text)


@pytest.mark.parametrize(
    ("here", "instead"), [("https://id", "http://id"), ("{secret}", "/nowhere/at/all")], ids=["no-tls", "no-secret"]
)
def test_a_provider_that_cannot_be_trusted_is_refused(tmp_path: Path, here: str, instead: str) -> None:
    with pytest.raises(Malformed):
        read(tmp_path, text=WHOLE.replace(here, instead))


def test_a_token_is_no_secret_store() -> None:
    """The small provider signs as a real one does."""
    head = Provider(address="http://127.0.0.1").token().split(".")[0]
    assert json.loads(base64.urlsafe_b64decode(head + "=="))["alg"] == "RS256"
