"""What a demonstration did, and the report of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from forestall.access.session import bound_to, system_reader
from forestall.advising import queries as advising
from forestall.advising.models import AdvisoryNote
from forestall.assessment import queries as assessment
from forestall.assessment.models import Assessment
from forestall.base.clock import now
from forestall.base.words import Words
from forestall.collecting.flags import SENTENCES, TOLD, FlagCode
from forestall.collecting.record import RecordKind
from forestall.exercises import Exercise
from forestall.forecasting import actions as forecasting
from forestall.forecasting import figures
from forestall.forecasting import queries as forecasts
from forestall.forecasting.models import ForecastRun
from forestall.frameworks.loading import load
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import copies, silence
from forestall.monitoring.actions.intake import Taken, take_in
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.seals import seal
from forestall.record.verification import verify
from forestall.record.witnesses import tell_all

from .progress import Progress

RISKMODEL = "osv-logistic"


@dataclass
class Done:
    """What a demonstration did, or found done."""

    taken: list[Taken] = field(default_factory=list)
    assessment: Assessment | None = None
    note: AdvisoryNote | None = None


def collect(folder: Path, exercise: Exercise, *, progress: Progress) -> Done:
    """Collect a folder of the user's own files: everything but judging, which is a person's."""

    progress.say("Collecting your files")
    readers = Readers.with_framework(load("unfaac-2014"), exercise=exercise)
    with bound_to(system_reader("collector", reason="a folder to try")) as collector:
        done = Done(taken=list(take_in(folder, by=collector, readers=readers, received_at=now())))
        progress.say("Recognising copies")
        copies.recognise([item for taken in done.taken for item in taken.items], by=collector)
    return done


def play_or_find(exercise: Exercise, *, progress: Progress) -> Done:
    """Play the exercise, or find it played: a second time changes nothing."""
    from .exercise.playing import play

    with bound_to(system_reader("exercise", reason="look whether it was played")):
        notes = advising.notes()
        if notes:
            return _found(notes[0])
    progress.say(f"Playing {exercise.country.names['en']}: collecting, weighing, judging, week by week")
    played = play(exercise, tell=lambda step, share: progress.share(share))
    return Done(played.taken, played.assessment, played.note)


def watch_silences() -> None:
    """Who had stopped reporting by then, as the worker notices it every day."""
    with bound_to(system_reader("worker", reason="who has stopped reporting")) as worker:
        silence.watch(by=worker)


def _found(note: AdvisoryNote) -> Done:
    taken = [
        Taken(file=name, outcome="duplicate", level=level) for name, level in monitoring.files_received()
    ]
    return Done(taken, note.warning.assessment, note)


def forecast() -> ForecastRun:
    """The world ranking from the figures at hand."""
    with (
        bound_to(system_reader("forecaster", reason="the demonstration")) as forecaster,
        transaction.atomic(),
    ):
        return forecasting.run(
            figures.years(), riskmodel=RISKMODEL, by=forecaster, attribution=figures.attribution()
        )


def report(done: Done, run: ForecastRun, *, top: int) -> dict[str, Any]:
    """The report as plain values, after signing and verifying the record."""
    with bound_to(system_reader("exercise", reason="the sheets as files")):
        note = _note(done.note)
    seal()
    tell_all()
    with bound_to(system_reader("keeper", reason="the report")):
        verified = verify()
        ranked = forecasts.forecasts(run)
        items = monitoring.counts()
        return {
            "files": [_file(taken) for taken in done.taken],
            "items": items["items"],
            "quarantined": items["quarantined"],
            "copies": items["copies"],
            "observations": items["observations"],
            "languages": dict(Counter(one for taken in done.taken for one in taken.languages)),
            "countries": dict(Counter(one for taken in done.taken for one in taken.countries)),
            "states_ranked": len(ranked),
            "top": [
                {
                    "iso3": one.iso3,
                    "probability": round(one.probability, 4),
                    "interval": [round(one.low, 4), round(one.high, 4)],
                }
                for one in ranked[:top]
            ],
            "skill": {name: round(run.skill[name], 4) for name in ("auc", "ap", "brier", "onset_auc")},
            "assessment": _assessment(done.assessment),
            "note": note,
            "log": {"entries": verified.entries, "verified": verified.holds},
        }


def _file(taken: Taken) -> dict[str, Any]:
    return {
        "file": taken.file,
        "outcome": str(taken.outcome),
        "items": len(taken.items),
        "rows": taken.rows,
        "languages": list(taken.languages),
        "countries": list(taken.countries),
        "level": int(taken.level),
        "reason": taken.reason.text() if taken.reason else _remark(taken),
    }


def _remark(taken: Taken) -> str | None:
    """The weightiest remark on what was accepted, such as that a formula was kept as text; None when there is none."""
    flags = {
        flag["message"]: flag["parameters"]
        for item in taken.items
        for flag in item.flags
        if not (item.form == RecordKind.PICTURE and flag["message"] == SENTENCES[FlagCode.NO_TEXT].message)
    }
    told = (SENTENCES[code].message for code in TOLD)
    return next((Words(message, flags[message]).text() for message in told if message in flags), None)


def _assessment(made: Assessment | None) -> dict[str, Any] | None:
    if made is None:
        return None
    judged = assessment.judgements(made)
    factors = [factor.number for factor in load(made.framework).factors]
    return {
        "framework": made.framework,
        "factors": {
            number: judged[number].presence if number in judged else "not_assessed" for number in factors
        },
    }


def _note(note: AdvisoryNote | None) -> dict[str, Any] | None:
    """Where the sheets that left lie as files: copies outside the store, noted in their custody."""
    if note is None:
        return None
    folder = settings.HOME.path / "sheets"
    folder.mkdir(exist_ok=True, mode=0o700)
    paths = {}
    for transmittal in advising.transmittals(note)[-1:]:
        for kind, kept in (("pdf", transmittal.pdf), ("docx", transmittal.docx)):
            path = folder / kept.name
            if not path.exists():
                path.write_bytes(evidence.content(kept))
                evidence.exported(kept.id, by="system:exercise")
            paths[kind] = str(path)
    return {"pdf": paths.get("pdf"), "docx": paths.get("docx"), "state": note.state}
