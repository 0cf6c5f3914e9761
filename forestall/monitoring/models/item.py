"""What arrived, how it was weighed, what it copies, and what the machine suggests about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from forestall.base.identifiers import new_id
from forestall.labels.models import Labelled
from forestall.record.findable import EARLIEST, Findable, findable
from forestall.record.models import Evidence, Recorded

from .contribution import Contribution
from .source import Quarantine, Run, Source
from .thirdparty import LeaveToQuote


class Item(Recorded):
    """One piece of information as it was received. Its bytes are evidence; its text is a working copy."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="items", help_text="Who says it.")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+", help_text="Which turn.")
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="items", help_text="The bytes as received."
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="attachments", help_text="The mail or archive it was in."
    )
    collector = models.TextField(help_text="Id of the catalogue entry that brought it.")
    external_id = models.TextField(help_text="What its source knows it by; private.")
    locator = models.TextField(default="", blank=True, help_text="Where in the bytes: part, entry, member.")
    content_hash = models.TextField(help_text="SHA-256 over its source-native fields.")
    native = models.JSONField(default=dict, help_text="Its source's own fields, as they came; private.")
    url = models.TextField(default="", blank=True, help_text="Where its source publishes it, when it does.")
    licence = models.TextField(default="", blank=True, help_text="Terms it names as its own; empty when its source's hold.")
    redistribution = models.TextField(default="", blank=True, help_text="A rule of its own, stricter than its source's; else empty.")
    reporter = models.TextField(default="", blank=True, help_text="Who sent or signed it, as given.")
    form = models.TextField(default="document", help_text="document, message, news, event-table, picture, submission.")
    title = models.TextField(help_text="Subject or title as given.")
    text = models.TextField(default="", blank=True, help_text="Its text, plain.")
    languages = models.JSONField(default=list, help_text="BCP-47, most of it first; und when unsure.")
    countries = models.JSONField(default=list, help_text="ISO3, most prominent first.")
    published_at = models.DateTimeField(null=True, help_text="Claimed date, UTC; empty when none was given.")
    published_precision = models.TextField(default="minute", help_text="minute, day, month, year, none.")
    received_at = models.DateTimeField(help_text="When the office received it, UTC.")
    table = models.JSONField(default=dict, help_text="For a table: header, number of rows, rows refused.")
    flags = models.JSONField(default=list, help_text="What a reader must know: message ids with parameters.")
    priority = models.PositiveSmallIntegerField(default=0, help_text="0 ordinary, 1 soon, 2 now.")
    state = models.TextField(default="received", help_text="One of monitoring.states.ItemState.")
    situations = models.JSONField(default=list, help_text="Ids of the situations it was filed to.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "source", "run", "evidence", "parent", "collector", "locator", "content_hash", "form", "languages",
             "countries", "published_at", "published_precision", "received_at", "priority", "state", "situations",
             "licence", "redistribution"),
            "internal",
        ),
        **dict.fromkeys(("external_id", "native", "url", "reporter", "title", "text", "table", "flags"), "personal"),
    }  # fmt: skip

    class Meta(Recorded.Meta):
        indexes = [
            models.Index(fields=["collector", "external_id"], name="monitoring_item_natural"),
            models.Index(fields=["state", "-received_at"], name="monitoring_item_inbox"),
        ]

    def __str__(self) -> str:
        return self.title

    def rests_with(self) -> Iterable[Recorded]:
        """The words quoted from it or asked to be; its grades; its attachments, also those set aside; its bytes, unless
        another item came of them.

        With the bytes goes what was noted while they were set aside, and the receipt of a partner for them.
        """
        yield from self.passages.all()
        yield from self.gradings.all()
        yield from LeaveToQuote.objects.filter(about_id=self.id)
        yield from self.attachments.all()
        for aside in Quarantine.objects.filter(within=self.external_id):
            if aside.run_id == self.run_id:
                yield aside
        if not Item.objects.filter(evidence_id=self.evidence_id).exclude(pk=self.pk).exists():
            yield from Quarantine.objects.filter(evidence_id=self.evidence_id)
            yield from Contribution.objects.filter(models.Q(file_id=self.evidence_id) | models.Q(note_id=self.evidence_id))
            yield from Evidence.objects.filter(pk=self.evidence_id)

    def lowered_with(self) -> Iterable[Recorded]:
        """How it was graded; and its bytes, unless another item came of them too."""
        yield from self.gradings.all()
        if not Item.objects.filter(evidence_id=self.evidence_id).exclude(pk=self.pk).exists():
            yield self.evidence

    def relabel_traces(self) -> None:
        """What the machine suggested tells as much as the text."""
        for suggestion in Suggestion.objects.filter(item=self):
            suggestion.labelled(self.label).save()

    def forget_traces(self) -> None:
        """What the machine suggested quotes the text."""
        for suggestion in Suggestion.objects.filter(item=self):
            suggestion.delete()

    def findable(self) -> Findable:
        """Its title, text and who signed it; the file's own fields stay private."""
        at = self.published_at or self.received_at
        return findable(
            self.title, (self.reporter, self.text), at=at, countries=self.countries, languages=self.languages,
            source=self.source_id,
        )  # fmt: skip


