"""What lies in the vault: sealed where it stands, readable to nobody without the key, gone when it is erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.vault import identities, keys, verification
from forestall.vault.identities import Known
from forestall.vault.models import FIELDS, Identity, Original, Pseudonym
from forestall.vault.policies import SPELLED
from forestall.vault.router import SEALED

from .conftest import ADDRESS, NAME

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
TOLD = (NAME, ADDRESS, "Senneth", "cousin", "Call by day")


def test_an_identity_comes_back_as_it_was_written(protected: Any, known: Known) -> None:
    found = identities.read(protected.id)
    assert (found.name, found.contact, found.never, found.words) == (known.name, known.contact, known.never, known.words)
    assert found.desk == "karvania"
    assert [(one.scope, one.given) for one in found.consent] == [("analyse", True)]


def test_K01_no_byte_of_any_database_tells_who_it_is(protected: Any, every_byte: Callable[[str], bytes], key: Path) -> None:
    for alias in ("default", "vault"):
        assert str(protected.code).encode() in every_byte("default")
        for told in TOLD:
            assert told.encode() not in every_byte(alias)
    assert all(told not in key.read_text() for told in TOLD)


@pytest.mark.parametrize("field", FIELDS)
def test_K02_what_is_sealed_cannot_be_moved_to_another_row(protected: Any, known: Known, field: str) -> None:
    other = uuid4()
    identities.write(Known(name="Somebody Else", contact="else@post.example"), entry=other)
    row, mine = Identity.objects.get(pk=protected.id), Identity.objects.get(pk=other)
    setattr(row, field, getattr(mine, field))
    row.save()
    with pytest.raises(Malformed, match="changed or moved"):
        identities.read(protected.id)


def test_K02_what_is_sealed_cannot_be_moved_to_another_field_or_key(protected: Any, key: Path) -> None:
    row = Identity.objects.get(pk=protected.id)
    row.location, row.contact = row.contact, row.location
    row.save()
    with pytest.raises(Malformed, match="changed or moved"):
        identities.read(protected.id)
    row.location, row.contact = row.contact, row.location
    told = json.loads(key.read_text())
    told["generations"].append({"key": "0" * 64, "entries": told["generations"][0]["entries"]})
    key.write_text(json.dumps(told))
    row.key_id = keys.Generation("0" * 64).id
    row.save()
    with pytest.raises(Malformed, match="changed or moved"):
        identities.read(protected.id)


def test_K02_rows_whose_key_derivation_is_the_same_still_know_their_place(protected: Any) -> None:
    """The place is bound by the seal itself, not only by each entry having a key of its own."""
    from forestall.vault.sealing import place, seal, unseal

    key = bytes(32)
    sealed = seal(b"who", key=key, at=place("vault_identity", "one", "name", "k"))
    assert unseal(sealed, key=key, at=place("vault_identity", "one", "name", "k")) == b"who"
    for at in (("vault_original", "one", "name", "k"), ("vault_identity", "two", "name", "k"),
               ("vault_identity", "one", "contact", "k"), ("vault_identity", "one", "name", "l")):  # fmt: skip
        with pytest.raises(Malformed):
            unseal(sealed, key=key, at=place(*at))


def test_K05_an_erased_entry_is_in_no_byte_and_an_old_copy_of_the_vault_is_unreadable(
    protected: Any, every_byte: Callable[[str], bytes]
) -> None:
    identities.keep_original(b"bytes as received", evidence=uuid4(), entry=protected.id)
    row = Identity.objects.get(pk=protected.id)
    original = Original.objects.get(identity=protected.id)
    before = every_byte("vault")
    assert bytes(row.name) in before
    identities.erase(protected.id)
    after = every_byte("vault")
    for sealed in (*(bytes(getattr(row, field)) for field in FIELDS), bytes(original.content), protected.id.hex.encode()):
        assert sealed in before
        assert sealed not in after
    row.save(force_insert=True)  # somebody puts back a copy of the vault's file
    with pytest.raises(Unavailable, match="destroyed"):
        identities.read(protected.id)


def test_K07_without_its_key_the_vault_is_sealed_and_answers_nobody(protected: Any, key: Path, known: Known) -> None:
    away = key.rename(key.with_name("elsewhere"))
    for asked in (
        lambda: identities.read(protected.id),
        lambda: identities.write(known, entry=uuid4()),
        lambda: identities.erase(protected.id),
        identities.rotate,
        verification.verify,
    ):
        with pytest.raises(Unavailable, match="sealed"):
            asked()
    away.rename(key)
    assert identities.read(protected.id).name == NAME


def test_a_damaged_key_is_said_and_changes_nothing(protected: Any, key: Path) -> None:
    kept = key.read_text()
    key.write_text(kept[:40])
    with pytest.raises(Malformed, match="damaged"):
        identities.read(protected.id)
    key.write_text(kept)
    assert identities.read(protected.id).name == NAME


def test_the_key_is_made_once_and_for_its_owner_alone(key: Path) -> None:
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="has a key already"):
        keys.make()


def test_the_key_is_changed_and_the_old_one_opens_nothing(protected: Any, key: Path) -> None:
    identities.keep_original(b"as received", evidence=(kept := uuid4()), entry=protected.id)
    before, sealed = keys.read(), bytes(Identity.objects.get(pk=protected.id).name)
    assert identities.rotate() == 1
    after = keys.read()
    assert set(after.generations) & set(before.generations) == set()
    assert bytes(Identity.objects.get(pk=protected.id).name) != sealed
    assert identities.read(protected.id).name == NAME
    assert identities.original(kept, entry=protected.id) == b"as received"
    with pytest.raises(Unavailable, match="another key"):
        before.generation(Identity.objects.get(pk=protected.id).key_id)


@pytest.mark.parametrize("broken_off_at", ["before sealing", "while sealing", "before the old key goes"])
def test_changing_the_key_may_be_broken_off_anywhere(
    protected: Any, monkeypatch: pytest.MonkeyPatch, broken_off_at: str
) -> None:
    kept = identities._seal_all_under
    stored = keys.store

    def broken(*args: Any, **named: Any) -> int:
        if broken_off_at == "while sealing":
            kept(*args, **named)
        raise KeyboardInterrupt

    def store_once(ring: keys.Ring) -> None:
        if len(ring.generations) == 1:
            raise KeyboardInterrupt
        stored(ring)

    with monkeypatch.context() as patched:
        if broken_off_at == "before the old key goes":
            patched.setattr(keys, "store", store_once)
        else:
            patched.setattr(identities, "_seal_all_under", broken)
        with pytest.raises(KeyboardInterrupt):
            identities.rotate()
    assert identities.read(protected.id).name == NAME
    identities.write(Known(name="Another"), entry=(other := uuid4()))
    assert identities.rotate() == 2
    assert (identities.read(protected.id).name, identities.read(other).name) == (NAME, "Another")
    assert len(keys.read().generations) == 1


def test_an_entry_is_never_written_over(protected: Any) -> None:
    with pytest.raises(Refused, match="already"):
        identities.write(Known(name="Somebody Else"), entry=protected.id)
    assert identities.read(protected.id).name == NAME


def test_K01_nothing_prints_who_it_is(protected: Any, known: Known) -> None:
    shown = [repr(known), str(known), repr(identities.read(protected.id)), str(Identity.objects.get(pk=protected.id)),
             repr(keys.read()), repr(protected), repr(Original())]  # fmt: skip
    secret = next(iter(keys.read().generations.values()))
    for word in (*TOLD, secret.key, secret.entries[str(protected.id)]):
        assert not [one for one in shown if word in one]


def test_every_sealed_column_is_declared_as_protected_or_secret() -> None:
    from django.apps import apps

    for model in apps.get_app_config("vault").get_models():
        if model._meta.model_name in SEALED:
            assert set(model.privacy.values()) <= {"protected-source", "secret"}, model
    assert {Identity.privacy[name] for name in FIELDS} == {Original.privacy["content"]} == {"protected-source"}
    assert {name for name, held in Pseudonym.privacy.items() if held != "protected-source"} == {"id"}


def test_the_sealed_tables_lie_in_the_vault_and_nothing_else_does() -> None:
    from django.apps import apps
    from django.db import connections, router

    for model in apps.get_models():
        is_sealed = model._meta.app_label == "vault" and model._meta.model_name in SEALED
        assert (router.db_for_write(model) == "vault") is is_sealed
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in ("default", "vault")}
    assert tables["vault"] == {"vault_identity", "vault_original", "vault_guess", "django_migrations"}
    assert not {f"vault_{name}" for name in SEALED} & tables["default"]


def test_pseudonyms_are_spelled_alike_and_tell_no_order(as_: Any) -> None:
    from forestall.vault import actions

    with as_("hana") as hana:
        codes = [actions.protect(Known(name=f"Person {n}"), desk="karvania", by=hana).code for n in range(12)]
    assert len(set(codes)) == 12
    assert all(SPELLED.fullmatch(code) for code in codes)
    assert codes != sorted(codes)


def test_verifying_finds_what_was_tampered_with_or_broken_off(protected: Any, keeper: Any) -> None:
    assert verification.verify().holds
    identities.write(Known(name="Nobody's"), entry=uuid4())
    assert "no pseudonym stands for it" in str(verification.verify().left_over[0])
    assert verification.mend() == 1
    assert verification.verify().holds
    row = Identity.objects.get(pk=protected.id)
    row.name = bytes(row.name)[:-1] + b"\0"
    row.save()
    found = verification.verify()
    assert "changed or moved" in str(found.faults[0])
    assert NAME not in "".join(str(fault) for fault in found.faults)
    Identity.objects.all().delete()
    assert "no identity lies behind it" in str(verification.verify().faults[0])
