"""A court asks for evidence: Alice records it, Lena decides, the Mission agrees, Rita hands it over, all by pages."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.labels.label import Label, Level
from forestall.monitoring import packages
from forestall.monitoring.models import PackageRequest
from forestall.record import resting
from forestall.record.queries import custody
from forestall.record.seals import seal

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
REQUEST = {"requester": "Tribunal", "authority": "Order 14", "purpose": "Case 7", "received_on": "2026-11-19", "language": "fr"}


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with clock.fixed(NOON):
        yield


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_package_goes_its_whole_way_by_pages(
    make_item: Callable[..., Any], counsel: Any, people: Any, signed_in: Browser, session_of: Callable[..., Any]
) -> None:
    item = make_item("What the Mission saw", "Names of camps.")
    for name in ("alice", "lena", "rita"):
        getattr(people, name).grant("3P:Mission")
        getattr(people, name).save()
    resting.raise_label(item, label=Label(Level.CONFIDENTIAL).within("3P:Mission"), by="system:keeper")
    alice, lena, rita = signed_in("alice"), signed_in("lena"), signed_in("rita")

    assert f"/record/packages/new/?item={item.id}" in text(alice.get(f"/items/{item.id}/"))
    assert f"/items/{item.id}/" in text(alice.get(f"/record/packages/new/?item={item.id}"))
    sent = alice.post("/record/packages/new/", {**REQUEST, "items": f"http://testserver/items/{item.id}/"})
    where = sent.headers["Location"]
    assert "request for evidence" in text(lena.get("/")) or "Evidence package EP-" in text(lena.get("/"))

    assert "Decide as counsel" not in text(alice.get(where))
    assert "Decide as counsel" in text(lena.get(where))
    lena.post(f"{where}decide/", {"decision": "yes", "reason": "Order 14 binds us."})
    assert "was not asked yet" in text(rita.get(where))

    with bound_to(session_of("alice")):
        (piece,) = packages.pieces(PackageRequest.objects.get())
    about = {"piece": str(piece.piece.id), "originator": "Mission"}
    alice.post(f"{where}ask/", {**about, "through": "letter"})
    alice.post(f"{where}answer/", {**about, "to": "granted", "answer": "Yes, to this tribunal."})
    seal()
    rita.post(f"{where}assemble/")
    taken = rita.post(f"{where}file/")
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="EXERCISE-EP-')
    with zipfile.ZipFile(io.BytesIO(taken.content)) as packed:
        told = json.loads(next(packed.read(name) for name in packed.namelist() if name.endswith("package.json")))
    assert [file["number"] for file in told["files"]] == [1] and told["exercise"] is True
    assert [entry.verb for entry in custody(item.evidence_id)][-1] == "exported"

    rita.post(f"{where}hand-over/", {"to": "Ms. Osei", "how": "by hand", "on": "2026-11-20", "receipt": ""})
    rita.post(f"{where}receipt/", {"receipt": "Stamp 44"})
    page = text(rita.get(where))
    assert "Ms. Osei" in page and "Stamp 44" in page and "nothing is left to do" in page
    assert "EP-" in text(rita.get("/record/packages/")) and "EP-" in text(alice.get(f"/items/{item.id}/"))


def test_what_one_may_not_do_is_not_offered_and_is_refused(
    make_item: Callable[..., Any], assembled: Callable[..., Any], signed_in: Browser
) -> None:
    one = assembled(make_item("Report", "Eleven homes burned."))
    bob, where = signed_in("bob"), f"/record/packages/{one.id}/"
    page = text(bob.get(where))

    assert one.reference in page and "<form" not in page[page.index("<main") : page.index("</main")]
    for act in ("add", "withdraw", "decide", "ask", "assemble", "file", "hand-over", "receipt"):
        if act == "ask":
            continue  # Bob may confirm observations, and so ask originators
        assert bob.post(f"{where}{act}/", {"reason": "x"}).status_code == 403, act
    assert bob.get("/record/packages/new/").status_code == 403


def test_V02_a_request_one_may_not_see_never_was(
    make_item: Callable[..., Any], assembled: Callable[..., Any], signed_in: Browser
) -> None:
    one = assembled(make_item("Report", "Eleven homes burned."))
    never, carol = "12345678-1234-4234-8234-123456789012", signed_in("carol")
    for act in ("", "add/", "file/", "decide/"):
        ask = carol.get if not act else carol.post
        there, nowhere = ask(f"/record/packages/{one.id}/{act}"), ask(f"/record/packages/{never}/{act}")
        assert there.status_code == nowhere.status_code
        assert text(there).replace(str(one.id), "") == text(nowhere).replace(never, "")
    assert "No request for evidence that you may see" in text(carol.get("/record/packages/"))


def test_items_are_named_by_address_and_what_cannot_be_seen_is_none(
    make_item: Callable[..., Any], counsel: Any, signed_in: Browser
) -> None:
    hidden, alice = make_item("South", "x", desk="south"), signed_in("alice")
    for items in (f"/items/{hidden.id}/", "/items/12345678-1234-4234-8234-123456789012/", "nothing at all"):
        refused = alice.post("/record/packages/new/", {**REQUEST, "items": items, "back": "/record/packages/new/"}, follow=True)
        assert "There is no item" in text(refused) or "Name at least one item" in text(refused)
    assert PackageRequest.objects.count() == 0


def test_items_are_looked_for_on_the_page_of_the_request_and_added_from_there(
    make_item: Callable[..., Any], counsel: Any, signed_in: Browser
) -> None:
    wells, hidden = make_item("Wells poisoned", "The wells of Ostrelan."), make_item("Wells of the south", "Ostrelan", desk="south")
    alice = signed_in("alice")
    made = alice.post("/record/packages/new/", {**REQUEST, "items": ""})
    page = made.headers["Location"]
    assert "No item is named yet." in text(alice.get(page))

    found = text(alice.get(f"{page}?q=ostrelan"))
    assert "Wells poisoned" in found and "Wells of the south" not in found
    for items, says in ((str(hidden.id), "There is no item"), ("", "Name at least one item"), (str(wells.id), "Added to the request.")):
        answer = alice.post(f"{page}add/", {"items": items, "back": f"{page}?q=ostrelan#pieces"}, follow=True)
        assert says in text(answer)
        assert answer.request["QUERY_STRING"] == "q=ostrelan", "one goes on looking where one was"
    again = alice.get(f"{page}?q=ostrelan").content.decode()
    assert again.count("Wells poisoned") == 1, "what is in it is not offered again"


def test_A10_taking_the_package_and_deciding_ask_for_the_second_factor_again(
    make_item: Callable[..., Any], assembled: Callable[..., Any], people: Any
) -> None:
    one = assembled(make_item("Report", "Eleven homes burned."))
    for name, act in (("rita", "file"), ("lena", "decide")):
        client = Client()
        client.force_login(getattr(people, name), backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.post(f"/record/packages/{one.id}/{act}/", {"decision": "no", "reason": "x"})
        assert answer.status_code == 403, "without the exercise link the second factor is asked before anything is looked for"
    with clock.fixed(NOON + timedelta(minutes=1)):
        assert PackageRequest.objects.get(pk=one.pk).state == "assembled"


def test_the_list_says_who_may_do_the_next(
    make_item: Callable[..., Any], ask_for: Callable[..., Any], signed_in: Browser
) -> None:
    ask_for(make_item("Report", "Eleven homes burned."))
    assert "decide as counsel whether evidence is handed over" in text(signed_in("alice").get("/record/packages/"))
    assert "<b>(you)</b>" in text(signed_in("lena").get("/record/packages/"))
