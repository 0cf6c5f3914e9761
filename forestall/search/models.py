"""The index, what people saved, and what still has to leave the disk."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from forestall.base.identifiers import new_id
from forestall.labels.models import Labelled


class Document(Labelled):
    """The words of one thing, for finding it, under the thing's own label: written with it, and read as it is.

    Beside it, kept by triggers, stands the database's own index of `words`: `search_words`, a table of FTS5 in SQLite
    and of lexemes in PostgreSQL, both of the very words that stand here.
    """

    id = models.BigAutoField(primary_key=True, help_text="Place in the index; shown to nobody.")
    kind = models.TextField(help_text="The kind of thing, as app.model.")
    object_id = models.UUIDField(unique=True, help_text="The thing's public id.")
    digest = models.TextField(help_text="SHA-256 over what was indexed, so that what has not changed is left alone.")
    at = models.DateTimeField(help_text="What it is ordered by, UTC.")
    countries = models.TextField(default="", blank=True, help_text="ISO3 codes, as `,A,B,`.")
    languages = models.TextField(default="", blank=True, help_text="BCP-47, as `,a,b,`.")
    source = models.UUIDField(null=True, help_text="Who says it: the id of a source.")
    # Last, so that what is counted and ordered is read without leafing through long texts.
    title_words = models.TextField(help_text="The title alone, as `words` are.")
    words = models.TextField(help_text="Title and text as the normaliser gives them, a space around each word.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "kind", "object_id", "digest", "at", "countries", "languages", "source"), "internal"),
        **dict.fromkeys(("words", "title_words"), "as recorded"),
    }

    tables_behind = ("search_words",)
    functions_before = ("forestall_matching(tsquery)",)

    class Meta(Labelled.Meta):
        indexes = [models.Index(fields=["kind", "-at"], name="search_document_kind_at")]


class SavedSearch(models.Model):
    """A question that one person asks again. Nobody else sees that it is asked."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", help_text="Whose it is."
    )
    name = models.TextField(help_text="What the person calls it.")
    question = models.TextField(help_text="The words asked for, as typed.")
    narrowed = models.JSONField(default=dict, help_text="What it is narrowed by: facet to value.")
    notify = models.BooleanField(default=False, help_text="Whether the person is told of what is new.")
    at = models.DateTimeField(help_text="When it was saved, UTC.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "notify"), "internal"),
        **dict.fromkeys(("person", "name", "question", "narrowed", "at"), "personal"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="search_savedsearch_one_name_each")]


class KnownAnswer(models.Model):
    """A thing that answered a saved search when it was last asked: only what is not known yet is news."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    saved = models.ForeignKey(
        SavedSearch, on_delete=models.CASCADE, related_name="known", help_text="Which saved search."
    )
    kind = models.TextField(help_text="The kind of thing that answered.")
    object_id = models.UUIDField(help_text="The thing.")
    told_at = models.DateTimeField(null=True, help_text="When it was news, UTC; empty: it answered from the first day.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "kind", "object_id"), "internal"),
        **dict.fromkeys(("saved", "told_at"), "personal"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "object_id"], name="search_knownanswer_once")]


class Residue(models.Model):
    """Content was removed, and its words may still stand in pages of the database's files that are no longer used."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, help_text="Always 1.")
    since = models.DateTimeField(help_text="The first removal that was not followed to the disk yet, UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "since"), "internal")
