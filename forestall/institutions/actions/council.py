"""The writers of resolutions and vetoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from forestall.access.session import Session
from forestall.base.words import say
from forestall.labels.label import Label, Level

from .. import policies
from ..models import Resolution, Veto
from ..states import FORCE, ORGANS
from .said import Said, by_person

OURS = Label(level=Level.INTERNAL)
"""What an officer types in from what anybody can read."""


@transaction.atomic
def keep_resolution(
    *,
    body: str,
    symbol: str,
    title: str,
    countries: Sequence[str],
    said: Said,
    by: Session,
    adopted_on: date | None = None,
    force: str = "not_known",
    force_why: str = "",
    force_until: date | None = None,
    correcting: Resolution | None = None,
) -> Resolution:
    """Note a resolution and whether it is in force, or correct it. Raises `Refused` for what cannot be."""
    by.check_may("mandate.keep")
    policies.check_one_of(body, known=ORGANS)
    policies.check_one_of(force, known=FORCE)
    policies.check_text(symbol, name=say("symbol"))
    policies.check_text(title, name=say("title"))
    policies.check_countries(countries)
    policies.check_force(force=force, why=force_why)
    policies.check_span(adopted_on, force_until)
    values = {
        "body": body, "symbol": symbol.strip(), "title": title.strip(), "countries": list(countries),
        "adopted_on": adopted_on, "force": force, "force_why": force_why.strip(), "force_until": force_until,
    }  # fmt: skip
    return by_person(correcting or Resolution(), said=said, values=values, by=by, label=OURS, what="resolution")


@transaction.atomic
def keep_veto(
    *,
    draft: str,
    subject: str,
    cast_by: Sequence[str],
    countries: Sequence[str],
    said: Said,
    by: Session,
    cast_on: date | None = None,
    correcting: Veto | None = None,
) -> Veto:
    """Note a veto, or correct it. Raises `Refused` for what cannot be."""
    by.check_may("mandate.keep")
    policies.check_text(draft, name=say("symbol of the draft"))
    policies.check_text(subject, name=say("subject"))
    policies.check_countries(countries)
    values = {
        "draft": draft.strip(), "subject": subject.strip(), "cast_by": list(cast_by), "countries": list(countries), "cast_on": cast_on,
    }  # fmt: skip
    return by_person(correcting or Veto(), said=said, values=values, by=by, label=OURS, what="veto")
