"""The tables: bodies and who holds office in them; where the United Nations is present; what its organs decided and ask."""

from .council import Resolution, Veto
from .counterpart import Counterpart, OfficeHolder
from .presence import Mandate, Presence
from .review import ReviewCycle, TreatyStatus
from .sourced import Sourced

__all__ = [
    "Counterpart",
    "Mandate",
    "OfficeHolder",
    "Presence",
    "Resolution",
    "ReviewCycle",
    "Sourced",
    "TreatyStatus",
    "Veto",
]
