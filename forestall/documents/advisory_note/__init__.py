"""The advisory note: two pages to the Secretary-General, with an ask that somebody must answer."""

from .content import AdvisoryNoteContent
from .note import Fit, fits, pdf, sheet
from .remarks import remarks

__all__ = ["AdvisoryNoteContent", "Fit", "fits", "pdf", "remarks", "sheet"]
