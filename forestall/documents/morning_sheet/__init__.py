"""The morning sheet: one page, by region, of what changed since the last meeting."""

from .content import MorningSheetContent, Place, Region
from .morning import fits, one_page, sheet
from .remarks import remarks

__all__ = ["MorningSheetContent", "Place", "Region", "fits", "one_page", "remarks", "sheet"]
