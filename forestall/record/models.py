"""Tables of the record. Entries and revisions never change: triggers in the database forbid it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from forestall.base.canonical import canonical_json
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.labels.models import Labelled

from .departure import Departure
from .findable import Findable


class Entry(models.Model):
    """One act by one person: a leaf of the log. Holds no foreign keys, so that nothing deleted can unwrite it."""

    seq = models.BigIntegerField(primary_key=True, help_text="Place in the log, from 0, without gaps.")
    at = models.DateTimeField(help_text="When it was recorded, UTC.")
    by = models.TextField(help_text="Who acted: a person's id, or system:name.")
    on_behalf_of = models.TextField(default="", blank=True, help_text="For whom the person acted, when for another.")
    verb = models.TextField(help_text="What was done.")
    kind = models.TextField(help_text="The kind of thing it was done to.")
    object_id = models.UUIDField(help_text="The thing's public id; tells nothing by itself.")
    commitment = models.TextField(default="", blank=True, help_text="Hash that binds the revision written with it.")
    root = models.TextField(help_text="Root of the log up to and with this entry, hexadecimal.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("seq", "at", "by", "on_behalf_of", "verb", "kind", "object_id", "commitment", "root"), "internal"
    )

    only_added_to = True

    class Meta:
        indexes = [models.Index(fields=["object_id"], name="record_entry_object")]

    def leaf(self) -> bytes:
        """The bytes that the log commits to."""
        return canonical_json(
            [self.seq, self.at, self.by, self.on_behalf_of, self.verb, self.kind, self.object_id, self.commitment]
        ).encode()


class Head(models.Model):
    """The one row that says where the log ends; taking it serialises writers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, help_text="Always 1.")
    size = models.BigIntegerField(default=0, help_text="Number of entries.")
    frontier = models.TextField(default="", blank=True, help_text="Roots of the perfect subtrees, hexadecimal.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "size", "frontier"), "internal")


class Checkpoint(models.Model):
    """A signed, open statement of the log's size and root, made when somebody asks for it: to print, or to hand over."""

    size = models.BigIntegerField(primary_key=True, help_text="Number of entries it covers.")
    root = models.TextField(help_text="Root of those entries, hexadecimal.")
    at = models.DateTimeField(help_text="When it was signed, UTC.")
    key = models.TextField(help_text="Public key that verifies it, hexadecimal.")
    signature = models.TextField(help_text="Ed25519 signature, hexadecimal.")

    only_added_to = True
    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("size", "root", "at", "key", "signature"), "internal")


class SigningKey(models.Model):
    """One key that signs for the log, and how it came: the first, a rotation signed by the old one, or a loss stated.

    The private half is in the home's `keys` folder and nowhere else.
    """

    number = models.PositiveIntegerField(primary_key=True, help_text="0 for the first key, then without gaps.")
    id = models.UUIDField(default=new_id, unique=True, help_text="Public id, under which the log names it.")
    public = models.TextField(unique=True, help_text="Public half, hexadecimal.")
    previous = models.TextField(default="", blank=True, help_text="The key before it; empty for the first.")
    since = models.DateTimeField(help_text="From when it signs, UTC; the one before it signs no more.")
    why = models.TextField(help_text="first, rotated or lost.")
    by = models.TextField(help_text="Who made it.")
    second = models.TextField(default="", blank=True, help_text="The other officer, who states the loss too.")
    reason = models.TextField(default="", blank=True, help_text="How the key before it was lost.")
    signature = models.TextField(help_text="Its own signature over all that, hexadecimal.")
    handed_over = models.TextField(default="", blank=True, help_text="The same, by the key before it; empty when lost.")
    entry_seq = models.BigIntegerField(null=True, unique=True, help_text="The entry written with it; none for the first.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("number", "id", "public", "previous", "since", "why", "by", "second", "reason", "signature", "handed_over",
         "entry_seq"),
        "internal",
    )  # fmt: skip

    SIGNED = ("number", "id", "public", "previous", "since", "why", "by", "second", "reason")

    def statement(self) -> bytes:
        """The bytes that its signatures cover."""
        return canonical_json({"key": "forestall", **{name: getattr(self, name) for name in self.SIGNED}}).encode()

    def binding(self) -> str:
        """What the entry written with it commits to."""
        return canonical_json({field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields})


