"""Alice at her desk, with what a note needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.advising.notemaking import Desk, issued, secretary_general


@pytest.fixture
def desk(keeper: Any, session_of: Callable[..., Any], observe: Callable[..., Any]) -> Desk:
    """Alice's desk: an issued reading, the Secretary-General as addressee, three observations of two origins each."""
    alice = session_of("alice")
    seen = tuple(
        observe(number, sources=sources, summary=f"Seen of {number}")
        for number, sources in (("7.5", ("Field office", "Radio")), ("7.8", ("Radio",)), ("9.1", ("Clinic",)))
    )
    return Desk(alice, issued(keeper), secretary_general(keeper), seen)
