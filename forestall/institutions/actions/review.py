"""The writers of review cycles and of how States stand to treaties."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from forestall.access.session import Session

from .. import policies
from ..models import ReviewCycle, TreatyStatus
from ..states import BOUND_BY, PRECISIONS, REVIEW_STEPS, REVIEWERS, STANDINGS, TREATIES
from .council import OURS
from .said import Said, by_person


@transaction.atomic
def keep_review(
    *,
    body: str,
    iso3: str,
    step: str,
    said: Said,
    by: Session,
    on: date | None = None,
    on_precision: str = "day",
    note: str = "",
    correcting: ReviewCycle | None = None,
) -> ReviewCycle:
    """Note a step of a review of a State, or correct it. Raises `Refused` for what cannot be."""
    by.check_may("mandate.keep")
    policies.check_one_of(body, known=REVIEWERS)
    policies.check_one_of(step, known=REVIEW_STEPS)
    policies.check_one_of(on_precision, known=PRECISIONS)
    policies.check_countries([iso3])
    values = {"body": body, "iso3": iso3, "step": step, "on": on, "on_precision": on_precision, "note": note.strip()}
    return by_person(correcting or ReviewCycle(), said=said, values=values, by=by, label=OURS, what="review")


@transaction.atomic
def keep_treaty_status(
    *,
    treaty: str,
    iso3: str,
    standing: str,
    said: Said,
    by: Session,
    signed_on: date | None = None,
    bound_on: date | None = None,
    bound_by: str = "",
    reservations: str = "",
    correcting: TreatyStatus | None = None,
) -> TreatyStatus:
    """Note how a State stands to a treaty, or correct it. Raises `Refused` for what cannot be."""
    by.check_may("mandate.keep")
    policies.check_one_of(treaty, known=TREATIES)
    policies.check_one_of(standing, known=STANDINGS)
    policies.check_one_of(bound_by, known=("", *BOUND_BY))
    policies.check_countries([iso3])
    policies.check_standing(standing=standing, bound_on=bound_on, bound_by=bound_by)
    values = {
        "treaty": treaty, "iso3": iso3, "standing": standing, "signed_on": signed_on, "bound_on": bound_on, "bound_by": bound_by,
        "reservations": reservations.strip(),
    }  # fmt: skip
    return by_person(correcting or TreatyStatus(), said=said, values=values, by=by, label=OURS, what="treaty")
