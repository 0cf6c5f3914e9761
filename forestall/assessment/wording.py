"""Frameworks with the wording that this home's people have held against the official text, and the comparison itself."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from forestall.frameworks import load
from forestall.frameworks.acceptance import ACCEPTANCES, Acceptance, read_acceptances, with_acceptances
from forestall.frameworks.framework import Framework
from forestall.frameworks.officialtext import OfficialText, read_official
from forestall.frameworks.wordingcheck import Comparison, compare
from forestall.record.evidence import content
from forestall.record.models import Evidence

OFFICIAL_TEXT = "official-text"


def framework_here(framework_id: str, *, version: str | None = None) -> Framework:
    """A framework with the wording that this home's people have accepted. Raises `Refused` for an unknown one."""
    return with_acceptances(load(framework_id, version), acceptances_here())


def acceptances_here() -> tuple[Acceptance, ...]:
    """Every acceptance of wording in this home, oldest first."""
    return read_acceptances(settings.HOME.path / ACCEPTANCES)


def official_text(evidence_id: UUID) -> Evidence | None:
    """A copy of an official text that somebody handed in to compare with, if it may be seen."""
    return Evidence.objects.filter(pk=evidence_id, media_type=OFFICIAL_TEXT).first()


def comparison(text: Evidence, *, framework: str, language: str) -> Comparison:
    """Our words beside the official ones. Raises `Malformed` when the kept bytes no longer match their hash."""
    return compare(framework_here(framework), _read(text.sha256, content(text)), language=language)


@lru_cache(maxsize=2)
def _read(sha256: str, official: bytes) -> OfficialText:
    """Reading a long PDF takes seconds; the page that compares is asked for several times."""
    return read_official(official)
