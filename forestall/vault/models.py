"""Tables of the room. What a pseudonym stands for lies in the vault's own file; all else here holds no identity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models, transaction

from forestall.record.models import Recorded

FIELDS = (
    "name", "contact", "location", "language", "reach", "never", "notes", "words", "consent", "person", "desk",
)  # fmt: skip
"""The sealed fields of an identity."""


class Pseudonym(Recorded):
    """What stands for a protected source on one desk. Tells nothing of who it is; its identity lies in the vault."""

    code = models.TextField(unique=True, help_text="Random, such as K-47R; never counted, never in an address.")
    desk = models.TextField(help_text="Key of the desk whose source this is.")
    keeper = models.TextField(help_text="Which source handler cares for this source: a person's id.")
    scopes = models.JSONField(default=list, help_text="What the source agrees to now: keys of labels.label.CONSENT_WORDS.")
    last_contact = models.DateField(null=True, blank=True, help_text="Day somebody last reached the source.")
    review_due = models.DateField(help_text="By when it is looked at whether the identity must still be kept.")
    state = models.TextField(default="kept", help_text="One of vault.states.PseudonymState.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        **dict.fromkeys(
            ("code", "desk", "keeper", "scopes", "last_contact", "review_due", "state"), "protected-source"
        ),
    }

    def __str__(self) -> str:
        return self.code

    def made_from(self) -> Iterable[Recorded]:
        """Itself: no decision lowers its label."""
        return (self,)

    def forget_traces(self) -> None:
        """The identity goes with it."""
        from .identities import erase

        transaction.on_commit(lambda: erase(self.id))


class Handover(Recorded):
    """Sources of one desk that go from one source handler to another, once two people agree."""

    desk = models.TextField(help_text="Key of the desk.")
    giver = models.TextField(help_text="Whose they are: a person's id.")
    taker = models.TextField(help_text="Who is to care for them: a person's id.")
    sources = models.JSONField(default=list, help_text="Public ids of the pseudonyms.")
    done = models.BooleanField(default=False, help_text="Whether two people agreed and it was done.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        **dict.fromkeys(("desk", "giver", "taker", "sources", "done"), "protected-source"),
    }

    def __str__(self) -> str:
        return self.desk


class Identity(models.Model):
    """In the vault: who somebody is, sealed field by field. Named by the public id of the pseudonym, and by nothing else."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="Public id of the pseudonym it stands behind.")
    key_id = models.TextField(help_text="Which generation of the vault's key it is sealed under.")
    waiting = models.BooleanField(default=False, help_text="Handed to a desk and not yet received there.")
    name = models.BinaryField(help_text="Sealed: the name.")
    contact = models.BinaryField(help_text="Sealed: addresses and numbers.")
    location = models.BinaryField(help_text="Sealed: where the person is.")
    language = models.BinaryField(help_text="Sealed: in which language to speak.")
    reach = models.BinaryField(help_text="Sealed: how to reach the person safely.")
    never = models.BinaryField(help_text="Sealed: what may never be done.")
    notes = models.BinaryField(help_text="Sealed: what else a handler must know.")
    words = models.BinaryField(help_text="Sealed: the words that tell who it is, wherever they stand.")
    consent = models.BinaryField(help_text="Sealed: what was agreed to or taken back, when, and recorded by whom.")
    person = models.BinaryField(help_text="Sealed: the same for one person on every desk.")
    desk = models.BinaryField(help_text="Sealed: key of the desk whose source it is.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "secret",
        "key_id": "secret",
        "waiting": "secret",
        **dict.fromkeys(FIELDS, "protected-source"),
    }

    def __str__(self) -> str:
        return "identity"


class Original(models.Model):
    """In the vault: bytes as they were received that tell who a source is."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="Public id of the evidence.")
    identity = models.UUIDField(help_text="Whose identity they tell.")
    key_id = models.TextField(help_text="Which generation of the vault's key they are sealed under.")
    content = models.BinaryField(help_text="Sealed: the bytes.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "secret", "identity": "secret", "key_id": "secret", "content": "protected-source",
    }  # fmt: skip


class Guess(models.Model):
    """In the vault: that a text of somebody's was refused because it named a source. Nobody learns names by trying."""

    id = models.BigAutoField(primary_key=True, help_text="Row.")
    identity = models.UUIDField(help_text="Which identity the text named.")
    person = models.TextField(help_text="Whose text it was: a person's id.")
    day = models.DateField(help_text="UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "identity", "person", "day"), "secret")
