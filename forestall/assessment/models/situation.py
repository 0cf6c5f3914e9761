"""What is watched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.findable import Findable, findable
from forestall.record.models import Recorded


class Situation(Recorded):
    """A place and time where populations may be at risk, and how closely it is watched."""

    title = models.TextField(help_text="As people call it.")
    places = models.JSONField(default=list, help_text="ISO3 codes.")
    desk = models.TextField(default="", blank=True, help_text="Key of the desk that keeps it.")
    state = models.TextField(default="screened", help_text="One of assessment.states.SituationState.")
    populations = models.JSONField(default=list, help_text="Ids of the groups at risk.")
    lead = models.TextField(default="", blank=True, help_text="Who keeps it current.")
    opened_on = models.DateField(help_text="Since when it is watched.")
    review_due = models.DateField(null=True, help_text="When it must be looked at again.")
    reason = models.TextField(help_text="Why it stands in this state.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "title", "places", "desk", "state", "populations", "lead", "opened_on", "review_due", "reason"), "internal"
    )

    def __str__(self) -> str:
        return self.title

    def findable(self) -> Findable:
        """What people call it, and why it stands as it does."""
        return findable(self.title, [self.reason], at=self.opened_on, countries=self.places)