class Seal(models.Model):
    """What witnesses are told at fixed times: a signed line of fixed length that commits to where the log stood.

    The line tells neither size nor root; this row opens it. Each line carries the hash of the one before it.
    """

    at = models.DateTimeField(primary_key=True, help_text="The fixed time it stands for, UTC.")
    made_at = models.DateTimeField(help_text="When it was made, UTC; not told.")
    size = models.BigIntegerField(help_text="Number of entries it covers; not told.")
    root = models.TextField(help_text="Root of those entries, hexadecimal; not told.")
    salt = models.TextField(help_text="Random, so that size and root cannot be guessed; not told.")
    previous = models.TextField(help_text="SHA-256 of the line before it; zeros for the first.")
    commitment = models.TextField(help_text="SHA-256 over salt, size, root and time, hexadecimal.")
    key = models.TextField(help_text="Public key that verifies it, hexadecimal.")
    signature = models.TextField(help_text="Ed25519 signature, hexadecimal.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("at", "made_at", "size", "root", "salt", "previous", "commitment", "key", "signature"), "internal"
    )

    SCHEME = "forestall-seal-1"

    def opening(self) -> str:
        """What the commitment is the SHA-256 of."""
        return canonical_json([self.salt, self.size, self.root, self.made_at])

    def signed(self) -> str:
        """The part of the line that the signature covers."""
        return f"{self.SCHEME} {self.at:%Y-%m-%dT%H:%M:%SZ} {self.previous} {self.commitment} {self.key}"

    def line(self) -> str:
        """The whole line, as witnesses keep it."""
        return f"{self.signed()} {self.signature}"


class Telling(models.Model):
    """That one witness was told one seal, or not yet, and what stood in the way."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    seal_at = models.DateTimeField(help_text="The seal, by its time, UTC.")
    witness = models.TextField(help_text="The witness as the settings name it.")
    told_at = models.DateTimeField(null=True, help_text="When it took the line, UTC; none while it has not.")
    tried = models.PositiveIntegerField(default=0, help_text="How often it was tried in vain.")
    failure = models.TextField(default="", blank=True, help_text="Why it did not take the line the last time.")
    receipt = models.TextField(default="", blank=True, help_text="Its time stamp over the line, base64; else empty.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "seal_at", "witness", "told_at", "tried", "failure", "receipt"), "internal"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal_at", "witness"], name="record_telling_once_each")]


class Revision(Labelled):
    """One state of one thing as it was recorded, under the label in force then. Never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id of the revision.")
    kind = models.TextField(help_text="The kind of thing, as app.model.")
    object_id = models.UUIDField(help_text="The thing's public id.")
    number = models.PositiveIntegerField(help_text="1 for the first state of this thing, then without gaps.")
    entry_seq = models.BigIntegerField(unique=True, help_text="The entry written with it.")
    salt = models.TextField(help_text="Random, so that the commitment cannot be guessed from the payload.")
    commitment = models.TextField(help_text="SHA-256 over salt and payload, hexadecimal.")
    valid_from = models.DateTimeField(help_text="Since when the state was true in the world, UTC.")
    recorded_at = models.DateTimeField(help_text="Since when we knew it, UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "kind", "object_id", "number", "entry_seq", "salt", "commitment", "valid_from", "recorded_at"),
        "internal",
    )

    only_added_to = True

    class Meta(Labelled.Meta):
        constraints = [
            *Labelled.Meta.constraints,
            models.UniqueConstraint(fields=["object_id", "number"], name="record_revision_numbered_once"),
        ]
        indexes = [models.Index(fields=["kind", "recorded_at"], name="record_revision_kind_time")]

    def binding(self) -> str:
        """Everything the entry's commitment covers: the row as it is, label and times included."""
        return canonical_json({field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields})


