"""Before two people decide about a source, and each time who it is is shown, the security key is asked again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from forestall.access.models import Decision
from forestall.base import clock
from forestall.labels.models import everything
from forestall.record.models import WorkingDraft
from tests.access.test_keys import enrolled, question, with_key

from .conftest import NAME

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
LATER = timedelta(minutes=11)
ASKED = "Confirm that it is you"


@pytest.fixture
def key_of_hana(carers: Any) -> Any:
    carers.hana.set_password("the password of hana")
    carers.hana.save()
    return enrolled("hana")


@pytest.mark.parametrize("act", ["open", "move", "erase", "name"])
def test_A03_who_proposes_is_asked_again_after_ten_minutes(protected: Any, key_of_hana: Any, act: str) -> None:
    hana = with_key("hana", key_of_hana)
    sent = {"act": act, "reason": "they may be in danger", "desk": "south", "draft": f"reason {protected.id}"}
    with clock.fixed(clock.now() + LATER):
        asked = hana.post(reverse("vaulted", args=[protected.id]), sent)
    assert asked.status_code == 403
    assert ASKED in asked.content.decode()
    assert not everything(Decision).filter(about_id=protected.id).exists()
    assert not everything(WorkingDraft).exists(), "what was typed stands in the question alone"


def test_A03_with_the_key_shown_again_it_goes_on(protected: Any, key_of_hana: Any) -> None:
    hana = with_key("hana", key_of_hana)
    address, sent = reverse("vaulted", args=[protected.id]), {"act": "open", "reason": "they may be in danger"}
    with clock.fixed(clock.now() + LATER):
        asked = hana.post(address, sent)
        proof = {"proof_for": "POST", "proof_credential": json.dumps(key_of_hana.answer(question(asked)))}
        assert hana.post(address, {**sent, **proof}).status_code == 302
    assert everything(Decision).filter(about_id=protected.id).exists()


def test_A03_who_it_is_is_shown_to_nobody_who_left_the_browser_open(
    protected: Any, key_of_hana: Any, as_: Any, agreed: Any
) -> None:
    from forestall.vault import deciding

    hana = with_key("hana", key_of_hana)
    with clock.fixed(clock.now() + LATER):
        with as_("hana") as session:
            decision = deciding.propose(deciding.OPEN, about=protected, reason="they may be in danger", by=session)
        agreed("hugo", decision)
        for address in ("vault_identity", "vault_handover"):
            page = hana.post(reverse(address, args=[protected.id] if address == "vault_identity" else []))
            assert page.status_code == 403
            assert ASKED in page.content.decode()
            assert NAME not in page.content.decode()


def test_whoever_is_no_handler_is_not_even_asked(protected: Any, people: Any) -> None:
    alice = with_key("alice", enrolled("alice"))
    with clock.fixed(clock.now() + LATER):
        for address, sent in ((reverse("vaulted", args=[protected.id]), {"act": "open"}), (reverse("vault_identity", args=[protected.id]), {})):
            assert alice.post(address, sent).status_code == 404
