"""People, the roles and desks they hold, the offices that clear, who stands in for whom, and what two people decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.labels.label import spell, unspell
from forestall.record.departure import Departure
from forestall.record.models import Recorded


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        """A person who can sign in; without a password until one is set through an invitation."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody of the Office. Clearance decides sight, roles decide verbs; neither widens the other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False, help_text="Public id; tells nothing.")
    username = models.TextField(unique=True, help_text="The name used to sign in.")
    name = models.TextField(help_text="As it reads on a note.")
    title = models.TextField(default="", blank=True, help_text="Functional title.")
    email = models.EmailField(default="", blank=True, help_text="Where content-free notices go.")
    language = models.TextField(default="en", help_text="Language of the pages, BCP-47.")
    clearance = models.PositiveSmallIntegerField(default=1, help_text="Highest level this person may see.")
    compartments = models.TextField(default="", blank=True, help_text="Compartments granted, as `,a,b,`.")
    is_active = models.BooleanField(default=True, help_text="False: signs in no more and sees nothing.")
    subject = models.TextField(
        default="", blank=True, help_text="Who this is to the office's identity provider, once signed in by it."
    )

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        "username": "personal",
        "name": "personal",
        "title": "personal",
        "email": "personal",
        "language": "personal",
        "clearance": "internal",
        "compartments": "internal",
        "is_active": "internal",
        "subject": "personal",
        "password": "secret",
        "last_login": "personal",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clearance__gte=0, clearance__lte=3), name="access_person_clearance_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def granted(self) -> frozenset[str]:
        """Compartments granted, before recusals."""
        return unspell(self.compartments)

    def grant(self, *compartments: str) -> None:
        """Add compartments (not saved)."""
        self.compartments = spell(self.granted | set(compartments))


class Grant(models.Model):
    """One role held by one person between two days."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants", help_text="Who holds it.")
    role = models.TextField(help_text="Id of the role.")
    since = models.DateField(help_text="First day.")
    until = models.DateField(null=True, blank=True, help_text="Last day; empty while it lasts.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "person", "role", "since", "until"), "internal")


class Desk(models.Model):
    """A desk works on some countries; its compartment is `desk:key`."""

    key = models.TextField(primary_key=True, help_text="Short name, used in the compartment.")
    title = models.TextField(help_text="As people call it.")
    places = models.TextField(default="", blank=True, help_text="ISO3 codes it works on, as `,a,b,`.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("key", "title", "places"), "internal")

    @property
    def compartment(self) -> str:
        return f"desk:{self.key}"


class Office(models.Model):
    """A clearing office: holder, alternate, and for named days an officer-in-charge. Acts then read *A for B*."""

    key = models.TextField(primary_key=True, help_text="second_reader, director, special_adviser, duty.")
    title = models.TextField(help_text="As it reads on a sheet.")
    holder = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="Who holds the office."
    )
    alternate = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who acts for the holder."
    )

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("key", "title", "holder", "alternate"), "internal")


class OfficerInCharge(models.Model):
    """Somebody who acts for an office's holder between two days."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="in_charge", help_text="Which office.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", help_text="Who acts.")
    since = models.DateField(help_text="First day.")
    until = models.DateField(help_text="Last day.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "office", "person", "since", "until"), "internal")


class Recusal(models.Model):
    """A compartment taken from a person who must not see it, whatever was granted."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals", help_text="Who.")
    compartment = models.TextField(help_text="What is taken.")
    since = models.DateField(help_text="First day.")
    until = models.DateField(null=True, blank=True, help_text="Last day; empty while it lasts.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "person", "compartment", "since", "until"), "internal")


class Leave(models.Model):
    """Days a person is away, and to whom the work was handed."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves", help_text="Who is away.")
    since = models.DateField(help_text="First day away.")
    until = models.DateField(help_text="Last day away.")
    handed_to = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="Who takes the work over."
    )
    handover = models.TextField(help_text="What the other must know.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        "person": "personal",
        "since": "personal",
        "until": "personal",
        "handed_to": "personal",
        "handover": "as recorded",
    }


class EntryLink(models.Model):
    """A link printed on the terminal that opens an exercise home once, from this machine alone; or an invitation.

    Only its hash is kept.
    """

    digest = models.TextField(primary_key=True, help_text="SHA-256 of the token.")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="+", help_text="Whose invitation; empty: exercise."
    )
    purpose = models.TextField(help_text="exercise or invitation.")
    expires_at = models.DateTimeField(help_text="UTC.")
    used_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty while unused.")

    privacy: ClassVar[dict[str, str]] = {
        "digest": "secret",
        "person": "internal",
        "purpose": "internal",
        "expires_at": "internal",
        "used_at": "internal",
    }


