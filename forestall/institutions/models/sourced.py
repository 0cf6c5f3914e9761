"""What every entry from outside carries: who says it, where, as of which day, and whether a producer brought it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.models import Recorded


class Sourced(Recorded):
    """An entry that somebody says: typed by a person, or brought over from what a producer publishes, never both.

    What was brought over and then corrected by a person is that person's: nothing brought over changes it again.
    """

    source = models.TextField(help_text="Who says it, as a reader would cite it.")
    url = models.TextField(default="", blank=True, help_text="Where it can be read.")
    as_of = models.DateField(null=True, blank=True, help_text="The day for which its source says it; empty: not said.")
    producer = models.TextField(default="", blank=True, help_text="Id of the catalogue entry it was brought from; empty: a person's.")
    producer_key = models.TextField(default="", blank=True, help_text="What the producer knows it by; private.")
    producer_hash = models.TextField(default="", blank=True, help_text="SHA-256 of the producer's own row.")
    by_hand = models.BooleanField(default=True, help_text="A person wrote it; nothing brought over changes it.")

    sourced_privacy: ClassVar[dict[str, str]] = {
        "id": "internal", "source": "public", "url": "public", "as_of": "public", "producer": "internal",
        "producer_key": "internal", "producer_hash": "internal", "by_hand": "internal",
    }  # fmt: skip

    class Meta(Recorded.Meta):
        abstract = True
