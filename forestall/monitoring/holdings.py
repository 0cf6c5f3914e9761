"""Which facts are held of a source, and where their files lie."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from forestall.panel.manifest import Manifest, read_manifest

from .models import Collection, Holding, Response, Run


def root() -> Path:
    """Where the files of facts lie in this home."""
    return Path(settings.HOME.facts)


def holding(collector: str) -> Holding | None:
    """What is held of a source, as far as it may be seen: on a past day, what was held then."""
    return Holding.objects.filter(collector=collector).first()


def holdings() -> list[Holding]:
    """What is held of every source, in the order of their ids."""
    return list(Holding.objects.order_by("collector"))


def manifest_of(held: Holding) -> Manifest:
    """The list of files. Raises `Malformed` when it is gone or was changed."""
    return read_manifest(root(), held.manifest)


def manifests() -> list[Manifest]:
    """The lists of files of every source that may be seen."""
    return [manifest_of(one) for one in holdings()]


def collection(collector: str) -> Collection | None:
    """Whether and how this office asks a source."""
    return Collection.objects.filter(collector=collector).first()


def last_run(collector: str) -> Run | None:
    """The latest turn of a collector."""
    return Run.objects.filter(collector=collector).order_by("-started_at").first()


def responses(collector: str, *, newest: int | None = None) -> list[Response]:
    """What a source answered, the latest first."""
    found = Response.objects.filter(collector=collector).order_by("-received_at", "-id")
    return list(found[:newest] if newest else found)


def size_of_answers(collector: str) -> int:
    """Bytes of all its kept answers."""
    kept: Iterable[int] = Response.objects.filter(collector=collector, evidence__isnull=False).values_list("evidence__size", flat=True)
    return sum(kept)


def answered_before(collector: str, *, url: str = "") -> bool:
    """Whether a source ever answered with content, at one address or at any."""
    found = Response.objects.filter(collector=collector, status=200)
    return (found.filter(url=url) if url else found).exists()


def usual_rows(collector: str, *, key: str, newest: int = 10) -> list[int]:
    """How many rows its latest whole answers of one kind held."""
    found = Response.objects.filter(collector=collector, key=key, status=200).order_by("-received_at")
    return list(found.values_list("rows", flat=True)[:newest])


def requests_since(collector: str, *, since: object) -> int:
    """How many requests the turns since a moment made."""
    counts: Iterable[int] = Run.objects.filter(collector=collector, started_at__gte=since).values_list("requests", flat=True)
    return sum(counts)
