"""Counterparts and the people who hold office in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.findable import EARLIEST, Findable, findable
from forestall.record.models import Recorded


class Counterpart(Recorded):
    """A body the Office deals with: a mission, a ministry, a United Nations entity, a regional arrangement."""

    kind_of_body = models.TextField(help_text="One of institutions.states.BODIES.")
    name = models.TextField(help_text="Its official name.")
    iso3 = models.TextField(default="", blank=True, help_text="The State it belongs to, if one.")
    acronym = models.TextField(default="", blank=True, help_text="What it is called in short, when anything.")
    channel = models.TextField(help_text="How it is reached, proper to its rank: one of institutions.states.CHANNELS.")
    note = models.TextField(default="", blank=True, help_text="What an officer must know before writing.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal", "kind_of_body": "public", "name": "public", "iso3": "public", "acronym": "public",
        "channel": "internal", "note": "internal",
    }  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def findable(self) -> Findable:
        """Its name, and what an officer must know."""
        return findable(self.name, [self.acronym, self.note], at=EARLIEST, countries=[self.iso3])


class OfficeHolder(Recorded):
    """Somebody who holds an office of a counterpart between two days."""

    counterpart = models.ForeignKey(
        Counterpart, on_delete=models.PROTECT, related_name="office_holders", help_text="The body."
    )
    title = models.TextField(help_text="The office, as a letter addresses it.")
    name = models.TextField(help_text="The holder's name, as a letter addresses it.")
    since = models.DateField(help_text="First day.")
    until = models.DateField(null=True, blank=True, help_text="Last day; empty while it lasts.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal", "counterpart": "public", "title": "public", "name": "personal", "since": "public",
        "until": "public",
    }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}, {self.counterpart}"

    def findable(self) -> Findable:
        """The office and the name."""
        return findable(self.name, [self.title], at=self.since)
