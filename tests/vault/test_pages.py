"""The vault's pages: for the handlers of a desk; for everybody else they never were. Nothing typed is kept anywhere."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from forestall.access.session import bound_to, system_reader
from forestall.base import clock
from forestall.labels.models import everything
from forestall.monitoring.models import Item
from forestall.record.models import WorkingDraft
from forestall.vault import actions
from forestall.vault.identities import Known
from forestall.vault.models import Pseudonym
from tests.leaks.hidden import NOW, WORD, seen

from .conftest import ADDRESS, NAME, REPORTER

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
QUERIES = ("", f"?q={WORD}", "?format=csv")
OUTSIDE = ("alice", "bob", "carol", "rita", "ada", "dora", "sana")


def routes() -> list[str]:
    """Every address without parameters that a page offers."""
    found = []
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            try:
                found.append(reverse(pattern.name))
            except NoReverseMatch:
                continue
    drawn_anew = {"/account/codes/", "/account/keys/new/"}
    return sorted(set(found) - {reverse("account_logout")} - drawn_anew)


def typed(page: Any, **more: str) -> dict[str, Any]:
    token = re.search(r'name="entry" value="([^"]+)"', page.content.decode())
    return {"desk": "karvania", "entry": token[1] if token else "", **more}


def addresses_of(one: Any) -> list[str]:
    ids = [reverse(name, args=[one]) for name in ("vaulted", "vault_identity", "vault_receive", "vault_handed")]
    return [*ids, reverse("vault_original", args=[one, uuid.UUID(int=1)])]


@pytest.mark.parametrize("name", [*OUTSIDE, "sid"])
def test_for_everybody_else_an_entry_never_was(protected: Any, signed_in: Callable[[str], Client], name: str) -> None:
    client = signed_in(name)
    never = uuid.uuid4()
    for method in ("get", "post", "head", "put", "delete", "options"):
        for there, nowhere in zip(addresses_of(protected.id), addresses_of(never), strict=True):
            answers = [getattr(client, method)(address) for address in (there, nowhere)]
            bodies = [re.sub(rb'value="[^"]+"', b"", one.content).replace(address.encode(), b"")
                      for one, address in zip(answers, (there, nowhere), strict=True)]  # fmt: skip
            assert answers[0].status_code == answers[1].status_code, (method, there)
            assert bodies[0] == bodies[1], (method, there)
            assert answers[0].status_code in (403, 404, 405)


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("page", ["vault", "vault_new", "vault_handover"])
def test_for_everybody_else_the_vault_has_no_pages(carers: Any, signed_in: Callable[[str], Client], name: str, page: str) -> None:
    client = signed_in(name)
    there, nowhere = client.get(reverse(page)), client.get("/no-such-page/")
    assert there.status_code == nowhere.status_code == 404
    assert there.content.replace(reverse(page).encode(), b"") == nowhere.content.replace(b"/no-such-page/", b"")
    assert b"vault" not in client.get("/").content


@pytest.mark.parametrize("name", ["alice", "carol", "ivo", "sid"])
def test_V01_a_vault_entry_changes_nothing_on_any_page_for_others(
    carers: Any, known: Known, signed_in: Callable[[str], Client], make_item: Callable[..., Any], name: str
) -> None:
    """Two worlds that differ by one protected source of the Karvania desk."""
    make_item("A wire", "Lists were written.", level=1, desk=None)
    client = signed_in(name)
    addresses = [route + query for route in routes() for query in QUERIES]
    with clock.fixed(NOW):
        before = {address: _without_tokens(seen(client, address)) for address in addresses}
        with bound_to(system_reader("keeper", reason="another world")) as keeper:
            made = actions.protect(known, desk="karvania", by=keeper)
        after = {address: _without_tokens(seen(client, address)) for address in addresses}
    differing = [address for address in addresses if before[address] != after[address]]
    assert not differing
    assert not [address for address in addresses if made.code.encode() in after[address][1]]


def test_V35_an_auditor_reads_nothing_of_it_in_the_record(
    carers: Any, known: Known, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("rita")
    with clock.fixed(NOW):
        before = seen(client, "/record/")
        with bound_to(system_reader("keeper", reason="another world")) as keeper:
            actions.protect(known, desk="karvania", by=keeper)
        assert seen(client, "/record/") == before


def _without_tokens(answer: tuple[int, bytes, Any]) -> tuple[int, bytes, Any]:
    """A form's own token is new each time it is shown."""
    return answer[0], re.sub(rb'name="entry" value="[^"]+"', b"", answer[1]), answer[2]


def test_a_handler_sees_pseudonyms_and_what_may_be_done_and_no_identity(
    protected: Any, signed_in: Callable[[str], Client]
) -> None:
    for name in ("hana", "hugo", "dan"):
        client = signed_in(name)
        for address in (reverse("vault"), reverse("vaulted", args=[protected.id]), reverse("vault_handover")):
            page = client.get(address)
            assert page.status_code == 200
            assert protected.code in page.content.decode()
            assert NAME not in page.content.decode()
            assert page.headers["Cache-Control"] == "no-store, private"
            assert protected.code not in address, "no pseudonym stands in what a browser remembers"
            assert protected.code not in page.content.decode().split("</title>")[0]
    assert "to analyse it" in signed_in("hana").get(reverse("vault")).content.decode()


