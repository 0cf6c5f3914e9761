"""That somebody stopped reporting on a country; and how often facts speak of each country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar

from django.db import models

from forestall.base.identifiers import new_id
from forestall.labels.models import Labelled
from forestall.record.models import Recorded

from ..states import SilenceState
from .source import Source


class Silence(Recorded):
    """One source has not spoken of one country, in one language, for much longer than it usually waits.

    Its label joins the source's with that of the items it was derived from: those whom all these reach see it, and it was
    derived from nothing that they do not see.
    """

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        related_name="silences",
        help_text="Who is silent; none where it is facts that stopped.",
    )
    collector = models.TextField(help_text="Id of the catalogue entry that brings it.")
    iso3 = models.TextField(help_text="The country it spoke of.")
    language = models.TextField(
        default="", blank=True, help_text="In which language, BCP-47; empty for facts."
    )
    last = models.DateField(null=True, help_text="The day of its last word, UTC.")
    expected = models.PositiveIntegerField(
        default=0, help_text="Days between its words, as expected when it stopped."
    )
    began = models.DateField(null=True, help_text="The first day on which it counted as silent, UTC.")
    noticed_at = models.DateTimeField(help_text="When it was noticed, UTC.")
    state = models.TextField(default="open", help_text="One of monitoring.states.SilenceState.")
    reason = models.TextField(default="", blank=True, help_text="How a person explained it.")
    explained_by = models.TextField(default="", blank=True, help_text="Who explained it.")
    explained_at = models.DateTimeField(null=True, help_text="When, UTC.")
    spoke_on = models.DateField(null=True, help_text="The day on which it spoke again, UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "source", "collector", "iso3", "language", "last", "expected", "began", "noticed_at", "state",
             "explained_by", "explained_at", "spoke_on"),
            "internal",
        ),
        "reason": "protected-source",
    }  # fmt: skip

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["state", "iso3"], name="monitoring_silence_standing")]

    def __str__(self) -> str:
        return f"{self.source or self.collector}, {self.iso3}"

    def made_from(self) -> Iterable[Recorded]:
        """The source."""
        return (self.source,) if self.source is not None else ()

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The silences of a source."""
        return cls.objects.filter(source=thing) if isinstance(thing, Source) else ()

    def stood_on(self, day: date) -> bool:
        """Whether the source was silent on a day. Of one that ended without a word nobody says until when."""
        if self.state == SilenceState.ENDED and self.spoke_on is None:
            return False
        return self.began is not None and self.began <= day and (self.spoke_on is None or day < self.spoke_on)

    def days(self, day: date) -> int:
        """Days since its last word, on a day or until it spoke again."""
        return (min(day, self.spoke_on or day) - (self.last or day)) // timedelta(days=1)


class FactRhythm(Labelled):
    """How often facts of one source speak of each country: counted from the store of facts, so that no page opens it.

    Derived, and made anew whenever the files change: it keeps no history.
    """

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    collector = models.TextField(unique=True, help_text="Id of the catalogue entry.")
    manifest = models.TextField(help_text="SHA-256 of the list of files that was counted.")
    counted_on = models.DateField(help_text="The UTC day on which it was counted.")
    lag = models.PositiveIntegerField(
        default=0, help_text="Days from the day spoken of to the day received, usually at most."
    )
    countries = models.JSONField(
        default=dict,
        help_text="ISO3 to the last day spoken of, the number of gaps, what they usually are at most, days in all and by week.",
    )

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "collector", "manifest", "counted_on", "lag", "countries"), "internal"
    )

    def __str__(self) -> str:
        return self.collector
