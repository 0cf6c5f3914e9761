"""A page holds nothing that our own policy would have to allow, and a browser keeps it to itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

pytestmark = pytest.mark.django_db
ACTING = {
    "a script of its own": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "a style of its own": re.compile(r"<style\b|<[^>]+\sstyle\s*=", re.I),
    "a handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.I),
    "an address that runs": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):", re.I),
    "something from elsewhere": re.compile(r"<(?:script|link|img|iframe|object|embed)\b[^>]+(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I),
}


def addresses(item_id: str) -> list[str]:
    """Every page without parameters, and one item's."""
    found = [f"/items/{item_id}/", f"/items/{item_id}/copy/"]
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            try:
                found.append(reverse(pattern.name))
            except NoReverseMatch:
                continue
    return sorted(set(found) - {reverse("account_logout")})


@pytest.mark.parametrize("who", ["alice", "rita", None])
def test_no_page_holds_what_acts_by_itself(
    signed_in: Callable[[str], Client], make_item: Callable[..., Any], who: str | None
) -> None:
    item = make_item("Lists", "<script>alert(1)</script><p onclick=x style=y>")
    client = signed_in(who) if who else Client()
    walked = 0
    for address in addresses(str(item.id)):
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert "camera=()" in answer["Permissions-Policy"], address
        assert answer["X-Frame-Options"] == "DENY", address
        assert "default-src 'none'" in policy and "unsafe" not in policy and "data:" not in policy, address
        if answer["Content-Type"].startswith("text/html"):
            walked += 1
            held = [what for what, pattern in ACTING.items() if pattern.search(answer.content.decode())]
            assert not held, (address, held)
    assert walked > (20 if who else 1)
