"""What happened, as confirmed by a person from items: the possible precursors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.record.findable import Findable, findable
from forestall.record.models import Recorded

from .item import Item
from .thirdparty import LeaveToQuote


class Observation(Recorded):
    """One thing that happened, with place and date as precise as known and no more precise."""

    summary = models.TextField(help_text="One sentence, in the desk's words.")
    on = models.DateField(help_text="First day it can have happened.")
    on_precision = models.TextField(default="day", help_text="day, month, year, circa.")
    iso3 = models.TextField(help_text="Country.")
    unit = models.TextField(default="", blank=True, help_text="First-level unit.")
    place = models.TextField(default="", blank=True, help_text="Place, when known and not too dangerous to name.")
    place_precision = models.TextField(default="unit", help_text="place, unit, country.")
    actors = models.JSONField(default=list, help_text="Who did it: name and kind, as the sources give them.")
    groups = models.JSONField(default=list, help_text="Ids of the groups affected.")
    harm = models.JSONField(default=dict, help_text="deaths, injured, displaced …: each low, best, high, or null.")
    interested_party = models.BooleanField(
        default=False, help_text="Rests on a party's own statement alone: evidence that it said so."
    )
    state = models.TextField(default="reported", help_text="One of monitoring.states.ObservationState.")
    retraction = models.TextField(default="", blank=True, help_text="Why it was retracted or disputed.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "on", "on_precision", "iso3", "unit", "place_precision", "groups", "interested_party", "state"),
            "internal",
        ),
        **dict.fromkeys(("summary", "place", "actors", "harm", "retraction"), "personal"),
    }

    def __str__(self) -> str:
        return self.summary

    def made_from(self) -> Iterable[Recorded]:
        """The items it rests on."""
        return Item.objects.filter(id__in=self.passages.values("item_id"))

    def rests_with(self) -> Iterable[Recorded]:
        """Words of it that somebody asked leave to quote."""
        return LeaveToQuote.objects.filter(about_id=self.id)

    def lowered_with(self) -> Iterable[Recorded]:
        """What it bears on."""
        return self.links.all()

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """Observations that rest on an item, also those that rest on others too."""
        if not isinstance(thing, Item):
            return ()
        return cls.objects.filter(id__in=Passage.objects.filter(item=thing).values("observation_id"))

    def findable(self) -> Findable:
        """What happened, where, who did it, and why it was retracted."""
        names = [actor.get("name", "") for actor in self.actors if isinstance(actor, dict)]
        texts = (self.place, self.unit, *names, self.retraction)
        return findable(self.summary, texts, at=self.on, countries=[self.iso3])


class Passage(Recorded):
    """The words of an item that an observation rests on."""

    observation = models.ForeignKey(
        Observation, on_delete=models.PROTECT, related_name="passages", help_text="What rests on it."
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="passages", help_text="Where it stands.")
    quote = models.TextField(default="", blank=True, help_text="The words, exactly.")
    start = models.PositiveIntegerField(default=0, help_text="First character in the item's text.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal", "observation": "internal", "item": "internal", "quote": "personal", "start": "internal",
    }  # fmt: skip

    def made_from(self) -> Iterable[Recorded]:
        """The item that is quoted."""
        return (self.item,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The words quoted from an item."""
        return cls.objects.filter(item=thing) if isinstance(thing, Item) else ()


class IndicatorLink(Recorded):
    """An observation bears on an indicator, raising or lowering it."""

    observation = models.ForeignKey(
        Observation, on_delete=models.PROTECT, related_name="links", help_text="What bears on it."
    )
    framework = models.TextField(help_text="Id of the framework.")
    number = models.TextField(help_text="The indicator's number.")
    direction = models.TextField(help_text="raises or lowers.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "observation", "framework", "number", "direction"), "internal"
    )

    def made_from(self) -> Iterable[Recorded]:
        """The observation."""
        return (self.observation,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """What an observation bears on."""
        return cls.objects.filter(observation=thing) if isinstance(thing, Observation) else ()
