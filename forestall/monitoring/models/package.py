"""Requests from outside for evidence, what each asks for, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.record.models import Evidence, Recorded

from .item import Item


class PackageRequest(Recorded):
    """Somebody outside asks for evidence: who, on what authority, what for; what counsel decided; what was handed over.

    Its label is the join of what it asks for, and is raised with it.
    """

    reference = models.TextField(help_text="Its reference; random, so that it counts nothing.")
    requester = models.TextField(help_text="Who asks: the body, and the person who wrote.")
    authority = models.TextField(help_text="On what authority: an order, a resolution, an agreement.")
    purpose = models.TextField(help_text="What for.")
    received_on = models.DateField(help_text="The day the request came.")
    language = models.TextField(default="en", help_text="Language of the cover, BCP-47.")
    registered_by = models.TextField(help_text="Who recorded it: a person's id.")
    registered_at = models.DateTimeField(help_text="UTC.")
    state = models.TextField(default="received", help_text="One of monitoring.states.PackageState.")
    reason = models.TextField(default="", blank=True, help_text="Why counsel decided so; stays inside.")
    opened = models.BooleanField(default=False, help_text="Counsel lets the package open what the log committed to.")
    decided_by = models.TextField(default="", blank=True, help_text="Who decided as counsel: a person's id.")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty until then.")
    included = models.JSONField(default=list, help_text="Numbers of the pieces in the package as assembled.")
    sealed_at = models.DateTimeField(null=True, blank=True, help_text="Fixed time of the seal up to which custody is told, UTC.")
    digest = models.TextField(default="", blank=True, help_text="SHA-256 of the whole package, hexadecimal.")
    signature = models.TextField(default="", blank=True, help_text="Signature of the log's key over package.json, hexadecimal.")
    assembled_by = models.TextField(default="", blank=True, help_text="Who assembled it: a person's id.")
    assembled_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty until then.")
    handed_to = models.TextField(default="", blank=True, help_text="Who took it, by name and function.")
    handed_how = models.TextField(default="", blank=True, help_text="How it was handed over.")
    handed_on = models.DateField(null=True, blank=True, help_text="The day it was handed over.")
    handed_by = models.TextField(default="", blank=True, help_text="Who handed it over: a person's id.")
    receipt = models.TextField(default="", blank=True, help_text="What the recipient gave for it; empty until it came.")
    ended = models.TextField(default="", blank=True, help_text="Why the request was withdrawn.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "reference", "received_on", "language", "registered_by", "registered_at", "state", "opened", "decided_by",
             "decided_at", "included", "sealed_at", "digest", "signature", "assembled_by", "assembled_at", "handed_on",
             "handed_by"),
            "internal",
        ),
        **dict.fromkeys(("requester", "authority", "purpose", "reason", "handed_to", "handed_how", "receipt", "ended"), "personal"),
    }  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def made_from(self) -> Iterable[Recorded]:
        """The items and bytes that it asks for."""
        for piece in self.pieces.all():
            yield from piece.asked_for()

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The request that a piece belongs to."""
        return cls.objects.filter(pk=thing.request_id) if isinstance(thing, PackagePiece) else ()

    def lowered_with(self) -> Iterable[Recorded]:
        """Its pieces."""
        return self.pieces.all()


class PackagePiece(Recorded):
    """One file that a request asks for, with the item it was read into where there is one.

    As hidden as the request: that a file is asked for tells that somebody asks.
    """

    request = models.ForeignKey(PackageRequest, on_delete=models.PROTECT, related_name="pieces", help_text="Which request.")
    number = models.PositiveIntegerField(help_text="1 for the first, without gaps: its name in the package.")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", help_text="The item, where there is one.")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", help_text="The bytes as received.")
    withheld = models.BooleanField(default=False, help_text="Counsel decided that this one does not go.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "request", "number", "item", "evidence", "withheld"), "internal")

    def made_from(self) -> Iterable[Recorded]:
        """The request, the item and its bytes."""
        yield from PackageRequest.objects.filter(pk=self.request_id)
        yield from self.asked_for()

    def read_from(self) -> None:
        """Nothing: it names bytes that are asked for, and they are held no closer for it."""

    def asked_for(self) -> Iterable[Recorded]:
        """The item and its bytes."""
        if self.item_id:
            yield from Item.objects.filter(pk=self.item_id)
        yield from Evidence.objects.filter(pk=self.evidence_id)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The pieces that are an item, or its bytes; the pieces of a request."""
        if isinstance(thing, Item):
            yield from cls.objects.filter(item_id=thing.pk)
        elif isinstance(thing, Evidence):
            yield from cls.objects.filter(evidence_id=thing.pk)
        elif isinstance(thing, PackageRequest):
            yield from cls.objects.filter(request_id=thing.pk)
