"""What the Office holds of one indicator or one factor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.monitoring.models import Observation
from forestall.record.findable import Findable, findable
from forestall.record.models import Recorded

from .assessment import Assessment


class Judgement(Recorded):
    """Presence, trend and confidence of one indicator ("7.5") or one factor ("7"), in a person's own judgement."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="judgements", help_text="Of which reading."
    )
    number = models.TextField(help_text="Indicator or factor number.")
    presence = models.TextField(default="not_assessed", help_text="One of assessment.states.Presence.")
    trend = models.TextField(default="unclear", help_text="One of assessment.states.Trend.")
    confidence = models.TextField(default="low", help_text="One of assessment.states.Confidence.")
    note = models.TextField(default="", blank=True, help_text="Why, in a sentence or two.")
    observations = models.JSONField(default=list, help_text="Ids of the observations it rests on.")
    by = models.TextField(help_text="Who judged.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "assessment", "number", "presence", "trend", "confidence", "note", "observations", "by", "at"), "internal"
    )

    @property
    def is_factor(self) -> bool:
        return "." not in self.number

    def made_from(self) -> Iterable[Recorded]:
        """The observations it cites."""
        return Observation.objects.filter(id__in=self.observations)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """Judgements that cite an observation."""
        if isinstance(thing, Observation):
            yield from (one for one in cls.objects.all() if str(thing.id) in one.observations)

    def findable(self) -> Findable:
        """The number judged, and why."""
        return findable("", [self.number, self.note], at=self.at, shown_by=(Assessment.kind(), self.assessment_id))
