"""A database from before is put back: nothing in it tells again who a source is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from forestall.base.canonical import canonical_json
from forestall.base.errors import Refused
from forestall.keeping import ledger, pseudonyms
from forestall.labels.label import Level
from forestall.monitoring.actions import protecting
from forestall.monitoring.models import Item
from forestall.record.models import ELSEWHERE, Entry, Evidence, Payload
from forestall.record.verification import verify
from forestall.vault import actions, deciding, identities
from forestall.vault import verification as vault
from forestall.vault.models import Identity, Pseudonym
from forestall.vault.router import ALIAS
from forestall.vault.states import PseudonymState

from .conftest import ADDRESS, NAME

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


class _Back(Exception):
    """Everything is as it was."""


def since(work: Callable[[], object]) -> list[dict[str, Any]]:
    """Do `work`, read what the ledger is told of it, and put both databases back to before."""
    start, acts = Entry.objects.count(), []
    try:
        with transaction.atomic(), transaction.atomic(using=ALIAS):
            work()
            acts = ledger.acts_from(start)
            raise _Back
    except _Back:
        pass
    assert Entry.objects.count() == start
    told = canonical_json(acts)
    assert acts and not [word for word in (NAME, ADDRESS, "Varnholm") if word in told], "the ledger tells no name"
    return acts


@pytest.fixture
def again(keeper: Any, django_capture_on_commit_callbacks: Any) -> Callable[..., tuple[int, list[str]]]:
    """Do again what the ledger tells; how much was done, and what could not be."""

    def carried_out(acts: list[dict[str, Any]]) -> tuple[int, list[str]]:
        done, undone = 0, []
        for act in acts:
            try:
                with django_capture_on_commit_callbacks(execute=True):
                    done += pseudonyms.carry_out(act, by=keeper) if act["verb"] in pseudonyms.VERBS else 0
            except Refused as refusal:
                undone.append(str(refusal))
        return done, undone

    return carried_out


def states_that_tell() -> int:
    from forestall.labels.models import everything

    return sum(NAME in body for body in everything(Payload).values_list("body", flat=True))


@pytest.fixture
def redacted_since(mail: Item, known: Any, as_: Any, agreed: Any, django_capture_on_commit_callbacks: Any) -> list[dict[str, Any]]:
    """Hana protected the mail before the backup; after it two took the name out of the past."""
    with django_capture_on_commit_callbacks(execute=True), as_("hana") as hana:
        protecting.protect(mail, known=known, desk="karvania", by=hana)
        decision = protecting.propose_name_out(Item.objects.get(pk=mail.id), by=hana)
    return since(lambda: agreed("hugo", decision))


def test_R12_G6_a_name_taken_out_of_the_past_is_taken_out_again(redacted_since: Any, again: Any) -> None:
    assert states_that_tell()
    done, undone = again(redacted_since)

    assert done >= 2 and undone == []
    assert states_that_tell() == 0
    assert verify().faults == []


def test_R12_without_the_key_ring_only_source_handlers_see_what_tells_again(
    redacted_since: Any, again: Any, mail: Item, settings: Any, tmp_path: Path, as_: Any
) -> None:
    settings.VAULT_KEY = tmp_path / "away"
    with as_("alice"):
        assert Item.objects.filter(pk=mail.id).exists()
    done, undone = again(redacted_since)

    assert done == 0 and undone and all("--vault-key" in one for one in undone)
    with as_("alice"):
        assert not Item.objects.filter(pk=mail.id).exists()
    with as_("hana"):
        assert Item.objects.get(pk=mail.id).level == Level.STRICTLY_CONFIDENTIAL
    assert verify().faults == []


def test_R12_a_source_protected_since_is_kept_to_the_handlers_of_the_desk(
    mail: Item, known: Any, as_: Any, agreed: Any, again: Any
) -> None:
    def protect() -> None:
        with as_("hana") as hana:
            protecting.protect(mail, known=known, desk="karvania", by=hana)
            decision = protecting.propose_name_out(Item.objects.get(pk=mail.id), by=hana)
        agreed("hugo", decision)

    _, undone = again(since(protect))

    assert undone and all("protect its source again" in one for one in undone)
    with as_("alice"):
        assert not Item.objects.filter(pk=mail.id).exists()
    with as_("hana"):
        assert NAME in Item.objects.get(pk=mail.id).reporter


def test_R12_an_original_sealed_since_is_sealed_again(
    mail: Item, protected: Any, known: Any, as_: Any, again: Any
) -> None:
    """Under a pseudonym that stood before the backup. The item itself is kept close: its words are not the vault's yet."""
    def protect() -> None:
        with as_("hana") as hana:
            protecting.protect(mail, known=known, desk="karvania", by=hana, onto=Pseudonym.objects.get(pk=protected.id))

    done, undone = again(since(protect))

    assert done == 1 and undone and all("protect its source again" in one for one in undone)
    with as_("hana"):
        assert Evidence.objects.get(pk=mail.evidence_id).address == ELSEWHERE
        assert NAME.encode() in identities.original(mail.evidence_id, entry=protected.id)
    assert verify().faults == []


def decide(key: str, one: Pseudonym, as_: Any, agreed: Any, **terms: str) -> None:
    with as_("hana") as hana:
        decision = deciding.propose(key, about=Pseudonym.objects.get(pk=one.id), reason="They asked for it.", by=hana, terms=terms)
    agreed("hugo", decision)


@pytest.mark.parametrize("ring", ["with the key ring", "without the key ring"])
def test_R12_an_identity_erased_since_is_erased_again(
    ring: str, protected: Any, as_: Any, agreed: Any, again: Any, settings: Any, tmp_path: Path, key: Path, every_byte: Any
) -> None:
    acts = since(lambda: decide(deciding.ERASE, protected, as_, agreed))
    assert Identity.objects.filter(pk=protected.id).exists()
    if ring.startswith("without"):
        settings.VAULT_KEY = tmp_path / "away"
    assert again(acts) == (1, [])

    assert not Identity.objects.exists() and str(protected.id).replace("-", "").encode() not in every_byte("vault")
    with as_("hana"):
        assert Pseudonym.objects.get(pk=protected.id).state == PseudonymState.ERASED
        assert vault.without_key() == []
    assert verify().faults == []


def test_R12_a_source_moved_since_waits_at_the_other_desk_again(
    protected: Any, as_: Any, agreed: Any, again: Any, settings: Any, tmp_path: Path, key: Path
) -> None:
    acts = since(lambda: decide(deciding.MOVE, protected, as_, agreed, desk="south"))
    settings.VAULT_KEY = tmp_path / "away"
    assert again(acts)[1] == ["Restore with --vault-key, and it is done as it was."]
    settings.VAULT_KEY = key
    assert again(acts) == (1, [])

    assert [desk for _, desk in identities.waiting_at(["south", "karvania"])] == ["south"]
    with as_("hana"):
        assert Pseudonym.objects.get(pk=protected.id).state == PseudonymState.MOVED


def test_R12_consent_taken_back_since_is_taken_back_again(protected: Any, as_: Any, again: Any) -> None:
    from forestall.base.clock import today

    def take_back() -> None:
        with as_("hana") as hana:
            actions.record_consent(Pseudonym.objects.get(pk=protected.id), scopes=[], on=today(), by=hana)

    assert again(since(take_back)) == (1, [])
    with as_("hana"):
        assert Pseudonym.objects.get(pk=protected.id).scopes == []


def test_what_is_as_it_should_be_is_left_alone(redacted_since: Any, again: Any) -> None:
    again(redacted_since)

    assert again(redacted_since) == (0, [])
