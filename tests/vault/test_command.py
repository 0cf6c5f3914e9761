"""`forestall vault`: what it finds is told by public ids, and never who anybody is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from forestall.cli.command import migrate
from forestall.cli.main import main
from forestall.labels import rowsecurity
from forestall.vault import identities, keys
from forestall.vault.identities import Known
from forestall.vault.models import Identity

from .conftest import NAME

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def vault(capsys: Any) -> Callable[..., tuple[int, str]]:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(["vault", *arguments])
        return code, "".join(capsys.readouterr())

    return run


def test_it_verifies_mends_and_changes_the_key(protected: Any, vault: Callable[..., tuple[int, str]]) -> None:
    assert vault("verify") == (0, "1 entries; the vault holds.\n")
    identities.write(Known(name="Left over"), entry=(left := uuid4()))
    code, told = vault("verify")
    assert (code, str(left) in told, "--mend" in told, "Left over" in told) == (1, True, True, False)
    assert vault("verify", "--mend") == (0, "1 entries, 1 finished; the vault holds.\n")
    assert vault("rotate-key")[0] == 0
    assert identities.read(protected.id).name == NAME


def test_K02_it_sounds_the_alarm_about_what_was_tampered_with(protected: Any, vault: Callable[..., tuple[int, str]]) -> None:
    Identity.objects.update(reach=b"0" * 40)
    code, told = vault("verify")
    assert code == 1
    assert f"Entry {protected.id}" in told
    assert NAME not in told


def test_K07_a_vault_that_holds_something_gets_no_other_key(
    protected: Any, key: Path, vault: Callable[..., tuple[int, str]]
) -> None:
    key.unlink()
    for act in ("verify", "rotate-key", "make-key"):
        code, told = vault(act)
        assert code != 0
        assert "its key is not here" in told or "Put back its own key" in told
    assert keys.is_sealed()


def test_K07_a_home_makes_a_key_only_for_a_vault_that_holds_nothing(
    carers: Any, known: Known, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.management.call_command", lambda *_, **__: None)
    monkeypatch.setattr(rowsecurity, "as_owner", nullcontext)
    key.unlink()
    migrate()
    assert not keys.is_sealed()
    identities.write(known, entry=uuid4())
    key.unlink()
    migrate()
    assert keys.is_sealed()


def test_K01_a_key_that_others_can_read_is_said(protected: Any, key: Path, vault: Callable[..., tuple[int, str]]) -> None:
    key.chmod(0o644)
    code, told = vault("verify")
    assert (code, "chmod 600" in told) == (1, True)
