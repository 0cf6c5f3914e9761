from __future__ import annotations

import pytest

from forestall.exercises import Exercise, load


@pytest.fixture(scope="session")
def karvania() -> Exercise:
    return load("karvania")
