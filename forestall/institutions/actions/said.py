"""What a person says with an entry, and what a producer brings with one; and how an entry is written from either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from forestall.access.session import Session
from forestall.labels.label import Label
from forestall.record.actions import write

from .. import policies
from ..models import Sourced

Entry = TypeVar("Entry", bound=Sourced)


@dataclass(frozen=True)
class Said:
    """Who says it, where it can be read, and for which day."""

    source: str
    url: str = ""
    as_of: date | None = None


def by_person(entry: Entry, *, said: Said, values: Mapping[str, Any], by: Session, label: Label, what: str) -> Entry:
    """Write an entry as a person says it: a new one under `label`, or one that is there under its own.

    From then on it is a person's, and nothing that is brought over changes it. `what` is the entry's kind in the log.
    """
    policies.check_said(said.source, url=said.url)
    is_new = entry._state.adding
    for name, value in values.items():
        setattr(entry, name, value)
    entry.source, entry.url, entry.as_of, entry.by_hand = said.source.strip(), said.url.strip(), said.as_of, True
    if is_new:
        entry.labelled(label)
    return write(entry, by=by.person_id, verb=f"noted: {what}" if is_new else f"corrected: {what}")
