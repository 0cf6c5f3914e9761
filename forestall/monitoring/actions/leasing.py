"""Who asks a source: one process at a time, and never one that slept through its turn."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.monitoring.models import Lease

LASTS = timedelta(minutes=30)


@transaction.atomic
def take(collector: str) -> int:
    """Take the turn of asking. Returns the fence to show with every write; raises `Refused` while another has it."""
    lease, _ = Lease.objects.select_for_update().get_or_create(collector=collector, defaults={"until": now()})
    if lease.until > now():
        raise Refused(say("%(collector)s is being asked just now.", collector=collector))
    lease.fence += 1
    lease.until = now() + LASTS
    lease.save()
    return lease.fence


def hold(collector: str, *, fence: int) -> None:
    """Inside a transaction: go on with the turn, or raise `Refused` when another took it in the meantime."""
    lease = Lease.objects.select_for_update().filter(collector=collector, fence=fence).first()
    if lease is None:
        raise Refused(say("Another process asks %(collector)s now. Nothing of this was kept.", collector=collector))
    lease.until = now() + LASTS
    lease.save()


def taken(collector: str) -> bool:
    """Whether somebody asks it just now."""
    return Lease.objects.filter(collector=collector, until__gt=now()).exists()


@transaction.atomic
def release(collector: str, *, fence: int) -> None:
    """End the turn, if it is still ours."""
    Lease.objects.filter(collector=collector, fence=fence).update(until=now())