class Notice(models.Model):
    """What a move told somebody: lands on Today, and leaves by mail without content."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices", help_text="Who is told.")
    message = models.TextField(help_text="Message id of the sentence, translated when shown.")
    parameters = models.JSONField(default=dict, help_text="Plain parameters of the sentence.")
    kind = models.TextField(help_text="The kind of thing it is about.")
    object_id = models.UUIDField(help_text="The thing; shown only when its reader may see it then.")
    at = models.DateTimeField(help_text="When, UTC.")
    due = models.DateField(null=True, blank=True, help_text="By when something is asked.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was put away, UTC.")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="When a content-free mail left, UTC.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        "person": "internal",
        "message": "internal",
        "parameters": "as recorded",
        "kind": "internal",
        "object_id": "internal",
        "at": "internal",
        "due": "internal",
        "read_at": "internal",
        "mailed_at": "internal",
    }


class Decision(Recorded):
    """What one person proposed and a second must agree to. As sensitive as what it is about, for its reason may quote it."""

    matter = models.TextField(help_text="What is decided: the key of a matter.")
    about_kind = models.TextField(help_text="The kind of thing it is about.")
    about_id = models.UUIDField(help_text="The thing's public id.")
    terms = models.JSONField(default=dict, help_text="What exactly is to be done, as plain values.")
    reason = models.TextField(help_text="Why, in the words of whoever proposed it.")
    proposer = models.TextField(help_text="Who proposed: a person's id.")
    second = models.TextField(default="", blank=True, help_text="Who agreed or did not: a person's id.")
    answer = models.TextField(default="", blank=True, help_text="What the second person said.")
    state = models.TextField(default="proposed", help_text="One of access.states.DecisionState.")
    proposed_at = models.DateTimeField(help_text="UTC.")
    lapses_at = models.DateTimeField(help_text="When it can no longer be agreed to, UTC.")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty while it waits.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "matter", "about_kind", "about_id", "proposer", "second", "state", "proposed_at", "lapses_at", "decided_at"),
            "internal",
        ),
        **dict.fromkeys(("terms", "reason", "answer"), "as recorded"),
    }

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["about_id"], name="access_decision_about")]

    @classmethod
    def resting_on(cls, thing: Recorded) -> Iterable[Recorded]:
        """What was decided about a thing tells of it."""
        return cls.objects.filter(about_id=thing.id)

    def departures(self) -> Iterable[Departure]:
        """Where content went by what was agreed."""
        from .matters import MATTERS

        decided = MATTERS.get(self.matter)
        if decided is None or decided.departed is None or self.state != "agreed":
            return ()
        return (decided.departed(self),)


class TakingOut(Recorded):
    """A long table somebody asked to take out as a file. Two people decide it; then it may be taken for a day."""

    person = models.TextField(help_text="Who asked: a person's id.")
    address = models.TextField(help_text="The page with what it was narrowed to; the table is what its reader sees there.")
    file_name = models.TextField(help_text="The name of the file.")
    row_count = models.PositiveIntegerField(help_text="Confidential rows it had when it was asked for.")
    asked_at = models.DateTimeField(help_text="UTC.")
    until = models.DateTimeField(null=True, blank=True, help_text="Until when it may be taken, UTC; empty until agreed to.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "person", "file_name", "row_count", "asked_at", "until"), "internal"),
        "address": "as recorded",
    }

    def departures(self) -> Iterable[Departure]:
        """To whom it went, once it could be taken."""
        return () if self.until is None else (Departure(say("taken out as a table"), self.person, self.until),)


class EmergencyGrant(models.Model):
    """The bare fact that a compartment is open for a person until a moment; why stands in the opening."""

    opening = models.UUIDField(primary_key=True, help_text="Public id of the opening.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="emergency_grants", help_text="For whom.")
    compartment = models.TextField(help_text="What is open.")
    since = models.DateTimeField(help_text="UTC.")
    until = models.DateTimeField(help_text="When it closes by itself, UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("opening", "person", "compartment", "since", "until"), "internal"
    )


class Opening(Recorded):
    """A compartment opened in an emergency, by two people, for a third, for one hour. Never silent."""

    person = models.TextField(help_text="For whom: a person's id.")
    compartment = models.TextField(help_text="What was opened.")
    by = models.TextField(help_text="Who proposed it.")
    second = models.TextField(help_text="Who agreed.")
    reason = models.TextField(help_text="Why.")
    since = models.DateTimeField(help_text="UTC.")
    until = models.DateTimeField(help_text="When it closes by itself, UTC.")
    report = models.TextField(default="", blank=True, help_text="What was looked at and why, by whom it was opened for.")
    reported_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty until the report is written.")

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "person", "compartment", "by", "second", "since", "until", "reported_at"), "internal"
        ),
        **dict.fromkeys(("reason", "report"), "as recorded"),
    }


class SignIn(models.Model):
    """One browser in which a person is signed in, from its first page to its end. The cookie names it; no address is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, help_text="Public id.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ins", help_text="Who.")
    since = models.DateTimeField(help_text="When it began, UTC.")
    seen_at = models.DateTimeField(help_text="Last request, UTC, to the minute.")
    proven_at = models.DateTimeField(null=True, blank=True, help_text="Last second factor, UTC; empty without one.")
    how = models.TextField(default="", help_text="password, code, recovery code, key, provider or link.")
    browser = models.TextField(default="", blank=True, help_text="Family of browser and system; no version.")
    network = models.TextField(default="", blank=True, help_text="Network, cut to /24 or /48; never the address.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it ended, UTC; empty while it lasts.")
    ended_by = models.TextField(default="", blank=True, help_text="Why or by whom it ended.")

    privacy: ClassVar[dict[str, str]] = {
        "id": "internal",
        "person": "personal",
        "since": "personal",
        "seen_at": "personal",
        "proven_at": "personal",
        "how": "personal",
        "browser": "personal",
        "network": "personal",
        "ended_at": "personal",
        "ended_by": "personal",
    }

    class Meta:
        indexes = [models.Index(fields=["person", "ended_at"], name="access_sign_in_open")]


class Tally(models.Model):
    """How often something happened since a moment: wrong passwords of a name from a network, strict items a person opened.

    What is counted is a keyed hash: nobody reads from here who tried what.
    """

    key = models.TextField(primary_key=True, help_text="Keyed hash of what is counted.")
    count = models.PositiveIntegerField(default=0, help_text="How often.")
    since = models.DateTimeField(db_index=True, help_text="When the counting began, UTC.")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("key", "count", "since"), "internal")
