"""Countries, areas and territories: codes, names in six languages, regions, and how each is drawn.

Regions, territories, boundaries and maps are in the modules of those names.
"""

from .naming import find
from .register import (
    Country,
    Status,
    countries,
    country,
    exercise_country,
    member_and_observer_states,
    name,
    user_assigned,
)
from .territory import Territory, territories

__all__ = [
    "Country",
    "Status",
    "Territory",
    "countries",
    "country",
    "exercise_country",
    "find",
    "member_and_observer_states",
    "name",
    "territories",
    "user_assigned",
]
