"""The writers of people, offices, links and notices. Each writes an entry in the same transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from forestall.base.canonical import sha256
from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.identifiers import new_id
from forestall.base.words import Words, kept, say
from forestall.labels.label import spell
from forestall.record.actions import note

from . import passwords, policies, roles, signins
from .models import Desk, EntryLink, Grant, Leave, Notice, Office, OfficerInCharge, Person, Recusal, SignIn
from .session import Session


def _noted(session: Session, verb: str, *, kind: str, object_id: UUID) -> None:
    note(by=session.person_id, verb=verb, kind=kind, object_id=object_id)


@transaction.atomic
def add_person(
    *,
    username: str,
    name: str,
    clearance: int,
    by: Session,
    title: str = "",
    email: str = "",
    language: str = "en",
    compartments: frozenset[str] = frozenset(),
    password: str | None = None,
) -> Person:
    """Somebody new. Without a password they come in by an invitation. Refuses a name already taken."""
    by.check_may("people.keep")
    policies.check_clearance_granted(granter_level=3, level=clearance)
    policies.check_granted_alone(level=clearance, person=by.person_id)
    if password is not None:
        passwords.check(password, about=(username, name))
    if Person.objects.filter(username=username).exists():
        raise Refused(say("The sign-in name %(name)s is taken.", name=username))
    person = Person(
        username=username, name=name, title=title, email=email, language=language, clearance=clearance
    )
    person.grant(*compartments)
    person.set_password(password)
    person.save()
    _noted(by, "person added", kind="access.person", object_id=person.id)
    return person


@transaction.atomic
def give_role(person: Person, *, role: str, by: Session, since: date | None = None, until: date | None = None) -> Grant:
    """Give a role from `since` (today) to `until` (until further notice). Giving it twice changes nothing."""
    by.check_may("people.keep")
    roles.role(role)
    first = since or today()
    policies.check_days(since=first, until=until)
    grant, made = Grant.objects.get_or_create(person=person, role=role, until=until, defaults={"since": first})
    if made:
        _noted(by, f"role given: {role}", kind="access.person", object_id=person.id)
    return grant


@transaction.atomic
def end_role(grant: Grant, *, by: Session) -> None:
    """End a role with yesterday: it counts no more from now on."""
    by.check_may("people.keep")
    grant.until = today() - timedelta(days=1)
    grant.since = min(grant.since, grant.until)
    grant.save()
    _noted(by, f"role ended: {grant.role}", kind="access.person", object_id=grant.person_id)


@transaction.atomic
def grant_compartments(person: Person, *, compartments: frozenset[str], by: Session) -> None:
    """Put a person on desks. Refuses one's own person, and whatever no desk owns: that takes two."""
    by.check_may("people.keep")
    policies.check_not_subject(person=by.person_id, subject=str(person.id))
    if not by.person_id.startswith("system:"):
        policies.check_desks_alone(compartments=compartments)
    let_into(person, compartments=compartments, by=by.person_id)


def let_into(person: Person, *, compartments: frozenset[str], by: str, second: str = "") -> None:
    """Let a person into compartments; `second` is who agreed where two had to."""
    person.grant(*compartments)
    person.save()
    note(by=by, verb="compartments granted", kind="access.person", object_id=person.id)
    if second:
        note(by=second, verb="compartments agreed", kind="access.person", object_id=person.id)


@transaction.atomic
def take_compartment(person: Person, *, compartment: str, by: Session) -> None:
    """Let a person no longer into a compartment. Their next page already tells."""
    by.check_may("people.keep")
    person.compartments = spell(person.granted - {compartment})
    person.save()
    _noted(by, "compartment taken", kind="access.person", object_id=person.id)


@transaction.atomic
def recuse(person: Person, *, compartment: str, by: Session) -> Recusal:
    """Take a compartment from a person from today on, whatever was granted."""
    by.check_may("people.keep")
    recusal = Recusal.objects.create(person=person, compartment=compartment, since=today())
    _noted(by, "recused", kind="access.person", object_id=person.id)
    return recusal


