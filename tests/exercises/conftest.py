from __future__ import annotations

import pytest

from forestall.exercises import Exercise, load
from forestall.exercises.generator import File, files


@pytest.fixture(scope="session")
def karvania() -> Exercise:
    return load("karvania")


@pytest.fixture(scope="session")
def received(karvania: Exercise) -> tuple[File, ...]:
    return files(karvania)
