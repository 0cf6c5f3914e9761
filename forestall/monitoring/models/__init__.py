"""Tables of monitoring, one module per noun."""

from .collection import Collection, Holding, Lease, Response
from .contribution import Contribution
from .group import Group, Inequality
from .inforequest import InformationRequest
from .item import CopyEdge, Gap, Grading, Item, Suggestion
from .observation import IndicatorLink, Observation, Passage
from .package import PackagePiece, PackageRequest
from .silence import FactRhythm, Silence
from .source import Cursor, Quarantine, Run, Source
from .thirdparty import LeaveToQuote

__all__ = [
    "Collection",
    "Contribution",
    "CopyEdge",
    "Cursor",
    "FactRhythm",
    "Gap",
    "Grading",
    "Group",
    "Holding",
    "IndicatorLink",
    "Inequality",
    "InformationRequest",
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
    "Silence",
    "Source",
    "Suggestion",
]
