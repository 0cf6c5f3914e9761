"""What an office that is served under its own name tells a browser, and what is served at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gunicorn
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from forestall.base.home import Kind, create

pytestmark = pytest.mark.django_db
NAMES = (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "KNOWN_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH", "DEBUG", "DATABASES",
)  # fmt: skip
WAITING = {"options": "-c lock_timeout=20000"}
"""How long a statement waits for another's lock: as long as with SQLite."""
TELL = f"from django.conf import settings; import json; print(json.dumps({{n: getattr(settings, n) for n in {NAMES!r}}}, default=str))"


def settings_of(path: Path, said: str) -> dict[str, Any]:
    """The settings of a real home with these lines in its `home.toml`."""
    home = create(path, kind=Kind.REAL)
    (home.path / "home.toml").write_text(f'kind = "real"\n{said}\n', encoding="utf-8")
    given = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_")}
    given |= {"FORESTALL_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "forestall.config.settings"}
    told = subprocess.run([sys.executable, "-c", TELL], env=given, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def test_an_office_under_its_own_name_sets_cookies_that_no_other_host_and_no_plain_page_can_set(tmp_path: Path) -> None:
    found = settings_of(tmp_path / "home", 'hosts = ["forestall.office.example"]')

    assert all(found[name] is True for name in NAMES[:4])
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert all(found[name].startswith("__Host-") for name in NAMES if name.endswith("COOKIE_NAME"))
    assert (found["SESSION_COOKIE_DOMAIN"], found["SESSION_COOKIE_PATH"], found["CSRF_COOKIE_PATH"]) == (None, "/", "/")
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 86_400 and found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["DEBUG"] is False


@pytest.mark.parametrize(
    ("host", "options"),
    [("db.office.example", {"sslmode": "require", **WAITING}), ("127.0.0.1", WAITING), ("localhost:5433", WAITING)],
    ids=["elsewhere", "here", "here-by-name"],
)
def test_a_database_elsewhere_is_spoken_with_over_tls_or_not_at_all(tmp_path: Path, host: str, options: dict[str, str]) -> None:
    found = settings_of(tmp_path / "home", f'database = "postgresql://forestall@{host}/forestall"')

    assert found["DATABASES"]["default"]["OPTIONS"] == options


def test_over_tls_every_answer_asks_for_tls_from_then_on(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 86_400, True
    for address in (reverse("account_login"), "/nothing-here/", "/static/forestall/forestall.css"):
        answer = Client().get(address, secure=True)
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", address
        answer.close()


def test_every_answer_says_that_nobody_may_frame_it_and_what_it_is() -> None:
    files = ("/static/forestall/forestall.css", "/static/forestall/forestall.js", "/static/forestall/icon.svg")
    for address in (reverse("account_login"), "/nothing-here/", *files):
        answer = Client().get(address)
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy, address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert answer["Referrer-Policy"] == "same-origin", address
        assert "Access-Control-Allow-Origin" not in answer, address
        assert not answer["Content-Type"].startswith("text/") or "charset=utf-8" in answer["Content-Type"].replace('"', ""), address
        answer.close()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND"])
def test_no_method_is_taken_for_another(signed_in: Callable[[str], Client], method: str) -> None:
    alice = signed_in("alice")
    for address in (reverse("inbox"), "/nothing-here/", "/static/forestall/forestall.css"):
        assert alice.generic(method, address).status_code == 405, address


@pytest.mark.parametrize(
    "address",
    ["/.git/config", "/.git/HEAD", "/home.toml", "/forestall.sqlite3", "/keys/secret", "/static/", "/static/forestall/",
     "/static/forestall/fonts/", "/static/../config/settings.py", "/static/%2e%2e/config/settings.py", "/forestall/config/settings.py"],
)  # fmt: skip
def test_V31_nothing_is_served_but_pages_and_the_files_of_the_look(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_the_files_of_the_look_are_styles_scripts_typefaces_and_drawings() -> None:
    kinds = {Path(name).suffix for finder in finders.get_finders() for name, _ in finder.list([])}
    assert kinds <= {".css", ".js", ".svg", ".woff2", ".txt", ".md", ".png", ".ico", ""}, kinds


def test_no_version_of_the_server_is_told() -> None:
    assert gunicorn.SERVER == "gunicorn"
    assert not {"Server", "X-Powered-By"} & set(Client().get(reverse("account_login")).headers)


def test_K06_what_is_said_to_somebody_is_kept_in_no_cookie(signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    alice.post(reverse("set_language"), {"language": "fr", "next": "/"})
    assert alice.post(reverse("upload"), {"level": "9", "back": reverse("upload")}).status_code == 302, "with a sentence for the next page"

    assert {name for name in alice.cookies if not name.startswith("forestall")} == set()
    assert all(len(name) + len(one.value) < 4096 for name, one in alice.cookies.items())


def test_every_page_lets_one_sign_out(signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")
    for address in ("/", reverse("inbox"), reverse("states"), reverse("own_account"), reverse("search")):
        assert f'href="{reverse("account_logout")}"' in alice.get(address).content.decode(), address
    assert 'type="password"' in Client().get(reverse("account_login")).content.decode()
