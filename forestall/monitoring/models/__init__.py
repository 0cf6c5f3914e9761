"""Tables of monitoring, one module per noun."""

from .collection import Collection, Holding, Lease, Response
from .contribution import Contribution
from .group import Group, Inequality
from .item import CopyEdge, Gap, Grading, Item, Suggestion
from .observation import IndicatorLink, Observation, Passage
from .package import PackagePiece, PackageRequest
from .source import Cursor, Quarantine, Run, Source
from .thirdparty import LeaveToQuote

__all__ = [
    "Collection",
    "Contribution",
    "CopyEdge",
    "Cursor",
    "Gap",
    "Grading",
    "Group",
    "Holding",
    "IndicatorLink",
    "Inequality",
    "Item",
    "Lease",
    "LeaveToQuote",
    "Observation",
    "PackagePiece",
    "PackageRequest",
    "Passage",
    "Quarantine",
    "Response",
    "Run",
    "Source",
    "Suggestion",
]