@transaction.atomic
def end_recusal(recusal: Recusal, *, by: Session) -> None:
    """End a recusal with yesterday. Refuses one's own."""
    by.check_may("people.keep")
    policies.check_not_subject(person=by.person_id, subject=str(recusal.person_id))
    recusal.until = today() - timedelta(days=1)
    recusal.since = min(recusal.since, recusal.until)
    recusal.save()
    _noted(by, "recusal ended", kind="access.person", object_id=recusal.person_id)


@transaction.atomic
def set_active(person: Person, *, active: bool, by: Session) -> None:
    """Let a person in again, or no more. Their next request already tells."""
    by.check_may("people.keep")
    if str(person.id) == by.person_id:
        raise Refused(say("You cannot end your own account. Ask another administrator."))
    person.is_active = active
    person.save()
    signins.end_all(person, by=by.person_id)
    _noted(by, "account opened" if active else "account ended", kind="access.person", object_id=person.id)


@transaction.atomic
def keep_desk(*, key: str, title: str, places: frozenset[str], by: Session) -> Desk:
    """Make a desk or change what it works on."""
    by.check_may("people.keep")
    desk, _ = Desk.objects.update_or_create(
        key=key, defaults={"title": title, "places": "," + ",".join(sorted(places)) + "," if places else ""}
    )
    _noted(by, f"desk kept: {key}", kind="access.desk", object_id=new_id())
    return desk


@transaction.atomic
def keep_office(*, key: str, title: str, holder: Person | None, alternate: Person | None, by: Session) -> Office:
    """Name who holds a clearing office and who stands in."""
    by.check_may("people.keep")
    if holder is not None and alternate is not None:
        policies.check_stand_in(holder=str(holder.id), person=str(alternate.id))
    office, _ = Office.objects.update_or_create(
        key=key, defaults={"title": title, "holder": holder, "alternate": alternate}
    )
    _noted(by, f"office kept: {key}", kind="access.office", object_id=new_id())
    return office


@transaction.atomic
def put_in_charge(office: Office, *, person: Person, since: date, until: date, by: Session) -> OfficerInCharge:
    """Name an officer-in-charge for some days; acts then read *A for B*."""
    by.check_may("people.keep")
    policies.check_days(since=since, until=until)
    policies.check_stand_in(holder=str(office.holder_id), person=str(person.id))
    charge = OfficerInCharge.objects.create(office=office, person=person, since=since, until=until)
    _noted(by, f"in charge: {office.key}", kind="access.person", object_id=person.id)
    return charge


@transaction.atomic
def take_leave(
    person: Person, *, since: date, until: date, handed_to: Person, handover: str, by: Session
) -> Leave:
    """Note days away and hand the work over; the other is told."""
    if by.person_id != str(person.id):
        by.check_may("people.keep")
    policies.check_days(since=since, until=until)
    policies.check_stand_in(holder=str(person.id), person=str(handed_to.id))
    leave = Leave.objects.create(
        person=person, since=since, until=until, handed_to=handed_to, handover=handover
    )
    tell(
        [str(handed_to.id)],
        words=say("%(name)s is away from %(since)s to %(until)s and handed work over to you.",
                  name=person.name, since=since.isoformat(), until=until.isoformat()),
        kind="access.leave",
        object_id=leave.id,
    )  # fmt: skip
    _noted(by, "leave noted", kind="access.person", object_id=person.id)
    return leave


def make_link(*, purpose: str, minutes: int, person: Person | None = None) -> str:
    """A token that works once, within `minutes`. Only its hash is kept; the caller shows it to one person."""
    token = secrets.token_urlsafe(24)
    EntryLink.objects.create(
        digest=sha256(token), purpose=purpose, person=person, expires_at=now() + timedelta(minutes=minutes)
    )
    return token


