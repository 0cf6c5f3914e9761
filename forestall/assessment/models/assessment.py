"""One reading of a situation against one framework, with challenge, dissent and clearance."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from forestall.record.findable import Findable, findable
from forestall.record.models import Recorded

from .situation import Situation


def _reading(assessment_id: UUID) -> tuple[str, UUID]:
    """Where what is said of a reading is shown: on its page."""
    return (Assessment.kind(), assessment_id)


class Assessment(Recorded):
    """A dated reading. Its judgements are rows of their own; nothing sums them up in one number."""

    situation = models.ForeignKey(
        Situation, on_delete=models.PROTECT, related_name="assessments", help_text="What is read."
    )
    framework = models.TextField(help_text="Id of the framework.")
    edition = models.TextField(help_text="Hash of the framework's content as used; an edition in use never changes.")
    on = models.DateField(help_text="The day it speaks of.")
    author = models.TextField(help_text="Who drafted it.")
    state = models.TextField(default="draft", help_text="One of assessment.states.AssessmentState.")
    summary = models.TextField(default="", blank=True, help_text="What a Director reads first.")
    mitigation = models.TextField(default="", blank=True, help_text="What holds the risk down.")
    unknowns = models.JSONField(default=list, help_text="What we do not know, a sentence each.")
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by", help_text="The reading before."
    )

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "situation", "framework", "edition", "on", "author", "state", "summary", "mitigation", "unknowns",
         "supersedes"),
        "internal",
    )  # fmt: skip

    def findable(self) -> Findable:
        """What a Director reads first, what holds the risk down, what is not known."""
        return findable("", [self.summary, self.mitigation, *self.unknowns], at=self.on)


class Scenario(Recorded):
    """A way things may go, with how likely in words and what would show it coming."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="scenarios", help_text="Of which reading."
    )
    title = models.TextField(help_text="In a few words.")
    text = models.TextField(help_text="What would happen.")
    likelihood = models.TextField(help_text="A likelihood word of the scale.")
    until = models.DateField(help_text="End of the window.")
    watch = models.JSONField(default=list, help_text="What would show it coming.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "assessment", "title", "text", "likelihood", "until", "watch"), "internal"
    )

    def findable(self) -> Findable:
        """What would happen, and what would show it coming."""
        return findable(self.title, [self.text, *self.watch], at=self.until, shown_by=_reading(self.assessment_id))


class Dissent(Recorded):
    """Somebody sees it otherwise. Carried with the product, never resolved away."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="dissents", help_text="Of which reading."
    )
    number = models.TextField(default="", blank=True, help_text="The factor or indicator it is about.")
    text = models.TextField(help_text="What and why.")
    by = models.TextField(help_text="Who.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "assessment", "number", "text", "by", "at"), "internal")

    def findable(self) -> Findable:
        """What somebody sees otherwise, and why."""
        return findable("", [self.text], at=self.at, shown_by=_reading(self.assessment_id))


class Review(Recorded):
    """A question or remark in the margin of a draft, open until answered."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="reviews", help_text="Of which reading."
    )
    number = models.TextField(default="", blank=True, help_text="The factor or indicator it is about.")
    text = models.TextField(help_text="The remark.")
    answer = models.TextField(default="", blank=True, help_text="What the author says to it.")
    by = models.TextField(help_text="Who.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "assessment", "number", "text", "answer", "by", "at"), "internal"
    )

    def findable(self) -> Findable:
        """The remark, and what the author says to it."""
        return findable("", [self.text, self.answer], at=self.at, shown_by=_reading(self.assessment_id))


class Clearance(Recorded):
    """Somebody other than the author cleared or returned it; or its author withdrew it."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="clearances", help_text="Which reading."
    )
    step = models.TextField(help_text="second_reader, director; author for a withdrawal.")
    decision = models.TextField(help_text="cleared, returned or withdrawn.")
    reason = models.TextField(default="", blank=True, help_text="Why it was returned or withdrawn.")
    by = models.TextField(help_text="Who.")
    on_behalf_of = models.TextField(default="", blank=True, help_text="For whom.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "assessment", "step", "decision", "reason", "by", "on_behalf_of", "at"), "internal"
    )

    def findable(self) -> Findable:
        """Why it was returned or withdrawn."""
        return findable("", [self.reason], at=self.at, shown_by=_reading(self.assessment_id))
