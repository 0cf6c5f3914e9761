"""What the Office asked of another body, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.access.decisions import thing_of
from forestall.institutions.models import Counterpart
from forestall.record.findable import Findable, findable
from forestall.record.models import Recorded

from .item import Item

SITUATION = "assessment.situation"


class InformationRequest(Recorded):
    """A request for information to a body: what is asked, by which day, and the answer or the silence. Never deleted.

    Its label is the join of the situation and the body it names, and of the items that came; it is raised with them.
    """

    reference = models.TextField(help_text="Its reference; random, so that it counts nothing.")
    counterpart = models.ForeignKey(
        Counterpart, on_delete=models.PROTECT, related_name="+", help_text="Whom it asks."
    )
    situation_id = models.UUIDField(null=True, blank=True, help_text="The situation it is about, if one.")
    iso3 = models.TextField(default="", blank=True, help_text="The State it is about.")
    question = models.TextField(help_text="What is asked.")
    channel = models.TextField(help_text="How it went: one of institutions.states.CHANNELS.")
    asked_on = models.DateField(help_text="The day it went.")
    due = models.DateField(help_text="By when an answer is wanted.")
    asked_by = models.TextField(help_text="Who asked: a person's id.")
    state = models.TextField(default="asked", help_text="One of monitoring.states.InformationRequestState.")
    answer = models.TextField(default="", blank=True, help_text="What came, in the Office's own words; empty while nothing did.")
    answered_on = models.DateField(null=True, blank=True, help_text="The day it came; empty while nothing did.")
    items = models.JSONField(default=list, help_text="Ids of the items that came in answer.")
    ended = models.TextField(default="", blank=True, help_text="Why it was declined or withdrawn.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "reference", "counterpart", "situation_id", "iso3", "question", "channel", "asked_on", "due", "asked_by", "state",
             "answered_on", "items"),
            "internal",
        ),
        **dict.fromkeys(("answer", "ended"), "protected-source"),
    }  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def made_from(self) -> Iterable[Recorded]:
        """The body it asks, the situation it is about, and the items that came."""
        yield from Counterpart.objects.filter(pk=self.counterpart_id)
        situation = thing_of(SITUATION, object_id=self.situation_id) if self.situation_id else None
        if situation is not None:
            yield situation
        yield from Item.objects.filter(id__in=self.items)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The requests about a situation, to a body, or answered by an item."""
        if thing.kind() == SITUATION:
            return cls.objects.filter(situation_id=thing.id)
        if isinstance(thing, Counterpart):
            return cls.objects.filter(counterpart=thing)
        if isinstance(thing, Item):
            return [one for one in cls.objects.all() if str(thing.id) in one.items]
        return ()

    def findable(self) -> Findable:
        """Its reference, what is asked and what came."""
        texts = (self.question, self.answer, self.ended)
        return findable(f"{self.reference} {self.question}", texts, at=self.asked_on, countries=[self.iso3])
