"""When a State is reviewed by the others and by the treaty bodies, and which treaties it has bound itself to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .sourced import Sourced


class ReviewCycle(Sourced):
    """One step of a review of a State: a report due, a session, a dialogue."""

    body = models.TextField(help_text="One of institutions.states.REVIEWERS.")
    iso3 = models.TextField(help_text="The State that is reviewed.")
    step = models.TextField(help_text="One of institutions.states.REVIEW_STEPS.")
    on = models.DateField(null=True, blank=True, help_text="Its first day; empty when it is not known.")
    on_precision = models.TextField(default="day", help_text="day, month, year.")
    note = models.TextField(default="", blank=True, help_text="The session or cycle, as the body calls it.")

    privacy: ClassVar[dict[str, str]] = {
        **Sourced.sourced_privacy,
        **dict.fromkeys(("body", "iso3", "step", "on", "on_precision", "note"), "public"),
    }

    def __str__(self) -> str:
        return f"{self.body}, {self.iso3}"


class TreatyStatus(Sourced):
    """How a State stands to a treaty. That nothing is known is said as that, and never as “no”."""

    treaty = models.TextField(help_text="One of institutions.states.TREATIES.")
    iso3 = models.TextField(help_text="The State.")
    standing = models.TextField(default="not_known", help_text="One of institutions.states.STANDINGS.")
    signed_on = models.DateField(null=True, blank=True, help_text="Day of signature; empty: none, or not known.")
    bound_on = models.DateField(null=True, blank=True, help_text="Day of ratification, accession or succession; empty: none, or not known.")
    bound_by = models.TextField(default="", blank=True, help_text="One of institutions.states.BOUND_BY.")
    reservations = models.TextField(default="", blank=True, help_text="Its reservations and declarations, or where they stand; empty: not known.")

    privacy: ClassVar[dict[str, str]] = {
        **Sourced.sourced_privacy,
        **dict.fromkeys(
            ("treaty", "iso3", "standing", "signed_on", "bound_on", "bound_by", "reservations"), "public"
        ),
    }

    def __str__(self) -> str:
        return f"{self.treaty}, {self.iso3}"
