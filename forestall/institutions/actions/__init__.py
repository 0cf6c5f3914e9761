"""The writers. Those of counterparts are called by the room's own name."""

from .counterpart import add_counterpart as add_counterpart
from .counterpart import add_office_holder as add_office_holder