@transaction.atomic
def use_link(token: str, *, purpose: str) -> EntryLink | None:
    """Use a link up. None when it never was, is for something else, was used, or is too old: all the same."""
    link = EntryLink.objects.select_for_update().filter(digest=sha256(token), purpose=purpose).first()
    if link is None or link.used_at is not None or link.expires_at < now():
        return None
    link.used_at = now()
    link.save()
    return link


@transaction.atomic
def set_password(person: Person, *, password: str, keeping: SignIn | None = None) -> None:
    """A person chooses their own password: by an invitation, or having shown the old one in the sign-in `keeping`.

    Every other sign-in of theirs ends. Refuses a password that is easy to guess, and the one they have.
    """
    passwords.check(password, about=(person.username, person.name))
    if person.has_usable_password() and person.check_password(password):
        raise Refused(say("That is the password you have. Choose another."))
    person.set_password(password)
    person.save()
    signins.end_all(person, by=str(person.id), but=keeping)
    note(by=str(person.id), verb="password set", kind="access.person", object_id=person.id)


@transaction.atomic
def take_password(person: Person, *, by: Session) -> None:
    """No password lets this person in any more, until an invitation. For one that was changed and has come back."""
    by.check_may("people.keep")
    person.set_unusable_password()
    person.save()
    signins.end_all(person, by=by.person_id)
    _noted(by, "password taken", kind="access.person", object_id=person.id)


def tell(people: list[str], *, words: Words, kind: str, object_id: UUID, due: date | None = None) -> None:
    """Put a notice on these people's Today. Mail follows from the worker, without content."""
    for person_id in dict.fromkeys(people):
        if not person_id.startswith("system:"):
            Notice.objects.create(
                person_id=person_id,
                message=words.message,
                parameters=kept(words)["parameters"],
                kind=kind,
                object_id=object_id,
                at=now(),
                due=due,
            )


def withdraw(notice: Notice) -> None:
    """Take a notice back before it was read or mailed: what it told of is no longer for its reader."""
    if notice.read_at is None:
        notice.delete()


def reword_notices(rewrite: Callable[[str], str], *, about: Collection[UUID]) -> None:
    """Rewrite what notices about these things say, whoever has them; others would tell what stands for the words."""
    for one in Notice.objects.filter(object_id__in=about):
        told = {name: rewrite(value) if isinstance(value, str) else value for name, value in one.parameters.items()}
        if told != one.parameters:
            one.parameters = told
            one.save()


def put_away(notice: Notice, *, by: Session) -> None:
    """A person has seen a notice. Refuses another's."""
    if str(notice.person_id) != by.person_id:
        raise Refused(say("This notice is not yours."))
    notice.read_at = now()
    notice.save()


@transaction.atomic
def change_clearance(person: Person, *, level: int, by: Session, second: str = "") -> None:
    """Change the highest level a person may see. Level 3 needs a `second` administrator, and neither is the person."""
    by.check_may("people.keep")
    policies.check_clearance_granted(granter_level=3, level=level)
    if second:
        policies.check_two(by=by.person_id, second=second, subject=str(person.id))
    else:
        policies.check_granted_alone(level=level, person=by.person_id)
    person.clearance = level
    person.save()
    signins.end_all(person, by=by.person_id)
    _noted(by, f"clearance changed: {level}", kind="access.person", object_id=person.id)
    if second:
        note(by=second, verb="clearance agreed", kind="access.person", object_id=person.id)


@transaction.atomic
def taken_out(*, what: str, by: Session) -> None:
    """Note that somebody took a table or a sheet of their own view out of the workspace."""
    note(by=by.person_id, verb=f"exported: {what}", kind="access.person", object_id=UUID(by.person_id))


@transaction.atomic
def invite(person: Person, *, minutes: int, by: Session) -> str:
    """A token with which somebody chooses a password, once, within `minutes`. Shown to the inviter alone, once."""
    by.check_may("people.keep")
    if not person.is_active:
        raise Refused(say("This account has ended. Open it again first."))
    _noted(by, "invited", kind="access.person", object_id=person.id)
    return make_link(purpose="invitation", minutes=minutes, person=person)
