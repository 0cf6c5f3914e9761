from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from forestall.collecting.childprocess import Child
from forestall.collecting.intake import Reading, read
from forestall.collecting.received import Received
from forestall.sources import all_sources

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def child() -> Iterator[Child]:
    with Child() as process:
        yield process


@pytest.fixture
def take(child: Child) -> Callable[..., Reading]:
    """Take one file in, through the limited process."""
    sources = all_sources()

    def one(name: str, content: bytes, **given: Any) -> Reading:
        return read(Received(name, content, NOW, **given), sources=sources, child=child)

    return one
