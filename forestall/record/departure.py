"""Where the content of a thing went beyond the pages: to whom, when, and how. Tells nothing of the content itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forestall.base.words import Words


@dataclass(frozen=True)
class Departure:
    """What `Recorded.departures` gives. `to`: a name as it was recorded, or a person's id. `at`: UTC; None: not yet out."""

    how: Words
    to: str
    at: datetime | None