class Payload(models.Model):
    """The whole thing as it then stood. Only `expunge` deletes it."""

    revision_id = models.UUIDField(primary_key=True, help_text="The revision it belongs to.")
    object_id = models.UUIDField(help_text="The thing's public id.")
    body = models.TextField(help_text="Canonical JSON of every column.")

    row_rule = "EXISTS (SELECT 1 FROM record_revision AS r WHERE r.id = record_payload.revision_id)"
    """Who sees the revision sees its content: the rule on revisions is asked inside this one."""

    privacy: ClassVar[dict[str, str]] = {"revision_id": "internal", "object_id": "internal", "body": "as recorded"}


class Redaction(models.Model):
    """Words were taken out of one recorded state, by decision of two: what its payload must hash to since. Never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    revision_id = models.UUIDField(help_text="The revision whose payload was replaced.")
    object_id = models.UUIDField(help_text="The thing's public id.")
    entry_seq = models.BigIntegerField(unique=True, help_text="The entry written with it.")
    salt = models.TextField(help_text="Random, so that the commitment cannot be guessed from the payload.")
    commitment = models.TextField(help_text="SHA-256 over salt and the payload that stands since, hexadecimal.")
    at = models.DateTimeField(help_text="UTC.")

    only_added_to = True
    row_rule = "EXISTS (SELECT 1 FROM record_revision AS r WHERE r.id = record_redaction.revision_id)"
    """As with content: a salt lets whoever reads it try guesses at what stands there."""

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "revision_id", "object_id", "entry_seq", "salt", "commitment", "at"), "internal"
    )

    def binding(self) -> str:
        """Everything the entry's commitment covers."""
        return canonical_json({field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields})


ELSEWHERE = "vault"
"""The address of evidence whose bytes lie no longer in the store, but sealed with who gave them."""


class Recorded(Labelled):
    """A thing whose every state is kept: it changes only through `record.actions.write`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False, help_text="Public id; tells nothing.")
    times_written = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often it was written. Who writes it must have read the last state."
    )

    label_privacy: ClassVar[dict[str, str]] = {**Labelled.label_privacy, "times_written": "internal"}

    class Meta(Labelled.Meta):
        abstract = True

    @classmethod
    def kind(cls) -> str:
        """The kind's name in the record."""
        return cls._meta.label_lower

    def payload(self) -> str:
        """Canonical JSON of every column that says something of the thing: not how often it was written."""
        told = (field for field in self._meta.concrete_fields if field.name != "times_written")
        return canonical_json({field.attname: self._plain(field) for field in told})

    def _plain(self, field: models.Field[Any, Any]) -> Any:
        value = field.value_from_object(self)
        if isinstance(value, list | dict) or value is None:
            return value
        return field.to_python(value)

    def rests_with(self) -> Iterable[Recorded]:
        """Other recorded things that hold this one's content, and go when it goes."""
        return ()

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """Things of this kind that were made from `thing`: what they tell is never less sensitive than it."""
        return ()

    def made_from(self) -> Iterable[Recorded]:
        """What this one was made from: its label is never lowered below theirs."""
        return ()

    def read_from(self) -> Any:
        """The evidence whose bytes it was read from, which are raised with it."""
        return getattr(self, "evidence_id", None)

    def lowered_with(self) -> Iterable[Recorded]:
        """Recorded things that tell nothing beyond this one, and are lowered when it is."""
        return ()

    def relabel_traces(self) -> None:
        """Give what was derived from this one and is not itself recorded the label that it carries now."""

    def findable(self) -> Findable | None:
        """What people find it by, from its own columns alone; None for a kind that is not searched."""
        return None

    def departures(self) -> Iterable[Departure]:
        """Where its content went beyond the pages: each is called back when the source takes back its consent."""
        return ()

    def forget_traces(self) -> None:
        """Take away what was derived from this one's content and is not itself recorded."""

    def make_ready(self) -> None:
        """What must hold outside the database before this state is written."""

    @classmethod
    def from_payload(cls, body: dict[str, Any]) -> Recorded:
        """The thing as `payload` wrote it; columns that have come since take their defaults."""
        known = {field.attname: field for field in cls._meta.concrete_fields}
        return cls(**{name: known[name].to_python(value) for name, value in body.items() if name in known})


