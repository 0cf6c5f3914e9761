"""Known, said, answered between two days: what the record held, what the Office told whom, what came back, what was done."""

from .chronicle import sheet
from .content import ChronicleContent, Line
from .remarks import remarks

__all__ = ["ChronicleContent", "Line", "remarks", "sheet"]
