"""What the organs of the United Nations decided about a State, and what a veto kept them from deciding."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.findable import EARLIEST, Findable, findable

from .sourced import Sourced


class Resolution(Sourced):
    """A resolution, and whether it is still in force: which its text or a later one says, and never its age."""

    body = models.TextField(help_text="One of institutions.states.ORGANS.")
    symbol = models.TextField(help_text="Its official symbol.")
    title = models.TextField(help_text="Its title.")
    adopted_on = models.DateField(null=True, blank=True, help_text="Day of adoption; empty when it is not known.")
    countries = models.JSONField(default=list, help_text="States it concerns: ISO3 codes.")
    force = models.TextField(default="not_known", help_text="One of institutions.states.FORCE.")
    force_why = models.TextField(default="", blank=True, help_text="What says so: its paragraph, or a later decision.")
    force_until = models.DateField(null=True, blank=True, help_text="Until when it holds; empty: no day, or not known.")

    privacy: ClassVar[dict[str, str]] = {
        **Sourced.sourced_privacy,
        **dict.fromkeys(
            ("body", "symbol", "title", "adopted_on", "countries", "force", "force_why", "force_until"), "public"
        ),
    }

    def __str__(self) -> str:
        return self.symbol

    def findable(self) -> Findable:
        """Its symbol and title."""
        return findable(f"{self.symbol} {self.title}", [self.force_why], at=self.adopted_on or EARLIEST, countries=self.countries)


class Veto(Sourced):
    """A draft that was not adopted because a permanent member voted against it."""

    cast_on = models.DateField(null=True, blank=True, help_text="The day; empty when it is not known.")
    draft = models.TextField(help_text="Symbol of the draft.")
    subject = models.TextField(help_text="What the draft was about.")
    cast_by = models.JSONField(default=list, help_text="Who voted against: ISO3 codes of permanent members.")
    countries = models.JSONField(default=list, help_text="States the draft concerned: ISO3 codes.")

    privacy: ClassVar[dict[str, str]] = {
        **Sourced.sourced_privacy,
        **dict.fromkeys(("cast_on", "draft", "subject", "cast_by", "countries"), "public"),
    }

    def __str__(self) -> str:
        return self.draft

    def findable(self) -> Findable:
        """The draft and what it was about."""
        return findable(f"{self.draft} {self.subject}", [], at=self.cast_on or EARLIEST, countries=self.countries)
