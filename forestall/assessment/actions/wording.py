"""Holding our wording of a framework against the official text: keeping the copy, accepting indicator by indicator.

Acceptances stand in the home, in a file that is only ever added to (`frameworks.acceptance`); the record notes each.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from forestall.access.session import Session
from forestall.assessment.wording import OFFICIAL_TEXT, comparison
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.frameworks import load
from forestall.frameworks.acceptance import ACCEPTANCES, Acceptance, accept, record_acceptances
from forestall.frameworks.officialtext import MOST_BYTES, read_official
from forestall.labels.label import Label, Level
from forestall.record import evidence
from forestall.record.actions import note
from forestall.record.models import Evidence


@transaction.atomic
def keep_official_text(content: bytes, *, framework: str, by: Session) -> Evidence:
    """Keep somebody's own copy of an official text, to compare with. It stays in the home and is handed to nobody.

    Raises `Refused` for a framework that nobody knows, and `Malformed` for a file that holds no numbered indicators.
    """
    by.check_may("framework.accept")
    load(framework)
    if len(content) > MOST_BYTES:
        raise Refused(say("The file is too large. Official texts are smaller than 50 MB."))
    read_official(content)
    label = Label(level=Level.INTERNAL)
    return evidence.keep(content, name=f"{framework}.pdf", media_type=OFFICIAL_TEXT, label=label, by=by.person_id)


@transaction.atomic
def accept_wording(
    text: Evidence, *, framework: str, numbers: Sequence[str], language: str, by: Session
) -> tuple[Acceptance, ...]:
    """Accept our wording of these indicators as holding the meaning of the official text, by name.

    Raises `Refused` when no number is chosen, when the name is not a full one, or when a number was not laid beside
    official words.
    """
    by.check_may("framework.accept")
    if not numbers:
        raise Refused(say("Choose the indicators whose wording you have read beside the official text."))
    given = accept(comparison(text, framework=framework, language=language), numbers=numbers, by=by.name)
    note(by=by.person_id, verb=f"wording accepted: {', '.join(numbers)}", kind=text.kind(), object_id=text.id)
    record_acceptances(settings.HOME.path / ACCEPTANCES, acceptances=given)
    return given