class Tombstone(models.Model):
    """Why the content of a thing was removed, by whom, and who agreed. Never changes; replayed after a restore."""

    object_id = models.UUIDField(primary_key=True, help_text="The thing whose content went.")
    kind = models.TextField(help_text="Its kind.")
    reason = models.TextField(help_text="Why, without the content itself.")
    by = models.TextField(help_text="Who removed it.")
    second = models.TextField(help_text="Who agreed.")
    at = models.DateTimeField(help_text="UTC.")

    only_added_to = True
    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("object_id", "kind", "reason", "by", "second", "at"), "internal")


class WorkingDraft(models.Model):
    """What one person has typed into a form and not yet handed over: outside the record, for that person alone."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.TextField(help_text="Whose it is: a person's id.")
    form = models.TextField(help_text="The form's own key, with the public id of what it is about.")
    fields = models.JSONField(help_text="What stands in each field: a list of texts by name.")
    level = models.PositiveSmallIntegerField(help_text="How much its writer could see then; needed to read it again.")
    at = models.DateTimeField(help_text="When it was last kept, UTC.")

    row_rule = (
        "EXISTS (SELECT 1 FROM forestall_sight() AS sight WHERE sight.elevation = 2"
        " OR (sight.active AND sight.person = record_workingdraft.person))"
    )
    """One's own alone, at any level: a draft that its writer could not find would stand in the way of the next."""

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        "person": "personal",
        "form": "internal",
        "fields": "personal",
        "level": "internal",
        "at": "personal",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="record_workingdraft_one_each")]


TAKEN = {
    "exported": say("taken out as it came"),
    "working copy taken": say("taken out as a working copy"),
}
"""Acts of custody after which somebody has a copy, and what they are called where it is called back."""


class Evidence(Recorded):
    """Bytes as they were received: named by their hash, kept apart by label, never changed."""

    name = models.TextField(help_text="The name they came under; as sensitive as the bytes.")
    media_type = models.TextField(help_text="What the bytes are, by their content.")
    sha256 = models.TextField(help_text="SHA-256 of the bytes, hexadecimal.")
    size = models.BigIntegerField(help_text="Number of bytes.")
    address = models.TextField(help_text="Where the store keeps them.")
    received_at = models.DateTimeField(help_text="When the office received them, UTC.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        "name": "personal",
        "media_type": "internal",
        "sha256": "internal",
        "size": "internal",
        "address": "internal",
        "received_at": "internal",
    }

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """The bytes that a thing was read from."""
        read_from = thing.read_from()
        return cls.objects.filter(pk=read_from) if read_from else ()

    def make_ready(self) -> None:
        """The bytes fit the label: sealed when it asks for it, their key wrapped under it."""
        from .evidence import fit_to_label

        fit_to_label(self)

    def forget_traces(self) -> None:
        """The bytes and their key leave the store once the act is committed."""
        from .evidence import forget

        forget(self)

    def departures(self) -> Iterable[Departure]:
        """Who took the bytes out, and when."""
        for act in Entry.objects.filter(object_id=self.id, verb__in=list(TAKEN)).order_by("seq"):
            yield Departure(TAKEN[act.verb], act.by, act.at)
