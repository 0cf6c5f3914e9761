"""What was given in confidence, and whether its originator agrees that it is quoted further."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.base.words import say
from forestall.monitoring.states import LeaveState
from forestall.record.departure import Departure
from forestall.record.models import Recorded


class LeaveToQuote(Recorded):
    """A request to an originator for leave to quote exact words to somebody, and what came back."""

    about_kind = models.TextField(help_text="The kind of thing that would be quoted.")
    about_id = models.UUIDField(help_text="Its public id.")
    originator = models.TextField(help_text="Who gave it in confidence: the name after 3P: in its compartment.")
    addressee = models.TextField(help_text="To whom it would be quoted.")
    wording = models.TextField(help_text="The words that would be quoted, exactly.")
    through = models.TextField(default="", blank=True, help_text="How the originator was asked.")
    asked_by = models.TextField(help_text="Who asked: a person's id.")
    asked_at = models.DateTimeField(help_text="UTC.")
    state = models.TextField(default="asked", help_text="One of monitoring.states.LeaveState.")
    answer = models.TextField(default="", blank=True, help_text="What the originator said, with any conditions.")
    answered_by = models.TextField(default="", blank=True, help_text="Who recorded the answer.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty until it came.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "about_kind", "about_id", "asked_by", "asked_at", "state", "answered_by", "answered_at"), "internal"
        ),
        **dict.fromkeys(("originator", "addressee", "wording", "through", "answer"), "protected-source"),
    }

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["about_id"], name="monitoring_leave_about")]

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """Requests to quote a thing tell of it."""
        return cls.objects.filter(about_id=thing.id)

    def departures(self) -> Iterable[Departure]:
        """Words with leave to be quoted went to whom they were for."""
        if self.state == LeaveState.GRANTED:
            yield Departure(say("quoted with leave"), self.addressee, self.answered_at)
