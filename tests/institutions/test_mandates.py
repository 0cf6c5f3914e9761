"""Who is present, by which mandate and until when: noted with who says so, corrected by hand, renewed as a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.base.errors import Refused
from forestall.institutions import actions, queries
from forestall.institutions.actions import council, presence, review
from forestall.institutions.actions.said import Said
from forestall.institutions.models import Mandate, Presence
from forestall.institutions.states import AHEAD
from forestall.labels.label import Label, Level
from forestall.record import resting

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
LIST = Said(source="A list of missions", as_of=date(2026, 11, 1))


@pytest.fixture
def mission(keeper: Any) -> Any:
    return actions.add_counterpart(kind_of_body="peace_operation", name="A mission", acronym="UNM", by=keeper)


def mandated(mission: Any, *, by: Any, first: date = date(2026, 2, 1), end: date | None = date(2027, 1, 31), **more: Any) -> Mandate:
    return presence.keep_mandate(mission, countries=["ZZK"], first_day=first, end_date=end, said=LIST, by=by, resolution="R 1", **more)


def test_a_mandate_that_ends_within_ninety_days_is_a_date_ahead_and_one_that_ends_later_is_not(mission: Any, keeper: Any) -> None:
    kept = mandated(mission, by=keeper, end=DAY + timedelta(days=AHEAD))
    assert queries.ending(on=DAY) == [kept]
    presence.keep_mandate(mission, countries=["ZZK"], first_day=kept.first_day, end_date=DAY + timedelta(days=AHEAD + 1), said=LIST, correcting=kept, by=keeper)
    assert queries.ending(on=DAY) == []


def test_a_renewal_is_a_new_mandate_the_old_one_stays_and_its_end_is_no_date_ahead(mission: Any, keeper: Any) -> None:
    old = mandated(mission, by=keeper)
    assert queries.ending(on=DAY, iso3=["ZZK"]) == [old]
    new = mandated(mission, by=keeper, first=date(2027, 2, 1), end=date(2028, 1, 31))
    assert queries.ending(on=DAY) == []
    assert set(queries.mandates(of=mission)) == {old, new}
    assert queries.running(queries.mandates(), on=DAY) == [old]


def test_a_later_mandate_that_leaves_a_day_between_renews_nothing(mission: Any, keeper: Any) -> None:
    old = mandated(mission, by=keeper)
    mandated(mission, by=keeper, first=date(2027, 2, 2), end=date(2028, 1, 31))
    assert queries.ending(on=DAY) == [old]


def test_one_that_ran_out_without_another_still_counts_so_that_it_is_seen(mission: Any, keeper: Any) -> None:
    old = mandated(mission, by=keeper, end=date(2026, 10, 31))
    assert queries.ends(on=DAY) == [old]
    assert queries.ending(on=DAY) == []


def test_a_mandate_without_a_last_day_ends_on_no_day(mission: Any, keeper: Any) -> None:
    mandated(mission, by=keeper, end=None, open_ended=True)
    assert queries.ends(on=DAY) == []
    with pytest.raises(Refused, match="cannot have a last day and set none"):
        mandated(mission, by=keeper, open_ended=True)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"said": Said(source=" ")}, "Say who says so"),
        ({"said": Said(source="A list", url="javascript:alert(1)")}, "beginning with https"),
        ({"iso3": ""}, "States and areas"),
        ({"since": DAY, "until": DAY - timedelta(days=1)}, "lies before the first"),
        ({"quiet_days": 0}, "between 1 and 366"),
    ],
)
def test_a_presence_that_cannot_be_is_refused_with_its_reason(mission: Any, keeper: Any, values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        presence.keep_presence(mission, **{"iso3": "ZZK", "said": LIST, "by": keeper, **values})


def test_only_what_is_of_the_united_nations_is_noted_as_present(keeper: Any) -> None:
    ministry = actions.add_counterpart(kind_of_body="ministry", name="A ministry", by=keeper)
    with pytest.raises(Refused, match="Only a United Nations entity"):
        presence.keep_presence(ministry, iso3="ZZK", said=LIST, by=keeper)


def test_presence_counts_on_the_days_it_is_known_for_and_where_a_day_is_not_known_it_counts(mission: Any, keeper: Any) -> None:
    kept = presence.keep_presence(mission, iso3="ZZK", said=LIST, by=keeper, until=date(2026, 11, 19))
    assert queries.presences(iso3=["ZZK"], on=date(2020, 1, 1)) == [kept]
    assert queries.presences(iso3=["ZZK"], on=DAY) == []


def test_who_may_not_keep_mandates_is_refused(mission: Any, session_of: Callable[..., Any]) -> None:
    bob = session_of("bob")
    with bound_to(bob), pytest.raises(Refused, match="Your roles do not let you"):
        mandated(mission, by=bob)


def test_what_a_person_corrects_is_a_persons_from_then_on(mission: Any, keeper: Any, session_of: Callable[..., Any]) -> None:
    brought = Mandate(counterpart=mission, countries=["ZZK"], source="A hub", producer="un_psdata", by_hand=False)
    from forestall.record.actions import write

    write(brought.labelled(Label(level=Level.PUBLIC)), by="system:collector", verb="mandate brought over")
    alice = session_of("alice")
    with bound_to(alice):
        corrected = presence.keep_mandate(mission, countries=["ZZK"], end_date=DAY, said=LIST, correcting=brought, by=alice)
    assert (corrected.by_hand, corrected.producer, corrected.level) == (True, "un_psdata", Level.PUBLIC)


def test_what_is_kept_of_a_body_is_raised_with_it_and_shows_to_nobody_who_may_not_see_the_body(
    mission: Any, keeper: Any, session_of: Callable[..., Any]
) -> None:
    kept = mandated(mission, by=keeper)
    presence.keep_presence(mission, iso3="ZZK", said=LIST, by=keeper)
    carol = session_of("carol")
    with bound_to(carol):
        assert queries.mandates() == [kept] and len(queries.presences()) == 1
    resting.raise_label(mission, label=Label(level=Level.CONFIDENTIAL).within("desk:karvania"), by="x")
    with bound_to(session_of("carol")):
        assert queries.mandates() == [] and queries.ending(on=DAY) == []
        assert not Mandate.objects.exists() and not Presence.objects.exists()
    with bound_to(session_of("alice")):
        assert queries.mandates() == [kept]


def test_an_entry_is_told_to_nobody_who_may_not_see_the_body_it_names(mission: Any, keeper: Any, session_of: Callable[..., Any]) -> None:
    from forestall.record.actions import write

    kept = mandated(mission, by=keeper)
    write(mission.labelled(Label(level=Level.CONFIDENTIAL).within("desk:karvania")), by="x", verb="closer, and it alone")
    with bound_to(session_of("carol")):
        assert Mandate.objects.get() == kept
        assert queries.mandates() == [] and queries.ends(on=DAY) == []


def test_a_resolution_is_in_force_or_not_only_with_what_says_so(keeper: Any) -> None:
    terms = {"body": "security_council", "symbol": "R 1", "title": "On the hills", "countries": ["ZZK"], "said": LIST, "by": keeper}
    with pytest.raises(Refused, match="Say what makes it so"):
        council.keep_resolution(force="in_force", **terms)
    kept = council.keep_resolution(**terms)
    assert kept.force == "not_known"
    assert queries.resolutions("ZZK") == [kept]
    assert queries.resolutions("ZZS") == []


def test_a_state_that_is_no_party_has_not_ratified(keeper: Any) -> None:
    with pytest.raises(Refused, match="is a party, or withdrew"):
        review.keep_treaty_status(treaty="rome", iso3="ZZK", standing="signed", bound_by="ratified", said=LIST, by=keeper)
    with pytest.raises(Refused, match="Choose one of those offered"):
        review.keep_treaty_status(treaty="never", iso3="ZZK", standing="party", said=LIST, by=keeper)
