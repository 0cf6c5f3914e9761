"""Who says it, how it reached us, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.institutions.models import Counterpart
from forestall.record.findable import EARLIEST, Findable, findable
from forestall.record.models import Evidence, Recorded


class Source(Recorded):
    """An originator of information: a field office, a newspaper, a party. `interested_party` stops corroboration."""

    name = models.TextField(help_text="As the desk calls it.")
    key = models.TextField(help_text="What the collector knows it by: an address, a feed, a file's originator.")
    collector = models.TextField(help_text="Id of the catalogue entry that brings it: mail, feeds, table.")
    nature = models.TextField(default="other", help_text="One of monitoring.states.SOURCE_NATURES.")
    interested_party = models.BooleanField(
        default=False, help_text="A party to the events: evidence that it said so, never corroboration."
    )
    language = models.TextField(default="", blank=True, help_text="Main language, BCP-47.")
    iso3 = models.TextField(default="", blank=True, help_text="The country it mostly reports on.")
    reliability = models.TextField(default="F", help_text="Usual reliability, A to F (F: cannot be judged).")
    counterpart = models.ForeignKey(
        Counterpart, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The body it speaks for, if one is known."
    )
    licence = models.TextField(default="", blank=True, help_text="Terms of use.")
    cadence_days = models.PositiveIntegerField(null=True, blank=True, help_text="Expected days between items.")
    state = models.TextField(default="proposed", help_text="proposed, active, restricted, retired.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal", "name": "protected-source", "key": "protected-source", "collector": "internal",
        "nature": "internal", "interested_party": "internal", "language": "internal", "iso3": "internal",
        "reliability": "internal", "counterpart": "internal", "licence": "internal", "cadence_days": "internal", "state": "internal",
    }  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def findable(self) -> Findable:
        """Its name and terms. What the collector knows it by stays private."""
        return findable(self.name, [self.licence], at=EARLIEST, countries=[self.iso3])


class Run(Recorded):
    """One turn of a collector: when, how much came, and in which state it ended."""

    collector = models.TextField(help_text="Id of the catalogue entry.")
    started_at = models.DateTimeField(help_text="UTC.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty while it runs.")
    state = models.TextField(default="running", help_text="One of monitoring.states.RUN_STATES.")
    files = models.PositiveIntegerField(default=0, help_text="Files or pages received.")
    items = models.PositiveIntegerField(default=0, help_text="Items new or changed.")
    quarantines = models.PositiveIntegerField(default=0, help_text="Files that could not be read.")
    duplicates = models.PositiveIntegerField(default=0, help_text="Files already known.")
    message = models.TextField(default="", blank=True, help_text="Message id of what the operator should know.")
    parameters = models.JSONField(default=dict, help_text="Parameters of that.")
    requests = models.PositiveIntegerField(default=0, help_text="Requests made, retries included.")
    rows = models.PositiveBigIntegerField(default=0, help_text="Rows of facts read.")
    changed = models.PositiveBigIntegerField(default=0, help_text="Facts new or changed.")
    withdrawn = models.PositiveBigIntegerField(default=0, help_text="Facts that the source took back.")
    withheld = models.PositiveBigIntegerField(
        default=0, help_text="Facts that were gone from a snapshot and were kept: too many at once."
    )

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "collector", "started_at", "ended_at", "state", "files", "items", "quarantines", "duplicates", "message",
         "parameters", "requests", "rows", "changed", "withdrawn", "withheld"),
        "internal",
    )  # fmt: skip


class Cursor(Recorded):
    """How far a collector has read; moves in the same transaction as the records it brought."""

    collector = models.TextField(help_text="Id of the catalogue entry.")
    key = models.TextField(default="", blank=True, help_text="Which feed or folder.")
    value = models.JSONField(default=dict, help_text="What the collector's `advance` returned.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "collector", "key", "value"), "internal")


class Quarantine(Recorded):
    """Something that arrived and could not be read safely: its bytes, what was found, and the reason."""

    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="quarantines", help_text="The bytes as received."
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+", help_text="Which turn.")
    name = models.TextField(help_text="The name it came under.")
    collector = models.TextField(help_text="Id of the catalogue entry that tried.")
    message = models.TextField(help_text="Message id of the reason.")
    parameters = models.JSONField(default=dict, help_text="Parameters of the reason.")
    state = models.TextField(default="waiting", help_text="One of monitoring.states.QuarantineState.")
    within = models.TextField(default="", blank=True, help_text="External id of what it came out of; private.")
    locator = models.TextField(default="", blank=True, help_text="Where in that it lay: part, entry, member.")
    depth = models.PositiveSmallIntegerField(default=0, help_text="How many files lay around it.")
    in_place = models.BooleanField(
        default=False, help_text="Refused for how it lay there, before its own content was looked at."
    )
    hostile = models.BooleanField(default=False, help_text="Refused as built to do harm, not merely broken.")
    read_as = models.TextField(default="", blank=True, help_text="The name a reviewer last gave it; empty: its own.")
    read_at = models.DateTimeField(null=True, help_text="When it was last read again, UTC; empty: never.")
    why = models.TextField(default="", blank=True, help_text="Why a reviewer refused it; empty unless refused.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "evidence", "run", "collector", "message", "state", "depth", "in_place", "hostile", "read_at"),
            "internal",
        ),
        **dict.fromkeys(("name", "parameters", "within", "locator", "read_as", "why"), "personal"),
    }

    def __str__(self) -> str:
        return self.name

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """What was noted of bytes while they were set aside; what lay in an item and was set aside."""
        if isinstance(thing, Evidence):
            return cls.objects.filter(evidence=thing)
        if thing.kind() != "monitoring.item":
            return ()
        return cls.objects.filter(run_id=getattr(thing, "run_id", None), within=getattr(thing, "external_id", ""))

    def rests_with(self) -> Iterable[Recorded]:
        """Its bytes, unless an item was read from them, or they are set aside under another name too."""
        others = Quarantine.objects.filter(evidence_id=self.evidence_id).exclude(pk=self.pk)
        for kept in Evidence.objects.filter(pk=self.evidence_id):
            if not others.exists() and not kept.items.exists():
                yield kept

    def findable(self) -> Findable:
        """The name it came under, and why a reviewer refused it."""
        return findable(self.name, [self.read_as, self.why], at=self.read_at or EARLIEST)
