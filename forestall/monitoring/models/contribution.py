"""What somebody of another organisation gave, on which terms, and what they took back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.record.models import Evidence, Recorded


class Contribution(Recorded):
    """One receipt: a file, words, or both, with what their giver agrees to. A consent never hides it: it says what is agreed."""

    number = models.TextField(unique=True, help_text="Its number; random, so that it counts nothing.")
    giver = models.TextField(help_text="A keyed mark of the giver's account: it finds what is theirs, and names nobody.")
    name = models.TextField(help_text="Who gives it, as the Office reads it: a name, or a pseudonym of the vault.")
    given_at = models.DateTimeField(help_text="UTC.")
    file = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+", help_text="The file as received.")
    note = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+", help_text="What they wrote about it.")
    pieces = models.JSONField(default=list, help_text="Name, SHA-256 and size of each, as the receipt tells.")
    danger = models.TextField(help_text="Whether somebody is in danger if it is known: yes, no, unknown.")
    agreed = models.JSONField(default=list, help_text="Scopes of consent that stand now.")
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text="When consent was last taken back, UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "number", "given_at", "file", "note", "danger", "agreed", "taken_back_at"), "internal"),
        **dict.fromkeys(("giver", "name", "pieces"), "protected-source"),
    }

    def __str__(self) -> str:
        return self.number

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The receipt of a file tells of it."""
        if not isinstance(thing, Evidence):
            return ()
        return cls.objects.filter(models.Q(file_id=thing.id) | models.Q(note_id=thing.id))

    def made_from(self) -> Iterable[Recorded]:
        """The bytes it is the receipt of."""
        return Evidence.objects.filter(pk__in=[one for one in (self.file_id, self.note_id) if one])

    def make_ready(self) -> None:
        """Without the consent that hides what was given."""
        self.consent = ""
