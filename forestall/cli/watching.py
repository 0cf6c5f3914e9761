"""What the worker watches on the machine, and tells the administrators: mails that do not leave, the disk, the clock."""

from __future__ import annotations

import shutil
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from forestall.access import queries as access
from forestall.access.actions import tell
from forestall.access.declared import job
from forestall.access.models import Notice, Person
from forestall.base.clock import leapt, now
from forestall.base.words import Words, say
from forestall.search import saved

log = structlog.get_logger()
PATIENCE = timedelta(days=1)
"""How long a mail may wait before somebody is told."""
ROOM = 2 << 30
"""Bytes free on the disk below which somebody is told."""
KIND, ABOUT = "machine", UUID(int=0)
"""What these notices are about is no thing of the record."""


@job(reader="worker")
def mail_notices() -> None:
    """One mail for each person with something new, without content: who reads the wire learns that there is something.

    Who was not reached stays to be told. A relay that does not answer ends the turn; an address it refuses ends nobody else's.
    """
    if not settings.EMAIL_HOST:
        return
    saved.withdraw_what_closed()
    waiting = Notice.objects.filter(mailed_at__isnull=True, read_at__isnull=True)
    for person in Person.objects.filter(pk__in=waiting.values("person"), is_active=True).exclude(email=""):
        try:
            with transaction.atomic():
                waiting.filter(person=person).update(mailed_at=now())
                _send(person)
        except SMTPRecipientsRefused:
            log.warning("an address was refused")
        except OSError as error:
            log.warning("mails wait", kind=type(error).__name__)
            break
    _tell_of_waiting_mails()


def _send(person: Person) -> None:
    exercise = "EXERCISE: " if settings.HOME.is_exercise else ""
    EmailMessage(
        subject=f"{exercise}Forestall",
        body=f"{exercise}There is something new for you in Forestall.\n",
        to=[person.email],
        connection=get_connection(),
    ).send()


def _tell_of_waiting_mails() -> None:
    late = Notice.objects.filter(mailed_at__isnull=True, read_at__isnull=True, at__lt=now() - PATIENCE, person__is_active=True)
    count = late.exclude(person__email="").values("person").distinct().count()
    if count:
        _tell(say("Mails have not left for a day. They wait for: %(count)s. Look at the mail server and the addresses.", count=count))


@job(reader="worker")
def watch_machine() -> None:
    """Tell while the disk is nearly full, and while the clock is a leap ahead of the time that was lived through."""
    free = shutil.disk_usage(settings.HOME.path).free
    if free < ROOM:
        _tell(say("The disk is nearly full: %(count)s MB are free. Below 1000 nothing can be handed in.", count=free >> 20))
    ahead = leapt()
    if ahead:
        words = say(
            "The clock of the machine was put ahead by %(count)s minutes. Embargoes and times of keeping go on as before it."
            " When the clock is right, begin the program anew.",
            count=int(ahead.total_seconds() // 60),
        )
        _tell(words)


def _tell(words: Words) -> None:
    """Each administrator once, until they put it away; and then once more for each day it lasts."""
    for one in access.holders("administrator"):
        told = Notice.objects.filter(person=one, message=words.message)
        if not told.filter(read_at__isnull=True).exists() and not told.filter(at__gt=now() - PATIENCE).exists():
            tell([str(one.id)], words=words, kind=KIND, object_id=ABOUT)
