"""What stands in the way of a package's leaving with this cover."""

from __future__ import annotations

from collections.abc import Iterable

from forestall.base.words import say
from forestall.documents import Remark

from .content import EvidencePackageContent

MARKING = 2


def remarks(content: EvidencePackageContent, *, office_holders: Iterable[str] = ()) -> tuple[Remark, ...]:
    """Every remark: a package without a file, marked too low, or decided before it was asked for.

    What whoever asks wrote of their purpose is theirs, and is not checked for wording.
    """
    found = []
    if not content.files:
        found.append(Remark("files", say("There is no file in the package."), refuses=True))
    if content.level < MARKING:
        found.append(Remark("", say("An evidence package is at least confidential."), refuses=True))
    if not content.received_on <= content.decided_on <= content.assembled_on:
        found.append(Remark("", say("The days of the request, the decision and the package do not follow each other."), refuses=True))
    return tuple(found)
