"""What the worker does and how often. Fixed times, whatever is watched, so that nothing shows in the rhythm."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from forestall.access import decisions
from forestall.access import queries as access
from forestall.access.actions import tell
from forestall.access.declared import job
from forestall.access.models import Notice
from forestall.access.session import bound_to, system_reader
from forestall.advising import queries as advising
from forestall.assessment import queries as assessment
from forestall.base.clock import today
from forestall.base.words import say
from forestall.keeping.backing import make_if_due
from forestall.monitoring import factsweep
from forestall.monitoring.actions import inforequest, silence
from forestall.record import leftover
from forestall.record.seals import seal
from forestall.record.verification import verify
from forestall.record.witnesses import tell_all
from forestall.retention import nightly
from forestall.search import index, residue, saved
from forestall.vault import keys, verification
from forestall.vault import queries as vault

from . import bringing, receiving
from .askers import put_due
from .asking import in_mind
from .watching import mail_notices, watch_machine

log = structlog.get_logger()
Job = Callable[[], None]
_next: dict[str, float] = {}
_brought: dict[str, tuple[str, ...]] = {}
"""What was last brought over from, by its hashes; a worker that starts anew looks once and finds nothing changed."""


def due_jobs() -> list[Job]:
    """Jobs whose time has come, each with its own failure kept to itself."""
    at = time.monotonic()
    due = [(name, every, work) for name, every, work in JOBS if _next.get(name, 0.0) <= at]
    for name, every, _ in due:
        _next[name] = at + every
    return [_guarded(name, work) for name, _, work in due]


def _guarded(name: str, work: Job) -> Job:
    def run() -> None:
        try:
            work()
        except Exception:  # one job's bug must not silence the others; the log tells
            log.exception("job failed", job=name)

    return run


@job(reader="worker")
def seal_log() -> None:
    """Seal the log when its fixed time has come; tell every witness what it still lacks."""
    try:
        seal()
    finally:
        tell_all()


@job(reader="worker")
def read_history() -> None:
    """Read the whole history and the index as the machine; tell the records officers where the history does not hold.

    An index that says something else than the things is made anew.
    """
    with bound_to(system_reader("worker", reason="the history is read")):
        found = verify()
    if not found.holds:
        log.error("the record does not hold", places=len(found.faults))
        officers = [str(one.id) for one in access.holders("records_officer")]
        message = say("The record does not hold. Places: %(count)s. Verify it, and look before anything else is written.", count=len(found.faults))
        _tell_once(officers, message, "record.history", UUID(int=0))
    if not index.compare().holds:
        log.warning("the search index was made anew", things=index.rebuild())


@job(reader="worker")
def sweep_store() -> None:
    """Take away what interrupted acts left in the store."""
    swept = leftover.sweep()
    if swept:
        log.warning("swept the store", files=swept)


@job(reader="worker")
def sweep_facts() -> None:
    """Take away what interrupted loads left in the store of facts."""
    with bound_to(system_reader("worker", reason="the store of facts is swept")):
        swept = factsweep.sweep()
    if swept:
        log.warning("swept the store of facts", files=swept)


@job(reader="worker")
def remind_of_due_days() -> None:
    """Tell authors whose ask has passed its day without an answer, and leads whose review is overdue: once each."""
    with bound_to(system_reader("worker", reason="due days")):
        for note in advising.unanswered():
            if note.decision_by and note.decision_by < today():
                message = say("Note %(reference)s: the day asked has passed. Record the answer, or silence.", reference=note.reference)
                _tell_once([note.author], message, note.kind(), note.id)
        for situation in assessment.overdue():
            message = say("%(title)s must be looked at again.", title=situation.title)
            _tell_once([situation.lead], message, situation.kind(), situation.id)


def _tell_once(people: list[str], message: Any, kind: str, object_id: Any) -> None:
    told = Notice.objects.filter(message=message.message, object_id=object_id, at__date=today()).exists()
    standing = Notice.objects.filter(message=message.message, object_id=object_id, read_at__isnull=True).exists()
    if not told and not standing:
        tell([one for one in people if one], words=message, kind=kind, object_id=object_id)


@job(reader="worker")
def record_silence() -> None:
    """Record as silence what bodies were asked and did not answer by its day."""
    with bound_to(system_reader("worker", reason="due days")) as session:
        inforequest.record_silence(by=session)


@job(reader="worker")
def lapse_proposals() -> None:
    """Close proposals that no second person answered in time."""
    with bound_to(system_reader("worker", reason="due days")) as session:
        decisions.lapse(by=session)


@job(reader="worker")
def care_for_vault() -> None:
    """Tell source handlers whose identity must be looked at again; finish what was broken off, when the key is here."""
    with bound_to(system_reader("worker", reason="due days")):
        for one in vault.review_overdue():
            message = say("%(code)s: is it still needed to keep who this source is? Look at it again.", code=one.code)
            _tell_once([one.keeper], message, one.kind(), one.id)
        if not keys.is_sealed():
            verification.mend()


@job(reader="worker")
def ask_saved_searches() -> None:
    """Ask the saved searches again, each as its owner, and put a notice without content where something is new."""
    saved.ask_again()


@job(reader="worker")
def sweep_residue() -> None:
    """Take from the disk what removals left in the search index, where that could not be done at once."""
    residue.sweep()


@job(reader="worker")
def keep_times() -> None:
    """Take away what the schedule lets go without a person, and tell officers of what waits for them.

    In an exercise, whose months are told and not lived, files stay.
    """
    with bound_to(system_reader("worker", reason="times of keeping")) as session:
        nightly.keep_times(by=session, files=not settings.HOME.is_exercise)
    nightly.tell_officers()


@job(reader="collector")
def ask_sources() -> None:
    """Have every source asked that is turned on and whose fixed time has come. An exercise asks nobody."""
    if not settings.HOME.is_exercise:
        put_due()


@job(reader="worker")
def watch_silences() -> None:
    """Look who stopped reporting on a country and who speaks again; tell of a silence once."""
    with bound_to(system_reader("worker", reason="who has stopped reporting")) as session:
        found = silence.watch(by=session)
    log.info("silences", began=len(found.began), ended=len(found.ended))


@job(reader="collector")
def bring_over() -> None:
    """Bring over what producers publish of mandates, decisions, reviews and treaties, when what is held of them has changed."""
    with bound_to(system_reader("collector", reason="what producers publish is brought over")) as session:
        held = bringing.held()
        if held and _brought.get("held") != held:
            told = bringing.bring_all(by=session)
            _brought["held"] = held
            log.info("brought over", **told)


@job(reader="collector")
def take_from_folder() -> None:
    """Take in what lies whole in the drop folder, where the office has named one."""
    receiving.take_from_folder(memory=in_mind())


@job(reader="worker")
def keep_backups() -> None:
    """Go on with the ledgers; make a backup when the settings ask for one."""
    make_if_due()


JOBS: tuple[tuple[str, float, Job], ...] = (
    ("seal_log", 60, seal_log),
    ("read_history", 86_400, read_history),
    ("sweep_store", 3600, sweep_store),
    ("sweep_facts", 86_400, sweep_facts),
    ("remind_of_due_days", 3600, remind_of_due_days),
    ("record_silence", 3600, record_silence),
    ("lapse_proposals", 3600, lapse_proposals),
    ("ask_saved_searches", 900, ask_saved_searches),
    ("care_for_vault", 3600, care_for_vault),
    ("mail_notices", 900, mail_notices),
    ("watch_machine", 300, watch_machine),
    ("sweep_residue", 600, sweep_residue),
    ("keep_backups", 60, keep_backups),
    ("ask_sources", 60, ask_sources),
    ("watch_silences", 86_400, watch_silences),
    ("bring_over", 900, bring_over),
    ("take_from_folder", 60, take_from_folder),
    ("keep_times", 86_400, keep_times),
)
"""Name, seconds between turns, and the work itself."""
