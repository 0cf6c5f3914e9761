"""Warnings and advisory notes, their clearance, and what came back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.assessment.models import Assessment, Situation
from forestall.base.words import say
from forestall.institutions.models import OfficeHolder
from forestall.monitoring.models import Observation
from forestall.record.departure import Departure
from forestall.record.findable import EARLIEST, Findable, findable
from forestall.record.models import Evidence, Recorded


class Warning(Recorded):
    """The Office holds that populations are at risk, and that somebody must act in time."""

    situation = models.ForeignKey(Situation, on_delete=models.PROTECT, related_name="warnings", help_text="Where.")
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="warnings", help_text="The reading it rests on."
    )
    title = models.TextField(help_text="Where and what, in a line.")
    likelihood = models.TextField(help_text="A likelihood word of the scale.")
    confidence = models.TextField(help_text="low, moderate, high.")
    until = models.DateField(help_text="End of the window it speaks of.")
    raised_by = models.TextField(help_text="Who raised it.")
    raised_at = models.DateTimeField(help_text="UTC.")
    state = models.TextField(default="raised", help_text="One of advising.states.WarningState.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "situation", "assessment", "title", "likelihood", "confidence", "until", "raised_by", "raised_at", "state"),
        "internal",
    )

    def __str__(self) -> str:
        return self.title

    def findable(self) -> Findable:
        """Where and what."""
        return findable(self.title, (), at=self.raised_at)


class AdvisoryNote(Recorded):
    """A note that asks one addressee for one action by one day. Working drafts stay with their author."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="notes", help_text="Which warning.")
    addressee = models.ForeignKey(
        OfficeHolder, on_delete=models.PROTECT, null=True, related_name="+", help_text="Who is asked."
    )
    channel = models.TextField(default="", blank=True, help_text="Through what, proper to the addressee's rank.")
    reference = models.TextField(help_text="The note's reference; random, so that it counts nothing.")
    language = models.TextField(default="en", help_text="Language of the sheet, BCP-47.")
    subject = models.TextField(help_text="Subject line.")
    sections = models.JSONField(default=dict, help_text="Section id to sentences, each with the observations it cites.")
    event = models.TextField(default="", blank=True, help_text="What may happen: a clause after “the likelihood that”.")
    confidence_why = models.TextField(default="", blank=True, help_text="Why the confidence is what it is: a clause.")
    ask = models.TextField(default="", blank=True, help_text="The action asked.")
    decision_by = models.DateField(null=True, help_text="Decision needed by.")
    decision_why = models.TextField(default="", blank=True, help_text="Why by then.")
    author = models.TextField(help_text="Who drafted it.")
    state = models.TextField(default="draft", help_text="One of advising.states.NoteState.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "warning", "addressee", "channel", "reference", "language", "subject", "sections", "event", "confidence_why", "ask", "decision_by",
         "decision_why", "author", "state"),
        "internal",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.subject

    def made_from(self) -> Iterable[Recorded]:
        """The observations that its sentences cite."""
        return Observation.objects.filter(id__in=self.cited())

    def lowered_with(self) -> Iterable[Recorded]:
        """What it recommends."""
        return self.recommendations.all()

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """Notes with a sentence that cites an observation."""
        if isinstance(thing, Observation):
            yield from (one for one in cls.objects.all() if str(thing.id) in one.cited())

    def departures(self) -> Iterable[Departure]:
        """A note that cites something stands with its author until it leaves."""
        if self.cited() and not self.transmittals.exists():
            yield Departure(say("cited in a note that has not left"), self.author, None)

    def cited(self) -> list[str]:
        """Ids of the observations that its sentences cite, in order of first mention."""
        told = (sentence for sentences in self.sections.values() for sentence in sentences)
        return list(dict.fromkeys(one for sentence in told for one in sentence.get("observations", ())))

    def findable(self) -> Findable:
        """The whole note as it reads. It has no day of its own but the one a decision is needed by."""
        told = (sentence.get("text", "") for sentences in self.sections.values() for sentence in sentences)
        texts = (self.reference, self.event, self.confidence_why, self.ask, self.decision_why, *told)
        return findable(self.subject, texts, at=self.decision_by or EARLIEST, languages=[self.language])


