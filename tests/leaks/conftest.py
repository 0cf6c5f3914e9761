"""The office of the two worlds, in the database of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forestall.cli.leaks import world
from forestall.cli.leaks.comparing import still


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """The people of every world. The vault's key is of this test alone."""
    settings.VAULT_KEY = tmp_path / "vault"
    with still("office"):
        return world.staff()
