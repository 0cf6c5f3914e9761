"""The inbox page: what waits for whom, narrowed and ordered by the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_opens(signed_in: Callable[[str], Any], make_item: Callable[..., Any]) -> None:
    one = make_item("Lists were asked for", "Each was given a form.")
    alice = signed_in("alice")
    for url in ("/inbox/", f"/items/{one.id}/", f"/items/{one.id}/observation/", "/inbox/upload/", "/sources/", f"/sources/{one.source_id}/"):
        page = alice.get(url)
        assert page.status_code == 200, url
    assert signed_in("bob").get("/sources/quarantine/").status_code == 200
