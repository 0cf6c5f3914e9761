"""What stands in the way of handing a chronicle out. It repeats what was recorded, word for word: wording is not checked."""

from __future__ import annotations

from collections.abc import Iterable

from forestall.base.words import say
from forestall.documents import Remark

from .content import ChronicleContent

MARKING = 1


def remarks(content: ChronicleContent, *, office_holders: Iterable[str] = ()) -> tuple[Remark, ...]:
    """Every remark: days in the wrong order, a marking that is too low."""
    found = []
    if content.until < content.since:
        found.append(Remark("", say("The last day is before the first."), refuses=True))
    if content.level < MARKING:
        found.append(Remark("", say("This document is at least internal."), refuses=True))
    return tuple(found)