def test_K07_the_pages_work_while_the_vault_is_sealed(protected: Any, key: Any, signed_in: Callable[[str], Client]) -> None:
    key.unlink()
    client = signed_in("hana")
    for address in (reverse("vault"), reverse("vaulted", args=[protected.id])):
        page = client.get(address).content.decode()
        assert protected.code in page
        assert "The vault is sealed" in page
    page = client.get(reverse("vault_new"))
    answer = client.post(reverse("vault_new"), typed(page, name=NAME))
    assert answer.status_code == 503
    assert "The vault is sealed" in answer.content.decode()
    assert client.get("/").status_code == 200


def test_what_a_handler_writes_is_shown_once_and_lands_in_no_draft_message_or_session(
    carers: Any, signed_in: Callable[[str], Client], every_byte: Callable[[str], bytes]
) -> None:
    client = signed_in("hana")
    page = client.get(reverse("vault_new"))
    sent = typed(page, name=NAME, contact=ADDRESS, words="Varnholm", reach="by the cousin", draft="vault new")
    refused = client.post(reverse("vault_new"), {**sent, "desk": "south"})
    assert refused.status_code == 403
    assert NAME in refused.content.decode(), "what was typed comes back with the sentence"
    assert "Choose one of your desks" in refused.content.decode()
    for none in (NAME.encode(), ADDRESS.encode(), b"Varnholm", b"cousin"):
        assert none not in every_byte("default")
    assert not everything(WorkingDraft).exists()
    written = client.post(reverse("vault_new"), sent)
    assert written.status_code == 200
    assert NAME in written.content.decode()
    assert written.headers["Cache-Control"] == "no-store, private"
    again = client.post(reverse("vault_new"), sent)
    assert "in the vault already" in again.content.decode()
    with bound_to(system_reader("keeper", reason="a test")):
        one = Pseudonym.objects.get()
    assert NAME not in client.get(reverse("vaulted", args=[one.id])).content.decode()
    assert NAME.encode() not in every_byte("default")
    assert not [cookie for cookie in client.cookies.values() if "Varnholm" in cookie.value]


