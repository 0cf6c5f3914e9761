"""Counting within a window, in the database, so that all processes count together and a restart forgets nothing."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from forestall.base.clock import now

from .models import Tally

KEPT = timedelta(days=1)


def named(*parts: str) -> str:
    """The keyed hash under which something is counted."""
    return hmac.digest(settings.SECRET_KEY.encode(), "\0".join(("tally", *parts)).encode(), "sha256").hex()


@transaction.atomic
def add(*parts: str, window: timedelta, many: int = 1) -> int:
    """Count `many` more, and return how many within the window. A window begins with the first and is never drawn out."""
    at = now()
    Tally.objects.filter(since__lt=at - KEPT).delete()
    row, _ = Tally.objects.select_for_update().get_or_create(key=named(*parts), defaults={"since": at})
    if not begun(row, at=at, window=window):
        row.count, row.since = 0, at
    row.count += many
    row.save()
    return row.count


@transaction.atomic
def take(*parts: str, window: timedelta, many: int, most: int) -> bool:
    """Count `many` more if that makes no more than `most` within the window; whether it did. Two at once take in turn."""
    if add(*parts, window=window, many=many) <= most:
        return True
    row = Tally.objects.get(key=named(*parts))
    row.count -= many
    row.save()
    return False


def begun(row: Tally, *, at: datetime, window: timedelta) -> bool:
    """Whether a window lasts. One that begins in the future (the clock was set back) is over: it holds nobody longer."""
    return row.since <= at < row.since + window


def count(*parts: str, window: timedelta) -> int:
    """How many were counted in the window that lasts now."""
    row = Tally.objects.filter(key=named(*parts)).first()
    return row.count if row is not None and begun(row, at=now(), window=window) else 0


def since(*parts: str) -> datetime | None:
    """When the counting began, if it did (UTC)."""
    return Tally.objects.filter(key=named(*parts)).values_list("since", flat=True).first()


@transaction.atomic
def take_back(*parts: str) -> None:
    """One less: what was counted beforehand turned out well."""
    row = Tally.objects.select_for_update().filter(key=named(*parts)).first()
    if row is not None and row.count:
        row.count -= 1
        row.save()


def forget(*parts: str) -> None:
    """Begin anew."""
    Tally.objects.filter(key=named(*parts)).delete()
