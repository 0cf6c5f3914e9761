"""Whether the second net stands is said plainly, also when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from forestall.base.errors import Malformed
from forestall.base.home import Kind, create
from forestall.cli.commands.net import OFF, ON, sentences
from forestall.config import office


@pytest.mark.django_db
def test_a_home_says_whether_the_second_net_stands() -> None:
    told = sentences()

    if settings.DATABASE_OWNER:
        assert told == [ON.text()]
    else:
        assert told[0] == OFF.text()
        assert len(told) > 1, "and why"


def test_two_roles_must_name_one_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORESTALL_DATABASE", raising=False)
    home = create(tmp_path / "home", kind=Kind.REAL)
    written = home.path / "home.toml"

    def naming(database: str, owner: str) -> office.OfficeSettings:
        written.write_text(f'kind = "real"\ndatabase = "{database}"\ndatabase_owner = "{owner}"\n', encoding="utf-8")
        return office.read(home)

    assert naming("postgresql://a@h/x", "postgresql://o@h/x").database_owner == "postgresql://o@h/x"
    with pytest.raises(Malformed, match="same database"):
        naming("postgresql://a@h/x", "postgresql://o@h/y")
    with pytest.raises(Malformed, match="same database"):
        naming("", "postgresql://o@h/y")


def test_an_address_of_the_environment_comes_with_its_own_owner_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    (home.path / "home.toml").write_text(
        'kind = "real"\ndatabase = "postgresql://a@h/x"\ndatabase_owner = "postgresql://o@h/x"\n', encoding="utf-8"
    )
    monkeypatch.setenv("FORESTALL_DATABASE", "postgresql://a@other/z")
    monkeypatch.delenv("FORESTALL_DATABASE_OWNER", raising=False)

    assert office.read(home).database_owner == ""