class Grading(Recorded):
    """How far an item can be trusted: reliability of the source A–F, credibility of the content 1–6. Versioned."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="gradings", help_text="What is graded.")
    reliability = models.TextField(help_text="A to F.")
    credibility = models.TextField(help_text="1 to 6.")
    reason = models.TextField(default="", blank=True, help_text="Why, when it differs from what one would expect.")
    number = models.PositiveIntegerField(help_text="1 for the first grading; the highest counts.")
    by = models.TextField(help_text="Who graded.")
    at = models.DateTimeField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "item", "reliability", "credibility", "number", "by", "at"), "internal"),
        "reason": "personal",
    }

    @property
    def grade(self) -> str:
        return f"{self.reliability}{self.credibility}"

    def made_from(self) -> Iterable[Recorded]:
        """The item it grades."""
        return (self.item,)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The gradings of an item."""
        return cls.objects.filter(item=thing) if isinstance(thing, Item) else ()


class CopyEdge(Recorded):
    """The newer item repeats the older, wholly or in part. Independent origins are counted along these edges."""

    newer = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="copies_of", help_text="The later one.")
    older = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="copied_by", help_text="The earlier one.")
    edge = models.TextField(help_text="exact, near, excerpt, correction.")
    score = models.FloatField(help_text="Similarity, 0 to 1.")
    reason = models.TextField(default="", blank=True, help_text="Message id of why.")
    parameters = models.JSONField(default=dict, help_text="Parameters of the reason.")
    state = models.TextField(default="proposed", help_text="proposed, confirmed, rejected.")
    by = models.TextField(default="", blank=True, help_text="Who decided.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "newer", "older", "edge", "score", "reason", "parameters", "state", "by"), "internal"
    )

    def made_from(self) -> Iterable[Recorded]:
        """The two items."""
        return (self.newer, self.older)

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The edges at an item: that it is repeated tells of it."""
        return cls.objects.filter(models.Q(newer=thing) | models.Q(older=thing)) if isinstance(thing, Item) else ()


class Suggestion(Labelled):
    """What a machine proposes about an item, with its reason. Feeds nothing until a person confirms it."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="suggestions", help_text="About what.")
    suggester = models.TextField(help_text="Catalogue id: language, place, indicator.")
    version = models.TextField(help_text="Version and hash of what suggested.")
    value = models.TextField(help_text="What is suggested: a language, a country, an indicator's number.")
    direction = models.TextField(default="", blank=True, help_text="raises or lowers, for an indicator.")
    score = models.FloatField(help_text="0 to 1, as calibrated as the suggester says.")
    start = models.PositiveIntegerField(default=0, help_text="First character in the item's text.")
    end = models.PositiveIntegerField(default=0, help_text="After the last character.")
    quote = models.TextField(default="", blank=True, help_text="Those characters.")
    reason = models.TextField(help_text="Message id of why.")
    parameters = models.JSONField(default=dict, help_text="Parameters of the reason.")
    state = models.TextField(default="proposed", help_text="proposed, confirmed, edited, rejected.")
    by = models.TextField(default="", blank=True, help_text="Who decided.")
    at = models.DateTimeField(null=True, help_text="When it was decided, UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "item", "suggester", "version", "value", "direction", "score", "start", "end", "reason", "state",
             "by", "at"),
            "internal",
        ),
        **dict.fromkeys(("quote", "parameters"), "personal"),
    }  # fmt: skip


class Gap(Recorded):
    """Something the Office does not know and wants to: asked of whom, by when, and what came."""

    situation_id = models.UUIDField(null=True, help_text="The situation it is about.")
    iso3 = models.TextField(default="", blank=True, help_text="Where.")
    question = models.TextField(help_text="What we do not know.")
    asked_of = models.TextField(default="", blank=True, help_text="Who might know.")
    due = models.DateField(null=True, help_text="By when an answer is wanted.")
    answer = models.TextField(default="", blank=True, help_text="What came; empty while nothing did.")
    state = models.TextField(default="open", help_text="open, asked, answered, closed.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "situation_id", "iso3", "question", "due", "state"), "internal"),
        **dict.fromkeys(("asked_of", "answer"), "protected-source"),
    }

    def findable(self) -> Findable:
        """The question and what came. A question has no day of its own but the one an answer is wanted by."""
        about = ("assessment.situation", self.situation_id) if self.situation_id else None
        texts = (self.asked_of, self.answer)
        return findable(self.question, texts, at=self.due or EARLIEST, countries=[self.iso3], shown_by=about)
