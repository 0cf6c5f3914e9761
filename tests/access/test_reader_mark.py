"""What is strictly confidential says on the screen, and in print, who read it and when."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from forestall.base import clock

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def marks(answer: Any) -> set[str]:
    return set(re.findall(r'data-mark="([^"]*)"', answer.content.decode()))


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_U17_a_strictly_confidential_page_is_marked_with_its_reader_and_the_moment(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace, name: str
) -> None:
    one, person = make_item("Held", "told", level=3, source="The man at the well"), getattr(people, name)
    with clock.fixed(AT):
        found = marks(signed_in(name).get(f"/items/{one.id}/"))
    assert found == {f"{person.name} · 2026-11-20 09:30 UTC · {str(person.id)[:8]}"}


def test_U17_what_is_less_is_not_marked_and_a_lower_reader_learns_nothing(
    make_item: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    make_item("Held", "told", level=3)
    one = make_item("Confidential", "told", level=2, source="Other")
    assert not marks(signed_in("alice").get(f"/items/{one.id}/"))
    assert not marks(signed_in("ivo").get("/inbox/"))
    assert marks(signed_in("alice").get("/inbox/"))
