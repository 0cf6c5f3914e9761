"""Who may see what: one pure predicate, and its one twin as a query. Nothing else decides sight.

No exception for owners, staff or administrators. Roles grant verbs, never sight. The two functions, and the second net
in PostgreSQL (`labels.rowsecurity`), are proven equal over an exhaustive small world; change none alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from forestall.labels.label import Label, spell, unspell
from forestall.labels.models import CompartmentSet


@dataclass(frozen=True)
class Sight:
    """What decides a reader's sight. `compartments` None means all of them: declared system readers only.

    `level` is already bounded by how the reader signed in; recusals are already taken out of `compartments`.
    """

    person: str
    level: int
    compartments: frozenset[str] | None = frozenset()
    active: bool = True
    reviewer: bool = False
    purpose: str = "analyse"


def may_see(sight: Sight, label: Label, *, at: datetime) -> bool:
    """Whether the reader sees a record under `label` at the moment `at` (aware)."""
    return (
        sight.active
        and not label.expunged
        and (not label.quarantined or sight.reviewer)
        and label.level <= sight.level
        and (sight.compartments is None or label.compartments <= sight.compartments)
        and (not label.audience or _in_audience(sight, label))
        and (label.embargo_until is None or label.embargo_until <= at or _in_audience(sight, label))
        and (not label.consent or sight.purpose in label.consent)
    )


def _in_audience(sight: Sight, label: Label) -> bool:
    return sight.compartments is None or sight.person in label.audience


def scope(sight: Sight, *, at: datetime) -> Q:
    """The same rule as a filter over the label columns. Reads the known sets of compartments, unless all are seen."""
    if not sight.active:
        return Q(pk__in=[])
    seen = Q(expunged=False, level__lte=sight.level)
    if not sight.reviewer:
        seen &= Q(quarantined=False)
    if sight.compartments is not None:
        addressed = Q(audience__contains=spell([sight.person]))
        seen &= Q(compartments__in=spellings_within(sight.compartments))
        seen &= Q(audience="") | addressed
        seen &= Q(embargo_until__isnull=True) | Q(embargo_until__lte=at) | addressed
    return seen & (Q(consent="") | Q(consent__contains=spell([sight.purpose])))


def spelled(sight: Sight, *, at: datetime) -> dict[str, Any]:
    """The sight as the database's own row security reads it (`labels.rowsecurity`), at the moment `at` (aware)."""
    return {
        "person": sight.person,
        "level": sight.level,
        "compartments": None if sight.compartments is None else spell(sight.compartments),
        "active": sight.active,
        "reviewer": sight.reviewer,
        "purpose": sight.purpose,
        "at": at,
    }


def spellings_within(compartments: frozenset[str]) -> list[str]:
    """The known sets of compartments that hold no other compartment than these; the empty set always."""
    known = CompartmentSet.objects.values_list("spelling", flat=True)
    return ["", *(spelling for spelling in known if spelling and unspell(spelling) <= compartments)]
