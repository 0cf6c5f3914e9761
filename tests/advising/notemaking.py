"""A warning and its note as tests need them: on an issued reading of a situation in Karvania, every part written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from forestall.access.session import Session, bound_to
from forestall.advising import actions, queries
from forestall.advising.models import AdvisoryNote, Warning
from forestall.advising.sheet import Rendered
from forestall.assessment.models import Assessment, Judgement, Situation
from forestall.base.clock import now, today
from forestall.frameworks import load
from forestall.institutions import actions as institutions
from forestall.institutions.models import OfficeHolder
from forestall.labels.label import Label, Level
from forestall.monitoring.models import Observation
from forestall.record.actions import write

FACTORS = {"7": "severe", "8": "present", "5": "emerging", "12": "no_information"}
CONFIDENTIAL = Label(level=Level.CONFIDENTIAL).within("desk:karvania")


def sound(*, pages: int = 2) -> Rendered:
    """Sheets in which no check finds anything."""
    return Rendered(name="EXERCISE-AN", pdf=b"%PDF-sheet", docx=b"PK-sheet", pages=pages, findings=())


def issued(keeper: Session, *, label: Label = CONFIDENTIAL, level_of_judgements: int = 2) -> Assessment:
    """An issued reading of a situation, with a few factors judged."""
    framework = load("unfaac-2014")
    with bound_to(keeper):
        situation = write(
            Situation(
                title="Northern hills", places=["ZZK"], desk="karvania", state="alert", opened_on=today(), reason="Test."
            ).labelled(label),
            by=keeper.person_id,
            verb="situation opened",
        )
        reading = write(
            Assessment(
                situation=situation,
                framework=framework.id,
                edition=framework.digest,
                on=today(),
                author="somebody",
                state="issued",
                summary="Risk grows.",
            ).labelled(label),
            by=keeper.person_id,
            verb="assessment issued",
        )
        for number, presence in FACTORS.items():
            judgement = Judgement(
                assessment=reading,
                number=number,
                presence=presence,
                trend="deteriorating",
                confidence="moderate",
                note="Seen.",
                by="somebody",
                at=now(),
            ).labelled(label.raised_to(Level(level_of_judgements)))
            write(judgement, by=keeper.person_id, verb="judged")
    return reading


def secretary_general(keeper: Session) -> OfficeHolder:
    """The addressee of most notes."""
    with bound_to(keeper):
        body = institutions.add_counterpart(kind_of_body="secretary_general", name="Secretary-General", by=keeper)
        return institutions.add_office_holder(
            body, title="Secretary-General", name="The Secretary-General", since=date(2026, 1, 1), by=keeper
        )


def sections(*observations: Observation) -> dict[str, list[dict[str, Any]]]:
    """Every part of a note; the facts cite the observations in turn."""
    cited = [str(one.id) for one in observations]

    def fact(text: str, place: int) -> dict[str, Any]:
        return {"text": text, "observations": [cited[place % len(cited)]], "fact": True}

    def judgement(text: str) -> dict[str, Any]:
        return {"text": text, "observations": [], "fact": False}

    return {
        "situation": [fact("Household lists are asked for in nine districts.", 0)],
        "changed": [fact("Since October, two stations have fallen silent.", 1)],
        "populations": [fact("About 41,000 people live in the nine districts.", 2)],
        "unknown": [judgement("Whether the lists are passed on.")],
        "mitigating": [judgement("Convoys arrive every week.")],
    }


@dataclass
class Desk:
    """Alice's desk: her session, an issued reading, an addressee, and observations to cite."""

    alice: Session
    reading: Assessment
    addressee: OfficeHolder
    observations: tuple[Observation, ...]

    def warning(self) -> Warning:
        """A warning on the reading."""
        with bound_to(self.alice):
            return actions.raise_warning(
                self.reading,
                title="Rising risk in the northern hills",
                likelihood="likely",
                confidence="moderate",
                until=today() + timedelta(days=90),
                by=self.alice,
            )

    def note(self, *, warning: Warning | None = None, language: str = "en") -> AdvisoryNote:
        """A note with every part written and one recommendation, still a draft."""
        with bound_to(self.alice):
            note = actions.draft_note(
                warning or self.warning(), subject="Rising risk", language=language, by=self.alice
            )
            note = actions.write_note(
                note,
                sections=sections(*self.observations),
                event="armed groups attack civilians in two districts",
                confidence_why="several sources agree, and two districts are closed to us",
                ask="call the President and ask him to recall the forms",
                addressee=self.addressee,
                decision_by=today() + timedelta(days=5),
                decision_why="the forms are due on the day after",
                by=self.alice,
            )
            actions.recommend(
                note,
                text="Ask the Ministry quietly to recall the forms.",
                lead="Special Adviser",
                due=today() + timedelta(days=7),
                factors=["7"],
                by=self.alice,
            )
            return note

    def submitted(self, *, warning: Warning | None = None) -> AdvisoryNote:
        """A note with the second reader."""
        note = self.note(warning=warning)
        with bound_to(self.alice):
            return actions.submit(note, rendered=sound(), by=self.alice)


def cleared_by(note: AdvisoryNote, *sessions: Session) -> AdvisoryNote:
    """The note after these people took the steps it waited for, in this order."""
    for session in sessions:
        note = take(note, actions.clear, session)
    return note


def take(note: AdvisoryNote, act: Callable[..., AdvisoryNote], session: Session) -> AdvisoryNote:
    """One step over the text as it now stands."""
    with bound_to(session):
        found = queries.note(note.id)
        assert found is not None
        return act(found, shown=actions.text_hash(found), by=session)
