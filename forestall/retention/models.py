"""The office's own times, what is kept on, what is called back, and what people ask about themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.record.models import Recorded


class KeepingTime(Recorded):
    """For how long the office keeps a class, where it was asked to be another time than the schedule's own."""

    key = models.TextField(unique=True, help_text="The class of the schedule.")
    days = models.PositiveIntegerField(help_text="Days it is kept.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "key", "days"), "internal")

    def __str__(self) -> str:
        return self.key


class Prolongation(Recorded):
    """Somebody looked at a thing whose time was over, and keeps it until a day, for a reason. As sensitive as the thing."""

    about_kind = models.TextField(help_text="The kind of thing.")
    about_id = models.UUIDField(help_text="Its public id.")
    until = models.DateField(help_text="The day it is looked at again.")
    reason = models.TextField(help_text="Why it is still needed.")
    by = models.TextField(help_text="Who keeps it: a person's id.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "about_kind", "about_id", "until", "by", "at"), "internal"),
        "reason": "as recorded",
    }

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["about_id"], name="retention_prolongation_about")]

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """That a thing is kept tells of it."""
        return cls.objects.filter(about_id=thing.id)


class Recall(Recorded):
    """A source took back what it had agreed to: what it was about, and why. As hidden as the thing was.

    A consent never hides it: whoever honours a withdrawal must see where to.
    """

    about_kind = models.TextField(help_text="The kind of thing.")
    about_id = models.UUIDField(help_text="Its public id.")
    reason = models.TextField(default="", blank=True, help_text="How the source told us.")
    by = models.TextField(help_text="Who recorded it: a person's id.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "about_kind", "about_id", "by", "at"), "internal"),
        "reason": "protected-source",
    }

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["about_id"], name="retention_recall_about")]

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """That a thing is called back tells of it."""
        return cls.objects.filter(about_id=thing.id)

    def rests_with(self) -> Iterable[Recorded]:
        """Its lines."""
        return Recalled.objects.filter(recall=self)

    def make_ready(self) -> None:
        """Without the consent that hid the thing."""
        self.consent = ""


class Recalled(Recorded):
    """One place where a thing had gone already: how, to whom, when; and that they were told. As hidden as both."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lines", help_text="The list it stands on.")
    carrier_kind = models.TextField(help_text="The kind of what carried it: a note, a transmittal, a decision, evidence.")
    carrier_id = models.UUIDField(help_text="Its public id.")
    how = models.TextField(help_text="How it went: a message id.")
    to = models.TextField(default="", blank=True, help_text="To whom, by name or by a person's id.")
    went_at = models.DateTimeField(null=True, blank=True, help_text="When it went, UTC; empty: it has not left yet.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When they were told, UTC; empty until then.")
    told_by = models.TextField(default="", blank=True, help_text="Who told them: a person's id.")
    told_how = models.TextField(default="", blank=True, help_text="How they were told, and what they said.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "recall", "carrier_kind", "carrier_id", "how", "went_at", "told_at", "told_by"), "internal"),
        **dict.fromkeys(("to", "told_how"), "personal"),
    }

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The lines of a list; a line tells of what carried it."""
        return cls.objects.filter(models.Q(recall_id=thing.id) | models.Q(carrier_id=thing.id))

    def make_ready(self) -> None:
        """Without the consent that hid the thing."""
        self.consent = ""


class Request(Recorded):
    """Somebody asks for access to, correction or erasure of what is held about them. Answered within thirty days, by two."""

    wants = models.TextField(help_text="access, correction or erasure.")
    received_on = models.DateField(help_text="The day it came.")
    due_on = models.DateField(help_text="The day by which it must be answered.")
    name = models.TextField(help_text="Who asks.")
    contact = models.TextField(default="", blank=True, help_text="How to reach them.")
    identity = models.TextField(help_text="How it was checked that they are who they say.")
    text = models.TextField(help_text="What they ask, and what it concerns.")
    state = models.TextField(default="received", help_text="One of retention.states.RequestState.")
    outcome = models.TextField(default="", blank=True, help_text="granted, partly or refused; empty until two decided.")
    answer = models.TextField(default="", blank=True, help_text="The answer, as it is sent.")
    answered_on = models.DateField(null=True, blank=True, help_text="The day the answer was sent.")
    by = models.TextField(help_text="Who registered it: a person's id.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "wants", "received_on", "due_on", "state", "outcome", "answered_on", "by"), "internal"),
        **dict.fromkeys(("name", "contact", "identity", "text", "answer"), "personal"),
    }

    def rests_with(self) -> Iterable[Recorded]:
        """What it was found to concern."""
        return Concern.objects.filter(request=self)


class Concern(Recorded):
    """A thing that a request was found to concern, by an officer who may see it. As hidden as both."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="concerns", help_text="The request.")
    about_kind = models.TextField(help_text="The kind of thing.")
    about_id = models.UUIDField(help_text="Its public id.")
    by = models.TextField(help_text="Who found it: a person's id.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "request", "about_kind", "about_id", "by", "at"), "internal")

    class Meta(Recorded.Meta):
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(fields=["request", "about_id"], name="retention_concern_once"),
        ]

    def made_from(self) -> Iterable[Recorded]:
        """The request."""
        return (self.request,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """That somebody asked about a thing tells of it."""
        return cls.objects.filter(models.Q(request_id=thing.id) | models.Q(about_id=thing.id))