class Recommendation(Recorded):
    """One thing somebody should do, tied to a prevention option and to the factors it answers."""

    note = models.ForeignKey(
        AdvisoryNote, on_delete=models.PROTECT, related_name="recommendations", help_text="Which note."
    )
    option = models.TextField(default="", blank=True, help_text="Id of the prevention option.")
    text = models.TextField(help_text="What should be done.")
    lead = models.TextField(help_text="Who leads.")
    due = models.DateField(null=True, help_text="By when.")
    factors = models.JSONField(default=list, help_text="Numbers of the factors it answers.")
    state = models.TextField(default="proposed", help_text="One of advising.states.RecommendationState.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "note", "option", "text", "lead", "due", "factors", "state"), "internal"
    )

    def made_from(self) -> Iterable[Recorded]:
        """The note."""
        return (self.note,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """What a note recommends."""
        return cls.objects.filter(note=thing) if isinstance(thing, AdvisoryNote) else ()

    def findable(self) -> Findable:
        """What should be done, and who leads."""
        return findable(self.text, [self.lead], at=self.due or EARLIEST, shown_by=(AdvisoryNote.kind(), self.note_id))


class NoteClearance(Recorded):
    """A step of a note's clearance: by whom, for whom, and over exactly which text."""

    note = models.ForeignKey(
        AdvisoryNote, on_delete=models.PROTECT, related_name="clearances", help_text="Which note."
    )
    step = models.TextField(help_text="content, release, signature.")
    decision = models.TextField(help_text="cleared or returned.")
    reason = models.TextField(default="", blank=True, help_text="Why it was returned.")
    text_hash = models.TextField(help_text="SHA-256 of the text that was cleared.")
    by = models.TextField(help_text="Who.")
    on_behalf_of = models.TextField(default="", blank=True, help_text="For whom.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "note", "step", "decision", "reason", "text_hash", "by", "on_behalf_of", "at"), "internal"
    )

    def made_from(self) -> Iterable[Recorded]:
        """The note."""
        return (self.note,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The steps of a note's clearance."""
        return cls.objects.filter(note=thing) if isinstance(thing, AdvisoryNote) else ()

    def findable(self) -> Findable:
        """Why the note was returned."""
        return findable("", [self.reason], at=self.at, shown_by=(AdvisoryNote.kind(), self.note_id))


class Transmittal(Recorded):
    """The note left: the very sheets that left, by whom, to whom, how."""

    note = models.ForeignKey(
        AdvisoryNote, on_delete=models.PROTECT, related_name="transmittals", help_text="Which note."
    )
    pdf = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", help_text="The sheet as PDF.")
    docx = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", help_text="The sheet as Word.")
    to = models.TextField(help_text="Addressee as it read on the sheet.")
    channel = models.TextField(help_text="How.")
    by = models.TextField(help_text="Who.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "note", "pdf", "docx", "to", "channel", "by", "at"), "internal"
    )

    def made_from(self) -> Iterable[Recorded]:
        """The note."""
        return (self.note,)

    def departures(self) -> Iterable[Departure]:
        """The note left, with all it says."""
        yield Departure(say("transmitted in a note"), self.to, self.at)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """What is known of a note's leaving."""
        return cls.objects.filter(note=thing) if isinstance(thing, AdvisoryNote) else ()


class Response(Recorded):
    """What came back, from any channel: receipt, answer or silence, recorded by an officer. Its audience is closed."""

    note = models.ForeignKey(AdvisoryNote, on_delete=models.PROTECT, related_name="responses", help_text="Which note.")
    outcome = models.TextField(help_text="One of advising.states.OUTCOMES.")
    channel = models.TextField(help_text="minute, e-mail, call, meeting, none.")
    text = models.TextField(default="", blank=True, help_text="What was said.")
    on = models.DateField(help_text="The day it came, or the day silence was recorded.")
    by = models.TextField(help_text="Who recorded it.")
    at = models.DateTimeField(help_text="When it was recorded, UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "note", "outcome", "channel", "text", "on", "by", "at"), "internal"
    )

    def made_from(self) -> Iterable[Recorded]:
        """The note."""
        return (self.note,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """What came back on a note."""
        return cls.objects.filter(note=thing) if isinstance(thing, AdvisoryNote) else ()

    def findable(self) -> Findable:
        """What was said."""
        return findable("", [self.text], at=self.at, shown_by=(AdvisoryNote.kind(), self.note_id))
