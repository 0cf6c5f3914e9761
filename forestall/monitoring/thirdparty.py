"""What may be asked about things given in confidence: which leave was asked, which words may be quoted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from .models import LeaveToQuote, Observation
from .policies import originators
from .states import LeaveState


def leaves(object_id: UUID) -> list[LeaveToQuote]:
    """Requests for leave to quote a thing, newest first, as far as they may be seen."""
    return list(LeaveToQuote.objects.filter(about_id=object_id).order_by("-asked_at"))


def leave(leave_id: UUID) -> LeaveToQuote | None:
    """One request, if the bound session may see it."""
    return LeaveToQuote.objects.filter(pk=leave_id).first()


def granted(object_id: UUID) -> dict[str, Collection[str]]:
    """For each originator of a thing, the exact words that may be quoted from it."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in LeaveToQuote.objects.filter(about_id=object_id, state=LeaveState.GRANTED):
        found[one.originator].add(one.wording)
    return dict(found)


def without_leave(observations: Iterable[Observation]) -> list[str]:
    """Originators of what these observations tell who have not agreed that it is quoted; by name."""
    missing: set[str] = set()
    for one in observations:
        asked = originators(one.label.compartments)
        missing |= set(asked) - set(granted(one.id)) if asked else set()
    return sorted(missing)
