"""Tables of monitoring, one module per noun."""

from .group import Group, Inequality
from .item import CopyEdge, Gap, Grading, Item, Suggestion
from .observation import IndicatorLink, Observation, Passage
from .package import PackagePiece, PackageRequest
from .source import Cursor, Quarantine, Run, Source
from .thirdparty import LeaveToQuote

__all__ = [
    "CopyEdge",
    "Cursor",
    "Gap",
    "Grading",
    "Group",
    "IndicatorLink",
    "Inequality",
    "Item",
    "LeaveToQuote",
    "Observation",
    "PackagePiece",
    "PackageRequest",
    "Passage",
    "Quarantine",
    "Run",
    "Source",
    "Suggestion",
]
