"""From within the United Nations first: shares of independent origins, and who is present and has not reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.institutions import actions as institutions
from forestall.institutions.actions import presence
from forestall.institutions.actions.said import Said
from forestall.labels.label import Label, Level
from forestall.monitoring import reporting
from forestall.monitoring.models import CopyEdge, Source
from forestall.record.actions import write

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
DAY = date(2026, 11, 20)


def on(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC)


def of_the_un(item: Any, *, body: Any = None) -> Any:
    source = Source.objects.get(pk=item.source_id)
    source.nature, source.counterpart_id = "un", body.id if body else None
    write(source, by="x", verb="source kept")
    return item


def repeats(newer: Any, older: Any) -> None:
    edge = CopyEdge(newer=newer, older=older, edge="near", score=0.9).labelled(Label(level=Level.CONFIDENTIAL))
    write(edge, by="system:collector", verb="copy proposed")


def test_the_share_is_of_independent_origins_and_not_of_items(make_item: Make) -> None:
    un = [of_the_un(make_item(f"Cable {n}", f"{n}", source="Mission", published=on(n))) for n in (1, 2, 3)]
    press = [make_item("Story", "s", source="Ledger"), make_item("Wire", "w", source="Wire")]
    told = reporting.share([*un, *press])
    assert (told.un_origins, told.origins, told.un_items, told.items, told.percent) == (1, 3, 3, 5, 33)


def test_what_the_united_nations_repeats_after_others_is_not_its_own(make_item: Make) -> None:
    story = make_item("Story", "s", source="Ledger", published=on(1))
    cable = of_the_un(make_item("Cable", "c", source="Mission", published=on(2)))
    assert reporting.share([story, cable]).un_origins == 1
    repeats(cable, story)
    assert (reporting.share([story, cable]).un_origins, reporting.share([story, cable]).origins) == (0, 1)


def test_what_others_repeat_after_the_united_nations_is_its_own(make_item: Make) -> None:
    cable = of_the_un(make_item("Cable", "c", source="Mission", published=on(1)))
    story = make_item("Story", "s", source="Ledger", published=on(2))
    repeats(story, cable)
    assert reporting.share([story, cable]).percent == 100


def test_an_interested_party_is_no_origin_and_nothing_at_all_is_no_share(make_item: Make) -> None:
    party = make_item("Communiqué", "p", source="Ministry", interested_party=True)
    told = reporting.share([party])
    assert (told.origins, told.interested, told.percent) == (0, 1, None)


def test_items_of_a_situation_are_those_filed_to_it_and_those_its_observations_rest_on(make_item: Make, observe: Make, keeper: Any) -> None:
    from uuid import uuid4

    situation = uuid4()
    observe("7.5")
    filed, other = make_item("Filed", "f"), make_item("Other", "o")
    filed.situations = [str(situation)]
    write(filed, by="x", verb="item filed")
    titles = {one.title for one in reporting.items_about(situation, iso3=["ZZK"])}
    assert "Filed" in titles and len(titles) == 2 and other.title not in titles


@pytest.fixture
def mission(keeper: Any) -> Any:
    made = institutions.add_counterpart(kind_of_body="peace_operation", name="A mission", by=keeper)
    presence.keep_presence(made, iso3="ZZK", quiet_days=10, said=Said(source="A list"), by=keeper)
    return made


@pytest.mark.parametrize(("day", "reported"), [(10, True), (9, False)])
def test_who_is_present_has_reported_when_its_last_word_is_no_older_than_allowed(make_item: Make, mission: Any, day: int, reported: bool) -> None:
    of_the_un(make_item("Cable", "c", source="Mission", published=on(day)), body=mission)
    (told,) = reporting.present(["ZZK"], on=DAY)
    assert (told.days, told.has_reported) == (20 - day, reported)


def test_a_word_on_another_state_or_of_another_body_is_no_report(make_item: Make, mission: Any) -> None:
    of_the_un(make_item("Cable", "c", source="Mission", countries=("ZZS",), published=on(19)), body=mission)
    of_the_un(make_item("Else", "e", source="Agency", published=on(19)))
    (told,) = reporting.present(["ZZK"], on=DAY)
    assert (told.last, told.has_reported) == (None, False)


def test_what_one_may_not_see_is_no_report_and_no_part_of_the_share(make_item: Make, mission: Any, session_of: Callable[..., Any]) -> None:
    cable = of_the_un(make_item("Cable", "c", source="Mission", level=2, desk="karvania", published=on(19)), body=mission)
    make_item("Story", "s", source="Ledger", level=1, desk=None, published=on(19))
    with bound_to(session_of("alice")):
        assert reporting.share(reporting.items_everywhere()).percent == 50
        assert reporting.present(["ZZK"], on=DAY)[0].has_reported
        assert [one.name for one in reporting.voices([cable])] == ["Mission"]
    with bound_to(session_of("carol")):
        assert reporting.share(reporting.items_everywhere()).percent == 0
        assert not reporting.present(["ZZK"], on=DAY)[0].has_reported
