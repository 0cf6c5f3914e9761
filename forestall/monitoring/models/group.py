"""Groups, and the inequalities between them, real or perceived."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.findable import EARLIEST, Findable, findable
from forestall.record.models import Recorded


class Group(Recorded):
    """A group of people in a country, as a group: never a list of its members."""

    iso3 = models.TextField(help_text="Country.")
    name = models.TextField(help_text="As the group calls itself.")
    note = models.TextField(default="", blank=True, help_text="What a newcomer must know.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "iso3", "name", "note"), "internal")

    def __str__(self) -> str:
        return self.name

    def findable(self) -> Findable:
        """Its name and what a newcomer must know. A group has no day."""
        return findable(self.name, [self.note], at=EARLIEST, countries=[self.iso3])


class Inequality(Recorded):
    """How a group stands in one respect, by whom it was said, and when."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="inequalities", help_text="Which group.")
    respect = models.TextField(help_text="power, resources, services, development, rights.")
    perception = models.TextField(help_text="real, perceived, disputed.")
    text = models.TextField(help_text="What the inequality is.")
    said_by = models.TextField(help_text="Source.")
    on = models.DateField(help_text="Date of the source.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "group", "respect", "perception", "text", "said_by", "on"), "internal"
    )

    def findable(self) -> Findable:
        """What the inequality is, and who said so."""
        return findable(self.text, [self.said_by], at=self.on)
