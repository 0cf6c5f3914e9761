"""A state that never was is refused in a sentence: it comes from a form that somebody bent."""

from __future__ import annotations

import pytest

from forestall.advising.states import RECOMMENDATION
from forestall.base.errors import Refused


@pytest.mark.parametrize("there", ["wells", "", "PROPOSED"])
def test_a_state_that_never_was_is_refused(there: str) -> None:
    with pytest.raises(Refused, match="no such state"):
        RECOMMENDATION.move(next(iter(RECOMMENDATION.states)), there)