def test_a_form_made_up_by_hand_writes_over_nobody(protected: Any, signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("sid").post(
        reverse("vault_new"), {"desk": "south", "name": "Another", "entry": str(protected.id)}
    )
    assert "This form is broken" in answer.content.decode()


@pytest.mark.parametrize("page", ["vault_new", "protect", "vaulted"])
def test_forms_of_the_vault_are_never_kept_or_filled_in(
    protected: Any, mail: Item, signed_in: Callable[[str], Client], page: str
) -> None:
    about = {"vault_new": [], "protect": [mail.id], "vaulted": [protected.id]}[page]
    found = signed_in("hana").get(reverse(page, args=about)).content.decode()
    fields = re.findall(r"<(?:input|textarea)[^>]*name=\"(?:name|contact|location|reach|never|notes|words|reason)\"[^>]*>", found)
    assert fields
    assert all('autocomplete="off"' in field for field in fields)
    main = found[found.index("<main") :]
    assert 'name="draft"' not in main
    assert all('autocomplete="off"' in form for form in re.findall(r"<form[^>]*>", main) if "method=\"post\"" in form and "Name" in form)


def test_the_source_of_an_item_is_protected_from_its_page(
    mail: Item, signed_in: Callable[[str], Client], every_byte: Callable[[str], bytes]
) -> None:
    client = signed_in("hana")
    item = client.get(reverse("item", args=[mail.id])).content.decode()
    assert reverse("protect", args=[mail.id]) in item
    page = client.get(reverse("protect", args=[mail.id]))
    assert ADDRESS in page.content.decode()
    sent = typed(page, name=NAME, contact=ADDRESS, words=f"{REPORTER}\n{NAME}\n{ADDRESS}\nVarnholm")
    refused = client.post(reverse("protect", args=[mail.id]), {**sent, "words": ""})
    assert refused.status_code == 403
    assert "Write the words that tell" in refused.content.decode()
    written = client.post(reverse("protect", args=[mail.id]), sent).content.decode()
    assert "until a second person agrees" in written
    item = client.get(reverse("item", args=[mail.id])).content.decode()
    assert NAME not in item.split('id="custody"')[0]
    with bound_to(system_reader("keeper", reason="a test")):
        one = Pseudonym.objects.get()
    assert reverse("vaulted", args=[one.id]) in item
    assert one.code in item
    assert "lies sealed in the vault" in item
    assert reverse("vaulted", args=[one.id]) not in signed_in("alice").get(reverse("item", args=[mail.id])).content.decode()


def test_a_handler_who_is_not_cleared_high_enough_protects_nobody(
    mail: Item, carers: Any, signed_in: Callable[[str], Client], keeper: Any
) -> None:
    from forestall.access.actions import change_clearance

    change_clearance(carers.hana, level=2, by=keeper)
    client = signed_in("hana")
    assert client.get(reverse("item", args=[mail.id])).status_code == 200
    assert client.get(reverse("protect", args=[mail.id])).status_code == 404


@pytest.mark.parametrize("page", ["vault_identity", "vault_receive"])
def test_what_is_refused_here_is_kept_in_no_draft(
    protected: Any, signed_in: Callable[[str], Client], key: Any, page: str
) -> None:
    key.unlink()
    sent = {"draft": f"reason {protected.id}", "reason": f"ask {NAME}"}
    assert signed_in("hana").post(reverse(page, args=[protected.id]), sent).status_code in (403, 503)
    assert not everything(WorkingDraft).exists()


@pytest.mark.parametrize("name", ["alice", "dan", "sid", "rita"])
def test_nobody_else_has_the_page_that_protects(mail: Item, signed_in: Callable[[str], Client], name: str) -> None:
    client = signed_in(name)
    assert client.get(reverse("protect", args=[mail.id])).status_code == 404
    assert client.post(reverse("protect", args=[mail.id])).status_code == 404
    assert reverse("protect", args=[mail.id]) not in client.get(reverse("item", args=[mail.id])).content.decode()


def test_two_people_open_it_in_their_browsers(
    protected: Any, as_: Any, agreed: Any, signed_in: Callable[[str], Client]
) -> None:
    hana, hugo = signed_in("hana"), signed_in("hugo")
    address = reverse("vaulted", args=[protected.id])
    hana.post(address, {"act": "open", "reason": "they may be in danger"})
    with as_("hana"):
        (decision,) = actions.queries.waiting_on(protected)
    asked = hugo.get(reverse("decision", args=[decision.id])).content.decode()
    assert "Open who a source is" in asked
    assert hana.post(reverse("vault_identity", args=[protected.id])).status_code == 403
    hugo.post(reverse("decision", args=[decision.id]), {"act": "agree", "again": "agree"})
    shown = hana.post(reverse("vault_identity", args=[protected.id]))
    assert NAME in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store, private"
    assert hugo.post(reverse("vault_identity", args=[protected.id])).status_code == 403
    assert hana.get(reverse("vault_identity", args=[protected.id])).status_code == 405


def test_a_reason_that_tells_who_it_is_comes_back_and_is_kept_nowhere(
    protected: Any, signed_in: Callable[[str], Client], every_byte: Callable[[str], bytes]
) -> None:
    answer = signed_in("hana").post(
        reverse("vaulted", args=[protected.id]), {"act": "open", "reason": f"ask {NAME}", "draft": "x", "back": "/vault/"}
    )
    assert answer.status_code == 403
    assert f"ask {NAME}" in answer.content.decode()
    assert NAME.encode() not in every_byte("default")


def test_X10_what_fails_tells_no_name(
    carers: Any, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, caplog: Any, capsys: Any
) -> None:
    client = signed_in("hana")
    client.raise_request_exception = False
    page = client.get(reverse("vault_new"))
    monkeypatch.setattr(actions.identities, "_seal_into", lambda *_, **__: 1 / 0)
    answer = client.post(reverse("vault_new"), typed(page, name=NAME, contact=ADDRESS))
    assert answer.status_code == 500
    told = answer.content.decode() + caplog.text + "".join(capsys.readouterr())
    assert NAME not in told
    assert ADDRESS not in told


@pytest.mark.parametrize("name", ["hana", "alice", "rita"])
def test_X12_no_export_tells_who_it_is(protected: Any, signed_in: Callable[[str], Client], name: str) -> None:
    client = signed_in(name)
    for route in routes():
        body = seen(client, f"{route}?format=csv")[1]
        assert NAME.encode() not in body
        assert ADDRESS.encode() not in body


def test_a_handover_is_proposed_from_its_page(protected: Any, carers: Any, signed_in: Callable[[str], Client], as_: Any) -> None:
    hana = signed_in("hana")
    sent = {"sources": [str(protected.id)], "taker": str(carers.hugo.id), "reason": "she leaves"}
    refused = hana.post(reverse("vault_handover"), {**sent, "taker": str(carers.alice.id)})
    assert "only to a source handler" in refused.content.decode()
    assert "she leaves" in refused.content.decode()
    answer = hana.post(reverse("vault_handover"), sent)
    dan, decision = signed_in("dan"), answer.headers["Location"]
    assert "Hand sources over" in dan.get(decision).content.decode()
    dan.post(decision, {"act": "agree", "again": "agree"})
    assert "Hugo" in hana.get(reverse("vaulted", args=[protected.id])).content.decode()


def test_a_source_to_be_looked_at_again_waits_on_the_today_of_who_cares_for_it_alone(protected: Any, signed_in: Callable[[str], Any]) -> None:
    assert protected.code not in signed_in("hana").get("/").content.decode()
    with clock.fixed(clock.now() + timedelta(days=400)):
        assert protected.code in signed_in("hana").get("/").content.decode()
        assert protected.code not in signed_in("hugo").get("/").content.decode()
