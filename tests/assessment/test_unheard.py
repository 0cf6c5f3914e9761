"""A reading of a country on which sources have gone silent: what is proposed, what is said, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from forestall.access.session import bound_to, system_reader
from forestall.assessment import queries
from forestall.assessment.actions import assessment as drafting
from forestall.assessment.actions import situation as situations
from forestall.base import clock
from forestall.frameworks import load
from forestall.labels.label import Label, Level
from forestall.monitoring.actions import silence
from forestall.monitoring.models import Silence, Source
from forestall.record.actions import write

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def this_day() -> Iterator[None]:
    with clock.fixed(datetime.combine(TODAY, time(12), tzinfo=UTC)):
        yield


@pytest.fixture
def reading(session_of: Callable[..., Any], observe: Callable[..., Any]) -> Any:
    """Alice's draft on Karvania, where three sources report 7.5."""
    observe("7.5", sources=("Mission", "Ledger", "Radio"))
    alice = session_of("alice")
    with bound_to(alice):
        situation = situations.open_situation(title="North", places=["ZZK", "ZZS"], reason="Watched.", by=alice)
        return drafting.draft(situation, framework=load("unfaac-2014"), on=TODAY, by=alice)


def mute(source: str, *, began: int = 10, language: str = "en", iso3: str = "ZZK") -> Silence:
    """The source has been silent on a country, as the worker would have noticed it so many days ago."""
    said_by = Source.objects.get(name=source)
    made = Silence(
        source=said_by, collector="mail", iso3=iso3, language=language, last=date(2026, 11, 1), expected=7,
        began=TODAY - timedelta(days=began), noticed_at=clock.now(),
    )  # fmt: skip
    return write(made.labelled(Label(level=Level.INTERNAL)), by="system:worker", verb="silence noticed")


def proposed(reading: Any, session: Any) -> Any:
    with bound_to(session):
        profile = queries.profile(reading, framework=load("unfaac-2014"))
        factor = next(one for one in profile if one.number == "7")
        return next(one for one in factor.indicators if one.number == "7.5").proposal


def test_while_everybody_reports_nothing_is_lowered(reading: Any, session_of: Callable[..., Any]) -> None:
    proposal = proposed(reading, session_of("alice"))

    assert (proposal.confidence, proposal.lowered) == ("high", None)


def test_where_a_source_has_gone_silent_the_confidence_is_proposed_one_step_lower(
    reading: Any, session_of: Callable[..., Any], keeper: Any
) -> None:
    mute("Ledger")
    proposal = proposed(reading, session_of("alice"))

    assert (proposal.presence, proposal.confidence, proposal.origins) == ("present", "moderate", 3)
    assert "of 3 independent origins 1 have gone silent" in str(proposal.lowered)


def test_silence_on_another_country_or_in_another_language_lowers_nothing_nor_one_that_began_later(
    reading: Any, session_of: Callable[..., Any], keeper: Any
) -> None:
    mute("Ledger", language="fr")
    mute("Radio", began=-3)
    mute("Mission", iso3="ZZS")

    assert proposed(reading, session_of("alice")).lowered is None


def test_what_a_person_judged_stays_as_it_was_judged(reading: Any, session_of: Callable[..., Any], keeper: Any) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        drafting.judge(
            reading, number="7.5", presence="present", trend="stable", confidence="high", note="Seen by three.", observations=[], by=alice
        )  # fmt: skip
    mute("Ledger")
    with bound_to(alice):
        one = queries.judgements(reading)["7.5"]

    assert (one.confidence, one.by) == ("high", alice.person_id)


def test_the_pages_say_who_stopped_and_how_it_was_explained(
    reading: Any, session_of: Callable[..., Any], signed_in: Callable[[str], Any], keeper: Any
) -> None:
    one = mute("Ledger")
    alice = session_of("alice")
    with bound_to(alice):
        silence.explain(one, reason="The paper was closed.", by=alice)
    sentence = "Nothing on Karvania from Ledger in English for 19 days."
    for address in (f"/situations/{reading.situation_id}/", f"/assessments/{reading.id}/"):
        text = signed_in("alice").get(address).content.decode()
        assert sentence in text and "Absence of reports is not absence of events." in text
        assert "The paper was closed." in text
    factor = signed_in("alice").get(f"/assessments/{reading.id}/?factor=7").content.decode()
    assert "Confidence is proposed one step lower" in factor
    assert "in part from sources gone silent there since" in factor


def test_a_silence_that_one_may_not_see_is_not_said(
    reading: Any, signed_in: Callable[[str], Any], session_of: Callable[..., Any], keeper: Any
) -> None:
    one = mute("Ledger")
    one.label = Label(level=Level.STRICTLY_CONFIDENTIAL).within("desk:south")
    with bound_to(system_reader("keeper", reason="a test")):
        write(one, by="x", verb="label raised")

    assert "Nothing on Karvania" not in signed_in("alice").get(f"/situations/{reading.situation_id}/").content.decode()
    assert proposed(reading, session_of("alice")).lowered is None
