"""One e-mail walks every room, to a transmitted note and a verified log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.access.queries import notices
from forestall.access.session import bound_to, system_reader
from forestall.advising import actions as advising
from forestall.advising import queries as notes
from forestall.advising import sheet
from forestall.assessment import queries as assessments
from forestall.assessment.actions import assessment as judging
from forestall.assessment.actions import situation as situations
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.frameworks.loading import load
from forestall.institutions import actions as institutions
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.actions.intake import take_in
from forestall.monitoring.suggesting import Readers
from forestall.record import evidence
from forestall.record.seals import checkpoint
from forestall.record.verification import verify

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MAIL = b"""From: "Field Office" <west@mission.example.org>
To: inbox@office.example.org
Message-ID: <1@mission.example.org>
Date: Fri, 20 Nov 2026 08:00:00 +0000
Subject: CONFIDENTIAL - Checkpoints ask for identity cards
Content-Type: text/plain; charset=utf-8

Armed guards at four checkpoints on the northern road ask every traveller for an identity card and turn back those
who speak the language of the highlands. A militia was armed by the district office last week.
"""


@pytest.fixture
def office(people: SimpleNamespace, session_of: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(
        **{name: session_of(name) for name in ("alice", "bob", "dan", "sana", "lee", "ivo", "carol", "dora")}
    )


def test_from_the_inbox_to_a_warning_that_somebody_must_answer(office: SimpleNamespace, tmp_path: Path) -> None:
    framework = load("unfaac-2014")
    with clock.fixed(NOW):
        item = _collected(tmp_path)
        assert (item.level, item.languages) == (2, ["en"])

        situation = _situation(office)
        observation = _observed(office, item, situation)
        assessment = _assessed(office, situation, observation, framework)
        note = _noted(office, assessment, observation)
        _cleared(office, note, framework)
        _transmitted(office, note, framework)

        assert notices(office.alice.person_id), "the author is told"
        checkpoint()
    found = verify()  # by the real clock: its people came before the story's day
    assert found.holds, [str(fault) for fault in found.faults]
    with bound_to(office.carol):
        assert notes.notes() == [] and monitoring.item(item.id) is None, "another desk learns nothing"


def _collected(folder: Path) -> Any:
    (folder / "mail.eml").write_bytes(MAIL)
    collector = system_reader("collector", reason="a test")
    with bound_to(collector):
        taken = list(take_in(folder, by=collector, readers=Readers.with_framework(load("unfaac-2014")), received_at=NOW))
        assert [one.outcome for one in taken] == ["accepted"]
        assert [one.outcome for one in take_in(folder, by=collector, readers=Readers(), received_at=NOW)] == ["duplicate"]
        item = taken[0].items[0]
        suggested = {(one.suggester, one.value) for one in monitoring.suggestions(item)}
        assert ("language", "en") in suggested
        assert any(suggester == "indicator" for suggester, _ in suggested)
        assert evidence.content(item.evidence) == MAIL
    return item


def _situation(office: SimpleNamespace) -> Any:
    with bound_to(office.alice):
        return situations.open_situation(
            title="Karvania: the northern road", places=["ZZK"], desk="karvania", reason="Checkpoints.", by=office.alice
        )


def _observed(office: SimpleNamespace, item: Any, situation: Any) -> Any:
    with bound_to(office.ivo):
        with pytest.raises(Refused):
            items.file_to(item, situation_id=situation.id, by=office.ivo)
        items.grade(item, reliability="B", credibility="2", by=office.ivo)
    with bound_to(office.alice):
        with pytest.raises(Refused):
            observations.confirm(item=item, summary="x", on=NOW.date(), iso3="ZZK", quote="not there", by=office.alice)
        confirmed = observations.confirm(
            item=item,
            summary="Guards at four checkpoints ask for identity cards",
            on=date(2026, 11, 19),
            iso3="ZZK",
            quote="ask every traveller for an identity card",
            indicators=[("unfaac-2014", "7.12", "raises"), ("unfaac-2014", "7.5", "raises")],
            by=office.alice,
        )
        items.file_to(item, situation_id=situation.id, by=office.alice)
    return confirmed


def _assessed(office: SimpleNamespace, situation: Any, observation: Any, framework: Any) -> Any:
    alice = office.alice
    with bound_to(alice):
        made = judging.draft(situation, framework=framework, on=NOW.date(), by=alice)
        reading = next(one for one in assessments.profile(made, framework=framework)[6].indicators if one.number == "7.5")
        assert (reading.proposal.presence, reading.proposal.confidence) == ("emerging", "low")
        judging.judge(made, number="7.5", presence="emerging", trend="deteriorating", confidence="low",
                      observations=[str(observation.id)], by=alice)  # fmt: skip
        for factor in framework.factors:
            presence = "emerging" if factor.number == "7" else "no_information"
            cited = [str(observation.id)] if factor.number == "7" else []
            judging.judge(made, number=factor.number, presence=presence, trend="unclear", confidence="low",
                          observations=cited, by=alice)  # fmt: skip
        judging.describe(made, summary="Control by identity on one road.", mitigation="", unknowns=["Who ordered it."], by=alice)
        judging.submit(made, framework=framework, by=alice)
        with pytest.raises(Refused):
            judging.clear(assessments.assessment(made.id), by=alice)
    for session in (office.bob, office.dan):
        with bound_to(session):
            judging.clear(assessments.assessment(made.id), by=session)
    with bound_to(office.dan):
        return judging.issue(assessments.assessment(made.id), by=office.dan)


def _noted(office: SimpleNamespace, assessment: Any, observation: Any) -> Any:
    with bound_to(office.lee):
        head = institutions.add_counterpart(kind_of_body="secretary_general", name="Secretary-General", by=office.lee)
        addressee = institutions.add_office_holder(
            head, title="Secretary-General", name="The Secretary-General", since=date(2026, 1, 1), by=office.lee
        )
    alice = office.alice
    with bound_to(alice):
        warning = advising.raise_warning(assessment, title="Control by identity on the northern road", likelihood="likely",
                                         confidence="low", until=date(2027, 2, 20), by=alice)  # fmt: skip
        note = advising.draft_note(warning, subject="Karvania: control by identity on the northern road", by=alice)
        cited = [str(observation.id)]
        note = advising.write_note(
            note,
            sections={
                "situation": [{"text": "Guards at four checkpoints ask for identity cards.", "observations": cited}],
                "changed": [{"text": "A militia was armed last week.", "observations": cited}],
                "populations": [{"text": "At risk are travellers from the highlands.", "observations": cited}],
                "unknown": [{"text": "We do not know who ordered it.", "observations": [], "fact": False}],
                "mitigating": [{"text": "The road is open to aid.", "observations": cited}],
            },
            event="guards attack travellers from the highlands on the northern road",
            confidence_why="one field office reports it",
            ask="call the President and ask him to open the road to all",
            addressee=addressee,
            decision_by=date(2026, 11, 27),
            decision_why="the market opens on 28 November",
            by=alice,
        )
        advising.recommend(note, text="Send two human rights officers to the road.", lead="The mission", option="P15",
                           due=date(2026, 12, 4), factors=["7"], by=alice)  # fmt: skip
    return note


def _cleared(office: SimpleNamespace, note: Any, framework: Any) -> None:
    with bound_to(office.alice):
        draft = notes.note(note.id)
        advising.submit(draft, rendered=sheet.render(draft, framework=framework), by=office.alice)
    for session in (office.bob, office.dan, office.sana):
        with bound_to(session):
            waiting = notes.note(note.id)
            with pytest.raises(Refused):
                advising.clear(waiting, shown="another text", by=session)
            advising.clear(waiting, shown=advising.text_hash(waiting), by=session)


def _transmitted(office: SimpleNamespace, note: Any, framework: Any) -> None:
    with bound_to(office.lee):
        signed = notes.note(note.id)
        left = advising.transmit(signed, rendered=sheet.render(signed, framework=framework), by=office.lee)
        assert evidence.content(left.pdf).startswith(b"%PDF")
        sent = notes.note(note.id)
        assert sent.state == "transmitted"
        with pytest.raises(Refused):
            advising.record_response(sent, outcome="silence", channel="none", on=NOW.date(), by=office.lee)
        advising.record_response(sent, outcome="accepted", channel="call", text="He will call today.", on=NOW.date(), by=office.lee)
        assert notes.note(note.id).state == "decided"
