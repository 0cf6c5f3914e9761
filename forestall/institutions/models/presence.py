"""Where United Nations entities and peace operations are present, and by which mandate the operations are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.record.findable import EARLIEST, Findable, findable
from forestall.record.models import Recorded

from .counterpart import Counterpart
from .sourced import Sourced


class Presence(Sourced):
    """A United Nations entity or peace operation is present in a State between two days, as far as they are known."""

    counterpart = models.ForeignKey(
        Counterpart, on_delete=models.PROTECT, related_name="presences", help_text="Who is present."
    )
    iso3 = models.TextField(help_text="Where.")
    since = models.DateField(null=True, blank=True, help_text="First day; empty when it is not known.")
    until = models.DateField(null=True, blank=True, help_text="Last day; empty while it lasts, or when it is not known.")
    quiet_days = models.PositiveIntegerField(
        default=30, help_text="After so many days without a word it counts as not reporting."
    )

    privacy: ClassVar[dict[str, str]] = {
        **Sourced.sourced_privacy,
        **dict.fromkeys(("counterpart", "iso3", "since", "until"), "public"),
        "quiet_days": "internal",
    }

    def __str__(self) -> str:
        return f"{self.counterpart}, {self.iso3}"

    def made_from(self) -> Iterable[Recorded]:
        """The body."""
        return Counterpart.objects.filter(pk=self.counterpart_id)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """Where a body is present."""
        return cls.objects.filter(counterpart=thing) if isinstance(thing, Counterpart) else ()


class Mandate(Sourced):
    """What a peace operation is there for, and until when. One that is renewed is a new mandate; the old one stays."""

    counterpart = models.ForeignKey(
        Counterpart, on_delete=models.PROTECT, related_name="mandates", help_text="The operation."
    )
    countries = models.JSONField(default=list, help_text="Its territory: ISO3 codes.")
    resolution = models.TextField(default="", blank=True, help_text="Symbol of the decision that gives it.")
    paragraph = models.TextField(default="", blank=True, help_text="Its paragraph or paragraphs.")
    summary = models.TextField(default="", blank=True, help_text="What it says, in the Office's own words.")
    first_day = models.DateField(null=True, blank=True, help_text="First day; empty when it is not known.")
    end_date = models.DateField(null=True, blank=True, help_text="Last day; empty when it is not known, or has none.")
    open_ended = models.BooleanField(default=False, help_text="The decision sets no last day.")

    privacy: ClassVar[dict[str, str]] = {
        **Sourced.sourced_privacy,
        **dict.fromkeys(
            ("counterpart", "countries", "resolution", "paragraph", "first_day", "end_date", "open_ended"), "public"
        ),
        "summary": "internal",
    }

    def __str__(self) -> str:
        return " · ".join(part for part in (str(self.counterpart), self.resolution) if part)

    def made_from(self) -> Iterable[Recorded]:
        """The operation."""
        return Counterpart.objects.filter(pk=self.counterpart_id)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The mandates of an operation."""
        return cls.objects.filter(counterpart=thing) if isinstance(thing, Counterpart) else ()

    def findable(self) -> Findable:
        """The decision, its paragraph and what it says."""
        title = " ".join(part for part in (self.resolution, self.paragraph) if part) or self.source
        about = ("institutions.counterpart", self.counterpart_id)
        at = self.first_day or self.end_date or EARLIEST
        return findable(title, [self.summary], at=at, countries=self.countries, shown_by=about)
