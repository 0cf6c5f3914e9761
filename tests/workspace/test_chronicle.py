"""Known, said, answered on the screen and as a file: reached from Record, the situation and the State; noted when taken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from forestall.base import clock
from forestall.record.models import Entry
from tests.advising.notemaking import issued

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAYS = {"since": "2026-11-01", "until": "2026-11-20"}


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with clock.fixed(NOON):
        yield


@pytest.fixture
def hills(keeper: Any, make_item: Callable[..., Any]) -> Any:
    """The situation in the hills with one item received on the first day asked about."""
    make_item("Lists of households", "text", published=datetime(2026, 11, 1, 9, tzinfo=UTC))
    return issued(keeper).situation


def text(response: Any) -> str:
    return str(response.content.decode())


def test_it_is_reached_from_record_situation_and_state(hills: Any, signed_in: Browser) -> None:
    alice = signed_in("alice")
    for where, about in (("/record/", ""), (f"/situations/{hills.id}/", f"?about={hills.id}"), ("/states/ZZK/", "?about=ZZK")):
        assert f'href="/record/known/{about}"' in text(alice.get(where)), where


@pytest.mark.parametrize("about", ["hills", "ZZK", ""], ids=["a situation", "a State", "everything"])
def test_alice_reads_it_and_takes_it_in_word_and_pdf(hills: Any, signed_in: Browser, about: str) -> None:
    alice, chosen = signed_in("alice"), {**DAYS, "about": str(hills.id) if about == "hills" else about}
    page = text(alice.get("/record/known/", chosen))
    assert "Lists of households" in page and "Computed from what Alice may see, as of 20 November 2026." in page
    with zipfile.ZipFile(io.BytesIO(alice.post("/record/known/file/", {**chosen, "ending": "docx"}).content)) as packed:
        assert "Lists of households" in packed.read("word/document.xml").decode()
    taken = alice.post("/record/known/file/", {**chosen, "ending": "pdf"})
    assert taken.content.startswith(b"%PDF") and taken.headers["Content-Type"] == "application/octet-stream"
    assert "EXERCISE-known-said-answered-2026-11-01-2026-11-20.pdf" in taken.headers["Content-Disposition"]
    assert Entry.objects.filter(verb="exported: known, said, answered").count() == 2
    assert "exported: Known, said, answered" in text(signed_in("rita").get("/record/?kind=access.person"))


def test_X06_taken_twice_it_is_the_same_bytes(hills: Any, signed_in: Browser) -> None:
    alice = signed_in("alice")
    for ending in ("pdf", "docx"):
        one, other = (alice.post("/record/known/file/", {**DAYS, "ending": ending}).content for _ in range(2))
        assert one == other


def test_V02_a_situation_one_may_not_see_never_was(hills: Any, signed_in: Browser) -> None:
    carol, never = signed_in("carol"), "12345678-1234-4234-8234-123456789012"
    there, nowhere = (carol.get("/record/known/", {**DAYS, "about": about}) for about in (str(hills.id), never))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert text(there).replace(str(hills.id), "") == text(nowhere).replace(never, "")
    assert "Lists of households" not in text(carol.get("/record/known/", {**DAYS, "about": "ZZK"}))
    assert "Northern hills" not in text(carol.get("/record/known/", DAYS))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"since": "soon"}, "is no day"), ({"since": "2026-11-19", "until": "2026-11-18"}, "is before the first"),
        ({"until": "2026-11-21"}, "still to come"), ({**DAYS, "as_of": "2026-11-10"}, "Return to now first"),
    ],
    ids=["no day", "the wrong way round", "to come", "a past day"],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_in_a_sentence(hills: Any, signed_in: Browser, asked: dict[str, str], says: str) -> None:
    answer = signed_in("alice").get("/record/known/", asked)
    assert answer.status_code == 403 and says in text(answer)
    assert signed_in("alice").post("/record/known/file/", {**DAYS, "ending": "exe"}).status_code == 403


def test_A10_taking_it_asks_for_the_second_factor_again(hills: Any, people: Any) -> None:
    client = Client()
    client.force_login(people.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    with clock.fixed(NOON + timedelta(minutes=1)):
        assert client.post("/record/known/file/", {**DAYS, "ending": "pdf"}).status_code == 403
    assert not Entry.objects.filter(verb="exported: known, said, answered").exists()
