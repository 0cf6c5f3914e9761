"""Asking producers: whether a source is asked, what it answered, which files of facts are held of it, who asks now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forestall.record.models import Evidence, Recorded

from .source import Run


class Collection(Recorded):
    """Whether this office asks a source of the catalogue, and since when it leaves it alone."""

    collector = models.TextField(help_text="Id of the catalogue entry.")
    asked = models.BooleanField(default=False, help_text="Whether the worker asks it at its fixed times.")
    failures = models.PositiveIntegerField(default=0, help_text="Turns in a row that ended without an answer.")
    not_before = models.DateTimeField(
        null=True, help_text="It is left alone until then, UTC: it asked for it, or did not answer."
    )

    settings = models.JSONField(default=dict, help_text="What this office set for itself, over what the definition says.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "collector", "asked", "failures", "not_before", "settings"), "internal"
    )

    def __str__(self) -> str:
        return self.collector


class Response(Recorded):
    """One answer of a producer: what was asked, what came and when. Its bytes are evidence and are never asked for again."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="responses", help_text="Which turn.")
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, related_name="+", help_text="The bytes as received; none for 304 and 404."
    )
    collector = models.TextField(help_text="Id of the catalogue entry.")
    key = models.TextField(help_text="What the request was for, within the source.")
    url = models.TextField(help_text="What was asked, credentials left out.")
    name = models.TextField(help_text="What the answer's file is called.")
    status = models.PositiveSmallIntegerField(help_text="The producer's status.")
    etag = models.TextField(default="", blank=True, help_text="The producer's mark of this version.")
    modified = models.TextField(default="", blank=True, help_text="When the producer says it changed, as given.")
    received_at = models.DateTimeField(help_text="When it came, UTC.")
    version = models.TextField(help_text="Version of the reader that read it first.")
    rows = models.PositiveIntegerField(default=0, help_text="Rows that could be read.")
    bad = models.PositiveIntegerField(default=0, help_text="Rows that could not.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "run", "evidence", "collector", "key", "url", "name", "status", "etag", "modified", "received_at", "version",
         "rows", "bad"),
        "internal",
    )  # fmt: skip

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["collector", "-received_at"], name="monitoring_response_latest")]

    def __str__(self) -> str:
        return self.name


class Holding(Recorded):
    """Which files of facts are held of one source: the hash of their list, which never changes once written."""

    collector = models.TextField(help_text="Id of the catalogue entry.")
    manifest = models.TextField(help_text="SHA-256 of the list of files.")
    events = models.PositiveBigIntegerField(default=0, help_text="Events that hold.")
    measures = models.PositiveBigIntegerField(default=0, help_text="Measures that hold.")
    findings = models.PositiveBigIntegerField(default=0, help_text="Findings that hold.")
    newest = models.DateField(null=True, help_text="The latest day that any of them speaks of and that is over.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "collector", "manifest", "events", "measures", "findings", "newest"), "internal"
    )

    def __str__(self) -> str:
        return self.collector


class Lease(models.Model):
    """Who asks a source now. Each taking raises the fence: whoever wakes up late finds a higher one and writes nothing."""

    collector = models.TextField(primary_key=True, help_text="Id of the catalogue entry.")
    fence = models.PositiveBigIntegerField(default=0, help_text="How often it was taken.")
    until = models.DateTimeField(help_text="It is over then, UTC, whether its holder lives or not.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("collector", "fence", "until"), "internal")
