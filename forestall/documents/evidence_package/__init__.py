"""The cover of an evidence package: what is in it, what was left out, how to verify it, and what that does not prove."""

from .content import EvidencePackageContent, File
from .cover import sheet
from .remarks import remarks

__all__ = ["EvidencePackageContent", "File", "remarks", "sheet"]
