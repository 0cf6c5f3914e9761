"""The office of the two worlds, in the database of the tests."""

from __future__ import annotations

from typing import Any

import pytest

from forestall.cli.leaks import world
from forestall.cli.leaks.comparing import still


@pytest.fixture
def office(db: None, settings: Any) -> dict[str, Any]:
    """The people of every world."""
    with still("office"):
        return world.staff()
